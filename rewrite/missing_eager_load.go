package rewrite

import (
	"fmt"
	"strings"

	"github.com/lazyfix/lazyfix/edits"
	"github.com/lazyfix/lazyfix/rewrite/internal/loadflow"
	"github.com/lazyfix/lazyfix/rewrite/internal/pyedit"
	"github.com/lazyfix/lazyfix/rewrite/internal/pysyntax"
)

var missingEagerLoad = rule{
	Rule: Rule{
		Name:    "missing-eager-load",
		Summary: "queries load the relationships that are read from their objects",
		Doc: `Adds loader options to the query whose objects have a relationship read: in the same function, in a helper that gets
the object, in a caller that gets it returned, in a property or method of the model, in a response schema. A read behind
another read makes one chain, selectinload(Order.items).selectinload(Item.product).

The option is selectinload: unlike joinedload it needs no .unique(), works with FOR UPDATE, yield_per and limit, and
never drops rows. A step that the query loads already keeps its loader; a path never gets two different ones, which
SQLAlchemy refuses.

Safe: an option only loads more. Where the query must not be edited (it is shared by several models, or runs when its
module is imported) the read is reported instead.

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
	targets := map[targetKey]*target{}
	var order []*target
	for _, d := range p.flow.Demands {
		for _, need := range d.Needs {
			t, why := p.targetOf(d, need)
			if why != "" {
				out = append(out, p.undecidedNeed(d, need, why))
				continue
			}
			if targets[t.key()] == nil {
				targets[t.key()] = t
				order = append(order, t)
			}
			targets[t.key()].add(d, need)
		}
	}
	for _, t := range order {
		out = append(out, p.eagerLoad(t)...)
	}
	return out
}

// undecidedNeed reports a need that nothing can be edited for.
func (p *program) undecidedNeed(d *loadflow.Demand, need *loadflow.Need, why string) *action {
	f := Finding{Rule: "undecided-read", Place: p.place(need.Why[0].Module, need.Why[0].Node), Why: p.steps(need.Why)}
	f.Message = pathText(need.Steps) + " is read, but " + why
	f.Advice = "load " + pathText(need.Steps) + " where the object is queried"
	return &action{module: d.Site.Module, findings: []Finding{f}}
}

// eagerLoad gives one target what all its demands need.
func (p *program) eagerLoad(t *target) []*action {
	a := &action{module: t.module}
	var out []*action
	var options []string
	deepened := map[pysyntax.Node]bool{}
	for _, w := range t.wants {
		text, edit, why := p.loadNeed(a, t, w, deepened)
		if why != "" {
			out = append(out, p.undecidedNeed(w.demand, w.need, why))
			continue
		}
		if edit != nil {
			a.edits = append(a.edits, edit...)
		} else {
			options = append(options, text)
		}
		a.findings = append(a.findings, Finding{
			Rule: "missing-eager-load", Place: p.place(t.module, t.node), Why: p.steps(w.need.Why), Fixable: true,
			Message: "loads " + pathText(w.need.Steps),
		})
	}
	if len(options) > 0 {
		e, err := p.placeOptions(t, options)
		if err != nil {
			a.refuse(err.Error())
		}
		a.edits = append(a.edits, e...)
	}
	if len(a.findings) > 0 {
		out = append(out, a)
	}
	return out
}

// loadNeed is the option for one loader path, or the edit that deepens an existing one, or why neither can be.
func (p *program) loadNeed(a *action, t *target, w want, deepened map[pysyntax.Node]bool) (option string, edit []edits.Edit, why string) {
	need := w.need
	var top, local []pyedit.Import
	root, hint, why := p.rootOf(t, w, &top, &local)
	if why != "" {
		return "", nil, why
	}
	var links []string
	deepen := p.deepenable(t, need, deepened)
	for i, step := range need.Steps {
		loader, why := loaderFor(step, i < need.Loaded, i == len(need.Steps)-1)
		if why != "" {
			return "", nil, why
		}
		class := root
		if i > 0 {
			s, why := p.spellClass(t.module, t.function, t.node, step.Class, hint)
			if why != "" {
				return "", nil, why
			}
			class = s.text
			if deepen == nil || i >= need.Loaded {
				top, local = append(top, s.top...), append(local, s.local...)
			}
		}
		argument := class + "." + step.Rel.Name
		if step.Again && loader == "selectinload" {
			argument += ", recursion_depth=-1"
		}
		if i > 0 {
			links = append(links, "."+loader+"("+argument+")")
			continue
		}
		s, why := p.spellLoader(t.module, t.function, loader)
		if why != "" {
			return "", nil, why
		}
		links = append(links, s.text+"("+argument+")")
		if deepen == nil {
			top = append(top, s.top...)
		}
	}
	a.top = append(a.top, top...)
	if len(local) > 0 {
		a.local = append(a.local, localImport{t.function, local})
	}
	if deepen != nil {
		deepened[deepen.Node] = true
		return "", pyedit.Deepen(deepen.Module.Tree, deepen.Node, strings.Join(links[need.Loaded:], "")), ""
	}
	return strings.Join(links, ""), nil, ""
}

// loaderFor chooses the loader of one step. A path must have the same one wherever it stands in a statement.
func loaderFor(step loadflow.Step, loaded, last bool) (loader, why string) {
	switch step.Loader {
	case "":
		return "selectinload", ""
	case "model":
		return "defaultload", ""
	case "selectinload", "subqueryload", "immediateload", "defaultload":
		if last && step.Loader == "defaultload" {
			return "selectinload", ""
		}
		return step.Loader, ""
	case "joinedload", "contains_eager":
		if loaded || step.Loader == "joinedload" && !step.Rel.Many {
			return step.Loader, ""
		}
		return "", "another use of the same query loads it with " + step.Loader + ", and a path cannot have two loaders"
	}
	return "", "the query has " + step.Loader + " for it"
}

// steps are hops as people see them.
func (p *program) steps(hops []loadflow.Hop) []Step {
	out := make([]Step, len(hops))
	for i, h := range hops {
		out[i] = Step{Place: p.place(h.Module, h.Node), Text: h.Text}
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
