package loadflow

import (
	"slices"

	"github.com/lazyfix/lazyfix/rewrite/internal/mapper"
)

// Under lazy="raise" and lazy="noload" the session answers no read with what it holds: neither order.items[0].order behind
// selectinload(Order.items), nor order.customer of a customer that is alive, nor of a key that is NULL. raise raises for each, and
// noload says None (measured on 2.0 and 2.1). Only what was set or loaded since is there; a plain refresh drops it.

// forgets reports whether a relationship has such a strategy, or comes to have it.
func (t *table) forgets(r *mapper.Relationship) bool {
	return r.Lazy == mapper.Raise || t.forgetting[r] != ""
}

// isNull reports whether noload is right about a many-to-one relationship of a new object: its key was never set, and None is true.
func (p *propagation) isNull(w *wanted) bool {
	first := w.path.steps()[0]
	columns := p.a.ix.KeyColumns(first.class, first.rel)
	return p.a.t.forgetting[first.rel] == mapper.Noload && !slices.ContainsFunc(w.origin.given, func(g given) bool {
		return g.name == anyColumn || g.name == first.rel.Name || slices.Contains(columns, g.name)
	})
}

// forgotten notes that a relationship of a new object must be loaded although the session answers it today. What is read behind it
// goes its own way.
func (p *propagation) forgotten(w *wanted) {
	behind := w.path.len() - 1
	if !p.a.t.forgets(w.path.steps()[0].rel) || w.life.path.len() <= behind || p.isNull(w) {
		return
	}
	one := *w
	for range behind {
		one.life.path = one.life.path.up
	}
	if one.path, one.forgotten = w.path.steps()[0], true; one.life.path.len() > one.life.steps {
		p.reloadedAt(&one)
	}
}

// backAgain goes on from an object where a path begins with the way to what the program put into it, and back: SQLAlchemy sets the
// other side with it, whatever its strategy (measured on 2.0 and 2.1).
func (p *propagation) backAgain(w *wanted) bool {
	steps, whole := w.path.steps(), w.life.path.steps()
	if len(steps) < 2 || steps[1].rel.Many || !names(steps[0].rel, steps[1].rel) && !names(steps[1].rel, steps[0].rel) {
		return false
	}
	if len(steps) == 2 {
		return true
	}
	life := w.life
	if before := len(whole) - len(steps); before >= 0 {
		life.path = p.a.t.pathOf(nil, append(whole[:before:before], steps[2:]...))
	}
	p.push(&wanted{origin: w.origin, path: p.a.t.pathOf(nil, steps[2:]), read: w.read, from: w, other: true, life: life})
	return true
}

// pathOf is a path with more steps.
func (t *table) pathOf(p *path, steps []*path) *path {
	for _, s := range steps {
		if p = t.path(p, s.class, s.rel, s.again); s.guarded {
			p = t.guarded(p)
		}
	}
	return p
}
