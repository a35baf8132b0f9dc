package loadflow

import (
	"slices"
	"strings"

	"github.com/lazyfix/lazyfix/rewrite/internal/pysyntax"
)

// A query that populates existing objects and has no key that the function has a name for:
//
//	await session.get(Order, 1, populate_existing=True)  # the row of order = await session.get(Order, 1)
//	await session.scalars(select(Order).execution_options(populate_existing=True))  # any row that the function holds
//
// Of a select() that compares with other values than names it is not asked which rows it gives. What it loads anew is so in its callers,
// too, up to who opens the session. Not seen: a key that is spelled in one function, for a row that is held in another.

// anyRow stands for no parameter: whatever rows are held.
const anyRow = -1

// spelledKeys are the values that a get() of b spells.
func (x *interp) spelledKeys(call pysyntax.Node, b *atom) []string {
	if b.origin.site.Kind != GetSite {
		return nil
	}
	var out []string
	for arg := range x.t.Children(x.t.Child(call, pysyntax.FieldArguments)) {
		if v := x.t.ArgumentValue(arg); x.t.Is(v, pysyntax.Integer, pysyntax.String, pysyntax.Tuple, pysyntax.Dictionary) {
			out = append(out, x.t.Text(v))
		}
	}
	return out
}

// saysWhichRow reports whether a name of the function is one that rows may be chosen by: no session, whose method is called, and no
// statement.
func (x *interp) saysWhichRow(call pysyntax.Node, key string) bool {
	root, _, _ := strings.Cut(key, ".")
	return key != x.t.Text(x.t.Child(call, pysyntax.FieldFunction)) && !IsSession(root) && !slices.ContainsFunc(x.env[root], func(a *atom) bool { return a.kind == statement })
}

// populateAll has all objects of b's class that the function holds be b as well, and those in its lists.
func (x *interp) populateAll(call pysyntax.Node, b *atom) {
	if !opensSession(x.u.key.fn) {
		if x.out.populated == nil {
			x.out.populated = map[int]value{}
		}
		x.out.populated[anyRow] = join(x.out.populated[anyRow], one(b))
	}
	held := func(name string, a *atom) bool {
		return a.kind == object && a.class == b.class && x.isPopulated(a, b) && x.inSession(call, name, a)
	}
	for _, name := range sortedKeys(x.env) {
		for _, a := range x.env[name] {
			switch {
			case held(name, a):
				x.env[name] = join(x.env[name], one(b))
			case a.kind == collection && slices.ContainsFunc(a.elem, func(e *atom) bool { return held(name, e) }):
				x.env[name] = join(x.env[name], x.a.t.collection(one(b)))
			}
		}
	}
}

// populateHeld has what this unit holds be what a called function loaded anew of any row.
func (x *interp) populateHeld(rows value, key *unitKey, bound []value, call pysyntax.Node) {
	if len(rows) == 0 || x.u.key.fn == nil || x.t.Kind(call) != pysyntax.Call {
		return
	}
	for _, b := range x.substitute(rows, key, bound, call) {
		if isQueried(b) {
			x.populateAll(call, b)
		}
	}
}
