package loadflow

import (
	"slices"

	"github.com/lazyfix/lazyfix/rewrite/internal/pymodule"
	"github.com/lazyfix/lazyfix/rewrite/internal/pysyntax"
)

// A dictionary of names and values may be filled one by one before it says what is set:
//
//	changes = {}
//	if customer is not None:
//	    changes["customer_id"] = customer.id      changes.update(customer_id=...), changes |= {"customer_id": ...}
//	await update(order, **changes)
//
// Limits: what another function makes or fills, and a comprehension, say no names.

// fill is where the function gives the dictionary of a name a key, before the name is used; Nil where it does not.
func (x *interp) fill(dict pysyntax.Node, key string) pysyntax.Node {
	t := x.t
	name := t.Text(dict)
	for n := range t.Within(t.Enclosing(dict, pysyntax.FunctionDefinition)) {
		if n < dict && t.Kind(n) == pysyntax.Identifier && t.Text(n) == name && t.Field(n) != pysyntax.FieldAttribute && x.fillsAt(n, key) {
			return n
		}
	}
	return pysyntax.Nil
}

// fillsAt reports whether a use of a dictionary's name gives it a key.
func (x *interp) fillsAt(dict pysyntax.Node, key string) bool {
	t, at := x.t, x.t.Parent(dict)
	switch {
	case t.Kind(at) == pysyntax.Subscript && t.Field(dict) == pysyntax.FieldValue && t.Field(at) == pysyntax.FieldLeft:
		index := t.Child(at, pysyntax.FieldSubscript)
		loop := x.loopOver(index)
		return slices.Contains(x.spellings(index), key) || loop != pysyntax.Nil && x.spellsName(t.Child(loop, pysyntax.FieldRight), key)
	case t.Kind(at) == pysyntax.AugmentedAssignment && t.Field(dict) == pysyntax.FieldLeft:
		return hasKey(t, t.Child(at, pysyntax.FieldRight), key)
	case t.Kind(at) == pysyntax.Attribute && t.Field(at) == pysyntax.FieldFunction:
		return x.callFills(t.Parent(at), t.Text(t.Child(at, pysyntax.FieldAttribute)), key)
	}
	return false
}

// fillsInBranch reports whether a dictionary gets one of the keys on one way only, on which it is not used: without it the object is
// as it was.
func (x *interp) fillsInBranch(said []pysyntax.Node, keys []string) bool {
	t := x.t
	for _, expression := range said {
		for dict := range identifiersIn(t, expression) {
			for _, key := range keys {
				fill := x.fill(dict, key)
				branch := t.Enclosing(fill, pysyntax.IfStatement, pysyntax.ForStatement, pysyntax.WhileStatement, pysyntax.TryStatement, pysyntax.FunctionDefinition)
				if fill != pysyntax.Nil && t.Kind(branch) != pysyntax.FunctionDefinition && !t.Contains(branch, dict) {
					return true
				}
			}
		}
	}
	return false
}

// callFills reports whether a call of a dictionary's method gives it a key.
func (x *interp) callFills(call pysyntax.Node, method, key string) bool {
	t := x.t
	first := t.First(t.Child(call, pysyntax.FieldArguments))
	switch method {
	case "update":
		return t.Keyword(call, key) != pysyntax.Nil || hasKey(t, first, key) || x.dumps(first, key)
	case "setdefault":
		return pymodule.StringValue(t, first) == key
	}
	return false
}

// isDict reports whether a call is dict(number="1").
func isDict(t *pysyntax.Tree, call pysyntax.Node) bool {
	return t.Kind(call) == pysyntax.Call && t.Text(t.Child(call, pysyntax.FieldFunction)) == "dict"
}
