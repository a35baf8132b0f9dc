package loadflow

import (
	"cmp"
	"slices"
	"strings"

	"github.com/lazyfix/lazyfix/rewrite/internal/pymodule"
	"github.com/lazyfix/lazyfix/rewrite/internal/pysyntax"
)

// saved is what a session did to an object that the program made or changed, up to now. It goes with the object, as the
// origin fromSave around the origin that the object had before: what was loaded or set is below it, and earlier.
//
// Only awaited calls count: in synchronous code what is unloaded loads itself. A flush that a query makes by itself
// (autoflush) does not count either, since a session may have it off.
type saved struct {
	added    bool // session.add: the next flush saves it
	flushed  bool // it has a row: what was not set is unloaded from here on (measured on 2.0 and 2.1)
	reloaded bool // by a plain refresh: what was set, or loaded by a refresh with names, is dropped
	changed  bool // columns were set: the next flush is an UPDATE
	updated  bool // by that flush: columns with an SQL onupdate are expired
	// computed are the columns that were set to an SQL expression, "count,deleted_at": expired by that flush, too.
	computed string
	expired  bool // by a rollback, or expire(): everything is
	// partly are the attributes that expire(order, ["total", "items"]) has expired, "total,items".
	partly   string
	detached bool // by expunge: the session does nothing to it any more

	holder  string // the name by which the function at the place knows the object, "" for none
	session string // the expression of the session there, "" when there is none that is known
	guard   int    // the parameter without which the function at the place does not flush, -1 for none
	// generic: the place is in code that serves several models, which the caller that makes it concrete replaces.
	generic bool
	// callee is the place in the called function, where the place is a call.
	callee *origin
}

func (s saved) id() string {
	var b strings.Builder
	for _, on := range []bool{s.added, s.flushed, s.reloaded, s.changed, s.updated, s.expired, s.detached, s.generic} {
		if on {
			b.WriteByte('1')
		} else {
			b.WriteByte('0')
		}
	}
	b.WriteString(s.computed + ";" + s.partly + ";" + s.holder + "," + s.session + "," + string(rune('a'+s.guard)))
	if s.callee != nil {
		b.WriteString(placeOf(s.callee))
	}
	return b.String()
}

func (t *table) saveOrigin(m *pymodule.Module, n pysyntax.Node, s saved, inner *origin, prefix *path) *origin {
	return t.saves.get(saveKey{placeKey{fromSave, m, n}, s, inner, prefix}, func() *origin {
		return t.origin(&origin{kind: fromSave, mod: m, node: n, saved: &s, inner: inner, prefix: prefix},
			"v"+placeID(m, n)+s.id()+"<"+inner.id+prefix.text()+">")
	})
}

// history is what sessions did to an object up to now, and where it came from at first.
func history(o *origin) (s saved, from originKind) {
	s.guard = -1
	found := false
	for {
		if o.kind == fromSave && !found {
			s, found = *o.saved, true
		}
		if o.inner == nil || o.prefix != nil {
			return s, o.kind
		}
		o = o.inner
	}
}

// sameObject reports whether two atoms are one object, at whatever time of its life: what a called function does to its
// argument first must not hide the argument from what it does then.
func (a *atom) sameObject(b *atom) bool {
	return a.kind == object && b.kind == object && a.class == b.class && a.path == b.path && unsaved(a.origin) == unsaved(b.origin)
}

// unsaved is where an object comes from, without what a session did to it.
func unsaved(o *origin) *origin {
	for o.kind == fromSave && o.prefix == nil && o.inner != nil {
		o = o.inner
	}
	return o
}

