package loadflow

import (
	"slices"

	"github.com/lazyfix/lazyfix/rewrite/internal/pymodule"
	"github.com/lazyfix/lazyfix/rewrite/internal/pysyntax"
)

// A function makes an object of whatever keywords it is given, Order(**values). That one caller passes customer=customer says
// nothing of the object that another gets, which passes customer_id=1: its customer was never set.

// said are what was set of an object in a callee, less what keywords would have set that this call does not give.
func (s *substitution) said(all []given) []given {
	t := s.x.t
	if t.Kind(s.call) != pysyntax.Call || s.x.hasSplat(s.call) {
		return all
	}
	var unsaid []string
	for _, g := range all {
		if s.byKeyword(g.value) && t.Keyword(s.call, g.name) == pysyntax.Nil {
			unsaid = append(unsaid, g.name, heldByCaller+g.name)
		}
	}
	if unsaid == nil {
		return all
	}
	return slices.DeleteFunc(slices.Clone(all), func(g given) bool { return slices.Contains(unsaid, g.name) })
}

// byKeyword reports whether a value is what the callee got among keywords that it has no parameter for, and nothing else.
func (s *substitution) byKeyword(v value) bool {
	params := s.callee.fn.Params
	return len(v) > 0 && !slices.ContainsFunc(v, func(a *atom) bool {
		return a.kind != object || a.path != nil || a.origin.kind != fromParam || a.origin.unit.id != s.callee.id ||
			a.origin.param >= len(params) || params[a.origin.param].Kind != pymodule.StarStar
	})
}
