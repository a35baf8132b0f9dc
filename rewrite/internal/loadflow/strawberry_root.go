package loadflow

import (
	"slices"
	"strings"

	"github.com/lazyfix/lazyfix/rewrite/internal/pymodule"
	"github.com/lazyfix/lazyfix/rewrite/internal/pysyntax"
)

// What Strawberry hands a field besides self, and which types an object is read as that no annotation names: those below an
// interface, and the nodes of relay.

// isRoot reports whether a resolver gets the object of its type by a parameter, wherever that stands: by the name root, or as
// strawberry.Parent[Order].
func isRoot(f *pymodule.Function, p pymodule.Param) bool {
	return p.Name == "root" || p.Annotation != pysyntax.Nil && strings.Contains(f.Module.Tree.Text(p.Annotation), "Parent[")
}

// withRoot are the arguments of a field: the object for each parameter behind the first that asks for it.
func withRoot(f *pymodule.Function, o *atom) *arguments {
	args := &arguments{more: true}
	for i, p := range f.Params {
		if i > 0 && isRoot(f, p) {
			if args.kw == nil {
				args.kw = map[string]value{}
			}
			args.kw[p.Name] = one(o)
		}
	}
	return args
}

// typesBelow reads an object that a field gives as an interface by the types below it which say that it is theirs. One without
// is_type_of takes no mapped object (Strawberry asks for an instance of the type itself).
func (x *interp) typesBelow(o *atom, c *pymodule.Class, at pysyntax.Node) {
	interfaceOf := func(d pysyntax.Node) bool { return strawberryName(c.Module.Tree, d) == "interface" }
	if !slices.ContainsFunc(c.Decorators, interfaceOf) {
		return
	}
	for _, sub := range x.a.g.Subclasses(c) {
		if isStrawberry(sub) && x.isTypeOf(o.class, sub) {
			x.readFields(one(o), sub, nil, typeScope{mod: sub.Module, class: sub.Outer}, at, 0)
		}
	}
}

// isTypeOf reports whether is_type_of of a type names the class of an object, or a base of it; where it names no class, whether
// the object fits.
func (x *interp) isTypeOf(object, typ *pymodule.Class) bool {
	f := x.method(typ, "is_type_of")
	if f == nil {
		return false
	}
	body := f.Module.Tree.Text(f.Body)
	if !strings.Contains(body, "isinstance(") {
		return x.fits(object, typ)
	}
	words := strings.FieldsFunc(body, notInName)
	return slices.ContainsFunc(x.a.g.MRO(object), func(b pymodule.Base) bool { return b.Class != nil && slices.Contains(words, b.Class.Name) }) ||
		slices.ContainsFunc(x.a.g.Subclasses(object), func(sub *pymodule.Class) bool { return slices.Contains(words, sub.Name) })
}

// readConnection reads what a function gives that @relay.connection(relay.ListConnection[OrderNode]) makes a field, as the
// connection says.
func (x *interp) readConnection(v value, d, at pysyntax.Node) {
	t := x.t
	if strawberryName(t, d) != "connection" || t.Kind(d) != pysyntax.Call {
		return
	}
	if first := t.First(t.Child(d, pysyntax.FieldArguments)); t.Is(first, pysyntax.Subscript, pysyntax.Identifier, pysyntax.Attribute) {
		x.readSchema(v, x.a.parseType(t.Text(first)), typeScope{mod: x.m}, at, 0)
	}
}

// readNodes reads what resolve_nodes() of a node of relay gives as that node: a client asks for any node by its id.
func (x *interp) readNodes(v value, at pysyntax.Node) {
	f := x.u.key.fn
	if f.Class == nil || f.Name != "resolve_nodes" && f.Name != "resolve_node" {
		return
	}
	for _, c := range x.a.g.Family(f.Class) {
		if isStrawberry(c) && x.method(c, f.Name) == f {
			x.readFields(v, c, nil, typeScope{mod: c.Module, class: c.Outer}, at, 0)
		}
	}
}

// fieldExtensions calls the extensions of a field, strawberry.field(extensions=[Upper()]), with the field as what comes next.
func (x *interp) fieldExtensions(f *pymodule.Function, field value, at pysyntax.Node) {
	for _, d := range f.Decorators {
		if !resolves(x.t, d) || x.t.Kind(d) != pysyntax.Call {
			continue
		}
		extensions := x.t.Keyword(d, "extensions")
		if extensions == pysyntax.Nil {
			continue
		}
		for _, e := range flatten(x.eval(extensions)) {
			if e.kind != instance {
				continue
			}
			for _, name := range []string{"resolve_async", "resolve"} {
				if m := x.method(e.class, name); m != nil {
					x.callMethods(e.class, m, one(e), &arguments{pos: []value{field}, more: true}, at)
				}
			}
		}
	}
}
