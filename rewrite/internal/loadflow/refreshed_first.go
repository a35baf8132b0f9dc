package loadflow

import (
	"slices"
	"strings"

	"github.com/lazyfix/lazyfix/rewrite/internal/pymodule"
	"github.com/lazyfix/lazyfix/rewrite/internal/pysyntax"
)

// A plain refresh loads what the options of the query load that made the object:
//
//	first = await session.get(Order, key)
//	order = await find(session, key)   # select(Order).where(Order.id == key).options(selectinload(Order.items)): the same object
//	await session.refresh(order)
//	order.items                        # is not loaded: session.get() had no such option
//
// A query of an object that the session holds loads what its options say, and leaves those of the object as they are; so it does
// behind an expire(), a rollback(), a commit that expires, FOR UPDATE, or a merge. It sets them with populate_existing, or where
// nothing holds the first any more: the session does so weakly, and a name that is given the second holds the first until it is
// there. A new object has none. All that was measured on 2.0 and 2.1.
//
// So what is read of an object behind a plain refresh is loaded by the queries of those, too, that may be the same row: that a name
// or a container holds meanwhile, here or in a caller, and that were got by the same key, as in populate_existing.go. A name that was
// deleted counts as holding it: what was changed the session holds. Not followed: a name that is given the second in place of the
// first; a key that goes further than by calls, as through an attribute of self that another method sets.

// firstGot is an object that is held while its row is got again by a query, and refreshed.
type firstGot struct {
	of   *atom
	site *Site         // of the query that gets it again
	node pysyntax.Node // the refresh, or the call that does both
}

// heldFirst is what is said of such a place.
const heldFirst = "held while its row is got again and refreshed: what the refresh loads is what its first query loads"

// refreshedRow notes the row of an object that is refreshed: of which key it is, and which objects at hand are of that.
func (x *interp) refreshedRow(a *atom, at pysyntax.Node) {
	if x.u.key.fn == nil || a.kind != object || a.path != nil {
		return
	}
	o := a.origin
	for o.kind == fromSave || o.kind == fromSet || o.kind == fromRefresh {
		if o.prefix != nil {
			return
		}
		o = o.inner
	}
	if o.kind != fromSite || x.a.t.populatesExisting(o.site) {
		return
	}
	b := x.a.t.object(a.class, o, nil)
	var keys []string
	if o.site.Module == x.m && o.site.Function == x.u.key.fn {
		keys = x.keysIn(x.chainOf(o.site.Node))
	}
	for name, held := range x.env {
		if slices.ContainsFunc(held, a.sameObject) {
			x.calledFor(name, func(call pysyntax.Node) bool {
				keys = append(keys, x.keysIn(call)...)
				return false
			})
		}
	}
	slices.Sort(keys)
	for _, key := range slices.Compact(keys) {
		x.refreshedKey(at, key, b)
	}
}

// refreshedKey notes of which parameter a key is, and the objects that may be of that.
func (x *interp) refreshedKey(at pysyntax.Node, key string, b *atom) {
	root := strings.TrimSuffix(key, ".id")
	if IsSession(root) || root == "self" {
		return
	}
	if i := x.u.key.fn.ParamIndex(root); i >= 0 {
		if x.out.refreshed == nil {
			x.out.refreshed = map[int]value{}
		}
		x.out.refreshed[i] = join(x.out.refreshed[i], one(b))
	}
	for _, name := range sortedKeys(x.env) {
		for _, a := range flattenTo(x.env[name], instance) {
			if a.kind != object || a.class != b.class {
				continue
			}
			if !slices.Contains(x.env[name], a) {
				x.firstInContainer(at, key, name, a, b)
			} else if (name == root || x.hasKey(name, a, key)) && x.inSession(at, name, a) {
				x.noteFirst(at, a, b)
			}
		}
	}
	for _, a := range x.putAway(at) {
		x.firstInContainer(at, key, "", a, b)
	}
}

// firstInContainer notes an object in a container, which may be older than the block that makes the session of what is in it.
func (x *interp) firstInContainer(at pysyntax.Node, key, name string, a, b *atom) {
	if a.kind != object || a.class != b.class || !x.hasKey(name, a, key) {
		return
	}
	first := a.origin.first()
	here := first.kind == fromSite && first.site.Module == x.m && first.site.Function == x.u.key.fn
	if here && !x.sessionClosed(first, at) && x.sessionBlock(first.site.Node) == x.sessionBlock(at) || !here && x.inSession(at, name, a) {
		x.noteFirst(at, a, b)
	}
}

// noteFirst notes that an object is held where the row of b is refreshed, which may be its own.
func (x *interp) noteFirst(at pysyntax.Node, a, b *atom) {
	if a.origin.first() == b.origin && a.path == nil || a.origin.isMaybeHeld() {
		return
	}
	if s, from := history(a.origin); s.detached || from == fromType || x.isBehind(a.origin.first(), b.origin) {
		return
	}
	if f := (firstGot{a, b.origin.site, at}); !slices.Contains(x.out.firsts, f) {
		x.out.firsts = append(x.out.firsts, f)
	}
}

