package rewrite

import (
	"slices"
	"strings"

	"github.com/lazyfix/lazyfix/rewrite/internal/loadflow"
	"github.com/lazyfix/lazyfix/rewrite/internal/pysyntax"
)

// joins reports whether a step gets joinedload, as --to-one says: to one row, never to a collection, or to one of several rows, which
// a join would multiply. Behind a step that has a query of its own, that query is SQLAlchemy's and goes with a join; otherwise it is the
// statement, which must be seen and do nothing that a join spoils. All statements of a target get the same loader.
func (p *program) joins(t *target, w want, i int, own bool) bool {
	step := w.need.Steps[i]
	if p.options.ToOne != "joinedload" || !p.index.OneRow(step.Class, step.Rel) || step.Again || step.Loader != "" ||
		p.ofType(w.need, i) || i == 0 && p.onSubclass(w.demand, w.need) || p.refreshLocks() {
		return false
	}
	for _, other := range t.wants { // where it goes to a subclass on another path, it must be selectinload on all
		if samePrefix(w.need.Steps, other.need.Steps, i+1) && p.ofType(other.need, i) {
			return false
		}
	}
	if own {
		return true
	}
	for _, other := range t.wants {
		site := other.demand.Site
		if !other.demand.Joins || site.Kind == loadflow.CallSite || t.form != chainTarget && site.Kind != loadflow.GetSite {
			return false
		}
		if site.Kind == loadflow.GetSite && site.Module.Tree.Keyword(site.Node, "with_for_update") != pysyntax.Nil {
			return false
		}
	}
	return true
}

// samePrefix reports whether two loader paths have the first n steps in common.
func samePrefix(a, b []loadflow.Step, n int) bool {
	return len(a) >= n && len(b) >= n && slices.EqualFunc(a[:n], b[:n], func(x, y loadflow.Step) bool { return x.Rel == y.Rel })
}

// refreshLocks reports whether the program refreshes objects with FOR UPDATE, which repeats the joins that they came by.
func (p *program) refreshLocks() bool {
	for _, m := range p.graph.Modules {
		t := m.Tree
		if !strings.Contains(string(t.Source()), "with_for_update") {
			continue
		}
		for i := range t.Len() {
			n := pysyntax.Node(i)
			if t.Kind(n) == pysyntax.Call && strings.HasSuffix(t.Text(t.Child(n, pysyntax.FieldFunction)), ".refresh") &&
				t.Keyword(n, "with_for_update") != pysyntax.Nil {
				return true
			}
		}
	}
	return false
}
