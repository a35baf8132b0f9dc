package loadflow

import "maps"

// loose is p for an object that left what it was read from behind.
func (t *table) loose(p *path) *path {
	if p.loose {
		return p
	}
	return t.marked(p, "!", func(p *path) { p.loose = true })
}

// loosen marks what a unit gives away without the object that holds it, in a collection or as its one: items that
// a function returns of an order that it queried. The session keeps the order by a weak reference, so that item.order may
// well be a query by then. Beside is what is given away with v. Objects of parameters are the caller's to hold.
func (a *analysis) loosen(v value, beside func() value) value {
	type holder struct {
		origin *origin
		path   *path
	}
	var held map[holder]bool
	return a.rewrite(v, func(x *atom) []*atom {
		if x.kind != object || x.origin.kind != fromSite || x.path == nil || x.path.loose || x.path.again || !x.path.rel.Many && x.path.rel.ForeignKeyHere {
			return []*atom{x}
		}
		if held == nil {
			held = map[holder]bool{}
			for _, b := range flatten(join(v, beside())) {
				if b.kind == object {
					held[holder{b.origin, b.path}] = true
				}
			}
		}
		if held[holder{x.origin, x.path.up}] {
			return []*atom{x}
		}
		return []*atom{a.t.object(x.class, x.origin, a.t.loose(x.path))}
	})
}

// leave marks what a unit leaves to others by its result and by attributes of instances.
func (x *interp) leave() {
	if f := x.u.key.fn; f == nil || f.Generator { // a generator that waits holds what it has
		return
	}
	x.out.closed, x.out.closedAt = x.givesClosed(x.out.ret), x.givenSession
	x.out.ret = x.a.loosen(x.out.ret, func() value { return nil })
	stored := maps.Clone(x.out.fields)
	for k, v := range stored {
		x.out.fields[k] = x.a.loosen(v, func() (beside value) {
			for other, w := range stored {
				if other.class == k.class {
					beside = join(beside, w)
				}
			}
			return beside
		})
	}
}
