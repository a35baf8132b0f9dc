package loadflow

import (
	"slices"
	"strconv"
	"strings"

	"github.com/lazyfix/lazyfix/rewrite/internal/pymodule"
	"github.com/lazyfix/lazyfix/rewrite/internal/pysyntax"
)

// A wrapper often gives another thing than the function that it wraps:
//
//	def envelope(handler):
//	    async def inner(*args, **kwargs):
//	        return {"data": await handler(*args, **kwargs), "ok": True}
//	    return inner
//
// Such a decorator is called once more, with a function of which only this is known: it gives one certain object, the result.
// What the wrapper then gives has the result somewhere in it, and at each call of a decorated function what that gives takes its
// place: so it is as exact as a call of the function itself, whose session and classes the wrapper's *args do not tell. Where the
// result is not seen to come through, the function's own stays, most decorators give it as it is.

const (
	// resultMaker is the name of the function of which only the result is known.
	resultMaker = "lazyfix the decorated function"
	// undecorated marks, by its name, a function as its decorators get it: what it gives nobody wraps.
	undecorated = "undecorated"
)

// resultClass is the class of the objects that stand for results in what wrappers give. It is none of the program's.
func resultClass(g *pymodule.Graph) *pymodule.Class {
	if len(g.Modules) == 0 {
		return nil
	}
	return &pymodule.Class{Module: g.Modules[0], Node: pysyntax.Nil, Name: "the result"}
}

// theResult stands for all that a decorated function gives, or for one element of that.
func (x *interp) theResult(element bool) value {
	at := pysyntax.Nil
	if element {
		at = 0
	}
	return one(x.a.t.object(x.a.result, x.a.t.typeOrigin(x.a.result.Module, at), nil))
}

func (a *analysis) isTheResult(b *atom) bool { return b.kind == object && b.class == a.result }

func isResultMaker(a *atom) bool { return a.kind == external && a.name == resultMaker }

// undecorated is a function as its decorators get it.
func (t *table) undecorated(a *atom) *atom {
	if a.kind != funcRef {
		return a
	}
	with := *a.more
	with.name = undecorated
	return t.atom(&atom{kind: funcRef, more: &with}, a.id+"!")
}

// wrapsResult reports whether a decorator makes something that gives something else than a call of what it decorates: a function
// that makes another, an instance of a class that does, or a class whose __call__ does.
func (x *interp) wrapsResult(d *atom) bool {
	switch d.kind {
	case funcRef:
		return makesWrapper(d.fn)
	case instance:
		f := x.method(d.class, "__call__")
		return f != nil && makesWrapper(f)
	case classRef:
		f := x.method(d.class, "__call__")
		return f != nil && len(f.Params) > 0 && !givesAsItIs(f, f.Params[0].Name+".")
	}
	return false
}

func makesWrapper(decorator *pymodule.Function) bool {
	for _, inner := range decorator.Defs {
		if !givesAsItIs(inner, "") {
			return true
		}
	}
	return false
}

// givesAsItIs reports whether all that a wrapper returns is what it calls by a parameter of its decorator, or by an attribute of self,
// or no object.
func givesAsItIs(wrapper *pymodule.Function, self string) bool {
	t := wrapper.Module.Tree
	for n := range t.Within(wrapper.Body) {
		if t.Kind(n) != pysyntax.ReturnStatement {
			continue
		}
		given := t.First(n)
		for t.Is(given, pysyntax.Await, pysyntax.ParenthesizedExpression) {
			given = t.First(given)
		}
		called := t.Text(t.Child(given, pysyntax.FieldFunction))
		switch {
		case given == pysyntax.Nil, t.Is(given, pysyntax.None, pysyntax.True, pysyntax.False, pysyntax.String):
		case t.Kind(given) == pysyntax.Call && self != "" && strings.HasPrefix(called, self):
		case t.Kind(given) == pysyntax.Call && self == "" && wrapper.Outer != nil && wrapper.Outer.ParamIndex(called) >= 0:
		default:
			return false
		}
	}
	return true
}

// ofResult is the key of what a decorator makes of the function of which only the result is known.
func ofResult(f *pymodule.Function, decorator int) fieldKey {
	return kept("result "+strconv.Itoa(decorator), funcID(f))
}

// tryResult calls a decorator of f with the function of which only the result is known.
func (x *interp) tryResult(f *pymodule.Function, decorator int, own value, n pysyntax.Node) {
	own = slices.DeleteFunc(slices.Clone(own), func(a *atom) bool { return !x.wrapsResult(a) })
	if len(own) == 0 {
		return
	}
	made := x.callValue(own, &arguments{pos: []value{one(x.a.t.external(resultMaker))}, posNodes: []pysyntax.Node{n}}, n)
	x.put(ofResult(f, decorator), dropping(made, func(a *atom) bool { return a.kind != funcRef && a.kind != instance && !isResultMaker(a) }))
}

// seesResult reports whether a unit is one of a decorator that was called with the function of which only the result is known.
func (k *unitKey) seesResult() bool {
	for ; k != nil; k = k.outer {
		for _, t := range k.types {
			if isResultMaker(t.atom) {
				return true
			}
		}
		for _, e := range k.args.given {
			if slices.ContainsFunc(e.value, isResultMaker) {
				return true
			}
		}
	}
	return false
}

// withoutObjects is what a parameter of such a unit has: callers bring it objects by another unit of the same function.
func (x *interp) withoutObjects(v value) value {
	return x.a.rewrite(v, func(a *atom) []*atom {
		if a.kind == object && !x.a.isTheResult(a) {
			return nil
		}
		return []*atom{a}
	})
}

// throughWrappers is what a call of a decorated function gives that itself gives own.
func (x *interp) throughWrappers(f *pymodule.Function, own value, n pysyntax.Node) value {
	if len(own) == 0 || len(x.keptAt(wrapping(f))) == 0 {
		return own
	}
	for i := len(f.Decorators) - 1; i >= 0; i-- {
		var out value
		makers := x.keptAt(ofResult(f, i))
		for _, w := range makers {
			out = join(out, x.resultOf(w, own, n))
		}
		if len(makers) > 0 {
			own = out
		}
	}
	return own
}

// resultOf is what a wrapper gives of own.
func (x *interp) resultOf(wrapper *atom, own value, n pysyntax.Node) value {
	f, self := wrapper.fn, wrapper.self
	if wrapper.kind == instance {
		f, self = x.method(wrapper.class, "__call__"), one(wrapper)
	}
	if f == nil {
		return own
	}
	key, _ := x.keyFor(f, self, make([]value, len(f.Params)), wrapper.unit)
	x.out.usedUnits[key.id] = key
	u := x.a.units[key.id]
	if u == nil {
		return own
	}
	given, met := x.withResult(u.out.ret, own)
	switch {
	case met:
		return given
	case u.out.hidesResult:
		x.unfollowedWrapper(own, f, n)
	}
	return own
}

// withResult is what a function gives with own in the place of the result of what it runs, and whether it gives that at all.
func (x *interp) withResult(ret, own value) (out value, met bool) {
	out = x.a.rewrite(ret, func(a *atom) []*atom {
		switch {
		case !x.a.isTheResult(a):
			return []*atom{a}
		case a == x.theResult(false)[0]:
			met = true
			return own
		}
		met = true
		return x.elements(own)
	})
	return out, met
}
