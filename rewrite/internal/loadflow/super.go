package loadflow

import (
	"github.com/lazyfix/lazyfix/rewrite/internal/pymodule"
	"github.com/lazyfix/lazyfix/rewrite/internal/pysyntax"
)

// isSuper reports whether an expression is super() in a method, whose function it gives.
func (x *interp) isSuper(n pysyntax.Node) (*pymodule.Function, bool) {
	f := x.u.key.fn
	if x.t.Kind(n) != pysyntax.Call || x.t.Text(x.t.Child(n, pysyntax.FieldFunction)) != "super" || f == nil {
		return nil, false
	}
	for f.Class == nil && f.Outer != nil {
		f = f.Outer
	}
	return f, f.Class != nil && x.u.key.recv != nil
}

// superMethod is the method of the program that super().name means, and what it is called on; nil for anything else.
func (x *interp) superMethod(n pysyntax.Node, name string) (m *pymodule.Function, self value) {
	f, ok := x.isSuper(n)
	if !ok {
		return nil, nil
	}
	past := false
	for base := range x.a.g.Lineage(x.u.key.recv) {
		if past && base.Methods[name] != nil {
			if len(f.Params) > 0 {
				self = x.env[f.Params[0].Name]
			}
			return base.Methods[name], self
		}
		past = past || base == f.Class
	}
	return nil, nil
}

// superCall is `super().name(...)`.
func (x *interp) superCall(n, fn pysyntax.Node) (value, bool) {
	t := x.t
	s := t.Child(fn, pysyntax.FieldObject)
	f, ok := x.isSuper(s)
	if !ok {
		return nil, false
	}
	name := t.Text(t.Child(fn, pysyntax.FieldAttribute))
	if v, ok := x.madeBySuper(s, name, n); ok {
		return v, true
	}
	if m, self := x.superMethod(s, name); m != nil {
		return x.call(m, self, x.evalArguments(n), n), true
	}
	// A method of a library's class: super().execute(statement) of a session.
	args := x.evalArguments(n)
	if v, ok := x.templateMethod(nil, name, args, n); ok {
		return v, true
	}
	if name == "__new__" {
		return x.newMade(args), true
	}
	switch {
	case name == "__init__":
		x.adapterMade(x.u.key.recv, args)
	case name == "__setattr__" && len(args.posNodes) == 2 && len(args.pos) == 2 && len(f.Params) > 0:
		x.superSet(f.Params[0].Name, args)
	}
	if x.dump(one(x.a.t.instance(x.u.key.recv, typeArgs{})), pysyntax.Nil, name, args, n) {
		return nil, true
	}
	if x.a.isSchema(x.u.key.recv) {
		return x.schemaSuper(name, args, n), true
	}
	if v, ok := x.superItems(f, name, args, n, fn); ok {
		return v, true
	}
	if _, saves := librarySaves[name]; len(f.Params) > 0 && (saves || !x.a.ofAdvancedAlchemy(x.u.key.recv)) {
		if v := x.inheritedQuery(x.env[f.Params[0].Name], name, args, n); len(v) > 0 {
			return v, true
		}
	}
	if len(f.Params) > 0 {
		x.superArgs(name, x.env[f.Params[0].Name], args)
	}
	v, _ := x.sessionCall(nil, name, args, n)
	return v, true
}

// superSet is super().__setattr__("order", order), as a class does that lets nobody else set its attributes.
func (x *interp) superSet(self string, args *arguments) {
	name := pymodule.StringValue(x.t, args.posNodes[0])
	for _, a := range x.env[self] {
		if a.kind == instance && name != "" {
			x.storeIn(a, name, args.pos[1])
		}
	}
}
