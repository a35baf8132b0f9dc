package loadflow

import (
	"github.com/lazyfix/lazyfix/rewrite/internal/mapper"
	"github.com/lazyfix/lazyfix/rewrite/internal/pymodule"
	"github.com/lazyfix/lazyfix/rewrite/internal/pysyntax"
)

// Reached is a read that leads to a query, with Settings.Reached: what there is to say of a line for which nothing is
// reported. A Need says the same of one read a path only.
type Reached struct {
	Rel    *mapper.Relationship
	Module *pymodule.Module
	Node   pysyntax.Node
	Site   *Site
	Loaded bool // the query, or its model, loads it already on every way from there to here
}

type reachedKey struct {
	rel  *mapper.Relationship
	mod  *pymodule.Module
	node pysyntax.Node
	site *Site
}

// reach notes that a read leads to a query.
func (p *propagation) reach(w *wanted, s *Site, loaded bool) {
	if p.a.reached == nil || w.path.column() != nil {
		return
	}
	key := reachedKey{w.path.rel, w.read.mod, w.read.node, s}
	before, known := p.a.reached[key]
	p.a.reached[key] = loaded && (before || !known)
}

// allReached is what reach noted, in no order.
func (p *propagation) allReached() []*Reached {
	var out []*Reached
	for k, loaded := range p.a.reached {
		out = append(out, &Reached{k.rel, k.mod, k.node, k.site, loaded})
	}
	return out
}
