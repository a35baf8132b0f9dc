package loadflow

import (
	"cmp"
	"maps"
	"slices"
	"sort"
	"strings"

	"github.com/lazyfix/lazyfix/rewrite/internal/pymodule"
	"github.com/lazyfix/lazyfix/rewrite/internal/pysyntax"
)

// demands sorts out what each site lacks.
func (p *propagation) demands() ([]*Demand, error) {
	var out []*Demand
	for _, k := range slices.SortedFunc(maps.Keys(p.bySite), compareSites) {
		if err := p.ctx.Err(); err != nil {
			return nil, err
		}
		if d := p.demand(k, p.bySite[k]); d != nil {
			out = append(out, d)
		}
	}
	return out, nil
}

// Calls is what a CallSite may call.
type Calls struct {
	// Functions are those that are known.
	Functions []*pymodule.Function
	// TooMany are the classes of its receivers of which more subclasses override the method than Functions has.
	TooMany []*pymodule.Class
	// Given are the parameters that partials of them give already, Before how many arguments the most of it give by position.
	Given  []string
	Before int

	ways map[*pymodule.Function]way
}

// Calls is what the call of a CallSite may call, of those that a Demand leads to: its own site, and what that goes through.
func (f *Flow) Calls(s *Site) Calls { return f.calls[s] }

// callsOf finds what the calls that lead to the queries of demands may call.
func (p *propagation) callsOf(demands []*Demand) map[*Site]Calls {
	sites, out := map[string][]*Site{}, map[*Site]Calls{}
	for _, d := range demands {
		for s := d.Site; s != nil && s.Kind == CallSite; s = s.Through {
			at := placeID(s.Module, s.Node)
			sites[at] = appendOnce(sites[at], s)
		}
	}
	if len(sites) == 0 {
		return nil
	}
	for _, callee := range sortedKeys(p.a.callers) {
		if p.a.units[callee] == nil {
			continue
		}
		f := p.a.units[callee].key.fn.Def()
		for _, edges := range p.a.callers[callee] {
			for _, e := range edges {
				for _, s := range sites[placeID(e.mod, e.node)] {
					c := out[s]
					if f != nil {
						c.Functions = appendOnce(c.Functions, f)
						c.note(f, e)
					}
					if e.tooMany != nil {
						c.TooMany = appendOnce(c.TooMany, e.tooMany)
					}
					out[s] = c
				}
			}
		}
	}
	for s, c := range out {
		c.Functions = named(c.Functions, pymodule.Last(s.Module.Tree.Text(s.Module.Tree.Child(s.Node, pysyntax.FieldFunction))))
		out[s] = c
	}
	return out
}

// named are the functions of a name, all where none has it: what is called at a place besides, validators of a schema that reads
// what the call gives, gets none of its arguments.
func named(functions []*pymodule.Function, name string) []*pymodule.Function {
	has := func(f *pymodule.Function) bool { return f.Name == name }
	if !slices.ContainsFunc(functions, has) {
		return functions
	}
	return slices.DeleteFunc(slices.Clone(functions), func(f *pymodule.Function) bool { return !has(f) })
}

// compareSites orders queries by place, and entities within.
func compareSites(a, b siteKey) int {
	return cmp.Or(
		strings.Compare(a.site.Module.Path, b.site.Module.Path), cmp.Compare(a.site.Node, b.site.Node),
		strings.Compare(a.site.id, b.site.id), cmp.Compare(a.entity, b.entity),
	)
}

