package rewrite

import (
	"fmt"
	"slices"

	"github.com/lazyfix/lazyfix/rewrite/internal/loadflow"
	"github.com/lazyfix/lazyfix/rewrite/internal/pymodule"
)

var missingEagerLoad = rule{
	Rule: Rule{
		Name:    "missing-eager-load",
		Summary: "queries load the relationships that are read from their objects",
		Doc: `Adds loader options to the query whose objects have a relationship read: in the same function, in a helper that gets
the object, in a caller that gets it returned, in a property or method of the model, in a response schema, in a Jinja
template. A read behind another read makes one chain, selectinload(Order.items).selectinload(Item.product). What is read only
if it is loaded ("items" in order.__dict__, not in inspect(order).unloaded) gets no option, nor does what awaitable_attrs loads.
Under asyncio a column that only a subclass has is loaded, too, where its base is queried: by selectin_polymorphic. What all
callers of a function need of the statement that it gives them is added there, once; what only some need, at their calls. Where
code walks models that lead back to each other, and a query would get more than a dozen paths that do, each is loaded for three
steps at most, and the rest is reported. What would be more than 48 options of one query is reported, and not written.

The option is selectinload: unlike joinedload it needs no .unique(), works with FOR UPDATE, yield_per and limit, and
never drops rows. With --to-one joinedload a step to a single object is joined where none of that matters. A step that
the query loads already keeps its loader; a path never gets two different ones, which SQLAlchemy refuses.

Safe: an option only loads more. What it loaded stays as it was while the object is held, so that where several callers share
a query, one that changes rows by statements of its own (update(), insert(), delete()) and then reads the relationship, or
deletes its owner with a cascade, meets what was: there populate_existing or a refresh is needed.

A query that several models share takes its options by a parameter, which its function, and each on the way from the call to
it, gets where none is there. Where the query must not be edited (its function cannot take them, or it runs when its module is
imported) the read is reported instead.

SQLAlchemy 2.0 and 2.1.`,
		Before: "order = await session.scalar(select(Order).where(Order.id == id))\nprint([item.product.name for item in order.items])\n",
		After:  "order = await session.scalar(\n    select(Order)\n    .where(Order.id == id)\n    .options(selectinload(Order.items).selectinload(Item.product))\n)\nprint([item.product.name for item in order.items])\n",
		Safety: "safe",
	},
	check: checkMissingEagerLoad,
}

// checkMissingEagerLoad makes one action a target, whatever the number of statements, entities and paths.
func checkMissingEagerLoad(p *program) []*action {
	var out []*action
	order, refused := p.targets()
	for _, r := range refused {
		out = append(out, p.undecidedNeed(r.want, r.why))
	}
	p.findHanding(order)
	opened := map[*pymodule.Function]bool{}
	for _, t := range order {
		out = append(out, p.eagerLoad(t, opened)...)
	}
	return out
}

// refusedWant is a need that nothing can be edited for.
type refusedWant struct {
	want
	why string
}

// targets are the places that take loader options for what the queries lack, and the needs that no place takes any for.
func (p *program) targets() (order []*target, refused []refusedWant) {
	targets := map[targetKey]*target{}
	closed := closedWays{}
	var demands []*loadflow.Demand
	for _, d := range p.flow.Demands {
		demands = append(demands, atOwnStatements(d)...)
	}
	for _, d := range p.atSharedStatements(demands) {
		needs := slices.Clone(d.Needs)
		for i := 0; i < len(needs); i++ {
			need := needs[i]
			t, why := p.targetOf(d, need)
			if why != "" {
				if first := firstOf(d, need); first != nil && !slices.Contains(needs, first) {
					needs = append(needs, first)
				}
				if d.Site.Kind == loadflow.CallSite && d.Site.Param == "" {
					closed.close(d.Site, why)
				}
				refused = append(refused, refusedWant{wantOf(d, need), why})
				continue
			}
			if known := targets[t.key()]; known != nil {
				known.opensToo(t.opens)
			} else {
				targets[t.key()] = t
				order = append(order, t)
			}
			targets[t.key()].add(d, need)
		}
	}
	closed.openedBesides(order)
	order = slices.DeleteFunc(order, func(t *target) bool {
		why, shut := closed[t.key()]
		if shut = shut && len(t.opens) > 0; !shut {
			why = p.mixedRoots(t)
		}
		if why == "" {
			return false
		}
		for _, w := range t.wants {
			refused = append(refused, refusedWant{w, why})
		}
		return true
	})
	for _, t := range order {
		refused = append(refused, t.bound()...)
	}
	return slices.DeleteFunc(order, func(t *target) bool { return len(t.wants) == 0 }), refused
}

// mixedRoots says why a call that several classes' queries lead to gets no option: one class's option is an error for the
// other's statement.
func (p *program) mixedRoots(t *target) string {
	if t.form == chainTarget && t.wants[0].demand.Site.Kind == loadflow.SelectSite && !t.wants[0].demand.Mixed {
		return "" // each entity of a select() has its own options
	}
	root := t.wants[0].demand.Root()
	for _, w := range t.wants {
		c := w.demand.Root()
		if w.demand.Mixed || c != nil && root != nil && c != root && !p.graph.IsSubclass(c, root) && !p.graph.IsSubclass(root, c) {
			return "its query serves several models"
		}
	}
	return ""
}

// undecidedNeed reports a need that nothing can be edited for.
func (p *program) undecidedNeed(w want, why string) *action {
	need := w.need
	f := Finding{Rule: "undecided-read", Place: p.place(need.Why[0].Module, need.Why[0].Node), Why: p.steps(need.Why), LoaderPath: pathText(need.Steps)}
	f.Message = pathText(need.Steps) + " is read, but " + why
	f.query = p.queryPlace(w.demand.Site)
	f.markRecorded(need.Recorded)
	f.Advice = "load " + pathText(need.Steps) + " where the object is queried"
	return &action{module: w.demand.Site.Module, findings: []Finding{f}, loads: w.loads()}
}

// steps are hops as people see them.
func (p *program) steps(hops []loadflow.Hop) []Step {
	out := make([]Step, len(hops))
	for i, h := range hops {
		out[i] = Step{Place: p.place(h.Module, h.Node), Text: h.Text}
		if f := h.Module.FunctionAround(h.Node); f != nil {
			out[i].Scope = f.Qual
		}
	}
	return out
}

// pathText is a loader path as people say it: Order.items.product.
func pathText(steps []loadflow.Step) string {
	out := steps[0].Class.Name
	for _, s := range steps {
		out += "." + s.Rel.Name
		if s.Again {
			out += fmt.Sprintf("[...%s]", s.Rel.Name)
		}
	}
	return out
}
