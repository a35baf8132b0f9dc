package rewrite

import (
	"cmp"

	"github.com/lazyfix/lazyfix/rewrite/internal/mapper"
)

var implicitLazy = rule{
	Rule: Rule{
		Name:    "implicit-lazy",
		Summary: "relationships say what happens when nobody loaded them",
		Doc: `A relationship() without lazy=, or with lazy="select" or True, loads itself when it is first read. Under asyncio that
read fails with MissingGreenlet, and with changes pending it takes the session and the data with it. This rule writes
lazy="raise_on_sql" (or what --lazy says), so that the read fails early, by name, and leaves the session usable. The side
that a backref makes gets it too: backref="x" becomes backref=backref("x", lazy="raise_on_sql").

raise_on_sql differs from the default only where SQL would be emitted, which is where async code fails already: objects
that the session holds, foreign keys that are NULL, flush, cascades and merge work as before. raise also forbids those
reads, order.items[0].order behind selectinload(Order.items) as well: the queries get loader options for them, and new objects
a refresh (unloaded-after-commit); a many-to-one relationship of which an uncovered read is left gets raise_on_sql. noload
answers None or an empty list, for what the session holds, too, and the unit of work believes it: --lazy noload is refused where
data would be lost (delete cascades, many-to-many, one-to-one, relationships that are changed or compared to None) and for what
is read of a new object, which no refresh loads then. What one query leaves out is empty for the next of the same session,
whatever that loads: where a program has two such queries the relationship gets raise_on_sql, and where code asks whether it is
loaded, which all is under noload, or loads it, or its other side, by its name. noload is deprecated since 2.1. Eager, dynamic, write_only and raising strategies stay as they are.

Some code loads legitimately in an async program: functions with a sync session, run_sync, awaitable_attrs, event
listeners, validators, the pages of sqladmin; active_history=True loads when it is set. A relationship that lazyfix sees
read there is reported with the place and written with --unsafe only, unless the read's query gets a loader option in
the same run. What the greenlet loads works for any object: with --unsafe, too, its relationship is written only where
options cover each such read, and not where one is of a new object, of one that comes from nowhere, of a name that only
running code knows, or in a listener or validator. What they call is followed for event listeners and for what
run_sync() and greenlet_spawn() are given, not for functions with a sync session. A helper of your own around
greenlet_spawn(getattr, order, name) counts as awaitable_attrs does: where only running code knows the name, all
relationships of the class are held back.

Where a program has sessions of both kinds, what is read of an object that a sync session gave, and that no query can be asked
for, is held back too: getattr(), setattr(), attrgetter() and format() of what only running code knows, templates and schemas
that are not among the files, and queries that take no loader options. Along such a path, or behind such a template, all that it
may reach is held.

Code that does without what is not loaded, by except MissingGreenlet, would meet InvalidRequestError instead: it is reported.

A program that has sync sessions only loads its relationships as it should: they are reported, several in one line (JSON and
SARIF have each), and written when --lazy is given. So they are where the paths name a part of a program that has no session at all.

SQLAlchemy 2.0 and 2.1.

` + lazyValues,
		Before: "items: Mapped[list[\"Item\"]] = relationship(back_populates=\"order\")\n",
		After:  "items: Mapped[list[\"Item\"]] = relationship(back_populates=\"order\", lazy=\"raise_on_sql\")\n",
		Safety: "safe",
	},
	check: checkImplicitLazy,
}

func checkImplicitLazy(p *program) []*action {
	lazy, _ := p.options.lazy()
	w := &strategyWriter{
		program: p, rule: "implicit-lazy", value: lazy,
		problem: "loads itself when it is read, which fails under asyncio",
	}
	if why := p.syncOrUnknown(); p.options.Lazy == "" && why != "" {
		w.whole = why + "; choose --lazy raise_on_sql to write it"
		w.withheld = func(*mapper.Relationship) string { return w.whole }
		w.refused, w.problem = w.withheld, "loads itself when it is read"
	} else {
		held := p.newHeld()
		losses, uncovered := p.newLosses(lazy), p.newUncovered(lazy)
		w.refused = func(r *mapper.Relationship) string { return cmp.Or(losses.of(r), uncovered.hides(r), held.firmly(r)) }
		w.withheld = func(r *mapper.Relationship) string { return cmp.Or(w.refused(r), held.of(r)) }
		w.softer = uncovered.softer
	}
	for _, r := range p.index.Relationships {
		if r.Lazy == mapper.Select || r.Lazy == mapper.Unknown {
			w.add(r)
		}
	}
	actions := w.actions()
	p.warnOf(lazy, actions)
	return append(actions, p.greenletCaught(lazy)...)
}

// syncOrUnknown says why relationships may load as they should, "" where some session is asynchronous. A whole program without
// any session is a library of models, and is written.
func (p *program) syncOrUnknown() string {
	switch use := p.index.Use; {
	case use.Async:
		return ""
	case use.Sync:
		return "this program has sync sessions only, where relationships load as they should"
	case p.part:
		return "no session is among the files that were read, and it may be a sync one: name the whole program"
	}
	return ""
}
