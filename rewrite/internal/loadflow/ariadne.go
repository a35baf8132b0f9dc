package loadflow

import (
	"slices"
	"strings"

	"github.com/lazyfix/lazyfix/rewrite/internal/pymodule"
	"github.com/lazyfix/lazyfix/rewrite/internal/pysyntax"
	"github.com/lazyfix/lazyfix/rewrite/internal/sdl"
)

// Ariadne binds functions to the fields of types that a schema in GraphQL's own language has, which package sdl makes classes
// of. What a resolver gives is read as the type of its field says; a field without one is an attribute of the object, or an
// entry of the dictionary. Whether make_executable_schema() is told to turn names to Python's is not asked: a field that it
// would read by neither name gives nothing.

// graphQLField is a field of a type by their names.
type graphQLField struct{ typ, name string }

// ariadne is what a program binds to its types.
type ariadne struct {
	types      map[string]*pymodule.Class // of an interface, one that has its fields
	interfaces map[string][]string        // of a type
	resolvers  map[graphQLField][]*pymodule.Function
	fields     map[*pymodule.Function][]graphQLField // those of resolvers, and of what a subscription takes its events from
	aliases    map[graphQLField]string
}

func isSDL(c *pymodule.Class) bool { return c.Module.Path == sdl.Module }

func (a *analysis) findAriadne() *ariadne {
	out := &ariadne{
		types: map[string]*pymodule.Class{}, interfaces: map[string][]string{}, resolvers: map[graphQLField][]*pymodule.Function{},
		fields: map[*pymodule.Function][]graphQLField{}, aliases: map[graphQLField]string{},
	}
	if m := a.g.ModuleAt(sdl.Module); m != nil {
		for _, c := range m.Classes {
			out.types[c.Name] = c
			out.interfaces[c.Name] = stringList(m.Tree, c.Field(sdl.Implements).Value)
			for _, name := range out.interfaces[c.Name] {
				out.types[name] = c
			}
		}
	}
	for _, m := range a.g.Modules {
		if m.Template {
			continue
		}
		for _, f := range m.Functions {
			for _, d := range f.Decorators {
				out.bind(a, m, d, f)
			}
		}
		text := string(m.Tree.Source())
		if !strings.Contains(text, ".set_") {
			continue
		}
		for n := range m.Tree.Within(m.Tree.Root()) {
			if m.Tree.Kind(n) == pysyntax.Call {
				out.bind(a, m, n, nil)
			}
		}
	}
	return out
}

// bind notes query.field("orders") above function f, query.set_field("orders", f) and order.set_alias("buyer", "customer").
func (r *ariadne) bind(a *analysis, m *pymodule.Module, call pysyntax.Node, f *pymodule.Function) {
	t := m.Tree
	fn := t.Child(call, pysyntax.FieldFunction)
	if t.Kind(call) != pysyntax.Call || t.Kind(fn) != pysyntax.Attribute {
		return
	}
	args := t.Child(call, pysyntax.FieldArguments)
	name, second := pymodule.StringValue(t, t.First(args)), t.Nth(args, 1)
	if name == "" {
		return
	}
	method := t.Text(t.Child(fn, pysyntax.FieldAttribute))
	switch {
	case f != nil && (method == "field" || method == "source"):
	case f == nil && (method == "set_field" || method == "set_source" || method == "set_alias") && second != pysyntax.Nil:
		if sym := a.g.Resolve(m, t.Text(second)); sym.Kind == pymodule.FunctionSymbol {
			f = sym.Function
		} else {
			f = m.FunctionAt(second)
		}
	default:
		return
	}
	typ := a.bindable(m, t.Child(fn, pysyntax.FieldObject))
	if typ == "" {
		return
	}
	field := graphQLField{typ, name}
	switch {
	case method == "set_alias":
		r.aliases[field] = pymodule.StringValue(t, second)
	case f != nil:
		r.fields[f] = append(r.fields[f], field)
		if !strings.HasSuffix(method, "source") {
			r.resolvers[field] = append(r.resolvers[field], f)
		}
	}
}

