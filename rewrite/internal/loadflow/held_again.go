package loadflow

import (
	"slices"
	"strconv"
	"strings"

	"github.com/lazyfix/lazyfix/rewrite/internal/pymodule"
	"github.com/lazyfix/lazyfix/rewrite/internal/pysyntax"
)

// A query after a commit gives the objects again that the session holds, as they are: since expire_on_commit=False nothing
// of what was loaded before is loaded anew (measured on 2.0 and 2.1).
//
//	order = await get_order(session, key)   # loads order.items
//	session.add(Item(order_id=order.id))    # or session.delete(order.items[0])
//	await session.commit()
//	order = await get_order(session, key)   # order.items is what it was
//
// So what was done to the first is remembered of the second, while a name of the function holds the first: a read of it is
// reported (see spoiled.go where the first query comes to load it). Whether it is the same object, nobody can say, so that no refresh is written.

// staleHere is a relationship of a class that the session holds as it was loaded, though a flush has changed it.
type staleHere struct {
	class *pymodule.Class
	rel   string
	node  pysyntax.Node // where its key was set, or one of its objects deleted
	opts  *optionSet    // what the first query loads
	site  *Site         // nil where a caller passes the object
	held  *atom         // as it was got
	apart bool          // it is of another session than the call at hand
}

// heldAgain is what a call gives, beside it its objects as the session may hold them.
func (x *interp) heldAgain(call pysyntax.Node, given value) value {
	if !x.rekeys {
		return given
	}
	stale := x.staleAt(call)
	x.noteHeld(call, stale)
	if len(stale) == 0 || !slices.ContainsFunc(flatten(given), isQueried) {
		return given
	}
	return x.a.rewrite(given, func(b *atom) []*atom {
		out := []*atom{b}
		if !isQueried(b) || x.a.t.populatesExisting(b.origin.site) {
			return out
		}
		spoils := map[string][]staleHere{}
		for _, s := range stale {
			if s.class != b.class || s.apart {
				continue
			}
			if s.site != b.origin.site && !s.opts.load(s.rel) {
				if !x.m.Test() && b.origin.opts.load(s.rel) {
					spoils[s.rel] = append(spoils[s.rel], s)
				}
				continue
			}
			if o := x.a.t.withGiven(b.origin, nil, s.given(x.m)); o != nil {
				out = append(out, x.a.t.object(b.class, o, nil))
			}
		}
		for _, rel := range sortedKeys(spoils) {
			out = append(out, x.spoils(b, spoils[rel])...)
		}
		return out
	})
}

func (s staleHere) given(m *pymodule.Module) given {
	return given{name: rekeyed + s.rel, mod: m, node: s.node}
}

func isQueried(a *atom) bool { return a.kind == object && a.path == nil && a.origin.kind == fromSite }

// staleAt are those of the objects at hand, one for each relationship, but of what the call is given itself: it may give that
// back.
func (x *interp) staleAt(call pysyntax.Node) []staleHere {
	var out []staleHere
	for _, name := range sortedKeys(x.env) {
		if x.passes(call, name) {
			continue
		}
		for _, a := range flatten(x.env[name]) {
			if a.kind != object || a.path != nil || !x.isGot(a.origin.first()) {
				continue
			}
			first, apart := a.origin.first(), !x.inSession(call, name, a)
			for _, c := range append(x.rekeyedSince(a.origin), x.lostBy(a.class)...) {
				if !slices.ContainsFunc(out, func(s staleHere) bool {
					return s.class == a.class && s.rel == c.rel && s.site == first.site && (s.site != nil || s.held.origin == first)
				}) {
					out = append(out, staleHere{a.class, c.rel, c.node, first.opts, first.site, x.a.t.object(a.class, first, nil), apart})
				}
			}
		}
	}
	return out
}

// changedHere is a relationship that a flush has changed, and where the key was set or the object deleted that did so.
type changedHere struct {
	rel  string
	node pysyntax.Node
}

// rekeyedSince are the relationships of an object whose keys this module has set, and the session flushed, since they were loaded.
func (x *interp) rekeyedSince(o *origin) []changedHere {
	if s, _ := history(o); !s.flushed || s.expired || s.detached || s.reloaded {
		return nil
	}
	var out []changedHere
	var again []string // what was refreshed since
	for ; o != nil; o = o.before() {
		if o.kind == fromRefresh && o.by == byRefresh {
			again = append(again, o.loaded...)
		}
		for _, g := range o.given {
			if rel, ok := strings.CutPrefix(g.name, rekeyed); ok && g.mod == x.m && !slices.Contains(again, rel) {
				out = append(out, changedHere{rel, g.node})
			}
		}
	}
	return out
}

