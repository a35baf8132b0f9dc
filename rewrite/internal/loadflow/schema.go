package loadflow

import (
	"slices"
	"strings"

	"github.com/lazyfix/lazyfix/rewrite/internal/pymodule"
	"github.com/lazyfix/lazyfix/rewrite/internal/pysyntax"
)

// maxSchema bounds how deep schemas are followed into each other: as many as a loader path may have steps, in as many envelopes and
// pages. Lists, optional types and type parameters do not count.
const maxSchema = 2 * maxPath

// schemaCall is X.model_validate(obj), X.from_orm(obj) or adapter.validate_python(obj): every field of X is read.
func (x *interp) schemaCall(owner value, name string, args *arguments, n pysyntax.Node) (value, bool) {
	switch name {
	case "model_validate", "from_orm", "parse_obj", "validate_python", "dump_python", "convert", "model_validate_json":
	case "to_schema", "get_converter":
		return x.conversion(name, args, n)
	default:
		return nil, false
	}
	from := args.get(0, "obj")
	var out value
	known := false
	for _, a := range owner {
		switch a.kind {
		case classRef:
			known = true
			if m := x.a.ix.Class(a.class); m != nil && m.Mapped { // a table of SQLModel: a new object of unknown columns
				if made := x.a.t.withGiven(x.a.t.newOrigin(x.m, n), nil, given{name: anyColumn}); made != nil {
					out = join(out, one(x.a.t.object(a.class, made, nil)))
				}
				continue
			}
			if node := args.node(0, "obj"); x.t.Kind(node) == pysyntax.Dictionary {
				x.readEntries(node, a.class, n)
				if a.args.typed() || slices.ContainsFunc(from, isObjectDict) {
					x.readAs(from, a, n)
				}
			} else {
				x.watchSchemaClass(from, a.class, n)
				x.readAs(from, a, n)
			}
			out = join(out, one(x.a.t.instance(a.class, a.args)))
		case typeRef:
			known = true
			x.adapterValidators(from, a, n)
			x.readSchema(from, x.a.parseType(a.name), typeScope{mod: a.symbol.Module}, n, 0)
		}
	}
	if !known && (name == "model_validate" || name == "from_orm") {
		x.unseenSchema(from, n)
	}
	return out, known
}

// readMade is OrderRead(items=order.items): what a schema is made of is read as its fields say, also where it has a
// constructor of its own, which hands its **values on.
func (x *interp) readMade(c *atom, args *arguments, n pysyntax.Node) {
	if x.readRoot(args.get(0, "root"), c.class, n, 0) {
		return
	}
	for _, v := range args.kw {
		if hasObject(v) || hasInstance(v) && len(x.a.ix.Relationships) > 0 {
			x.readAs(x.a.t.record(args.entries(), nil, nil), c, n)
			break
		}
	}
	for _, a := range args.starMaps { // cls(**data), of keys that are not told apart
		if hasObject(a.elem) {
			x.readAs(one(a), c, n)
		}
	}
}

// schemaSuper is what the library does in a method that a schema has of its own: super().model_validate(order),
// super().__init__(**data).
func (x *interp) schemaSuper(name string, args *arguments, n pysyntax.Node) value {
	own := one(x.a.t.classRef(x.u.key.recv, x.u.key.args, false))
	if name == "__init__" {
		x.readMade(own[0], args, n)
		return nil
	}
	v, _ := x.schemaCall(own, name, args, n)
	return v
}

// schemaType is a type with where its names are looked up.
type schemaType struct {
	typ   *pymodule.Type
	scope *typeScope
}

// schemaArgs are the types for the type parameters of base b of schema c, which is spelled Page[OrderSchema] in scope s.
func (x *interp) schemaArgs(c *pymodule.Class, typ *pymodule.Type, s typeScope, b pymodule.Base) map[string]schemaType {
	out := map[string]schemaType{}
	if typ != nil && b.Class == c {
		for i, name := range x.a.g.TypeParams(c) {
			if i < len(typ.Args) {
				out[name] = schemaType{typ.Args[i], &s}
			}
		}
	}
	for name, arg := range b.Args {
		if arg.Type == nil {
			continue
		}
		if own := x.ownArg(c, typ, arg.Type.Name); own != nil && arg.In == c {
			out[name] = schemaType{own, &s}
		} else {
			out[name] = schemaType{arg.Type, &typeScope{mod: arg.Scope, class: arg.In}}
		}
	}
	return out
}

