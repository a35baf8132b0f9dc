package loadflow

import (
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

// Callers are the places that call a function which gives a statement that is Given to a Demand's site, each once, in no order.
func (f *Flow) Callers(fn *pymodule.Function) []Caller { return f.callers[fn] }

func (p *propagation) statementCallers(demands []*Demand) map[*pymodule.Function][]Caller {
	out := map[*pymodule.Function][]Caller{}
	for _, d := range demands {
		for in := d.Site.Given(); in != nil && out[in.Function] == nil; in = in.Given() {
			for _, e := range p.calls(in.Function) {
				out[in.Function] = appendOnce(out[in.Function], Caller{e.mod, e.node})
			}
		}
	}
	return out
}
