package loadflow

import (
	"strconv"

	"github.com/lazyfix/lazyfix/rewrite/internal/pymodule"
	"github.com/lazyfix/lazyfix/rewrite/internal/pysyntax"
)

// A type is a value, too: TypeAdapter(GroupSummary), validated(list[OrderSchema]), Orders = RootModel[list[OrderSchema]].

// typeForms are what makes a type of others when it is subscripted.
var typeForms = map[string]bool{
	"Annotated": true, "Union": true, "Optional": true, "list": true, "List": true, "Sequence": true, "set": true, "tuple": true,
	"RootModel": true,
}

// typeExpression is `list[OrderSchema]` where a value stands, nil where n makes no type of its own.
func (x *interp) typeExpression(n pysyntax.Node) value {
	form := x.t.Child(n, pysyntax.FieldValue)
	if !x.t.Is(form, pysyntax.Identifier, pysyntax.Attribute) || !typeForms[pymodule.Last(x.t.Text(form))] {
		return nil
	}
	for c := range x.t.Within(n) {
		if x.t.Kind(c) != pysyntax.Identifier || !x.isBound(x.t.Text(c)) {
			continue
		}
		var out value
		for _, a := range x.name(x.t.Text(c)) { // list[schema], where schema is a variable
			if a.kind == classRef {
				text := x.t.Text(n)
				at := x.t.Start(c) - x.t.Start(n)
				out = join(out, x.a.t.typeRef(a.class.Module, text[:at]+a.class.Qual+text[at+x.t.End(c)-x.t.Start(c):]))
			}
		}
		return out
	}
	return x.a.t.typeRef(x.m, x.t.Text(n))
}

// typeRef is a type by its spelling in a module.
func (t *table) typeRef(m *pymodule.Module, text string) value {
	return one(t.atom(&atom{kind: typeRef, more: &more{name: text, symbol: pymodule.Symbol{Module: m}}}, "Y"+strconv.Itoa(m.Index)+text))
}

// typesOf are the types that an argument says, of TypeAdapter(X) for one: a local name by its value, anything else by how
// it is spelled.
func (x *interp) typesOf(n pysyntax.Node, v value) value {
	if n == pysyntax.Nil || x.t.Kind(n) == pysyntax.None {
		return nil
	}
	var out value
	if _, local := x.env[x.t.Text(n)]; local {
		for _, a := range v {
			switch a.kind {
			case typeRef:
				out = join(out, one(a))
			case classRef:
				out = join(out, x.a.t.typeRef(a.class.Module, a.class.Qual))
			}
		}
	}
	if len(out) == 0 {
		out = x.typeExpression(n)
	}
	if len(out) == 0 {
		return x.a.t.typeRef(x.m, x.t.Text(n))
	}
	return out
}
