package loadflow

import (
	"slices"

	"github.com/lazyfix/lazyfix/rewrite/internal/pysyntax"
)

// A row may be got by a foreign key of an object at hand:
//
//	order = await find(session, 1)                              # loads order.customer, for this caller or another
//	customer = await session.get(Customer, order.customer_id)
//	customer.addresses
//
// Where the order's query loads the customer, the session holds it, and session.get() gives it as it is, whatever options it has
// (measured on 2.0 and 2.1). So what is read of it is then loaded there, behind the customer. Where that query does not load it,
// nothing is asked of it: session.get() has its options.

// alongside is the name under which an object is noted that session.get() gives if it was loaded along with another.
const alongside = "alongside"

// relatedRows are the objects which a session.get() by a foreign key may give, as relationships of the objects whose key that is.
func (x *interp) relatedRows(call pysyntax.Node, gives value) value {
	t := x.t
	var out value
	for arg := range t.Children(t.Child(call, pysyntax.FieldArguments)) {
		key := t.ArgumentValue(arg)
		if t.Kind(key) != pysyntax.Attribute {
			continue
		}
		holder := t.Child(key, pysyntax.FieldObject)
		for _, a := range x.quiet(holder) {
			if a.kind == object && x.inSession(call, t.Text(holder), a) {
				out = join(out, x.behindKey(a, t.Text(t.Child(key, pysyntax.FieldAttribute)), call, gives))
			}
		}
	}
	return out
}

// behindKey are the objects that a column of an object refers to, as its relationships, where a call gives objects of their class.
func (x *interp) behindKey(a *atom, column string, call pysyntax.Node, gives value) value {
	var out value
	for _, r := range x.a.byColumn(a.class, column) {
		if r.Target == nil || !slices.ContainsFunc(gives, func(b *atom) bool { return b.class == r.Target && x.a.t.isGotByKey(b) }) {
			continue
		}
		p, ok := x.a.t.step(a.path, a.class, r)
		if !ok || p.len() <= a.path.len() {
			continue
		}
		if o := x.a.t.withGiven(a.origin, p, given{name: alongside, mod: x.m, node: call}); o != nil {
			out = join(out, one(x.a.t.object(r.Target, o, nil)))
		}
	}
	return out
}

// followAlongside takes up the reads of objects that session.get() gives as they were loaded along with others: at the queries that
// load those, or come to load them by what else is read.
func (p *propagation) followAlongside() {
	waiting := p.alongside
	for taken := true; taken; {
		taken = false
		waiting = slices.DeleteFunc(waiting, func(w *wanted) bool {
			k := siteKey{w.origin.site, w.origin.entity}
			if !p.loadsAlong(k, w) {
				return false
			}
			p.decide(w)
			taken = true
			p.bySite[k] = append(p.bySite[k], w)
			return true
		})
	}
}

// loadsAlong reports whether a query loads the object that session.get() gives, or that is asked for first, or comes to load it.
func (p *propagation) loadsAlong(k siteKey, w *wanted) bool {
	steps := w.path.steps()
	head := w.path.asked()
	if w.maybe != nil {
		head = max(head, len(steps)-w.behind)
	}
	if n, _ := p.a.loadedSteps(w.path, w.origin); n >= head {
		return true
	}
	return slices.ContainsFunc(p.bySite[k], func(other *wanted) bool {
		have := other.path.steps()
		return len(have) >= head && slices.EqualFunc(have[:head], steps[:head], func(a, b *path) bool { return a.rel == b.rel })
	})
}
