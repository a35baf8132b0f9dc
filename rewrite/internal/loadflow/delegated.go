package loadflow

import (
	"slices"

	"github.com/lazyfix/lazyfix/rewrite/internal/pymodule"
	"github.com/lazyfix/lazyfix/rewrite/internal/pysyntax"
)

// A class may give what it has not itself of something that it keeps:
//
//	def __getattr__(self, name):
//	    return getattr(self._inner, name)
//
// What an instance has by such a name is what the instance at hand keeps has: `Cached(Orders(session)).get` is Orders.get of that
// one. So it is where a function in __getattr__ only calls that with what it is given itself (forwarding.go). As a unit of its own, told
// the name, __getattr__ would know only what all instances keep; so it is one where it makes any other function of that (tellsFunction).
//
// Limit: of mapped classes only relationships are looked for (attributeByMethod): what a library's base gives them is not known.

// maxDelegates bounds how many such instances stand in each other.
const maxDelegates = 8

// delegates are what an instance hands a name on to that its class lacks, nil where its __getattr__ does anything else.
func (x *interp) delegates(a *atom, at pysyntax.Node) value {
	f := x.method(a.class, "__getattr__")
	if a.kind != instance || f == nil || len(f.Params) < 2 {
		return nil
	}
	var out value
	t := f.Module.Tree
	for n := range t.Within(f.Body) {
		if readsNameOf(t, n, f) && (givenBack(t, n, f) || isForwarded(t, n, f)) {
			out = join(out, x.keptBySelf(a, t.First(t.Child(n, pysyntax.FieldArguments)), f, at))
		}
	}
	return out
}

// delegated is what such an instance has by a name.
func (x *interp) delegated(a *atom, name string, at pysyntax.Node) value {
	return x.throughDelegates(a, at, func(to value) value { return x.member(to, name, at) })
}

// throughDelegates asks what an instance hands names on to, unless that leads back to it.
func (x *interp) throughDelegates(a *atom, at pysyntax.Node, ask func(to value) value) value {
	if slices.Contains(x.delegating, a) || len(x.delegating) >= maxDelegates {
		return nil
	}
	x.delegating = append(x.delegating, a)
	defer func() { x.delegating = x.delegating[:len(x.delegating)-1] }()
	return ask(x.delegates(a, at))
}

// ownerOf is who is called by a name that no class of the program defines: beside an instance what it hands names on to, a result or a
// session. It is owner itself mostly.
func (x *interp) ownerOf(owner value, at pysyntax.Node) value {
	out := owner
	for _, a := range owner {
		if a.kind == instance {
			out = join(out, x.throughDelegates(a, at, func(to value) value { return x.ownerOf(to, at) }))
		}
	}
	return out
}

// readsNameOf reports whether an expression is getattr(..., name), of the name that a __getattr__ is asked for.
func readsNameOf(t *pysyntax.Tree, n pysyntax.Node, f *pymodule.Function) bool {
	if t.Kind(n) != pysyntax.Call {
		return false
	}
	call, args := n, t.Child(n, pysyntax.FieldArguments)
	return t.Text(t.Child(call, pysyntax.FieldFunction)) == "getattr" && t.Text(t.Nth(args, 1)) == f.Params[1].Name
}

// givenBack reports whether a function returns what an expression is, at once or by the name that it is given.
func givenBack(t *pysyntax.Tree, n pysyntax.Node, f *pymodule.Function) bool {
	if t.Enclosing(n, pysyntax.FunctionDefinition, pysyntax.Lambda) != f.Node {
		return false
	}
	up := t.Parent(n)
	for t.Is(up, pysyntax.ParenthesizedExpression, pysyntax.ConditionalExpression, pysyntax.BooleanOperator) {
		up = t.Parent(up)
	}
	if t.Kind(up) == pysyntax.ReturnStatement {
		return true
	}
	if !t.Is(up, pysyntax.Assignment, pysyntax.NamedExpression) {
		return false
	}
	name := t.Text(t.First(up))
	for r := range t.Within(f.Body) {
		if t.Kind(r) == pysyntax.ReturnStatement && t.Text(t.First(r)) == name {
			return true
		}
	}
	return false
}

// keptBySelf is what an expression of a method is for an instance, where it begins at self: self._inner, self.__dict__["_inner"],
// object.__getattribute__(self, "_inner").
func (x *interp) keptBySelf(a *atom, n pysyntax.Node, f *pymodule.Function, at pysyntax.Node) value {
	t := f.Module.Tree
	of := func(owner pysyntax.Node, name string) value {
		if name == "" {
			return nil
		}
		return x.member(x.keptBySelf(a, owner, f, at), name, at)
	}
	switch t.Kind(n) {
	case pysyntax.Identifier:
		if t.Text(n) == f.Params[0].Name {
			return one(a)
		}
		if given := onlyGiven(t, f, t.Text(n)); given != pysyntax.Nil && t.Start(given) < t.Start(n) { // inner = self._inner
			return x.keptBySelf(a, given, f, at)
		}
	case pysyntax.Attribute:
		return of(t.Child(n, pysyntax.FieldObject), t.Text(t.Child(n, pysyntax.FieldAttribute)))
	case pysyntax.Subscript:
		return of(keyInDict(t, n))
	case pysyntax.Call:
		args := t.Child(n, pysyntax.FieldArguments)
		switch fn := t.Child(n, pysyntax.FieldFunction); {
		case t.Text(fn) == "getattr", t.Text(fn) == "object.__getattribute__":
			return of(t.First(args), pymodule.StringValue(t, t.Nth(args, 1)))
		case t.Text(fn) == "super().__getattribute__":
			return x.member(one(a), pymodule.StringValue(t, t.First(args)), at)
		}
	}
	return nil
}
