package mapper

import (
	"github.com/lazyfix/lazyfix/rewrite/internal/pymodule"
	"github.com/lazyfix/lazyfix/rewrite/internal/pysyntax"
)

// annotation is what the type of an attribute says of a relationship.
type annotation struct {
	wrapper string // "Mapped", "WriteOnlyMapped", "DynamicMapped", "" for a bare type
	target  string // a dotted name as it is spelled, "" when none is named
	many    bool
	known   bool // it says whether it is many
}

func (b *builder) annotation(at place, n pysyntax.Node) annotation {
	var a annotation
	if n == pysyntax.Nil {
		return a
	}
	b.readType(at, pymodule.ParseType(at.m.Tree.Text(n)), &a, 0)
	return a
}

func (b *builder) readType(at place, typ *pymodule.Type, a *annotation, depth int) {
	if typ == nil || depth > 8 {
		return
	}
	switch typ.Kind {
	case pymodule.TypeUnion:
		b.readFirst(at, typ.Args, a, depth)
	case pymodule.TypeSubscript:
		b.readSubscript(at, typ, a, depth)
	case pymodule.TypeName:
		s := b.name(at, typ.Name)
		if s.Kind == pymodule.VariableSymbol && s.Variable.Class == nil && s.Variable.Value != pysyntax.Nil {
			v := s.Variable // an alias: Orders = list["Order"]
			if v.Module.Tree.Is(v.Value, pysyntax.Subscript, pysyntax.BinaryOperator, pysyntax.String) {
				b.readType(place{m: v.Module}, pymodule.ParseType(v.Module.Tree.Text(v.Value)), a, depth+1)
				return
			}
		}
		if s.Kind == pymodule.ClassSymbol { // a model may be called Collection
			a.target, a.known = typ.Name, true
			return
		}
		switch typeName(s, typ.Name) {
		case "Any", "Mapped", "DynamicMapped", "WriteOnlyMapped", "RelationshipProperty", "object":
			return
		case "list", "List", "set", "Set", "Sequence", "Collection", "dict", "Dict", "Iterable":
			a.many, a.known = true, true
			return
		}
		a.target, a.known = typ.Name, true
	}
}

func (b *builder) readFirst(at place, args []*pymodule.Type, a *annotation, depth int) {
	for _, x := range args {
		if x.Kind != pymodule.TypeNone && x.Kind != pymodule.TypeLiteral {
			b.readType(at, x, a, depth+1)
			return
		}
	}
}

func (b *builder) readSubscript(at place, typ *pymodule.Type, a *annotation, depth int) {
	switch name := typeName(b.name(at, typ.Name), typ.Name); name {
	case "Mapped", "DynamicMapped", "WriteOnlyMapped":
		if a.wrapper == "" {
			a.wrapper = name
		}
		b.readFirst(at, typ.Args, a, depth)
		if name != "Mapped" {
			a.many, a.known = true, true
		}
	case "Optional", "Union", "Annotated", "ClassVar", "Final", "InstrumentedAttribute", "RelationshipProperty",
		"SQLAMapped", "_RelationshipDeclared", "Relationship", "declared_attr":
		b.readFirst(at, typ.Args, a, depth)
	case "Type", "type", "Callable", "Literal":
	default: // any other generic is a collection: list, set, a collection_class of the project
		if n := len(typ.Args); n > 0 {
			b.readType(at, typ.Args[n-1], a, depth+1)
		}
		a.many, a.known = true, true
	}
}

// typeName is the name of a type where it is defined, or as it is spelled when that is not known.
func typeName(s pymodule.Symbol, spelled string) string {
	if s.Kind == pymodule.ExternalSymbol {
		return pymodule.Last(s.External)
	}
	return pymodule.Last(spelled)
}
