package loadflow

import "strings"

// A function may set a relationship of what it is given on some of its ways only:
//
//	def fill(order, names):
//	    if names:
//	        order.items = [Item(name=name) for name in names]
//
// What its caller's new object has is set sometimes then (sometimes.go).

// What effect.sets says of a relationship, and what it says where some way leaves it unset.
const (
	alwaysSet, someSet = ":", ";"
	alwaysNew, someNew = "?", "/" // of an object that has no row yet
)

// onSome is what a way of setting is where it is not taken on all ways; itself where that says nothing.
func onSome(how string) string {
	switch how {
	case alwaysSet:
		return someSet
	case alwaysNew:
		return someNew
	}
	return how
}

// setKey is kept in the environment where an argument's relationship was set. It has a dot, as what is known of attributes: where ways
// meet it stays only if it is known on both.
func setKey(set string) string { return "<set>." + set }

// leaveSet notes, where the function ends, what was set on this way.
func (x *interp) leaveSet() {
	here := map[string]bool{}
	for key := range x.env {
		set, ok := strings.CutPrefix(key, setKey(""))
		if ok && (!x.left || x.setAlways[set]) {
			here[set] = true
		}
	}
	x.left, x.setAlways = true, here
}

// setsOnSome is what the function sets, with what it sets on some of its ways marked as such.
func (x *interp) setsOnSome(sets string) string {
	if sets == "" || !x.left {
		return sets
	}
	list := strings.Split(sets, ",")
	for i, set := range list {
		at := strings.IndexAny(set, alwaysSet+alwaysNew)
		if at >= 0 && !x.setAlways[set[:at]+"."+set[at+1:]] {
			list[i] = set[:at] + onSome(set[at:at+1]) + set[at+1:]
		}
	}
	return bothSets(strings.Join(list, ","), "")
}
