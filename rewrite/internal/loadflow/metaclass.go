package loadflow

import (
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

// callMetaclass calls what a metaclass of the program does with a class.
func (x *interp) callMetaclass(c *pymodule.Class, n pysyntax.Node) {
	for _, b := range x.a.g.MRO(c) {
		if b.Class == nil {
			continue
		}
		named, said := b.Class.Keywords["metaclass"]
		if !said {
			continue
		}
		s := x.a.g.ResolveIn(b.Class.Module, nil, nil, b.Class.Module.Tree.Text(named))
		if s.Kind != pymodule.ClassSymbol {
			return
		}
		for _, name := range []string{"__new__", "__init__"} {
			if f := x.method(s.Class, name); f != nil {
				x.makeClass(f, c, n)
			}
		}
		return
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

// classMadeBy is the class that the unit makes, nil where it is no metaclass's in the context of one.
func (k *unitKey) classMadeBy() *pymodule.Class {
	if k.fn == nil || k.fn.Class == nil || k.fn.Name != "__new__" && k.fn.Name != "__init__" || len(k.fn.Params) <= namespaceParam {
		return nil
	}
	if a := k.given(namespaceParam); a != nil && a.kind == classRef && isMetaclass(k.fn.Class) {
		return a.class
	}
	return nil
}

// isMetaclass reports whether a class has a __new__ or __init__ of the form that makes classes.
func isMetaclass(c *pymodule.Class) bool {
	for _, name := range []string{"__new__", "__init__"} {
		if f := c.Methods[name]; f != nil && len(f.Params) > namespaceParam && f.Params[1].Name == "name" {
			return true
		}
	}
	return false
}

// ofMetaclass is what a parameter of a metaclass's method has: the class itself, or its dictionary.
func (x *interp) ofMetaclass(i int) (value, bool) {
	c := x.u.key.classMadeBy()
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
	if c := x.u.key.classMadeBy(); c != nil && name != "" && x.t.Text(holder) == x.u.key.fn.Params[namespaceParam].Name {
		x.store(c, name, v)
	}
}

// classMade is super().__new__(mcs, name, bases, namespace) in a metaclass: the class, which a base of the metaclass has seen, too.
func (x *interp) classMade(super pysyntax.Node, name string, n pysyntax.Node) (value, bool) {
	c := x.u.key.classMadeBy()
	if c == nil || name != x.u.key.fn.Name {
		return nil, false
	}
	x.evalArguments(n)
	if m, _ := x.superMethod(super, name); m != nil {
		x.makeClass(m, c, n)
	}
	return one(x.a.t.classRef(c, typeArgs{}, false)), true
}
