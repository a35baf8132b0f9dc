package rewrite

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/lazyfix/lazyfix/rewrite/internal/loadflow"
	"github.com/lazyfix/lazyfix/rewrite/internal/mapper"
	"github.com/lazyfix/lazyfix/rewrite/internal/pymodule"
	"github.com/lazyfix/lazyfix/rewrite/internal/pysyntax"
)

// newEagerMove begins with all relationships that models load, less those that nothing may edit, and takes the flow to
// what it is without them. It is nil when nothing is to move.
func (p *program) newEagerMove(rules []rule) (*eagerMove, error) {
	on := func(name string) bool {
		return slices.ContainsFunc(rules, func(r rule) bool { return r.Name == name })
	}
	if p.options.Eager != "move" || !on(eagerModel.Name) {
		return nil, nil
	}
	e := &eagerMove{p: p, moved: map[*mapper.Relationship]bool{}, stays: map[*mapper.Relationship]stay{}}
	lazy, _ := p.options.lazy()
	losses := p.newLosses(lazy)
	for _, r := range p.index.Relationships {
		if !r.Lazy.Eager() {
			continue
		}
		e.moved[r] = true
		switch {
		case !on(missingEagerLoad.Name):
			e.keep(r, "the rule missing-eager-load is not selected, which would load it by its queries", false)
		case !p.flow.Settled || len(p.flow.Failed) > 0:
			e.keep(r, "lazyfix could not follow the whole program, so that a read may be missing", false)
		case r.Locked != "":
			e.keep(r, r.Locked, false)
		case p.editable(r.Module, r.Call) != "":
			e.keep(r, p.editable(r.Module, r.Call), false)
		case losses.of(r) != "":
			e.keep(r, losses.of(r), false)
		}
	}
	if len(e.moved)+len(e.stays) == 0 {
		return nil, nil
	}
	return e, e.settle()
}

// keep leaves a relationship with its model; the first reason counts.
func (e *eagerMove) keep(r *mapper.Relationship, why string, byName bool) {
	if !e.moved[r] || byName && e.p.options.Unsafe {
		return
	}
	delete(e.moved, r)
	e.fewer = true
	e.stays[r] = stay{why, byName}
}

// settle takes back, until none is left, each relationship of which a read is not known.
func (e *eagerMove) settle() error {
	p := e.p
	for {
		e.fewer = false
		flow, err := p.flow.WithoutModels(maps.Clone(e.moved))
		if err != nil {
			return err
		}
		p.flow = flow
		for _, u := range p.flow.Undecided {
			if u.Deliberate != "" || u.Column() != nil {
				continue // the option goes on doing what it does; the relationships on the way are reads of their own
			}
			for _, s := range u.Steps {
				e.keep(s.Rel, p.at(u.Why[0].Module, u.Why[0].Node)+" reads it, but "+u.Reason, false)
			}
		}
		for _, h := range p.flow.Holds {
			if !h.Name || p.mayBe(h) {
				e.keep(h.Rel, "it "+h.What+" ("+p.at(h.Module, h.Node)+")", h.Name)
			}
		}
		if !e.fewer {
			return nil
		}
	}
}

// withdraw takes back the relationships whose actions did not come to be; true when there were any.
func (e *eagerMove) withdraw(actions []*action) (bool, error) {
	if e == nil {
		return false, nil
	}
	for _, a := range actions {
		if !e.concerns(a) || len(a.edits) > 0 && !slices.ContainsFunc(a.findings, func(f Finding) bool { return !f.Fixable }) {
			continue
		}
		why := "its queries cannot all be edited"
		for _, f := range a.findings {
			if !f.Fixable {
				why = fmt.Sprintf("%s:%d: %s", f.File, f.Line, strings.TrimPrefix(f.Advice, "not edited: "))
				if f.Rule == undecidedRead.Name {
					why = fmt.Sprintf("%s:%d: %s", f.File, f.Line, f.Message)
				}
				break
			}
		}
		e.keepAll(a, why)
	}
	if !e.fewer {
		return false, nil
	}
	return true, e.settle()
}

