package loadflow

import (
	"strings"

	"github.com/lazyfix/lazyfix/rewrite/internal/pysyntax"
)

// What the program puts into a collection is in it as it is: no option of the query that gave the rest loads anything of it.
//
//	order = await session.get(Order, key, options=[selectinload(Order.items).selectinload(Item.product)])
//	order.items.append(Item(product_id=2))
//	await session.commit()
//	[item.product for item in order.items]  # of the new one it is not loaded
//
// The same query behind the commit loads it. A refresh of the order, or of its items, does so only where nothing else holds the
// new item, and the order came by a query with such options (measured on 2.0 and 2.1): so none is written. Not followed: what a
// called function puts into an object that it does not give back.

// maxPut bounds what is known of that is put into one collection.
const maxPut = 16

// placedIn stands before the name of a collection of which it is known what was put into it.
const placedIn = "in "

// putInto notes what is put into a collection of an object, for all names that hold the object.
func (x *interp) putInto(a *atom, rel string, v value) {
	if v = useful(v); hasObject(v) && !x.m.Test() {
		x.setRelationship(a, placedIn+rel, x.putBeside(a, placedIn+rel, v))
	}
}

// putBeside is what an object was given under a name, with more. Of what is put there only that is kept what was set of it, and
// not to what: objects that are put into each other would stand in each other at every level, each time with one more. Of tests,
// which build large graphs, nothing is kept: what they read of what they made is no reason to change the program.
func (x *interp) putBeside(a *atom, name string, more value) value {
	if x.m.Test() {
		return nil
	}
	before := a.origin.setTo(name)
	if len(before) >= maxPut {
		return before
	}
	return join(before, x.a.upTo(more, 1))
}

// isPutInto reports whether something was put into a collection of an object.
func isPutInto(o *origin) bool {
	return o.isMarked(func(name string) bool { return strings.HasPrefix(name, placedIn) })
}

// putting is what an object stands in whose saving saved it.
type putting uint8

const (
	notPut         putting = iota
	putIntoQueried         // one that a query gave
	putIntoNew             // one that the program made, or of which it is not known
)

// isNamed reports whether a new object has a name where it is made, which holds it.
func isNamed(o *origin) bool {
	return o.mod.Tree.Is(o.mod.Tree.Parent(o.node), pysyntax.Assignment, pysyntax.NamedExpression)
}

// puts is how an object stands in the one of a want: notPut where it has a life of its own.
func (w *wanted) puts(b *atom) putting {
	switch {
	case b.origin.kind != fromNew || w.life.save == nil:
		return notPut
	case w.origin.first().kind == fromSite:
		return putIntoQueried
	}
	return putIntoNew
}

// followPut goes on from what the program put into the collection that a path begins with. What else is in it goes its own way.
func (p *propagation) followPut(w *wanted) {
	steps := w.path.steps()
	if len(steps) == 1 {
		return
	}
	for _, g := range w.origin.given {
		if g.name == placedIn+steps[0].rel.Name {
			p.behindGiven(w, g.value)
		}
	}
}
