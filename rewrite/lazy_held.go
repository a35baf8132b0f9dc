package rewrite

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/lazyfix/lazyfix/rewrite/internal/loadflow"
	"github.com/lazyfix/lazyfix/rewrite/internal/mapper"
	"github.com/lazyfix/lazyfix/rewrite/internal/pymodule"
	"github.com/lazyfix/lazyfix/rewrite/internal/pysyntax"
)

// held knows the relationships that something loads today and would not any more: why each must not get a strategy that
// raises. It looks at attributes by name, in loadingCode alone, and keeps what it can tell apart: it errs to the side of
// writing, as a read that it misses fails by name, and a policy that is withheld everywhere is none.
type held struct {
	*program
	byName map[string][]*mapper.Relationship // those that load themselves
	all    map[string][]*mapper.Relationship // by name, whatever they do: what stands before one of those
	why    map[*mapper.Relationship]string
	firm   map[*mapper.Relationship]string // that --unsafe does not override: see lazy_firm.go
	loaded map[readKey]bool                // what missing-eager-load loads for a function
	// byGet is what it loads for a function by the options of session.get(), which an object that the session holds is given without.
	byGet map[readKey]bool
	// unasked are the needs that no query gets an option for in this run.
	unasked []want
}

type readKey struct {
	function *pymodule.Function
	r        *mapper.Relationship
}

func (h *held) of(r *mapper.Relationship) string {
	if strings.TrimSpace(r.Says["active_history"]) == "True" {
		return "active_history=True loads the old value when it is set"
	}
	if why := cmp.Or(h.firm[r], h.why[r]); why != "" {
		if r.Lazy == mapper.Noload {
			return why + ", where it answers today"
		}
		return why + ", where it loads itself today"
	}
	return ""
}

// newHeld looks through the program. One without any async session has sync code everywhere, which its user chose to
// hold to the strategy too.
func (p *program) newHeld() *held {
	h := &held{
		program: p, byName: map[string][]*mapper.Relationship{}, why: map[*mapper.Relationship]string{}, firm: map[*mapper.Relationship]string{},
		loaded: map[readKey]bool{}, byGet: map[readKey]bool{},
	}
	if p.index.Use.Sync && !p.index.Use.Async {
		return h
	}
	maps.Copy(h.firm, p.firm)
	h.all = map[string][]*mapper.Relationship{}
	for _, r := range p.index.Relationships {
		h.all[r.Name] = append(h.all[r.Name], r)
		if r.Lazy == mapper.Select || r.Lazy == mapper.Unknown || r.Lazy == mapper.Noload {
			h.byName[r.Name] = append(h.byName[r.Name], r)
		}
	}
	if len(h.byName) == 0 {
		return h
	}
	h.findLoaded()
	for _, c := range p.loadingCode() {
		for n := range c.module.Tree.Within(c.node) {
			if c.module.Tree.Kind(n) == pysyntax.Attribute {
				h.read(c, n)
			}
		}
	}
	h.findAwaited()
	h.findAdmin()
	h.findSync()
	h.findUnseen()
	return h
}

// findLoaded notes what the queries of this run get loaded, by the functions on the way of the object, and what they do not.
func (h *held) findLoaded() {
	h.unasked = h.unaskedNeeds()
	refused := map[*loadflow.Need]bool{}
	for _, w := range h.unasked {
		refused[w.need] = true
	}
	for _, d := range h.flow.Demands {
		for _, need := range d.Needs {
			if refused[need] {
				continue
			}
			by := d.Site
			for by.Via != nil {
				by = by.Via
			}
			for _, hop := range need.Why { // the first steps may be read where the object is handed on
				for _, s := range need.Steps {
					key := readKey{hop.Module.FunctionAround(hop.Node), s.Rel}
					h.loaded[key] = true
					h.byGet[key] = h.byGet[key] || by.Kind == loadflow.GetSite
				}
			}
		}
	}
}

// read looks at one attribute in code that loads.
func (h *held) read(c loadingCode, n pysyntax.Node) {
	t := c.module.Tree
	candidates := h.byName[t.Text(t.Child(n, pysyntax.FieldAttribute))]
	if len(candidates) == 0 || t.Field(n) == pysyntax.FieldFunction && t.Kind(t.Parent(n)) == pysyntax.Call {
		return // a relationship is not called
	}
	stored := t.Kind(t.Parent(n)) == pysyntax.Assignment && t.Field(n) == pysyntax.FieldLeft
	around, own := c.module.FunctionAround(n), t.Text(t.Child(n, pysyntax.FieldObject)) == "self"
	for _, r := range candidates {
		key := readKey{around, r}
		if stored && !r.Many || h.loaded[key] && !(c.greenlet && h.byGet[key]) || own && c.loads[r] || h.optioned(c, r) {
			continue
		}
		if h.isRead(c, t.Child(n, pysyntax.FieldObject), r) {
			why := fmt.Sprintf("%s:%d reads it %s", c.module.Path, t.Line(n), c.what)
			h.note(r, why)
			if !c.withSyncSession() && !h.covers(c.module, n, r) {
				h.insist(r, why)
			}
		}
	}
}