func (p *propagation) demand(k siteKey, ws []*wanted) *Demand {
	d := &Demand{Site: k.site, Entity: k.entity}
	d.Mixed = p.mixed(k, d.Root())
	d.Own, d.Beside = p.ownStatement(k)
	all := coverage{} // of every variant of the statement: a path must not get two loaders
	optionSeen := map[string]bool{}
	ws = p.direct(ws)
	sort.SliceStable(ws, func(i, j int) bool { return ws[i].path.id < ws[j].path.id })
	for _, w := range ws {
		for path, loader := range w.origin.opts.covered() {
			loader = strings.ReplaceAll(loader, withheld, "") // written again it is the same one
			if old, ok := all[path]; !ok || strength(loader) > strength(old) || strength(loader) == strength(old) && loader < old {
				all[path] = loader
			}
		}
		for _, a := range w.origin.opts.atoms() {
			if a.kind == option && a.opt.path != nil && !optionSeen[a.opt.id] {
				optionSeen[a.opt.id] = true
				d.Options = append(d.Options, p.option(a.opt))
			}
		}
	}
	sort.Slice(d.Options, func(i, j int) bool {
		return lessHop(Hop{Module: d.Options[i].Module, Node: d.Options[i].Node}, Hop{Module: d.Options[j].Module, Node: d.Options[j].Node})
	})
	d.Joins = p.a.t.joins && !p.joinless[placeID(k.site.Module, k.site.Node)] && !p.a.hasTextColumns(d.Root())
	for _, w := range ws {
		d.Joins = d.Joins && w.origin.opts.joinable()
	}
	lacking := &lacking{p: p, d: d, have: all, repeated: repeatedSteps(ws), needs: map[string]*Need{}}
	var kept []keptBack
	unseen := unseenOfAll(ws)
	for _, w := range ws {
		loaded, deliberate := p.a.loadedSteps(w.path, w.origin)
		p.reach(w, k.site, loaded == w.path.len())
		switch {
		case loaded == w.path.len() || w.comesWithObject(loaded):
		case unseenFor(w, unseen) != nil:
			o, n := unseenFor(w, unseen), len(p.unknown)
			p.undecided(w, k.site, "its query has loader options that lazyfix cannot follow: "+short(o.mod.Tree.Text(o.node)), "see whether they load it, and load it there if not")
			for _, u := range p.unknown[n:] {
				u.Beside = &Hop{Module: o.mod, Node: o.node}
			}
		case strings.Contains(deliberate, withheld) && w.origin.opts.unless() == madeOtherwise:
			lacking.add(w, loaded)
		case strings.Contains(deliberate, withheld):
			kept = append(kept, keptBack{w, loaded})
		case deliberate != "" && loaded+1 < w.path.len():
			// Behind what is not loaded on purpose nothing is read; that it is not loaded is said where it is read itself.
		case deliberate == otherSubclasses && w.path.len() > 1:
			p.undecided(w, k.site, "the selectin_polymorphic() of its query does not name "+w.path.rel.Owner.Name+", and a second one is refused", "name "+w.path.rel.Owner.Name+" in it, too")
		case IsLoader(Bare(deliberate)) && loads(deliberate): // by adding to the SELECT: see addsNothing
			p.undecided(w, k.site, "the query has "+deliberate+" for it, which does nothing where another statement or a returning() gives the rows", "load it by selectinload instead")
		case deliberate != "" && deliberate != otherSubclasses:
			n := len(p.unknown)
			p.undecided(w, k.site, "the query has "+deliberate+" for it", "take the option out, or do not read it")
			for _, u := range p.unknown[n:] {
				u.Deliberate = deliberate
			}
		default:
			lacking.add(w, loaded)
		}
	}
	lacking.addKept(kept)
	needs := lacking.needs
	begun := beginnings(needs)
	for _, path := range sortedKeys(needs) {
		if !begun[path] {
			d.Needs = append(d.Needs, needs[path])
		}
	}
	if len(d.Needs) == 0 {
		return nil
	}
	return d
}

// short is the beginning of an expression, on one line.
func short(s string) string {
	s = strings.Join(strings.Fields(s), " ")
	if len(s) > 60 {
		s = s[:57] + "..."
	}
	return s
}

// repeatedSteps are the steps that some path repeats without end. Every other path must repeat them too: SQLAlchemy
// refuses selectinload(N.children, recursion_depth=-1) beside selectinload(N.children) (measured on 2.0 and 2.1).
func repeatedSteps(ws []*wanted) map[string]bool {
	out := map[string]bool{}
	for _, w := range ws {
		for _, s := range w.path.steps() {
			if s.again {
				out[s.rels] = true
			}
		}
	}
	return out
}

