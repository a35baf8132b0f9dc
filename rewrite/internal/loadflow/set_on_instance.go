package loadflow

import (
	"slices"

	"github.com/lazyfix/lazyfix/rewrite/internal/pysyntax"
)

// An instance may be given attributes by names that do not stand there:
//
//	for name, value in values.items():
//		setattr(self, name, value)            # those of the dictionary
//	setattr(self, "_" + name, order)      # any that its class does not say: see dict_update.go
//
// Of such names only objects are kept, not services: which of several repositories an attribute is would be lost by that.

// setOnInstance notes what such a setattr() sets.
func (x *interp) setOnInstance(a *atom, args *arguments) {
	for _, e := range x.keywordsGiven() {
		x.storeIn(a, e.name, e.value)
	}
	v := args.get(2, "")
	entries, rest, known := x.itemsGoneOver(args)
	for _, e := range entries {
		if hasObject(e.value) && e.name != ofObject {
			x.storeIn(a, e.name, e.value)
		}
	}
	if known {
		v = rest
	}
	if hasObject(v) {
		x.storeIn(a, anyKey, v)
	}
}

// itemsGoneOver are what a dictionary has under its keys, and under others, where each is set by its key in a loop over it. Known is false
// for any other setattr().
func (x *interp) itemsGoneOver(args *arguments) (entries []entry, rest value, known bool) {
	t := x.t
	loop := x.loopOver(args.posNodes[1])
	if loop == pysyntax.Nil || len(args.posNodes) < 3 {
		return nil, nil, false
	}
	over, set := unpacked(t, t.Child(loop, pysyntax.FieldRight)), t.Text(args.posNodes[2])
	given := x.quiet(over)
	if len(given) == 0 || slices.ContainsFunc(given, func(a *atom) bool { return a.kind != mapping }) ||
		set != t.Text(t.Nth(t.Child(loop, pysyntax.FieldLeft), 1)) && set != t.Text(over)+"["+t.Text(args.posNodes[1])+"]" {
		return nil, nil, false
	}
	entries, rest = parts(given)
	return entries, rest, true
}