func (h *held) note(r *mapper.Relationship, why string) {
	if h.why[r] == "" {
		h.why[r] = why
	}
}

// optioned reports whether the code names the relationship on its class, as a loader option does; in the greenlet not one of
// session.get(): see byGet.
func (h *held) optioned(c loadingCode, r *mapper.Relationship) bool {
	t := c.module.Tree
	for n := range t.Within(c.node) {
		if t.Kind(n) != pysyntax.Attribute || t.Text(t.Child(n, pysyntax.FieldAttribute)) != r.Name || t.Kind(t.Parent(n)) != pysyntax.ArgumentList {
			continue
		}
		if !loadflow.IsLoader(pymodule.Last(t.Text(t.Child(t.Parent(t.Parent(n)), pysyntax.FieldFunction)))) {
			continue
		}
		if keyword := t.Enclosing(n, pysyntax.KeywordArgument); c.greenlet && keyword != pysyntax.Nil &&
			pymodule.Last(t.Text(t.Child(t.Parent(t.Parent(keyword)), pysyntax.FieldFunction))) == "get" {
			continue
		}
		if name, ok := pymodule.DottedName(t, t.Child(n, pysyntax.FieldObject)); ok {
			if s := h.graph.ResolveIn(c.module, nil, c.function, name); s.Kind == pymodule.ClassSymbol && h.index.Relationship(s.Class, r.Name) == r {
				return true
			}
		}
	}
	return false
}

// isRead reports whether an attribute of the relationship's name, on this receiver, is the relationship.
func (h *held) isRead(c loadingCode, receiver pysyntax.Node, r *mapper.Relationship) bool {
	class, known := h.classOf(c, receiver, 0)
	if known {
		return class != nil && h.index.Relationship(class, r.Name) == r
	}
	if len(h.byName[r.Name]) == 1 && r.Owner != nil && h.nameIsIts(r) {
		return true
	}
	return h.mentions(c, r) || h.behindMentioned(c, receiver, r)
}

// behindMentioned reports whether a relationship stands behind one of several of a name that the code may mean: obj.order.user,
// where obj is an Item or a Payment.
func (h *held) behindMentioned(c loadingCode, receiver pysyntax.Node, r *mapper.Relationship) bool {
	t := c.module.Tree
	if t.Kind(receiver) != pysyntax.Attribute {
		return false
	}
	return slices.ContainsFunc(h.all[t.Text(t.Child(receiver, pysyntax.FieldAttribute))], func(before *mapper.Relationship) bool {
		return before.Target != nil && h.index.Relationship(before.Target, r.Name) == r && h.mentions(c, before)
	})
}

// nameIsIts reports whether no other class of the program has an attribute of the relationship's name.
func (h *held) nameIsIts(r *mapper.Relationship) bool {
	for _, m := range h.graph.Modules {
		for _, c := range m.Classes {
			if h.index.Relationship(c, r.Name) != r && (c.Field(r.Name) != nil || c.Methods[r.Name] != nil) {
				return false
			}
		}
	}
	return true
}

// mentions reports whether the code names a class that has the relationship: most likely it asks for its rows.
func (h *held) mentions(c loadingCode, r *mapper.Relationship) bool {
	t := c.module.Tree
	for n := range t.Within(c.node) {
		if t.Kind(n) != pysyntax.Identifier {
			continue
		}
		if s := h.graph.ResolveIn(c.module, nil, c.function, t.Text(n)); s.Kind == pymodule.ClassSymbol && h.index.Relationship(s.Class, r.Name) == r {
			return true
		}
	}
	return false
}