func (x *interp) ownArg(c *pymodule.Class, typ *pymodule.Type, name string) *pymodule.Type {
	if typ == nil {
		return nil
	}
	for i, own := range x.a.g.TypeParams(c) {
		if own == name && i < len(typ.Args) {
			return typ.Args[i]
		}
	}
	return nil
}

// readSchema reads from the objects in v all that a type says: the fields of the schemas in it.
func (x *interp) readSchema(v value, typ *pymodule.Type, s typeScope, at pysyntax.Node, depth int) {
	if typ == nil || !hasObject(v) && !x.hasSchema(v) {
		if depth == 0 {
			x.watchSchema(v, typ, s, at)
		}
		return
	}
	if bound, ok := s.types[typ.Name]; ok {
		x.readSchema(v, bound.typ, *bound.scope, at, depth)
		return
	}
	if typ.Kind == pymodule.TypeName || typ.Kind == pymodule.TypeSubscript {
		sym, others := x.a.meanings(s, typ.Name)
		for _, other := range others {
			if other.Class != nil && x.a.isSchema(other.Class) {
				x.readFields(v, &schemaUse{schema: other.Class, typ: typ, scope: s, at: at, depth: depth})
			}
		}
		switch sym.Kind {
		case pymodule.ClassSymbol:
			if x.a.isSchema(sym.Class) || x.a.listsFields(sym.Class) {
				x.readFields(v, &schemaUse{schema: sym.Class, typ: typ, scope: s, at: at, depth: depth})
				return
			}
			x.coreValidators(v, sym.Class, at)
		case pymodule.VariableSymbol:
			if x.readCreated(v, sym.Variable, at, depth) {
				return
			}
			if sym.Variable.Value != pysyntax.Nil && !slices.Contains(x.typeNames, sym.Variable) {
				before := x.typeNames
				x.typeNames = append(before, sym.Variable)
				defer func() { x.typeNames = before }()
				inner := typeScope{mod: sym.Variable.Module, class: sym.Variable.Class}
				x.typeValidators(v, inner.mod, sym.Variable.Value, at)
				x.readSchema(v, x.a.parseType(sym.Variable.Module.Tree.Text(sym.Variable.Aliased())), inner, at, depth)
			}
		case pymodule.Unknown:
			x.unseenModel(v, typ, s, at)
		case pymodule.ExternalSymbol:
			if isPage(typ.Name) {
				v = join(v, pageItems(v))
			}
		}
		if isDictionary(typ) {
			v = dictionaryValues(v)
		}
	}
	if isChoice(typ) {
		x.choices++
		defer func() { x.choices-- }()
	}
	for _, a := range typ.Args {
		x.readSchema(v, a, s, at, depth)
	}
}

// readAs reads from what is in v all that a schema says, with the arguments of Page[OrderSchema].
func (x *interp) readAs(v value, schema *atom, at pysyntax.Node) {
	s := typeScope{mod: schema.class.Module, class: schema.class.Outer}
	var typ *pymodule.Type
	if schema.args.typed() {
		typ = &pymodule.Type{Kind: pymodule.TypeSubscript, Name: schema.class.Name}
		s.types = map[string]schemaType{}
		for _, name := range x.a.g.TypeParams(schema.class) {
			typ.Args = append(typ.Args, &pymodule.Type{Kind: pymodule.TypeName, Name: name})
			s.types[name] = schemaType{&pymodule.Type{Kind: pymodule.TypeLiteral}, &s}
			if c := schema.args.get(name); c != nil {
				s.types[name] = typeOfClass(c)
			} else if spelled, ok := schema.args.spelledAs(name); ok {
				s.types[name] = spelled
			}
		}
	}
	x.readFields(v, &schemaUse{schema: schema.class, typ: typ, scope: s, at: at})
}

