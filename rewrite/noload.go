package rewrite

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/lazyfix/lazyfix/rewrite/internal/loadflow"
	"github.com/lazyfix/lazyfix/rewrite/internal/mapper"
)

var noload = rule{
	Rule: Rule{
		Name:    "noload",
		Summary: "relationships do not pretend that nothing is there",
		Doc: `A relationship with lazy="noload" (or lazy=None) answers None or an empty list when nobody loaded it. Code that forgot
to load it goes on with wrong data, and the unit of work believes it too: delete() neither deletes nor lets go of what is
there, b.a = None is not saved. SQLAlchemy 2.1 deprecates it. This rule writes lazy="raise_on_sql" (or raise, if --lazy
says so), so that such a read fails by name.

Safe where lazyfix found the query of every read: those get a loader option in the same run. A relationship that is read
where the query was not found or takes no option, or by its name of an object that nothing is known of, is reported; --unsafe
writes it. One that keeps noload gets no options, unless --lazy noload says that it is meant so: code may rely on the
answer that nothing is there. What reads it is reported (undecided-read). Delete cascades work again: where they were left to the
database on purpose, passive_deletes=True keeps them there.

SQLAlchemy 2.0 and 2.1.`,
		Before: "items: Mapped[list[\"Item\"]] = relationship(lazy=\"noload\")\n",
		After:  "items: Mapped[list[\"Item\"]] = relationship(lazy=\"raise_on_sql\")\n",
		Safety: "safe",
	},
	check: checkNoload,
}

func checkNoload(p *program) []*action {
	lazy, _ := p.options.lazy()
	if lazy == "noload" || !slices.ContainsFunc(p.index.Relationships, func(r *mapper.Relationship) bool { return r.Lazy == mapper.Noload }) {
		return nil // asked for, or there is none
	}
	uncovered := map[*mapper.Relationship]*loadflow.Undecided{}
	for _, u := range p.flow.Undecided {
		if u.Column() != nil {
			continue // the relationships on the way are reads of their own
		}
		for _, s := range u.Steps {
			if uncovered[s.Rel] == nil {
				uncovered[s.Rel] = u
			}
		}
	}
	unasked := map[*mapper.Relationship]*loadflow.Need{}
	for _, w := range p.unaskedNeeds() {
		for _, s := range w.need.Steps[w.loaded:] {
			if unasked[s.Rel] == nil {
				unasked[s.Rel] = w.need
			}
		}
	}
	unloaded := map[*mapper.Relationship]*loadflow.Need{} // of objects that no query gives
	for _, u := range p.flow.Unloaded {
		for _, need := range u.Needs {
			for _, s := range need.Steps {
				if unloaded[s.Rel] == nil {
					unloaded[s.Rel] = need
				}
			}
		}
	}
	held := p.newHeld()
	unknown := p.readUnknown(held)
	w := &strategyWriter{
		program: p, rule: "noload", value: lazy, problem: "pretends to be empty when it is not loaded",
		withheld: func(r *mapper.Relationship) string {
			if u := uncovered[r]; u != nil {
				at := p.place(u.Why[0].Module, u.Why[0].Node)
				return fmt.Sprintf("%s:%d", at.File, at.Line) + " reads it, and its query was not found: that read would raise"
			}
			if need := unasked[r]; need != nil {
				return p.at(need.Why[0].Module, need.Why[0].Node) + " reads it, and its query gets no option: that read would raise"
			}
			if need := unloaded[r]; need != nil {
				at := p.place(need.Why[0].Module, need.Why[0].Node)
				return fmt.Sprintf("%s:%d", at.File, at.Line) + " reads it of an object that must be refreshed first, which --unsafe does: that read would raise"
			}
			if why := held.of(r); why != "" || unknown[r] == "" {
				return cmp.Or(why, p.noloads.why[r])
			}
			return unknown[r] + " may read it, of an object that is not known: that read would raise"
		},
		refused: held.firmly, softer: p.newUncovered(lazy).softer, advice: passiveAdvice,
	}
	for _, r := range p.index.Relationships {
		if r.Lazy == mapper.Noload {
			w.add(r)
		}
	}
	return w.actions()
}

// passiveAdvice is for cascades that noload switched off, which the database may have done instead.
func passiveAdvice(r *mapper.Relationship) string {
	cascade := cmp.Or(r.Says["cascade"], "save-update, merge")
	if r.Says["passive_deletes"] != "" || !strings.Contains(cascade, "all") && !strings.Contains(cascade, "delete") {
		return ""
	}
	return "deleting its owner loads it from now on; where the foreign key says ON DELETE CASCADE, passive_deletes=True leaves that to the database"
}
