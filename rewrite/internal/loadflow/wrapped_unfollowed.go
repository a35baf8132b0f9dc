package loadflow

import (
	"slices"

	"github.com/lazyfix/lazyfix/rewrite/internal/pymodule"
	"github.com/lazyfix/lazyfix/rewrite/internal/pysyntax"
)

// A wrapper may give the result to what is not in the tree, return Envelope(await handler(*args)), and the caller read it from there.
// Since the function's own result stays then, that is seen by what the caller does: it asks a mapped object for an attribute that it
// has not, or for an item, and goes on from that.

// unfollowedWrapper notes a call of a decorated function whose result its wrapper hid.
func (x *interp) unfollowedWrapper(own value, wrapper *pymodule.Function, call pysyntax.Node) {
	if len(own) == 0 || slices.ContainsFunc(own, func(a *atom) bool { return a.kind != object }) {
		return
	}
	for _, use := range x.usesOfCall(call) {
		if x.unknownOf(own, use) && x.readsOn(x.t.Parent(use)) {
			x.unseenAs(own, "what "+wrapper.Qual+"() makes of it is not followed", "load what is read of it in its query", call)
			return
		}
	}
}

// usesOfCall are the call with what only stands around it, or the uses of the name that is given its result.
func (x *interp) usesOfCall(call pysyntax.Node) []pysyntax.Node {
	t, n := x.t, call
	for t.Is(t.Parent(n), pysyntax.Await, pysyntax.ParenthesizedExpression) {
		n = t.Parent(n)
	}
	name := t.Child(t.Parent(n), pysyntax.FieldLeft)
	if t.Kind(t.Parent(n)) != pysyntax.Assignment || t.Kind(name) != pysyntax.Identifier {
		return []pysyntax.Node{n}
	}
	var out []pysyntax.Node
	for use := range t.Within(t.Enclosing(n, pysyntax.FunctionDefinition)) {
		if t.Kind(use) == pysyntax.Identifier && t.Text(use) == t.Text(name) {
			out = append(out, use)
		}
	}
	return out
}

// unknownOf reports whether a mapped object has not what is read of it here.
func (x *interp) unknownOf(own value, use pysyntax.Node) bool {
	t, read := x.t, x.t.Parent(use)
	switch {
	case t.Kind(read) == pysyntax.Subscript:
		return t.Field(use) == pysyntax.FieldValue
	case t.Kind(read) != pysyntax.Attribute || t.Field(use) != pysyntax.FieldObject:
		return false
	}
	name := t.Text(t.Child(read, pysyntax.FieldAttribute))
	return !slices.ContainsFunc(own, func(a *atom) bool {
		return x.a.ix.Relationship(a.class, name) != nil || x.a.classMember(a.class, name).Kind != pymodule.Unknown
	})
}

// readsOn reports whether what is read is read further, handed on or gone through.
func (x *interp) readsOn(read pysyntax.Node) bool {
	t := x.t
	for t.Kind(t.Parent(read)) == pysyntax.Subscript && t.Field(read) == pysyntax.FieldValue {
		read = t.Parent(read)
	}
	switch up := t.Parent(read); t.Kind(up) {
	case pysyntax.Attribute:
		return len(x.a.named[t.Text(t.Child(up, pysyntax.FieldAttribute))]) > 0
	case pysyntax.ArgumentList:
		return true
	case pysyntax.ForStatement, pysyntax.ForInClause:
		return t.Field(read) == pysyntax.FieldRight
	}
	return false
}
