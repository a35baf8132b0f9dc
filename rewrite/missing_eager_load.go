package rewrite

import (
	"fmt"
	"strings"

	"github.com/lazyfix/lazyfix/edits"
	"github.com/lazyfix/lazyfix/rewrite/internal/loadflow"
	"github.com/lazyfix/lazyfix/rewrite/internal/pyedit"
	"github.com/lazyfix/lazyfix/rewrite/internal/pymodule"
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

// checkMissingEagerLoad makes one action a statement, whatever the number of its entities and paths.
func checkMissingEagerLoad(p *program) []*action {
	var out []*action
	for i := 0; i < len(p.flow.Demands); {
		j := i + 1
		for j < len(p.flow.Demands) && p.flow.Demands[j].Site.Module == p.flow.Demands[i].Site.Module &&
			p.flow.Demands[j].Site.Node == p.flow.Demands[i].Site.Node {
			j++
		}
		out = append(out, p.eagerLoad(p.flow.Demands[i:j])...)
		i = j
	}
	return out
}

// eagerLoad gives one statement what its demands need.
func (p *program) eagerLoad(demands []*loadflow.Demand) []*action {
	site := demands[0].Site
	a := &action{module: site.Module}
	var options []string
	deepened := map[pysyntax.Node]bool{}
	for _, d := range demands {
		for _, need := range d.Needs {
			f := Finding{Rule: "missing-eager-load", Place: p.place(site.Module, site.Node), Why: p.steps(need.Why)}
			text, edit, why := p.loadNeed(a, d, need, deepened)
			switch {
			case why != "":
				f.Rule = "undecided-read"
				f.Place = f.Why[0].Place
				f.Message = pathText(need.Steps) + " is read, but " + why
				f.Advice = "load " + pathText(need.Steps) + " where the object is queried"
			case edit != nil:
				a.edits = append(a.edits, edit...)
				f.Fixable = true
			default:
				options = append(options, text)
				f.Fixable = true
			}
			if f.Fixable {
				f.Message = "loads " + pathText(need.Steps)
			}
			a.findings = append(a.findings, f)
		}
	}
	if len(options) > 0 {
		e, err := p.placeOptions(site, options)
		if err != nil {
			return []*action{refused(a, err)}
		}
		a.edits = append(a.edits, e...)
	}
	return []*action{a}
}

// refused turns the findings of an action into reports of why nothing was edited.
func refused(a *action, err error) *action {
	for i := range a.findings {
		if f := &a.findings[i]; f.Fixable {
			f.Fixable = false
			f.Message = strings.Replace(f.Message, "loads ", "does not load ", 1)
			f.Advice = "not edited: " + err.Error()
		}
	}
	return &action{findings: a.findings, module: a.module}
}

// loadNeed is the option for one loader path, or the edit that deepens an existing one, or why neither can be.
func (p *program) loadNeed(a *action, d *loadflow.Demand, need *loadflow.Need, deepened map[pysyntax.Node]bool) (option string, edit []edits.Edit, why string) {
	site := d.Site
	if why := p.siteRefuses(d, need); why != "" {
		return "", nil, why
	}
	var top []pyedit.Import
	var local []pyedit.Import
	root, hint, why := p.rootOf(d, &top, &local)
	if why != "" {
		return "", nil, why
	}
	var links []string
	for i, step := range need.Steps {
		loader, why := loaderFor(step, i < need.Loaded, i == len(need.Steps)-1)
		if why != "" {
			return "", nil, why
		}
		class := root
		if i > 0 {
			s, why := p.spellClass(site.Module, site.Function, site.Node, step.Class, hint)
			if why != "" {
				return "", nil, why
			}
			class = s.text
			top, local = append(top, s.top...), append(local, s.local...)
		}
		argument := class + "." + step.Rel.Name
		if step.Again && loader == "selectinload" {
			argument += ", recursion_depth=-1"
		}
		if i > 0 {
			links = append(links, "."+loader+"("+argument+")")
			continue
		}
		s, why := p.spellLoader(site.Module, site.Function, loader)
		if why != "" {
			return "", nil, why
		}
		links = append(links, s.text+"("+argument+")")
		if need.Loaded == 0 || p.deepenable(d, need, deepened) == nil {
			top = append(top, s.top...)
		}
	}
	a.top = append(a.top, top...)
	if len(local) > 0 {
		a.local = append(a.local, localImport{site.Function, local})
	}
	if o := p.deepenable(d, need, deepened); o != nil {
		deepened[o.Node] = true
		return "", pyedit.Deepen(o.Module.Tree, o.Node, strings.Join(links[need.Loaded:], "")), ""
	}
	return strings.Join(links, ""), nil, ""
}

// siteRefuses says why no option may go to the site.
func (p *program) siteRefuses(d *loadflow.Demand, need *loadflow.Need) string {
	site := d.Site
	switch {
	case site.Generic && site.Function != nil:
		return "its query in " + site.Function.Qual + " serves several models"
	case site.ImportTime:
		return "its query runs when its module is imported, where a loader option can break the mappers"
	case site.Kind == loadflow.CallSite && !site.Statement && site.Param == "":
		if site.Via != nil && site.Via.Function != nil {
			return "its query in " + site.Via.Function.Qual + " serves several models and takes no loader options"
		}
		return "its query serves several models"
	}
	if first := need.Steps[0]; d.Entity < len(site.Entities) && site.Entities[d.Entity].Class != nil {
		entity := site.Entities[d.Entity].Class
		if first.Rel.Owner != nil && !p.graph.IsSubclass(entity, first.Rel.Owner) {
			return "the relationship is one of a subclass of " + entity.Name + ": it needs selectin_polymorphic or of_type"
		}
	}
	return p.editable(site.Module, site.Node)
}

// rootOf spells the entity at the site: as the statement does, or by the class where it says self.model.
func (p *program) rootOf(d *loadflow.Demand, top, local *[]pyedit.Import) (root, hint, why string) {
	site := d.Site
	entity := site.Entities[d.Entity]
	t := site.Module.Tree
	if name, ok := pymodule.DottedName(t, entity.Expr); ok {
		s := p.graph.ResolveIn(site.Module, nil, site.Function, name)
		first, _, _ := strings.Cut(name, ".")
		isParam := site.Function != nil && site.Function.ParamIndex(first) >= 0
		if s.Kind == pymodule.ClassSymbol || !isParam && !strings.Contains(name, ".") {
			return name, name, ""
		}
	}
	class := entity.Class
	if class == nil { // the site does not name it: a parameter's annotation did
		class = d.Needs[0].Steps[0].Class
	}
	s, why := p.spellClass(site.Module, site.Function, site.Node, class, "")
	if why != "" {
		return "", "", why
	}
	*top, *local = append(*top, s.top...), append(*local, s.local...)
	return s.text, s.text, ""
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

// deepenable is the option that ends where the need begins, if it stands in the same function and nobody deepened it yet.
func (p *program) deepenable(d *loadflow.Demand, need *loadflow.Need, deepened map[pysyntax.Node]bool) *loadflow.Option {
	if need.Loaded == 0 || need.Loaded == len(need.Steps) {
		return nil
	}
	for _, o := range d.Options {
		if o.Module != d.Site.Module || o.Func != d.Site.Function || len(o.Steps) != need.Loaded || deepened[o.Node] {
			continue
		}
		same := true
		for i := range o.Steps {
			same = same && o.Steps[i].Rel == need.Steps[i].Rel
		}
		if same {
			return o
		}
	}
	return nil
}

// placeOptions adds options to the site in the form that it takes.
func (p *program) placeOptions(site *loadflow.Site, options []string) ([]edits.Edit, error) {
	t, style := site.Module.Tree, p.styles.of(site.Module)
	switch {
	case site.Kind == loadflow.GetSite:
		return pyedit.AddToListKeyword(t, site.Node, "options", options, style)
	case site.Kind == loadflow.CallSite && !site.Statement:
		if name, star := strings.CutPrefix(site.Param, "*"); star {
			return pyedit.AddPositional(t, site.Node, options, style)
		} else {
			return pyedit.AddToListKeyword(t, site.Node, name, options, style)
		}
	}
	return pyedit.AddOptions(t, site.Node, options, style)
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
