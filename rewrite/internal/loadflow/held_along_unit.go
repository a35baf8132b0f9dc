package loadflow

import (
	"slices"
	"strings"

	"github.com/lazyfix/lazyfix/rewrite/internal/pymodule"
	"github.com/lazyfix/lazyfix/rewrite/internal/pysyntax"
)

// What a unit holds while it calls something: see held_along.go.

// heldAlways is held while the body of a unit runs.
var heldAlways = heldFor{node: pysyntax.Nil}

// heldBy are the objects of queries that a unit holds.
func (h *heldAlongs) heldBy(u *unit) []heldFor {
	if out, known := h.of[u.key.id]; known {
		return out
	}
	var out []heldFor
	once := map[heldFor]bool{}
	add := func(as heldFor, atoms []*atom) {
		for _, a := range h.objectsIn(atoms, maxHeldIn) {
			for _, root := range h.roots(a) {
				if as.origin, as.path = root.origin, root.path; !once[as] {
					once[as] = true
					out = append(out, as)
				}
			}
		}
	}
	for held := range u.out.holding {
		add(heldFor{name: held.name, node: held.node, beside: held.node != pysyntax.Nil}, one(held.atom))
	}
	if isMethod(u.key.fn) && !isClassMethod(u.key.fn) && u.key.recv != nil {
		add(heldAlways, h.fieldsOf(u.key.recv))
	}
	for _, e := range u.out.edges {
		as := heldFor{node: e.node}
		if e.framework {
			as = heldAlways
		}
		for _, v := range e.args {
			add(as, flatten(v))
		}
		if !e.framework && e.mod == u.key.mod {
			add(heldFor{node: e.node, behind: true}, h.keptBy(e.callee, maxHeldKept))
		}
	}
	for _, f := range h.p.guardsOf(u) {
		for _, k := range h.p.a.contexts[f] {
			guard := h.p.a.units[k.id]
			if guard == nil {
				continue
			}
			for held := range guard.out.holding {
				if held.name == "" && held.node == pysyntax.Nil {
					add(heldAlways, one(held.atom))
				}
			}
			for _, e := range guard.out.edges {
				if e.framework {
					for _, v := range e.args {
						add(heldAlways, flatten(v))
					}
				}
			}
			add(heldAlways, flatten(guard.out.ret))
			add(heldAlways, h.keptBy(k, maxHeldKept))
		}
	}
	h.of[u.key.id] = out
	return out
}

// Bounds: how deep instances are looked into for objects, at how many places one looks for the queries of an argument (at more, none:
// what is found must not depend on the order), and how deep calls are looked through for what they keep.
const (
	maxHeldIn    = 2
	maxHeldRoots = 2000
	maxHeldKept  = 3
)

// objectsIn are the objects among atoms, and those that instances among them have in their attributes.
func (h *heldAlongs) objectsIn(atoms []*atom, depth int) []*atom {
	var out []*atom
	seen := map[*atom]bool{}
	add := func(a *atom) {
		if !seen[a] {
			seen[a] = true
			out = append(out, a)
		}
	}
	for _, a := range atoms {
		switch {
		case a.kind == object && isOfQuery(a):
			add(a)
		case a.kind == instance && depth > 0 && !h.p.a.isSchema(a.class):
			for _, b := range h.objectsOf(a.class, depth-1) {
				add(b)
			}
		}
	}
	return out
}

// classDepth is a class, and how deep what its instances hold is looked for.
type classDepth struct {
	class *pymodule.Class
	depth int
}

// objectsOf is objectsIn of what the instances of a class hold.
func (h *heldAlongs) objectsOf(c *pymodule.Class, depth int) []*atom {
	k := classDepth{c, depth}
	out, known := h.objects[k]
	if !known {
		out = h.objectsIn(h.fieldsOf(c), depth)
		h.objects[k] = out
	}
	return out
}

// isOfQuery reports whether an object may come from a query, and is of a session still.
func isOfQuery(a *atom) bool {
	s, from := history(a.origin)
	return (from == fromSite || from == fromParam) && !s.detached && !a.origin.isMaybeHeld()
}

// rooted is an object by where it comes from.
type rooted struct {
	origin *origin
	path   *path
}

