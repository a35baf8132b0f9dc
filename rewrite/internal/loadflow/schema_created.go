package loadflow

import (
	"strings"

	"github.com/lazyfix/lazyfix/rewrite/internal/pymodule"
	"github.com/lazyfix/lazyfix/rewrite/internal/pysyntax"
)

// A schema of Pydantic that a module makes by a call: OrderOut = create_model("OrderOut", customer=(CustomerOut, ...)). It is known by
// the name that it is assigned to. What it reads of dictionaries, and fields that stand behind **, are not seen, which is said.

// createdSchema is what create_model() gives: the type of the name that a module assigns it to.
func (x *interp) createdSchema(n pysyntax.Node) value {
	assignment := x.t.Parent(n)
	left := x.t.Child(assignment, pysyntax.FieldLeft)
	if x.u.key.fn != nil || x.t.Kind(assignment) != pysyntax.Assignment || x.t.Kind(left) != pysyntax.Identifier {
		return nil
	}
	return x.a.t.typeRef(x.m, x.t.Text(left))
}

// readCreated reads as a schema says that a variable holds; false when it is made by no create_model().
func (x *interp) readCreated(v value, schema *pymodule.Variable, at pysyntax.Node, depth int) bool {
	t, call := schema.Module.Tree, schema.Value
	if call == pysyntax.Nil || t.Kind(call) != pysyntax.Call {
		return false
	}
	name, ok := pymodule.DottedName(t, t.Child(call, pysyntax.FieldFunction))
	if !ok || x.a.g.Resolve(schema.Module, name).External != "pydantic.create_model" {
		return false
	}
	scope := typeScope{mod: schema.Module}
	objects, others := schemaObjects(v, 0)
	for field := range t.Children(t.Child(call, pysyntax.FieldArguments)) {
		if t.Kind(field) == pysyntax.DictionarySplat {
			others = v
		}
		if t.Kind(field) != pysyntax.KeywordArgument {
			continue
		}
		key, spelled := t.Text(t.Child(field, pysyntax.FieldName)), t.Child(field, pysyntax.FieldValue)
		switch {
		case key == "__base__":
			for _, base := range nodesOf(t, spelled) {
				x.readSchema(objects, x.a.parseType(t.Text(base)), scope, at, depth+1)
			}
			continue
		case strings.HasPrefix(key, "__"):
			continue
		}
		names := append([]string{key}, stringsIn(t, t.Nth(spelled, 1))...) // Field(alias="customer")
		typ := x.a.parseType(t.Text(nodesOf(t, spelled)[0]))
		for _, name := range names {
			x.readSchema(x.member(objects, name, at), typ, scope, at, depth+1)
		}
	}
	if hasObject(others) {
		x.unseenBy(others, schema.Name, at)
	}
	return true
}

// nodesOf are what a tuple has, or the node itself.
func nodesOf(t *pysyntax.Tree, n pysyntax.Node) []pysyntax.Node {
	if t.Kind(n) != pysyntax.Tuple || t.First(n) == pysyntax.Nil {
		return []pysyntax.Node{n}
	}
	var out []pysyntax.Node
	for c := range t.Children(n) {
		out = append(out, c)
	}
	return out
}

// schemaObjects are the objects in v, alone or in rows and lists, and what is anything else.
func schemaObjects(v value, depth int) (objects, others value) {
	for _, a := range v {
		inner := value(nil)
		switch {
		case a.kind == object:
			objects = join(objects, one(a))
			continue
		case depth > maxNesting:
		case a.kind == collection, a.kind == resultRows:
			inner = a.elem
		case a.kind == tuple:
			inner = join(a.elems...)
		}
		if inner == nil {
			others = join(others, one(a))
			continue
		}
		o, rest := schemaObjects(inner, depth+1)
		objects, others = join(objects, o), join(others, rest)
	}
	return objects, others
}

// constructedSchema is OrderOut.model_construct(order=order), or construct() of Pydantic 1: it validates nothing, and has what it is
// given as it is.
func (x *interp) constructedSchema(owner value, name string, args *arguments) value {
	if name != "model_construct" && name != "construct" {
		return nil
	}
	var out value
	for _, c := range owner {
		if c.kind != classRef || !x.a.isSchema(c.class) {
			continue
		}
		given := *args
		given.pos, given.posNodes = nil, nil // _fields_set
		out = join(out, one(x.argsMade(x.dataMade(x.a.t.instance(c.class, c.args), &given), &given)))
	}
	return out
}

// copiedSchema is page.model_copy(update={"order": order}), or copy() of Pydantic 1: another instance of the class, with what it is given
// as it is, and else what it has. What is given under a key that does not stand there may be any of its fields.
func (x *interp) copiedSchema(owner value, name string, args *arguments) value {
	if name != "model_copy" && name != "copy" {
		return nil
	}
	var out value
	for _, a := range owner {
		if a.kind != instance || !x.a.isSchema(a.class) || x.method(a.class, name) != nil {
			continue
		}
		given := &arguments{kw: map[string]value{}}
		entries, rest := parts(args.get(-1, "update"))
		if len(rest) > 0 {
			for _, field := range x.a.dataFields(a.class) {
				given.kw[field] = rest
			}
		}
		for _, e := range entries {
			given.kw[e.name] = join(given.kw[e.name], e.value)
		}
		out = join(out, x.madeAgain(a, given, len(rest) > 0))
	}
	return out
}