// concerns reports whether an action is needed for a relationship that moves.
func (e *eagerMove) concerns(a *action) bool {
	moves := func(r *mapper.Relationship) bool { return e.moved[r] }
	return slices.ContainsFunc(a.loads, moves) || slices.ContainsFunc(a.tightens, moves)
}

// keepAll leaves all relationships that an action is needed for.
func (e *eagerMove) keepAll(a *action, why string) {
	if e == nil {
		return
	}
	for _, r := range slices.Concat(a.loads, a.tightens) {
		e.keep(r, why, false)
	}
}

// mayBe reports whether an attribute that only its name speaks for may be the relationship: not where an annotation says
// what its owner is.
func (p *program) mayBe(h loadflow.Hold) bool {
	t := h.Module.Tree
	if t.Kind(h.Node) != pysyntax.Attribute {
		return true
	}
	if next := t.Parent(h.Node); t.Kind(next) == pysyntax.Attribute && !p.goesOn(h.Rel, t.Text(t.Child(next, pysyntax.FieldAttribute))) {
		return false
	}
	owner := t.Child(h.Node, pysyntax.FieldObject)
	f := h.Module.FunctionAround(h.Node)
	if f != nil && t.Kind(owner) == pysyntax.Identifier {
		if i := f.ParamIndex(t.Text(owner)); i >= 0 && f.Params[i].Annotation != pysyntax.Nil {
			typ := pymodule.ParseType(t.Text(f.Params[i].Annotation)) // request: Request[User, Token, State]
			if typ != nil && typ.Kind == pymodule.TypeSubscript {
				external := p.graph.ResolveIn(h.Module, nil, f.Outer, typ.Name).External
				if external != "" && !strings.HasPrefix(external, "typing") {
					return false
				}
			}
		}
	}
	named := &held{program: p}
	class, known := named.classOf(loadingCode{module: h.Module, function: f, node: h.Node}, owner, 0)
	return !known || class != nil && p.index.Relationship(class, h.Rel.Name) == h.Rel
}

// goesOn reports whether what a relationship holds has an attribute of this name: `client.instances.get_by_id()` is no
// list of instances.
func (p *program) goesOn(r *mapper.Relationship, name string) bool {
	if r.Many {
		return collectionMethods[name] || r.Says["collection_class"] != "" || r.Says["lazy"] == "dynamic"
	}
	if r.Target == nil || strings.HasPrefix(name, "_") || p.index.Relationship(r.Target, name) != nil || p.index.Other(r.Target, name) != 0 ||
		p.graph.ClassMember(r.Target, name).Kind != pymodule.Unknown {
		return true
	}
	for _, b := range p.graph.MRO(r.Target) {
		switch pymodule.Last(b.External) {
		case "", "DeclarativeBase", "DeclarativeBaseNoMeta", "AsyncAttrs", "MappedAsDataclass", "Generic", "object", "ABC", "Protocol":
		default:
			return true // whatever the library's class has
		}
	}
	return name == "awaitable_attrs" || name == "metadata" || name == "registry"
}

// collectionMethods are the methods of lists, sets and dictionaries.
var collectionMethods = map[string]bool{
	"append": true, "extend": true, "insert": true, "remove": true, "pop": true, "clear": true, "index": true, "count": true,
	"sort": true, "reverse": true, "copy": true, "add": true, "discard": true, "update": true, "union": true,
	"intersection": true, "difference": true, "symmetric_difference": true, "issubset": true, "issuperset": true,
	"isdisjoint": true, "keys": true, "values": true, "items": true, "get": true, "setdefault": true, "popitem": true,
}

// at is a place as text.
func (p *program) at(m *pymodule.Module, n pysyntax.Node) string {
	return fmt.Sprintf("%s:%d", m.Path, m.Tree.Line(n))
}

// watched are the relationships of which every read must be known.
func (o Options) watched(ix *mapper.Index) []*mapper.Relationship {
	if o.Eager != "move" {
		return nil
	}
	var out []*mapper.Relationship
	for _, r := range ix.Relationships {
		if r.Lazy.Eager() {
			out = append(out, r)
		}
	}
	return out
}
