package loadflow

import (
	"slices"

	"github.com/lazyfix/lazyfix/rewrite/internal/pymodule"
	"github.com/lazyfix/lazyfix/rewrite/internal/pysyntax"
)

// Caller is a place that calls a function.
type Caller struct {
	Module *pymodule.Module
	Node   pysyntax.Node
}

// Given is where the statement that a call gives is made in the called function: its query, or a call there. Nil for any other site.
func (s *Site) Given() *Site {
	if s.Kind != CallSite || !s.Statement {
		return nil
	}
	in := s.Via
	if s.Through != nil {
		in = s.Through
	}
	if in == nil || in.Function == nil || in.Kind == CallSite && !in.Statement || in.Kind == GetSite {
		return nil
	}
	return in
}

// Callers are the places that get a statement which is made at a site by calling its function, each once, in no order: not those
// that ask the function for another, newest(count=True). Of sites that a Demand's is Given.
func (f *Flow) Callers(in *Site) []Caller { return f.callers[in] }

func (p *propagation) statementCallers(demands []*Demand) map[*Site][]Caller {
	out := map[*Site][]Caller{}
	for _, d := range demands {
		for in := d.Site.Given(); in != nil && out[in] == nil; in = in.Given() {
			for _, k := range p.a.contexts[in.Function] {
				if !p.givesFrom(k, in) {
					continue
				}
				for _, edges := range p.a.callers[k.id] {
					for _, e := range edges {
						out[in] = appendOnce(out[in], Caller{e.mod, e.node})
					}
				}
			}
		}
	}
	return out
}

// givesFrom reports whether a function gives a statement that is made at a site in it, whatever options it has.
func (p *propagation) givesFrom(k *unitKey, in *Site) bool {
	u := p.a.units[k.id]
	return u != nil && slices.ContainsFunc(flatten(u.out.ret), func(a *atom) bool {
		return a.kind == statement && a.stmt.site != nil && a.stmt.site.Module == in.Module && a.stmt.site.Node == in.Node
	})
}