// bindable is the type that an object of Ariadne's binds resolvers to, "" for anything else.
func (a *analysis) bindable(m *pymodule.Module, n pysyntax.Node) string {
	name, ok := pymodule.DottedName(m.Tree, n)
	if !ok {
		return ""
	}
	sym := a.g.Resolve(m, name)
	if sym.Kind != pymodule.VariableSymbol || sym.Variable.Value == pysyntax.Nil {
		return ""
	}
	in, made := sym.Variable.Module, sym.Variable.Value
	t := in.Tree
	if t.Kind(made) != pysyntax.Call {
		return ""
	}
	class := a.g.Resolve(in, t.Text(t.Child(made, pysyntax.FieldFunction)))
	if !strings.HasPrefix(class.External, "ariadne") {
		return ""
	}
	switch last := pymodule.Last(class.External); last {
	case "QueryType", "MutationType", "SubscriptionType":
		return strings.TrimSuffix(last, "Type")
	case "ObjectType", "InterfaceType", "FederatedObjectType":
		if n := t.Keyword(made, "name"); n != pysyntax.Nil {
			return pymodule.StringValue(t, n)
		}
		return pymodule.StringValue(t, t.First(t.Child(made, pysyntax.FieldArguments)))
	}
	return ""
}

// resolved reads what this function gives as the fields say that it is a resolver of, Graphene's by their names. Of a type
// that no schema has, nothing is known.
func (x *interp) resolved(v value, at pysyntax.Node) {
	x.resolvedGraphene(v, at)
	for _, field := range x.a.ariadne().fields[x.u.key.fn] {
		if c := x.a.ariadne().types[field.typ]; c != nil {
			if f := c.Field(sdl.Field(field.name)); f != nil {
				x.readSchema(v, x.a.parseType(f.Module.Tree.Text(f.Annotation)), typeScope{mod: f.Module, class: c}, at, 0)
				continue
			}
		}
		if !x.m.Test() {
			x.unseenAs(v, "no GraphQL schema that was read has "+field.typ+"."+field.name,
				"load what is asked for of it, or have its schema in a .graphql file or a string", at)
		}
	}
}

// boundTo are the resolvers of a field of a type, also those of interfaces that it implements.
func (a *analysis) boundTo(f *pymodule.Variable) []*pymodule.Function {
	r, name := a.ariadne(), strings.TrimSuffix(f.Name, "_")
	if own := r.resolvers[graphQLField{f.Class.Name, name}]; len(own) > 0 {
		return own
	}
	for _, i := range r.interfaces[f.Class.Name] {
		if fns := r.resolvers[graphQLField{i, name}]; len(fns) > 0 {
			return fns
		}
	}
	return nil
}

// runBound runs the resolvers of a type's fields for what is read as the type. A lambda is not interpreted by itself.
func (x *interp) runBound(sources []*atom, c *pymodule.Class, at pysyntax.Node) {
	for _, f := range x.a.schemaFields(c) {
		for _, fn := range x.a.boundTo(f.Variable) {
			for _, o := range sources {
				got := x.call(fn, nil, &arguments{pos: []value{one(o)}, more: true}, at)
				if fn.Lambda() {
					x.readSchema(got, f.typ, typeScope{mod: f.Module, class: c}, at, 0)
				}
			}
		}
	}
}

// aliased are the ways by which fields of a type are read, where the program says other ones.
func (a *analysis) aliased(c *pymodule.Class, f *pymodule.Variable, sources [][]string) [][]string {
	if !isSDL(c) {
		return sources
	}
	if to := a.ariadne().aliases[graphQLField{c.Name, strings.TrimSuffix(f.Name, "_")}]; to != "" {
		return [][]string{strings.Split(to, ".")}
	}
	return sources
}

// called is what a field gives that may be a method: graphql-core calls it.
func (x *interp) called(v value, at pysyntax.Node) value {
	if !slices.ContainsFunc(v, func(a *atom) bool { return a.kind == funcRef }) {
		return v
	}
	var out value
	for _, a := range v {
		if a.kind == funcRef {
			out = join(out, x.callValue(one(a), &arguments{more: true}, at))
		} else {
			out = join(out, one(a))
		}
	}
	return out
}