// roots are the objects of queries that an object may be. An argument is followed back to each caller once, however many ways lead
// there: a repository's base passes on what all do.
func (h *heldAlongs) roots(a *atom) []rooted {
	start := rooted{a.origin.first(), a.path}
	if out, known := h.rooted[start]; known {
		return out
	}
	var out []rooted
	seen := map[rooted]bool{start: true}
	for queue := []rooted{start}; len(queue) > 0; queue = queue[1:] {
		at := queue[0]
		if len(seen) > maxHeldRoots {
			out = nil
			break
		}
		if at.origin.kind == fromSite {
			out = append(out, at)
		}
		if at.origin.kind != fromParam {
			continue
		}
		for _, b := range h.p.passedTo(at.origin) {
			path, ok := b.path, isOfQuery(b)
			if ok && at.path != nil {
				path, ok = h.p.a.t.extend(b.path, at.path)
			}
			if next := (rooted{b.origin.first(), path}); ok && !seen[next] {
				seen[next] = true
				queue = append(queue, next)
			}
		}
	}
	h.rooted[start] = out
	return out
}

// fieldsOf are the objects and instances that attributes of an instance of a class hold.
func (h *heldAlongs) fieldsOf(c *pymodule.Class) []*atom {
	if h.fields == nil {
		h.fields = map[*pymodule.Class][]*atom{}
		for k, v := range h.p.a.held {
			if k.class == nil {
				continue
			}
			for _, a := range flatten(v) {
				if a.kind == object || a.kind == instance {
					h.fields[k.class] = append(h.fields[k.class], a)
				}
			}
		}
	}
	var out []*atom
	for base := range h.p.a.g.Lineage(c) {
		out = append(out, h.fields[base]...)
	}
	return out
}

// keptBy are what a function, or one that it calls, keeps with the task or the request at hand.
func (h *heldAlongs) keptBy(k *unitKey, depth int) []*atom {
	u := h.p.a.units[k.id]
	if u == nil || u.key.fn == nil || depth == 0 {
		return nil
	}
	if out, known := h.kept[k.id]; known {
		return out
	}
	h.kept[k.id] = nil // while it is looked for
	var out []*atom
	for field, v := range u.out.fields {
		if field.class == nil && isKeptWithTask(field.name) {
			out = append(out, flatten(v)...)
		}
	}
	for _, e := range u.out.edges {
		if !e.framework {
			out = append(out, h.keptBy(e.callee, depth-1)...)
		}
	}
	h.kept[k.id] = out
	return out
}

// isKeptWithTask reports whether what is kept so is of one task or request: see kept.
func isKeptWithTask(name string) bool {
	where, _, _ := strings.Cut(name, " ")
	return slices.Contains([]string{"ContextVar", "request", "request.state", "request.ctx", "g", "session.info"}, where)
}

// guardsOf are the functions that FastAPI calls before an endpoint, for nothing that they give: dependencies=[Depends(f)] of the route
// or of its router.
func (p *propagation) guardsOf(u *unit) []*pymodule.Function {
	t, m := u.key.mod.Tree, u.key.mod
	var out []*pymodule.Function
	in := func(m *pymodule.Module, list pysyntax.Node) {
		for n := range m.Tree.Within(list) {
			if m.Tree.Kind(n) != pysyntax.Call || !isDepends(pymodule.Last(m.Tree.Text(m.Tree.Child(n, pysyntax.FieldFunction)))) {
				continue
			}
			name, dotted := pymodule.DottedName(m.Tree, m.Tree.Nth(m.Tree.Child(n, pysyntax.FieldArguments), 0))
			if s := p.a.g.ResolveIn(m, nil, nil, name); dotted && s.Kind == pymodule.FunctionSymbol {
				out = append(out, s.Function)
			}
		}
	}
	for _, d := range u.key.fn.Decorators {
		fn := t.Child(d, pysyntax.FieldFunction)
		if t.Kind(d) != pysyntax.Call || t.Kind(fn) != pysyntax.Attribute {
			continue
		}
		if list := t.Keyword(d, "dependencies"); list != pysyntax.Nil {
			in(m, list)
		}
		name, dotted := pymodule.DottedName(t, t.Child(fn, pysyntax.FieldObject))
		if !dotted {
			continue
		}
		if v := p.a.g.ResolveIn(m, nil, nil, name).Variable; v != nil && v.Value != pysyntax.Nil && v.Module.Tree.Kind(v.Value) == pysyntax.Call {
			if list := v.Module.Tree.Keyword(v.Value, "dependencies"); list != pysyntax.Nil {
				in(v.Module, list)
			}
		}
	}
	return out
}
