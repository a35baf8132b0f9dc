package loadflow

import (
	"slices"

	"github.com/lazyfix/lazyfix/rewrite/internal/pymodule"
	"github.com/lazyfix/lazyfix/rewrite/internal/pysyntax"
)

// What a query loads along is held by the session, as long as something holds the object that it is loaded of:
//
//	user = await session.get(User, 1)     # + selectinload(User.orders), which another endpoint reads
//	await session.get(Order, key, options=[selectinload(Order.items)])
//
// The second gives the order as it is held, and leaves its options aside, so that an option for the first breaks the second, which
// worked (session.get() and get_one(), in the identity map, expired or not, and merge(); a select(), populate_existing, FOR UPDATE
// and what is loaded behind another object load what is missing: measured on 2.0 and 2.1). So what is read of the second is loaded
// along by the first, too, where a function holds the object of the first while it makes the second, or calls what does: by a name,
// an attribute of an instance that it has, an argument, what a framework got for its parameters or for a guard of the endpoint, and
// what is kept with the task or the request. populate_existing for the second is no answer: it drops what is loaded of the object
// besides, and what is set of it and not flushed.
//
// held_along_follow.go carries it to the queries. Not followed: what lists of a program's own classes hold; dependencies of a router
// where it is included.

// namedHeld is an object, or an instance that may have some, which a unit holds by a name, as what an await gave beside the rest of
// an expression (held_beside.go), or, without both, while its body runs.
type namedHeld struct {
	name string
	node pysyntax.Node // the await
	atom *atom
}

// holds notes what a name holds, or, by "", a framework for the unit.
func (x *interp) holds(name string, v value) {
	if x.u.key.fn != nil {
		x.hold(namedHeld{name: name, node: pysyntax.Nil}, v)
	}
}

func (x *interp) hold(as namedHeld, v value) {
	for _, a := range withItems(v) {
		if a.kind != instance && (a.kind != object || !isHeldQueried(a)) {
			continue
		}
		if x.out.holding == nil {
			x.out.holding = map[namedHeld]bool{}
		}
		as.atom = a
		x.out.holding[as] = true
	}
}

// withItems is a value with the objects in its lists, tuples and dictionaries.
func withItems(v value) []*atom {
	out := withElements(v)
	for _, a := range v {
		if a.kind == mapping {
			out = append(out, a.elem...)
		}
		for _, e := range a.elems {
			out = append(out, e...)
		}
	}
	return out
}

// isHeldQueried reports whether a query gave an object, or what it was loaded along with, as a session has it now.
func isHeldQueried(a *atom) bool {
	if a.origin.isMaybeHeld() {
		return false
	}
	s, from := history(a.origin)
	return from == fromSite && !s.detached
}

// heldFor is an object of a query that a unit holds: from a binding of the name on, while one call runs or from then on, or while
// its body runs.
type heldFor struct {
	origin *origin
	path   *path
	name   string
	node   pysyntax.Node // the call, Nil for none
	behind bool          // from the call on
	beside bool          // while the rest of the expression runs that the node, an await, stands in
}

// during reports whether an object is held while a call of the unit runs, which may be by the same session.
func (h *heldFor) during(p *propagation, w callWay) bool {
	t, f := w.unit.key.mod.Tree, w.unit.key.fn
	if closedBehind(w.unit.out.closedAt, h.origin, w.unit.key.mod, w.node) {
		return false
	}
	since := func(n pysyntax.Node) bool {
		return t.Start(n) < t.Start(w.node) && !exclude(t, n, w.node) && (t.Kind(n) == pysyntax.ForStatement || !t.Contains(n, w.node)) && (w.block == 0 || t.Contains(w.block, n))
	}
	switch {
	case h.beside:
		return beside(t, h.node, w.node) && (w.block == 0 || t.Contains(w.block, h.node))
	case h.node != pysyntax.Nil && h.behind:
		return since(h.node)
	case h.node != pysyntax.Nil:
		return h.node == w.node && w.block == 0
	case h.name == "" || f.ParamIndex(h.name) >= 0:
		return w.block == 0 && t.Contains(f.Body, w.node) // what another parameter is given may come before it
	}
	if bound := (*p.a.t.boundIn(w.unit.key.mod, f.Body))[h.name]; len(bound) > 0 {
		return slices.ContainsFunc(bound, since)
	}
	return withAlias(t, w.node, w.block, h.name)
}

