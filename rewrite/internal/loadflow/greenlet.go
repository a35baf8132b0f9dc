package loadflow

import (
	"cmp"
	"slices"
	"strings"

	"github.com/lazyfix/lazyfix/rewrite/internal/mapper"
	"github.com/lazyfix/lazyfix/rewrite/internal/pymodule"
	"github.com/lazyfix/lazyfix/rewrite/internal/pysyntax"
)

// In the greenlet that SQLAlchemy's asyncio sessions run what is synchronous in, a relationship loads itself. A program gets
// there by awaitable_attrs, run_sync(), greenlet_spawn(), or a field of async-sqlmodel:
//
//	await greenlet_spawn(getattr, order, "items")
//
// and often by something of its own around that: a method that is given the name, an object whose __getattr__ is. The query
// is asked to load such reads like others, but today they work, so that whoever gives the relationship a strategy that
// raises must know of them.

// Awaited is a relationship that is read in the greenlet.
type Awaited struct {
	Rel    *mapper.Relationship
	Module *pymodule.Module
	Node   pysyntax.Node
	What   string // "reads it by greenlet_spawn()"
	// Called: by code that the greenlet runs, which is no matter where its query loads it.
	Called bool
	// Uncovered is of which object it is read that no query is asked for, "" where there is none; ByTest where only tests pass such a one,
	// Unfollowed where no way of it was followed.
	Uncovered          string
	ByTest, Unfollowed bool
	Unnamed            bool // of a name that only running code knows

	id string // of the read, "" where it is of any attribute
}

// opaqueRead is a read of an object, of an attribute that only running code knows.
type opaqueRead struct {
	class    *pymodule.Class
	node     pysyntax.Node
	awaiting string // what it loads by: see read
	all      bool   // all attributes of some kind are read, one after the other: see reflected.go
}

const (
	spawns     = "greenlet_spawn"
	awaitables = "awaitable_attrs"
)

// spawned is greenlet_spawn(f, ...): a call of f, in the greenlet.
func spawned(x *interp, args *arguments, n pysyntax.Node) value {
	if len(args.pos) == 0 {
		return nil
	}
	rest := *args
	rest.pos, rest.posNodes = args.pos[1:], args.posNodes[min(1, len(args.posNodes)):]
	outer := x.awaiting
	x.awaiting = spawns + "()"
	defer func() { x.awaiting = outer }()
	switch f := args.node(0, ""); x.t.Kind(f) {
	case pysyntax.Lambda:
		return x.apply(f, rest.pos)
	case pysyntax.Identifier:
		if v, ok := x.builtin(n, x.t.Text(f), &rest); ok {
			return v
		}
	case pysyntax.Attribute: // OrderOut.model_validate
		if v, ok := x.schemaCall(x.quiet(x.t.Child(f, pysyntax.FieldObject)), x.t.Text(x.t.Child(f, pysyntax.FieldAttribute)), &rest, n); ok {
			return v
		}
	}
	return x.callValue(args.pos[0], &rest, n)
}

// opaqueAttribute is getattr(owner, name) of a name that nothing says.
func (x *interp) opaqueAttribute(owner value, all bool, at pysyntax.Node) {
	by := x.awaiting
	if by == "" && getsAwaitable(x.t, at) {
		by = awaitables
	}
	for _, a := range flatten(owner) {
		if a.kind == object {
			x.out.opaque = append(x.out.opaque, opaqueRead{a.class, at, by, all && mayLackRelationships(a)})
		}
	}
}

// awaitableField is a field of async-sqlmodel: awt_team: Awaitable[Team] = AwaitableField(field="team").
func (x *interp) awaitableField(a *atom, v *pymodule.Variable, at pysyntax.Node) (value, bool) {
	name := AwaitableField(x.a.g, v)
	if name == "" {
		return nil, false
	}
	outer := x.awaiting
	x.awaiting = v.Name
	defer func() { x.awaiting = outer }()
	return x.member(one(a), name, at), true
}

// AwaitableField is the name of what an AwaitableField() of async-sqlmodel loads, "" for any other field.
func AwaitableField(g *pymodule.Graph, v *pymodule.Variable) string {
	t := v.Module.Tree
	if t.Kind(v.Value) != pysyntax.Call || t.Keyword(v.Value, "field") == pysyntax.Nil {
		return ""
	}
	name, _ := pymodule.DottedName(t, t.Child(v.Value, pysyntax.FieldFunction))
	external := g.ResolveIn(v.Module, v.Class, nil, name).External
	if !strings.HasPrefix(external, "async_sqlmodel.") || pymodule.Last(external) != "AwaitableField" {
		return ""
	}
	return pymodule.StringValue(t, t.Keyword(v.Value, "field"))
}

