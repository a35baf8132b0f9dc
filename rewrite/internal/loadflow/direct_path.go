package loadflow

import "github.com/lazyfix/lazyfix/rewrite/internal/mapper"

// A path may go down and up again by one foreign key, product.prices[0].product.organization, where step did not fold that: the sides
// do not name each other, or raise. The way up is read, and loaded, for itself; it leads to the product, whose organization that is.
// So the query loads Product.organization, and not what is behind Product.prices.product once more. Step must not fold it: without an
// option for the way up the session answers it only as long as something holds the product.

// direct are the reads of a query by their direct paths.
func (p *propagation) direct(ws []*wanted) []*wanted {
	out := make([]*wanted, len(ws))
	for i, w := range ws {
		out[i] = w
		if path := p.a.directPath(w.path); path != w.path {
			c := *w
			c.path = path
			out[i] = &c
		}
	}
	return out
}

// directPath leaves each way down and up again out of a path, but at its end.
func (a *analysis) directPath(p *path) *path {
	steps := p.steps()
	for i := 0; i+2 < len(steps); i++ {
		if steps[i].again || steps[i+1].again || !a.returns(steps[i].rel, steps[i+1].rel) {
			continue
		}
		out := steps[i].up
		for _, s := range steps[i+2:] {
			out = a.t.path(out, s.class, s.rel, s.again)
			if s.loose {
				out = a.t.loose(out)
			}
			if s.guarded {
				out = a.t.guarded(out)
			}
		}
		return a.directPath(out)
	}
	return p
}

// returns reports whether a relationship leads from what another one holds to the object itself.
func (a *analysis) returns(down, back *mapper.Relationship) bool {
	if down.IsColumn() || back.IsColumn() || back.Many || down.Module == nil || back.Module == nil {
		return false
	}
	return IsReverse(down, back) || a.ix.SameKey(down, back)
}
