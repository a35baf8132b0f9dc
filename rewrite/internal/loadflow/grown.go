package loadflow

import (
	"maps"
	"regexp"
	"slices"

	"github.com/lazyfix/lazyfix/rewrite/internal/pymodule"
	"github.com/lazyfix/lazyfix/rewrite/internal/pysyntax"
)

// A function may fill a list, dictionary or queue of its caller's: await collect(session, orders). What it adds to its
// parameters is a part of what is known of it, as what it returns is.

// growArgument notes what is added to the container that a parameter brought.
func (x *interp) growArgument(param int, added value) {
	if added = useful(x.a.t.held(added)); len(added) == 0 {
		return
	}
	if x.out.grown == nil {
		x.out.grown = map[int]value{}
	}
	x.out.grown[param] = x.a.t.flat(join(x.out.grown[param], added))
}

// takesContainer reports whether a parameter may bring a container of the caller's, by its annotation or for lack of one.
func (x *interp) takesContainer(param int) bool {
	switch p := x.u.key.fn.Params[param]; {
	case x.u.key.isSelf(param):
		return false
	case p.Kind != pymodule.Plain && p.Kind != pymodule.KeywordOnly: // the caller has none of them
		return false
	case p.Annotation == pysyntax.Nil:
		return !IsSession(p.Name)
	default:
		return containerType.MatchString(x.t.Text(p.Annotation))
	}
}

// containerType is an annotation of something that its caller may be given more in.
var containerType = regexp.MustCompile(`(?i)(^|\W)(list|dict|set|defaultdict|ordereddict|mutable\w+|deque|\w*queue|counter)\b`)

// growArguments adds to the containers of this unit what a called function adds to its parameters. The call must be of the
// function itself: executor.submit(collect, orders) has its arguments elsewhere.
func (x *interp) growArguments(grown map[int]value, key *unitKey, bound []value, n pysyntax.Node) {
	if len(grown) == 0 || x.t.Kind(n) != pysyntax.Call || !x.names(x.t.Child(n, pysyntax.FieldFunction), key.fn) {
		return
	}
	for _, i := range slices.Sorted(maps.Keys(grown)) {
		added := x.substitute(grown[i], key, bound, n)
		holder := argumentFor(x.t, key.fn, i, n)
		if len(added) > 0 && mayContain(bound[i]) && (len(bound[i]) > 0 || len(x.env[holders(x.t.Text(holder))]) > 0) {
			x.grow(holder, func(old value) value { return x.a.t.flat(join(old, added)) })
		}
	}
}

// names reports whether an expression means a function, by its own name or by another.
func (x *interp) names(n pysyntax.Node, f *pymodule.Function) bool {
	return pymodule.Last(x.t.Text(n)) == f.Name ||
		slices.ContainsFunc(x.quiet(n), func(a *atom) bool { return a.kind == funcRef && a.fn == f })
}

// widenArguments adds to what a unit does to its parameters what it did before.
func (a *analysis) widenArguments(old, now map[int]value) map[int]value {
	for i, v := range old {
		if now == nil {
			now = map[int]value{}
		}
		now[i] = a.t.flat(join(v, now[i]))
	}
	return now
}
