package loadflow

import (
	"github.com/lazyfix/lazyfix/rewrite/internal/pymodule"
	"github.com/lazyfix/lazyfix/rewrite/internal/pysyntax"
)

// A model may give its attributes as items:
//
//	def __getitem__(self, key):
//		return getattr(self, key)
//
// Then order["items"] reads a relationship, and __getitem__ gets its key as any other function gets a name. What a function does
// with its own parameter so, order[name], is to hand it on: but only where some class has such a method, as most subscripts by a
// parameter are those of dictionaries.

// givesMissing reports whether something is a dictionary of the program that gives by __missing__ what it has not: any key may be there or not.
func (x *interp) givesMissing(a *atom) bool {
	if a.kind != instance || x.method(a.class, "__missing__") == nil {
		return false
	}
	_, dictionary := x.a.isContainer(a.class)
	return dictionary
}

// calledForItem is what a method, __getitem__ mostly, of a class gives for a subscript n.
func (x *interp) calledForItem(a *atom, method string, index pysyntax.Node, key value, n pysyntax.Node) value {
	if len(key) == 0 && x.spelled(x.t, index) == "" { // key = "items" if full else "notes"
		for _, name := range x.spellings(index) {
			if x.a.isRead(name) {
				key = join(key, one(x.a.t.word(name)))
			}
		}
	}
	args := &arguments{pos: []value{key}, posNodes: []pysyntax.Node{index}}
	return x.callMethods(a.class, x.method(a.class, method), one(a), args, n)
}

// calledForKey is the same for a key that is told: itemgetter("items").
func (x *interp) calledForKey(a *atom, name string, n pysyntax.Node) value {
	f := x.method(a.class, "__getitem__")
	if f == nil && x.givesMissing(a) {
		f = x.method(a.class, "__missing__")
	}
	if f == nil {
		return nil
	}
	var key value
	if x.a.isRead(name) {
		key = one(x.a.t.word(name))
	}
	return x.callMethods(a.class, f, one(a), &arguments{pos: []value{key}, more: len(key) == 0}, n)
}

// givesItemsByName reports whether a class reads the attribute that the key of an item names.
func givesItemsByName(g *pymodule.Graph) bool {
	for _, f := range g.Functions {
		if (f.Name == "__getitem__" || f.Name == "__missing__") && f.Class != nil && readsNamedParameter(f) {
			return true
		}
	}
	return false
}

// readsNamedParameter reports whether a method reads an attribute by what its first argument names.
func readsNamedParameter(f *pymodule.Function) bool {
	t := f.Module.Tree
	for n := range t.Within(f.Body) {
		if t.Kind(n) == pysyntax.Identifier && f.ParamIndex(t.Text(n)) == 1 && (namesAttribute(t, n) || readsByPath(t, n)) {
			return true
		}
	}
	return false
}
