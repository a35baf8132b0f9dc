package loadflow

import (
	"github.com/lazyfix/lazyfix/rewrite/internal/pymodule"
	"github.com/lazyfix/lazyfix/rewrite/internal/pysyntax"
)

// A function that copies an object into a dataclass goes on with the types of its fields:
//
//	def to_view(cls, order):
//		return cls(**{f.name: convert(f.type, getattr(order, f.name)) for f in fields(cls)})
//
// A type is told by the classes in it that list fields or are schemas, list[ItemView] by ItemView. Which field each is of is not told: what
// an object of another class does not have is not read of it.

// anyField is what fields() gives for one field of the classes in v.
func (x *interp) anyField(classes value) value {
	return x.a.t.tuple([]value{classes, x.fieldTypes(classes)}, []string{"name", "type"})
}

// fieldTypes are the classes in the annotations of what the classes in v have for fields.
func (x *interp) fieldTypes(classes value) value {
	var out value
	for _, a := range classes {
		for base := range x.a.g.Lineage(a.class) {
			for _, f := range base.Fields {
				if f.Annotation == pysyntax.Nil {
					continue
				}
				for _, name := range namesOfType(x.a.parseType(f.Module.Tree.Text(f.Annotation)), nil) {
					if sym, _ := x.a.meanings(typeScope{mod: f.Module, class: base}, name); sym.Kind == pymodule.ClassSymbol && (x.a.isSchema(sym.Class) || x.a.listsFields(sym.Class)) {
						out = join(out, one(x.a.t.classRef(sym.Class, typeArgs{}, false)))
					}
				}
			}
		}
	}
	return out
}

// typeArguments is get_args(list[ItemView]): the class in what a type is told by, or those that the class of a method was given.
func typeArguments(x *interp, args *arguments, n pysyntax.Node) value {
	told := classRefs(args.get(0, "tp"))
	if own := x.ownTypes(n); len(own) > 0 || len(told) == 0 {
		return own
	}
	return x.a.t.collection(told)
}
