package loadflow

import (
	"strconv"

	"github.com/lazyfix/lazyfix/rewrite/internal/mapper"
)

// modelLoads reports whether the model's own strategy loads the last step of p when the steps before it are loaded, by the
// loaders in have or by the model too.
//
// SQLAlchemy stops such loading where the path comes back to a mapper that it passed: with lazy="selectin" on
// Product.prices, select(Price).options(joinedload(Price.product)) gives products without prices, and select(Node) nodes
// without their own children. join_depth= is how far it goes on nevertheless; lazy="immediate" never stops. A joined
// step sees only as far back as its own SELECT goes. Measured on SQLAlchemy 2.0 and 2.1; an option written out is
// loaded whatever it comes back to. Where o gives it by a statement whose rows are given, see addsNothing.
func (a *analysis) modelLoads(p *path, have coverage, o *origin) bool {
	r := p.rel
	if a.eager(r) && o != nil && a.addsNothing(p, modelLoader(r.Lazy), have, o) {
		return false
	}
	if !a.eager(r) || r.Lazy == mapper.Immediate || r.Target == nil {
		return a.eager(r)
	}
	if depth, ok := r.Says["join_depth"]; ok {
		n, err := strconv.Atoi(depth)
		return err == nil && (p.again || p.len() <= n) // read for ever, but bounded: its author chose how deep
	}
	for s := p; s != nil; s = s.up {
		if a.g.IsSubclass(s.class, r.Target) {
			return false
		}
		if r.Lazy == mapper.Joined && s.up != nil && !a.joins(s.up, have) {
			break
		}
	}
	return true
}

// boundedByModel reports whether a model loads a relationship to itself as deep as its author chose: an option for what is behind
// it is one for the first of those levels.
func (a *analysis) boundedByModel(r *mapper.Relationship) bool {
	_, ok := r.Says["join_depth"]
	return ok && a.eager(r)
}

// joins reports whether a step is loaded in the SELECT of the step before it.
func (a *analysis) joins(p *path, have coverage) bool {
	switch loader := have[p.rels]; loader {
	case "", "defaultload":
		return p.rel.Lazy == mapper.Joined && a.eager(p.rel)
	default:
		return loaders[Bare(loader)] == byJoin
	}
}

// modelLoader is the loader option that says what the model's own strategy does.
func modelLoader(s mapper.Strategy) string {
	switch s {
	case mapper.Joined:
		return "joinedload"
	case mapper.Subquery:
		return "subqueryload"
	case mapper.Immediate:
		return "immediateload"
	}
	return "selectinload"
}