// attributeByMethod is an attribute that a class of the program makes by its __getattr__, since it has no other: one of what the name
// is handed on to (delegated.go), else what __getattr__ gives that is told the name. Of a mapped class it is looked for only where its
// name says that it may lead to a relationship, with or without what the method takes off it: what a library's base gives it is not known.
func (x *interp) attributeByMethod(a *atom, name string, at pysyntax.Node) value {
	f := x.method(a.class, "__getattr__")
	if f == nil || len(f.Params) < 2 || x.setsOwn(a.class, name) {
		return nil
	}
	within := func(r *mapper.Relationship) bool { return strings.Contains(name, r.Name) }
	var out value
	switch {
	case len(x.a.named[name]) > 0 || slices.ContainsFunc(x.a.ix.All(a.class), within) || x.stripsToRead(f, name):
	case a.kind != instance || strings.HasPrefix(name, "__"):
		return nil
	case !tellsFunction(f):
		out = x.delegated(a, name, at)
		if (len(out) > 0 || forwardsAny(f)) && !x.a.usesOf(f)[1].picks {
			return out
		}
	}
	return join(out, x.callMethods(a.class, f, one(a), &arguments{pos: []value{one(x.a.t.word(name))}}, at))
}

// tellsFunction reports whether a __getattr__ has a lambda or a function in it that looks at the name, or at what it got by it, and
// does more than to forward calls to that.
func tellsFunction(f *pymodule.Function) bool {
	t := f.Module.Tree
	got := namesGot(t, f)
	for n := range t.Within(f.Body) {
		if !t.Is(n, pysyntax.Lambda, pysyntax.FunctionDefinition) || forwarding(t, n, f) {
			continue
		}
		if t.Names(n, f.Params[1].Name) || slices.ContainsFunc(got, func(name string) bool { return t.Names(n, name) }) {
			return true
		}
	}
	return false
}

// setsOwn reports whether a class sets an attribute of its instances somewhere, to whatever that is.
func (x *interp) setsOwn(c *pymodule.Class, name string) bool {
	for base := range x.a.g.Lineage(c) {
		for range assignments(base.Module.Tree, base.Node, "self."+name) {
			return true
		}
	}
	return false
}

// runsSync reports whether a call, or a read of a property, is run in the greenlet.
func runsSync(e *edge) bool {
	t := e.mod.Tree
	switch t.Kind(e.node) {
	case pysyntax.Call:
		return spawnsIn(t, e.node) != ""
	case pysyntax.Attribute:
		return isAwaitable(t, e.node)
	}
	return false
}

// spawnsIn is what a call runs its first argument in the greenlet by, "" for any other call.
func spawnsIn(t *pysyntax.Tree, call pysyntax.Node) string {
	fn := t.Child(call, pysyntax.FieldFunction)
	switch name := pymodule.Last(t.Text(fn)); {
	case name == spawns, name == "run_sync" && t.Kind(fn) == pysyntax.Attribute && !isThread(t, fn):
		return name + "()"
	}
	return ""
}

// isThread reports whether a function is anyio.to_thread.run_sync, which runs what it gets in a thread, and in no greenlet.
func isThread(t *pysyntax.Tree, fn pysyntax.Node) bool {
	return pymodule.Last(t.Text(t.Child(fn, pysyntax.FieldObject))) == "to_thread"
}

// isAwaitable reports whether an attribute is one of awaitable_attrs, which loads.
func isAwaitable(t *pysyntax.Tree, n pysyntax.Node) bool {
	return strings.HasSuffix(t.Text(t.Child(n, pysyntax.FieldObject)), "."+awaitables)
}

// getsAwaitable is getattr(order.awaitable_attrs, name).
func getsAwaitable(t *pysyntax.Tree, n pysyntax.Node) bool {
	return t.Kind(n) == pysyntax.Call && t.Text(t.Child(n, pysyntax.FieldFunction)) == "getattr" &&
		strings.HasSuffix(t.Text(t.First(t.Child(n, pysyntax.FieldArguments))), "."+awaitables)
}

// awaits is what a read loads by, as it runs in the greenlet: "" for others.
func awaits(r *read) string {
	switch {
	case r.awaiting != "":
		return r.awaiting
	case isAwaitable(r.mod.Tree, r.node), getsAwaitable(r.mod.Tree, r.node):
		return awaitables
	}
	return spawnsAround(r.mod.Tree, r.node)
}

