package loadflow

import (
	"bytes"
	"slices"
	"strings"

	"github.com/lazyfix/lazyfix/rewrite/internal/mapper"
	"github.com/lazyfix/lazyfix/rewrite/internal/pymodule"
	"github.com/lazyfix/lazyfix/rewrite/internal/pysyntax"
)

// What is awaited comes with what its model loads by itself:
//
//	membership = await user.awaitable_attrs.membership
//	membership.team  # lazy="joined"
//
// The query is asked for neither, unless its own options keep the model from it: they go along with the lazy load. Only where models
// load all that is read behind the awaited step; else the way on is that of any read behind one (awaited_load.go).

// broughtByAwait is what `await order.awaitable_attrs.items` gives, with the awaited step as loaded on its way, where its model loads
// anything.
func (x *interp) broughtByAwait(n pysyntax.Node, given value) value {
	t := x.t
	if t.Kind(n) != pysyntax.Attribute || !isAwaitable(t, n) {
		return given
	}
	name := t.Text(t.Child(n, pysyntax.FieldAttribute))
	r := &rewriter{t: x.a.t, replace: func(a *atom) []*atom {
		if a.kind != object || a.path == nil || a.path.rel.Name != name || a.path.rel.Lazy != mapper.Select || !x.a.loadsAny(a.path.rel) {
			return []*atom{a}
		}
		var names []string
		for _, s := range a.path.steps() {
			names = append(names, s.rel.Name)
		}
		loaded, inner, mod, at := []string{strings.Join(names, ".")}, a.origin, x.m, n
		if inner.isAwaited() && inner.prefix == nil { // of several one origin, as in loadedAt
			loaded, inner, mod, at = append(slices.Clone(inner.loaded), loaded...), inner.inner, inner.mod, inner.node
			slices.Sort(loaded)
			loaded = slices.Compact(loaded)
		}
		return []*atom{x.a.t.object(a.class, x.a.t.refreshOrigin(byAwait, mod, at, loaded, inner, nil), a.path)}
	}}
	return r.value(given)
}

// loadsAny reports whether the model that a relationship leads to, or one below it, loads a relationship by itself.
func (a *analysis) loadsAny(r *mapper.Relationship) bool {
	return r.Target != nil && slices.ContainsFunc(a.ix.Relationships, func(other *mapper.Relationship) bool {
		return other.Owner != nil && a.eager(other) && a.related(other.Owner, r.Target)
	})
}

// findKeepsBack has the names of what some query keeps its own objects from loading by themselves: options(lazyload(Order.customer)).
// An order of it may be in the session that an awaited step looks its order up in, without its customer.
func (a *analysis) findKeepsBack() map[string]bool {
	out := map[string]bool{}
	for _, m := range a.g.Modules {
		t := m.Tree
		if !bytes.Contains(t.Source(), []byte("load(")) {
			continue
		}
		for n := range t.Within(t.Root()) {
			if t.Kind(n) != pysyntax.Call || !slices.Contains([]string{"lazyload", "noload", "raiseload"}, t.Text(t.Child(n, pysyntax.FieldFunction))) {
				continue
			}
			out[pymodule.Last(t.Text(t.First(t.Child(n, pysyntax.FieldArguments))))] = true
		}
	}
	return out
}

// comesAlong reports whether models load all that a path has behind its first steps, once those are loaded lazily.
func (p *propagation) comesAlong(w *wanted, steps int) bool {
	for s := w.path; s.len() > steps; s = s.up {
		if s.column() != nil || s.again || p.a.keepsBack()[s.rel.Name] || !p.a.modelLoads(s, nil, nil) || p.a.missesSubclass(s, w.origin, nil) {
			return false
		}
	}
	return true
}

// keptFromModel reports whether the options of a query keep the models from what they load by themselves at the end of a path.
func (p *propagation) keptFromModel(w *wanted) bool {
	o := w.origin
	if o.opts.wildcard() != "" {
		return true
	}
	have := o.opts.covered()
	for s := w.path; s != nil && p.a.eager(s.rel); s = s.up {
		if loader := have[s.rels]; loader != "" && !loads(loader) || o.opts.wildcardBelow(s.up) != "" || p.a.missesSubclass(s, o, have) {
			return true
		}
	}
	return false
}
