package loadflow

import (
	"bytes"
	"maps"
	"slices"
	"strings"

	"github.com/lazyfix/lazyfix/rewrite/internal/mapper"
	"github.com/lazyfix/lazyfix/rewrite/internal/pymodule"
	"github.com/lazyfix/lazyfix/rewrite/internal/pysyntax"
)

// A query that populates existing objects loads anew what the session holds. An object that was got before is the same one, and
// of its relationships it keeps what this query loads, nothing else (measured on 2.0 and 2.1):
//
//	user = await get_user(session, key)      # loads user.orders
//	await charge(session, user.id, 5)        # select(User)...with_for_update().execution_options(populate_existing=True)
//	return len(user.orders)                  # is not loaded
//
// So from there on the first is an object of the second query, too, and what is read of it is loaded there. That both are one row
// is told by the key: `user.id` or `user` in the query, or in the call that runs it, or the name that the first was got by. A key
// that goes further than by calls is not followed. What the second query's options load is loaded anew as well: an order, by
// charge(session, order.user_id), if that loads the user's orders.

// populatesSomewhere reports whether anything in a program populates existing objects.
func populatesSomewhere(g *pymodule.Graph) bool {
	return slices.ContainsFunc(g.Modules, func(m *pymodule.Module) bool {
		return bytes.Contains(m.Tree.Source(), []byte("populate_existing"))
	})
}

// populated is what a call of a session gives, which may have loaded anew what the session holds.
func (x *interp) populated(call pysyntax.Node, gives value) value {
	if !x.a.populates || x.u.key.fn == nil {
		return gives
	}
	for _, b := range flatten(gives) {
		if !isQueried(b) || b.origin.site.Module != x.m || !x.a.t.populatesExisting(b.origin.site) {
			continue
		}
		keys := append(x.keysIn(call), x.keysIn(x.chainOf(b.origin.site.Node))...)
		for _, key := range append(keys, x.spelledKeys(call, b)...) {
			x.populate(call, key, b)
		}
		if b.origin.site.Kind != GetSite && !slices.ContainsFunc(keys, func(key string) bool { return x.saysWhichRow(call, key) }) {
			x.populateAll(call, b)
		}
	}
	return gives
}

// chainOf is the whole of select(Order).where(...).options(...), of which a node is the call that it starts with.
func (x *interp) chainOf(n pysyntax.Node) pysyntax.Node {
	for x.t.Is(x.t.Parent(n), pysyntax.Attribute, pysyntax.Call) {
		n = x.t.Parent(n)
	}
	return n
}

