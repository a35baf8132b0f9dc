package loadflow

import (
	"slices"

	"github.com/lazyfix/lazyfix/rewrite/internal/pymodule"
	"github.com/lazyfix/lazyfix/rewrite/internal/pysyntax"
)

// A schema may be made of a dictionary whose keys are not told apart:
//
//	data = {name: getattr(order, name, None) for name in cls.model_fields}
//	return cls(**data)
//
// What was read of a relationship stands under the relationship's name, as far as the schema has such a field. What is known to be
// none of a field's, a property's objects, may be of each whose schema it fits; but only where the names are those that a class or
// the program lists: of {str(order.id): order} nothing is read, since a schema made of that would be of no use.

// readUnkeyed reads what a dictionary has under keys that are not told apart as a field of a schema says.
func (x *interp) readUnkeyed(o *atom, f schemaField, u *schemaUse) {
	if o.kind != mapping || o.entries != nil {
		return
	}
	named, others := x.underName(o.elem, f, u.schema)
	x.readField(named, f, u)
	if len(wordsIn(o.key)) > 0 || slices.ContainsFunc(o.key, func(a *atom) bool { return a.kind == classRef }) {
		x.choices++ // it may be of another field
		x.readField(others, f, u)
		x.choices--
	}
}

// underName are the objects in v, in containers too, that were read of a relationship by whose name a field is read, and those of
// which nothing says that they are of another field.
func (x *interp) underName(v value, f schemaField, c *pymodule.Class) (named, others value) {
	for _, a := range v {
		switch a.kind {
		case object:
			switch {
			case a.path != nil && f.readBy(a.path.rel.Name):
				named = join(named, one(a))
			case a.path == nil || !slices.ContainsFunc(x.a.schemaFields(c), func(o schemaField) bool { return o.readBy(a.path.rel.Name) }):
				others = join(others, one(a))
			}
		case collection:
			in, out := x.underName(a.elem, f, c)
			if len(in) > 0 {
				named = join(named, x.a.t.collection(in))
			}
			if len(out) > 0 {
				others = join(others, x.a.t.collection(out))
			}
		default:
			others = join(others, one(a))
		}
	}
	return named, others
}

// readBy reports whether a field is read by a name.
func (f schemaField) readBy(name string) bool {
	return f.Name == name || slices.ContainsFunc(f.sources, func(s []string) bool { return len(s) == 1 && s[0] == name })
}

// readIfLoaded is what a dictionary of objects has under the name of a relationship where that is loaded: what is read through it is
// loaded there.
func (x *interp) readIfLoaded(d *atom, name string, at pysyntax.Node) value {
	objects, _ := d.entry(ofObject)
	if _, set := d.entry(name); set {
		return nil
	}
	var out value
	for _, o := range objects {
		if r := x.a.ix.Relationship(o.class, name); r != nil && r.Lazy.Held() {
			if p, ok := x.a.t.spelledStep(o.path, o.class, r); ok {
				out = join(out, x.held(r, o.origin, x.a.t.guarded(p)))
			}
		}
	}
	return out
}
