package loadflow

import (
	"strings"

	"github.com/lazyfix/lazyfix/rewrite/internal/mapper"
	"github.com/lazyfix/lazyfix/rewrite/internal/pymodule"
	"github.com/lazyfix/lazyfix/rewrite/internal/pysyntax"
)

// anyColumn is the name under which a new object has what cannot be seen: Order(**data).
const anyColumn = "*"

// create is a new object of a mapped class: what the arguments set is known of it.
func (x *interp) create(c *atom, args *arguments, n pysyntax.Node) value {
	o := x.a.t.newOrigin(x.m, n)
	give := func(name string, v value) {
		if with := x.a.t.withGiven(o, nil, name, v); with != nil {
			o = with
		}
	}
	for _, name := range sortedKeys(args.kw) {
		switch v := useful(args.kw[name]); {
		case x.a.ix.Relationship(c.class, name) != nil:
			give(name, v)
		case x.isKey(c.class, name):
			give(name, x.keyOf(args.kwNodes[name]))
		}
	}
	if x.hasSplat(n) || len(args.pos) > 0 {
		give(anyColumn, nil)
	}
	for _, name := range sortedKeys(args.kw) {
		if r := x.a.ix.Relationship(c.class, name); r != nil {
			x.populateBack(r, args.kw[name])
		}
	}
	return one(x.a.t.object(c.class, o, nil))
}

// isKey reports whether an attribute is a column with a foreign key, as far as its declaration shows.
func (x *interp) isKey(c *pymodule.Class, name string) bool {
	for _, b := range x.a.g.MRO(c) {
		if b.Class == nil {
			continue
		}
		if f := b.Class.Field(name); f != nil {
			text := f.Module.Tree.Text(f.Node)
			return strings.Contains(text, "ForeignKey") || strings.Contains(text, "foreign_key") || strings.HasSuffix(name, "_id")
		}
	}
	return strings.HasSuffix(name, "_id")
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
		o := a.origin
		for o.inner != nil {
			o = o.inner
		}
		if o.kind == fromNew {
			o = x.a.t.newOrigin(o.mod, o.node)
		}
		out = append(out, x.a.t.object(a.class, o, nil))
	}
	return valueOf(out)
}

// populateBack is what setting a relationship does to its other side: with Item(order=order) the new order has its items.
// A collection of an object that has a row stays unloaded. What the other side holds is not kept: each would hold the
// other without end.
func (x *interp) populateBack(r *mapper.Relationship, v value) {
	back := r.Says["back_populates"]
	if back == "" && r.Target != nil {
		for _, other := range x.a.ix.All(r.Target) { // backref=
			if other != r && other.Module == r.Module && other.Call == r.Call {
				back = other.Name
			}
		}
	}
	for _, a := range flatten(v) {
		if back != "" && a.kind == object && a.path == nil && x.a.ix.Relationship(a.class, back) != nil && x.transient(a) {
			x.setRelationship(a, back, nil)
		}
	}
}

// transient reports whether an object is new and has no row yet.
func (x *interp) transient(a *atom) bool {
	s, from := history(a.origin)
	return from == fromNew && !s.flushed
}

// filled is order.items.append(item) on an object that has no row yet: its collection counts as set.
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
		if r := x.a.ix.Relationship(a.class, rel); a.kind == object && a.path == nil && r != nil && r.Many && x.transient(a) {
			x.setRelationship(a, rel, nil)
			x.populateBack(r, args.all())
		}
	}
}

// setColumn is `order.total = 1`: what it means for what is loaded of the object.
func (x *interp) setColumn(a *atom, name string, v pysyntax.Node) {
	if a.path != nil {
		return
	}
	s, from := history(a.origin)
	if from == fromNew && (name == anyColumn || x.isKey(a.class, name)) {
		x.setRelationship(a, name, x.keyOf(v))
	}
	if !s.changed && (s.flushed || from != fromNew) && len(x.a.expiring(a.class)) > 0 {
		x.transform(func(b *atom, _ string) *atom {
			if b != a {
				return b
			}
			s.changed = true
			if b.origin.kind != fromSave {
				s.reloaded = false
			}
			return x.event(b, pysyntax.Nil, s)
		})
	}
}
