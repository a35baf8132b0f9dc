package loadflow

import (
	"slices"
	"strconv"
	"strings"

	"github.com/lazyfix/lazyfix/rewrite/internal/mapper"
	"github.com/lazyfix/lazyfix/rewrite/internal/pysyntax"
)

// Keys that a function sets by names of its callers (rekeyed_name.go), of an object that it queries itself:
//
//	async def update(self, key, **values):
//	    order = await self.session.get(Order, key)
//	    for name, value in values.items():
//	        setattr(order, name, value)
//	    return order
//
// Until a call says the names, the object is marked with the parameter that will; the call puts the keys that it says in the
// place of the mark, or nothing. Of a read in the function itself the keywords and dictionaries that its calls spell decide.

// nameLater marks an object whose keys the callers name by a parameter.
func (x *interp) nameLater(a *atom, holder string, param int, at pysyntax.Node) *atom {
	if a.path != nil || x.parameters(one(a)) != 0 || !slices.ContainsFunc(x.a.ix.All(a.class), goesByKey) {
		return a // the callers' own objects: nameArguments
	}
	return x.rekey(a, "%"+strconv.Itoa(param), change{holder: holder, sure: true, node: at, by: x.u.key, param: param})
}

// namedHere is what was set of an object of the callee, with the keys that this call says in the place of the marks; false
// without a mark.
func (s *substitution) namedHere(a *atom, all []given) (out []given, some bool) {
	x, f := s.x, s.callee.fn
	for _, g := range all {
		if g.by == nil || g.by.id != s.callee.id {
			out = append(out, g)
			continue
		}
		some = true
		if x.t.Kind(s.call) != pysyntax.Call || f == nil || g.param >= len(f.Params) {
			continue
		}
		class := a.class
		if a.path != nil {
			class = a.path.steps()[0].class
		}
		keywords, said := saidTo(x.t, f, g.param, s.call)
		for _, r := range x.a.ix.All(class) {
			if !goesByKey(r) {
				continue
			}
			columns := x.a.ix.KeyColumns(class, r)
			if slices.ContainsFunc(keywords, func(k string) bool { return slices.Contains(columns, k) }) || x.canSayAny(said, columns) {
				x.rekeys = true
				out = append(out, given{name: rekeyed + r.Name, mod: x.m, node: s.call})
			}
		}
		for _, n := range said {
			for i := range x.namers(n) {
				out = append(out, given{name: rekeyed + "%" + strconv.Itoa(i), mod: x.m, node: s.call, by: x.u.key, param: i})
			}
		}
	}
	slices.SortFunc(out, func(a, b given) int { return strings.Compare(a.name, b.name) })
	return slices.CompactFunc(out, func(a, b given) bool { return a.name == b.name }), some
}

// callsSay reports whether a call of a function spells the key of a relationship among the names that the function sets.
func (p *propagation) callsSay(g *given, r *mapper.Relationship) bool {
	if !goesByKey(r) || g.by.fn == nil {
		return false
	}
	columns := p.a.ix.KeyColumns(r.Owner, r)
	return slices.ContainsFunc(p.calls(g.by.fn), func(e *edge) bool {
		if e.mod.Tree.Kind(e.node) != pysyntax.Call {
			return false
		}
		keywords, said := saidTo(e.mod.Tree, g.by.fn, g.param, e.node)
		return slices.ContainsFunc(columns, func(column string) bool {
			return slices.Contains(keywords, column) ||
				slices.ContainsFunc(said, func(n pysyntax.Node) bool { return hasKey(e.mod.Tree, n, column) })
		})
	})
}
