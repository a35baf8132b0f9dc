package loadflow

import (
	"maps"
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
func (t *table) holding(name string, held []value, kw ...entry) value {
	id := "X" + name
	keep := func(v value) value {
		if v.symbolic() != nil || depthOfHolding(v) >= maxNesting { // f = compose(f, g) of a loop has no end
			return nil
		}
		return t.held(v)
	}
	kept := make([]value, len(held))
	for i, v := range held {
		kept[i] = keep(v)
		id += "|" + kept[i].id()
	}
	named := slices.Clone(kw[:min(len(kw), maxEntries)])
	for i, e := range named {
		named[i].value = keep(e.value)
		id += "|" + e.name + "=" + named[i].value.id()
	}
	return one(t.atom(&atom{kind: external, more: &more{name: name, elems: kept, entries: named}}, id))
}

// depthOfHolding is how many of these functions hold each other.
func depthOfHolding(v value) int {
	depth := 0
	for _, a := range v {
		if isHolding(a) {
			for _, held := range a.elems {
				depth = max(depth, 1+depthOfHolding(held))
			}
			for _, e := range a.entries {
				depth = max(depth, 1+depthOfHolding(e.value))
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
		return x.a.t.holding(curriedCall+pkg+"."+last, args.pos, args.entries()...), true
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
	case "flip":
		if len(args.pos) < 3 {
			return x.a.t.holding(curriedCall+pkg+"."+last, args.pos), true
		}
		return call(args.pos[0], args.pos[2], args.pos[1]), true
	case "compose", "juxt", "complement":
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
	case "memoize":
		return args.get(0, "func"), true
	case "excepts":
		return args.get(1, "func"), true
	case "curry":
		return x.a.t.holding(curriedCall, args.pos, args.entries()...), true
	}
	return nil, false
}

// takesAtLeast is how many arguments a function of toolz.curried waits for.
func takesAtLeast(name string) int {
	switch name {
	case "first", "second", "last", "concat", "peek", "identity", "pipe", "compose", "juxt", "complement", "curry", "merge", "unique":
		return 1
	case "reduceby", "flip":
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
			if name == "complement" {
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
	rest.pos, rest.posNodes, rest.kw = append(slices.Clone(c.elems), args.pos...), nil, map[string]value{}
	for _, e := range c.entries {
		rest.kw[e.name] = e.value
	}
	maps.Copy(rest.kw, args.kw)
	if name != "" {
		if len(rest.pos)+len(rest.kw) < takesAtLeast(pymodule.Last(name)) {
			return x.a.t.holding(c.name, rest.pos, rest.entries()...), true
		}
		return x.externalCall(name, &rest, n), true
	}
	if len(c.elems) == 0 { // curry() of nothing
		return nil, true
	}
	rest.pos = rest.pos[1:]
	if slices.ContainsFunc(c.elems[0], func(f *atom) bool { return f.kind == funcRef && waitsForMore(f.fn, &rest) }) {
		return x.a.t.holding(c.name, append(slices.Clone(c.elems), args.pos...), rest.entries()...), true
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
	return x.a.t.holding(curriedCall, append([]value{one(c)}, args.pos...), args.entries()...)
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
