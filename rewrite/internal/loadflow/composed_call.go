package loadflow

import (
	"slices"
	"strings"

	"github.com/lazyfix/lazyfix/rewrite/internal/pymodule"
	"github.com/lazyfix/lazyfix/rewrite/internal/pysyntax"
)

// Functions that toolz puts together: pipe(order, size), compose(str, size)(order), thread_last(orders, (map, size), list), juxt(), do(),
// @curry and what toolz.curried gives where it is not called with all: pipe(orders, map(size), list).
//
// Limit: an object that a curried function was given before is not in it; it reached the parameter then.

// curriedCall begins the name of what waits for the rest of its arguments, and holds those that are there; composedCall of what calls
// the functions that it holds.
const (
	curriedCall  = "toolz.curry() "
	composedCall = "toolz.compose() "
)

func isToolz(pkg string) bool { return pkg == "toolz" || pkg == "cytoolz" }

// holding is a function of toolz that holds others.
func (t *table) holding(name string, held []value) value {
	id := "X" + name
	kept := make([]value, len(held))
	for i, v := range held {
		if v.symbolic() == nil && depthOfHolding(v) < maxNesting { // f = compose(f, g) of a loop has no end
			kept[i] = t.held(v)
		}
		id += "|" + kept[i].id()
	}
	return one(t.atom(&atom{kind: external, more: &more{name: name, elems: kept}}, id))
}

// depthOfHolding is how many of these functions hold each other.
func depthOfHolding(v value) int {
	depth := 0
	for _, a := range v {
		if isHolding(a) {
			for _, held := range a.elems {
				depth = max(depth, 1+depthOfHolding(held))
			}
		}
	}
	return depth
}

func isHolding(a *atom) bool {
	return a.kind == external && (strings.HasPrefix(a.name, curriedCall) || strings.HasPrefix(a.name, composedCall))
}

// callToolz is a call of a function of toolz; false for any other.
func (x *interp) callToolz(name string, args *arguments, n pysyntax.Node) (value, bool) {
	pkg, _, _ := strings.Cut(name, ".")
	if !isToolz(pkg) {
		return nil, false
	}
	last := pymodule.Last(name)
	call := func(f value, given ...value) value { return x.callValue(f, &arguments{pos: given}, n) }
	if strings.Contains(name, ".curried.") && len(args.pos)+len(args.kw) < takesAtLeast(last) {
		return x.a.t.holding(curriedCall+pkg+"."+last, args.pos), true
	}
	switch last {
	case "pipe":
		v := args.get(0, "data")
		for _, f := range args.pos[min(1, len(args.pos)):] {
			v = call(f, v)
		}
		return join(v, call(args.star, v)), true
	case "thread_first", "thread_last":
		v := args.get(0, "val")
		for _, f := range args.pos[min(1, len(args.pos)):] {
			v = x.threaded(f, v, last == "thread_first", n)
		}
		return v, true
	case "compose", "juxt", "complement", "flip":
		return x.a.t.holding(composedCall+last, args.pos), true
	case "compose_left":
		held := slices.Clone(args.pos)
		slices.Reverse(held)
		return x.a.t.holding(composedCall+"compose", held), true
	case "do":
		call(args.get(0, "func"), args.get(1, "x"))
		return args.get(1, "x"), true
	case "identity":
		return args.get(0, "x"), true
	case "memoize", "excepts":
		return args.get(max(0, len(args.pos)-1), "func"), true
	case "curry":
		return x.a.t.holding(curriedCall, args.pos), true
	}
	return nil, false
}

// takesAtLeast is how many arguments a function of toolz.curried waits for.
func takesAtLeast(name string) int {
	switch name {
	case "first", "second", "last", "concat", "peek", "identity", "pipe", "compose", "juxt", "complement", "curry", "merge", "unique":
		return 1
	case "reduceby":
		return 3
	}
	return 2
}

// threaded is one step of thread_first(v, f, (g, arg)).
func (x *interp) threaded(step, v value, first bool, n pysyntax.Node) value {
	var out value
	for _, a := range step {
		f, given := one(a), []value{v}
		if a.kind == tuple && len(a.elems) > 0 {
			f = a.elems[0]
			given = append(slices.Clone(a.elems[1:]), v)
			if first {
				given = append([]value{v}, a.elems[1:]...)
			}
		}
		out = join(out, x.callValue(f, &arguments{pos: given}, n))
	}
	return out
}

// callHolding calls what toolz put together; false for anything else.
func (x *interp) callHolding(c *atom, args *arguments, n pysyntax.Node) (value, bool) {
	if name, ok := strings.CutPrefix(c.name, composedCall); ok {
		var out value
		switch given := args; name {
		case "juxt":
			var elems []value
			for _, f := range c.elems {
				elems = append(elems, x.callValue(f, given, n))
			}
			return x.a.t.tuple(elems, nil), true
		default:
			for _, f := range slices.Backward(c.elems) {
				out = x.callValue(f, given, n)
				given = &arguments{pos: []value{out}}
			}
			if name == "flip" || name == "complement" {
				return nil, true
			}
		}
		return out, true
	}
	name, ok := strings.CutPrefix(c.name, curriedCall)
	if !ok {
		return nil, false
	}
	rest := *args
	rest.pos, rest.posNodes = append(slices.Clone(c.elems), args.pos...), nil
	if name != "" {
		if len(rest.pos) < takesAtLeast(pymodule.Last(name)) && len(rest.kw) == 0 {
			return x.a.t.holding(c.name, rest.pos), true
		}
		return x.externalCall(name, &rest, n), true
	}
	if len(c.elems) == 0 { // curry() of nothing
		return nil, true
	}
	rest.pos = rest.pos[1:]
	if slices.ContainsFunc(c.elems[0], func(f *atom) bool { return f.kind == funcRef && waitsForMore(f.fn, &rest) }) {
		return x.a.t.holding(c.name, append(slices.Clone(c.elems), args.pos...)), true
	}
	return x.callValue(c.elems[0], &rest, n), true
}

// waitsForMore reports whether a function has parameters that a call does not give.
func waitsForMore(f *pymodule.Function, args *arguments) bool {
	if args.more || len(args.star) > 0 || len(args.starStar) > 0 {
		return false
	}
	for i, p := range f.Params {
		if _, named := args.kw[p.Name]; p.Kind == pymodule.Plain && p.Default == pysyntax.Nil && !named && i >= len(args.pos) {
			return true
		}
	}
	return false
}

// curried is a function that waits for the rest of its arguments. The objects that it has by now reach its parameters now.
func (x *interp) curried(c *atom, args *arguments, n pysyntax.Node) value {
	if hasObject(args.all()) {
		given := *args
		given.more = true
		x.callOuter(c.fn, c.self, &given, n, c.unit)
	}
	return x.a.t.holding(curriedCall, append([]value{one(c)}, args.pos...))
}

// isCurried reports whether a decorator of toolz lets a function wait for the rest of its arguments.
func (x *interp) isCurried(f *pymodule.Function) bool {
	for _, d := range f.Decorators {
		name, ok := pymodule.DottedName(f.Module.Tree, d)
		if !ok || pymodule.Last(name) != "curry" {
			continue
		}
		pkg, _, _ := strings.Cut(x.a.g.Resolve(f.Module, name).External, ".")
		return isToolz(pkg)
	}
	return false
}
