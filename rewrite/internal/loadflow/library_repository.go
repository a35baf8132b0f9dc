package loadflow

import (
	"github.com/lazyfix/lazyfix/rewrite/internal/pymodule"
	"github.com/lazyfix/lazyfix/rewrite/internal/pysyntax"
)

// A repository may have a base that is not in the tree, which keeps the model that a type argument of it names:
//
//	class Orders(CRUDPlus[Order]):
//		def newest(self): return select(self.model)

// keepsModel are the attributes that such bases keep it in, of FastCRUD, sqlalchemy-crud-plus and others.
var keepsModel = map[string]bool{
	"model": true, "_model": true, "model_class": true, "_model_class": true, "model_cls": true, "model_type": true, "orm_model": true,
}

// modelOfBase is the model of a repository whose library keeps it.
func (x *interp) modelOfBase(a *atom, name string) value {
	if !keepsModel[name] || x.a.ix.Class(a.class) != nil {
		return nil
	}
	for up := range x.a.g.Lineage(a.class) {
		if said, ok := up.Keywords[name]; ok { // class OrderAdmin(ModelView, model=Order)
			if v := x.mappedArgument(a, up, said); v != nil {
				return v
			}
		}
		t := up.Module.Tree
		for _, base := range up.Bases {
			if t.Kind(base) != pysyntax.Subscript {
				continue
			}
			of, ok := pymodule.DottedName(t, t.Child(base, pysyntax.FieldValue))
			if !ok || x.a.g.ResolveIn(up.Module, up.Outer, up.Function, of).External == "" {
				continue
			}
			for arg := range t.Children(base) {
				if v := x.mappedArgument(a, up, arg); v != nil && t.Field(arg) == pysyntax.FieldSubscript {
					return v
				}
			}
		}
	}
	return nil
}

// mappedArgument is the mapped class that a type argument of a base names, by itself or by a type parameter.
func (x *interp) mappedArgument(a *atom, c *pymodule.Class, arg pysyntax.Node) value {
	name, ok := pymodule.DottedName(c.Module.Tree, arg)
	if !ok {
		return nil
	}
	if given := a.args.get(name); given != nil {
		return one(x.a.t.classRef(given, typeArgs{}, true))
	}
	s := x.a.g.ResolveIn(c.Module, c.Outer, c.Function, name)
	if s.Kind == pymodule.ClassSymbol && x.a.isMapped(s) {
		return one(x.a.t.classRef(s.Class, typeArgs{}, true))
	}
	return nil
}
