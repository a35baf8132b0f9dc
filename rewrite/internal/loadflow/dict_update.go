package loadflow

import (
	"slices"
	"strings"

	"github.com/lazyfix/lazyfix/rewrite/internal/pymodule"
	"github.com/lazyfix/lazyfix/rewrite/internal/pysyntax"
)

// Attributes are set through the dictionary that has them, of an instance or a namespace:
//
//	self.__dict__.update(kwargs), vars(namespace).update(order=order)
//	self.__dict__["order"] = order, self.__dict__.setdefault("order", order)
//	if key not in obj.__dict__:
//		obj.__dict__[key] = await self.load(obj)
//	return obj.__dict__[key]
//
// A key that does not stand there is any attribute of which the class says nothing, or None; the same function reads by the same expression what it
// set. A mapped object keeps what is none of its relationships: a relationship that is set so is no way that SQLAlchemy knows of.
//
// Limit: a dictionary that a name holds, d = self.__dict__, is another one.

// anyKey is the name under which an instance keeps what is set by such a key.
const anyKey = "[]"

// dictOwner is what has the attributes that a dictionary holds: self of self.__dict__ and vars(self), Nil for any other expression.
func dictOwner(t *pysyntax.Tree, dict pysyntax.Node) pysyntax.Node {
	switch t.Kind(dict) {
	case pysyntax.Attribute:
		if t.Text(t.Child(dict, pysyntax.FieldAttribute)) == "__dict__" {
			return t.Child(dict, pysyntax.FieldObject)
		}
	case pysyntax.Call:
		if t.Text(t.Child(dict, pysyntax.FieldFunction)) == "vars" {
			return t.First(t.Child(dict, pysyntax.FieldArguments))
		}
	}
	return pysyntax.Nil
}

// keyInDict is the key that an expression says of such a dictionary, self.__dict__["order"] or vars(self).get("order"), and what has it.
func keyInDict(t *pysyntax.Tree, n pysyntax.Node) (owner pysyntax.Node, name string) {
	switch t.Kind(n) {
	case pysyntax.Subscript:
		return dictOwner(t, t.Child(n, pysyntax.FieldValue)), pymodule.StringValue(t, t.Child(n, pysyntax.FieldSubscript))
	case pysyntax.Call:
		owner = dictOwner(t, t.Child(t.Child(n, pysyntax.FieldFunction), pysyntax.FieldObject))
		return owner, pymodule.StringValue(t, t.First(t.Child(n, pysyntax.FieldArguments)))
	}
	return pysyntax.Nil, ""
}

// growDict sets what is put into such a dictionary.
func (x *interp) growDict(owner pysyntax.Node, added value) {
	entries, rest := parts(added)
	x.setEntries(owner, entries)
	if len(rest) > 0 {
		x.setEntries(owner, []entry{{anyKey, rest}})
	}
}

// setItem notes what an item of such a dictionary is set to, self.__dict__[key] = v, and gives the name that the key says, "" for one
// that does not stand there. Name is what it says where the dictionary is any other.
func (x *interp) setItem(item pysyntax.Node, name string, v value) string {
	owner := dictOwner(x.t, x.t.Child(item, pysyntax.FieldValue))
	if owner == pysyntax.Nil {
		return name
	}
	if key := x.unspelledItem(item); key != "" {
		x.env[key] = v
		x.setEntries(owner, x.keywordsGiven()) // for name, value in kwargs.items(): self.__dict__[name] = value
	}
	return x.spelled(x.t, x.t.Child(item, pysyntax.FieldSubscript))
}

// underAnyKey is what an attribute may hold that nothing else says: what was set by a key that does not stand there.
func (x *interp) underAnyKey(a *atom, name string) value {
	if s := x.a.classMember(a.class, name); name == anyKey || strings.HasPrefix(name, "__") || s.Kind != pymodule.Unknown && !isSetLater(s.Variable) {
		return nil
	}
	return x.field(a.class, anyKey)
}

// isSetLater reports whether all that a class says of an attribute is order = None.
func isSetLater(v *pymodule.Variable) bool {
	return v != nil && v.Annotation == pysyntax.Nil && v.Module.Tree.Kind(v.Value) == pysyntax.None
}

// setEntries sets attributes of what an expression is.
func (x *interp) setEntries(owner pysyntax.Node, entries []entry) {
	held := x.quiet(owner)
	for _, e := range entries {
		for _, a := range held {
			switch {
			case a.kind == tuple:
				x.putInNamespace(owner, e.name, e.value)
			case e.name == ofObject:
			case a.kind == object:
				if x.a.ix.Relationship(a.class, e.name) == nil {
					x.store(a.class, e.name, e.value)
				}
			case a.kind != instance:
			case x.constructs(owner): // this instance is told apart by it
				x.storeMade(a.class, e.name, e.value)
			default:
				x.storeIn(a, e.name, e.value)
			}
		}
		if key := x.t.Text(owner) + "." + e.name; e.name != anyKey && slices.ContainsFunc(held, func(a *atom) bool { return a.kind == instance }) {
			if _, known := x.env[key]; known {
				x.env[key] = e.value
			}
		}
	}
}

// unspelledItem is the key of the environment for self.__dict__[key], "" for what is no such item. It is that of getattr(self, key).
func (x *interp) unspelledItem(item pysyntax.Node) string {
	index := x.t.Child(item, pysyntax.FieldSubscript)
	owner := dictOwner(x.t, x.t.Child(item, pysyntax.FieldValue))
	if owner == pysyntax.Nil || x.spelled(x.t, index) != "" {
		return ""
	}
	return unspelledPrefix + strings.ReplaceAll(x.t.Text(owner)+" "+x.t.Text(index), ".", " ")
}

// asksForItem reports whether the function sets such an item where there is none: if key not in obj.__dict__. Whatever else the
// dictionary holds by keys that do not stand there is another item then.
func (x *interp) asksForItem(item pysyntax.Node) bool {
	if f := x.u.key.fn; f != nil && x.unspelledItem(item) != "" {
		asked := x.t.Text(x.t.Child(item, pysyntax.FieldSubscript)) + " not in " + x.t.Text(x.t.Child(item, pysyntax.FieldValue))
		return strings.Contains(x.t.Text(f.Body), asked)
	}
	return false
}

// dictItem is what this function set such an item to, and what else the dictionary of an object has that is no relationship.
func (x *interp) dictItem(item pysyntax.Node, held value) value {
	owner := dictOwner(x.t, x.t.Child(item, pysyntax.FieldValue))
	if owner == pysyntax.Nil {
		return nil
	}
	if key := x.unspelledItem(item); key != "" {
		return x.env[key]
	}
	name := x.spelled(x.t, x.t.Child(item, pysyntax.FieldSubscript))
	var out value
	for _, a := range held {
		objects, _ := a.entry(ofObject)
		for _, o := range objects {
			if a.kind == mapping && o.kind == object && x.a.ix.Relationship(o.class, name) == nil {
				out = join(out, x.field(o.class, name))
			}
		}
	}
	return out
}
