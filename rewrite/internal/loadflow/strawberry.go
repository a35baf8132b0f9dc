package loadflow

import (
	"slices"
	"strings"

	"github.com/lazyfix/lazyfix/rewrite/internal/pymodule"
	"github.com/lazyfix/lazyfix/rewrite/internal/pysyntax"
)

// Strawberry's types are schemas: what a resolver returns is read as its annotation says, an attribute for each field. The
// methods of a type that are fields get the returned object as self, or by whatever name their first parameter has.

// maxTypes bounds how deep types are followed into each other, by attributes and methods: what a client asks for is not known,
// and all that it could ask for is without end where types lead to each other.
const maxTypes = 3

// enterType notes that an object is read as a type; false where that is too deep, or the type was passed on the way.
func (x *interp) enterType(c *pymodule.Class) bool {
	if len(x.types) >= maxTypes || slices.Contains(x.types, c) {
		return false
	}
	x.types = append(x.types, c)
	return true
}

func (x *interp) leaveType() { x.types = x.types[:len(x.types)-1] }

// isStrawberry reports whether a class is a type of Strawberry's, by its decorator.
func isStrawberry(c *pymodule.Class) bool {
	for _, d := range c.Decorators {
		if name := strawberryName(c.Module.Tree, d); name == "type" || name == "interface" {
			return true
		}
	}
	return false
}

// strawberryName is what a decorator or call of the library does, "" for any other.
func strawberryName(t *pysyntax.Tree, n pysyntax.Node) string {
	if t.Kind(n) == pysyntax.Call {
		n = t.Child(n, pysyntax.FieldFunction)
	}
	if text := t.Text(n); strings.HasPrefix(text, "strawberry.") {
		return pymodule.Last(text)
	}
	return ""
}

// resolves reports whether a decorator makes a function a field, whose result is read.
func resolves(t *pysyntax.Tree, d pysyntax.Node) bool {
	switch strawberryName(t, d) {
	case "field", "mutation", "subscription":
		return true
	}
	return false
}

// resolvers runs the fields of a type that are methods, or that name a resolver, for objects that are read as the type.
func (x *interp) resolvers(objects []*atom, c *pymodule.Class, at pysyntax.Node) {
	for _, o := range objects {
		if o.kind != object {
			continue
		}
		for _, f := range x.validators(c) {
			for _, d := range f.Decorators {
				if resolves(f.Module.Tree, d) && isMethod(f) {
					x.call(f, one(o), &arguments{more: true}, at)
				}
			}
		}
		for _, f := range x.a.schemaFields(c) {
			resolver := x.a.resolver(f.Variable)
			if resolver.Kind != pymodule.FunctionSymbol {
				continue
			}
			args := &arguments{more: true}
			if params := resolver.Function.Params; len(params) > 0 && (params[0].Name == "root" || params[0].Name == "self" ||
				strings.Contains(resolver.Function.Module.Tree.Text(params[0].Annotation), "Parent[")) {
				args.pos = []value{one(o)}
			}
			x.readSchema(x.call(resolver.Function, nil, args, at), f.typ, typeScope{mod: f.Module, class: c}, at, 0)
		}
	}
}

// hasResolver reports whether a field of a type is not read from an attribute.
func (a *analysis) hasResolver(f *pymodule.Variable) bool {
	t := f.Module.Tree
	switch {
	case f.Value == pysyntax.Nil:
		return false
	case strawberryName(t, f.Value) == "field" && t.Kind(f.Value) == pysyntax.Call:
		return t.Keyword(f.Value, "resolver") != pysyntax.Nil
	}
	return a.resolver(f).Kind == pymodule.FunctionSymbol
}

// resolver is the function by which a field says that it is read, strawberry.field(resolver=...) or a function that is a
// field itself.
func (a *analysis) resolver(f *pymodule.Variable) pymodule.Symbol {
	t, n := f.Module.Tree, f.Value
	if strawberryName(t, n) == "field" && t.Kind(n) == pysyntax.Call {
		n = t.Keyword(n, "resolver")
	}
	name, ok := pymodule.DottedName(t, n)
	if !ok {
		return pymodule.Symbol{}
	}
	return a.g.ResolveIn(f.Module, f.Class, nil, name)
}
