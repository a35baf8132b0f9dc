package loadflow

import (
	"strings"

	"github.com/lazyfix/lazyfix/rewrite/internal/pysyntax"
)

// A session that a block opens and closes is given to a function that queries, or to a repository:
//
//	async with Session() as session:
//	    order = await load_order(session, number)
//	return order.items[0].order   # DetachedInstanceError
//
// The query stands elsewhere, so it is the call that says which block its objects leave. It is known where they are read in the
// function with the block, and in those that are given them as its result.

// queriedIn notes of what a call gives that its session closes at the end of a block, or that it is closed already.
func (x *interp) queriedIn(ret value, closed bool, call pysyntax.Node) {
	if !hasObject(ret) {
		return
	}
	block := pysyntax.Node(0)
	if !closed {
		if block = x.sessionBlock(call); block == 0 || !x.takesSessionOf(block, call) {
			return
		}
	}
	for _, a := range flatten(ret) {
		if a.kind == object && a.origin.kind == fromSite {
			if x.givenSession == nil {
				x.givenSession = map[*origin]pysyntax.Node{}
			}
			x.givenSession[a.origin] = block
		}
	}
}

// givesClosed reports whether a value has an object whose session is closed once the function is left.
func (x *interp) givesClosed(v value) bool {
	if len(x.givenSession) == 0 {
		return false
	}
	for _, a := range flatten(v) {
		if a.kind == object {
			if _, closed := x.givenSession[a.origin]; closed {
				return true
			}
		}
	}
	return false
}

// takesSessionOf reports whether a call names what a block opens, by an argument or through what the block made with it:
// repository = Orders(session).
func (x *interp) takesSessionOf(block, call pysyntax.Node) bool {
	t := x.t
	first, _, _ := strings.Cut(t.Text(t.Child(call, pysyntax.FieldFunction)), ".")
	for item := range t.Within(block) {
		if t.Kind(item) == pysyntax.Block {
			break
		}
		if t.Kind(item) != pysyntax.AsPattern {
			continue
		}
		session := t.Text(t.First(t.Child(item, pysyntax.FieldAlias)))
		if t.Names(call, session) {
			return true
		}
		for c := range assignments(t, block, first) {
			if t.Names(t.Child(c, pysyntax.FieldRight), session) {
				return true
			}
		}
	}
	return false
}
