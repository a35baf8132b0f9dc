package pymodule

import (
	"strings"
	"testing"
)

// String spells a type in one way, whatever the source looked like.
func (t *Type) show() string {
	args := make([]string, len(t.Args))
	for i, a := range t.Args {
		args[i] = a.show()
	}
	switch t.Kind {
	case TypeName:
		return t.Name
	case TypeSubscript:
		return t.Name + "[" + strings.Join(args, ", ") + "]"
	case TypeUnion:
		return "(" + strings.Join(args, " | ") + ")"
	case TypeNone:
		return "None"
	case TypeList:
		return "[" + strings.Join(args, ", ") + "]"
	}
	return "<" + t.Text + ">"
}

func TestParseType(t *testing.T) {
	for source, want := range map[string]string{
		"Order":                             "Order",
		"m.Order":                           "m.Order",
		`"Order"`:                           "Order",
		`'m.Order'`:                         "m.Order",
		`"""Order"""`:                       "Order",
		"Order | None":                      "(Order | None)",
		`"Order" | None`:                    "(Order | None)",
		`"Order | None"`:                    "(Order | None)",
		`Mapped["list[Order]"]`:             "Mapped[list[Order]]",
		`Mapped[list["Order"]]`:             "Mapped[list[Order]]",
		"Optional[m.Order]":                 "Optional[m.Order]",
		"dict[str, list[Order]]":            "dict[str, list[Order]]",
		"tuple[Order, ...]":                 "tuple[Order, <...>]",
		"Callable[[A, B], C]":               "Callable[[A, B], C]",
		`Literal["a", "b c"]`:               "Literal[a, b]",
		"Annotated[Order, Depends(f(1))]":   "Annotated[Order, <Depends(f(1))>]",
		`Annotated[Order, Q(alias="a,b]")]`: `Annotated[Order, <Q(alias="a,b]")>]`,
		"Mapped[\n    Order,  # why\n]":     "Mapped[Order]",
		"( Order )":                         "Order",
		"None":                              "None",
		"":                                  "<>",
		"3":                                 "<3>",
		"[":                                 "[]",
		`"Order`:                            "<>",
		"Größe":                             "Größe",
	} {
		if got := ParseType(source).show(); got != want {
			t.Errorf("%s: %s, want %s", source, got, want)
		}
	}
}

func TestParseTypeEnds(t *testing.T) {
	for _, source := range []string{strings.Repeat("[", 10_000), strings.Repeat("A[", 10_000), strings.Repeat("(", 10_000), "A[)]", "A[]]", "A[,,]", "|", "A||B", `A["`} {
		ParseType(source) // returning is all that is asked
	}
}

func FuzzParseType(f *testing.F) {
	for _, s := range []string{"Order", `Mapped["list[Order] | None"]`, "Annotated[X, f(1, '[')]", "A[B, [C], 'D', ...]", "A[)"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, source string) {
		if ParseType(source) == nil {
			t.Error("nil")
		}
	})
}
