package mapper

import (
	"strings"

	"github.com/lazyfix/lazyfix/rewrite/internal/pymodule"
	"github.com/lazyfix/lazyfix/rewrite/internal/pysyntax"
)

// many decides to-one or to-many as SQLAlchemy does: a scalar annotation, then uselist=, then an annotated collection;
// without any of these the direction, which the foreign keys tell.
func (b *builder) many(r *Relationship, c call, a annotation) bool {
	t := c.at.m.Tree
	if a.known && !a.many {
		return false
	}
	switch t.Kind(c.keyword("uselist")) {
	case pysyntax.True:
		return true
	case pysyntax.False:
		return false
	}
	if a.known {
		return a.many
	}
	return b.direction(r, c) != manyToOne
}

type direction uint8

const (
	oneToMany direction = iota
	manyToOne
	manyToMany
)

// direction guesses from the columns of the two classes; what cannot be seen (a primaryjoin) is not looked at.
func (b *builder) direction(r *Relationship, c call) direction {
	t := c.at.m.Tree
	if s := c.arg(1, "secondary"); s != pysyntax.Nil && t.Kind(s) != pysyntax.None {
		return manyToMany
	}
	if r.Target == r.Owner && r.Target != nil {
		if _, ok := c.keywords["remote_side"]; ok {
			return manyToOne
		}
		return oneToMany
	}
	if fk := c.keyword("foreign_keys"); fk != pysyntax.Nil {
		if own, ok := b.ownColumns(r, c, fk); ok {
			if own {
				return manyToOne
			}
			return oneToMany
		}
	}
	// The columns of a mixin's relationship may stand in the class that uses it: any one will do.
	for _, c := range append([]*pymodule.Class{r.Owner}, b.users[r.Owner]...) {
		for base := range b.g.Lineage(c) {
			if base.Field(r.Name+"_id") != nil || r.Target != nil && b.refersTo(base, r.Target) {
				return manyToOne
			}
		}
	}
	return oneToMany
}

// ownColumns reports whether foreign_keys= names columns of the owner.
func (b *builder) ownColumns(r *Relationship, c call, n pysyntax.Node) (own, ok bool) {
	t := c.at.m.Tree
	if t.Is(n, pysyntax.List, pysyntax.Tuple, pysyntax.ParenthesizedExpression) {
		n = t.First(n)
	}
	if t.Kind(n) == pysyntax.Lambda {
		return b.ownColumns(r, c, t.Child(n, pysyntax.FieldBody))
	}
	name, ok := pymodule.DottedName(t, n)
	if s, isText := b.constant(c.at, n); isText && t.Is(n, pysyntax.String, pysyntax.ConcatenatedString) {
		name, ok = strings.Trim(s, "[] "), true
	}
	if !ok || name == "" {
		return false, false
	}
	first, rest, more := strings.Cut(name, ".")
	if !more {
		return true, true // a column in the same class body
	}
	if first == "cls" || first == r.Owner.Name || strings.HasPrefix(rest, r.Owner.Name+".") {
		return true, true
	}
	return false, true
}
