package loadflow

import (
	"strings"

	"github.com/lazyfix/lazyfix/rewrite/internal/pymodule"
	"github.com/lazyfix/lazyfix/rewrite/internal/pysyntax"
)

// Fields of Marshmallow's schemas, by the class that a field is made of: what fields.Function and fields.Method call gets the
// whole that is dumped; a field of the program's own class is given its value to serialize; Nested and Pluck read their value
// by another schema, also within List, Tuple and Dict.

// schemaMember is a field of schema c, made by n: items = fields.Nested(ItemSchema, many=True).
type schemaMember struct {
	name string
	c    *pymodule.Class
	m    *pymodule.Module
	n    pysyntax.Node
}

// part is a field that another one is made with: fields.List(fields.Nested(ItemSchema)).
func (f schemaMember) part(n pysyntax.Node) schemaMember { return schemaMember{f.name, f.c, f.m, n} }

// argument is what a field is made with, at a place or by a name.
func (f schemaMember) argument(i int, name string) pysyntax.Node {
	t := f.m.Tree
	if n := t.Keyword(f.n, name); n != pysyntax.Nil {
		return n
	}
	if n := t.Nth(t.Child(f.n, pysyntax.FieldArguments), i); n != pysyntax.Nil && t.Kind(n) != pysyntax.KeywordArgument {
		return n
	}
	return pysyntax.Nil
}

// kindOf is the name of the class of Marshmallow that a field is made of, and the program's own class between, if there is one.
func (d *dumping) kindOf(f schemaMember) (string, *pymodule.Class) {
	name := f.m.Tree.Text(f.m.Tree.Child(f.n, pysyntax.FieldFunction))
	s := d.x.a.g.ResolveIn(f.m, f.c, nil, name)
	if s.Kind != pymodule.ClassSymbol {
		return pymodule.Last(name), nil
	}
	for _, b := range d.x.a.g.MRO(s.Class) {
		if b.External != "" {
			return pymodule.Last(b.External), s.Class
		}
	}
	return "", s.Class
}

// field reads one field from what is dumped.
func (d *dumping) field(from value, f schemaMember, want chosen, depth int) {
	x, t := d.x, f.m.Tree
	if keywordText(t, f.n, "load_only") == "True" {
		return
	}
	kind, _ := d.kindOf(f)
	attribute := pymodule.StringValue(t, t.Keyword(f.n, "attribute"))
	switch kind {
	case "Method":
		if f.c == nil {
			return
		}
		if m := x.method(f.c, pymodule.StringValue(t, f.argument(0, "serialize"))); m != nil {
			x.call(m, one(x.a.t.instance(f.c, typeArgs{})), &arguments{pos: []value{from}}, d.at)
		}
		return
	case "Function":
		if fn := d.function(f, f.argument(0, "serialize")); fn != nil {
			x.call(fn, nil, &arguments{pos: []value{from}}, d.at)
		}
		return
	case "auto_field": // of a column or a relationship of the model
		if attribute == "" {
			attribute = pymodule.StringValue(t, f.argument(0, "column_name"))
		}
	}
	if attribute == "" {
		attribute = f.name
	}
	got := from
	for name := range strings.SplitSeq(attribute, ".") {
		got = d.get(got, name)
	}
	if m := d.getter(f.c); m != nil { // which gives what it does not know by super()
		words := one(x.a.t.word(attribute))
		got = join(got, x.call(m, one(x.a.t.instance(f.c, typeArgs{})), &arguments{pos: []value{from, words, nil}}, d.at))
	}
	d.value(got, from, f, want, depth)
}

// getter is get_attribute(self, obj, attr, default) of the program's own, by which a schema reads all its fields; nil for none.
func (d *dumping) getter(c *pymodule.Class) *pymodule.Function {
	if c == nil {
		return nil
	}
	return d.x.method(c, "get_attribute")
}

