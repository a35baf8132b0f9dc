package loadflow

import (
	"github.com/lazyfix/lazyfix/rewrite/internal/pymodule"
	"github.com/lazyfix/lazyfix/rewrite/internal/pysyntax"
)

// A schema of Pydantic 1 may name a class that is asked for its fields in the object's place:
//
//	class AlbumGetter(GetterDict):
//		def get(self, key, default=None):
//			return getattr(self._obj.artist, key, default)
//
//	class AlbumOut(BaseModel):
//		class Config:
//			orm_mode = True
//			getter_dict = AlbumGetter
//
// Its get is run once for all fields: which of them key is, is not told, so that what it gives may be the value of each. The
// schema itself stands for key, and getattr() by it reads what the schema has fields for. Fields are read from the object as
// well, as the GetterDict of Pydantic does that most of them call.

// readGetter runs the getter of schema c, if it has one, for an object, and gives what fields may get of it.
func (x *interp) readGetter(o *atom, c *pymodule.Class, at pysyntax.Node) value {
	getter := x.a.getter(c)
	if getter == nil || o.kind != object {
		return nil
	}
	self := one(x.a.t.made(getter, typeArgs{}, []entry{{"_obj", one(o)}}))
	if f := x.method(getter, "__init__"); f != nil {
		x.call(f, self, &arguments{pos: []value{one(o)}}, at)
	}
	key := one(x.a.t.classRef(c, typeArgs{}, false))
	var out value
	for _, name := range []string{"get", "__getitem__"} {
		if f := x.method(getter, name); f != nil {
			out = join(out, x.call(f, self, &arguments{pos: []value{key}}, at))
		}
	}
	return out
}

// getter is getterOf, kept.
func (a *analysis) getter(c *pymodule.Class) *pymodule.Class {
	return *a.getters.get(c, func() **pymodule.Class {
		g := a.getterOf(c)
		return &g
	})
}

// getterOf is the class that a schema names as its getter_dict: as a keyword of the class, or in Config, its own or that of
// the nearest base that names one.
func (a *analysis) getterOf(c *pymodule.Class) *pymodule.Class {
	named := func(m *pymodule.Module, in *pymodule.Class, n pysyntax.Node) *pymodule.Class {
		name, _ := pymodule.DottedName(m.Tree, n)
		return a.g.ResolveIn(m, in, nil, name).Class
	}
	for base := range a.g.Lineage(c) {
		if getter := named(base.Module, base, base.Keywords["getter_dict"]); getter != nil {
			return getter
		}
		config := base.Nested["Config"]
		if v := base.Field("Config"); v != nil && config == nil { // Config = OrmConfig
			config = named(v.Module, v.Class.Outer, v.Value)
		}
		if config == nil {
			continue
		}
		for base := range a.g.Lineage(config) {
			if v := base.Field("getter_dict"); v != nil {
				if getter := named(v.Module, v.Class, v.Value); getter != nil {
					return getter
				}
			}
		}
	}
	return nil
}
