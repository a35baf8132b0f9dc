package loadflow

import (
	"slices"

	"github.com/lazyfix/lazyfix/rewrite/internal/pymodule"
)

// mixed reports whether the call that made a query concrete makes one of another model, too, as self.repository.get(id)
// does in a class whose instances are given one repository each. An option for one model fails there for the other.
func (p *propagation) mixed(k siteKey, root *pymodule.Class) bool {
	s := k.site
	switch {
	case root == nil:
		return false
	case s.Kind != CallSite:
		return p.getsAnother(k, root)
	}
	if p.models == nil {
		p.models = p.findModels()
	}
	if s.Statement && p.givesAnother(s, root) {
		return true
	}
	return slices.ContainsFunc(p.models[placeID(s.Module, s.Node)], func(models []*pymodule.Class) bool {
		return !slices.ContainsFunc(models, func(c *pymodule.Class) bool { return p.a.related(c, root) })
	})
}

// getsAnother reports whether a query names its entity by a parameter that other calls of its function give another model: what a call
// by *args gives is one model in a context that tells none.
func (p *propagation) getsAnother(k siteKey, root *pymodule.Class) bool {
	s := k.site
	if s.Generic || s.Function == nil || k.entity >= len(s.Entities) {
		return false
	}
	i := s.Function.ParamIndex(s.Module.Tree.Text(s.Entities[k.entity].Expr))
	if i < 0 || s.Function.Module != s.Module {
		return false
	}
	another := func(a *atom) bool {
		if a == nil || a.kind != classRef {
			return false
		}
		m := p.a.ix.Class(a.class)
		return m != nil && m.Mapped && !p.a.related(a.class, root)
	}
	for _, key := range p.a.contexts[s.Function] {
		if u := p.a.units[key.id]; u != nil && !p.idle[key.id] && (another(key.given(i)) || slices.ContainsFunc(u.params[i], another)) {
			return true
		}
	}
	return false
}

// givesAnother reports whether the call of a method that gives a statement gives one of another model, too: self.statement() in a
// base class, where each class below has a statement of its own.
func (p *propagation) givesAnother(s *Site, root *pymodule.Class) bool {
	return slices.ContainsFunc(p.statementModels()[placeID(s.Module, s.Node)], func(models []*pymodule.Class) bool {
		return !slices.ContainsFunc(models, func(c *pymodule.Class) bool { return p.a.related(c, root) })
	})
}

// ownStatement is the query of one model behind a call that gives statements of several, on the way to a demand's, and beside it the
// others of the model that the call gives: see Demand.Own.
func (p *propagation) ownStatement(k siteKey) (own *Site, beside []*Site) {
	own, at := p.ownAt(k)
	if own == nil {
		return nil, nil
	}
	seen := map[string]bool{placeID(own.Module, own.Node): true}
	for _, o := range p.statedSites[placeID(at.Module, at.Node)] {
		ofModel := k.entity < len(o.Entities) && o.Entities[k.entity].Class == own.Entities[k.entity].Class
		if place := placeID(o.Module, o.Node); !seen[place] && ofModel && !o.Generic && !o.Mixed && (o.Kind == SelectSite || o.Statement) {
			seen[place] = true
			beside = append(beside, o)
		}
	}
	slices.SortFunc(beside, func(a, b *Site) int { return compareSites(siteKey{a, k.entity}, siteKey{b, k.entity}) })
	return own, beside
}

// ownAt is the first of them that is met, and the call that gives several.
func (p *propagation) ownAt(k siteKey) (own, at *Site) {
	for s := k.site; s != nil && k.entity < len(s.Entities); {
		root := s.Entities[k.entity].Class
		switch {
		case root == nil:
			return nil, nil
		case s.Kind != CallSite:
			if at != nil && s.Kind == SelectSite && !s.Generic && !s.Mixed {
				return s, at
			}
			return nil, nil
		case s.Statement && p.givesAnother(s, root):
			at = s
		case at != nil && s.Statement && !s.Generic:
			return s, at
		}
		if s.Through != nil {
			s = s.Through
		} else {
			s = s.Via
		}
	}
	return nil, nil
}

// statementModels are the mapped classes of the statements that calls give, one list a statement.
func (p *propagation) statementModels() map[string][][]*pymodule.Class {
	if p.stated != nil {
		return p.stated
	}
	p.stated, p.statedSites = map[string][][]*pymodule.Class{}, map[string][]*Site{}
	for id, u := range p.a.units {
		if p.idle[id] {
			continue
		}
		for _, e := range u.out.edges {
			callee := p.a.units[e.callee.id]
			if callee == nil {
				continue
			}
			for _, a := range callee.out.ret {
				if models, known := modelsOf(a); known {
					at := placeID(e.mod, e.node)
					p.stated[at] = append(p.stated[at], models)
					p.statedSites[at] = append(p.statedSites[at], a.stmt.site)
				}
			}
		}
	}
	return p.stated
}

// modelsOf are the classes that a statement selects, none of columns alone; false where that depends on a caller.
func modelsOf(a *atom) (out []*pymodule.Class, known bool) {
	if a.kind != statement || a.stmt.site == nil || a.stmt.site.Generic || a.stmt.site.Mixed {
		return nil, false
	}
	for _, e := range slices.Concat(a.stmt.site.Entities, a.stmt.ents) {
		if e.Class != nil {
			out = append(out, e.Class)
		}
	}
	return out, true
}

// findModels are the mapped classes that the contexts of called functions tell, one list a call.
func (p *propagation) findModels() map[string][][]*pymodule.Class {
	out := map[string][][]*pymodule.Class{}
	told := map[string][]*pymodule.Class{} // by context
	for id, u := range p.a.units {
		if p.idle[id] {
			continue
		}
		for _, e := range u.out.edges {
			if e.callee.closed() {
				continue
			}
			models, known := told[e.callee.id]
			if !known {
				models = p.a.told(e.callee)
				told[e.callee.id] = models
			}
			if len(models) > 0 {
				at := placeID(e.mod, e.node)
				out[at] = append(out[at], models)
			}
		}
	}
	return out
}

// told are the mapped classes that the context of a unit tells: what its class names or was given, and its arguments.
func (a *analysis) told(k *unitKey) []*pymodule.Class {
	var out []*pymodule.Class
	add := func(c *pymodule.Class) {
		if m := a.ix.Class(c); m != nil && m.Mapped {
			out = append(out, c)
		}
	}
	for _, t := range k.args.list {
		add(t.class)
	}
	for _, e := range k.args.given {
		for _, v := range e.value {
			add(v.class)
		}
	}
	for _, t := range k.types {
		add(t.atom.class)
	}
	if k.recv != nil && k.recv != k.fn.Class {
		for _, b := range a.g.MRO(k.recv) {
			for _, c := range a.paramsOf(k.recv, k.args, b) {
				add(c)
			}
			if b.Class == nil {
				continue
			}
			for _, f := range b.Class.Fields {
				if of := a.fieldOfMaker(k.recv, k.args, f); len(of) > 0 {
					add(of[0].class)
					continue
				}
				for _, v := range a.held[fieldKey{class: b.Class, name: f.Name}] {
					if v.kind == classRef {
						add(v.class)
					}
				}
			}
		}
	}
	return out
}
