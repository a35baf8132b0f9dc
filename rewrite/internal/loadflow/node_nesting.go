package loadflow

import "slices"

// maxNodeNesting bounds collections in collections where nodes (tree_node.go) stand in them: a walk over a tree puts lists
// and tuples of nodes into lists and tuples of nodes, and has as many of them as there are ways to do so to this depth. Who
// takes nodes out of more than these gets them one step too early. Where objects or statements stand beside the nodes,
// maxNesting is the bound: no read of them is lost by this one.
const maxNodeNesting = 2

// hasNode reports whether a node of any tree stands in v.
func (n *nodes) hasNode(v value) bool {
	return len(n.group) > 0 && n.any(v, func(a *atom) bool { return a.kind == instance && n.group[a.class] > 0 })
}

// hasOther reports whether an object or a statement stands in v that is in no node.
func (n *nodes) hasOther(v value) bool {
	return hasObject(v) && n.any(v, func(a *atom) bool { return a.kind == object || a.kind == statement })
}

// any reports whether is holds for an atom in v, at any depth, but for those in nodes.
func (n *nodes) any(v value, is func(*atom) bool) bool {
	return slices.ContainsFunc(v, func(a *atom) bool {
		if is(a) {
			return true
		}
		if !a.holds.instance && !a.holds.object || a.kind == instance && n.group[a.class] > 0 {
			return false
		}
		return n.any(a.key, is) || n.any(a.elem, is) ||
			slices.ContainsFunc(a.elems, func(v value) bool { return n.any(v, is) }) ||
			slices.ContainsFunc(a.entries, func(e entry) bool { return n.any(e.value, is) })
	})
}

// fewerNodes makes one of the tuples in v that have nodes at the same places, and leaves out nodes of which it is known what
// they were made with where any of their class may stand beside them.
func (t *table) fewerNodes(v value) value {
	if len(t.nodes.group) == 0 || len(v) < 2 {
		return v
	}
	var out []*atom
	for _, a := range v {
		switch {
		case a.kind == instance && a.entries != nil && t.nodes.group[a.class] > 0:
			if slices.Contains(v, t.instance(a.class, a.args)) {
				continue
			}
		case a.kind == tuple && t.nodes.hasNode(one(a)):
			if i := slices.IndexFunc(out, a.sameShape); i >= 0 && t.nodes.hasNode(one(out[i])) {
				out[i] = t.both(out[i], a)
				continue
			}
		}
		out = append(out, a)
	}
	if len(out) == len(v) {
		return v
	}
	return valueOf(out)
}

// shallow is v with no more than depth containers in each other: what is in deeper ones is taken out of them.
func (t *table) shallow(v value, depth int) value {
	if depthOf(v) <= depth {
		return v
	}
	var out []*atom
	for _, a := range v {
		switch {
		case int(a.holds.depth) <= depth:
			out = append(out, a)
		case a.kind == funcRef:
			if depthOf(a.self) < maxNesting-1 {
				out = append(out, a)
			}
		case depth > 0:
			out = append(out, t.shallowIn(a, depth-1)...)
		case a.kind == instance:
			out = append(out, t.instance(a.class, a.args))
		default:
			out = append(out, t.shallow(a.key, 0)...)
			out = append(out, t.shallow(a.elem, 0)...)
			for _, e := range a.elems {
				out = append(out, t.shallow(e, 0)...)
			}
		}
	}
	return t.flat(valueOf(out))
}

// shallowIn is a container or an instance whose content is made shallow.
func (t *table) shallowIn(a *atom, depth int) value {
	inEntries := func() []entry {
		entries := slices.Clone(a.entries)
		for i := range entries {
			entries[i].value = t.shallow(entries[i].value, depth)
		}
		return entries
	}
	switch a.kind {
	case collection:
		return t.collection(t.shallow(a.elem, depth))
	case resultRows:
		return t.rows(t.shallow(a.elem, depth))
	case mapping:
		if a.entries == nil {
			return t.mapping(t.shallow(a.key, depth), t.shallow(a.elem, depth))
		}
		return t.record(inEntries(), t.shallow(a.key, depth), t.shallow(a.rest, depth))
	case tuple:
		elems := slices.Clone(a.elems)
		for i, e := range elems {
			elems[i] = t.shallow(e, depth)
		}
		return t.tuple(elems, a.names)
	case instance:
		return one(t.made(a.class, a.args, inEntries()))
	}
	return one(a)
}
