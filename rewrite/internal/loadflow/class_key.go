package loadflow

import (
	"slices"
	"strings"

	"github.com/lazyfix/lazyfix/rewrite/internal/pysyntax"
)

// Admins, serializers and repositories are often registered under the class that they serve:
//
//	def __init_subclass__(cls):
//		cls.registry[cls.model] = cls
//
//	Admin.registry[Order](session)
//
// and handlers of events under the class of the event (keyed_by_type.go):
//
//	self.handlers[OrderPlaced].append(handler)
//
// One class that a key is known to be is the name of an entry, as a string is, where the class has no hierarchy of mapped classes, and
// none below it: a row that is queried as an Event may be of a subclass, whose entry it is then.

// classKey is the name of the entry under a key that is one such class, "" for any other key.
func (x *interp) classKey(key value) string {
	if len(key) != 1 || key[0].kind != classRef || len(x.a.g.Subclasses(key[0].class)) > 0 {
		return ""
	}
	c := key[0].class
	for base := range x.a.g.Lineage(c) {
		if m := x.a.ix.Class(base); base != c && m != nil && m.Mapped {
			return ""
		}
	}
	return classMark + c.Module.Path + ":" + c.Qual
}

// classMark is before the name of the entry under a class.
const classMark = "class "

// classEntry is classKey of a key for what a dictionary has under it, "" where it has nothing under classes: of one that has words alone a class
// may give any, since what is known of the key is not all then.
func (x *interp) classEntry(dict *atom, key value) string {
	if !slices.ContainsFunc(dict.entries, func(e entry) bool { return strings.HasPrefix(e.name, classMark) }) {
		return ""
	}
	return x.classKey(key)
}

// classKeyOf is classKey of a key for what is registered under it, "" where that is something else.
func (x *interp) classKeyOf(key, v value) string {
	if !keptByClass(v) {
		return ""
	}
	return x.classKey(key)
}

// heldUnder is what an item holds before something is put into it. Under a class that names no entry that is none of what entries hold.
func (x *interp) heldUnder(item, dict pysyntax.Node, key value) value {
	if len(key) == 0 || x.classKey(key) != "" || slices.ContainsFunc(key, func(a *atom) bool { return a.kind != classRef }) {
		return x.quiet(item)
	}
	held := x.quiet(dict)
	if slices.ContainsFunc(held, func(a *atom) bool { return a.kind != mapping }) {
		return x.quiet(item)
	}
	_, rest := parts(held)
	return rest
}

// keptByClass reports whether a value is what is registered for a class, or a list of such.
func keptByClass(v value) bool {
	for _, a := range v {
		switch a.kind {
		case classRef, funcRef, instance:
		case collection:
			if len(a.elem) > 0 && !keptByClass(a.elem) {
				return false
			}
		default:
			return false
		}
	}
	return len(v) > 0
}
