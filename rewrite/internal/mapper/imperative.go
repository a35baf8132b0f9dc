package mapper

import (
	"github.com/lazyfix/lazyfix/rewrite/internal/pymodule"
	"github.com/lazyfix/lazyfix/rewrite/internal/pysyntax"
)

// outside is a relationship, or a dictionary of them, that is given to a class outside its body.
type outside struct {
	class      *pymodule.Class
	at         place
	name       string        // "" for a dictionary
	value      pysyntax.Node // relationship(...), or the dictionary
	annotation pysyntax.Node
}

// mapperName is a name that a module gives to a mapper, in whatever function: lines_mapper = reg.map_imperatively(Line, lines),
// to which relationship(lines_mapper) leads.
type mapperName struct {
	module *pymodule.Module
	name   string
}

// findImperative looks for map_imperatively(A, table, properties={...}), A.bs = relationship(...) and
// add_property("bs", relationship(...)).
func (b *builder) findImperative() []outside {
	var out []outside
	for _, m := range b.g.Modules {
		if !mentions(m, "map_imperatively", "mapper(", "relationship") {
			continue
		}
		t := m.Tree
		for n := pysyntax.Node(0); int(n) < t.Len(); n++ {
			switch t.Kind(n) {
			case pysyntax.Assignment:
				left := t.Child(n, pysyntax.FieldLeft)
				if t.Kind(left) != pysyntax.Attribute || t.Kind(t.Child(n, pysyntax.FieldRight)) != pysyntax.Call {
					continue
				}
				at := placeOf(m, n)
				if s := b.node(at, t.Child(left, pysyntax.FieldObject)); s.Kind == pymodule.ClassSymbol {
					out = append(out, outside{class: s.Class, at: at, name: t.Text(t.Child(left, pysyntax.FieldAttribute)),
						value: t.Child(n, pysyntax.FieldRight), annotation: t.Child(n, pysyntax.FieldType)})
				}
			case pysyntax.Call:
				out = b.imperativeCall(out, m, n)
			}
		}
	}
	return out
}

func (b *builder) imperativeCall(out []outside, m *pymodule.Module, n pysyntax.Node) []outside {
	t := m.Tree
	fn := t.Child(n, pysyntax.FieldFunction)
	last := ""
	switch t.Kind(fn) {
	case pysyntax.Identifier:
		last = t.Text(fn)
	case pysyntax.Attribute:
		last = t.Text(t.Child(fn, pysyntax.FieldAttribute))
	}
	switch last {
	case "map_imperatively", "mapper":
		at := placeOf(m, n)
		if last == "mapper" && !fromSQLAlchemy(b.external(at, fn), "mapper") {
			return out
		}
		c := readCall(at, n)
		s := b.node(at, c.arg(0, "class_"))
		if s.Kind != pymodule.ClassSymbol {
			return out
		}
		b.imperative[s.Class] = true
		if found, ok := b.tableAt(at, c.arg(1, "local_table")); ok {
			b.tables[s.Class] = found
		}
		if name := t.Child(t.Parent(n), pysyntax.FieldLeft); t.Kind(t.Parent(n)) == pysyntax.Assignment && t.Kind(name) == pysyntax.Identifier {
			b.mappers[mapperName{m, t.Text(name)}] = s.Class
		}
		out = append(out, outside{class: s.Class, at: at, value: c.keyword("properties")})
	case "add_property":
		at := placeOf(m, n)
		c := readCall(at, n)
		if cls := b.mapperOf(at, t.Child(fn, pysyntax.FieldObject)); cls != nil && len(c.args) == 2 {
			if name, ok := b.constant(at, c.args[0]); ok {
				out = append(out, outside{class: cls, at: at, name: name, value: c.args[1], annotation: pysyntax.Nil})
			}
		}
	}
	return out
}

// mapperOf is the class whose mapper an expression is: A.__mapper__, inspect(A), class_mapper(A).
func (b *builder) mapperOf(at place, n pysyntax.Node) *pymodule.Class {
	t := at.m.Tree
	switch t.Kind(n) {
	case pysyntax.Attribute:
		if t.Text(t.Child(n, pysyntax.FieldAttribute)) == "__mapper__" {
			return b.node(at, t.Child(n, pysyntax.FieldObject)).Class
		}
	case pysyntax.Call:
		return b.node(at, readCall(at, n).arg(0, "subject")).Class
	}
	return nil
}

func (b *builder) readImperative(found []outside) {
	for _, o := range found {
		if o.name == "" {
			b.properties(o.class, o.at, o.value)
		} else {
			b.attribute(attributeValue{o.class, o.name, o.at, o.value, o.at, o.annotation})
		}
	}
}

// properties reads a dictionary of attributes by name.
func (b *builder) properties(c *pymodule.Class, at place, n pysyntax.Node) {
	e := b.entries(at, n)
	if e.m != at.m {
		at = place{m: e.m}
	}
	for name, value := range e.values {
		v := attributeValue{c, name, at, value, at, pysyntax.Nil}
		if f := c.Field(name); f != nil && f.Annotation != pysyntax.Nil { // SQLAlchemy does not ask, but the class knows
			v.typedAt, v.typed = classPlace(c), f.Annotation
		}
		b.attribute(v)
	}
}