// fold makes of each run of a relationship that is in repeated one step that repeats.
func (t *table) fold(p *path, repeated map[string]bool) *path {
	if len(repeated) == 0 {
		return p
	}
	var out *path
	for _, s := range p.steps() {
		if out != nil && out.again && out.rel == s.rel {
			continue
		}
		if next := t.path(out, s.class, s.rel, true); repeated[next.rels] {
			out = next
		} else {
			out = t.path(out, s.class, s.rel, s.again)
		}
	}
	return out
}

// withoutModelEager cuts off the last steps that the model itself loads once the steps before them are. It loads nothing
// under a wildcard, raiseload("*") or defaultload(Order.items).raiseload("*").
func (a *analysis) withoutModelEager(p *path, loaded int, have coverage, o *origin) *path {
	for o.opts.wildcard() == "" && p.len() > loaded && have[p.rels] == "" && o.opts.wildcardBelow(p.up) == "" && a.modelLoads(p, have, o) && !a.missesSubclass(p, o, have) {
		p = p.up
	}
	return p
}

// beginnings are the beginnings of paths, without the paths as such.
func beginnings(paths map[string]*Need) map[string]bool {
	out := map[string]bool{}
	for path := range paths {
		for i := range path {
			if path[i] == '/' && paths[path].Column() == nil { // which may be refused for itself
				out[path[:i]] = true
			}
		}
	}
	return out
}

// goesOn reports whether a path has more steps than one that it begins with.
func goesOn(path, from string) bool { return strings.HasPrefix(path, from+"/") }

// loadedSteps counts the leading steps of a path that options or the model load, and names an option that keeps the next
// one from being loaded on purpose.
func (a *analysis) loadedSteps(p *path, o *origin) (n int, deliberate string) {
	opts := o.opts
	have := opts.covered()
	wild := opts.wildcard()
	var at *path // the step with what repeats in the options folded
	for _, s := range p.steps() {
		if !(at != nil && at.again && at.rel == s.rel) {
			if folded := a.t.path(at, s.class, s.rel, true); have[folded.rels] != "" {
				at = folded
			} else {
				at = a.t.path(at, s.class, s.rel, s.again && !a.boundedByModel(s.rel))
			}
		}
		if s.column() != nil {
			loaded, deliberate := a.loadColumn(at.up, s.rel, opts, have)
			if !loaded {
				return n, deliberate
			}
			n++
			continue
		}
		loader, ok := have[at.rels]
		if below := opts.wildcardBelow(at.up); !ok && below != "" { // selectinload(Order.items).selectinload("*")
			if !loads(below) || a.comesBack(s) {
				return n, below + "(\"*\")"
			}
			n++
			continue
		}
		switch {
		case ok && a.addsNothing(at, loader, have, o):
			return n, loader
		case ok && loads(loader):
		case ok && loader != "defaultload":
			return n, loader
		case !ok && wild != "" && loads(wild) && !a.comesBack(s):
		case (wild == "" || ok) && a.modelLoads(s, have, o) && !a.missesSubclass(s, o, have):
		default:
			return n, ""
		}
		n++
	}
	return n, ""
}

// comesBack reports whether a step leads to a class that the path passed: there selectinload("*") ends, which loads all else
// at whatever depth (measured on SQLAlchemy 2.1; joinedload("*") goes back over a many-to-one relationship, too).
func (a *analysis) comesBack(p *path) bool {
	for s := p; s != nil; s = s.up {
		if p.rel.Target == nil || a.g.IsSubclass(s.class, p.rel.Target) {
			return true
		}
	}
	return false
}

func (p *propagation) option(o *loaderOption) *Option {
	out := &Option{Module: o.mod, Func: o.fn, Node: o.node, Default: o.stood}
	for i, s := range o.path.steps() {
		step := Step{Class: s.class, Rel: s.rel, Again: s.again}
		if i < len(o.loaders) {
			step.Loader = o.loaders[i]
		}
		out.Steps = append(out.Steps, step)
	}
	return out
}
