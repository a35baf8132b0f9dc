package rewrite

import (
	"cmp"
	"strings"

	"github.com/lazyfix/lazyfix/rewrite/internal/mapper"
)

var eagerModel = rule{
	Rule: Rule{
		Name:    "eager-model",
		Summary: "queries, not models, say what is loaded (with --eager move)",
		Doc: `A relationship with lazy="joined", "selectin", "subquery" or "immediate" is loaded with every object of its model, by
every query, get and refresh, whether anything reads it or not. That is a choice, so without a flag it stays. With
--eager move, or eager = "move" in the configuration, each query gets a loader option for what is read from its objects
(by the rule missing-eager-load), and the relationship gets lazy="raise_on_sql", or what --lazy says. One that nothing
reads just gets that.

All or nothing for each relationship: it moves only where every read of it is known and every query behind those reads can
be edited. Otherwise it stays and is reported with the reason. Nothing can be known of an object whose query was not found; of
one that is handed whole to code that looks at all it holds (an endpoint without a response model, vars(),
jsonable_encoder()), or that reads by names that only running code knows (getattr(), format()); of a new object that session.refresh() or merge() loads; and, of an object that is not known at all, an attribute or
a schema's field of the relationship's name. Where only such a name holds it back, --unsafe moves it.

What it does not see: attributes that other programs read. session.get() ignores its options for an object
that the session holds already. Run your suite after --write.

SQLAlchemy 2.0 and 2.1.`,
		Before: "items: Mapped[list[\"Item\"]] = relationship(lazy=\"selectin\")\n...\norder = await session.scalar(select(Order).where(Order.id == id))\nprint(len(order.items))\n",
		After:  "items: Mapped[list[\"Item\"]] = relationship(lazy=\"raise_on_sql\")\n...\norder = await session.scalar(\n    select(Order)\n    .where(Order.id == id)\n    .options(selectinload(Order.items))\n)\nprint(len(order.items))\n",
		Safety: "safe",
	},
	check: checkEagerModel,
}

func checkEagerModel(p *program) []*action {
	if p.eager == nil {
		return nil
	}
	lazy, _ := p.options.lazy()
	uncovered := p.newUncovered(lazy)
	w := &strategyWriter{
		program: p, rule: "eager-model", value: lazy, problem: "is loaded by its model, whatever the query",
		withheld: func(r *mapper.Relationship) string { return cmp.Or(uncovered.hides(r), p.eager.why(r)) },
		refused:  func(r *mapper.Relationship) string { return cmp.Or(uncovered.hides(r), p.eager.whyHard(r)) },
		softer:   uncovered.softer,
	}
	for _, r := range p.index.Relationships {
		if r.Lazy.Eager() {
			w.add(r)
		}
	}
	actions := w.actions()
	for i, c := range w.calls {
		for k, r := range c.relationships {
			if f := actions[i].findings[k]; !f.Fixable {
				p.eager.keep(r, strings.TrimPrefix(f.Advice, "not edited: "), false)
			}
		}
	}
	return actions
}

// stay is why a relationship stays with its model.
type stay struct {
	why    string
	byName bool // only a name says so: --unsafe moves it
}

// eagerMove decides which relationships leave their models. Whether one can is known only when its queries are edited, so
// that the run is repeated with fewer until all that is left is done.
type eagerMove struct {
	p     *program
	moved map[*mapper.Relationship]bool
	stays map[*mapper.Relationship]stay
	fewer bool // since the flow was last made
}

func (e *eagerMove) why(r *mapper.Relationship) string {
	if e.moved[r] {
		return ""
	}
	return cmp.Or(e.stays[r].why, "it is made with another that stays")
}

func (e *eagerMove) whyHard(r *mapper.Relationship) string {
	if e.stays[r].byName {
		return ""
	}
	return e.why(r)
}
