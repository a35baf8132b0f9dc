package rewrite

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/lazyfix/lazyfix/rewrite/internal/loadflow"
	"github.com/lazyfix/lazyfix/rewrite/internal/mapper"
	"github.com/lazyfix/lazyfix/rewrite/internal/pyedit"
	"github.com/lazyfix/lazyfix/rewrite/internal/pymodule"
	"github.com/lazyfix/lazyfix/rewrite/internal/pysyntax"
)

var missingEagerLoad = rule{
	Rule: Rule{
		Name:    "missing-eager-load",
		Summary: "queries load the relationships that are read from their objects",
		Doc: `Adds loader options to the query whose objects have a relationship read: in the same function, in a helper that gets
the object, in a caller that gets it returned, in a property or method of the model, in a response schema, in a Jinja
template. A read behind another read makes one chain, selectinload(Order.items).selectinload(Item.product).

The option is selectinload: unlike joinedload it needs no .unique(), works with FOR UPDATE, yield_per and limit, and
never drops rows. With --to-one joinedload a step to a single object is joined where none of that matters. A step that
the query loads already keeps its loader; a path never gets two different ones, which SQLAlchemy refuses.

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
				out = append(out, p.undecidedNeed(wantOf(d, need), why))
				continue
			}
			if targets[t.key()] == nil {
				targets[t.key()] = t
				order = append(order, t)
			}
			targets[t.key()].add(d, need)
		}
	}
	opened := map[*pymodule.Function]bool{}
	for _, t := range order {
		if why := p.mixedRoots(t); why != "" {
			for _, w := range t.wants {
				out = append(out, p.undecidedNeed(w, why))
			}
			continue
		}
		out = append(out, p.eagerLoad(t, opened)...)
	}
	return out
}

// mixedRoots says why a call that several classes' queries lead to gets no option: one class's option is an error for the
// other's statement.
func (p *program) mixedRoots(t *target) string {
	if t.form == chainTarget && t.wants[0].demand.Site.Kind == loadflow.SelectSite {
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
	f.markRecorded(need.Recorded)
	f.Advice = "load " + pathText(need.Steps) + " where the object is queried"
	return &action{module: w.demand.Site.Module, findings: []Finding{f}, loads: w.loads()}
}

// eagerLoad gives one target what all its demands need. Opened are the shared functions that got their parameter already.
func (p *program) eagerLoad(t *target, opened map[*pymodule.Function]bool) []*action {
	a := &action{module: t.module}
	var out []*action
	var options []string
	deeper := map[pysyntax.Node][]string{}
	for _, w := range t.wants {
		text, under, why := p.loadNeed(a, t, w)
		if why != "" {
			out = append(out, p.undecidedNeed(w, why))
			if w.need.More == nil {
				continue
			}
			w = wantOf(w.demand, w.need.More)
			if text, under, why = p.loadNeed(a, t, w); why != "" {
				continue
			}
		}
		if under != pysyntax.Nil {
			deeper[under] = append(deeper[under], text)
		} else {
			options = append(options, text)
		}
		f := Finding{
			Rule: "missing-eager-load", Place: p.place(t.module, t.node), Why: p.steps(w.need.Why), Fixable: true,
			Message: "loads " + pathText(w.need.Steps), LoaderPath: pathText(w.need.Steps),
		}
		f.markRecorded(w.need.Recorded)
		a.findings = append(a.findings, f)
		a.loads = append(a.loads, w.loads()...)
	}
	for _, n := range slices.Sorted(maps.Keys(deeper)) {
		tree := t.module.Tree
		if call := tree.Child(n, pysyntax.FieldFunction); tree.Text(tree.Child(call, pysyntax.FieldAttribute)) == "options" {
			paths, why := p.spelledPaths(a, t, deeper[n])
			e, err := pyedit.AddPositional(tree, n, paths, p.styles.of(t.module))
			if why != "" || err != nil {
				return append(out, a.refused(cmp.Or(why, fmt.Sprint(err))))
			}
			a.edits = append(a.edits, e...)
			continue
		}
		link, why := p.furtherLink(a, t, n, deeper[n])
		if why != "" {
			return append(out, a.refused(why))
		}
		if len(deeper) == 1 && len(deeper[n]) == 1 && len(options) == 0 { // two edits of one statement must not both wrap it
			a.edits = append(a.edits, pyedit.DeepenWithin(tree, n, link, p.styles.of(t.module))...)
		} else {
			a.edits = append(a.edits, pyedit.Deepen(tree, n, link)...)
		}
	}
	if len(options) > 0 {
		poly, why := p.polymorphicOption(a, t)
		if why != "" {
			return append(out, a.refused(why))
		}
		if poly != "" {
			options = append(options, poly)
		}
		e, err := p.placeOptions(t, options)
		if err != nil {
			return append(out, a.refused(err.Error()))
		}
		a.edits = append(a.edits, e...)
	}
	if t.opens != nil && len(options) > 0 { // also where a write that was cut left the call with its options
		part, err := p.openFunction(t.opens)
		if err != nil {
			return append(out, a.refused(err.Error()))
		}
		a.also = append(a.also, part)
		if !opened[t.opens.Function] {
			opened[t.opens.Function] = true
			a.findings = append(a.findings, Finding{
				Rule: "missing-eager-load", Place: p.place(t.opens.Module, t.opens.Node), Fixable: true,
				Message: t.opens.Function.Qual + " takes loader options from its callers",
			})
		}
	}
	if len(a.findings) > 0 {
		out = append(out, a)
	}
	return out
}

// loads are the relationships that the option for a want loads.
func (w want) loads() []*mapper.Relationship {
	var out []*mapper.Relationship
	for _, s := range w.need.Steps[min(w.loaded, len(w.need.Steps)):] {
		out = append(out, s.Rel)
	}
	return out
}

// furtherLink is what is appended to an option for the paths below it: the next link for one, .options(...) with one path
// a line for several.
func (p *program) furtherLink(a *action, t *target, option pysyntax.Node, paths []string) (link, why string) {
	if len(paths) == 1 {
		return "." + paths[0], ""
	}
	paths, why = p.spelledPaths(a, t, paths)
	tree, style := t.module.Tree, p.styles.of(t.module)
	line := string(tree.Source()[tree.LineStart(tree.LineAt(tree.End(option))):tree.End(option)])
	base := style.Newline + line[:len(line)-len(strings.TrimLeft(line, " \t"))]
	separator := "," + base + style.Indent
	return ".options(" + separator[1:] + strings.Join(paths, separator) + "," + base + ")", why
}

// spelledPaths are paths whose first loader, a bare name, is spelled as the file does it.
func (p *program) spelledPaths(a *action, t *target, paths []string) ([]string, string) {
	out := make([]string, len(paths))
	slices.Sort(paths)
	for i, path := range paths {
		loader, rest, _ := strings.Cut(path, "(")
		s, why := p.spellLoader(t.module, t.function, t.node, loader)
		if why != "" {
			return nil, why
		}
		a.top = append(a.top, s.top...)
		out[i] = s.text + "(" + rest
	}
	return out, ""
}

// loadNeed is the option for one loader path, whole or, when it goes under an existing option, from there on; or why it
// cannot be.
func (p *program) loadNeed(a *action, t *target, w want) (option string, under pysyntax.Node, why string) {
	need := w.need
	if w.demand.Site.Told == loadflow.ByName {
		return p.styles.of(t.module).String(need.Steps[0].Rel.Name), pysyntax.Nil, ""
	}
	var top, local []pyedit.Import
	root, hint, why := p.rootOf(t, w, &top, &local)
	if why != "" {
		return "", pysyntax.Nil, why
	}
	if w.demand.Site.Told == loadflow.ByAttribute {
		a.imports(t, top, local)
		return root + "." + need.Steps[0].Rel.Name, pysyntax.Nil, ""
	}
	first, under := 0, p.deepenable(t, w)
	if under != pysyntax.Nil && p.ofType(need, w.loaded-1) {
		under = pysyntax.Nil
	}
	if under != pysyntax.Nil {
		first, top, local = w.loaded, nil, nil
	}
	alias := "" // by which what an option loads must be spelled
	for i := range w.loaded {
		if loadflow.OfType(need.Steps[i].Loader) {
			if i == w.loaded-1 && under != pysyntax.Nil {
				if alias = p.aliasOf(t.module, t.function, under); alias != "" {
					continue
				}
			}
			return "", pysyntax.Nil, "its query loads " + pathText(need.Steps[:i+1]) + " by of_type(), and what follows must be spelled by that"
		}
	}
	var links []string
	own := false // a step before has its own query
	for i := range first {
		own = own || ownQuery(need.Steps[i].Loader)
	}
	for i := first; i < len(need.Steps); i++ {
		step := need.Steps[i]
		loader, why := loaderFor(step, i < w.loaded, i == len(need.Steps)-1)
		if why != "" {
			return "", pysyntax.Nil, why
		}
		if i < w.loaded && !step.ByModel && !repeatable(t, w, i) {
			loader = "defaultload"
		}
		if loader == "selectinload" && i >= w.loaded && !step.ByModel && p.joins(t, w, i, own) {
			loader = "joinedload"
		}
		own = own || ownQuery(cmp.Or(step.Loader, loader))
		class := root
		switch {
		case i == w.loaded && alias != "":
			class = alias
		case i > 0:
			s, why := p.spellClass(t.module, t.function, t.node, step.Class, hint)
			if why != "" {
				return "", pysyntax.Nil, why
			}
			class = s.text
			top, local = append(top, s.top...), append(local, s.local...)
		}
		argument := class + "." + step.Rel.Name
		if p.ofType(need, i) {
			if loader != "selectinload" {
				return "", pysyntax.Nil, "the relationship is one of a subclass, and its query loads " + pathText(need.Steps[:i+1]) + " otherwise than by selectinload"
			}
			s, why := p.spellClass(t.module, t.function, t.node, need.Steps[i+1].Class, hint)
			if why != "" {
				return "", pysyntax.Nil, why
			}
			argument += ".of_type(" + s.text + ")"
		}
		if step.Again && strings.HasSuffix(loader, "selectinload") {
			argument += ", recursion_depth=-1"
		}
		if i == 0 {
			s, why := p.spellLoader(t.module, t.function, t.node, loader)
			if why != "" {
				return "", pysyntax.Nil, why
			}
			loader = s.text
			top = append(top, s.top...)
		}
		links = append(links, loader+"("+argument+")")
	}
	a.imports(t, top, local)
	return strings.Join(links, "."), under, ""
}

// imports notes what the options at a target need imported, by the module or by the target's function.
func (a *action) imports(t *target, top, local []pyedit.Import) {
	a.top = append(a.top, top...)
	if len(local) > 0 {
		a.local = append(a.local, localImport{t.function, local})
	}
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
		once = once || o.Module == t.module && o.Func == t.function && o.Steps[i].Loader == w.need.Steps[i].Loader && !alternative(t, o)
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

// loaderFor chooses the loader of one step. A path must have the same one wherever it stands in a statement (facts
// section 6), but defaultload, which only goes along.
func loaderFor(step loadflow.Step, loaded, last bool) (loader, why string) {
	if loaded || step.ByModel {
		switch step.Loader {
		case "selectinload", "subqueryload", "immediateload", "joinedload":
			return step.Loader, ""
		}
		return "defaultload", ""
	}
	switch step.Loader {
	case "":
		return "selectinload", ""
	case "defaultload":
		return "selectinload", ""
	case "selectinload", "subqueryload", "immediateload":
		return step.Loader, ""
	case "joinedload":
		if !step.Rel.Many {
			return step.Loader, ""
		}
	}
	return "", "the same query has " + strings.TrimRight(step.Loader, "+~") + " for it elsewhere, and a path cannot have two loaders"
}

// steps are hops as people see them.
func (p *program) steps(hops []loadflow.Hop) []Step {
	out := make([]Step, len(hops))
	for i, h := range hops {
		out[i] = Step{Place: p.place(h.Module, h.Node), Text: h.Text}
		if f := functionAround(h.Module, h.Node); f != nil {
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
