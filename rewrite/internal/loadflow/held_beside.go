package loadflow

import "github.com/lazyfix/lazyfix/rewrite/internal/pysyntax"

// An object without a name is held, too, while the rest of the expression that it is for runs:
//
//	page(await current(session), await order_of(session, 1))
//	{"user": await current(session), "order": await order_of(session, 1)}
//	(await current(session)).show(await order_of(session, 1))

// holdsBeside notes that what an await gave is held while more of its expression runs.
func (x *interp) holdsBeside(await pysyntax.Node, v value) {
	if x.u.key.fn == nil || x.t != x.u.key.mod.Tree || !hasObject(v) && !hasInstance(v) {
		return
	}
	around := heldWithin(x.t, await)
	for n := range x.t.Within(around) {
		if x.t.Kind(n) == pysyntax.Call && x.t.Start(n) >= x.t.End(await) {
			x.hold(namedHeld{node: await}, v)
			return
		}
	}
}

// heldWithin is the outermost expression around an awaited one which holds what that gave as long as it runs: a display, the
// arguments of a call, and the whole call where that is of a method. Nil without one.
func heldWithin(t *pysyntax.Tree, n pysyntax.Node) pysyntax.Node {
	out := pysyntax.Nil
	for {
		up := t.Parent(n)
		switch t.Kind(up) {
		case pysyntax.ParenthesizedExpression, pysyntax.KeywordArgument, pysyntax.Pair, pysyntax.NamedExpression:
		case pysyntax.Tuple, pysyntax.ExpressionList, pysyntax.List, pysyntax.Set, pysyntax.Dictionary:
			out = up
		case pysyntax.ArgumentList:
			return up
		case pysyntax.Attribute:
			if call := t.Parent(up); t.Kind(call) == pysyntax.Call && t.Field(up) == pysyntax.FieldFunction {
				return call
			}
			return out
		default:
			return out
		}
		n = up
	}
}

// beside reports whether a call runs behind an awaited expression, while what that gave is held.
func beside(t *pysyntax.Tree, await, call pysyntax.Node) bool {
	around := heldWithin(t, await)
	return around != pysyntax.Nil && t.Contains(around, call) && t.Start(call) >= t.End(await)
}
