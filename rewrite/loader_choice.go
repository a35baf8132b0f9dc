package rewrite

import (
	"github.com/lazyfix/lazyfix/rewrite/internal/loadflow"
	"github.com/lazyfix/lazyfix/rewrite/internal/pysyntax"
)

// loaderOf chooses the loader of step i of a want. Own: a step before it has a query of its own.
func (p *program) loaderOf(t *target, w want, i int, own bool) (loader, why string) {
	step, loaded := w.need.Steps[i], i < w.loaded
	loader, why = loaderFor(step, loaded)
	switch {
	case why != "" || step.ByModel:
	case loaded && !repeatable(t, w, i):
		loader = "defaultload"
	case !loaded && loader == "selectinload" && p.joins(t, w, i, own):
		loader = "joinedload"
	}
	return loader, why
}

// loaderFor chooses the loader of one step. A path must have the same one wherever it stands in a statement, or SQLAlchemy
// refuses it (measured on 2.0 and 2.1), but defaultload, which only goes along. A loader that says more than which
// relationship cannot be said again.
func loaderFor(step loadflow.Step, loaded bool) (loader, why string) {
	again := step.Loader == loadflow.Bare(step.Loader) && (step.Loader == "joinedload" || loadflow.OwnQuery(step.Loader))
	switch {
	case (loaded || step.ByModel) && again:
		return step.Loader, ""
	case loaded || step.ByModel:
		return "defaultload", ""
	case step.Loader == "", step.Loader == "defaultload":
		if step.Rel.Beyond {
			return "immediateload", ""
		}
		return "selectinload", ""
	case again && (step.Loader != "joinedload" || !step.Rel.Many):
		return step.Loader, ""
	}
	return "", "the same query has " + loadflow.Bare(step.Loader) + " for it elsewhere, and a path cannot have two loaders"
}

// repeatable reports whether a step that the query loads already may be written once more as it stands: one plain
// literal in the same function, and no alternative to another. Elsewhere defaultload goes along whatever loader there is,
// and conflicts with none.
func repeatable(t *target, w want, i int) bool {
	once := false
	for _, o := range w.demand.Options {
		if !o.Begins(w.need.Steps, i+1) {
			continue
		}
		if o.Steps[i].Loader != w.need.Steps[i].Loader && o.Steps[i].Loader != "defaultload" {
			return false // of another branch
		}
		once = once || o.Module == t.module && o.Func == t.function && o.Steps[i].Loader == w.need.Steps[i].Loader && !alternative(t, o) && saysStep(o)
	}
	return once
}

// alternative reports whether an option may not be the one that a statement gets: load or selectinload(Order.items).
func alternative(t *target, o *loadflow.Option) bool {
	tree := o.Module.Tree
	for n := o.Node; n != pysyntax.Nil && !tree.Contains(n, t.node); n = tree.Parent(n) {
		if tree.Is(n, pysyntax.ConditionalExpression, pysyntax.BooleanOperator, pysyntax.IfStatement) {
			return true
		}
	}
	return false
}