// function is what fields.Function calls: a lambda, or a function by its name.
func (d *dumping) function(f schemaMember, n pysyntax.Node) *pymodule.Function {
	if fn := f.m.FunctionAt(n); fn != nil {
		return fn
	}
	name := f.m.Tree.Text(n)
	if s := d.x.a.g.ResolveIn(f.m, nil, nil, name); s.Kind == pymodule.FunctionSymbol {
		return s.Function
	}
	if f.c != nil {
		return f.c.Methods[name]
	}
	return nil
}

// value reads what a field says of its value, which is part of what is dumped.
func (d *dumping) value(got, from value, f schemaMember, want chosen, depth int) {
	x, t := d.x, f.m.Tree
	if t.Kind(f.n) != pysyntax.Call || depth > maxSchema {
		return
	}
	kind, own := d.kindOf(f)
	if own != nil {
		if m := x.method(own, "_serialize"); m != nil {
			x.call(m, one(x.a.t.instance(own, typeArgs{})), &arguments{pos: []value{got, nil, from}, more: true}, d.at)
		}
	}
	if len(got) == 0 { // a column, say
		return
	}
	switch kind {
	case "List":
		d.value(x.iterate(got, d.at), from, f.part(f.argument(0, "cls_or_instance")), want, depth+1)
	case "Tuple":
		parts := f.argument(0, "tuple_fields")
		for n := range t.Children(parts) {
			d.value(x.iterate(got, d.at), from, f.part(n), chosen{}, depth+1)
		}
	case "Dict", "Mapping":
		d.value(x.elements(got), from, f.part(f.argument(1, "values")), want, depth+1)
	case "Pluck":
		d.nested(got, f, f.argument(0, "nested"), chosen{only: []string{pymodule.StringValue(t, f.argument(1, "field_name"))}}, depth)
	case "Nested":
		d.nested(got, f, f.argument(0, "nested"), want.and(d.x.a.chosenIn(namesAt{mod: f.m, class: f.c}, f.n)), depth)
	}
}

// nested reads a value by the schema that a Nested is given: a class, its name, what makes one, a variable that holds one, a lambda
// that gives one, or a dictionary of fields.
func (d *dumping) nested(v value, f schemaMember, n pysyntax.Node, want chosen, depth int) {
	t, g := f.m.Tree, d.x.a.g
	if depth > maxSchema {
		d.x.cutOffAll(v, d.at, tooLong())
		return
	}
	switch t.Kind(n) {
	case pysyntax.Lambda:
		d.nested(v, f, t.Child(n, pysyntax.FieldBody), want, depth)
		return
	case pysyntax.Call: // Nested(ItemSchema(only=["id"]))
		want = want.and(d.x.a.chosenIn(namesAt{mod: f.m, class: f.c}, n))
		if m, dictionary := d.fromDict(f.m, n); m != nil {
			d.nested(v, f, dictionary, want, depth)
			return
		}
		d.nested(v, f, t.Child(n, pysyntax.FieldFunction), want, depth)
		return
	case pysyntax.Dictionary:
		from := d.sources(v, f.c)
		for pair := range t.Children(n) {
			name := pymodule.StringValue(t, t.Child(pair, pysyntax.FieldKey))
			if made := t.Child(pair, pysyntax.FieldValue); t.Kind(made) == pysyntax.Call && want.has(name) {
				d.field(from, schemaMember{name, f.c, f.m, made}, want.under(name), depth+1)
			}
		}
		return
	}
	name := t.Text(n)
	switch s := pymodule.StringValue(t, n); {
	case s == "self":
		if f.c != nil {
			d.schema(v, f.c, want, depth+1)
		}
		return
	case s != "":
		name = pymodule.Last(s)
	}
	switch s := g.ResolveIn(f.m, nil, nil, name); s.Kind {
	case pymodule.ClassSymbol:
		d.schema(v, s.Class, want, depth+1)
	case pymodule.VariableSymbol:
		if s.Variable.Value != pysyntax.Nil {
			d.nested(v, schemaMember{f.name, f.c, s.Variable.Module, s.Variable.Value}, s.Variable.Value, want, depth+1)
		}
	default:
		if c := d.x.a.schemaNamed(name); c != nil && t.Kind(n) == pysyntax.String {
			d.schema(v, c, want, depth+1)
		}
	}
}
