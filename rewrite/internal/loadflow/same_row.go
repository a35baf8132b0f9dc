package loadflow

import (
	"github.com/lazyfix/lazyfix/rewrite/internal/pysyntax"
)

// The row of a new object may be got again by its key, while the object is held:
//
//	session.add(order)
//	await session.commit()
//	return await self.get(order.id)
//
// session.get() finds it in the identity map and gives it as it is, without a query that an option could load by
// (measured on 2.0 and 2.1). What is read of the one is read of the other. A select() loads what the object lacks.

// sameRow is what a call gives, with the new object by whose key it was got.
func (x *interp) sameRow(call pysyntax.Node, given value) value {
	if !hasObject(given) {
		return given
	}
	t := x.t
	for arg := range t.Children(t.Child(call, pysyntax.FieldArguments)) {
		arg = argumentValue(t, arg)
		if t.Kind(arg) != pysyntax.Attribute || t.Kind(t.Child(arg, pysyntax.FieldObject)) != pysyntax.Identifier ||
			t.Text(t.Child(arg, pysyntax.FieldAttribute)) != "id" {
			continue
		}
		for _, a := range x.env[t.Text(t.Child(arg, pysyntax.FieldObject))] {
			if a.kind != object || a.path != nil {
				continue
			}
			if s, from := history(a.origin); from == fromNew && s.flushed && !s.detached && gotByKey(given, a) {
				given = join(given, one(a))
			}
		}
	}
	return given
}

// gotByKey reports whether v has an object of the class of one that session.get() gives.
func gotByKey(v value, of *atom) bool {
	for _, a := range v {
		if a.kind != object || a.class != of.class || a.path != nil || a.origin.kind != fromSite {
			continue
		}
		for site := a.origin.site; site != nil; site = site.Via {
			if site.Kind == GetSite {
				return true
			}
		}
	}
	return false
}
