package loadflow

import (
	"slices"

	"github.com/lazyfix/lazyfix/rewrite/internal/pymodule"
)

// Nodes are instances of classes whose constructors are given instances of each other: Select(from_=From(...), where=...),
// whose operands may be a Select. Told apart by what they were made with, they are as many as there are trees, and each
// round of the analysis makes larger ones of those of the round before. So a node is told apart by what it was given, but
// for nodes. What is read of these is what any node of their class has: more, never less.
//
// What is found of one round holds from the next on, and for good.

// nodes are the classes of the program by the group of those that lead to each other; no class is in it that does not lead
// to itself.
type nodes struct {
	given map[*pymodule.Class]map[*pymodule.Class]bool // what constructors of a class were seen to be given instances of
	group map[*pymodule.Class]int
}

// findNodes notes what constructors are given by now.
func (a *analysis) findNodes() {
	n := &a.t.nodes
	found := false
	for k, v := range a.held {
		if !k.made || k.class == nil || !hasInstance(v) {
			continue
		}
		for _, x := range flattenTo(v, instance) {
			if x.kind != instance || n.given[k.class][x.class] {
				continue
			}
			if n.given == nil {
				n.given = map[*pymodule.Class]map[*pymodule.Class]bool{}
			}
			if n.given[k.class] == nil {
				n.given[k.class] = map[*pymodule.Class]bool{}
			}
			n.given[k.class][x.class] = true
			found = true
		}
	}
	if found {
		n.group = groups(n.given)
	}
}

// groups numbers the nodes of a graph that lead to themselves, those alike that lead to each other.
func groups[K comparable](next map[K]map[K]bool) map[K]int {
	from := map[K]map[K]bool{}
	for k := range next {
		from[k] = map[K]bool{}
		for work := []K{k}; len(work) > 0; {
			last := len(work) - 1
			at := work[last]
			work = work[:last]
			for to := range next[at] {
				if !from[k][to] {
					from[k][to] = true
					work = append(work, to)
				}
			}
		}
	}
	out := map[K]int{}
	for k := range from {
		if out[k] > 0 || !from[k][k] {
			continue
		}
		number := len(out) + 1
		for to := range from[k] {
			if from[to][k] {
				out[to] = number
			}
		}
	}
	return out
}

// withoutNodes are what an instance of a class was given, but for what holds nodes of its own tree.
func (n *nodes) withoutNodes(c *pymodule.Class, entries []entry) []entry {
	group := n.group[c]
	if group == 0 {
		return entries
	}
	has := func(e entry) bool { return n.within(e.value, group) }
	if !slices.ContainsFunc(entries, has) {
		return entries
	}
	return slices.DeleteFunc(slices.Clone(entries), has)
}

// within reports whether a node of a group, of which it is known what it was made with, stands in v.
func (n *nodes) within(v value, group int) bool {
	return slices.ContainsFunc(v, func(a *atom) bool {
		switch {
		case !a.holds.instance:
			return false
		case a.kind == instance && a.entries != nil && n.group[a.class] == group:
			return true
		}
		inEntry := func(e entry) bool { return n.within(e.value, group) }
		inValue := func(v value) bool { return n.within(v, group) }
		return n.within(a.key, group) || n.within(a.elem, group) || slices.ContainsFunc(a.elems, inValue) ||
			slices.ContainsFunc(a.entries, inEntry)
	})
}