// typeOfClass is the type that a class is the name of.
func typeOfClass(c *pymodule.Class) schemaType {
	if c.Function != nil {
		return schemaType{&pymodule.Type{Kind: pymodule.TypeName, Name: c.Name}, &typeScope{mod: c.Module, fn: c.Function}}
	}
	return schemaType{&pymodule.Type{Kind: pymodule.TypeName, Name: c.Qual}, &typeScope{mod: c.Module}}
}

// hasSchema reports whether there are instances of schemas in v: a response model reads them again.
func (x *interp) hasSchema(v value) bool {
	for _, a := range v {
		switch {
		case !a.holds.instance:
		case a.kind == instance && x.a.isSchema(a.class), x.hasSchema(a.key), x.hasSchema(a.elem):
			return true
		case slices.ContainsFunc(a.elems, x.hasSchema):
			return true
		case a.kind == instance && slices.ContainsFunc(a.entries, func(e entry) bool { return x.hasSchema(e.value) }):
			return true
		}
	}
	return false
}

// schemaField is a field that a schema reads.
type schemaField struct {
	*pymodule.Variable
	base    int // in the MRO
	typ     *pymodule.Type
	marks   []mark
	sources [][]string
	named   bool // where no source is there, the field's own name is one
}

// schemaFields are the fields of a schema, inherited ones included.
func (a *analysis) schemaFields(c *pymodule.Class) []schemaField {
	return *a.schemas.get(c, func() *[]schemaField {
		var out []schemaField
		seen := map[string]bool{}
		for i, b := range a.g.MRO(c) {
			if b.Class == nil {
				continue
			}
			for _, f := range b.Class.Fields {
				text := a.fieldType(f, c)
				if text == "" || seen[f.Name] {
					continue
				}
				seen[f.Name] = true
				if f.Annotation == pysyntax.Nil {
					out = append(out, schemaField{f, i, a.parseType(text), nil, grapheneSource(f), false})
				} else if !strings.HasPrefix(text, "ClassVar") && f.Name != "model_config" {
					marks := a.marks(f, b.Class)
					out = append(out, schemaField{f, i, a.parseType(text), marks, a.aliased(b.Class, f, fieldSources(f, marks)), !hasDefault(f) || a.readByName(c)})
				}
			}
		}
		return &out
	})
}

// schemaSources adds to out what in v a schema reads fields from.
func (x *interp) schemaSources(out []*atom, v value, c *pymodule.Class, depth int) []*atom {
	if depth > maxNesting+2 {
		return out
	}
	for _, a := range v {
		switch a.kind {
		case collection, resultRows:
			out = x.schemaSources(out, a.elem, c, depth+1)
		case tuple:
			for _, e := range a.elems {
				out = x.schemaSources(out, e, c, depth+1)
			}
		case mapping:
			if a.entries != nil || hasObject(a.elem) {
				out = append(out, a)
			}
		case instance:
			if !x.a.isSchema(a.class) || !x.taken(a.class, c) {
				out = append(out, a)
			}
		case object:
			if x.choices == 0 || x.fits(a.class, c) {
				out = append(out, a)
			}
		}
	}
	return out
}

// taken reports whether an instance of a schema is taken as it is where schema c is asked for: Pydantic does not validate
// it again (revalidate_instances is "never" unless a model says otherwise), and its fields were read when it was made. A
// Page is no Page[Order].
func (x *interp) taken(instance, c *pymodule.Class) bool {
	return (instance == c || x.a.g.IsSubclass(instance, c)) && len(x.a.g.TypeParams(c)) == 0
}

// isSchema reports whether a class is a Pydantic model (or one of another library that reads attributes).
func (a *analysis) isSchema(c *pymodule.Class) bool {
	if m := a.ix.Class(c); m != nil && m.Mapped {
		return false
	}
	for _, b := range a.g.MRO(c) {
		switch pymodule.Last(b.External) {
		case "BaseModel", "SQLModel", "GenericModel", "RootModel", "Struct", "CamelizedBaseModel", "Schema", "BaseSchema":
			return true
		case "BaseUser":
			if strings.HasPrefix(b.External, "fastapi_users.") {
				return true
			}
		}
	}
	return a.isGraphQL(c)
}
