package loadflow

import (
	"strings"

	"github.com/lazyfix/lazyfix/rewrite/internal/pymodule"
	"github.com/lazyfix/lazyfix/rewrite/internal/pysyntax"
)

// Code that is not in the tree is mostly given objects to give them back, as they are or in something that has them:
//
//	for order in natsorted(orders): order.customer.name
//	Series(orders).map(lambda order: order.customer.name)
//
// What it gives is taken for what it was given. A relationship that is read of something else by the same name is loaded for nothing; one
// that is read of the objects would fail, and nobody would have said so.

// unseenResult is what a call of a function or class that is not in the tree gives of the objects among its arguments.
func unseenResult(name string, args *arguments) value {
	last := pymodule.Last(name)
	if strings.HasSuffix(last, "Response") {
		return nil
	}
	var out value
	keep := func(v value) {
		for _, a := range v {
			switch a.kind {
			case object: // Envelope(order) has it, under a name that nobody knows
				if !isClassName(last) {
					out = join(out, one(a))
				}
			case collection, resultRows, mapping, tuple:
				if a.holds.object {
					out = join(out, one(a))
				}
			}
		}
	}
	for _, v := range args.pos {
		keep(v)
	}
	for _, e := range args.entries() {
		keep(e.value)
	}
	return out
}

// mapsOver are methods by which containers of libraries call a function with each of what they have: Series(orders).map(label).
var mapsOver = map[string]bool{
	"map": true, "apply": true, "applymap": true, "transform": true, "filter": true, "for_each": true, "foreach": true, "each": true, "flat_map": true,
	"bind": true, "then": true, "group_by": true, "groupby": true, "sort_by": true, "order_by": true, "where": true,
}

// mappedOver is such a method of containers with a function that has a name: lambdas are run by any.
func (x *interp) mappedOver(owner value, name string, args *arguments, n pysyntax.Node) value {
	if !mapsOver[name] {
		return nil
	}
	elem := x.elements(dropping(owner, func(a *atom) bool { return a.kind != collection && a.kind != mapping }))
	if !hasObject(elem) {
		return nil
	}
	var out value
	for _, v := range args.pos {
		if x.isCallback(v) {
			out = join(out, x.a.t.collection(x.callValue(v, &arguments{pos: []value{elem}}, n)))
		}
	}
	return out
}
