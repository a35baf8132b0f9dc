package rewrite

import (
	"fmt"

	"github.com/lazyfix/lazyfix/rewrite/internal/loadflow"
	"github.com/lazyfix/lazyfix/rewrite/internal/mapper"
	"github.com/lazyfix/lazyfix/rewrite/internal/pymodule"
)

// One set of models is often for asynchronous code and for synchronous code beside it: the tasks of a queue, commands, an admin.
// What a synchronous query lacks loads itself there, which is no defect, so that what can be asked of no query keeps the lazy= that
// it has: reads by names that only running code knows, and those whose query must not be edited.
//
// A loader option of the synchronous query instead, lazyload("*"), would leave the models to the asynchronous code. But it counts
// for the objects of the query alone, and not for what these load then; session.get() gives an object that is there already
// without it; refresh(), expire() and commit() drop it; and it takes away what models load eagerly (measured on 2.0 and 2.1).

// findSync holds what is read of the objects of synchronous queries and what no query is asked for.
func (h *held) findSync() {
	const which = ", of an object that a sync session gave"
	for _, u := range h.flow.Unnamed {
		sync := u.Site != nil && h.syncSite(u.Site)
		if u.Site == nil { // what nobody is seen to pass: the function that reads it says so, or nothing does
			f := u.Module.FunctionAround(u.Node)
			sync = f != nil && h.syncSession(f) != ""
		}
		if sync {
			why := fmt.Sprintf("%s:%d %s%s", u.Module.Path, u.Module.Tree.Line(u.Node), u.What, which)
			h.noteAll(u.Class, u, why, map[*pymodule.Class]bool{})
		}
	}
	unasked := func(steps []loadflow.Step, loaded int, at loadflow.Hop) {
		for _, s := range steps[loaded:] {
			if s.Loader == "" {
				h.note(s.Rel, fmt.Sprintf("%s:%d reads it%s, by a query that gets no loader option for it", at.Module.Path, at.Module.Tree.Line(at.Node), which))
			}
		}
	}
	for _, u := range h.flow.Undecided {
		if u.Site != nil && u.Deliberate == "" && u.Column() == nil && h.syncSite(u.Site) {
			unasked(u.Steps, 0, u.Why[0])
		}
	}
	for _, w := range h.unasked {
		if w.need.Column() == nil && h.syncSite(w.demand.Site) {
			unasked(w.need.Steps, w.need.Loaded, w.need.Why[0])
		}
	}
}

// noteAll holds the relationships that an object of a class may have, and where code goes on from them those that lie behind.
func (h *held) noteAll(c *pymodule.Class, u *loadflow.Unnamed, why string, seen map[*pymodule.Class]bool) {
	if c == nil || seen[c] {
		return
	}
	seen[c] = true
	var behind []*mapper.Relationship
	for _, of := range h.graph.Family(c) {
		for _, r := range h.index.All(of) {
			if !u.Sets || r.Many || !r.ForeignKeyHere {
				h.note(r, why)
				behind = append(behind, r)
			}
		}
	}
	for _, r := range behind {
		if u.Behind == loadflow.AllBehind || u.Behind == loadflow.OneBehind && !r.Many {
			h.noteAll(r.Target, u, why, seen)
		}
	}
}
