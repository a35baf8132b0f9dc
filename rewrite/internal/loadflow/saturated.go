package loadflow

import "slices"

// A value that has met a bound (bound.go) goes on changing: what comes later may stand before what it has in the order of keys, and
// takes its place; and a container is another one with each change in it. In programs where all comes together in a few places
// (plugins, workflow engines, trees) that went on for dozens of rounds, each of which interprets what reads these. So
// a unit that was run more often than maxRuns keeps what it has of a saturated value. What is left out is what the bound is there
// to leave out, and the mark says so; an object of a class that the value has none of is taken in.

// saturatedAlike reports whether v has nothing that matters beside old: only more of what old has dropped already.
func saturatedAlike(old, v value) bool {
	i := 0
	for _, a := range v { // both are in the order of keys
		for i < len(old) && old[i] != a && old[i].id < a.id {
			i++
		}
		known := i < len(old) && old[i] == a
		if !known && !(hasDropped(old) && droppable(old, a)) && !containerAlike(old, a) {
			return false
		}
	}
	return true
}

// droppable reports whether a value that has lost something to a bound may leave out a, too. A read of that is reported as one of too many
// (readOfMany), where an object of its class is in the value: another class is never left out.
func droppable(old value, a *atom) bool {
	switch a.kind {
	case instance, classRef, funcRef, moduleRef, external, relRef:
		return true
	case object:
		return slices.ContainsFunc(old, func(b *atom) bool { return b.kind == object && b.class == a.class })
	}
	return false
}

// containerAlike reports whether a container differs from the one in old by saturated values alone.
func containerAlike(old value, a *atom) bool {
	switch a.kind {
	case collection, mapping, resultRows, tuple:
	default:
		return false
	}
	return slices.ContainsFunc(old, func(b *atom) bool {
		return b.kind == a.kind && len(a.elems) == len(b.elems) && len(a.entries) == len(b.entries) &&
			slices.Equal(a.names, b.names) &&
			saturatedAlike(b.elem, a.elem) && saturatedAlike(b.key, a.key) && saturatedAlike(b.rest, a.rest) &&
			slices.EqualFunc(b.elems, a.elems, saturatedAlike) &&
			slices.EqualFunc(b.entries, a.entries, func(x, y entry) bool { return x.name == y.name && saturatedAlike(x.value, y.value) })
	})
}
