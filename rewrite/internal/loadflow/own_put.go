package loadflow

import (
	"slices"
	"strings"

	"github.com/lazyfix/lazyfix/rewrite/internal/pymodule"
	"github.com/lazyfix/lazyfix/rewrite/internal/pysyntax"
)

// What a class that holds things puts where it keeps them: by its own __setitem__, by super().append() of the list that it is, by
// self.data of a UserList; and what it gives by __getitem__ alone.

// setItemOwn is holder[key] = v of a class of the program that says itself what that does.
func (x *interp) setItemOwn(held, key, v value, at pysyntax.Node) {
	for _, a := range held {
		if a.kind != instance && a.kind != object {
			continue
		}
		if f := x.method(a.class, "__setitem__"); f != nil {
			x.callMethods(a.class, f, one(a), &arguments{pos: []value{key, v}}, at)
		}
	}
}

// tellsApart reports whether two containers of the program's own are two for what is put into them: objects, and functions and
// classes that are called with some.
func tellsApart(v value) bool {
	return hasObject(v) || hasInstance(v) || slices.ContainsFunc(flatten(v), func(a *atom) bool { return isFunction(a) || a.kind == classRef })
}

// superItems is super().append(order) and the like in a class that is a list or a dictionary; false for anything else.
func (x *interp) superItems(f *pymodule.Function, name string, args *arguments, n, fn pysyntax.Node) (value, bool) {
	if container, _ := x.a.isContainer(x.u.key.recv); !container || len(f.Params) == 0 {
		return nil, false
	}
	self := x.env[f.Params[0].Name]
	switch name {
	case "__init__":
		for _, a := range self {
			if a.kind == instance {
				x.itemsMade(a, args)
			}
		}
		return nil, true
	case "__setitem__":
		key := pymodule.StringValue(x.t, args.node(0, ""))
		x.putOwn(self, func(old value) value { return x.putItem(old, key, args.get(0, ""), args.get(1, "")) })
		return nil, true
	case "__getitem__":
		return x.elements(x.withItems(self)), true
	case "__iter__":
		return x.a.t.collection(x.iterate(x.withItems(self), n)), true
	}
	return x.containerCall(self, name, args, n, fn)
}

// dataOf is self.data of a UserList or a UserDict.
func (x *interp) dataOf(a *atom, name string) value {
	if name != "data" {
		return nil
	}
	return x.itemsOf(a)
}

// iterateItems is what a class gives in a loop that has __getitem__ and neither __iter__ nor a base that may have it.
func (x *interp) iterateItems(a *atom, at pysyntax.Node) value {
	if x.method(a.class, "__getitem__") == nil || x.method(a.class, "__aiter__") != nil {
		return nil
	}
	if (a.kind != instance || x.method(a.class, "__len__") == nil) && x.a.iteratesByBase(a.class) {
		return nil
	}
	return x.special(one(a), []value{nil}, at, "__getitem__")
}

// iteratesByBase reports whether a base of a class that is not of the program may have an __iter__: that of Pydantic, of a dict. Bases
// of mapped classes that are not known have none.
func (a *analysis) iteratesByBase(c *pymodule.Class) bool {
	if a.isMapped(pymodule.Symbol{Class: c}) {
		return a.inherits(c, "SQLModel", "BaseModel")
	}
	for class := range a.g.Lineage(c) {
		for _, base := range class.Bases {
			name, _, _ := strings.Cut(class.Module.Tree.Text(base), "[")
			if s, _ := a.g.ResolveBase(class, base); s.Kind == pymodule.ClassSymbol {
				continue
			}
			switch pymodule.Last(name) {
			case "object", "Generic", "Protocol", "ABC", "Sequence":
			default:
				return true
			}
		}
	}
	return false
}

// slicedOwn is page[:3] of what __getitem__ gives, which does with a slice what it does with a number.
func (x *interp) slicedOwn(given value) value {
	var out value
	for _, a := range given {
		if a.kind == object {
			out = join(out, x.a.t.collection(one(a)))
		} else {
			out = join(out, one(a))
		}
	}
	return out
}
