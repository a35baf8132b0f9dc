package loadflow

import "maps"

// loose is p for an object that left what it was read from behind.
func (t *table) loose(p *path) *path {
	if p.loose {
		return p
	}
	id := p.id + "!"
	if got, ok := t.paths.Load(id); ok {
		return got.(*path)
	}
	n := *p
	n.loose, n.id = true, id
	got, _ := t.paths.LoadOrStore(id, &n)
	return got.(*path)
}

// loosen marks the elements of collections that a unit gives away without the object that holds the collection: items that
// a function returns of an order that it queried. The session keeps the order by a weak reference, so that item.order may
// well be a query by then. Together holds what is given away beside v. Objects of parameters are the caller's to hold.
func (a *analysis) loosen(v, together value) value {
	held := map[string]bool{}
	known := false
	return a.rewrite(v, func(x *atom) []*atom {
		if x.kind != object || x.origin.kind != fromSite || x.path == nil || x.path.loose || x.path.again || !x.path.rel.Many {
			return []*atom{x}
		}
		if !known {
			known = true
			for _, b := range flatten(join(v, together)) {
				if b.kind == object {
					held[b.origin.id+b.path.text()] = true
				}
			}
		}
		if held[x.origin.id+x.path.up.text()] {
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
	x.out.ret = x.a.loosen(x.out.ret, nil)
	stored := maps.Clone(x.out.fields)
	for k, v := range stored {
		var together value
		for other, w := range stored {
			if other.class == k.class {
				together = join(together, w)
			}
		}
		x.out.fields[k] = x.a.loosen(v, together)
	}
}
