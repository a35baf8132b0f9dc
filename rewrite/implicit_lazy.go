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
lazy="raise_on_sql" (or what --lazy says), so that the read fails early, by name, and leaves the session usable.

raise_on_sql differs from the default only where SQL would be emitted, which is where async code fails already: objects
that the session holds, foreign keys that are NULL, flush, cascades and merge work as before. raise also forbids those
reads; noload answers None or an empty list, loses writes, and is deprecated since 2.1.

Eager, dynamic, write_only and raising strategies stay as they are. What is loaded by awaitable_attrs, inside run_sync or
in a synchronous session works today and will raise: the reads that lazyfix finds get a loader option.

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
	if p.options.Lazy == "" && p.index.Use.Sync && !p.index.Use.Async {
		w.withheld = func(*mapper.Relationship) string {
			return "this program has sync sessions only, where it loads as it should; choose --lazy raise_on_sql to write it"
		}
		w.refused, w.problem = w.withheld, "loads itself when it is read"
	} else {
		held := p.newHeld()
		losses := p.newLosses(lazy)
		w.withheld = func(r *mapper.Relationship) string { return cmp.Or(losses.of(r), held.of(r)) }
		w.refused = losses.of
	}
	for _, r := range p.index.Relationships {
		if r.Lazy == mapper.Select || r.Lazy == mapper.Unknown {
			w.add(r)
		}
	}
	actions := w.actions()
	p.warnOf(lazy, actions)
	return actions
}