// exclude reports whether two nodes stand in different branches of an if that no loop repeats.
func exclude(t *pysyntax.Tree, a, b pysyntax.Node) bool {
	n := t.Enclosing(a, pysyntax.IfStatement, pysyntax.FunctionDefinition)
	for t.Kind(n) == pysyntax.IfStatement && !t.Contains(n, b) {
		n = t.Enclosing(n, pysyntax.IfStatement, pysyntax.FunctionDefinition)
	}
	if t.Kind(n) != pysyntax.IfStatement || t.Is(t.Enclosing(n, pysyntax.ForStatement, pysyntax.WhileStatement, pysyntax.FunctionDefinition),
		pysyntax.ForStatement, pysyntax.WhileStatement) {
		return false
	}
	test := t.Child(n, pysyntax.FieldCondition)
	for c := range t.Children(n) {
		if t.Contains(c, a) {
			return c != test && !t.Contains(c, b) && !t.Contains(test, b)
		}
	}
	return false
}

// withAlias reports whether a with statement around a node, in a block or the block's own, gives a name its value.
func withAlias(t *pysyntax.Tree, n, block pysyntax.Node, name string) bool {
	with := t.Enclosing(n, pysyntax.WithStatement, pysyntax.FunctionDefinition)
	for ; t.Kind(with) == pysyntax.WithStatement; with = t.Enclosing(with, pysyntax.WithStatement, pysyntax.FunctionDefinition) {
		for item := range t.Within(with) {
			if t.Kind(item) == pysyntax.Block {
				break
			}
			if t.Kind(item) == pysyntax.AsPattern && t.Names(t.Child(item, pysyntax.FieldAlias), name) {
				return true
			}
		}
		if with == block {
			return false
		}
	}
	return false
}

// callWay is a call in a unit that makes, or leads to, the query at hand, and the block that makes its session, 0 for none.
type callWay struct {
	unit  *unit
	node  pysyntax.Node
	block pysyntax.Node
}

// maxHeldWay bounds how many calls lead from who holds an object to the session.get() that may give it.
const maxHeldWay = 6

// waysTo are the calls that lead to a session.get(), where its session is that of the caller, the get itself first.
func (p *propagation) waysTo(s *Site) []callWay {
	var out []callWay
	for _, k := range p.a.contexts[s.Function] {
		if u := p.a.units[k.id]; u != nil && !p.idle[k.id] {
			out = append(out, callWay{u, s.Node, p.blockOf(u, s.Module, s.Node)})
		}
	}
	seen := map[string]bool{}
	for depth, from := 0, out; depth < maxHeldWay && len(from) > 0; depth++ {
		var next []callWay
		for _, w := range from {
			if w.block != 0 || seen[w.unit.key.id] {
				continue
			}
			seen[w.unit.key.id] = true
			callers := p.a.callers[w.unit.key.id]
			for _, id := range sortedKeys(callers) {
				for _, e := range callers[id] {
					u := p.a.units[id]
					if u == nil || u.key.fn == nil || e.framework || p.idle[id] || e.mod != u.key.mod || u.key.mod.Test() && !s.Module.Test() {
						continue
					}
					next = append(next, callWay{u, e.node, p.blockOf(u, e.mod, e.node)})
				}
			}
		}
		out, from = append(out, next...), next
	}
	return out
}

// blockOf is the block around a node of a unit that makes the session there.
func (p *propagation) blockOf(u *unit, m *pymodule.Module, n pysyntax.Node) pysyntax.Node {
	x := &interp{a: p.a, u: u, t: m.Tree, m: m, out: newOutcome()}
	return x.sessionBlock(n)
}