// spawnsAround is what runs the lambda or the inner function around a node in the greenlet, "" where nothing does.
func spawnsAround(t *pysyntax.Tree, n pysyntax.Node) string {
	for {
		n = t.Enclosing(n, pysyntax.Lambda, pysyntax.FunctionDefinition)
		if n == pysyntax.Nil {
			return ""
		}
		if list := t.Parent(n); t.Kind(list) == pysyntax.ArgumentList && t.First(list) == n {
			if by := spawnsIn(t, t.Parent(list)); by != "" {
				return by
			}
		}
		if t.Kind(n) == pysyntax.FunctionDefinition {
			if by := spawnsInner(t, n); by != "" {
				return by
			}
		}
	}
}

// spawnsInner is what runs a function in the greenlet that stands in another one.
func spawnsInner(t *pysyntax.Tree, f pysyntax.Node) string {
	outer := t.Enclosing(f, pysyntax.FunctionDefinition)
	if text := t.Text(outer); !strings.Contains(text, spawns) && !strings.Contains(text, "run_sync") {
		return ""
	}
	name := t.Text(t.Child(f, pysyntax.FieldName))
	for n := range t.Within(outer) {
		if t.Kind(n) == pysyntax.Call && t.Text(t.First(t.Child(n, pysyntax.FieldArguments))) == name {
			if by := spawnsIn(t, n); by != "" {
				return by
			}
		}
	}
	return ""
}

// awaitedRead notes a read that the greenlet does itself, or a function that stands where it is handed over.
func (p *propagation) awaitedRead(r *read) {
	if by := awaits(r); by != "" {
		p.awaited = append(p.awaited, Awaited{
			Rel: r.path.rel, Module: r.mod, Node: r.node, What: "reads it by " + by, Called: spawnsAround(r.mod.Tree, r.node) != "", id: readID(r),
		})
	}
}

// opaqueReads are the reads of a unit that are of some attribute, with what they load by.
func (p *propagation) opaqueReads(u *unit) []opaqueRead {
	if len(u.out.opaque) == 0 || p.forItself(u) {
		return nil
	}
	by := ""
	callers := p.a.callers[u.key.id]
	for _, id := range sortedKeys(callers) {
		for _, e := range callers[id] {
			by = cmp.Or(by, spawnsIn(e.mod.Tree, e.node), spawnsAround(e.mod.Tree, e.node))
		}
	}
	var out []opaqueRead
	for _, o := range u.out.opaque {
		o.awaiting = cmp.Or(o.awaiting, spawnsAround(u.key.mod.Tree, o.node), by)
		if (o.awaiting != "" || o.all) && len(p.a.ix.All(o.class)) > 0 {
			out = append(out, o)
		}
	}
	return out
}

// opaqueBlind says of these that what they read is not seen.
func (p *propagation) opaqueBlind(u *unit) []*blind {
	var out []*blind
	for _, o := range p.opaqueReads(u) {
		if o.awaiting == "" {
			by := "getattr()"
			if u.key.mod.Tree.Kind(o.node) == pysyntax.Attribute {
				by = ".value"
			}
			out = append(out, &blind{
				u.key.mod, o.node, by + " reads relationships that its mapper lists",
				"load where the object is queried what it needs, or read only what is loaded: name not in inspect(order).unloaded", o.class,
			})
			continue
		}
		out = append(out, &blind{
			u.key.mod, o.node, o.awaiting + " reads an attribute of a name that only running code knows",
			"spell the name where it is awaited, or load what it may be where the object is queried: until then no relationship of such an object gets another lazy=", o.class,
		})
	}
	return out
}

// awaitedCall notes a read in what the greenlet calls.
func (p *propagation) awaitedCall(w *wanted) {
	r := w.read
	p.awaited = append(p.awaited, Awaited{Rel: r.path.rel, Module: r.mod, Node: r.node, What: "reads it, run in the greenlet", Called: true, id: readID(r)})
}

// allAwaited are all of these, sorted, with the relationships of objects of which any may be read.
func (p *propagation) allAwaited(ids []string) []Awaited {
	p.uncoveredReads()
	for _, id := range ids {
		u := p.a.units[id]
		for _, o := range p.opaqueReads(u) {
			if o.awaiting == "" {
				continue
			}
			for _, c := range p.a.g.Family(o.class) {
				for _, r := range p.a.ix.All(c) {
					p.awaited = append(p.awaited, Awaited{
						Rel: r, Module: u.key.mod, Node: o.node, What: "may read it by " + o.awaiting + ", of a name that only running code knows",
						Unnamed: true,
					})
				}
			}
		}
	}
	slices.SortStableFunc(p.awaited, func(a, b Awaited) int {
		x, y := Hop{Module: a.Module, Node: a.Node}, Hop{Module: b.Module, Node: b.Node}
		switch {
		case lessHop(x, y):
			return -1
		case lessHop(y, x):
			return 1
		}
		return strings.Compare(a.What, b.What)
	})
	return p.awaited
}
