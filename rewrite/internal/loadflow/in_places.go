package loadflow

import (
	"slices"

	"github.com/lazyfix/lazyfix/rewrite/internal/pysyntax"
)

// Classes that stand in a tuple keep their places in what is made of each of them:
//
//	def repositories(session, *classes):
//	    return [c(session) for c in classes]      orders, items = repositories(session, Orders, Items)
//
// Only classes, and only what makes services of them: rows in such a list are one collection, as in any other.

// maxInPlaces bounds the elements that keep their places.
const maxInPlaces = 8

// holdsPlaces reports whether an atom is a tuple of classes, or of instances of classes.
func holdsPlaces(v *atom) bool {
	return v.kind == tuple && v.names == nil && len(v.elems) > 0 && len(v.elems) <= maxInPlaces && !slices.ContainsFunc(v.elems, func(e value) bool {
		return len(e) == 0 || slices.ContainsFunc(e, func(b *atom) bool { return b.kind != classRef && b.kind != instance })
	})
}

// isPlaced reports whether an atom is one that keeps its places: there is no mapped class and no schema in it.
func (a *analysis) isPlaced(v *atom) bool {
	return holdsPlaces(v) && !slices.ContainsFunc(v.elems, func(e value) bool {
		return slices.ContainsFunc(e, func(b *atom) bool { return a.ix.Class(b.class) != nil || a.isSchema(b.class) })
	})
}

// inPlaces is a list comprehension, or a generator, over a tuple of classes: a tuple of what each makes. False for any other.
func (x *interp) inPlaces(n pysyntax.Node) (value, bool) {
	t := x.t
	over := pysyntax.Nil
	for c := range t.Children(n) {
		switch t.Kind(c) {
		case pysyntax.ForInClause:
			if over != pysyntax.Nil {
				return nil, false
			}
			over = t.Child(c, pysyntax.FieldRight)
		case pysyntax.IfClause:
			return nil, false
		}
	}
	if !t.Is(over, pysyntax.Identifier, pysyntax.Attribute, pysyntax.Tuple) || t.Is(n, pysyntax.SetComprehension) {
		return nil, false
	}
	classes := x.quiet(over)
	if len(classes) != 1 || !x.a.isPlaced(classes[0]) {
		return nil, false
	}
	var elems []value
	for _, e := range classes[0].elems {
		elems = append(elems, x.comprehensionOver(n, e, x.eval))
	}
	if made := x.a.t.tuple(elems, nil); x.a.isPlaced(made[0]) {
		return made, true
	}
	return x.a.t.collection(join(elems...)), true
}

// listedInPlaces is list() or tuple() of what has its places.
func listedInPlaces(x *interp, args *arguments, n pysyntax.Node) value {
	if v := args.get(0, ""); len(v) == 1 && x.a.isPlaced(v[0]) {
		return v
	}
	return listed(x, args, n)
}
