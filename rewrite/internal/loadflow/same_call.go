package loadflow

import (
	"slices"

	"github.com/lazyfix/lazyfix/rewrite/internal/pymodule"
	"github.com/lazyfix/lazyfix/rewrite/internal/pysyntax"
)

// One call is met many times: in each pass of a loop, and for each of the classes that its receiver may be, which have
// subclasses in common. What it gives for the same arguments is the same within one interpretation, and its callee need be
// told once.

// callAt is a call of one unit.
type callAt struct {
	unit *unit
	node pysyntax.Node
}

// gave is what a call gave, and for what.
type gave struct {
	bound []value
	ret   value
}

// maxGave bounds what is kept of one call: to look through more takes longer than to go through the result again.
const maxGave = 32

// substituteOnce is substitute of what a unit returns.
func (x *interp) substituteOnce(u *unit, bound []value, n pysyntax.Node) value {
	if !slices.ContainsFunc(u.out.ret, func(a *atom) bool { return a.symbolic.by(u.key.id) }) {
		return u.out.ret
	}
	at := callAt{u, n}
	for _, g := range x.gaveBefore[at] {
		if slices.EqualFunc(g.bound, bound, same) {
			return g.ret
		}
	}
	ret := x.substitute(u.out.ret, u.key, bound, n)
	if x.gaveBefore == nil {
		x.gaveBefore = map[callAt][]gave{}
	}
	if len(x.gaveBefore[at]) < maxGave {
		x.gaveBefore[at] = append(x.gaveBefore[at], gave{bound, ret})
	}
	return ret
}

// withoutRepeated are calls without those that pass the same to the same once more. They are left out at the end: before, the
// interpretation counts by them what a statement calls (see raisesHere).
func withoutRepeated(edges []*edge) []*edge {
	type place struct {
		callee    string
		mod       *pymodule.Module
		node      pysyntax.Node
		framework bool
	}
	seen := map[place][]*edge{}
	out := edges[:0]
	for _, e := range edges {
		at := place{e.callee.id, e.mod, e.node, e.framework}
		i := slices.IndexFunc(seen[at], func(o *edge) bool { return o.text == e.text && slices.EqualFunc(o.args, e.args, same) })
		if i >= 0 {
			o := seen[at][i]
			if o.tooMany == nil {
				o.tooMany = e.tooMany
			}
			if e.by != nil && (o.by == nil || isBound(e.by)) {
				o.by = e.by
			}
			continue
		}
		seen[at] = append(seen[at], e)
		out = append(out, e)
	}
	return out
}