// classOf is the class of a receiver where that is plain: self, an annotated parameter, a class itself (nil, as its
// attribute is no read), a relationship of these. Known is false for anything else.
func (h *held) classOf(c loadingCode, n pysyntax.Node, depth int) (class *pymodule.Class, known bool) {
	t := c.module.Tree
	switch t.Kind(n) {
	case pysyntax.Attribute:
		if depth > 8 {
			return nil, false
		}
		up, ok := h.classOf(c, t.Child(n, pysyntax.FieldObject), depth+1)
		name := t.Text(t.Child(n, pysyntax.FieldAttribute))
		if !ok {
			for _, r := range h.all[name] { // if isinstance(obj, Item): obj.order.user
				if r.Target == nil || !h.mentions(c, r) {
					continue
				}
				if class != nil && class != r.Target {
					return nil, false
				}
				class = r.Target
			}
			return class, class != nil
		}
		if up == nil {
			return nil, h.resolved(c, n)
		}
		if r := h.index.Relationship(up, name); r != nil {
			return r.Target, true
		}
		for base := range h.graph.Lineage(up) {
			if base.Field(name) == nil || base.Field(name).Annotation == pysyntax.Nil {
				continue
			}
			v := base.Field(name)
			class, _ = h.classNamed(v.Module, nil, pymodule.ParseType(v.Module.Tree.Text(v.Annotation)))
			return class, true
		}
		return nil, true // what an object that is no row holds, nobody knows: hardly a row
	case pysyntax.Identifier:
		name := t.Text(n)
		for f := c.function; f != nil; f = f.Outer {
			i := f.ParamIndex(name)
			switch {
			case i == 0 && f.Class != nil && f.Params[0].Annotation == pysyntax.Nil:
				return f.Class, true
			case i >= 0 && f.Params[i].Annotation != pysyntax.Nil:
				return h.classNamed(f.Module, f.Outer, pymodule.ParseType(t.Text(f.Params[i].Annotation)))
			case i >= 0 && f == c.function && c.listens != nil && i == c.object:
				return c.listens, true
			case i >= 0:
				return nil, false
			case f.Locals[name]:
				if from := h.given(c, f, name); from != pysyntax.Nil && depth <= 8 {
					return h.classOf(c, from, depth+1)
				}
				return nil, false
			}
		}
		return nil, h.resolved(c, n)
	}
	return nil, false
}

// given is what a local name is: what it is assigned, or runs over, if that is said once; Nil otherwise.
func (h *held) given(c loadingCode, f *pymodule.Function, name string) pysyntax.Node {
	t, found, times := c.module.Tree, pysyntax.Nil, 0
	for n := range t.Within(f.Body) {
		if t.Kind(n) != pysyntax.Identifier || t.Text(n) != name {
			continue
		}
		up := t.Parent(n)
		switch {
		case t.Is(up, pysyntax.Assignment, pysyntax.ForStatement, pysyntax.ForInClause) && t.Field(n) == pysyntax.FieldLeft:
			found = t.Child(up, pysyntax.FieldRight)
			times++
		case t.Is(up, pysyntax.PatternList, pysyntax.TuplePattern, pysyntax.ListPattern, pysyntax.ListSplatPattern, pysyntax.AsPatternTarget,
			pysyntax.GlobalStatement, pysyntax.NonlocalStatement),
			t.Is(up, pysyntax.NamedExpression, pysyntax.AugmentedAssignment) && n == t.First(up):
			times += 2
		}
	}
	if times != 1 {
		return pysyntax.Nil
	}
	return found
}

// resolved reports whether an expression names a class, a module or a function: none is an object.
func (h *held) resolved(c loadingCode, n pysyntax.Node) bool {
	name, ok := pymodule.DottedName(c.module.Tree, n)
	if !ok {
		return false
	}
	switch h.graph.ResolveIn(c.module, nil, c.function, name).Kind {
	case pymodule.Unknown, pymodule.VariableSymbol:
		return false
	}
	return true
}

// classNamed is the class that an annotation names; a type of a library is known to be none of ours.
func (h *held) classNamed(m *pymodule.Module, f *pymodule.Function, typ *pymodule.Type) (*pymodule.Class, bool) {
	switch typ.Kind {
	case pymodule.TypeUnion:
		for _, a := range typ.Args {
			if a.Kind == pymodule.TypeName {
				return h.classNamed(m, f, a)
			}
		}
	case pymodule.TypeSubscript:
		if pymodule.Last(typ.Name) == "Optional" && len(typ.Args) == 1 {
			return h.classNamed(m, f, typ.Args[0])
		}
	case pymodule.TypeName:
		switch s := h.graph.ResolveIn(m, nil, f, typ.Name); s.Kind {
		case pymodule.ClassSymbol:
			return s.Class, true
		case pymodule.ExternalSymbol:
			return nil, pymodule.Last(s.External) != "Any"
		}
	}
	return nil, false
}
