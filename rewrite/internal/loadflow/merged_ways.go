package loadflow

import "slices"

// Of reads that need the same of the same object only the first goes on to its query (push). What is decided there is decided for the
// others: one whose class an annotation says, too, has no query by that one way, and the other is known all the same.
//
//	[Ranked(len(o.items), o).names() for o in orders]     # names() reads self.order.items, where class Ranked has order: Order = field()

// mergedWays are the wants that went no further since another was there, and the wants at which a read was decided.
type mergedWays struct {
	into    map[*wanted][]*wanted
	decides []*wanted
}

// merge notes that w needs what first did.
func (m *mergedWays) merge(w, first *wanted) {
	if w.cut != nil || w.read == first.read {
		return
	}
	if m.into == nil {
		m.into = map[*wanted][]*wanted{}
	}
	m.into[first] = append(m.into[first], w)
}

// decide notes that a read reached a query, or an object that needs none.
func (p *propagation) decide(w *wanted) {
	p.decided[w.read] = true
	if w.cut == nil {
		p.merged.decides = append(p.merged.decides, w)
	}
}

// decideMerged decides the reads of wants that were merged into those on the way to where another was decided.
func (p *propagation) decideMerged() {
	on := map[*wanted]bool{}
	work := slices.Clone(p.merged.decides)
	for len(work) > 0 {
		w := work[len(work)-1]
		work = work[:len(work)-1]
		for ; w != nil && !on[w]; w = w.from {
			on[w] = true
			p.decided[w.read] = true
			work = append(work, p.merged.into[w]...)
		}
	}
}
