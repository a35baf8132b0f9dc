package loadflow

import "slices"

// maxGivenLevels bounds how deep new objects stand in each other by what was set of them. A builder that calls itself,
//
//	def build(data): return Menu(children=[build(d) for d in data["children"]])
//
// gives one more level each time that it is run: without a bound it would never settle.
const maxGivenLevels = 3

// upTo is v to so many levels of what was set of its objects: below those it is known that it was set, and not to what.
func (a *analysis) upTo(v value, levels uint8) value {
	if givenLevels(v) <= levels {
		return v
	}
	return a.rewrite(v, func(b *atom) []*atom {
		if b.kind != object || b.holds.levels <= levels {
			return []*atom{b}
		}
		return []*atom{a.t.object(b.class, a.originUpTo(b.origin, levels), b.path)}
	})
}

// givenLevels is how deep the objects in v stand in each other.
func givenLevels(v value) uint8 {
	levels := uint8(0)
	for _, b := range v {
		levels = max(levels, b.holds.levels)
	}
	return levels
}

// countLevels is how deep objects stand in each other by what was set of one of an origin, from what was counted of those.
func (o *origin) countLevels() uint8 {
	levels := uint8(0)
	if o.inner != nil {
		levels = o.inner.levels
	}
	for _, g := range o.given {
		levels = max(levels, 1+givenLevels(g.value))
	}
	return levels
}

func (a *analysis) originUpTo(o *origin, levels uint8) *origin {
	if o == nil || o.levels <= levels {
		return o
	}
	n := *o
	n.inner = a.originUpTo(o.inner, levels)
	n.given = slices.Clone(o.given)
	for i, g := range o.given {
		n.given[i].value = nil
		if levels > 1 {
			n.given[i].value = a.upTo(g.value, levels-1)
		}
	}
	return a.t.remade(o, &n)
}
