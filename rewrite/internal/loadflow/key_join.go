package loadflow

import (
	"slices"

	"github.com/lazyfix/lazyfix/rewrite/internal/mapper"
	"github.com/lazyfix/lazyfix/rewrite/internal/pymodule"
	"github.com/lazyfix/lazyfix/rewrite/internal/pysyntax"
)

// keyJoin is an object that goes into a collection by its key: Item(order_id=order.id), or item.order_id = order.id later.
// A flush makes it so, and the order's items that were loaded before do not have it.
type keyJoin struct {
	class  *pymodule.Class
	column string
	to     value
	node   pysyntax.Node
	added  bool
}

func (x *interp) joinByKey(c *pymodule.Class, column string, v, at pysyntax.Node, added bool) {
	if x.t.Kind(v) != pysyntax.Attribute {
		return
	}
	var to []*atom
	for _, a := range x.quiet(x.t.Child(v, pysyntax.FieldObject)) {
		if a.kind == object && !slices.ContainsFunc(x.joined, func(j keyJoin) bool { return j.node == at && j.column == column }) {
			to = append(to, a)
		}
	}
	if len(to) > 0 {
		x.joined = append(x.joined, keyJoin{c, column, valueOf(to), at, added})
	}
}

// joinAdded notes that an object is in the session.
func (x *interp) joinAdded(given []*atom) {
	for i, j := range x.joined {
		x.joined[i].added = j.added || slices.ContainsFunc(given, func(a *atom) bool {
			if a.kind != object {
				return false
			}
			first := a.origin.first()
			return first.kind == fromNew && first.mod == x.m && first.node == j.node
		})
	}
}

// joinSaved does at a flush what it means to the collections.
func (x *interp) joinSaved() {
	rest := x.joined[:0]
	for _, j := range x.joined {
		if !j.added {
			rest = append(rest, j)
			continue
		}
		for _, key := range sortedKeys(x.env) {
			for _, owner := range flatten(x.env[key]) {
				if owner.kind == object && slices.ContainsFunc(j.to, func(a *atom) bool { return sameButLater(owner, a) }) {
					x.lacks(owner, j)
				}
			}
		}
	}
	x.joined = rest
}

// sameButLater reports whether a is b after whatever was done to it.
func sameButLater(a, b *atom) bool {
	return a.class == b.class && a.path == b.path && a.origin.first() == b.origin.first()
}

func (x *interp) lacks(owner *atom, j keyJoin) {
	for _, r := range x.a.ix.All(owner.class) {
		if !r.ForeignKeyHere && r.Target != nil && r.Lazy != mapper.WriteOnly && r.Lazy != mapper.Dynamic && x.a.related(r.Target, j.class) && x.a.reverseKey(r) == j.column {
			x.noteSet(owner, r.Name, "!")
			owner = x.rekey(owner, r.Name, j.node)
		}
	}
}

// reverseKey is the column of the other side by which a collection goes, "" when that is not said.
func (a *analysis) reverseKey(r *mapper.Relationship) string {
	if r.Says["secondary"] != "" {
		return ""
	}
	back := r.Says["back_populates"]
	for _, other := range a.ix.All(r.Target) {
		if other != r && !other.Many && (other.Name == back || back == "" && other.Module == r.Module && other.Call == r.Call) {
			return keyColumn(other)
		}
	}
	return ""
}
