package loadflow

import (
	"slices"

	"github.com/lazyfix/lazyfix/rewrite/internal/pysyntax"
)

// handedOn is a function that is given, with its arguments, to code that is not in the tree:
// background_tasks.add_task(notify, order), loop.run_in_executor(None, render, order). What may be a function and may as well be
// data, as numpy.array_equal(expected[key], actual) is given what a registry of all serialisers and readers gives, is no such
// function: to run whatever it may be makes each of them one more that all the others give, and such programs hardly settle.
func (x *interp) handedOn(args *arguments, n pysyntax.Node) (value, bool) {
	for i, v := range args.pos {
		if given := x.runUnseen(v, args, i, n); len(given) > 0 {
			return given, true
		}
		if x.isCallback(v) || i+1 < len(args.pos) && slices.ContainsFunc(v, isLambda) { // a lambda alone was run: see runLambdas
			return x.callValue(v, args.listed(args.pos[i+1:]), n), true
		}
	}
	for _, name := range []string{"target", "func", "function", "fn", "callback"} { // Thread(target=f, args=(order,))
		if v := args.kw[name]; x.isCallback(v) {
			return x.callValue(v, args.listed(nil), n), true
		}
	}
	return nil, false
}

// lambdasHanded runs the lambdas that code which is not in the tree is given besides objects, or besides a list of them, with each:
// library.sort_by(orders, key=lambda order: len(order.items)). Which of the objects it calls them with is not known, nor is what it gives.
func (x *interp) lambdasHanded(args *arguments, n pysyntax.Node) {
	var lambdas []*atom
	var given value
	take := func(v value) {
		for _, a := range v {
			switch {
			case isLambda(a):
				lambdas = append(lambdas, a)
			case a.kind == object:
				given = join(given, one(a))
			case a.kind == collection || a.kind == resultRows || a.kind == mapping:
				given = join(given, x.elements(one(a)))
			}
		}
	}
	for _, v := range args.pos {
		take(v)
	}
	for _, e := range args.entries() {
		take(e.value)
	}
	if !hasObject(given) {
		return
	}
	for _, f := range lambdas {
		pos := make([]value, len(f.fn.Params))
		for i := range pos {
			pos[i] = given
		}
		x.callValue(one(f), &arguments{pos: pos}, n)
	}
}

// runUnseen is what code that is not in the tree gives which is to run a method of a session: asyncio.to_thread(session.get, Order, 1).
func (x *interp) runUnseen(v value, args *arguments, i int, n pysyntax.Node) value {
	var out value
	for _, a := range v {
		out = join(out, partialGives(a))
		if isSessionMethod(a) {
			name := methodOf(a)
			out = join(out, x.runMethod(name, behindMethod(args, i), n, "its call hands a session's "+name+"() to code that is not in the tree"))
		}
	}
	return out
}

// mapped is executor.map(render, orders) and its like of libraries: the function is called with each.
func (x *interp) mapped(name string, args *arguments, n pysyntax.Node) (value, bool) {
	if len(args.pos) < 2 || !slices.ContainsFunc(args.pos[0], func(a *atom) bool { return a.kind == funcRef }) {
		return nil, false
	}
	var given []value
	switch name {
	case "map", "amap", "imap", "imap_unordered", "map_async", "thread_map":
		for _, v := range args.pos[1:] {
			given = append(given, x.iterate(v, n))
		}
	case "starmap", "starmap_async":
		return starmapped(x, args, n), true
	default:
		return nil, false
	}
	return x.a.t.collection(x.callValue(args.pos[0], &arguments{pos: given}, n)), true
}

// isCallback reports whether a value is a function that has a name, or several, and no data.
func (x *interp) isCallback(v value) bool {
	named := false
	for _, a := range v {
		switch a.kind {
		case funcRef:
			named = named || !a.fn.Lambda()
		case external:
			named = named || isResultMaker(a)
		case object, instance:
			if x.method(a.class, "__call__") == nil {
				return false
			}
		case collection, mapping, tuple, resultRows, statement:
			return false
		}
	}
	return named
}

// picked is random.choice(orders) and its like, of the module or of a generator of its own: rng.choice(orders).
func (x *interp) picked(name string, args *arguments, n pysyntax.Node) (value, bool) {
	switch name {
	case "choice", "choices", "sample":
	default: // to iterate is to read: an object's __iter__ runs
		return nil, false
	}
	elem := x.iterate(args.get(0, "population"), n)
	if name == "choice" {
		return elem, len(elem) > 0
	}
	return x.a.t.collection(elem), len(elem) > 0
}