// putAway are the objects that the function puts before a place where no name of its own holds them: self.held[key] = order.
func (x *interp) putAway(at pysyntax.Node) []*atom {
	t := x.t
	var out []*atom
	for n := range t.Within(x.u.key.fn.Body) {
		put := pysyntax.Nil
		switch fn := t.Child(n, pysyntax.FieldFunction); {
		case t.Start(n) >= t.Start(at):
		case t.Kind(n) == pysyntax.Assignment && t.Kind(t.Child(n, pysyntax.FieldLeft)) == pysyntax.Subscript:
			if t.Kind(t.Child(t.Child(n, pysyntax.FieldLeft), pysyntax.FieldValue)) == pysyntax.Attribute {
				put = t.Child(n, pysyntax.FieldRight)
			}
		case t.Kind(n) == pysyntax.Call && t.Kind(fn) == pysyntax.Attribute && t.Kind(t.Child(fn, pysyntax.FieldObject)) == pysyntax.Attribute:
			if name := t.Text(t.Child(fn, pysyntax.FieldAttribute)); name == "append" || name == "add" {
				put = t.First(t.Child(n, pysyntax.FieldArguments))
			}
		}
		if t.Kind(put) == pysyntax.Await {
			put = t.First(put)
		}
		switch pymodule.Last(t.Text(t.Child(put, pysyntax.FieldFunction))) {
		case "get", "get_one", "scalar", "scalar_one", "scalar_one_or_none", "one", "one_or_none", "first": // no other call is made twice
			out = append(out, flattenTo(x.quiet(put), instance)...)
		}
	}
	return out
}

// isBehind reports whether the query of an object stands behind that of another in the function at hand.
func (x *interp) isBehind(o, other *origin) bool {
	here := func(o *origin) bool {
		return o.kind == fromSite && o.site.Module == x.m && o.site.Function == x.u.key.fn
	}
	return here(o) && here(other) && x.t.Start(o.site.Node) > x.t.Start(other.site.Node)
}

// hasKey reports whether what a name holds was got by a key, by a call or by a query that stands here.
func (x *interp) hasKey(name string, a *atom, key string) bool {
	first := a.origin.first()
	if first.kind == fromSite && a.path == nil && first.site.Module == x.m && first.site.Function == x.u.key.fn &&
		slices.Contains(x.keysIn(x.chainOf(first.site.Node)), key) {
		return true
	}
	return x.gotBy(name, key)
}

// refreshArguments has what a called function does to the row of a key be done to what is of that key here.
func (x *interp) refreshArguments(refreshed map[int]value, key *unitKey, bound []value, n pysyntax.Node) {
	x.eachOfKey(refreshed, key, bound, n, x.refreshedKey)
}

// atFirst goes on with what is read behind a plain refresh at the queries of those that may have been the object before.
func (p *propagation) atFirst(w *wanted) {
	if !w.life.drop || w.path.asked() > 0 || w.path.column() != nil {
		return
	}
	for _, f := range p.firsts[w.origin.site] {
		if !p.getsAgain(f, w.unit) {
			continue
		}
		e := &edge{callee: f.unit, mod: f.unit.mod, node: f.node, text: heldFirst}
		p.onward(w, &wanted{origin: f.of.origin, edge: e, unit: f.unit}, f.of.path)
	}
}

// isGotAgain reports whether an object may be one that something holds while it is got again.
func (p *propagation) isGotAgain(w *wanted) bool {
	return len(p.firsts) > 0 && w.unit != nil && len(p.firsts[w.origin.first().site]) > 0
}

// getsAgain reports whether what a unit has of a query may be what it gave while an object was held: the unit holds that itself, is
// called by the call that gets the row again, or gets it from who holds the first. Another caller of the query has nothing to do
// with it.
func (p *propagation) getsAgain(f firstIn, at *unitKey) bool {
	if at == nil || at.fn == f.unit.fn {
		return true
	}
	for _, e := range p.a.units[f.unit.id].out.edges {
		if e.node == f.node && p.leadsTo(e.callee, at.fn, map[string]bool{}, 0) {
			return true
		}
	}
	return p.a.units[at.id] != nil && p.gives(p.a.units[f.unit.id], f.site) && p.leadsTo(at, f.unit.fn, map[string]bool{}, 0)
}

// leadsTo reports whether a unit is one of a function, or calls one.
func (p *propagation) leadsTo(from *unitKey, f *pymodule.Function, seen map[string]bool, depth int) bool {
	if from.fn == f {
		return true
	}
	if seen[from.id] || depth == maxReturned || p.a.units[from.id] == nil {
		return false
	}
	seen[from.id] = true
	return slices.ContainsFunc(p.a.units[from.id].out.edges, func(e *edge) bool { return p.leadsTo(e.callee, f, seen, depth+1) })
}

// firstIn is such an object in a unit.
type firstIn struct {
	firstGot
	unit *unitKey
}

// findFirsts gathers such objects by the query that gets them again.
func (p *propagation) findFirsts(ids []string) {
	p.firsts = map[*Site][]firstIn{}
	for _, id := range ids {
		if p.idle[id] {
			continue
		}
		for _, f := range p.a.units[id].out.firsts {
			p.firsts[f.site] = append(p.firsts[f.site], firstIn{f, p.a.units[id].key})
		}
	}
}
