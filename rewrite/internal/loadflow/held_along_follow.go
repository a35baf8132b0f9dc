package loadflow

import (
	"maps"
	"slices"

	"github.com/lazyfix/lazyfix/rewrite/internal/pymodule"
)

// What is read of what a session.get() gives, at the queries that may have loaded the object before, along with another that is held:
// see held_along.go.

// heldAlong is what is said of such a session.get().
const heldAlong = "got by its key while the session may hold it, as this query loads it along"

// heldAlongs remembers what was found of units and queries.
type heldAlongs struct {
	p       *propagation
	of      map[string][]heldFor // by unit
	kept    map[string][]*atom   // by unit
	rooted  map[rooted][]rooted
	ways    map[*Site][]callWay
	fields  map[*pymodule.Class][]*atom // what attributes of instances hold
	objects map[classDepth][]*atom
	pairs   map[string]*unitKey // who holds an object of a step of a query while another gets it
	gets    []getsOf
}

// getsOf are the queries by key of a class.
type getsOf struct {
	class *pymodule.Class
	keys  []siteKey
}

// maxHeldRounds bounds how often what such a query comes to load holds what another gets.
const maxHeldRounds = 4

// followHeldAlong adds what is read of objects that session.get() gives to what the queries load that may have loaded them along.
func (p *propagation) followHeldAlong() {
	h := &heldAlongs{
		p: p, of: map[string][]heldFor{}, kept: map[string][]*atom{}, rooted: map[rooted][]rooted{},
		ways: map[*Site][]callWay{}, pairs: map[string]*unitKey{}, objects: map[classDepth][]*atom{},
	}
	for _, k := range slices.SortedFunc(maps.Keys(p.bySite), compareSites) {
		if !p.isGet(k) {
			continue
		}
		c := k.site.Entities[k.entity].Class
		i := slices.IndexFunc(h.gets, func(g getsOf) bool { return g.class == c })
		if i < 0 {
			i = len(h.gets)
			h.gets = append(h.gets, getsOf{class: c})
		}
		h.gets[i].keys = append(h.gets[i].keys, k)
	}
	if len(h.gets) == 0 {
		return
	}
	for range maxHeldRounds {
		added := false
		for _, k := range slices.SortedFunc(maps.Keys(p.bySite), compareSites) {
			added = h.atQuery(k) || added
		}
		if !added {
			return
		}
	}
}

// isGet reports whether a query is a session.get() in a function, of a known class.
func (p *propagation) isGet(k siteKey) bool {
	s := k.site
	if s.Function == nil || s.Generic || k.entity >= len(s.Entities) || s.Entities[k.entity].Class == nil {
		return false
	}
	for via := s; via != nil; via = via.Via {
		if via.Kind == GetSite {
			x := &interp{a: p.a, t: via.Module.Tree, m: via.Module}
			return !p.a.t.populatesExisting(s) && !via.locks() && !x.reckonsKey(via.Node)
		}
	}
	return false
}

// atQuery adds to a query what is read of what each session.get() gives that may be what it loads along; false where there is nothing
// to add.
func (h *heldAlongs) atQuery(k siteKey) bool {
	added := false
	seen := map[string]bool{}
	for _, w := range slices.Clone(h.p.bySite[k]) {
		for _, step := range w.path.steps() {
			if step.column() != nil || step.rel.Target == nil || step.again || !step.rel.Lazy.Held() {
				break
			}
			if seen[step.rels] {
				continue
			}
			seen[step.rels] = true
			for _, g := range h.gets {
				if !h.p.a.related(g.class, step.rel.Target) {
					continue
				}
				for _, get := range g.keys {
					if get.site == k.site {
						continue
					}
					if by := h.holder(k, step, get.site); by != nil {
						added = h.loadAlong(k, w, step, get, by) || added
					}
				}
			}
		}
	}
	return added
}

// loadAlong adds what is read of what a session.get() gives behind a step of a path at a query that loads it along.
func (h *heldAlongs) loadAlong(k siteKey, w *wanted, step *path, get siteKey, by *unitKey) bool {
	p := h.p
	added := false
	first, _ := p.a.loadedSteps(step, w.origin)
	for _, other := range p.bySite[get] {
		if other.test || other.path.column() != nil || other.path.asked() > 0 {
			continue
		}
		own, _ := p.a.loadedSteps(other.path, other.origin)
		if first == step.len() && own == other.path.len() {
			continue // so it was before
		}
		whole, ok := p.a.t.extend(step, other.path)
		if !ok || whole == nil || repeats(step, other.path) {
			continue
		}
		if n, _ := p.a.loadedSteps(whole, w.origin); n == whole.len() ||
			slices.ContainsFunc(p.bySite[k], func(have *wanted) bool { return have.path.rels == whole.rels }) {
			continue
		}
		e := &edge{callee: by, mod: get.site.Module, node: get.site.Node, text: heldAlong}
		p.bySite[k] = append(p.bySite[k], &wanted{origin: w.origin, path: whole, read: other.read, from: other, edge: e, unit: by})
		added = true
	}
	return added
}

// repeats reports whether a path reads a relationship again that stands on the way to it: of trees and their like there is no end.
func repeats(before, p *path) bool {
	return slices.ContainsFunc(p.steps(), func(s *path) bool {
		return slices.ContainsFunc(before.steps(), func(b *path) bool { return b.rel == s.rel })
	})
}

// holder is the unit that holds an object of a query, of which a step was loaded along, while it makes a session.get() or calls what
// does; nil without.
func (h *heldAlongs) holder(k siteKey, step *path, get *Site) *unitKey {
	id := k.site.id + "#" + step.rels + ">" + get.id
	if by, known := h.pairs[id]; known {
		return by
	}
	ways, known := h.ways[get]
	if !known {
		ways = h.p.waysTo(get)
		h.ways[get] = ways
	}
	var by *unitKey
	for _, w := range ways {
		held := slices.ContainsFunc(h.heldBy(w.unit), func(held heldFor) bool {
			return held.origin.site.id == k.site.id && held.origin.entity == k.entity && held.path.beginsIn(step) && held.during(h.p, w)
		})
		if held {
			by = w.unit.key
			break
		}
	}
	h.pairs[id] = by
	return by
}

// beginsIn reports whether a path is the beginning of another.
func (p *path) beginsIn(other *path) bool {
	return p == nil || other.len() >= p.len() && other.steps()[p.len()-1].rels == p.rels
}
