package loadflow

import (
	"slices"
	"strings"

	"github.com/lazyfix/lazyfix/rewrite/internal/mapper"
	"github.com/lazyfix/lazyfix/rewrite/internal/pymodule"
	"github.com/lazyfix/lazyfix/rewrite/internal/pysyntax"
)

// anyColumn is the name under which a new object has what cannot be seen: Order(**data).
const anyColumn = "*"

// heldByCaller stands before the name of what was set from an argument of the function that set it.
const heldByCaller = "held "

// create is a new object of a mapped class: what the arguments set is known of it.
func (x *interp) create(c *atom, args *arguments, n pysyntax.Node) value {
	o := x.a.t.newOrigin(x.m, n)
	give := func(name string, v value) {
		node, spelled := args.kwNodes[name]
		set := given{name: name, value: x.a.upTo(v, maxGivenLevels), made: spelled && x.madeInPlace(node, v)}
		if with := x.a.t.withGiven(o, nil, set); with != nil {
			o = with
		}
		if with := x.a.t.withGiven(o, nil, given{name: heldByCaller + name}); with != nil && x.parameters(v) != 0 {
			o = with
		}
	}
	for _, name := range sortedKeys(args.kw) {
		switch v := useful(args.kw[name]); {
		case x.a.ix.Relationship(c.class, name) != nil:
			give(name, v)
		case x.a.isDeferred(c.class, name):
			give(name, nil)
		case x.isKey(c.class, name):
			give(name, x.keyOf(args.kwNodes[name]))
			x.joinByKey(x.a.t.newOrigin(x.m, n), c.class, name, args.kwNodes[name], n, false)
		}
	}
	if x.hasSplat(n) || len(args.pos) > 0 {
		give(anyColumn, nil)
		x.keysAtHand(c.class, give)
	}
	made := x.a.t.object(c.class, o, nil)
	for _, name := range sortedKeys(args.kw) {
		if r := x.a.ix.Relationship(c.class, name); r != nil {
			x.populateBack(r, args.kw[name], one(made), n)
		}
	}
	for _, name := range sortedKeys(args.kwNodes) {
		if x.isComputed(args.kwNodes[name]) {
			made = x.event(made, pysyntax.Nil, saved{computed: bothSets(computedOf(made), name), guard: -1})
		}
	}
	return one(made)
}

// madeInPlace reports whether all objects that an expression gives are made or queried by itself, Customer(name="x") or await
// session.get(Customer, id): no name holds them. What a function gives may be held elsewhere, and counts as held.
func (x *interp) madeInPlace(n pysyntax.Node, v value) bool {
	objects := 0
	for _, a := range v {
		if a.kind != object {
			continue
		}
		objects++
		o := a.origin
		made := o.kind == fromNew && o.mod == x.m && x.t.Contains(n, o.node)
		if !made && (o.kind != fromSite || o.site.Module != x.m || !x.t.Contains(n, o.site.Node)) {
			return false
		}
	}
	return objects > 0
}

// keysAtHand are the keys that Order(**data) most likely takes from objects that names hold here, as they were looked up
// for it.
func (x *interp) keysAtHand(c *pymodule.Class, give func(string, value)) {
	for _, r := range x.a.ix.All(c) {
		if r.Many || !r.ForeignKeyHere || r.Target == nil {
			continue
		}
		for _, name := range sortedKeys(x.env) {
			for _, a := range x.env[name] {
				if a.kind == object && a.path == nil && x.a.related(a.class, r.Target) && a.class != c {
					for _, column := range x.a.ix.KeyColumns(c, r) {
						give(column, one(x.bare(a)))
					}
				}
			}
		}
	}
}

// bare is an object of which only that is known where it came from.
func (x *interp) bare(a *atom) *atom {
	o := a.origin
	for o.inner != nil {
		o = o.inner
	}
	if o.kind == fromNew {
		o = x.a.t.newOrigin(o.mod, o.node)
	}
	return x.a.t.object(a.class, o, nil)
}

// anything is the name under which a new object has what unknown code may have set: form.populate_obj(order).
const anything = "**"

// handedOut notes new objects among the arguments of a call of unknown code.
func (x *interp) handedOut(name string, args *arguments) {
	switch name {
	case "add", "add_all", "merge", "refresh", "delete", "expunge", "append", "extend", "insert", "remove", "discard":
		return
	}
	for _, a := range args.all() {
		if a.kind == object && a.path == nil && x.transient(a) {
			x.setRelationship(a, anything, nil)
		}
	}
}

// isKey reports whether an attribute is a column with a foreign key, as far as its declaration, or its name, shows.
func (x *interp) isKey(c *pymodule.Class, name string) bool {
	return x.a.ix.HasForeignKey(c, name) || strings.HasSuffix(name, "_id") || len(x.a.byColumn(c, name)) > 0
}

