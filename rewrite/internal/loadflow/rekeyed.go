package loadflow

import (
	"slices"
	"strings"

	"github.com/lazyfix/lazyfix/rewrite/internal/mapper"
	"github.com/lazyfix/lazyfix/rewrite/internal/pymodule"
	"github.com/lazyfix/lazyfix/rewrite/internal/pysyntax"
)

// What a query loaded stays as it was when a foreign key is set afterwards, through a flush and a commit:
//
//	order = await session.scalar(select(Order).options(selectinload(Order.customer)))
//	order.customer_id = 2      # order.customer is the first one still
//	Item(order_id=order.id)    # order.items, if it was loaded, lacks the new one
//
// So an option is no answer to a read behind that: it would give what is wrong, in silence, where the code raised before.
// The object must be refreshed in between. Not followed: keys that a statement sets (update().values()), and those of
// objects that only another one holds (item.order.customer_id = 2).

// rekeyed stands before the name of a relationship whose key was set after the object was loaded.
const rekeyed = "rekeyed "

// setKey is what setting a column of an object means for the relationships that go by it. It gives the object as it is then.
func (x *interp) setKey(a *atom, holder, column string, at pysyntax.Node) *atom {
	if column == anyColumn {
		return x.setNamed(a, holder, x.saidIn(at), at)
	}
	for _, r := range x.a.byColumn(a.class, column) {
		x.noteSet(a, r.Name, setsKey)
		a = x.rekey(a, r.Name, change{holder: holder, sure: true, node: at})
	}
	return a
}

// byColumn are the relationships of a class that are loaded by a column of its own table.
func (a *analysis) byColumn(c *pymodule.Class, column string) []*mapper.Relationship {
	var out []*mapper.Relationship
	for _, r := range a.ix.All(c) {
		if goesByKey(r) && slices.Contains(a.ix.KeyColumns(c, r), column) {
			out = append(out, r)
		}
	}
	return out
}

// goesByKey reports whether a relationship is loaded by a foreign key of its own table.
func goesByKey(r *mapper.Relationship) bool {
	return !r.Many && r.ForeignKeyHere && r.Lazy.Held()
}

// rekey notes it for the name that holds the object, and gives the object as it is then. An atom is what a query gives, of
// which several objects may be at hand: other names that hold it may hold another, so that they keep it beside the changed
// one. One that is new has no row to be loaded from before its flush.
func (x *interp) rekey(a *atom, rel string, c change) *atom {
	if x.transient(a) || a.origin.isSpoiled() {
		return a
	}
	o := x.a.t.withGiven(a.origin, a.path, given{name: rekeyed + rel, mod: x.m, node: c.node, by: c.by, param: c.param})
	if o == nil {
		return a
	}
	changed := x.a.t.object(a.class, o, nil)
	x.rekeys = true
	var names []string
	for _, key := range sortedKeys(x.env) {
		if x.env[key].leadsTo(a) {
			names = append(names, key)
		}
	}
	for _, key := range names {
		x.env[key] = x.a.rewrite(x.env[key], func(b *atom) []*atom {
			switch {
			case b != a:
				return []*atom{b}
			case c.sure && (key == c.holder || len(names) == 1):
				return []*atom{changed}
			}
			return []*atom{a, changed}
		})
	}
	return changed
}

// change is where a key was set.
type change struct {
	holder string // how the object is spelled, "" where that is not known
	sure   bool   // it is that object; else it may be
	node   pysyntax.Node
	by     *unitKey // whose callers name it by a parameter
	param  int
}

// isRekeyed reports whether a key of an object was set.
func isRekeyed(o *origin) bool {
	return o.isMarked(func(name string) bool { return strings.HasPrefix(name, rekeyed) })
}

// isMoved reports whether a key of an object was set, or something put into a collection of it: a flush changes what is loaded then.
func isMoved(o *origin) bool {
	return o.isMarked(func(name string) bool { return strings.HasPrefix(name, rekeyed) || strings.HasPrefix(name, placedIn) })
}

