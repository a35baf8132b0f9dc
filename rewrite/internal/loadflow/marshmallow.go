package loadflow

import (
	"slices"

	"strings"

	"github.com/lazyfix/lazyfix/rewrite/internal/pymodule"
	"github.com/lazyfix/lazyfix/rewrite/internal/pysyntax"
)

// Marshmallow: OrderSchema().dump(order) reads what the schema has fields for, by their attribute= where they say one. What is
// dumped may be a mapped object, a dictionary, any other object, or a list of these: each field is read from that alone, and
// what it gives is read by the field's own schema (marshmallow_field.go). Measured on Marshmallow 4.4 and
// marshmallow-sqlalchemy 1.6.

// dump is a call of a schema's dump; false when it is none.
func (x *interp) dump(owner value, receiver pysyntax.Node, name string, args *arguments, n pysyntax.Node) bool {
	switch name {
	case "dump", "dumps", "jsonify": // the last of Flask's extension
	default:
		return false
	}
	known := false
	d := &dumping{x, n}
	for _, a := range owner {
		if a.kind == instance && x.a.isMarshmallow(a.class) {
			known = true
			d.schema(args.get(0, "obj"), a.class, x.chosenFields(x.m, receiver), 0)
		}
	}
	if len(owner) == 0 && x.t.Kind(receiver) == pysyntax.Call { // of a class that from_dict() made
		made, n := d.fromDict(x.m, x.t.Child(receiver, pysyntax.FieldFunction))
		if known = made != nil; known {
			d.nested(args.get(0, "obj"), schemaMember{m: made, n: n}, n, x.chosenFields(x.m, receiver), 0)
		}
	}
	return known
}

// fromDict is the dictionary of fields that Schema.from_dict() makes a class of, where n is that call or the name of what it
// gives; no module for anything else.
func (d *dumping) fromDict(m *pymodule.Module, n pysyntax.Node) (*pymodule.Module, pysyntax.Node) {
	if m.Tree.Kind(n) == pysyntax.Identifier {
		s := d.x.a.g.ResolveIn(m, nil, nil, m.Tree.Text(n))
		if s.Kind != pymodule.VariableSymbol {
			return nil, pysyntax.Nil
		}
		m, n = s.Variable.Module, s.Variable.Value
	}
	t := m.Tree
	fn := t.Child(n, pysyntax.FieldFunction)
	if t.Kind(n) != pysyntax.Call || t.Kind(fn) != pysyntax.Attribute || pymodule.Last(t.Text(fn)) != "from_dict" {
		return nil, pysyntax.Nil
	}
	dictionary := t.First(t.Child(n, pysyntax.FieldArguments))
	if t.Kind(dictionary) != pysyntax.Dictionary {
		return nil, pysyntax.Nil
	}
	return m, dictionary
}

// isMarshmallow reports whether a class is one of Marshmallow's schemas. Flask's extension gives its base as an attribute
// of an object: ma.SQLAlchemyAutoSchema.
func (a *analysis) isMarshmallow(c *pymodule.Class) bool {
	for _, b := range a.g.MRO(c) {
		if strings.HasPrefix(b.External, "marshmallow") || strings.HasPrefix(b.External, "flask_marshmallow") {
			return true
		}
		if b.Class == nil {
			continue
		}
		for _, base := range b.Class.Bases {
			switch b.Class.Module.Tree.Text(base) {
			case "ma.Schema", "ma.SQLAlchemySchema", "ma.SQLAlchemyAutoSchema":
				return true
			}
		}
	}
	return false
}

// schemaNamed is the schema of a name in the registry of Marshmallow, which has those of all modules; nil where there is no
// such schema, or several.
func (a *analysis) schemaNamed(name string) *pymodule.Class {
	var out *pymodule.Class
	for _, m := range a.g.Modules {
		for _, c := range m.Classes {
			if c.Name != name || m.Test() || !a.isMarshmallow(c) {
				continue
			}
			if out != nil {
				return nil
			}
			out = c
		}
	}
	return out
}

// dumping is one dump.
type dumping struct {
	x  *interp
	at pysyntax.Node
}

