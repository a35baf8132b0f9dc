package loadflow

import (
	"slices"
	"strings"

	"github.com/lazyfix/lazyfix/rewrite/internal/pymodule"
	"github.com/lazyfix/lazyfix/rewrite/internal/pysyntax"
)

// Strawberry's types are schemas: what a resolver returns is read as its annotation says, an attribute for each field. The
// methods of a type that are fields get the returned object as self, or by whatever name their first parameter has.

// isStrawberry reports whether a decorator of Strawberry's makes one of some kinds of a class: "type", "interface".
func (a *analysis) isStrawberry(c *pymodule.Class, kinds ...string) bool {
	return slices.ContainsFunc(c.Decorators, func(d pysyntax.Node) bool { return slices.Contains(kinds, a.strawberryName(c.Module, d)) })
}

// strawberryName is the last name of a decorator or call of the library, "" for any other.
func (a *analysis) strawberryName(m *pymodule.Module, n pysyntax.Node) string {
	name, ok := pymodule.DottedName(m.Tree, m.Tree.Callee(n))
	if !ok {
		return ""
	}
	if external := a.g.Resolve(m, name).External; strings.HasPrefix(external, "strawberry.") {
		return pymodule.Last(external)
	}
	return ""
}

// resolves reports whether a decorator makes a function a field, whose result is read.
func (a *analysis) resolves(m *pymodule.Module, d pysyntax.Node) bool {
	switch a.strawberryName(m, d) {
	case "field", "mutation", "subscription", "connection":
		return true
	}
	return false
}

// resolvers runs the fields of a type that are methods, or that name a resolver, for objects that are read as the type.
func (x *interp) resolvers(objects []*atom, c *pymodule.Class, at pysyntax.Node) {
	switch {
	case isSDL(c):
		x.runBound(objects, c, at)
		return
	case x.a.isGraphene(c):
		x.runGraphene(objects, c, at)
		return
	}
	for _, o := range objects {
		if o.kind != object {
			continue
		}
		x.typesBelow(o, c, at)
		for _, f := range x.validators(c) {
			for _, d := range f.Decorators {
				if x.a.resolves(f.Module, d) && isMethod(f) {
					x.call(f, one(o), withRoot(f, o), at)
				}
			}
		}
		for _, f := range x.a.schemaFields(c) {
			resolver := x.a.resolver(f.Variable)
			if resolver.Kind != pymodule.FunctionSymbol {
				continue
			}
			args := withRoot(resolver.Function, o)
			if takesRoot(resolver.Function) {
				args.pos = []value{one(o)}
			}
			x.readSchema(x.call(resolver.Function, nil, args, at), f.typ, typeScope{mod: f.Module, class: c}, at, 0)
		}
	}
}

// takesRoot reports whether a resolver that is no method gets the object of its type as its first argument.
func takesRoot(f *pymodule.Function) bool {
	return len(f.Params) > 0 && (f.Params[0].Name == "self" || isRoot(f, f.Params[0]))
}

// resolvedBy is strawberry.field(resolver=f): what f gives is read as the field is annotated, else as f is. A resolver that
// gets an object runs where an object is read as the type: see resolvers.
func resolvedBy(x *interp, args *arguments, n pysyntax.Node) value {
	for _, a := range args.kw["resolver"] {
		if a.kind != funcRef || takesRoot(a.fn) {
			continue
		}
		typ, s := a.fn.Returns, typeScope{mod: a.fn.Module, class: a.fn.Class, fn: a.fn.Outer}
		if field := x.t.Parent(n); x.t.Kind(field) == pysyntax.Assignment && x.t.Child(field, pysyntax.FieldType) != pysyntax.Nil {
			typ, s = x.t.Child(field, pysyntax.FieldType), typeScope{mod: x.m}
		}
		if typ != pysyntax.Nil {
			x.readSchema(x.callValue(one(a), &arguments{more: true}, n), x.a.parseType(s.mod.Tree.Text(typ)), s, n, 0)
		}
	}
	return nil
}

// hasResolver reports whether a field of a type is not read from an attribute.
func (a *analysis) hasResolver(f *pymodule.Variable, schema *pymodule.Class) bool {
	t := f.Module.Tree
	switch {
	case isSDL(f.Class):
		return len(a.boundTo(f)) > 0
	case a.isGraphene(schema):
		return a.classMember(schema, "resolve_"+f.Name).Kind == pymodule.FunctionSymbol
	case f.Value == pysyntax.Nil:
		return false
	case a.resolves(f.Module, f.Value) && t.Kind(f.Value) == pysyntax.Call:
		return t.Keyword(f.Value, "resolver") != pysyntax.Nil
	}
	return a.resolver(f).Kind == pymodule.FunctionSymbol
}

// resolver is the function by which a field says that it is read, strawberry.field(resolver=...) or a function that is a
// field itself.
func (a *analysis) resolver(f *pymodule.Variable) pymodule.Symbol {
	t, n := f.Module.Tree, f.Value
	if a.resolves(f.Module, n) && t.Kind(n) == pysyntax.Call {
		n = t.Keyword(n, "resolver")
	}
	name, ok := pymodule.DottedName(t, n)
	if !ok {
		return pymodule.Symbol{}
	}
	return a.g.ResolveIn(f.Module, f.Class, nil, name)
}