// sessionEvent is a call of a session that changes what is known of objects: add, flush, commit, a plain refresh,
// rollback, expunge.
func (x *interp) sessionEvent(name string, args *arguments, n pysyntax.Node) {
	fn := x.t.Child(n, pysyntax.FieldFunction)
	at := place{node: n, session: x.t.Text(x.t.Child(fn, pysyntax.FieldObject))}
	switch name {
	case "add", "add_all":
		x.add(args.get(0, "instance"), at.session)
	case "flush", "commit":
		if x.awaited(n) {
			x.flush(at, x.guard(n))
		}
	case "delete":
		if x.awaited(n) && x.holdsSession(x.t.Child(fn, pysyntax.FieldObject)) {
			x.delete(args.get(0, "instance"), n)
		}
	case "close": // which takes all objects out of the session, as they are
		if x.awaited(n) && x.holdsSession(x.t.Child(fn, pysyntax.FieldObject)) {
			x.forgetChanges()
			x.expunge(args, true, at)
		}
	case "expire", "expire_all":
		switch names := args.node(1, "attribute_names"); {
		case !x.holdsSession(x.t.Child(fn, pysyntax.FieldObject)):
		case names != pysyntax.Nil:
			x.expiredPartly(args.get(0, "instance"), names, at)
		default:
			x.forgetChanges()
			x.expired(name, args, at)
		}
	case "rollback":
		switch {
		case !x.awaited(n):
		case x.holdsSession(x.t.Child(fn, pysyntax.FieldObject)):
			x.rollback(at)
		default:
			x.rollbackNested(fn, n)
		}
	case "expunge", "expunge_all": // not awaited: AsyncSession only hands them on
		if x.holdsSession(x.t.Child(fn, pysyntax.FieldObject)) {
			x.expunge(args, name == "expunge_all", at)
		}
	case "refresh":
		if x.awaited(n) && args.node(1, "attribute_names") == pysyntax.Nil && !x.hasSplat(n) {
			x.reload(args.get(0, "instance"), at)
		}
	}
}

// savedByProtocol is a call of what only says how it is called, as class Committer(Protocol) does of commit(): a session is
// meant, by a name that has no refresh(). A producer or consumer of messages has such methods too, and no rollback().
func (x *interp) savedByProtocol(callee value, name string, n pysyntax.Node) {
	if name != "commit" && name != "flush" || !x.awaited(n) {
		return
	}
	for _, c := range callee {
		if c.kind != funcRef || !c.fn.IsStub() || c.fn.Class == nil || len(x.a.g.Subclasses(c.fn.Class)) > 0 ||
			c.fn.Class.Methods["rollback"] == nil && !strings.Contains(c.fn.Class.Name, "Commit") && !strings.Contains(c.fn.Class.Name, "Transaction") {
			return
		}
	}
	x.flush(place{node: n}, x.guard(n))
}

// beginTransaction notes that a block is one of session.begin(), begin_nested() or factory.begin(), whose end commits. Session
// is the name that the block gives to what call gives, "" without one.
func (x *interp) beginTransaction(with, call pysyntax.Node, session string) {
	t := x.t
	fn := t.Child(call, pysyntax.FieldFunction)
	if t.Kind(call) != pysyntax.Call || t.Kind(fn) != pysyntax.Attribute {
		return
	}
	receiver := t.Child(fn, pysyntax.FieldObject)
	switch t.Text(t.Child(fn, pysyntax.FieldAttribute)) {
	case "begin", "begin_nested":
	default:
		return
	}
	if session == "" {
		session = t.Text(receiver)
	}
	if x.holdsSession(receiver) || IsSession(session) { // not engine.begin()
		x.begun = append(x.begun, place{node: with, session: session})
	}
}

type place struct {
	node     pysyntax.Node
	session  string
	callee   *origin // where a decorator of the called function does it
	rollback bool    // of the end of a block: it rolls back
}

func (x *interp) awaited(n pysyntax.Node) bool { return x.t.Kind(x.t.Parent(n)) == pysyntax.Await }

func (x *interp) hasSplat(call pysyntax.Node) bool {
	for c := range x.t.Children(x.t.Child(call, pysyntax.FieldArguments)) {
		if x.t.Is(c, pysyntax.ListSplat, pysyntax.DictionarySplat) {
			return true
		}
	}
	return false
}

// guard is the parameter that an `if flush:` around a node asks for, -1 when there is none.
func (x *interp) guard(n pysyntax.Node) int {
	f := x.u.key.fn
	if f == nil {
		return -1
	}
	for up := x.t.Enclosing(n, pysyntax.IfStatement, pysyntax.FunctionDefinition); x.t.Kind(up) == pysyntax.IfStatement; {
		condition := x.t.Child(up, pysyntax.FieldCondition)
		if i := f.ParamIndex(x.t.Text(condition)); i >= 0 && x.t.Contains(x.t.Child(up, pysyntax.FieldConsequence), n) {
			return i
		}
		up = x.t.Enclosing(up, pysyntax.IfStatement, pysyntax.FunctionDefinition)
	}
	return -1
}

