package loadflow

import (
	"strings"

	"github.com/lazyfix/lazyfix/rewrite/internal/pymodule"
	"github.com/lazyfix/lazyfix/rewrite/internal/pysyntax"
)

// Graphene's types are schemas whose fields are values: items = graphene.List(graphene.NonNull(ItemType)). A field is read by
// its method resolve_items(), which gets the object as its first parameter, else as the attribute of its name or of source=.
// What clients ask of a SQLAlchemyObjectType beside the fields that it spells is not said by any code: reported.

// isGraphene reports whether a class is a type, a mutation or an interface of Graphene's.
func (a *analysis) isGraphene(c *pymodule.Class) bool {
	for _, b := range a.g.MRO(c) {
		if strings.HasPrefix(b.External, "graphene") {
			switch pymodule.Last(b.External) {
			case "ObjectType", "Interface", "Mutation", "ClientIDMutation", "Connection", sqlalchemyObjectType:
				return true
			}
		}
	}
	return false
}

// grapheneOf is a class itself, or the first type that it is mixed into, nil where it is none of Graphene's.
func (a *analysis) grapheneOf(c *pymodule.Class) *pymodule.Class {
	if a.isGraphene(c) {
		return c
	}
	for _, below := range a.g.Subclasses(c) {
		if a.isGraphene(below) {
			return below
		}
	}
	return nil
}

const sqlalchemyObjectType = "SQLAlchemyObjectType"

// isGraphQL reports whether a class is a type of GraphQL's, as a library or a schema spells it.
func (a *analysis) isGraphQL(c *pymodule.Class) bool {
	return isSDL(c) || a.isStrawberry(c, "type", "interface") || a.isGraphene(c)
}

// fieldType is how a field of a schema spells its type, "" for what is none.
func (a *analysis) fieldType(f *pymodule.Variable, schema *pymodule.Class) string {
	if f.Annotation != pysyntax.Nil || f.Value == pysyntax.Nil || !a.isGraphene(schema) {
		return f.Module.Tree.Text(f.Annotation)
	}
	return a.grapheneType(f.Module, f.Value, 0)
}

// grapheneType is the type that an expression of Graphene's says, in the words of an annotation.
func (a *analysis) grapheneType(m *pymodule.Module, n pysyntax.Node, depth int) string {
	t := m.Tree
	switch t.Kind(n) {
	case pysyntax.Lambda:
		return a.grapheneType(m, t.Child(n, pysyntax.FieldBody), depth)
	case pysyntax.String: // the place of a class, which may be imported from here
		return pymodule.Last(pymodule.StringValue(t, n))
	case pysyntax.Identifier, pysyntax.Attribute:
		sym := a.g.Resolve(m, t.Text(n))
		if strings.HasPrefix(sym.External, "graphene") {
			return "str"
		}
		if sym.Class != nil && a.inherits(sym.Class, "Connection") {
			if meta := sym.Class.Nested["Meta"]; meta != nil && meta.Field("node") != nil {
				return "list[" + meta.Module.Tree.Text(meta.Field("node").Value) + "]"
			}
		}
		return t.Text(n)
	case pysyntax.Call:
		made := a.g.Resolve(m, t.Text(t.Child(n, pysyntax.FieldFunction)))
		if !strings.HasPrefix(made.External, "graphene") || depth > maxTypes {
			return ""
		}
		first := t.First(t.Child(n, pysyntax.FieldArguments))
		if t.Kind(first) == pysyntax.KeywordArgument {
			first = t.Keyword(n, "type_")
		}
		switch pymodule.Last(made.External) {
		case "Field", "NonNull", "ConnectionField", "SQLAlchemyConnectionField":
			return a.grapheneType(m, first, depth+1)
		case "List":
			return "list[" + a.grapheneType(m, first, depth+1) + "]"
		}
		return "str"
	}
	return ""
}

// grapheneSource are the ways by which a field of Graphene's is read, where it says others than its name.
func grapheneSource(f *pymodule.Variable) [][]string {
	t := f.Module.Tree
	if t.Kind(f.Value) == pysyntax.Call {
		if source := pymodule.StringValue(t, t.Keyword(f.Value, "source")); source != "" {
			return [][]string{{source}}
		}
	}
	return [][]string{{f.Name}}
}

// runGraphene runs the methods of a type for what is read as it, and says what a client may read beside.
func (x *interp) runGraphene(sources []*atom, c *pymodule.Class, at pysyntax.Node) {
	for _, f := range x.a.schemaFields(c) {
		fn := x.method(c, "resolve_"+f.Name)
		if fn == nil {
			continue
		}
		for _, o := range sources {
			if isMethod(fn) {
				x.call(fn, one(o), &arguments{more: true}, at)
			} else {
				x.call(fn, nil, &arguments{pos: []value{one(o)}, more: true}, at)
			}
		}
	}
	if x.a.inherits(c, sqlalchemyObjectType) && !x.m.Test() {
		x.unseenAs(valueOf(sources), "clients may ask a "+sqlalchemyObjectType+" for any relationship that it does not leave out",
			"load what they may ask for", at)
	}
}

// resolvedGraphene reads what a method of Graphene's gives, as its field says, or the Output of its mutation.
func (x *interp) resolvedGraphene(v value, at pysyntax.Node) {
	fn := x.u.key.fn
	if fn.Class == nil {
		return
	}
	name, isField := strings.CutPrefix(fn.Name, "resolve_")
	if !isField {
		name, isField = strings.CutPrefix(fn.Name, "subscribe_")
	}
	mutates := fn.Name == "mutate" || fn.Name == "mutate_and_get_payload"
	if !isField && !mutates {
		return
	}
	schema := x.a.grapheneOf(fn.Class)
	if schema == nil {
		return
	}
	if mutates {
		if out := fn.Class.Field("Output"); out != nil && out.Value != pysyntax.Nil {
			x.readSchema(v, x.a.parseType(x.a.grapheneType(out.Module, out.Value, 0)), typeScope{mod: out.Module, class: fn.Class}, at, 0)
		}
		return
	}
	for _, f := range x.a.schemaFields(schema) {
		if f.Name == name {
			x.readSchema(v, f.typ, typeScope{mod: f.Module, class: f.Class}, at, 0)
			return
		}
	}
}