// keyOf are the objects whose key an expression is: customer for `customer.id`. As long as they live, the session answers
// a to-one relationship with them and asks nobody. Only where they come from is kept.
func (x *interp) keyOf(n pysyntax.Node) value {
	if x.t.Kind(n) != pysyntax.Attribute {
		return nil
	}
	var out []*atom
	for _, a := range x.quiet(x.t.Child(n, pysyntax.FieldObject)) {
		if a.kind != object {
			continue
		}
		out = append(out, x.bare(a))
	}
	return valueOf(out)
}

// populateBack is what setting a relationship does to its other side: with Item(order=order) the new order has its items.
// A collection of an object that has a row stays unloaded, and what is put into it is kept: see put_into.go. What else the
// other side holds is not kept: each would hold the other without end.
func (x *interp) populateBack(r *mapper.Relationship, v, by value, at pysyntax.Node) {
	back := x.otherSide(r)
	for _, a := range flatten(v) {
		if back == "" || a.kind != object || a.path != nil || x.a.ix.Relationship(a.class, back) == nil {
			continue
		}
		x.noteChange(a, at)
		x.noteSet(a, back, alwaysNew)
		if x.transient(a) {
			x.setRelationship(a, back, nil)
		} else if x.a.ix.Relationship(a.class, back).Many {
			x.putInto(a, back, by)
		}
	}
}

// otherSide is the relationship that is set with another one, "" for none.
func (x *interp) otherSide(r *mapper.Relationship) string {
	back := r.Says["back_populates"]
	if back == "" && r.Target != nil {
		for _, other := range x.a.ix.All(r.Target) { // backref=
			if other != r && other.Module == r.Module && other.Call == r.Call {
				back = other.Name
			}
		}
	}
	return back
}

// transient reports whether an object is new and has no row yet.
func (x *interp) transient(a *atom) bool {
	s, from := history(a.origin)
	return from == fromNew && !s.flushed
}

// filled is order.items.append(item): on an object that has no row yet, its collection counts as set.
func (x *interp) filled(fn pysyntax.Node, name string, args *arguments) {
	switch name {
	case "append", "add", "extend", "insert", "update":
	default:
		return
	}
	collected := x.t.Child(fn, pysyntax.FieldObject)
	if x.t.Kind(collected) != pysyntax.Attribute {
		return
	}
	rel := x.t.Text(x.t.Child(collected, pysyntax.FieldAttribute))
	for _, a := range x.quiet(x.t.Child(collected, pysyntax.FieldObject)) {
		r := x.a.ix.Relationship(a.class, rel)
		if r != nil {
			x.noteChange(a, fn)
			for _, put := range flatten(args.all()) {
				if x.otherSide(r) != "" {
					x.noteChange(put, fn)
				}
			}
		}
		switch {
		case a.kind != object || a.path != nil || r == nil || !r.Many:
		case x.transient(a):
			x.setRelationship(a, rel, x.putBeside(a, rel, args.all()))
			x.populateBack(r, args.all(), nil, fn)
		default:
			x.putInto(a, rel, args.all())
		}
	}
}

// setColumn is `order.total = 1`: what it means for what is loaded of the object. Holder is how the object is spelled.
func (x *interp) setColumn(a *atom, holder, name string, v, at pysyntax.Node) {
	s, from := history(a.origin)
	if from != fromNew || a.path != nil {
		a = x.setKey(a, holder, name, at)
	}
	x.joinByKey(a.origin, a.class, name, v, at, from != fromNew || s.added)
	if a.path != nil {
		return
	}
	if from == fromNew && (name == anyColumn || x.isKey(a.class, name)) {
		x.setRelationship(a, name, x.keyOf(v))
	}
	x.setColumnLater(a, name, x.isComputed(v))
}

// first is where an object was before anything was done to it.
func (o *origin) first() *origin {
	for o.inner != nil && o.prefix == nil {
		o = o.inner
	}
	return o
}

func (o *origin) sets(name string) bool { return o.lastGiven(name) != nil }

// setTo is what the program set something of an object to last.
func (o *origin) setTo(name string) value {
	if g := o.lastGiven(name); g != nil {
		return g.value
	}
	return nil
}

func (o *origin) lastGiven(name string) *given {
	for ; o != nil; o = o.before() {
		if i := slices.IndexFunc(o.given, func(g given) bool { return g.name == name }); i >= 0 {
			return &o.given[i]
		}
	}
	return nil
}

// before is the origin that the same object had before the last thing that was done to it, nil for the first.
func (o *origin) before() *origin {
	if o.prefix != nil {
		return nil
	}
	return o.inner
}
