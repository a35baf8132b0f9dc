package loadflow

import (
	"slices"

	"github.com/lazyfix/lazyfix/rewrite/internal/pymodule"
	"github.com/lazyfix/lazyfix/rewrite/internal/pysyntax"
)

// What stands beside a field of a schema: who: PersonOut = Field(validation_alias="author"), and in its annotation,
// Annotated[list[str], BeforeValidator(names), Field(alias="labels")].

// mark is a call beside a field.
type mark struct {
	mod  *pymodule.Module
	call pysyntax.Node
	// inner is how many containers of the field's type it stands in: list[Annotated[str, BeforeValidator(name)]] is one, whose
	// elements it gets one by one.
	inner int
}

// name is what a mark calls.
func (m mark) name() string {
	t := m.mod.Tree
	return pymodule.Last(t.Text(t.Child(m.call, pysyntax.FieldFunction)))
}

// marks are the calls beside a field: its value, and those in Annotated[...] of its annotation or of the alias that this
// names.
func (a *analysis) marks(f *pymodule.Variable, c *pymodule.Class) []mark {
	t := f.Module.Tree
	var out []mark
	if t.Kind(f.Value) == pysyntax.Call {
		out = append(out, mark{mod: f.Module, call: f.Value})
	}
	out = append(out, annotatedCalls(f.Module, f.Annotation)...)
	typ := a.parseType(t.Text(f.Annotation))
	if sym := a.g.ResolveIn(f.Module, c, nil, typ.Name); typ.Kind == pymodule.TypeName && sym.Kind == pymodule.VariableSymbol {
		out = append(out, annotatedCalls(sym.Variable.Module, sym.Variable.Aliased())...)
	}
	return out
}

func annotatedCalls(m *pymodule.Module, annotation pysyntax.Node) []mark {
	var out []mark
	for n := range m.Tree.Within(annotation) {
		if m.Tree.Kind(n) == pysyntax.Call {
			out = append(out, mark{m, n, containersAround(m.Tree, annotation, n)})
		}
	}
	return out
}

// containersAround counts the containers of a type that something in it stands in. Annotated, and a choice of types, is none.
func containersAround(t *pysyntax.Tree, annotation, n pysyntax.Node) int {
	count := 0
	for n != annotation {
		n = t.Enclosing(n, pysyntax.Subscript, pysyntax.GenericType)
		if n == pysyntax.Nil || !t.Contains(annotation, n) {
			break
		}
		switch pymodule.Last(t.Text(t.First(n))) {
		case "Annotated", "Optional", "Union", "Mapped", "Final":
		default:
			count++
		}
	}
	return count
}

// fieldSources are the ways of attributes that a field is read from.
func fieldSources(f *pymodule.Variable, marks []mark) [][]string {
	var alias [][]string
	for _, m := range marks {
		t := m.mod.Tree
		if m.inner > 0 { // of an element
			continue
		}
		if got := aliasPaths(t, t.Keyword(m.call, "validation_alias")); len(got) > 0 {
			return got
		}
		if got := aliasPaths(t, t.Keyword(m.call, "alias")); len(alias) == 0 {
			alias = got
		}
	}
	if len(alias) > 0 {
		return alias
	}
	return [][]string{{f.Name}}
}

func aliasPaths(t *pysyntax.Tree, v pysyntax.Node) [][]string {
	if s := pymodule.StringValue(t, v); s != "" {
		return [][]string{{s}}
	}
	if t.Kind(v) != pysyntax.Call {
		return nil
	}
	var out [][]string
	var one []string
	for c := range t.Children(t.Child(v, pysyntax.FieldArguments)) {
		if t.Kind(c) == pysyntax.Call {
			out = append(out, aliasPaths(t, c)...)
		} else if s := pymodule.StringValue(t, c); s != "" {
			one = append(one, s)
		} else if t.Kind(c) != pysyntax.Comment {
			one = append(one, t.Text(c))
		}
	}
	if pymodule.Last(t.Text(t.Child(v, pysyntax.FieldFunction))) == "AliasPath" {
		if len(one) > 0 {
			return [][]string{one}
		}
		return nil
	}
	for _, s := range one {
		out = append(out, []string{s})
	}
	return out
}

func isIndex(s string) bool { return s != "" && (s[0] >= '0' && s[0] <= '9' || s[0] == '-') }

// annotatedValidators runs the validators in a field's annotation that get what was read before it is checked, for what they
// give to be checked in its place: nothing is, behind a PlainValidator.
func (x *interp) annotatedValidators(got value, marks []mark, at pysyntax.Node) value {
	x.runMarks(got, marks, at, "PlainValidator")
	return x.runMarks(got, marks, at, "BeforeValidator", "WrapValidator")
}

// runMarks calls the functions that marks of these names are given, for what they give.
func (x *interp) runMarks(got value, marks []mark, at pysyntax.Node, names ...string) value {
	var out value
	for _, m := range marks {
		if !slices.Contains(names, m.name()) {
			continue
		}
		given := got
		for range m.inner {
			given = x.elements(given)
		}
		made := x.runMark(m, given, at)
		if m.inner > 0 && len(made) > 0 {
			made = x.a.t.collection(made)
		}
		out = join(out, made)
	}
	return out
}

func (x *interp) runMark(m mark, got value, at pysyntax.Node) value {
	t := m.mod.Tree
	fn := t.First(t.Child(m.call, pysyntax.FieldArguments))
	if sym := x.a.g.ResolveIn(m.mod, nil, nil, t.Text(fn)); sym.Kind == pymodule.FunctionSymbol {
		return x.call(sym.Function, nil, &arguments{pos: []value{got}, more: true}, at)
	}
	if lambda := m.mod.FunctionAt(fn); lambda != nil {
		return x.call(lambda, nil, &arguments{pos: []value{got}}, at)
	}
	return nil
}
