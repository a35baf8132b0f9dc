package loadflow

import (
	"slices"

	"github.com/lazyfix/lazyfix/rewrite/internal/pymodule"
	"github.com/lazyfix/lazyfix/rewrite/internal/pysyntax"
)

// What Strawberry hands a field besides self, and which types an object is read as that no annotation names: those below an
// interface, and the nodes of relay.

// isRoot reports whether a resolver gets the object of its type by a parameter, wherever that stands: by the name root, or as
// strawberry.Parent[Order].
func isRoot(f *pymodule.Function, p pymodule.Param) bool {
	return p.Name == "root" || typedAs(f.Module.Tree, p.Annotation, "Parent")
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
	if !x.a.isStrawberry(c, "interface") {
		return
	}
	for _, sub := range x.a.g.Subclasses(c) {
		if x.a.isStrawberry(sub, "type", "interface") && x.isTypeOf(o.class, sub) {
			x.readFields(one(o), &schemaUse{schema: sub, scope: typeScope{mod: sub.Module, class: sub.Outer}, at: at})
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
	asked := instancesAsked(f)
	if len(asked) == 0 {
		return x.fits(object, typ)
	}
	return slices.ContainsFunc(asked, func(name string) bool {
		s := x.a.g.ResolveIn(f.Module, f.Class, f, name)
		if s.Kind == pymodule.ClassSymbol {
			return x.a.related(object, s.Class)
		}
		// Imported in the function, a name is all that there is.
		byName := func(c *pymodule.Class) bool { return c.Name == pymodule.Last(name) }
		return slices.ContainsFunc(x.a.g.Family(object), byName) || slices.ContainsFunc(slices.Collect(x.a.g.Lineage(object)), byName)
	})
}

// instancesAsked are the names of the classes of the isinstance() calls in a function: Order, models.Order.
func instancesAsked(f *pymodule.Function) []string {
	var out []string
	t := f.Module.Tree
	for n := range t.Within(f.Body) {
		if t.Kind(n) != pysyntax.Call || t.Text(t.Child(n, pysyntax.FieldFunction)) != "isinstance" {
			continue
		}
		classes := t.Nth(t.Child(n, pysyntax.FieldArguments), 1)
		if name, ok := pymodule.DottedName(t, classes); ok {
			out = append(out, name)
			continue
		}
		for part := range t.Children(classes) { // (Order, Draft), Order | Draft
			if name, ok := pymodule.DottedName(t, part); ok {
				out = append(out, name)
			}
		}
	}
	return out
}

// readConnection reads what a function gives that @relay.connection(relay.ListConnection[OrderNode]) makes a field, as the
// connection says.
func (x *interp) readConnection(v value, d, at pysyntax.Node) {
	t := x.t
	if x.a.strawberryName(x.m, d) != "connection" || t.Kind(d) != pysyntax.Call {
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
		if x.a.isStrawberry(c, "type", "interface") && x.method(c, f.Name) == f {
			x.readFields(v, &schemaUse{schema: c, scope: typeScope{mod: c.Module, class: c.Outer}, at: at})
		}
	}
}

// fieldExtensions calls the extensions of a field, strawberry.field(extensions=[Upper()]), with the field as what comes next.
func (x *interp) fieldExtensions(f *pymodule.Function, field value, at pysyntax.Node) {
	for _, d := range f.Decorators {
		if !x.a.resolves(x.m, d) || x.t.Kind(d) != pysyntax.Call {
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
