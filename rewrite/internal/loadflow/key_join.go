package loadflow

import (
	"slices"
	"strconv"

	"github.com/lazyfix/lazyfix/rewrite/internal/mapper"
	"github.com/lazyfix/lazyfix/rewrite/internal/pymodule"
	"github.com/lazyfix/lazyfix/rewrite/internal/pysyntax"
)

// keyJoin is an object that goes into a collection by its key: Item(order_id=order.id), or item.order_id = order.id later.
// A flush makes it so, and the order's items that were loaded before do not have it. Only in one function: what a called
// one makes, and does not flush, is not followed.
type keyJoin struct {
	made   *origin // the object, as it was made
	class  *pymodule.Class
	column string
	to     value
	holder string // how what it is put into is spelled
	sure   bool   // else it is the only one at hand that can be meant
	node   pysyntax.Node
}

// joinPrefix stands before what the environment keeps of a join that is to come: whether the object is in the session.
// It is in the environment since a flush on one way leaves the other as it is.
const joinPrefix = "\x00"

// joinByKey notes that a column of an object was set to v.
func (x *interp) joinByKey(made *origin, c *pymodule.Class, column string, v, at pysyntax.Node, added bool) {
	j := x.joinOf(made, c, column, v, at)
	if len(j.to) == 0 {
		return
	}
	if x.joined == nil {
		x.joined = map[string]keyJoin{}
	}
	key := joinPrefix + strconv.Itoa(int(at)) + column
	x.joined[key] = j
	x.env[key] = one(x.a.t.flag(added))
}

// joinOf is what setting a column to v joins; it has no owners where none can be meant.
func (x *interp) joinOf(made *origin, c *pymodule.Class, column string, v, at pysyntax.Node) keyJoin {
	j := keyJoin{made: made, class: c, column: column, node: at}
	switch x.t.Kind(v) {
	case pysyntax.Attribute:
		owner := x.t.Child(v, pysyntax.FieldObject)
		for _, a := range x.quiet(owner) {
			if a.kind == object && x.takes(a.class, c, column) {
				j.to = append(j.to, a)
			}
		}
		j.to, j.holder, j.sure = valueOf(j.to), x.t.Text(owner), len(j.to) > 0
	case pysyntax.Identifier:
	default:
		return j
	}
	if len(j.to) == 0 {
		j.to, j.holder = x.onlyOwner(c, column)
	}
	return j
}

// leaveScope goes back to the environment around a comprehension or a lambda. Joins are none of its names.
func (x *interp) leaveScope(outer env) {
	for key := range x.joined {
		if pending, ok := x.env[key]; ok {
			outer[key] = join(outer[key], pending)
		}
	}
	x.env = outer
}

// onlyOwner is the one object at hand that has a collection by a column, of which Item(order_id=order_id) speaks.
func (x *interp) onlyOwner(c *pymodule.Class, column string) (value, string) {
	var found value
	holder := ""
	for _, key := range sortedKeys(x.env) {
		var here value
		for _, a := range x.env[key] {
			if a.kind == object && a.path == nil && !x.transient(a) && x.takes(a.class, c, column) {
				here = append(here, a)
			}
		}
		if len(here) > 0 && holder != "" {
			return nil, ""
		} else if len(here) > 0 {
			found, holder = here, key
		}
	}
	return found, holder
}

// takes reports whether a class has a relationship that goes by a column of class c.
func (x *interp) takes(owner, c *pymodule.Class, column string) bool {
	return slices.ContainsFunc(x.a.ix.All(owner), func(r *mapper.Relationship) bool { return x.goesBy(r, c, column) })
}

func (x *interp) goesBy(r *mapper.Relationship, c *pymodule.Class, column string) bool {
	return !r.ForeignKeyHere && r.Target != nil && r.Says["secondary"] == "" && r.Lazy.Held() &&
		x.a.related(r.Target, c) && slices.Contains(x.a.reverseKey(c, r), column)
}

// joinAdded notes that objects are in the session.
func (x *interp) joinAdded(given []*atom) {
	for _, key := range sortedKeys(x.joined) {
		if _, pending := x.env[key]; pending && slices.ContainsFunc(given, func(a *atom) bool {
			return a.kind == object && sameStart(a.origin, x.joined[key].made)
		}) {
			x.env[key] = one(x.a.t.flag(true))
		}
	}
}

// joinSaved does at a flush what it means to the collections.
func (x *interp) joinSaved() {
	for _, key := range sortedKeys(x.joined) {
		if pending := x.env[key]; !slices.Contains(pending, x.a.t.flag(true)) {
			continue
		}
		delete(x.env, key)
		x.joinNow(x.joined[key])
	}
}

func (x *interp) joinNow(j keyJoin) {
	for _, name := range sortedKeys(x.env) {
		for _, owner := range flatten(x.env[name]) {
			if owner.kind == object && slices.ContainsFunc(j.to, func(a *atom) bool { return sameButLater(owner, a) }) {
				x.lacks(owner, j)
			}
		}
	}
}

// sameButLater reports whether a is b after whatever was done to it.
func sameButLater(a, b *atom) bool {
	return a.class == b.class && a.path == b.path && sameStart(a.origin, b.origin)
}

// sameStart reports whether two origins are of what was made or queried at one place.
func sameStart(a, b *origin) bool {
	a, b = a.first(), b.first()
	return a == b || a.kind == fromNew && b.kind == fromNew && a.mod == b.mod && a.node == b.node
}

func (x *interp) lacks(owner *atom, j keyJoin) {
	for _, r := range x.a.ix.All(owner.class) {
		if x.goesBy(r, j.class, j.column) {
			x.noteSet(owner, r.Name, setsKey)
			owner = x.rekey(owner, r.Name, change{holder: j.holder, sure: j.sure, node: j.node})
		}
	}
}

// reverseKey are the columns of the other side, of class c, by which a collection goes, as that side says it.
func (a *analysis) reverseKey(c *pymodule.Class, r *mapper.Relationship) []string {
	back := r.Says["back_populates"]
	for _, other := range a.ix.All(r.Target) {
		if other != r && !other.Many && (other.Name == back || back == "" && other.Module == r.Module && other.Call == r.Call) {
			return a.ix.KeyColumns(c, other)
		}
	}
	return a.ix.KeyColumns(c, r)
}