// schema reads from what is in v what schema c has fields for.
func (d *dumping) schema(v value, c *pymodule.Class, want chosen, depth int) {
	x := d.x
	if depth > maxSchema {
		x.cutOffAll(v, d.at, tooLong())
		return
	}
	from := d.sources(v, c)
	if len(from) == 0 {
		return
	}
	self := one(x.a.t.instance(c, typeArgs{}))
	var given value // in the place of what is dumped
	for _, f := range x.validators(c) {
		t := f.Module.Tree
		if before := f.Decorator("pre_dump"); before != pysyntax.Nil {
			given = join(given, x.call(f, self, &arguments{pos: []value{hooked(t, before, v, from)}, more: true}, d.at))
		}
		if after := f.Decorator("post_dump"); after != pysyntax.Nil && keywordText(t, after, "pass_original") == "True" {
			x.call(f, self, &arguments{pos: []value{nil, hooked(t, after, v, from)}, more: true}, d.at)
		}
	}
	if made := d.sources(given, c); len(made) > 0 {
		from = made
	}
	meta := d.metaOf(c)
	excluded, _ := d.metaList(meta, "exclude")
	want.exclude = slices.Concat(want.exclude, excluded)
	if only, whole := d.metaList(meta, "fields"); want.only == nil && whole && len(only) > 0 { // fields = () says nothing
		want.only = only
	}
	seen := map[string]bool{}
	for base := range x.a.g.Lineage(c) {
		for _, f := range base.Fields {
			if f.Value == pysyntax.Nil || f.Module.Tree.Kind(f.Value) != pysyntax.Call || seen[f.Name] {
				continue
			}
			seen[f.Name] = true
			if want.has(f.Name) {
				d.field(from, schemaMember{f.Name, c, f.Module, f.Value}, want.under(f.Name), depth)
			}
		}
		for _, name := range d.metaFields(base.Nested["Meta"]) {
			if !seen[name] && want.has(name) {
				seen[name] = true
				d.get(from, name)
			}
		}
	}
}

// hooked is what a hook of a schema is called with: all that is dumped at once, or each of it.
func hooked(t *pysyntax.Tree, hook pysyntax.Node, all, each value) value {
	if keywordText(t, hook, "pass_collection") == "True" || keywordText(t, hook, "pass_many") == "True" {
		return all
	}
	return each
}

// sources are what in v a schema reads fields from. A row is one thing, by the names of what it has.
func (d *dumping) sources(v value, c *pymodule.Class) value {
	var rows value
	rest := v[:0:0]
	for _, a := range v {
		switch {
		case a.kind == tuple && len(a.names) > 0:
			rows = join(rows, one(a))
		case a.kind == collection || a.kind == resultRows:
			rows = join(rows, d.sources(a.elem, c))
		default:
			rest = append(rest, a)
		}
	}
	return join(rows, valueOf(d.x.schemaSources(nil, rest, c, 0)))
}

// get reads an attribute of what is dumped, or the entry of a dictionary.
func (d *dumping) get(from value, name string) value {
	var out, rest value
	for _, a := range from {
		if a.kind == mapping {
			out = join(out, a.under(name), d.x.readOfDict(a, name, d.at))
		} else {
			rest = append(rest, a)
		}
	}
	return join(out, d.x.member(rest, name, d.at))
}

// metaOf is the class Meta that counts for a schema, nil for none.
func (d *dumping) metaOf(c *pymodule.Class) *pymodule.Class {
	for base := range d.x.a.g.Lineage(c) {
		if meta := base.Nested["Meta"]; meta != nil {
			return meta
		}
	}
	return nil
}

// metaField is what a class Meta, or a class that it is derived from, says for a name.
func (d *dumping) metaField(meta *pymodule.Class, name string) (*pymodule.Module, pysyntax.Node) {
	if meta != nil {
		for base := range d.x.a.g.Lineage(meta) {
			if f := base.Field(name); f != nil {
				return f.Module, f.Value
			}
		}
	}
	return d.x.m, pysyntax.Nil
}

// metaList are the names that a class Meta lists, as far as they are known.
func (d *dumping) metaList(meta *pymodule.Class, name string) (names []string, whole bool) {
	m, n := d.metaField(meta, name)
	return d.x.a.listedStrings(namesAt{mod: m}, n, 0)
}

// metaFields are the fields that a class Meta says: fields = ("id", "items"), or the keys of all relationships of its model.
func (d *dumping) metaFields(meta *pymodule.Class) []string {
	named, _ := d.metaList(meta, "fields")
	more, _ := d.metaList(meta, "additional")
	out := slices.Concat(named, more)
	if m, all := d.metaField(meta, "include_relationships"); all != pysyntax.Nil && m.Tree.Kind(all) == pysyntax.True {
		m, model := d.metaField(meta, "model")
		if s := d.x.a.g.ResolveIn(meta.Module, nil, nil, m.Tree.Text(model)); s.Kind == pymodule.ClassSymbol {
			for _, r := range d.x.a.ix.All(s.Class) {
				out = append(out, r.Name)
			}
		}
	}
	return out
}