// isMarked reports whether something was set of an object, of which the names say what, since it was got.
func (o *origin) isMarked(as func(name string) bool) bool {
	for ; o != nil && (o.kind == fromSave || o.kind == fromSet) && o.prefix == nil; o = o.inner {
		if slices.ContainsFunc(o.given, func(g given) bool { return as(g.name) }) {
			return true
		}
	}
	return false
}

// meetRekeyed is what a name holds where two ways meet: an object whose key was set on one of them only counts as such on
// both, since a read behind must hold for both.
func meetRekeyed(v, w value) value {
	return join(withoutEarlier(v, w), withoutEarlier(w, v))
}

// withoutEarlier is v without the objects whose key was set on the other way and is not saved there: once it is, the refresh
// stands on that way alone.
func withoutEarlier(v, other value) value {
	if !slices.ContainsFunc(other, func(b *atom) bool { return b.kind == object && isRekeyed(b.origin) }) {
		return v
	}
	return slices.DeleteFunc(slices.Clone(v), func(a *atom) bool {
		return a.kind == object && a.path == nil && !slices.Contains(other, a) && slices.ContainsFunc(other, func(b *atom) bool {
			return b.kind == object && b.path == nil && b.class == a.class && isRekeyed(b.origin) && b.origin.isSetSince(a.origin)
		})
	})
}

// isSetSince reports whether an object of origin o is one of origin before of which attributes were set, and no more.
func (o *origin) isSetSince(before *origin) bool {
	for o.kind == fromSet && o.prefix == nil {
		if o = o.inner; o == before {
			return true
		}
	}
	return false
}

// Change is why a relationship of an object that a query gave is not what was loaded of it.
type Change uint8

// The changes.
const (
	NewObject Change = iota // no query gave the object
	KeySet                  // its foreign key was set
	Joined                  // an object was put into it by its foreign key
	Deleted                 // an object of it was deleted
	PutThere                // what is behind it is of a new object that was put there
)

var (
	changeVerbs  = [...]string{KeySet: "sets its key", Joined: "sets its key", Deleted: "deletes an object of it"}
	staleReasons = [...]string{
		KeySet: "its foreign key is set before", Joined: "an object is put into it by its foreign key before",
		Deleted: "an object of it is deleted before",
	}
)

// change is what was done at a place where a relationship ceased to be what was loaded.
func (g *given) change(r *mapper.Relationship) Change {
	switch {
	case isDelete(g.mod.Tree, g.node):
		return Deleted
	case r.ForeignKeyHere:
		return KeySet
	}
	return Joined
}

// stale is where the key of the first relationship of a path was set, if nothing set the relationship itself or refreshed
// the object since.
func (p *propagation) stale(w *wanted) *given {
	if w.life.drop || w.life.steps > 0 || w.test || w.read.replaces() {
		return nil
	}
	first := w.path.steps()[0].rel
	for i, g := range w.origin.given {
		if g.name == rekeyed+first.Name && (!g.mod.Test() || w.read.mod.Test()) { // a fake of tests may set what it likes
			return &w.origin.given[i]
		}
		if g.by != nil && p.callsSay(&g, first) {
			return &w.origin.given[i]
		}
	}
	return nil
}

// staleRead ends a way there: the object must be refreshed where it is saved behind that, if it is.
func (p *propagation) staleRead(w *wanted, at *given) {
	p.decide(w)
	w.rekeyed = at
	switch {
	case awaits(w.read) != "":
		p.uncovers(w, "of an object that is changed before")
		return
	case w.life.save != nil && !w.life.sync:
		p.reloadedAt(w)
		return
	}
	p.reportStale(w, at)
}

// reportStale reports what is read of an object that is not any more what was loaded.
func (p *propagation) reportStale(w *wanted, at *given) {
	one := *w // of what is read behind it, all have the same cause
	one.path = w.path.steps()[0]
	key := placeID(at.mod, at.node) + at.name
	if p.once[key] {
		return
	}
	p.once[key] = true
	name := one.path.class.Name + "." + one.path.rel.Name
	reason := staleReasons[at.change(one.path.rel)] + ", and what a query loaded stays as it was"
	p.undecided(&one, nil, reason, "refresh "+name+" once that is flushed, or select it with populate_existing")
}