// transform replaces, in all that names hold here, the objects of which change knows something new.
func (x *interp) transform(change func(a *atom, holder string) *atom) {
	deep := x.changing("", change)
	for _, key := range sortedKeys(x.env) {
		if v, kept := x.env[key]; kept && !isOver(key) { // change may forget what was known of a holder's attributes
			x.env[key] = x.transformed(v, spelledAs(key), change, deep)
		}
	}
}

// changing rewrites by change what has one holder.
func (x *interp) changing(holder string, change func(a *atom, holder string) *atom) *rewriter {
	return &rewriter{t: x.a.t, replace: func(a *atom) []*atom {
		if a.kind != object || a.path != nil {
			return []*atom{a}
		}
		return []*atom{change(a, holder)}
	}}
}

// EachOf stands behind the name of a list, as a Holder of objects.
const EachOf = "[]"

// transformed is the value of one name: holder is how an object in it is spelled, also self.order; orders[] of a list's
// objects, "" of what is deeper, which one rewriter goes through for all names: they hold much of the same.
func (x *interp) transformed(v value, holder string, change func(a *atom, holder string) *atom, deep *rewriter) value {
	if !slices.ContainsFunc(v, func(a *atom) bool { return a.holds.change }) {
		return v
	}
	changed := func(v value, holder string) value { return x.changing(holder, change).value(v) }
	var out []*atom
	for _, a := range v {
		switch {
		case !a.holds.change:
			out = append(out, a)
		case a.kind == object:
			out = append(out, changed(one(a), holder)...)
		case a.kind == collection && !slices.ContainsFunc(a.elem, func(e *atom) bool { return e.kind != object || e.class != a.elem[0].class }):
			out = append(out, changed(one(a), holder+EachOf)...)
		case a.kind != instance:
			out = append(out, deep.value(one(a))...)
		default:
			entries, unchanged := slices.Clone(a.entries), true
			for i, e := range a.entries {
				entries[i].value = x.transformed(e.value, holder+"."+e.name, change, deep)
				unchanged = unchanged && same(e.value, entries[i].value)
			}
			if !unchanged {
				a = x.a.t.made(a.class, a.args, entries)
			}
			out = append(out, a)
		}
	}
	return valueOf(out)
}

// event is a with one more thing done to it: a as it is when that is too much to remember.
func (x *interp) event(a *atom, n pysyntax.Node, s saved) *atom {
	inner := a.origin
	if inner.kind == fromSave && inner.prefix == nil {
		inner = inner.inner
	} else if inner.nested() > maxChanges {
		return a
	}
	s.generic = !x.u.key.closed() || x.untyped(a.origin) || x.oneOfSeveral(a.origin)
	return x.a.t.object(a.class, x.a.t.saveOrigin(x.m, n, s, inner, nil), nil)
}

// noted is a with one more thing known of it that is no call of a session: where it was saved last stays the place where what it
// lacks can be loaded.
func (x *interp) noted(a *atom, s saved) *atom {
	if last := a.origin; last.kind == fromSave && last.prefix == nil && last.node != pysyntax.Nil {
		return x.a.t.object(a.class, x.a.t.saveOrigin(last.mod, last.node, s, last.inner, nil), nil)
	}
	return x.event(a, pysyntax.Nil, s)
}

// happened is the event whose place o has: o itself, or the last before it where o is only one more thing that is known (noted).
func (o *origin) happened() *origin {
	for at := o; at != nil; at = at.inner {
		if at.kind == fromSave && at.node != pysyntax.Nil {
			return at
		}
		if o.kind != fromSave || o.node != pysyntax.Nil {
			break
		}
	}
	return o
}

// untyped reports whether an object came in by a parameter that does not say its class: the callers know it.
func (x *interp) untyped(o *origin) bool {
	for o.inner != nil {
		o = o.inner
	}
	if o.kind != fromParam || o.unit.id != x.u.key.id {
		return false
	}
	p := x.u.key.fn.Params[o.param]
	return p.Annotation == pysyntax.Nil || !hasObject(x.annotation(p.Annotation, x.a.t.typeOrigin(x.m, p.Annotation)))
}

