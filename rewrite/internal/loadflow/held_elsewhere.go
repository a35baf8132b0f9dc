package loadflow

import (
	"slices"
	"strings"

	"github.com/lazyfix/lazyfix/rewrite/internal/pymodule"
	"github.com/lazyfix/lazyfix/rewrite/internal/pysyntax"
)

// What is stale (held_again.go) may be read by a function that queries it again for itself:
//
//	order = await self.get(key)               # loads order.items, for another caller
//	session.add(Item(order_id=order.id))
//	await session.commit()
//	return await self.detail(key)             # selects the order again, and shows order.items as it was
//
// Whether the first query loads the relationship shows when all reads are at their queries. Then the read is reported: it worked
// before, as a commit expired what was loaded. Followed are the calls of the function that made the change, and those behind them.

// heldCall is a call while an object is held of which a relationship is not any more what a query loaded.
type heldCall struct {
	node  pysyntax.Node
	stale staleHere
}

// maxHeldDepth bounds how many calls behind each other are looked through for such a read.
const maxHeldDepth = 4

// noteHeld notes what is stale while a call runs, which may ask for it again: not with a session that was opened since, and not where
// the function has something expire.
func (x *interp) noteHeld(call pysyntax.Node, stale []staleHere) {
	if len(stale) == 0 || x.u.key.fn == nil || expires(x.u) {
		return
	}
	block := x.sessionBlock(call)
	for _, s := range stale {
		if block != 0 && !x.t.Contains(block, s.node) {
			continue
		}
		x.out.heldCalls = appendOnce(x.out.heldCalls, heldCall{call, s})
	}
}

// expires reports whether a function says that something is to be loaded anew.
func expires(u *unit) bool {
	t := u.key.mod.Tree
	return u.key.fn != nil && (t.Calls(u.key.fn.Body, "expire") || t.Calls(u.key.fn.Body, "expire_all"))
}

// opensSession reports whether a function makes a session, by whatever name: async with Session() as s.
func opensSession(f *pymodule.Function) bool {
	t := f.Module.Tree
	for n := range t.Within(f.Body) {
		if t.Kind(n) != pysyntax.WithStatement {
			continue
		}
		head, _, _ := strings.Cut(t.Text(n), ":")
		if strings.Contains(strings.ToLower(head), "session") && strings.Contains(head, " as ") {
			return true
		}
	}
	return false
}

// reportHeld reports what functions read that ask again for what the session holds, and who changes it.
func (p *propagation) reportHeld(ids []string, demands []*Demand) {
	var order []*wanted
	changes := map[*read][]string{}
	for _, id := range ids {
		u := p.a.units[id]
		if p.idle[id] || u.key.mod.Test() || u.key.fn == nil {
			continue
		}
		for _, h := range u.out.heldCalls {
			r, in := p.readElsewhere(u, h, maxHeldDepth, map[string]bool{id: true})
			if r == nil || !p.loadedFirst(h.stale, r, demands) {
				continue
			}
			if changes[r] == nil {
				order = append(order, &wanted{origin: r.origin, path: r.path.steps()[0], read: r, unit: in})
			}
			at := h.stale.given(u.key.mod)
			change := staleReasons[at.change(r.path.steps()[0].rel)] + ", by " + u.key.fn.Qual + "()"
			changes[r] = appendOnce(changes[r], change)
		}
	}
	for _, w := range order {
		name := w.path.class.Name + "." + w.path.rel.Name
		p.undecided(w, w.origin.site, "the session may hold it as another query loaded it: "+strings.Join(changes[w.read], "; "),
			"refresh "+name+" there once that is flushed, or select it with populate_existing")
	}
}

// readElsewhere is a read of what is stale in a function that a call runs, and that queries the object itself, and where it is; nil
// without.
func (p *propagation) readElsewhere(u *unit, h heldCall, depth int, seen map[string]bool) (*read, *unitKey) {
	for _, e := range u.out.edges {
		callee := p.a.units[e.callee.id]
		if callee == nil || seen[e.callee.id] || h.node != pysyntax.Nil && (e.node != h.node || e.mod != u.key.mod) {
			continue
		}
		seen[e.callee.id] = true
		if f := callee.key.fn; f == nil || expires(callee) || opensSession(f) {
			continue
		}
		for _, r := range callee.out.reads {
			first := r.path.steps()[0]
			if r.origin.kind == fromSite && r.origin.site.within == 0 && first.rel.Name == h.stale.rel && p.a.related(first.class, h.stale.class) && !p.a.t.populatesExisting(r.origin.site) {
				return r, callee.key
			}
		}
		if depth > 1 {
			if r, in := p.readElsewhere(callee, heldCall{node: pysyntax.Nil, stale: h.stale}, depth-1, seen); r != nil {
				return r, in
			}
		}
	}
	return nil, nil
}

// loadedFirst reports whether the query that gave the held object loads the relationship, or comes to load it.
func (p *propagation) loadedFirst(s staleHere, r *read, demands []*Demand) bool {
	if s.site == nil {
		return !s.apart && p.heldLoads(s.held.origin, s.rel, demands, map[*origin]bool{})
	}
	one := r.path.steps()[0]
	return s.opts.load(s.rel) || s.site == r.origin.site ||
		slices.ContainsFunc(p.bySite[siteKey{s.site, 0}], func(w *wanted) bool { return w.path.steps()[0].rel == one.rel })
}
