package loadflow

import (
	"github.com/lazyfix/lazyfix/rewrite/internal/pymodule"
	"github.com/lazyfix/lazyfix/rewrite/internal/pysyntax"
)

// The way back, order.items[0].order, is answered by the session (IsReverse), and so by nobody where the session is closed:
//
//	async with async_session() as session:
//	    return await session.get(Order, number)   # the caller's item.order raises DetachedInstanceError
//
// Seen where the query stands in such a block, or the call of a function that is given the block's session, and its objects are
// read elsewhere: closed_call.go, and closed_back.go for what a function reads that gets them as an argument.

// sessionBlock is the block around a query at whose end the session is closed, which is made for it; 0 without one.
func (x *interp) sessionBlock(n pysyntax.Node) pysyntax.Node {
	t := x.t
	if f := x.u.key.fn; f != nil && f.Generator { // who gets what it yields is in the block
		return 0
	}
	with := t.Enclosing(n, pysyntax.WithStatement, pysyntax.FunctionDefinition)
	for ; t.Kind(with) == pysyntax.WithStatement; with = t.Enclosing(with, pysyntax.WithStatement, pysyntax.FunctionDefinition) {
		for item := range t.Within(with) {
			if t.Kind(item) == pysyntax.Block {
				break
			}
			if t.Kind(item) != pysyntax.AsPattern || t.Kind(t.First(item)) != pysyntax.Call {
				continue
			}
			maker := t.Child(t.First(item), pysyntax.FieldFunction)
			named := IsSession(t.Text(t.First(t.Child(item, pysyntax.FieldAlias)))) && makesSession(pymodule.Last(t.Text(maker))) // not session.begin()
			if named || x.opensSessions(maker) {
				return with
			}
		}
	}
	return 0
}

// sessionClosed reports whether the session of an object's query is closed at a place.
func (x *interp) sessionClosed(o *origin, at pysyntax.Node) bool {
	return o.kind == fromSite && closedBehind(x.givenSession, o, x.m, at)
}

// closedBehind reports whether a place stands behind the block that closed the session of an object's query: the one that its call
// is known to leave, or the one around the query.
func closedBehind(given map[*origin]pysyntax.Node, o *origin, m *pymodule.Module, at pysyntax.Node) bool {
	if block, known := given[o]; known && (block == 0 || !m.Tree.Contains(block, at)) {
		return true
	}
	s := o.site
	for s.Via != nil {
		s = s.Via
	}
	return s.within != 0 && (s.Module != m || !m.Tree.Contains(s.within, at))
}
