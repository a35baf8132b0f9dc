package mapper

import (
	"strings"

	"github.com/lazyfix/lazyfix/rewrite/internal/pymodule"
	"github.com/lazyfix/lazyfix/rewrite/internal/pysyntax"
)

// libraryRelationship tells the calls of what a library that is not in the tree exports as relationship, which wraps that of
// SQLAlchemy:
//
//	from coaster.sqlalchemy import relationship
//
// Only as the attribute of a model, and, which its callers ask, with a class of the program at the other side: what a graph
// database's library calls so (neomodel) makes something else. A method of that name, of what the library makes or of a class of it,
// is none either.
func (b *builder) libraryRelationship(owner *pymodule.Class, at place, n pysyntax.Node) bool {
	t := at.m.Tree
	return t.Kind(n) == pysyntax.Call && b.ofLibrary(at, t.Child(n, pysyntax.FieldFunction), "relationship") && b.declarative(owner)
}

// ofLibrary reports whether a module of a library that is not in the tree, and not SQLAlchemy's, exports a function by that name.
func (b *builder) ofLibrary(at place, function pysyntax.Node, name string) bool {
	s := b.node(at, function)
	if s.Kind != pymodule.ExternalSymbol {
		return false
	}
	module, ok := strings.CutSuffix(s.External, "."+name)
	if !ok || plainBase(s.External) || strings.HasPrefix(module, "flask_sqlalchemy.") || strings.Contains(module, "(") {
		return false
	}
	last := pymodule.Last(module)
	return last == strings.ToLower(last) // else it is a class
}

// declarative reports whether a class, or one that it is a mixin of, is mapped and says so by more than a relationship: it stands
// below a declarative base, or names its table.
func (b *builder) declarative(c *pymodule.Class) bool {
	for _, user := range append([]*pymodule.Class{c}, b.users[c]...) {
		if class := b.ix.classes[user]; class == nil || !class.Mapped {
			continue
		}
		if s := b.below(user); s.root != "" || s.sqlmodel || b.imperative[user] {
			return true
		}
		for base := range b.g.Lineage(user) {
			if base.Field("__tablename__") != nil || base.Field("__table__") != nil || len(b.foreignKeys(base)) > 0 {
				return true
			}
		}
	}
	return false
}
