package rewrite

import (
	"fmt"
	"slices"

	"github.com/lazyfix/lazyfix/rewrite/internal/loadflow"
)

// Models that lead to each other in a ring, walked by code that asks each object for its neighbours,
//
//	class Script:
//	    async def parent(self, session):
//	        await session.refresh(self, ["step"])
//	        return self.step
//
// have as many loader paths as there are ways to walk, up to the longest that is followed. A query with dozens of options that nobody
// would write helps nobody. Past maxBack of them each of its paths is loaded up to where it comes back to a class, and no further than
// maxWalked; the rest is reported.

// maxBack is how many loader paths that come back one query is given. maxWalked is how many steps of a path are loaded where there
// are more: people seldom write more.
const maxBack, maxWalked = 12, 3

// maxWants is how many options one query is given at most. People write up to twenty, and so do most programs need; what needs more is a
// schema that shows all there is, or one whose fields are chosen when the program runs.
const maxWants = 48

// beforeBack counts the steps of a path before the one that is read from a class that the path had left, or was at twice: all where
// it never comes back. A relationship of a class to itself, parent or children, leaves nothing.
func beforeBack(steps []loadflow.Step) int {
	for i := 2; i < len(steps); i++ {
		left, times := false, 0
		for j, s := range steps[:i] {
			if s.Class == steps[i].Class && !s.Again {
				left = left || steps[j+1].Class != s.Class
				times++
			}
		}
		if left || times > 1 {
			return i
		}
	}
	return len(steps)
}

// shorten ends the wants of a target sooner where too many of them come back. It gives what it shortened as it was, the shortest first.
func (t *target) shorten() []want {
	back := 0
	for _, w := range t.wants {
		if beforeBack(w.need.Steps) < len(w.need.Steps) {
			back++
		}
	}
	if back <= maxBack {
		return nil
	}
	wants := t.wants
	t.wants = nil
	var cut []want
	for _, w := range wants {
		n := min(beforeBack(w.need.Steps), maxWalked)
		if n < len(w.need.Steps) {
			cut = append(cut, w)
		}
		if n = min(n, len(w.need.Steps)); w.loaded < n {
			short := *w.need
			short.Steps = w.need.Steps[:n]
			t.add(w.demand, &short)
		}
	}
	slices.SortStableFunc(cut, func(a, b want) int { return len(a.need.Steps) - len(b.need.Steps) })
	return cut
}

// tooMany takes the wants of a target that are more than anybody would write from it.
func (t *target) tooMany() []want {
	if len(t.wants) <= maxWants {
		return nil
	}
	all := t.wants
	t.wants = nil
	return all
}

// bound keeps the wants of a target within what anybody would write. It gives those that are not met, or in part.
func (t *target) bound() (refused []refusedWant) {
	refuse := func(wants []want, why string) {
		for _, w := range wants {
			refused = append(refused, refusedWant{w, fmt.Sprintf(why, len(wants))})
		}
	}
	refuse(t.shorten(), "its query has %d loader paths among models that lead back to each other, and each is loaded in part")
	refuse(t.tooMany(), "its query would get %d options, which are too many to write")
	return refused
}
