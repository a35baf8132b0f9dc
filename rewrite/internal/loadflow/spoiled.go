package loadflow

import "strings"

// A query may load nothing of what a function makes stale (held_again.go), until another reader of what it gives has an option put
// there. Then the author's own query behind the commit, which loads it, finds it loaded, and its option does nothing:
//
//	order = await find(session, key)          # gets selectinload(Order.items), for show()
//	session.add(Item(order_id=order.id))
//	await session.commit()
//	order = await full(session, key)          # has selectinload(Order.items): order.items lacks the new one
//
// So what the second gives is noted with what is held meanwhile, and what is read of it is reported where the query of that, here
// or of what callers pass, loads it or comes to. The plain object beside it goes its own way.

// spoiled stands before the name of a relationship that is stale if the query of the object that it was given loads it.
const spoiled = "spoiled "

// spoiledRead is what is read of such an object.
type spoiledRead struct {
	w  *wanted
	at *given
}

// spoils is what a query gives as it is if one of the held objects was loaded with the relationship; nothing where that is too much
// to remember.
func (x *interp) spoils(b *atom, stale []staleHere) []*atom {
	g := stale[0].given(x.m)
	g.name = spoiled + stale[0].rel
	for _, s := range stale {
		g.value = join(g.value, one(s.held))
	}
	if o := x.a.t.withGiven(b.origin, nil, g); o != nil {
		return []*atom{x.a.t.object(b.class, o, nil)}
	}
	return nil
}

// isSpoiled reports whether an object was noted as one that may be spoiled. Keys that are set of it are set of the plain object beside
// it: both would stand in each other by turns in a loop, which made the analysis of one program 15% slower.
func (o *origin) isSpoiled() bool {
	return o.isMarked(func(name string) bool { return strings.HasPrefix(name, spoiled) })
}

// isSpoiled ends the way of what is read of an object that may be spoiled: the object itself is beside it.
func (p *propagation) isSpoiled(w *wanted) bool {
	rel, is := w.path.steps()[0].rel, false
	for i, g := range w.origin.given {
		name, some := strings.CutPrefix(g.name, spoiled)
		is = is || some
		if some && name == rel.Name && w.maybe == nil && w.cut == nil && !w.life.drop && w.life.steps == 0 && !w.test && w.path.asked() == 0 &&
			!w.read.replaces() && awaits(w.read) == "" {
			p.spoiled = append(p.spoiled, spoiledRead{w, &w.origin.given[i]})
		}
	}
	return is
}

// reportSpoiled reports those of which the query of the held object loads what is read, or gets the option.
func (p *propagation) reportSpoiled(demands []*Demand) {
	for _, s := range p.spoiled {
		for _, held := range flatten(s.at.value) {
			if p.heldLoads(held.origin, s.w.path.steps()[0].rel.Name, demands, map[*origin]bool{}) {
				p.reportStale(s.w, s.at)
				break
			}
		}
	}
}

// heldLoads reports whether a query that gives a held object loads a relationship of it, or comes to load it.
func (p *propagation) heldLoads(o *origin, rel string, demands []*Demand, seen map[*origin]bool) bool {
	if seen[o] {
		return false
	}
	seen[o] = true
	switch o.kind {
	case fromSite:
		if o.opts.load(rel) {
			return true
		}
		for _, d := range demands {
			if d.Site != o.site || d.Entity != o.entity {
				continue
			}
			for _, need := range d.Needs {
				if need.Steps[0].Rel.Name == rel {
					return true
				}
			}
		}
	case fromParam:
		for _, id := range sortedKeys(p.a.callers[o.unit.id]) {
			for _, e := range p.a.callers[o.unit.id][id] {
				if o.param >= len(e.args) || p.idle[id] || e.mod.Test() || p.inOtherSession(p.a.units[id], e, o.unit.fn, o.param) {
					continue
				}
				for _, b := range o.passedAs(e.args[o.param]) {
					if b.kind == object && b.path == nil && p.heldLoads(b.origin, rel, demands, seen) {
						return true
					}
				}
			}
		}
	case fromSave:
		if o.saved.detached || o.saved.expired || o.prefix != nil {
			return false
		}
		return p.heldLoads(o.inner, rel, demands, seen)
	case fromRefresh, fromSet:
		return o.prefix == nil && p.heldLoads(o.inner, rel, demands, seen)
	}
	return false
}
