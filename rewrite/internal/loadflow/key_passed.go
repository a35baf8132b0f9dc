package loadflow

import (
	"slices"

	"github.com/lazyfix/lazyfix/rewrite/internal/pymodule"
	"github.com/lazyfix/lazyfix/rewrite/internal/pysyntax"
)

// A called function that gets no more than the key of an object puts something into its collections all the same:
//
//	async def put(session, order_id):             await put(session, order.id)
//	    session.add(Item(order_id=order_id))      order.items   # is what was loaded before
//	    await session.commit()
//
// So what a function makes or moves by a key that is its parameter is done again where it is called, for the object whose attribute
// is passed: the one that the foreign key refers to, and no other. Of tests nothing is noted. Not followed: keys in **values, in
// dictionaries and data, rows of insert(), and the key by which the caller got the object itself.

// keyPut is what a function does to a collection by a key that its parameter is.
type keyPut struct {
	param  int
	class  *pymodule.Class // of what goes into the collection
	column string
	made   *origin // that object, as it was made or got
	added  bool    // it is in the session: the next flush saves it
}

// maxKeyPuts bounds what a function does by keys.
const maxKeyPuts = 8

// notePut notes what the unit does by a key, if that is a parameter. Nothing is stale where the function loads anew what the session
// holds, or refreshes what has the key, as holder spells it; and of another session than the caller's, which it opens.
func (x *interp) notePut(k keyPut, holder string, key pysyntax.Node) {
	f := x.u.key.fn
	if f == nil || x.m.Test() || x.t.Kind(key) != pysyntax.Identifier || !x.a.ix.HasForeignKey(k.class, k.column) {
		return
	}
	k.param = f.ParamIndex(x.t.Text(key))
	if k.param < 0 || f.Params[k.param].Kind != pymodule.Plain && f.Params[k.param].Kind != pymodule.KeywordOnly || k.param == 0 && isMethod(f) ||
		len(bindings(f, x.t.Text(key))) > 0 || expires(x.u) || x.a.t.populating(f) || opensSession(f) ||
		holder != "" && x.refreshes(f, holder) {
		return
	}
	k.made = k.made.first()
	x.out.notePut(k)
}

// refreshes reports whether a function refreshes what an expression gives.
func (x *interp) refreshes(f *pymodule.Function, holder string) bool {
	for n := range x.t.Within(f.Body) {
		fn := x.t.Child(n, pysyntax.FieldFunction)
		if x.t.Kind(n) == pysyntax.Call && x.t.Text(x.t.Child(fn, pysyntax.FieldAttribute)) == "refresh" &&
			x.t.Text(x.t.Nth(x.t.Child(n, pysyntax.FieldArguments), 0)) == holder {
			return true
		}
	}
	return false
}

func (o *outcome) notePut(k keyPut) {
	if len(o.puts) < maxKeyPuts && !slices.Contains(o.puts, k) {
		o.puts = append(o.puts, k)
	}
}

// putsAdded notes that objects are in the session.
func (x *interp) putsAdded(given []*atom) {
	for i, k := range x.out.puts {
		if !k.added && slices.ContainsFunc(given, func(a *atom) bool { return a.kind == object && sameStart(a.origin, k.made) }) {
			x.out.puts[i].added = true
		}
	}
}

// putByCall does what a called function does by the keys that it gets.
func (x *interp) putByCall(puts []keyPut, f *pymodule.Function, bound []value, call pysyntax.Node) {
	if len(puts) == 0 || x.m.Test() || x.t.Kind(call) != pysyntax.Call || x.hasSplat(call) {
		return
	}
	for _, k := range puts {
		key := argumentFor(x.t, f, k.param, call)
		x.notePut(k, "", key)
		owner := x.keyedBy(k, key)
		if owner == pysyntax.Nil {
			continue
		}
		j := keyJoin{made: k.made, class: k.class, column: k.column, node: call, called: true, sure: true, holder: x.t.Text(owner)}
		for _, a := range x.quiet(owner) {
			if a.kind == object && x.takes(a.class, k.class, k.column) && !x.isFromIt(a, k, bound) {
				j.to = append(j.to, a)
			}
		}
		if j.to = valueOf(j.to); len(j.to) > 0 {
			x.joinLater(j, k.added)
		}
	}
}

// keyedBy is the expression of the object whose key is passed: order for order.id, or for a name that has it and nothing else. Nil
// where the attribute is not what the foreign key refers to.
func (x *interp) keyedBy(k keyPut, key pysyntax.Node) pysyntax.Node {
	if x.t.Kind(key) == pysyntax.Identifier {
		f := x.u.key.fn
		if f == nil || f.ParamIndex(x.t.Text(key)) >= 0 || len(bindings(f, x.t.Text(key))) != 1 {
			return pysyntax.Nil
		}
		given := x.givenBy(key)
		if len(given) != 1 {
			return pysyntax.Nil
		}
		key = given[0]
		if name := x.t.Text(x.t.Child(key, pysyntax.FieldObject)); len(bindings(f, name)) > 1 {
			return pysyntax.Nil
		}
	}
	if x.t.Kind(key) != pysyntax.Attribute {
		return pysyntax.Nil
	}
	owner, attribute := x.t.Child(key, pysyntax.FieldObject), x.t.Text(x.t.Child(key, pysyntax.FieldAttribute))
	if slices.ContainsFunc(x.quiet(owner), func(a *atom) bool { return a.kind == object && x.a.ix.Refers(k.class, k.column, a.class, attribute) }) {
		return owner
	}
	return pysyntax.Nil
}

// isFromIt reports whether the object that is moved is one of the owner's own: for item in order.items: move(item, order.id).
func (x *interp) isFromIt(owner *atom, k keyPut, bound []value) bool {
	return k.made.kind == fromParam && k.made.param < len(bound) && slices.ContainsFunc(flatten(bound[k.made.param]), func(a *atom) bool {
		return a.kind == object && a.path.len() > owner.path.len() && sameStart(a.origin, owner.origin)
	})
}
