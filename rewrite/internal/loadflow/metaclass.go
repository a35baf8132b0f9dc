package loadflow

import (
	"fmt"
	"slices"

	"github.com/lazyfix/lazyfix/rewrite/internal/pymodule"
	"github.com/lazyfix/lazyfix/rewrite/internal/pysyntax"
)

// A metaclass of the program is called with each class that it makes, as its __new__ or __init__ says: with the dictionary of its
// body. What it puts into that, or sets of the class, is the class's.
//
//	class SerializerMeta(type):
//	    def __new__(mcs, name, bases, namespace):
//	        namespace["_declared"] = {k: v for k, v in namespace.items() if isinstance(v, Field)}
//	        return super().__new__(mcs, name, bases, namespace)
//
// Each class is a context of its own: the parameter of the dictionary is given the class. What a metaclass takes out of the
// dictionary stays in it.

// namespaceParam is the place of the class's dictionary among the parameters of __new__ and __init__ of a metaclass.
const namespaceParam = 3

// nameParam is that of the class's name.
const nameParam = namespaceParam - 2

// metaclassOf is the metaclass of the program that makes a class, nil if none does.
func (a *analysis) metaclassOf(c *pymodule.Class) *pymodule.Class {
	return a.metaclasses.get(c, func() *pymodule.Class {
		for _, b := range a.g.MRO(c) {
			if b.Class == nil {
				continue
			}
			if named, said := b.Class.Keywords["metaclass"]; said {
				return a.g.ResolveIn(b.Class.Module, nil, nil, b.Class.Module.Tree.Text(named)).Class
			}
		}
		return nil
	})
}

// callMetaclass calls what a metaclass of the program does with a class.
func (x *interp) callMetaclass(c *pymodule.Class, n pysyntax.Node) {
	meta := x.a.metaclassOf(c)
	if meta == nil {
		return
	}
	for _, name := range []string{"__new__", "__init__"} {
		if f := x.method(meta, name); f != nil {
			x.makeClass(f, c, n)
		}
	}
}

// makeClass calls such a method for a class.
func (x *interp) makeClass(f *pymodule.Function, c *pymodule.Class, n pysyntax.Node) {
	if len(f.Params) <= namespaceParam || f.Params[namespaceParam].Kind != pymodule.Plain {
		return
	}
	bound := make([]value, len(f.Params))
	bound[namespaceParam] = one(x.a.t.classRef(c, typeArgs{}, false))
	x.callBound(f, nil, bound, n, nil)
}

// classMade is the class that the unit makes, nil where it does not run in the context of one. That the class says so, and no form of
// the method, tells a metaclass from Repo.__init__(self, name, session, model), which may be given a class in the same place.
func (x *interp) classMade() *pymodule.Class {
	f := x.u.key.fn
	if f == nil || f.Class == nil || f.Name != "__new__" && f.Name != "__init__" || len(f.Params) <= namespaceParam {
		return nil
	}
	given := x.u.key.given(namespaceParam)
	if given == nil || given.kind != classRef || given.class == nil {
		return nil
	}
	if meta := x.a.metaclassOf(given.class); meta == nil || !x.a.g.IsSubclass(meta, f.Class) {
		return nil
	}
	return given.class
}

// ofMetaclass is what a parameter of a metaclass's method has: the class itself, or its dictionary.
func (x *interp) ofMetaclass(i int) (value, bool) {
	c := x.classMade()
	switch {
	case c == nil:
		return nil, false
	case i == 0 && x.u.key.fn.Name == "__init__":
		return one(x.a.t.classRef(c, typeArgs{}, false)), true
	case i == namespaceParam-1: // bases
		return x.a.t.collection(x.basesOf(x.a.t.classRef(c, typeArgs{}, false), "__bases__")), true
	case i == namespaceParam:
		return x.classDict(one(x.a.t.classRef(c, typeArgs{}, false))), true
	}
	return nil, false
}

// putInClass is namespace["_declared"] = v in a metaclass.
func (x *interp) putInClass(holder pysyntax.Node, name string, v value) {
	if c := x.classMade(); c != nil && name != "" && x.t.Text(holder) == x.u.key.fn.Params[namespaceParam].Name {
		x.store(c, name, v)
	}
}

// madeBySuper is super().__new__(mcs, name, bases, namespace) in a metaclass: the class, which a base of the metaclass has seen, too.
func (x *interp) madeBySuper(super pysyntax.Node, name string, n pysyntax.Node) (value, bool) {
	c := x.classMade()
	if c == nil || name != x.u.key.fn.Name {
		return nil, false
	}
	x.evalArguments(n)
	if m, _ := x.superMethod(super, name); m != nil {
		x.makeClass(m, c, n)
	}
	return one(x.a.t.classRef(c, typeArgs{}, false)), true
}

// itemName is the string that a key is: a literal, or the name of the class that a metaclass makes, registry[name] = cls.
func (x *interp) itemName(key pysyntax.Node) string {
	if c := x.classMade(); c != nil && x.t.Text(key) == x.u.key.fn.Params[nameParam].Name {
		return c.Name
	}
	return pymodule.StringValue(x.t, key)
}

// maxRegistered bounds how many classes a metaclass may make whose registry is followed. What is called of a registry is called of each class
// in it: where each class calls others of it, twice the classes take four times as long (3 s for 40 that hold five fields each).
const maxRegistered = 40

// registersTooMany reports whether a metaclass puts the class that it makes, one of too many, somewhere else than into that class. It notes
// that the registry is not followed.
func (x *interp) registersTooMany(k fieldKey, v value) bool {
	c := x.classMade()
	if c == nil || k.class == c || !slices.ContainsFunc(flatten(v), func(a *atom) bool { return a.kind == classRef && a.class == c }) {
		return false
	}
	meta := x.a.metaclassOf(c)
	if n := x.a.classesMadeBy(meta); n > maxRegistered {
		x.out.blind = append(x.out.blind, &blind{
			mod: meta.Module, node: meta.Node,
			reason: fmt.Sprintf("%s makes and registers more classes than lazyfix follows (%d)", meta.Name, maxRegistered),
			advice: "load what the classes read that are taken from there, with a query of its own",
		})
		return true
	}
	return false
}

// classesMadeBy is how many classes of the program a metaclass makes.
func (a *analysis) classesMadeBy(meta *pymodule.Class) int {
	return *a.madeBy.get(meta, func() *int {
		n := 0
		for _, m := range a.g.Modules {
			for _, c := range m.Classes {
				if a.metaclassOf(c) == meta {
					n++
				}
			}
		}
		return &n
	})
}
