package loadflow

import (
	"github.com/lazyfix/lazyfix/rewrite/internal/mapper"
	"github.com/lazyfix/lazyfix/rewrite/internal/pysyntax"
)

// The way back may be read where nothing says whether the session is still open, of what a parameter brings:
//
//	async with Session() as session:
//	    order = await session.get(Order, number)
//	return summary(order)          # where item.order is read: DetachedInstanceError
//
// The call says it. Such a read goes from caller to caller, as any other, but counts only from a call on that stands outside of the
// block whose session queried the object, and is dropped at whatever else brings it. All else is loaded by then: the object itself,
// which is what the way back leads to.

// readBack notes a read of the way back.
func (x *interp) readBack(a *atom, r *mapper.Relationship, at pysyntax.Node) {
	if a.origin.kind != fromParam || x.isGuarded(a, r, at) {
		return
	}
	p, ok := x.a.t.spelledStep(a.path, a.class, r)
	if !ok {
		return
	}
	x.out.backs = append(x.out.backs, &read{
		origin: a.origin, path: x.a.t.loose(p), mod: x.m, node: at, awaiting: x.awaiting,
		text: "reads " + a.class.Name + "." + r.Name + x.readBy.String(),
	})
}

// keepBack notes the way back that a want goes where it is carried to what brings its object: order.items, of which a method reads
// self.order.
func (p *propagation) keepBack(w, next *wanted, prefix *path) {
	if w.maybe != nil || next.edge == nil || awaits(w.read) != "" {
		return
	}
	back := next.origin.kind == fromParam
	if !back && (next.origin.kind != fromSite || !p.a.units[next.unit.id].closedAtCall(next.edge, next.origin)) {
		return
	}
	if path, ok := p.a.t.spelled(prefix, w.path); ok {
		p.backs = append(p.backs, &wanted{origin: next.origin, path: p.a.t.loose(path), read: w.read, from: w, edge: next.edge, unit: next.unit, back: back})
	}
}

// followBacks carries the ways back to the calls that bring objects of a closed session, and on from there.
func (p *propagation) followBacks(ids []string) error {
	p.pushAside(ids, func(out *outcome) []*read { return out.backs }, true)
	for _, w := range p.backs {
		p.push(w)
	}
	p.backs = nil
	return p.follow()
}

// backToCallers goes on from a parameter: to calls outside of the block that closed the session, and to parameters of callers.
func (p *propagation) backToCallers(w *wanted) {
	o, callers := w.origin, p.a.callers[w.origin.unit.id]
	for _, id := range sortedKeys(callers) {
		for _, e := range callers[id] {
			if o.param >= len(e.args) || p.idle[id] {
				continue
			}
			u := p.a.units[id]
			for _, b := range o.passedAs(e.args[o.param]) {
				if b.kind != object || !p.a.related(b.class, w.path.steps()[0].class) {
					continue
				}
				further := b.origin.kind == fromParam
				if further || b.origin.kind == fromSite && u.closedAtCall(e, b.origin) {
					if path, ok := p.a.t.spelled(b.path, w.path); ok {
						p.push(&wanted{origin: b.origin, path: p.a.t.loose(path), read: w.read, from: w, edge: e, unit: u.key, back: further})
					}
				}
			}
		}
	}
}

// closedAtCall reports whether the session of an object's query is closed where a unit makes a call.
func (u *unit) closedAtCall(e *edge, o *origin) bool {
	return closedBehind(u.out.closedAt, o, e.mod, e.node)
}
