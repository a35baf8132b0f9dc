package loadflow

import (
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/lazyfix/lazyfix/rewrite/internal/pysyntax"
)

// A query whose result nobody takes fills the objects at hand:
//
//	orders = await find(session, keys)
//	await session.execute(insert(Item), items)
//	await session.execute(select(Order).where(Order.id.in_([o.id for o in orders])).options(selectinload(Order.items)))
//	orders[0].items
//
// So what its options load is loaded of them, as a refresh does. An option at the first query would have the second leave a
// collection as it was (measured on 2.0 and 2.1): what was inserted between would be missing, without an error. That they are the
// same is told by the keys, as in populate_existing.go.

// preload is a call of a session that executes a statement.
func (x *interp) preload(call pysyntax.Node, gives value) value {
	t := x.t
	if up := t.Parent(call); x.u.key.fn == nil || t.Kind(up) != pysyntax.Await || t.Kind(t.Parent(up)) != pysyntax.ExpressionStatement {
		return gives
	}
	for _, b := range flatten(gives) {
		if !isQueried(b) || b.origin.site.Module != x.m {
			continue
		}
		names := loadedNames(b.origin.opts)
		if len(names) == 0 {
			continue
		}
		keys := append(x.keysIn(call), x.keysIn(x.chainOf(b.origin.site.Node))...)
		for _, key := range keys {
			root, _, _ := strings.Cut(key, ".")
			if i := x.u.key.fn.ParamIndex(root); i >= 0 {
				x.out.notePreloaded(i, strings.Join(names, ","))
			}
		}
		x.loadAt(call, names, func(a *atom, holder string) bool {
			name := strings.TrimSuffix(holder, EachOf)
			return a.class == b.class && slices.ContainsFunc(keys, func(key string) bool {
				root, _, _ := strings.Cut(key, ".")
				return root == name || x.gotBy(name, key)
			})
		})
	}
	return gives
}

// notePreloaded notes what is loaded of what a parameter brings.
func (out *outcome) notePreloaded(i int, names string) {
	if out.preloaded == nil {
		out.preloaded = map[int]string{}
	}
	out.preloaded[i] = bothSets(out.preloaded[i], names)
}

// loadAt has objects be as a refresh with names of relationships leaves them.
func (x *interp) loadAt(call pysyntax.Node, names []string, of func(a *atom, holder string) bool) {
	x.transform(func(a *atom, holder string) *atom {
		first, _, _ := strings.Cut(names[0], ".")
		if x.a.ix.Relationship(a.class, first) == nil || !of(a, holder) || a.origin.kind == fromRefresh && a.origin.mod == x.m && a.origin.node == call {
			return a
		}
		return x.a.t.object(a.class, x.a.t.refreshOrigin(byQuery, x.m, call, names, a.origin, a.path), nil)
	})
}

// behindLoad follows a read of an object of which something else than a refresh loaded attributes: nothing is missing of those, and
// the rest is asked of the query before. What goes on behind the options of a later query is for a person: asked of the first, it
// would keep the later one from filling the collection on the way.
func (p *propagation) behindLoad(w *wanted, o *origin) {
	switch n := loadedSteps(o, w.path); {
	case n == w.path.len() && !w.life.drop:
		p.covers(w)
	case n > 0 && o.by == byAwait && !w.life.drop && p.comesAlong(w, n):
		w.life.along = true
		p.onward(w, &wanted{origin: o.inner}, o.prefix)
	case n == 0 || o.by == byAwait || w.life.drop:
		p.onward(w, &wanted{origin: o.inner}, o.prefix)
	default:
		if p.decide(w); p.modelsLoad(w.path.steps()[n:]) {
			return
		}
		p.hold(w, o.mod, o.node, "is read behind what a later query loads of the object", false)
		line := strconv.Itoa(o.mod.Tree.Line(o.node))
		p.undecided(w, nil, "it stands behind what "+o.mod.Path+":"+line+" loads of the object later", "load it there, too")
	}
}

// loadedNames are the paths that options load, each with those on the way: "items", "items.product".
func loadedNames(o *optionSet) []string {
	var out []string
	for _, a := range o.atoms() {
		if a.kind != option || a.opt.path == nil {
			continue
		}
		path := ""
		for _, s := range a.opt.path.steps() {
			path = strings.TrimPrefix(path+"."+s.rel.Name, ".")
			out = append(out, path)
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// preloadArguments has what a called function loads of its arguments be loaded of the objects here.
func (x *interp) preloadArguments(preloaded map[int]string, bound []value, n pysyntax.Node) {
	if len(preloaded) == 0 || x.t.Kind(n) != pysyntax.Call || !x.awaited(n) {
		return
	}
	for _, i := range slices.Sorted(maps.Keys(preloaded)) {
		if i >= len(bound) {
			continue
		}
		given := flatten(bound[i])
		x.loadAt(n, strings.Split(preloaded[i], ","), func(a *atom, _ string) bool { return slices.ContainsFunc(given, a.sameObject) })
	}
}
