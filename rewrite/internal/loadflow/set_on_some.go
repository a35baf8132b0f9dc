package loadflow

import (
	"maps"
	"strconv"
	"strings"
)

// A function may set a relationship of what it is given on some of its ways only:
//
//	def fill(order, names):
//	    if names:
//	        order.items = [Item(name=name) for name in names]
//
// What its caller's new object has is set sometimes then (sometimes.go).

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

// nothingToSet is the environment of a way on which a parameter is None: none of its relationships is left unset there.
//
//	if order is None:
//	    return
func (x *interp) nothingToSet(before, none env, param int) env {
	if param < 0 || param >= 64 || x.a.usesOf(x.u.key.fn)[param].set {
		return none
	}
	name := x.u.key.fn.Params[param].Name
	if x.parameters(none[name])&(1<<param) != 0 {
		return none
	}
	none = maps.Clone(none)
	for _, a := range flatten(before[name]) {
		if x.parameters(one(a))&(1<<param) != 0 {
			for _, r := range x.a.ix.All(a.class) {
				none[setKey(strconv.Itoa(param)+"."+r.Name)] = nil
			}
		}
	}
	return none
}

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
