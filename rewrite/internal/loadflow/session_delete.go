package loadflow

import (
	"slices"

	"github.com/lazyfix/lazyfix/rewrite/internal/mapper"
	"github.com/lazyfix/lazyfix/rewrite/internal/pysyntax"
)

// deleted is `await session.delete(item)`: a collection that was loaded before has it still, through a flush and a commit
// (measured on 2.0 and 2.1). What cascades delete besides is not followed.
func (x *interp) deleted(v value, n pysyntax.Node) {
	for _, gone := range flatten(v) {
		if gone.kind != object {
			continue
		}
		for _, name := range sortedKeys(x.env) {
			for _, owner := range flatten(x.env[name]) {
				if owner.kind == object && owner.path == nil && owner.class != gone.class && !x.transient(owner) {
					x.loses(owner, gone, n)
				}
			}
		}
	}
}

// loses notes that the relationships of an object which go by a key of a deleted one are not as they were.
func (x *interp) loses(owner, gone *atom, n pysyntax.Node) {
	for _, r := range x.a.ix.All(owner.class) {
		if !r.ForeignKeyHere && r.Target != nil && r.Lazy != mapper.WriteOnly && r.Lazy != mapper.Dynamic && x.a.related(r.Target, gone.class) {
			owner = x.rekey(owner, r.Name, change{sure: true, node: n})
		}
	}
}

// isDelete reports whether a node is a call of session.delete().
func isDelete(t *pysyntax.Tree, n pysyntax.Node) bool {
	fn := t.Child(n, pysyntax.FieldFunction)
	return t.Kind(n) == pysyntax.Call && t.Text(t.Child(fn, pysyntax.FieldAttribute)) == "delete"
}

// expireSet is session.expire(order), session.expire_all(): a query that gives an object again loads it anew. That it may
// not be read before is not followed.
func (x *interp) expireSet(v value, all bool) {
	if !x.rekeys {
		return
	}
	given := flatten(v)
	x.transform(func(a *atom, _ string) *atom {
		if all || slices.ContainsFunc(given, func(b *atom) bool { return sameButLater(a, b) }) {
			return x.a.t.object(a.class, x.a.t.asQueried(a.origin), nil)
		}
		return a
	})
}
