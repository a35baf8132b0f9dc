package loadflow

import "slices"

// holds is what stands in an atom, at any depth. It is counted once, when the atom is interned, so that a walk over a large
// value passes over what it does not look for.
type holds struct {
	object   bool // an object or a statement; not in what a function is bound to
	instance bool // an instance of a class that is not mapped; not in what a function is bound to
	// change is whether there is anything that rewrite may replace: an object, a statement or a loader option, also in what a
	// function is bound to.
	change bool
	depth  uint8 // how many containers stand in each other
	levels uint8 // how deep new objects stand in each other by what was set of them: see upTo
	size   int   // how many atoms a walk comes by, at most maxSize
}

// maxSize bounds what is counted, and what is told apart of an instance (see made): instances that hold each other, a tree of
// nodes, double with each level.
const maxSize = 1024

func holding(a *atom) holds {
	h := holds{size: 1}
	switch a.kind {
	case object:
		return holds{object: true, change: true, levels: a.origin.levels, size: 1}
	case statement:
		return holds{object: true, change: true, size: 1}
	case option, optionParam:
		return holds{change: true, size: 1}
	case instance:
		h.instance = true
	case funcRef:
		h.add(a.self)
		return holds{change: h.change, depth: max(h.depth, 1), size: 1}
	case collection, mapping, resultRows:
		h.depth = 1
		h.add(a.key)
		h.add(a.elem)
		h.add(a.rest)
	}
	if a.kind == mapping || a.kind == instance {
		for _, e := range a.entries {
			h.add(e.value)
		}
	}
	if a.kind == tuple {
		for _, e := range a.elems {
			h.depth = max(h.depth, 1)
			h.add(e)
		}
	}
	return h
}

func (h *holds) add(v value) {
	for _, a := range v {
		h.object = h.object || a.holds.object
		h.instance = h.instance || a.holds.instance
		h.change = h.change || a.holds.change
		h.depth = max(h.depth, a.holds.depth+1)
		h.levels = max(h.levels, a.holds.levels)
		h.size = min(h.size+a.holds.size, maxSize)
	}
}

// depthOf is how many containers stand in each other, 0 for none.
func depthOf(v value) int {
	d := uint8(0)
	for _, a := range v {
		d = max(d, a.holds.depth)
	}
	return int(d)
}

func hasObject(v value) bool {
	return slices.ContainsFunc(v, func(a *atom) bool { return a.holds.object })
}

func hasInstance(v value) bool {
	return slices.ContainsFunc(v, func(a *atom) bool { return a.holds.instance })
}

// leadsTo reports whether an object is in a value, as flatten shows it.
func (v value) leadsTo(o *atom) bool {
	for _, a := range v {
		switch {
		case a == o:
			return true
		case !a.holds.object || a.kind == object || a.kind == statement:
		case a.key.leadsTo(o) || a.elem.leadsTo(o):
			return true
		case a.kind == instance && slices.ContainsFunc(a.entries, func(e entry) bool { return e.value.leadsTo(o) }):
			return true
		case slices.ContainsFunc(a.elems, func(e value) bool { return e.leadsTo(o) }):
			return true
		}
	}
	return false
}
