package loadflow

import (
	"cmp"
	"maps"
	"slices"

	"github.com/lazyfix/lazyfix/rewrite/internal/mapper"
	"github.com/lazyfix/lazyfix/rewrite/internal/pymodule"
)

// Under lazy="noload" a query sets None or [] for what it does not load, and the session holds that: a later query of the same
// session that loads the relationship finds it there, and leaves it (measured on 2.0 and 2.1; populate_existing loads anew).
//
//	order = await session.get(Order, 1)                                              # order.customer is None from here on
//	order = await session.scalar(select(Order).options(selectinload(Order.customer)))  # and is that still
//
// It matters what a query brings along, too: the orders behind selectinload(Customer.orders) have no customer then, and the row that
// comes by two paths of one query has what the first of them loads. A query of a class brings objects of its subclasses. Two queries
// have one session where a function runs both, itself or by what it calls. Above one that opens a session nothing is looked for.
// Which of them comes first, and of which rows, is not asked.

// LeftEmpty is a query that does not load a relationship, and one of the same session that does.
type LeftEmpty struct{ Lacks, Loads *Site }

// noloads reports whether a relationship comes to have noload.
func (t *table) noloads(r *mapper.Relationship) bool { return t.forgetting[r] == mapper.Noload }

// emptied are the sites that give objects without a relationship, and those that give them with it.
type emptied struct{ lacks, loads []*Site }

// findLeftEmpty finds the relationships that are to get noload and that a query would leave empty for another.
func (p *propagation) findLeftEmpty(demands []*Demand) map[*mapper.Relationship]LeftEmpty {
	if !slices.Contains(slices.Collect(maps.Values(p.a.t.forgetting)), mapper.Noload) {
		return nil
	}
	needs := map[siteKey][]*path{}
	for _, d := range demands {
		k := siteKey{d.Site, d.Entity}
		for _, n := range d.Needs {
			var at *path
			for _, s := range n.Steps {
				at = p.a.t.path(at, s.Class, s.Rel, false)
			}
			needs[k] = append(needs[k], at)
		}
	}
	by := map[*mapper.Relationship]*emptied{}
	for _, o := range p.a.t.queried() {
		if o.site.Module.Test() || o.entity >= len(o.site.Entities) || o.site.Entities[o.entity].Class == nil {
			continue
		}
		var loaded [][]*path
		for _, a := range o.opts.atoms() {
			if a.kind == option && a.opt.path != nil {
				loaded = append(loaded, a.opt.path.steps())
			}
		}
		for _, n := range needs[siteKey{o.site, o.entity}] {
			loaded = append(loaded, n.steps())
		}
		p.noteEmptied(by, o.site, o.site.Entities[o.entity].Class, loaded, nil, map[*pymodule.Class]bool{})
		p.noteUnseen(by, o)
	}
	out := map[*mapper.Relationship]LeftEmpty{}
	sessions := p.sessionsOf()
	for r, e := range by {
		if found, ok := e.inOneSession(sessions); ok {
			out[r] = found
		}
	}
	return out
}

// queried are the origins that are queries, sorted by place.
func (t *table) queried() []*origin {
	var out []*origin
	for i := range t.origins.shards {
		for _, o := range t.origins.shards[i].of {
			if o.kind == fromSite {
				out = append(out, o)
			}
		}
	}
	slices.SortFunc(out, func(a, b *origin) int {
		return cmp.Or(compareSites(siteKey{a.site, a.entity}, siteKey{b.site, b.entity}), cmp.Compare(a.id, b.id))
	})
	return out
}

