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
	Why    []Hop
	// Options are the loaders of the query that load what is read, what leads to it, or what is read behind it. Where several ways
	// lead to the query, these and Why are of the first one, of those that do not load it where there are such.
	Options []Hop
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
	if before := p.a.reached[key]; before != nil && (loaded || !before.Loaded) {
		return
	}
	p.a.reached[key] = &Reached{key.rel, key.mod, key.node, s, loaded, p.hops(w, s), optionsOf(w)}
}

// optionsOf are the options on the way of what is wanted.
func optionsOf(w *wanted) []Hop {
	var out []Hop
	for _, a := range w.origin.opts.atoms() {
		if a.kind != option || a.opt.path == nil {
			continue
		}
		if by := a.opt.path.rels; by == w.path.rels || goesOn(by, w.path.rels) || goesOn(w.path.rels, by) {
			out = append(out, Hop{Module: a.opt.mod, Node: a.opt.node})
		}
	}
	return out
}

// allReached is what reach noted, in no order.
func (p *propagation) allReached() []*Reached {
	var out []*Reached
	for _, r := range p.a.reached {
		out = append(out, r)
	}
	return out
}
