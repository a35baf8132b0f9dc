package loadflow

import (
	"strings"

	"github.com/lazyfix/lazyfix/rewrite/internal/pymodule"
	"github.com/lazyfix/lazyfix/rewrite/internal/pysyntax"
)

// Validators of a type that is no schema: those of an alias, CatName = Annotated[str, PlainValidator(f)], also as TypeAdapter(CatName)
// and list[CatName], and those that a class tells Pydantic by __get_pydantic_core_schema__() or, of Pydantic 1, __get_validators__().

// typeValidators runs the validators that stand in what a type is made of, for objects and those in a list of them: which of both a
// type asks for was not kept.
func (x *interp) typeValidators(v value, m *pymodule.Module, spelled, at pysyntax.Node) {
	marks := annotatedCalls(m, spelled)
	if len(marks) == 0 {
		return
	}
	for i := range marks {
		marks[i].inner = 0
	}
	x.annotatedValidators(wholeAndParts(v), marks, at)
}

// adapterValidators runs those in the type of an adapter, TypeAdapter(Annotated[str, PlainValidator(f)]), which is known as text.
func (x *interp) adapterValidators(v value, typ *atom, at pysyntax.Node) {
	if !strings.Contains(typ.name, "Validator(") || !hasObject(v) {
		return
	}
	t := typ.symbol.Module.Tree
	for n := range t.Within(t.Root()) {
		if t.Is(n, pysyntax.Subscript, pysyntax.GenericType) && t.Text(n) == typ.name {
			x.typeValidators(v, typ.symbol.Module, n, at)
			return
		}
	}
}

// wholeAndParts is a value with the objects in its containers.
func wholeAndParts(v value) value { return join(v, encoded(v)) }

// coreValidators runs what a class has Pydantic validate by. What of it comes behind other validators gets what these give; all of
// them are run here with what is read.
func (x *interp) coreValidators(v value, c *pymodule.Class, at pysyntax.Node) {
	f := x.method(c, "__get_pydantic_core_schema__")
	if f == nil {
		f = x.method(c, "__get_validators__")
	}
	if f == nil {
		return
	}
	t := f.Module.Tree
	for n := range t.Within(f.Body) {
		given := pysyntax.Nil
		switch t.Kind(n) {
		case pysyntax.Call:
			if strings.HasSuffix(t.Text(t.Child(n, pysyntax.FieldFunction)), "validator_function") {
				given = t.First(t.Child(n, pysyntax.FieldArguments))
				if function := t.Keyword(n, "function"); function != pysyntax.Nil {
					given = function
				}
			}
		case pysyntax.Yield:
			given = t.First(n)
		}
		if given != pysyntax.Nil {
			x.runCore(wholeAndParts(v), f, c, given, at)
		}
	}
}

// runCore calls one validator by how the method names it.
func (x *interp) runCore(v value, f *pymodule.Function, c *pymodule.Class, given, at pysyntax.Node) {
	t := f.Module.Tree
	switch t.Kind(given) {
	case pysyntax.Lambda:
		if lambda := f.Module.FunctionAt(given); lambda != nil {
			x.call(lambda, nil, &arguments{pos: []value{v}, more: true}, at)
		}
	case pysyntax.Attribute:
		if m := x.method(c, t.Text(t.Child(given, pysyntax.FieldAttribute))); m != nil {
			x.runValidator(m, c, v, at)
		}
	case pysyntax.Identifier:
		if inner := f.Defs[t.Text(given)]; inner != nil {
			x.call(inner, nil, &arguments{pos: []value{v}, more: true}, at)
		} else if s := x.a.g.ResolveIn(f.Module, nil, nil, t.Text(given)); s.Kind == pymodule.FunctionSymbol {
			x.call(s.Function, nil, &arguments{pos: []value{v}, more: true}, at)
		}
	}
}
