package loadflow

import (
	"github.com/lazyfix/lazyfix/rewrite/internal/pymodule"
	"github.com/lazyfix/lazyfix/rewrite/internal/pysyntax"
)

// found is a recorded load with the objects that it was read from.
type found struct {
	*Recorded
	hits []hit
}

// hit is an entity of a query site, with the options of one of its statements.
type hit struct {
	origin *origin
	unit   *unitKey
}

// locate finds the query sites of what was recorded. It interprets the functions on the way once more, after all is
// settled: only then is what a call gives known for good.
func (a *analysis) locate(records []*Recorded) []found {
	given := map[string][]callResult{} // by unit
	units := map[*pymodule.Module][]*unit{}
	if len(records) > 0 {
		for _, id := range sortedKeys(a.units) {
			u := a.units[id]
			units[u.key.mod] = append(units[u.key.mod], u)
		}
	}
	out := make([]found, len(records))
	for i, r := range records {
		out[i].Recorded = r
		var generic []hit
		for _, s := range r.Query {
			var hits []hit
			for _, u := range units[s.Module] {
				if n := u.key.fn; n != nil && !coversLine(s.Module.Tree, n.Node, s.Line) {
					continue
				}
				results, known := given[u.key.id]
				if !known {
					results = a.callResults(u)
					given[u.key.id] = results
				}
				hits = append(hits, a.narrowest(results, s.Line, r.Steps[0].Class, u.key)...)
			}
			for _, h := range hits {
				if h.origin.site.Generic {
					generic = append(generic, h)
				} else {
					out[i].hits = append(out[i].hits, h)
				}
			}
			if len(out[i].hits) > 0 {
				break
			}
		}
		if len(out[i].hits) == 0 {
			out[i].hits = generic // for the reason that it has
		}
	}
	return out
}

// callResult is a call, and what it gives.
type callResult struct {
	node pysyntax.Node
	v    value
}

// callResults are the calls of a unit that give anything.
func (a *analysis) callResults(u *unit) []callResult {
	var out []callResult
	a.interpretSeeing(u, func(n pysyntax.Node, v value) {
		if len(v) > 0 {
			out = append(out, callResult{n, v})
		}
	})
	return out
}

// narrowest are the objects of a class, straight from a query, that the calls at a line give. Of calls within each other
// those of the fewest lines count: a call around several lines has the objects of all of them.
func (a *analysis) narrowest(results []callResult, line int, class *pymodule.Class, at *unitKey) []hit {
	var out []hit
	lines := -1
	seen := map[string]bool{}
	t := at.mod.Tree
	for _, r := range results {
		if !coversLine(t, r.node, line) {
			continue
		}
		size := t.LineAt(t.End(r.node)) - t.Line(r.node)
		if lines >= 0 && size > lines {
			continue
		}
		var hits []hit
		for _, b := range flatten(r.v) {
			if b.kind != object || b.path != nil || !a.related(b.class, class) {
				continue
			}
			if o := b.origin.first(); o.kind == fromSite {
				hits = append(hits, hit{o, at})
			}
		}
		if len(hits) == 0 {
			continue
		}
		if size < lines {
			out, seen = nil, map[string]bool{}
		}
		lines = size
		for _, h := range hits {
			if !seen[h.origin.id] {
				seen[h.origin.id] = true
				out = append(out, h)
			}
		}
	}
	return out
}

func coversLine(t *pysyntax.Tree, n pysyntax.Node, line int) bool {
	return t.Line(n) <= line && line <= t.LineAt(t.End(n))
}
