package rewrite

import (
	"github.com/lazyfix/lazyfix/rewrite/internal/loadflow"
	"github.com/lazyfix/lazyfix/rewrite/internal/pymodule"
)

// A call may lead to several queries, of which some cannot be given loader options on the way:
//
//	def patch(self, key, data):
//	    order = self.one(key)            # takes them, or can be made to
//	    return self.update(key, data)    # cannot
//
// Alone it does not open its function: all ways to its queries hand its options on, or none. Where the function is opened for
// another call, which needs them on the ways that can hand them on alone, it gets them there, too, and what the others lack is
// reported: that it is left out would hold for this run only, since the next one finds a function that takes options.

// closedWays says why targets are closed, and which of these are open in spite of it.
type closedWays map[targetKey]string

// close notes why the function of a call cannot be opened on a way to one of its queries.
func (c closedWays) close(call *loadflow.Site, why string) {
	c[targetKey{keywordTarget, call.Module, call.Node}] = why
}

// openedBesides takes those out whose function other targets open, or targets that are taken out themselves.
func (c closedWays) openedBesides(targets []*target) {
	opened := map[*pymodule.Function]bool{}
	open := func(t *target) {
		for _, s := range t.opens {
			for _, way := range onTheWay(s) {
				if way != nil && way.Function != nil {
					opened[way.Function] = true
				}
			}
		}
	}
	shut := make([]*target, 0, len(c))
	for _, t := range targets {
		if _, closed := c[t.key()]; closed {
			shut = append(shut, t)
		} else {
			open(t)
		}
	}
	for more := true; more; {
		more = false
		for _, t := range shut {
			if _, closed := c[t.key()]; !closed {
				continue
			}
			for _, s := range t.opens {
				if s != nil && opened[s.Function] {
					delete(c, t.key())
					open(t)
					more = true
					break
				}
			}
		}
	}
}
