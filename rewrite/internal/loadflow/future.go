package loadflow

import (
	"strings"

	"github.com/lazyfix/lazyfix/rewrite/internal/pysyntax"
)

// A future is given its result by one who has it, and awaited by others, as data loaders do:
//
//	future = self.futures[key] = asyncio.get_running_loop().create_future()
//	...
//	self.futures[order.id].set_result(order)
//	...
//	order = await future
//
// It is known by the place where it is made: what any that is made there is given, all of them are.

// The classes of futures.
const (
	aFuture        = "asyncio.Future"
	aThreadsFuture = "concurrent.futures.Future"
)

// isFutureOf begins the name of one, behind which stands its place.
const isFutureOf = "lazyfix future "

func isFuture(a *atom) bool { return a.kind == external && strings.HasPrefix(a.name, isFutureOf) }

// futureMade is asyncio.Future(), loop.create_future().
func futureMade(x *interp, _ *arguments, n pysyntax.Node) value {
	return one(x.a.t.external(isFutureOf + placeID(x.m, n)))
}

// futureMethod is a method of a future; false for any other.
func (x *interp) futureMethod(owner value, name string, args *arguments, n pysyntax.Node) (value, bool) {
	var out value
	known := false
	for _, a := range owner {
		if !isFuture(a) {
			continue
		}
		known = true
		switch name {
		case "set_result":
			x.put(kept(a.name, ""), args.get(0, "result"))
		case "result":
			out = join(out, x.keptAt(kept(a.name, "")))
		case "add_done_callback":
			x.callValue(args.get(0, "fn"), &arguments{pos: []value{one(a)}}, n)
		}
	}
	return out, known
}

// taskDone calls what a task is given to call when it is done, task.add_done_callback(report), with the task: with what its
// coroutine gives.
func (x *interp) taskDone(task value, args *arguments, n pysyntax.Node) {
	x.callValue(args.get(0, "fn"), &arguments{pos: []value{task}}, n)
}

// awaitedFutures is v with what its futures were given in their place, those in the list that gather() is for, too.
func (x *interp) awaitedFutures(v value) value {
	out := v
	for _, a := range v {
		var given value
		switch {
		case isFuture(a):
			given = x.keptAt(kept(a.name, ""))
		case a.kind == collection:
			elem := x.awaitedFutures(a.elem)
			if same(elem, a.elem) {
				continue
			}
			given = x.a.t.collection(elem)
		case a.kind == tuple:
			elems, changed := make([]value, len(a.elems)), false
			for i, e := range a.elems {
				elems[i] = x.awaitedFutures(e)
				changed = changed || !same(elems[i], e)
			}
			if !changed {
				continue
			}
			given = x.a.t.tuple(elems, a.names)
		default:
			continue
		}
		out = join(dropping(out, func(b *atom) bool { return a == b }), given)
	}
	return out
}
