package loadflow

import (
	"maps"
	"slices"
	"strings"

	"github.com/lazyfix/lazyfix/rewrite/internal/pymodule"
	"github.com/lazyfix/lazyfix/rewrite/internal/pysyntax"
)

// A field of a Pydantic model whose type is another model holds an instance of that, whatever its constructor was given: in
// Token(user=user), of `user: UserOut` with from_attributes, the fields of UserOut are read once, and what takes all that the token has
// finds no user there (measured on Pydantic 2.14; revalidate_instances is left alone, so that an instance of a subclass of the type is
// held as it is).
//
// Limits: a constructor of the program's own, a field that a validator is for, Annotated[...] and type parameters: there the object
// counts as held.

// convertedBySchema are the arguments of a model's constructor as its fields hold them.
func (x *interp) convertedBySchema(c *pymodule.Class, args *arguments) *arguments {
	if !x.a.isPydantic(c) {
		return args
	}
	out := args
	for _, f := range x.a.schemaFields(c) {
		v, given := args.kw[f.Name]
		if !given || !hasObject(v) || x.hasOwnCheck(c, f.Name) {
			continue
		}
		in := x.a.g.MRO(c)[f.base].Class
		models, ok := x.modelsOnly(f.typ, typeScope{mod: f.Module, class: in}, 0)
		if !ok || len(models) == 0 {
			continue
		}
		if out == args {
			copied := *args
			copied.kw = maps.Clone(args.kw)
			out = &copied
		}
		out.kw[f.Name] = x.a.rewrite(v, func(a *atom) []*atom {
			if a.kind != object || slices.ContainsFunc(models, func(m *pymodule.Class) bool { return x.a.g.IsSubclass(a.class, m) }) {
				return []*atom{a}
			}
			var made []*atom
			for _, m := range models {
				made = append(made, x.a.t.instance(m, typeArgs{}))
			}
			return made
		})
	}
	return out
}

// modelsOnly are the Pydantic models that a type names; false where it may be anything else than these, None and lists of them.
func (x *interp) modelsOnly(typ *pymodule.Type, s typeScope, depth int) ([]*pymodule.Class, bool) {
	typ, s = x.spelledOut(typ, s)
	if typ == nil || depth > maxType {
		return nil, false
	}
	switch typ.Kind {
	case pymodule.TypeNone:
		return nil, true
	case pymodule.TypeName:
		sym, others := x.a.meanings(s, typ.Name)
		if sym.Kind != pymodule.ClassSymbol || len(others) > 0 || !x.a.isPydantic(sym.Class) || len(x.a.g.TypeParams(sym.Class)) > 0 {
			return nil, false
		}
		return []*pymodule.Class{sym.Class}, true
	case pymodule.TypeSubscript:
		switch pymodule.Last(typ.Name) {
		case "Optional", "Union", "list", "List", "Sequence", "set", "Set", "tuple", "Tuple":
		default:
			return nil, false
		}
	case pymodule.TypeUnion:
	default:
		return nil, false
	}
	var out []*pymodule.Class
	for _, arg := range typ.Args {
		if arg.Kind == pymodule.TypeLiteral && arg.Text == "..." {
			continue
		}
		models, ok := x.modelsOnly(arg, s, depth+1)
		if !ok {
			return nil, false
		}
		out = append(out, models...)
	}
	return out, true
}

// hasOwnCheck reports whether the program itself makes of a field's value what it likes.
func (x *interp) hasOwnCheck(c *pymodule.Class, field string) bool {
	return slices.ContainsFunc(x.validators(c), func(m *pymodule.Function) bool {
		t := m.Module.Tree
		for _, name := range []string{"field_validator", "validator"} {
			if d := m.Decorator(name); d != pysyntax.Nil && isFor(t, d, field) {
				return true
			}
		}
		return m.Decorator("model_validator") != pysyntax.Nil || m.Decorator("root_validator") != pysyntax.Nil
	})
}

// isPydantic reports whether a class is a model of Pydantic's, and no mapped one.
func (a *analysis) isPydantic(c *pymodule.Class) bool {
	if m := a.ix.Class(c); m != nil && m.Mapped {
		return false
	}
	return slices.ContainsFunc(a.g.MRO(c), func(b pymodule.Base) bool {
		switch pymodule.Last(b.External) {
		case "BaseModel", "GenericModel":
			return strings.HasPrefix(b.External, "pydantic")
		case "SQLModel":
			return true
		}
		return false
	})
}
