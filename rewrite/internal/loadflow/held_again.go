package loadflow

import (
	"slices"
	"strings"

	"github.com/lazyfix/lazyfix/rewrite/internal/pysyntax"
)

// A query after a commit gives the objects again that the session holds, as they are: since expire_on_commit=False nothing
// of what was loaded before is loaded anew (measured on 2.0 and 2.1).
//
//	order = await get_order(session, key)   # loads order.items
//	session.add(Item(order_id=key))
//	await session.commit()
//	order = await get_order(session, key)   # order.items lacks the new one
//
// So what was done to the first is remembered of the second, while a name holds the first.

// heldAgain is what a call gives, with those of its objects that may be ones at hand whose keys were set.
func (x *interp) heldAgain(call pysyntax.Node, given value) value {
	if !x.rekeys || !hasObject(given) {
		return given
	}
	var held []*atom
	for _, name := range sortedKeys(x.env) {
		if x.passes(call, name) || x.isOfList(call, name) { // it may give back what it is given
			continue
		}
		for _, a := range flatten(x.env[name]) {
			if a.kind == object && a.path == nil && isRekeyed(a.origin) && a.origin.isKept() && !slices.Contains(held, a) {
				held = append(held, a)
			}
		}
	}
	if len(held) == 0 {
		return given
	}
	return x.a.rewrite(given, func(b *atom) []*atom {
		out := []*atom{b}
		if b.kind != object || b.path != nil || b.origin.kind != fromSite || b.origin.site.populatesExisting() {
			return out
		}
		for _, a := range held {
			if a.class == b.class {
				out = append(out, x.a.t.object(b.class, x.a.t.around(a.origin, b.origin), nil))
			}
		}
		return out
	})
}

// passes reports whether a call gets what a name holds.
func (x *interp) passes(call pysyntax.Node, name string) bool {
	for arg := range x.t.Children(x.t.Child(call, pysyntax.FieldArguments)) {
		if x.t.Kind(arg) == pysyntax.KeywordArgument {
			arg = x.t.Child(arg, pysyntax.FieldValue)
		}
		if x.t.Text(arg) == name {
			return true
		}
	}
	return false
}

// isOfList reports whether a name is the variable of a loop that has ended, over a list that a name holds still.
func (x *interp) isOfList(at pysyntax.Node, name string) bool {
	for n := range x.t.Within(x.t.Enclosing(at, pysyntax.FunctionDefinition)) {
		if x.t.Kind(n) == pysyntax.ForStatement && x.t.Text(x.t.Child(n, pysyntax.FieldLeft)) == name && !x.t.Contains(n, at) {
			if _, held := x.env[x.t.Text(x.t.Child(n, pysyntax.FieldRight))]; held {
				return true
			}
		}
	}
	return false
}

// isKept reports whether an object came from a query, was written since, and is as the session holds it.
func (o *origin) isKept() bool {
	s, from := history(o)
	return from != fromNew && s.flushed && !s.expired && !s.detached && !s.reloaded
}

// populatesExisting reports whether a query loads anew what the session holds. Anywhere in its function counts.
func (s *Site) populatesExisting() bool {
	for ; s != nil; s = s.Via {
		text := s.Module.Tree.Text(s.Node)
		if s.Function != nil {
			text = s.Module.Tree.Text(s.Function.Body)
		}
		if strings.Contains(text, "populate_existing") {
			return true
		}
	}
	return false
}

// around is what was done to an object of origin o, done to one of another.
func (t *table) around(o, first *origin) *origin {
	if o.before() == nil {
		return first
	}
	with := *o
	with.inner = t.around(o.inner, first)
	return t.remade(o, &with)
}

// asQueried is an origin without the keys that were set: session.expire() has all loaded anew.
func (t *table) asQueried(o *origin) *origin {
	if o.before() == nil {
		return o
	}
	with := *o
	with.inner = t.asQueried(o.inner)
	with.given = slices.DeleteFunc(slices.Clone(o.given), func(g given) bool { return strings.HasPrefix(g.name, rekeyed) })
	if o.kind == fromSet && len(with.given) == 0 {
		return with.inner
	}
	return t.remade(o, &with)
}
