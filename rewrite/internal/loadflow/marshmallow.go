package loadflow

import (
	"slices"
	"strings"

	"github.com/lazyfix/lazyfix/rewrite/internal/pymodule"
	"github.com/lazyfix/lazyfix/rewrite/internal/pysyntax"
)

// Marshmallow: OrderSchema().dump(order) reads what the schema has fields for, by their attribute= where they say one.
// What only= or exclude= leave out is not read, where they are spelled: in OrderSchema(exclude=["items"]).dump(order), in
// the variable that holds the schema, in fields.Nested(ItemSchema, only=["id"]). Measured on Marshmallow 4.4 and
// marshmallow-sqlalchemy 1.6.

// dump is a call of a schema's dump; false when it is none.
func (x *interp) dump(owner value, receiver pysyntax.Node, name string, args *arguments, n pysyntax.Node) bool {
	if name != "dump" && name != "dumps" {
		return false
	}
	known := false
	for _, a := range owner {
		if a.kind != instance || !x.a.isMarshmallow(a.class) {
			continue
		}
		known = true
		d := &dumping{x, n}
		d.fields(args.get(0, "obj"), a.class, x.chosenFields(x.m, receiver), 0)
	}
	return known
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

// chosen are the fields of a schema that count, nil for what is not said.
type chosen struct{ only, exclude []string }

func (c chosen) has(name string) bool {
	return (c.only == nil || slices.Contains(c.only, name)) && !slices.Contains(c.exclude, name)
}

func chosenIn(t *pysyntax.Tree, call pysyntax.Node) chosen {
	return chosen{stringList(t, t.Keyword(call, "only")), stringList(t, t.Keyword(call, "exclude"))}
}

// chosenFields are those of the schema that an expression makes, or that a variable holds.
func (x *interp) chosenFields(m *pymodule.Module, n pysyntax.Node) chosen {
	t := m.Tree
	if t.Kind(n) == pysyntax.Identifier {
		s := x.a.g.ResolveIn(m, nil, x.u.key.fn, t.Text(n))
		if s.Kind != pymodule.VariableSymbol || s.Variable.Value == pysyntax.Nil {
			return chosen{}
		}
		t, n = s.Variable.Module.Tree, s.Variable.Value
	}
	if t.Kind(n) != pysyntax.Call {
		return chosen{}
	}
	return chosenIn(t, n)
}

// stringList are the strings of a list or tuple, nil for anything else.
func stringList(t *pysyntax.Tree, n pysyntax.Node) []string {
	if n == pysyntax.Nil || !t.Is(n, pysyntax.List, pysyntax.Tuple, pysyntax.Set) {
		return nil
	}
	return stringsIn(t, n)
}

// dumping is one dump.
type dumping struct {
	x  *interp
	at pysyntax.Node
}

// fields reads from the objects in v what schema c has fields for.
func (d *dumping) fields(v value, c *pymodule.Class, want chosen, depth int) {
	var objects []*atom
	for _, a := range flatten(v) {
		if a.kind == object {
			objects = append(objects, a)
		}
	}
	if depth > maxSchema {
		d.x.cutOffAll(v, d.at, tooLong())
		return
	}
	if len(objects) == 0 {
		return
	}
	from := valueOf(objects)
	for _, f := range d.x.validators(c) {
		if f.Decorator("pre_dump") != pysyntax.Nil {
			d.x.call(f, one(d.x.a.t.instance(c, typeArgs{})), &arguments{pos: []value{from}, more: true}, d.at)
		}
	}
	seen := map[string]bool{}
	for base := range d.x.a.g.Lineage(c) {
		for _, f := range base.Fields {
			if f.Value == pysyntax.Nil || f.Module.Tree.Kind(f.Value) != pysyntax.Call || seen[f.Name] {
				continue
			}
			seen[f.Name] = true
			if want.has(f.Name) {
				d.field(from, c, f, f.Value, depth)
			}
		}
		if meta := base.Nested["Meta"]; meta != nil {
			d.meta(from, meta, func(name string) bool { return !seen[name] && want.has(name) })
		}
	}
}

// field reads one field, which n makes: fields.Nested(ItemSchema, many=True).
func (d *dumping) field(from value, c *pymodule.Class, f *pymodule.Variable, n pysyntax.Node, depth int) {
	x, t := d.x, f.Module.Tree
	first := t.First(t.Child(n, pysyntax.FieldArguments))
	if load := t.Keyword(n, "load_only"); load != pysyntax.Nil && t.Kind(load) == pysyntax.True {
		return
	}
	kind := pymodule.Last(t.Text(t.Child(n, pysyntax.FieldFunction)))
	switch kind {
	case "Method":
		if m := x.method(c, pymodule.StringValue(t, first)); m != nil {
			x.call(m, one(x.a.t.instance(c, typeArgs{})), &arguments{pos: []value{from}}, d.at)
		}
		return
	case "Function":
		if fn := f.Module.FunctionAt(first); fn != nil {
			x.call(fn, nil, &arguments{pos: []value{from}}, d.at)
		}
		return
	}
	attribute := pymodule.StringValue(t, t.Keyword(n, "attribute"))
	if attribute == "" {
		attribute = f.Name
	}
	got := from
	for name := range strings.SplitSeq(attribute, ".") {
		got = x.member(got, name, d.at)
	}
	if kind == "List" && t.Kind(first) == pysyntax.Call { // of what is nested
		n = first
		kind = pymodule.Last(t.Text(t.Child(n, pysyntax.FieldFunction)))
		first = t.First(t.Child(n, pysyntax.FieldArguments))
	}
	want := chosenIn(t, n)
	switch kind {
	case "Pluck":
		want = chosen{only: []string{pymodule.StringValue(t, t.Nth(t.Child(n, pysyntax.FieldArguments), 1))}}
	case "Nested":
		if t.Kind(first) == pysyntax.Call && want.only == nil && want.exclude == nil { // Nested(ItemSchema(only=["id"]))
			want = chosenIn(t, first)
		}
	default:
		return
	}
	if target := d.nested(c, f.Module, first); target != nil {
		d.fields(got, target, want, depth+1)
	}
}

// nested is the schema that a Nested names: by itself, a string, a call or a lambda.
func (d *dumping) nested(c *pymodule.Class, m *pymodule.Module, n pysyntax.Node) *pymodule.Class {
	t := m.Tree
	switch t.Kind(n) {
	case pysyntax.Lambda:
		return d.nested(c, m, t.Child(n, pysyntax.FieldBody))
	case pysyntax.Call:
		return d.nested(c, m, t.Child(n, pysyntax.FieldFunction))
	}
	name := t.Text(n)
	if s := pymodule.StringValue(t, n); s == "self" {
		return c
	} else if s != "" {
		name = pymodule.Last(s)
	}
	if s := d.x.a.g.ResolveIn(m, nil, nil, name); s.Kind == pymodule.ClassSymbol {
		return s.Class
	}
	return nil
}

// meta reads what class Meta says: fields = ("id", "items"), or the keys of all relationships of its model.
func (d *dumping) meta(from value, meta *pymodule.Class, wanted func(string) bool) {
	x, t := d.x, meta.Module.Tree
	value := func(name string) pysyntax.Node {
		if f := meta.Field(name); f != nil {
			return f.Value
		}
		return pysyntax.Nil
	}
	exclude := stringList(t, value("exclude"))
	read := stringList(t, value("fields"))
	if all := value("include_relationships"); all != pysyntax.Nil && t.Kind(all) == pysyntax.True {
		if s := x.a.g.ResolveIn(meta.Module, nil, nil, t.Text(value("model"))); s.Kind == pymodule.ClassSymbol {
			for _, r := range x.a.ix.All(s.Class) {
				read = append(read, r.Name)
			}
		}
	}
	for _, name := range read {
		if wanted(name) && !slices.Contains(exclude, name) {
			x.member(from, name, d.at)
		}
	}
}