// lostBy are the relationships of a class that objects are gone from which were deleted, and that flushed.
func (x *interp) lostBy(c *pymodule.Class) []changedHere {
	var out []changedHere
	for _, key := range sortedKeys(x.deletes) {
		if r := x.deletes[key]; slices.Contains(x.env[key], x.a.t.flag(true)) {
			for _, rel := range x.losing(c, r.class) {
				out = append(out, changedHere{rel, r.node})
			}
		}
	}
	return out
}

// isGot reports whether a query gave an object, or a caller passes it.
func (x *interp) isGot(first *origin) bool {
	return first.kind == fromSite || first.kind == fromParam && first.unit.id == x.u.key.id
}

// passes reports whether a call gets what a name holds.
func (x *interp) passes(call pysyntax.Node, name string) bool {
	for arg := range x.t.Children(x.t.Child(call, pysyntax.FieldArguments)) {
		if x.t.Text(x.t.ArgumentValue(arg)) == name {
			return true
		}
	}
	return false
}

// load reports whether some option loads a relationship of the entity itself.
func (o *optionSet) load(rel string) bool {
	return slices.ContainsFunc(o.atoms(), func(a *atom) bool {
		return a.kind == option && a.opt.path != nil && a.opt.path.steps()[0].rel.Name == rel
	})
}

// populatesExisting reports whether a query loads anew what the session holds. Anywhere in its function counts.
func (t *table) populatesExisting(s *Site) bool {
	for ; s != nil; s = s.Via {
		if s.Function == nil && populates(s.Module, s.Node) || s.Function != nil && t.populating(s.Function) {
			return true
		}
	}
	return false
}

// populating reports whether anything in a function populates existing objects. It is read through once: each of many queries
// asks for that of each of the others.
func (t *table) populating(f *pymodule.Function) bool {
	return *t.populates.get(f, func() *bool {
		found := populates(f.Module, f.Body)
		return &found
	})
}

func populates(m *pymodule.Module, n pysyntax.Node) bool {
	return m.Tree.Spells(n, "populate_existing")
}

// Repopulates reports whether a query is an INSERT or UPDATE that gives its rows and populates existing objects, as it says itself or
// as its function says that has no other query.
func (s *Site) Repopulates() bool {
	const word = "populate_existing"
	t := s.Module.Tree
	up := s.Node
	for t.Is(t.Parent(up), pysyntax.Attribute, pysyntax.Call, pysyntax.ArgumentList, pysyntax.KeywordArgument, pysyntax.Await,
		pysyntax.ParenthesizedExpression, pysyntax.Assignment) {
		up = t.Parent(up)
	}
	switch text := t.Text(up); {
	case !strings.Contains(text, ".returning("):
		return false
	case strings.Contains(text, word):
		return true
	case s.Function == nil:
		return false
	}
	queries := 0
	for n := range t.Within(s.Function.Body) {
		if t.Kind(n) != pysyntax.Call {
			continue
		}
		switch pymodule.Last(t.Text(t.Child(n, pysyntax.FieldFunction))) {
		case "select", "insert", "update", "query", "get":
			queries++
		}
	}
	return queries == 1 && strings.Contains(t.Text(s.Function.Body), word)
}

// deletePrefix stands before what the environment keeps of a delete: whether it was flushed.
const deletePrefix = "\x01"

// deletion is `await session.delete(item)`.
type deletion struct {
	class *pymodule.Class
	node  pysyntax.Node
}

func (x *interp) delete(v value, n pysyntax.Node) {
	for _, gone := range flatten(v) {
		if gone.kind == object {
			if x.deletes == nil {
				x.deletes = map[string]deletion{}
			}
			key := deletePrefix + strconv.Itoa(int(n))
			x.deletes[key], x.rekeys = deletion{gone.class, n}, true
			x.env[key] = one(x.a.t.flag(false))
			return
		}
	}
}

// flushDeletes notes that a session was flushed.
func (x *interp) flushDeletes() {
	for key := range x.deletes {
		if _, here := x.env[key]; here {
			x.env[key] = one(x.a.t.flag(true))
		}
	}
}

// losing are the relationships of a class that go by a key of another, of which an object was deleted.
func (x *interp) losing(owner, gone *pymodule.Class) []string {
	var out []string
	for _, r := range x.a.ix.All(owner) {
		if owner != gone && !r.ForeignKeyHere && r.Target != nil && r.Lazy.Held() && x.a.related(r.Target, gone) {
			out = append(out, r.Name)
		}
	}
	return out
}

// isDelete reports whether a node is a call of session.delete().
func isDelete(t *pysyntax.Tree, n pysyntax.Node) bool {
	fn := t.Child(n, pysyntax.FieldFunction)
	return t.Kind(n) == pysyntax.Call && t.Text(t.Child(fn, pysyntax.FieldAttribute)) == "delete"
}

// forgetChanges is what has all loaded anew that a query gives again: session.expire(order), expire_all(), close().
func (x *interp) forgetChanges() {
	x.rekeys = false
	for key := range x.deletes {
		delete(x.env, key)
	}
}
