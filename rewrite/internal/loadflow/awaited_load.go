package loadflow

import (
	"maps"
	"slices"
	"strings"

	"github.com/lazyfix/lazyfix/rewrite/internal/mapper"
	"github.com/lazyfix/lazyfix/rewrite/internal/pymodule"
	"github.com/lazyfix/lazyfix/rewrite/internal/pysyntax"
)

// What is awaited by awaitable_attrs is loaded from there on, as by a refresh with its name:
//
//	async def load(order: Order) -> None:
//	    await order.awaitable_attrs.items  # or session.refresh(order, ["items"])
//
//	await load(order)
//	order.items
//
// Neither read asks the query for anything: an option there would answer with what was loaded before something was added, and is
// one query more where the flag for the load is off. What is read behind it is asked of the query, along with it (follow.go): it
// has no other place. Of a name that the call spells: of a list only in the loop over it. A function counts where it loads on all
// its ways, in the context of the flags that it is called with. Where the relationship comes to raise (Settings.AwaitedRaises), what is
// awaited raises, too, and is a read like any other. A commit behind it drops what it loaded (life.drop).

// loadsItself reports whether a read loads whatever the query does: by awaitable_attrs, of what does not raise.
func (r *read) loadsItself() bool {
	return r.awaiting == "" && (isAwaitable(r.mod.Tree, r.node) || getsAwaitable(r.mod.Tree, r.node)) && r.path.rel.Lazy == mapper.Select && spawnsAround(r.mod.Tree, r.node) == ""
}

// awaitedAttribute is `await order.awaitable_attrs.items`.
func (x *interp) awaitedAttribute(n pysyntax.Node) {
	t := x.t
	if t.Kind(n) != pysyntax.Attribute || !isAwaitable(t, n) {
		return
	}
	of := t.Child(t.Child(n, pysyntax.FieldObject), pysyntax.FieldObject)
	x.awaitedLoad(of, []string{t.Text(t.Child(n, pysyntax.FieldAttribute))}, n)
}

// awaitedLoad has what an expression names be loaded.
func (x *interp) awaitedLoad(of pysyntax.Node, names []string, at pysyntax.Node) {
	holder, under := x.heldAt(of)
	if holder == "" {
		return
	}
	var out []*atom
	for _, a := range x.env[holder] {
		if a.kind == object {
			a = x.loadedAt(a, under, names, at)
		}
		out = append(out, a)
	}
	x.env[holder] = valueOf(out)
}

// heldAt is the key under which the environment has what an expression names, and from there on the way, "customer."; no key where
// it names nothing that is there.
func (x *interp) heldAt(n pysyntax.Node) (holder, under string) {
	holder, dotted := pymodule.DottedName(x.t, n)
	if _, local := x.env[holder]; dotted && !local {
		var rest string
		if holder, rest, _ = strings.Cut(holder, "."); rest != "" {
			under = rest + "."
		}
	}
	if _, local := x.env[holder]; !local {
		return "", ""
	}
	return holder, under
}

// loadedAt is an object after some relationships of it were awaited. Of several that are awaited one after the other it is one
// origin: else it would grow in a loop.
func (x *interp) loadedAt(a *atom, under string, names []string, at pysyntax.Node) *atom {
	first, _, _ := strings.Cut(under+names[0], ".")
	if x.a.ix.Relationship(a.class, first) == nil {
		return a
	}
	loaded, inner, prefix, mod := []string(nil), a.origin, a.path, x.m
	if o := a.origin; a.path == nil && o.isAwaited() {
		loaded, inner, prefix, mod, at = slices.Clone(o.loaded), o.inner, o.prefix, o.mod, o.node
	}
	for _, name := range names {
		loaded = append(loaded, under+name)
	}
	slices.Sort(loaded)
	return x.a.t.object(a.class, x.a.t.refreshOrigin(byAwait, mod, at, slices.Compact(loaded), inner, prefix), nil)
}

// onlyAwaitsAttributes reports whether a block does nothing but await attributes, or that if a flag says so. Behind the handler of
// a try around it, `except AttributeError: pass`, an object that has the attribute has it loaded.
func (x *interp) onlyAwaitsAttributes(block pysyntax.Node) bool {
	t := x.t
	for s := range t.Children(block) {
		if t.Kind(s) == pysyntax.IfStatement && t.Kind(t.Child(s, pysyntax.FieldCondition)) == pysyntax.Identifier &&
			t.Child(s, pysyntax.FieldAlternative) == pysyntax.Nil && x.onlyAwaitsAttributes(t.Child(s, pysyntax.FieldConsequence)) {
			continue
		}
		await := t.First(s)
		if t.Kind(s) != pysyntax.ExpressionStatement || t.Kind(await) != pysyntax.Await || !isAwaitable(t, t.First(await)) {
			return false
		}
	}
	return true
}

// isAwaited reports whether attributes of an object were awaited.
func (o *origin) isAwaited() bool { return o.kind == fromRefresh && o.by == byAwait }

// leaveLoaded notes, where the function ends, what is loaded of what its parameters brought.
func (x *interp) leaveLoaded() {
	f := x.u.key.fn
	if f == nil || !f.Async || f.Generator {
		return
	}
	here := map[int]string{}
	for i, p := range f.Params {
		var names []string
		for k, a := range x.env[p.Name] {
			if loaded := a.loadedOf(x.u.key, i); k == 0 {
				names = slices.Clone(loaded)
			} else {
				names = slices.DeleteFunc(names, func(name string) bool { return !slices.Contains(loaded, name) })
			}
		}
		if len(names) > 0 {
			here[i] = strings.Join(names, ",")
		}
	}
	if x.ends++; x.ends > 1 {
		here = bothLoad(x.out.loads, here)
	}
	x.out.loads = here
}

// loadedOf is what was awaited, or refreshed by name, of an object that a parameter brought.
func (a *atom) loadedOf(u *unitKey, param int) []string {
	if a.kind != object || a.path != nil {
		return nil
	}
	o := a.origin
	if o.kind != fromRefresh || o.by == byQuery || o.prefix != nil || o.inner.kind != fromParam || o.inner.unit.id != u.id || o.inner.param != param {
		return nil
	}
	return o.loaded
}

// bothLoad is what both of two ways load of parameters.
func bothLoad(a, b map[int]string) map[int]string {
	out := map[int]string{}
	for i, names := range a {
		other := strings.Split(b[i], ",")
		if kept := slices.DeleteFunc(strings.Split(names, ","), func(name string) bool { return !slices.Contains(other, name) }); len(kept) > 0 {
			out[i] = strings.Join(kept, ",")
		}
	}
	return out
}

// loadArguments has what a called function loads of its arguments be loaded of what the call names there.
func (x *interp) loadArguments(loads map[int]string, f *pymodule.Function, n pysyntax.Node) {
	if len(loads) == 0 || x.t.Kind(n) != pysyntax.Call || !x.awaited(n) || x.a.overridden(f) {
		return
	}
	for _, i := range slices.Sorted(maps.Keys(loads)) {
		x.awaitedLoad(argumentOrSelf(x.t, f, i, n), strings.Split(loads[i], ","), n)
	}
}
