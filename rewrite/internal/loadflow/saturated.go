package loadflow

import "slices"

// A value that has met a bound (bound.go) goes on changing: what comes later may stand before what it has in the order of keys, and
// takes its place; and a container is another one with each change in it. In programs where all comes together in a few places
// (plugins, workflow engines, trees) that went on for dozens of rounds, each of which interprets what reads these. So
// a unit that was run more often than maxRuns keeps what it has of a saturated value. What is left out is what the bound is there
// to leave out, and the mark says so; an object of a class that the value has none of is taken in.

// roomAfter is how many functions, classes and instances a value of a unit that was run so often may have before it is saturated though it
// has lost nothing yet: half as many after each roomRuns more. A value that still grows then is one where all comes together, and each of
// them is called, and given to what it calls, in every round: prefect's parameters of flows doubled from round to round, far below maxAtoms.
func roomAfter(runs int) int { return maxAtoms >> (max(0, runs-maxRuns) / roomRuns) }

const roomRuns = 4

// settled is old with what matters of w beside it, where w is what both have together: without more of what is droppable where old is
// saturated. Where w has dropped what old has for the sake of something new, that is still in it.
func (t *table) settled(old, w value, room int) value {
	if same(old, w) {
		return old
	}
	saturated := hasDropped(old) || crowd(old) > room
	out := slices.DeleteFunc(slices.Clone(old), func(a *atom) bool { return a.kind == collection || a.kind == mapping }) // w has these in its own
	i, lost := 0, false
	for _, a := range w { // both are in the order of keys
		for i < len(old) && old[i] != a && old[i].id < a.id {
			i++
		}
		known := i < len(old) && old[i] == a
		switch {
		case !known && saturated && droppable(old, a):
			lost = true
		case !known:
			out = append(out, t.settledIn(old, a, room))
		case a.kind == collection || a.kind == mapping:
			out = append(out, a)
		}
	}
	if lost {
		out = append(out, dropped)
	}
	if made := valueOf(out); !same(old, made) {
		return made
	}
	return old
}

// crowd counts what a value has of the kinds that are called and handed about.
func crowd(v value) (n int) {
	for _, a := range v {
		switch a.kind {
		case instance, classRef, funcRef, moduleRef, external:
			n++
		}
	}
	return n
}

// droppable reports whether a value that is saturated may leave out a, too. A read of that is reported as one of too many
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

// settledIn is a, with what it contains settled beside what a container of its kind in old does: a value has one of each kind, but for tuples.
func (t *table) settledIn(old value, a *atom, room int) *atom {
	for _, b := range old {
		if b.kind != a.kind || len(a.elems) != len(b.elems) {
			continue
		}
		var in value
		switch a.kind {
		case collection:
			in = t.collection(t.settled(b.elem, a.elem, room))
		case resultRows:
			in = t.rows(t.settled(b.elem, a.elem, room))
		case mapping:
			in = t.settledMapping(b, a, room)
		case tuple:
			elems := make([]value, len(a.elems))
			for i := range elems {
				elems[i] = t.settled(b.elems[i], a.elems[i], room)
			}
			if in = t.tuple(elems, a.names); in[0] != b { // it may be another one of old that a is like
				continue
			}
		default:
			return a
		}
		if len(in) == 1 {
			return in[0]
		}
	}
	return a
}

func (t *table) settledMapping(b, a *atom, room int) value {
	key := t.settled(b.key, a.key, room)
	if a.entries == nil {
		return t.mapping(key, t.settled(b.elem, a.elem, room))
	}
	entries := slices.Clone(a.entries)
	for i, e := range entries {
		if was, known := b.entry(e.name); known {
			entries[i].value = t.settled(was, e.value, room)
		}
	}
	return t.record(entries, key, t.settled(b.rest, a.rest, room))
}