// oneOfSeveral reports whether an object is made here of whatever class comes in, self.model(**values), and more than one does.
func (x *interp) oneOfSeveral(o *origin) bool {
	o = o.first()
	f := x.u.key.fn
	return o.kind == fromNew && o.mod == x.m && f != nil && x.t.Contains(f.Node, o.node) && x.t.Kind(o.node) == pysyntax.Call &&
		x.mappedClasses(x.quiet(x.t.Child(o.node, pysyntax.FieldFunction))) > 1
}

// add is session.add(order), session.add_all(orders). Session is the expression of it, "" for none that is known.
func (x *interp) add(v value, session string) {
	x.out.effect.added |= x.parameters(v)
	given := flatten(v)
	x.joinAdded(given)
	if f := x.u.key.fn; f == nil || !f.Async { // what reads next flushes
		x.joinSaved()
	}
	x.transform(func(a *atom, _ string) *atom {
		if slices.ContainsFunc(given, a.sameObject) {
			return x.pending(a, session)
		}
		return a
	})
}

// pending is an object that the next flush saves; the object itself where it comes from a query.
func (x *interp) pending(a *atom, session string) *atom {
	s, from := history(a.origin)
	if !s.detached && (s.added || s.flushed) || from != fromNew && from != fromParam {
		return a
	}
	s.added, s.detached, s.session = true, false, session
	return x.event(a, pysyntax.Nil, s)
}

// flush is session.flush() or commit(): all that was added is saved.
func (x *interp) flush(at place, guard int) {
	e := &x.out.effect
	x.joinSaved()
	x.flushDeletes()
	x.forgetExpire(nil) // of what was changed since it loads all (measured on 2.1); the rest is not told apart
	e.saved |= e.added
	if guard < 0 {
		e.guard = 0
	} else if !e.flushes || e.guard != 0 {
		e.guard |= 1 << min(guard, 63)
	}
	e.flushes = true
	e.session = cmp.Or(e.session, at.session)
	x.transform(func(a *atom, holder string) *atom {
		s, from := history(a.origin)
		moved := isMoved(a.origin)
		switch {
		case s.detached || s.expired || !s.added && !s.flushed && !s.changed && !moved:
			return a
		case x.saysSessionOf(a) && x.otherSession(s.session, at.session):
			return a // measured: it is not in that one, which neither saves nor refreshes it
		case moved && from != fromNew && s.flushed && !s.changed && a.origin.kind == fromSave:
			return a // the first flush behind it is the place
		}
		s.updated = s.updated || s.changed && (s.flushed || from != fromNew)
		s.flushed, s.changed = s.flushed || s.added || moved, false
		if a.origin.kind != fromSave {
			s.reloaded = false // what was set since is kept
		}
		if !x.saysSessionOf(a) || !x.twoParameters(s.session, at.session) {
			s.session = at.session
		}
		s.holder, s.guard, s.callee = holder, guard, at.callee
		return x.event(a, at.node, s)
	})
}

// reload is a plain refresh of objects.
func (x *interp) reload(v value, at place) {
	x.out.effect.reloaded |= x.parameters(v)
	x.out.effect.session = cmp.Or(x.out.effect.session, at.session)
	given := flatten(v)
	for _, a := range given {
		x.refreshedRow(a, at.node)
	}
	x.transform(func(a *atom, holder string) *atom {
		s, from := history(a.origin)
		if from == fromType || !slices.ContainsFunc(given, a.sameObject) {
			return a
		}
		x.forgetAttributes(holder)
		return x.event(a, at.node, saved{added: s.added, flushed: true, reloaded: true, holder: holder, session: at.session, guard: -1})
	})
}

// expunge takes objects out of the session. A rollback or commit that comes later leaves them as they are.
func (x *interp) expunge(args *arguments, all bool, at place) {
	given := flatten(args.get(0, "instance"))
	x.transform(func(a *atom, holder string) *atom {
		s, _ := history(a.origin)
		if s.detached || !all && !slices.ContainsFunc(given, a.sameObject) || !x.inSession(at.node, holder, a) {
			return a
		}
		s.detached, s.holder, s.session, s.guard, s.callee = true, holder, at.session, -1, nil
		return x.event(a, at.node, s)
	})
}
