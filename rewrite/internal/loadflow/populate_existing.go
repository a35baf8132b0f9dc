package loadflow

import (
	"bytes"
	"maps"
	"slices"
	"strings"

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
// that goes further than by calls is not followed, nor what the second query's options load anew.

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
		if !isQueried(b) || b.origin.site.Module != x.m || !b.origin.site.populatesExisting() {
			continue
		}
		query := b.origin.site.Node
		for x.t.Is(x.t.Parent(query), pysyntax.Attribute, pysyntax.Call) {
			query = x.t.Parent(query)
		}
		for _, key := range append(x.keysIn(call), x.keysIn(query)...) {
			x.populate(key, b)
		}
	}
	return gives
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

// populate has the objects of b's class that are of a key be b as well, and notes of which parameter the key is.
func (x *interp) populate(key string, b *atom) {
	root := strings.TrimSuffix(key, ".id")
	if i := x.u.key.fn.ParamIndex(root); i >= 0 {
		if x.out.populated == nil {
			x.out.populated = map[int]value{}
		}
		x.out.populated[i] = join(x.out.populated[i], one(b))
	}
	for _, name := range sortedKeys(x.env) {
		if name != root && !x.gotBy(name, key) {
			continue
		}
		if slices.ContainsFunc(x.env[name], func(a *atom) bool { return x.isPopulated(a, b) }) {
			x.env[name] = join(x.env[name], one(b))
		}
	}
}

// isPopulated reports whether an object was there before a query that gives b.
func (x *interp) isPopulated(a, b *atom) bool {
	if a.kind != object || a.class != b.class {
		return false
	}
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
	for n := range t.Within(x.u.key.fn.Body) {
		if t.Kind(n) != pysyntax.Assignment || t.Text(t.Child(n, pysyntax.FieldLeft)) != name {
			continue
		}
		call := t.Child(n, pysyntax.FieldRight)
		if t.Kind(call) == pysyntax.Await {
			call = t.First(call)
		}
		if t.Kind(call) == pysyntax.Call && such(call) {
			return true
		}
	}
	return false
}

// populateArguments has the objects of this unit whose keys a called function got be what it populated.
func (x *interp) populateArguments(populated map[int]value, key *unitKey, bound []value, n pysyntax.Node) {
	if len(populated) == 0 || x.u.key.fn == nil || x.t.Kind(n) != pysyntax.Call {
		return
	}
	for _, i := range slices.Sorted(maps.Keys(populated)) {
		name, dotted := pymodule.DottedName(x.t, x.argumentFor(key.fn, i, n))
		if !dotted {
			continue
		}
		for _, b := range x.substitute(populated[i], key, bound, n) {
			if isQueried(b) {
				x.populate(name, b)
			}
		}
	}
}
