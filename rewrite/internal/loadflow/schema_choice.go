package loadflow

import (
	"slices"
	"strings"

	"github.com/lazyfix/lazyfix/rewrite/internal/pymodule"
	"github.com/lazyfix/lazyfix/rewrite/internal/pysyntax"
)

// isChoice reports whether a type leaves it open which of several schemas an object is read by.
func isChoice(typ *pymodule.Type) bool {
	if typ.Kind != pymodule.TypeUnion && pymodule.Last(typ.Name) != "Union" {
		return false
	}
	n := 0
	for _, a := range typ.Args {
		if a.Name != "None" && a.Text != "None" {
			n++
		}
	}
	return n > 1
}

// fits reports whether objects of a class may have all that a schema asks for. Of several schemas an object is read by
// one that it fits: the others are those of other classes.
func (x *interp) fits(object, schema *pymodule.Class) bool {
	for _, b := range x.a.g.MRO(object) {
		if b.Class == nil && b.External != "" && !isSQLAlchemy(b.External) && !strings.HasPrefix(b.External, "typing.") {
			return true // it may have any attribute
		}
	}
	if x.a.getter(schema) != nil {
		return true
	}
	for _, f := range x.validators(schema) {
		if f.Decorator("model_validator") != pysyntax.Nil || f.Decorator("root_validator") != pysyntax.Nil {
			return true
		}
	}
	for _, f := range x.a.schemaFields(schema) {
		if isSDL(schema) && x.a.hasResolver(f.Variable, schema) {
			continue
		}
		if !x.ofIdentity(object, f.Variable) {
			return false
		}
		has := hasDefault(f.Variable) || f.named && x.mayHave(object, f.Name)
		for _, source := range f.sources {
			has = has || x.mayHave(object, source[0])
		}
		if !has {
			return false
		}
	}
	return true
}

// ofIdentity reports whether a field of a schema may have the value that objects of a class have there. It has not where
// the field is the discriminator of the mapped classes, type: Literal["app"], and their polymorphic_identity is another.
func (x *interp) ofIdentity(object *pymodule.Class, f *pymodule.Variable) bool {
	typ := x.a.parseType(f.Module.Tree.Text(f.Annotation))
	if typ.Kind != pymodule.TypeSubscript || pymodule.Last(typ.Name) != "Literal" {
		return true
	}
	on := ""
	for base := range x.a.g.Lineage(object) {
		if on == "" {
			on = pymodule.Last(mapperArgument(base, "polymorphic_on"))
		}
	}
	if on != f.Name {
		return true
	}
	known := false
	for _, c := range x.a.g.Family(object) {
		identity := mapperArgument(c, "polymorphic_identity")
		if identity == "" {
			continue
		}
		known = true
		for _, arg := range typ.Args {
			if arg.Name == identity || arg.Text == identity {
				return true
			}
		}
	}
	return !known
}

// mapperArgument is an entry of a class's own __mapper_args__, as a string's text or as it is spelled; "" when it has none
// that can be seen.
func mapperArgument(c *pymodule.Class, name string) string {
	args := c.Field("__mapper_args__")
	if args == nil {
		return ""
	}
	t := args.Module.Tree
	if t.Kind(args.Value) == pysyntax.Call { // dict(eager_defaults=True)
		return stringOrText(t, t.Keyword(args.Value, name))
	}
	return stringOrText(t, itemOf(t, args.Value, name))
}

// hasAttribute reports whether instances of a mapped class, or of a subclass, have an attribute.
func (x *interp) hasAttribute(c *pymodule.Class, name string) bool {
	for _, c := range x.a.g.Family(c) {
		if x.a.ix.Relationship(c, name) != nil || x.a.classMember(c, name).Kind != pymodule.Unknown {
			return true
		}
	}
	return false
}

// mayHave is hasAttribute(), and so where an attribute may be there though no body says it.
func (x *interp) mayHave(c *pymodule.Class, name string) bool {
	return x.hasAttribute(c, name) || slices.ContainsFunc(x.a.g.Family(c), func(c *pymodule.Class) bool { return x.a.isSetBehind(c, name) })
}
