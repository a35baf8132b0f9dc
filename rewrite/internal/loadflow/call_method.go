package loadflow

import (
	"slices"

	"github.com/lazyfix/lazyfix/rewrite/internal/pymodule"
	"github.com/lazyfix/lazyfix/rewrite/internal/pysyntax"
)

// maxOverrides bounds how many overriding methods one call is followed to: Calls.TooMany says where there are more.
const maxOverrides = 12

// callMethods calls a method and those that override it in subclasses of the receiver's class.
func (x *interp) callMethods(c *pymodule.Class, f *pymodule.Function, self value, args *arguments, n pysyntax.Node) value {
	var out value
	overrides, first, tooMany := 0, len(x.out.edges), false
	for _, sub := range x.a.g.Subclasses(c) {
		m := sub.Methods[f.Name]
		inherited := m == nil
		if inherited { // from a class that is none below c: what fits a protocol may have its methods from anywhere
			if m = x.a.g.ClassMember(sub, f.Name).Function; m != nil && x.a.g.IsSubclass(m.Class, c) {
				continue
			}
		}
		if m == nil || m == f || sub.Module.Test() && !x.m.Test() || x.a.isGenericBase(sub, c) {
			continue
		}
		if overrides >= maxOverrides {
			tooMany = true
			break
		}
		var as value
		for _, s := range self {
			switch s.kind {
			case object:
				as = join(as, one(x.a.t.object(sub, s.origin, s.path)))
			case instance:
				as = join(as, one(x.a.t.as(s, sub)))
			}
		}
		edges := len(x.out.edges)
		v := x.call(m, as, args, n)
		if inherited && !x.agrees(f, v) {
			x.out.edges = x.out.edges[:edges]
			continue
		}
		overrides++
		out = join(out, v)
	}
	if overrides == 0 || !f.IsStub() {
		out = join(out, x.call(f, self, args, n))
	}
	if tooMany {
		for _, e := range x.out.edges[first:] {
			e.tooMany = c
		}
	}
	if overrides > maxMade {
		out = x.a.withoutMade(out)
	}
	return out
}

// ownMethods calls the methods of the program that a call may mean: known when there is one that is no test's.
func (x *interp) ownMethods(callee value, args *arguments, n pysyntax.Node) (out value, known bool) {
	concrete := slices.ContainsFunc(callee, func(c *atom) bool { return c.kind == funcRef && !c.fn.IsStub() })
	for _, c := range callee {
		if concrete && c.kind == funcRef && c.fn.IsStub() && c.fn.Class != nil && len(x.a.g.Subclasses(c.fn.Class)) == 0 {
			continue // a protocol's, whose implementation is at hand
		}
		if c.kind == funcRef || c.kind == classRef {
			out = join(out, x.callSpelled(one(c), args, n))
			known = known || !x.isFake(c)
		}
	}
	if hasDropped(callee) {
		out = x.callOfMany(out, args, n)
	}
	if len(callee) > maxMade {
		out = x.a.withoutMade(out)
	}
	return out, known
}

// isGenericBase reports whether a class that fits a protocol is the generic one of others that do, and nothing makes an instance of
// it: who is given is one of those.
func (a *analysis) isGenericBase(c, protocol *pymodule.Class) bool {
	return !a.g.IsSubclass(c, protocol) && len(a.g.TypeParams(c)) > 0 && slices.ContainsFunc(a.g.Subclasses(c), func(s *pymodule.Class) bool {
		return slices.Contains(a.g.Subclasses(protocol), s)
	}) && !a.made()[c.Name]
}

// findMade are the names that the program calls, by themselves or with type arguments: Repository(Order), Repository[Order](); and,
// behind "type ", those that it makes subclasses of by a call: type("Orders", (Repository,), {"model": Order}).
func findMade(g *pymodule.Graph) map[string]bool {
	out := map[string]bool{}
	for _, m := range g.Modules {
		t := m.Tree
		for n := range t.Within(t.Root()) {
			if m.Test() || t.Kind(n) != pysyntax.Call {
				continue
			}
			fn := t.Child(n, pysyntax.FieldFunction)
			if t.Kind(fn) == pysyntax.Subscript {
				fn = t.Child(fn, pysyntax.FieldValue)
			}
			out[pymodule.Last(t.Text(fn))] = true
			if bases := t.Nth(t.Child(n, pysyntax.FieldArguments), 1); t.Text(fn) == "type" && t.Kind(bases) == pysyntax.Tuple {
				for b := range t.Children(bases) {
					out["type "+pymodule.Last(t.Text(b))] = true
				}
			}
		}
	}
	return out
}

// agrees reports whether what a method gives is of a mapped class that another says it gives: repositories of all models have the
// get() of a protocol, and the protocol's is of one.
func (x *interp) agrees(says *pymodule.Function, given value) bool {
	if says.Returns == pysyntax.Nil || !hasObject(given) {
		return true
	}
	t := says.Module.Tree
	named := false
	for n := range t.Within(says.Returns) {
		if t.Kind(n) != pysyntax.Identifier {
			continue
		}
		s := x.a.g.ResolveIn(says.Module, says.Class, nil, t.Text(n))
		if s.Kind != pymodule.ClassSymbol || !x.a.isMapped(s) {
			continue
		}
		named = true
		if slices.ContainsFunc(flatten(given), func(a *atom) bool { return a.kind == object && x.a.related(a.class, s.Class) }) {
			return true
		}
	}
	return !named
}
