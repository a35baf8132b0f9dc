package loadflow

import (
	"slices"
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

// mappingForms are types with arguments, too, but dict[str, Order](pairs) makes a dictionary of what it is given.
var mappingForms = map[string]bool{"dict": true, "Dict": true, "Mapping": true, "Iterable": true, "frozenset": true, "deque": true}

// typeExpression is `list[OrderSchema]` where a value stands, nil where n makes no type of its own.
func (x *interp) typeExpression(n pysyntax.Node) value { return x.typeOfForm(n, typeForms) }

func (x *interp) typeOfForm(n pysyntax.Node, forms map[string]bool) value {
	form := x.t.Child(n, pysyntax.FieldValue)
	if !x.t.Is(form, pysyntax.Identifier, pysyntax.Attribute) || !forms[pymodule.Last(x.t.Text(form))] {
		return nil
	}
	variables := x.variablesIn(n)
	var out value
	for _, c := range variables {
		for _, a := range x.quiet(c) { // list[schema], where schema is a variable
			if a.kind == classRef {
				text := x.t.Text(n)
				at := x.t.Start(c) - x.t.Start(n)
				out = join(out, x.a.t.typeRef(a.class.Module, text[:at]+a.class.Qual+text[at+x.t.End(c)-x.t.Start(c):]))
			}
		}
	}
	if len(variables) > 0 {
		return out
	}
	return x.a.t.typeRef(x.m, x.t.Text(n))
}

// typeRef is a type by its spelling in a module.
func (t *table) typeRef(m *pymodule.Module, text string) value {
	return one(t.atom(&atom{kind: typeRef, more: &more{name: text, symbol: pymodule.Symbol{Module: m}}}, "Y"+strconv.Itoa(m.Index)+text))
}

// variablesIn are the places in a type where something stands that a function knows only when it runs: schema, self.schema,
// type(self).schema. Each of several is followed as if the others read nothing.
func (x *interp) variablesIn(n pysyntax.Node) []pysyntax.Node {
	if x.isHeldType(n) {
		return []pysyntax.Node{n}
	}
	var out []pysyntax.Node
	if !x.t.Is(n, pysyntax.Attribute, pysyntax.Call) { // what stands beside the type in Annotated
		for c := range x.t.Children(n) {
			out = append(out, x.variablesIn(c)...)
		}
	}
	return out
}

func (x *interp) isHeldType(n pysyntax.Node) bool {
	for x.t.Kind(n) == pysyntax.Attribute {
		n = x.t.Child(n, pysyntax.FieldObject)
	}
	if x.t.Kind(n) == pysyntax.Call {
		fn := x.t.Child(n, pysyntax.FieldFunction)
		return x.t.Text(fn) == "type" || x.t.Text(fn) == "getattr" || x.isHeldType(fn) ||
			x.t.Text(x.t.Child(fn, pysyntax.FieldAttribute)) == "get" && x.isDictionary(x.t.Child(fn, pysyntax.FieldObject))
	}
	return x.isEntry(n) || x.t.Kind(n) == pysyntax.Identifier && x.isBound(x.t.Text(n))
}

// typesOf are the types that an argument says, of TypeAdapter(X) for one: a variable, and an entry of a dictionary, by its value,
// anything else by how it is spelled.
func (x *interp) typesOf(n pysyntax.Node, v value) value {
	if n == pysyntax.Nil || x.t.Kind(n) == pysyntax.None {
		return nil
	}
	if left, right := x.unionOf(n); left != pysyntax.Nil {
		return join(x.typesOf(left, x.quiet(left)), x.typesOf(right, x.quiet(right)))
	}
	var out value
	if x.isHeldType(n) {
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
		out = join(x.typeExpression(n), x.typeOfForm(n, mappingForms))
	}
	if x.t.Kind(n) == pysyntax.Subscript && len(out) == 0 && len(x.variablesIn(n)) > 0 { // Page[self.schema]
		for _, a := range v {
			if a.kind == classRef && a.args.typed() {
				out = join(out, one(a))
			}
		}
	}
	if len(out) == 0 {
		return x.a.t.typeRef(x.m, x.t.Text(n))
	}
	return out
}

// unionOf are both sides of schema | None, Nil where neither has a variable: such a type is what it is spelled.
func (x *interp) unionOf(n pysyntax.Node) (left, right pysyntax.Node) {
	if x.t.Kind(n) != pysyntax.BinaryOperator || len(x.variablesIn(n)) == 0 {
		return pysyntax.Nil, pysyntax.Nil
	}
	return x.t.Child(n, pysyntax.FieldLeft), x.t.Child(n, pysyntax.FieldRight)
}

// isEntry reports whether n is SCHEMAS[kind], no generic class with its arguments.
func (x *interp) isEntry(n pysyntax.Node) bool {
	return x.t.Kind(n) == pysyntax.Subscript && x.isDictionary(x.t.Child(n, pysyntax.FieldValue))
}

func (x *interp) isDictionary(n pysyntax.Node) bool {
	return slices.ContainsFunc(x.quiet(n), func(a *atom) bool { return a.kind == mapping })
}