// noteEmptied notes what is loaded, and what is not, of objects of a class that a site brings, by the paths that it loads from them.
// Behind the last of these it depends on the class alone: plain are those seen so, once each, however they lead to each other. Way are the
// relationships that they are behind: a way back leads to objects that were seen before, of which it takes nothing.
func (p *propagation) noteEmptied(by map[*mapper.Relationship]*emptied, site *Site, c *pymodule.Class, loaded [][]*path, way []*mapper.Relationship, plain map[*pymodule.Class]bool) {
	n := len(way)
	back := n > 1 && IsReverse(way[n-2], way[n-1])
	if len(loaded) == 0 {
		if plain[c] {
			return
		}
		plain[c] = !back
	}
	for _, r := range p.ofFamily(c) {
		var behind [][]*path
		has := r.Lazy.Eager() && !p.a.moved[r]
		for _, steps := range loaded {
			if len(steps) == 0 || steps[0].rel != r {
				continue
			}
			has = true
			if len(steps) > 1 {
				behind = append(behind, steps[1:])
			}
		}
		if p.a.t.noloads(r) {
			e := by[r]
			if e == nil {
				e = &emptied{}
				by[r] = e
			}
			if has && !p.a.t.populatesExisting(site) {
				e.loads = append(e.loads, site)
			} else if !has && !back {
				e.lacks = append(e.lacks, site)
			}
		}
		if has && r.Target != nil {
			p.noteEmptied(by, site, r.Target, behind, append(way[:n:n], r), plain)
		}
	}
}

// noteUnseen notes what the options of a query that are not followed may load. What they may load behind that is anything: it is not noted.
func (p *propagation) noteUnseen(by map[*mapper.Relationship]*emptied, o *origin) {
	for _, a := range o.opts.atoms() {
		if a.kind != option || a.opt.wild != unseenOption {
			continue
		}
		for _, r := range p.ofFamily(o.site.Entities[o.entity].Class) {
			if e := by[r]; e != nil && a.opt.mayBegin(r.Name) && !p.a.t.populatesExisting(o.site) {
				e.loads = appendOnce(e.loads, o.site)
			}
		}
	}
}

// ofFamily are the relationships that objects of a class may have, each once.
func (p *propagation) ofFamily(c *pymodule.Class) []*mapper.Relationship {
	out := slices.Clone(p.a.ix.All(c))
	for _, sub := range p.a.g.Subclasses(c) {
		for _, r := range p.a.ix.All(sub) {
			out = appendOnce(out, r)
		}
	}
	return out
}

// sessionsOf gives the functions that run another in the same session, itself among them: those that call it, and so on, up to who
// opens the session.
func (p *propagation) sessionsOf() func(*pymodule.Function) map[*pymodule.Function]bool {
	known := map[*pymodule.Function]map[*pymodule.Function]bool{}
	units := map[*pymodule.Function][]string{}
	for _, id := range sortedKeys(p.a.units) {
		if f := p.a.units[id].key.fn; f != nil {
			units[f.Def()] = append(units[f.Def()], id)
		}
	}
	return func(f *pymodule.Function) map[*pymodule.Function]bool {
		if f == nil {
			return nil
		}
		if known[f] != nil {
			return known[f]
		}
		out, todo := map[*pymodule.Function]bool{f: true}, []*pymodule.Function{f}
		for len(todo) > 0 {
			at := todo[0]
			todo = todo[1:]
			if opensSession(at) {
				continue
			}
			for _, id := range units[at] {
				for caller := range p.a.callers[id] {
					u := p.a.units[caller]
					if u == nil || u.key.fn == nil || u.key.mod.Test() || out[u.key.fn.Def()] {
						continue
					}
					out[u.key.fn.Def()] = true
					todo = append(todo, u.key.fn.Def())
				}
			}
		}
		known[f] = out
		return out
	}
}

// inOneSession is the first two queries that may have one session: one query by two paths, too.
func (e *emptied) inOneSession(sessions func(*pymodule.Function) map[*pymodule.Function]bool) (LeftEmpty, bool) {
	for _, lacks := range e.lacks {
		above := sessions(lacks.Function)
		for _, loads := range e.loads {
			for f := range sessions(loads.Function) {
				if above[f] {
					return LeftEmpty{lacks, loads}, true
				}
			}
		}
	}
	return LeftEmpty{}, false
}