// keysIn are the names in an expression that the function has for something that is no class or function, "user_id" and "user.id".
func (x *interp) keysIn(n pysyntax.Node) []string {
	var out []string
	for c := range x.t.Within(n) {
		if !x.t.Is(c, pysyntax.Identifier, pysyntax.Attribute) || x.t.Kind(x.t.Parent(c)) == pysyntax.Attribute {
			continue
		}
		if key, dotted := pymodule.DottedName(x.t, c); dotted {
			if root, _, _ := strings.Cut(key, "."); x.isLocal(root) {
				out = append(out, key)
			}
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// isLocal reports whether a name is one of the function's own.
func (x *interp) isLocal(name string) bool {
	_, local := x.env[name]
	return local || x.u.key.fn.ParamIndex(name) >= 0
}

// populate has the objects of b's class that are of a key be b as well, and notes of which parameter the key is. Those whose foreign
// key it is are loaded anew behind b, if its query loads them.
func (x *interp) populate(call pysyntax.Node, key string, b *atom) {
	root := strings.TrimSuffix(key, ".id")
	if i := x.u.key.fn.ParamIndex(root); i >= 0 {
		if x.out.populated == nil {
			x.out.populated = map[int]value{}
		}
		x.out.populated[i] = join(x.out.populated[i], one(b))
	}
	holder, column, _ := strings.Cut(key, ".")
	for _, name := range sortedKeys(x.env) {
		for _, a := range x.env[name] {
			switch {
			case a.kind != object || !x.isPopulated(a, b) || !x.inSession(call, name, a):
			case a.class == b.class && (name == root || x.gotBy(name, key)):
				x.env[name] = join(x.env[name], one(b))
			case name == holder && column != "":
				x.env[name] = join(x.env[name], x.loadedBehind(b, a, column, call))
			}
		}
	}
}

// loadedBehind is an object whose foreign key is that of b, as b's relationships lead back to it.
func (x *interp) loadedBehind(b, a *atom, column string, call pysyntax.Node) value {
	if !slices.ContainsFunc(x.a.byColumn(a.class, column), func(r *mapper.Relationship) bool { return r.Target == b.class }) {
		return nil
	}
	var out value
	for _, r := range x.a.ix.All(b.class) {
		if r.Target != a.class || !r.Lazy.Held() {
			continue
		}
		if p, ok := x.a.t.step(b.path, b.class, r); ok {
			if o := x.a.t.withGiven(b.origin, p, given{name: alongside, mod: x.m, node: call}); o != nil {
				out = join(out, one(x.a.t.object(a.class, o, nil)))
			}
		}
	}
	return out
}

// isPopulated reports whether an object was there before a query that gives b.
func (x *interp) isPopulated(a, b *atom) bool {
	s, from := history(a.origin)
	return !s.detached && from != fromType && a.origin.first().site != b.origin.site
}

// gotBy reports whether a name was given what a call gave that got a key.
func (x *interp) gotBy(name, key string) bool {
	return x.calledFor(name, func(call pysyntax.Node) bool {
		for arg := range x.t.Children(x.t.Child(call, pysyntax.FieldArguments)) {
			if v := x.t.ArgumentValue(arg); x.t.Text(v) == key && len(x.quiet(v)) == 0 {
				return true
			}
		}
		return false
	})
}

// calledFor reports whether a name of the function is given what such a call gives.
func (x *interp) calledFor(name string, such func(call pysyntax.Node) bool) bool {
	t := x.t
	if x.u.key.fn == nil {
		return false
	}
	if x.results == nil {
		x.results = map[string][]pysyntax.Node{}
		for n := range t.Within(x.u.key.fn.Body) {
			call := t.Child(n, pysyntax.FieldRight)
			if t.Kind(n) != pysyntax.Assignment {
				continue
			}
			if t.Kind(call) == pysyntax.Await {
				call = t.First(call)
			}
			if left := t.Text(t.Child(n, pysyntax.FieldLeft)); t.Kind(call) == pysyntax.Call {
				x.results[left] = append(x.results[left], call)
			}
		}
	}
	return slices.ContainsFunc(x.results[name], such)
}

// populateArguments has the objects of this unit whose keys a called function got be what it populated.
func (x *interp) populateArguments(populated map[int]value, key *unitKey, bound []value, n pysyntax.Node) {
	x.populateHeld(populated[anyRow], key, bound, n)
	x.eachOfKey(populated, key, bound, n, x.populate)
}

// eachOfKey visits what a called function said of the rows of which a parameter brings the key, with how the call at hand spells that.
func (x *interp) eachOfKey(said map[int]value, key *unitKey, bound []value, call pysyntax.Node, visit func(call pysyntax.Node, spelled string, b *atom)) {
	if len(said) == 0 || x.u.key.fn == nil || x.t.Kind(call) != pysyntax.Call {
		return
	}
	for _, i := range slices.Sorted(maps.Keys(said)) {
		if i == anyRow {
			continue
		}
		spelled, dotted := pymodule.DottedName(x.t, argumentFor(x.t, key.fn, i, call))
		if !dotted {
			continue
		}
		for _, b := range x.substitute(said[i], key, bound, call) {
			if isQueried(b) {
				visit(call, spelled, b)
			}
		}
	}
}
