package loadflow

// hops are the places from the read to the query.
func (p *propagation) hops(w *wanted, s *Site) []Hop {
	if w.recorded != nil {
		return recordedHops(w.recorded, s)
	}
	out := []Hop{{w.read.mod, w.read.node, w.read.text}}
	var chain []*wanted
	for x := w; x != nil; x = x.from {
		chain = append(chain, x)
	}
	for i := len(chain) - 1; i >= 0; i-- {
		if e := chain[i].edge; e != nil && (e.text == heldFirst || e.text == heldAlong) {
			out = append(out, Hop{e.mod, e.node, e.text})
		} else if e != nil {
			out = append(out, Hop{e.mod, e.node, "passed to " + e.text})
		}
	}
	if s != nil {
		out = append(out, p.returned(w.unit, s)...)
		text := "queried"
		switch {
		case s.Kind == CallSite && s.Via != nil && s.Via.Function != nil:
			text = "queried by " + s.Via.Function.Qual
		case s.Function != nil && w.read.mod.Path != s.Module.Path:
			text = "queried in " + s.Function.Qual
		}
		out = append(out, Hop{s.Module, s.Node, text})
	}
	return out
}

// maxReturned bounds how many functions an object is followed back through that hand it on as their result.
const maxReturned = 8

// returned are the calls by which the objects of a query came to a unit as results, the nearest first: the shortest such
// way, of equal ones that which the code calls first. None where they came otherwise, by an attribute of an object or a
// variable of a module.
func (p *propagation) returned(at *unitKey, s *Site) []Hop {
	type visit struct {
		unit *unitKey
		way  []Hop
	}
	seen := map[string]bool{at.id: true}
	queue := []visit{{unit: at}}
	for len(queue) > 0 {
		v := queue[0]
		queue = queue[1:]
		if v.unit.fn == s.Function && v.unit.mod == s.Module {
			return v.way
		}
		u := p.a.units[v.unit.id]
		if u == nil || len(v.way) == maxReturned {
			continue
		}
		for _, e := range u.out.edges {
			callee := p.a.units[e.callee.id]
			if callee == nil || seen[e.callee.id] || e.callee.fn == nil || !p.gives(callee, s) {
				continue
			}
			seen[e.callee.id] = true
			queue = append(queue, visit{e.callee, append(v.way[:len(v.way):len(v.way)], Hop{e.mod, e.node, "returned by " + e.text})})
		}
	}
	return nil
}

// gives reports whether a unit's result holds objects of the query, or its statement.
func (p *propagation) gives(u *unit, s *Site) bool {
	sites, known := p.given[u.key.id]
	if !known {
		sites = map[*Site]bool{}
		for _, a := range flatten(u.out.ret) {
			if a.kind == statement {
				sites[a.stmt.site] = true
			}
			for o := a.origin; o != nil; o = o.inner {
				sites[o.site] = true
			}
		}
		p.given[u.key.id] = sites
	}
	return sites[s]
}
