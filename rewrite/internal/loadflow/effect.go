package loadflow

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"github.com/lazyfix/lazyfix/rewrite/internal/pymodule"
	"github.com/lazyfix/lazyfix/rewrite/internal/pysyntax"
)

// effect is what a call of a function does to the objects in its arguments, by the index of the parameter, and to all
// that its caller added before.
type effect struct {
	added    uint64 // it adds them
	saved    uint64 // it adds and flushes them
	reloaded uint64
	flushes  bool
	guard    uint64  // parameters one of which must be true for the flush, 0 for none
	session  string  // the expression of the session that flushes or refreshes
	sets     string  // what it sets, "0:owner,1?items,2!owner,2%3,4&total": the parameter, how (alwaysSet and the like) and the name
	changes  uint64  // it sets something of them
	writes   uint64  // it sets columns of them, or what sets one, which an UPDATE follows
	reads    string  // columns of them that it reads, as they came in: see expired_call.go
	undone   uint64  // where it raises, a savepoint of it is rolled back in which they were changed
	undoneAt *origin // which
	rollback
	thrown rollback // where it raises, classes of these names
	raises string
}

// How a function sets a relationship of an argument, or what else it sets.
const (
	alwaysSet, someSet = ":", ";" // on all of its ways, or on some (set_on_some.go)
	alwaysNew, someNew = "?", "/" // if the object has no row yet
	setsKey            = "!"      // its foreign key
	setsNamed          = "%"      // the columns that a parameter names: its index stands for the name
	setsComputed       = "&"      // a column, to an SQL expression

	anySet = alwaysSet + someSet + alwaysNew + someNew + setsKey + setsNamed + setsComputed
)

func (e effect) or(f effect) effect {
	if e.flushes && e.guard == 0 || f.flushes && f.guard == 0 {
		e.guard = 0
	} else {
		e.guard |= f.guard
	}
	return effect{
		e.added | f.added, e.saved | f.saved, e.reloaded | f.reloaded, e.flushes || f.flushes, e.guard, cmp.Or(e.session, f.session),
		bothSets(e.sets, f.sets), e.changes | f.changes, e.writes | f.writes, bothSets(e.reads, f.reads), e.undone | f.undone, cmp.Or(e.undoneAt, f.undoneAt), e.rollback.or(f.rollback), e.thrown.or(f.thrown), bothSets(e.raises, f.raises),
	}
}

// maxSets bounds the relationships that a call sets.
const maxSets = 16

func bothSets(a, b string) string {
	if a == "" || b == "" || a == b {
		return cmp.Or(a, b)
	}
	list := append(strings.Split(a, ","), strings.Split(b, ",")...)
	slices.Sort(list)
	list = slices.Compact(list)
	return strings.Join(list[:min(len(list), maxSets)], ",")
}

// noteSet notes that a relationship of an argument is set.
func (x *interp) noteSet(a *atom, name, how string) {
	bits := x.parameters(one(a))
	for i := range 64 {
		if bits&(1<<i) != 0 {
			x.out.effect.sets = bothSets(x.out.effect.sets, strconv.Itoa(i)+how+name)
			if onSome(how) != how {
				x.env[setKey(strconv.Itoa(i)+"."+name)] = nil
			}
		}
	}
}

// forgetSet forgets that keys of an argument were set, after a refresh with the names of the relationships.
func (x *interp) forgetSet(a *atom, names []string) {
	bits := x.parameters(one(a))
	list := strings.Split(x.out.effect.sets, ",")
	list = slices.DeleteFunc(list, func(set string) bool {
		i, name, found := strings.Cut(set, setsKey)
		n, _ := strconv.Atoi(i)
		return found && bits&(1<<n) != 0 && slices.Contains(names, name)
	})
	x.out.effect.sets = strings.Join(list, ",")
}

// eachSet goes through what a called function sets: how (see effect.sets), the name, and what the caller passed to the
// parameter.
func eachSet(sets string, args []value, do func(how, name string, passed []*atom)) {
	for _, set := range strings.Split(sets, ",") {
		at := strings.IndexAny(set, anySet)
		if at < 0 {
			return
		}
		if i, _ := strconv.Atoi(set[:at]); i < len(args) {
			do(set[at:at+1], set[at+1:], flatten(args[i]))
		}
	}
}

// rekeyArguments notes the keys that a called function sets of the caller's objects, and the columns that it computes.
func (x *interp) rekeyArguments(sets string, f *pymodule.Function, args []value, n pysyntax.Node) {
	eachSet(sets, args, func(how, name string, passed []*atom) {
		for _, a := range passed {
			switch {
			case a.kind != object:
			case how == setsKey:
				if x.a.ix.Relationship(a.class, name) != nil { // not of all that a self leads to
					x.rekey(a, name, change{sure: true, node: n})
					x.noteSet(a, name, how)
				}
			case how == setsNamed:
				param, _ := strconv.Atoi(name)
				x.nameArguments(a, f, param, n)
			case how == setsComputed:
				x.setColumnLater(a, name, true)
			}
		}
	})
}

// setArguments sets what a called function sets of the caller's new objects. To what is not kept.
func (x *interp) setArguments(sets string, args []value) {
	eachSet(sets, args, func(how, name string, passed []*atom) {
		if how == setsKey || how == setsNamed || how == setsComputed {
			return
		}
		x.transform(func(a *atom, _ string) *atom {
			_, from := history(a.origin)
			if from != fromNew || (how == alwaysNew || how == someNew) && !x.transient(a) || !slices.ContainsFunc(passed, a.sameObject) {
				return a
			}
			some := how == someSet || how == someNew
			if some && a.origin.sets(name) {
				return a
			}
			if o := x.a.t.withGiven(a.origin, nil, given{name: name, sometimes: some}); o != nil {
				return x.a.t.object(a.class, o, nil)
			}
			return a
		})
		for _, a := range passed {
			if a.kind == object && a.path == nil {
				x.noteSet(a, name, how)
			}
		}
	})
}

// parameters are those of this unit that objects in v come in by.
func (x *interp) parameters(v value) (bits uint64) {
	for _, a := range flatten(v) {
		if a.kind != object || a.path != nil {
			continue
		}
		for o := a.origin; o != nil && (o.prefix == nil || o.inner == nil); o = o.inner {
			if o.kind == fromParam && o.unit.id == x.u.key.id && o.param < 64 {
				bits |= 1 << o.param
			}
		}
	}
	return bits
}

// afterCall does to the objects of the caller what a called function does to its arguments.
func (x *interp) afterCall(e effect, f *pymodule.Function, args []value, n pysyntax.Node) {
	of := func(bits uint64) (v value) {
		for i := range args {
			if i < 64 && bits&(1<<i) != 0 {
				v = join(v, args[i])
			}
		}
		return v
	}
	x.readArguments(e.reads, args, n)
	if e.writes != 0 {
		x.writeArguments(of(e.writes))
	}
	if e.sets != "" {
		x.setArguments(e.sets, args)
		defer x.setArguments(e.sets, args) // what the call does else makes other objects of them
	}
	at := place{node: n, session: x.sessionHere(f, e.session, n)}
	if e.saved != 0 {
		x.add(of(e.saved), "")
	}
	if e.flushes {
		flushes, guard := e.guard == 0, -1
		for i := range f.Params {
			if i < 64 && e.guard&(1<<i) != 0 {
				on, own := x.truth(f, i, n)
				if flushes = flushes || on; on {
					guard = own
				}
			}
		}
		if flushes {
			x.flush(at, guard)
		}
	}
	if e.added&^e.saved != 0 {
		x.add(of(e.added&^e.saved), "")
	}
	if e.reloaded != 0 {
		x.reload(of(e.reloaded), at)
	}
	if e.changes|e.undone != 0 {
		x.changedBy(e, f, args, n)
	}
	if e.rolledBack != "" {
		x.rollbackBy(e.rollback, f, args, n)
	}
	if e.thrown.rolledBack != "" {
		x.thrownBy(e, f, args, n)
	}
}

// truth reports whether a call may give a parameter a true value, and by which parameter of its own function, if that is
// what decides.
func (x *interp) truth(f *pymodule.Function, param int, call pysyntax.Node) (on bool, own int) {
	if x.hasSplat(call) {
		return true, -1
	}
	given, tree := argumentFor(x.t, f, param, call), x.t
	own = -1
	if given == pysyntax.Nil {
		given, tree = f.Params[param].Default, f.Module.Tree
	} else if g := x.u.key.fn; g != nil && x.t.Kind(given) == pysyntax.Identifier {
		own = g.ParamIndex(x.t.Text(given))
	}
	return !tree.Is(given, pysyntax.False, pysyntax.None), own
}

// sessionHere is how the caller of a function speaks of the session that the function speaks of: self.session of a
// repository is repository.session, a parameter is its argument. "" when it has no name for it.
func (x *interp) sessionHere(f *pymodule.Function, session string, call pysyntax.Node) string {
	first, rest, more := strings.Cut(session, ".")
	if f == nil || session == "" || x.t.Kind(call) != pysyntax.Call {
		return ""
	}
	i := f.ParamIndex(first)
	if i < 0 {
		return ""
	}
	own := argumentOrSelf(x.t, f, i, call)
	name, dotted := pymodule.DottedName(x.t, own)
	switch {
	case x.t.Text(own) == "super()" && x.u.key.fn != nil && len(x.u.key.fn.Params) > 0:
		name = x.u.key.fn.Params[0].Name
	case !dotted || strings.HasPrefix(rest, "_") && name != "self":
		return ""
	}
	if more {
		name += "." + rest
	}
	return name
}

// argumentFor is the argument of a call for a parameter, Nil when it is not seen.
func argumentFor(t *pysyntax.Tree, f *pymodule.Function, param int, call pysyntax.Node) pysyntax.Node {
	p := f.Params[param]
	next := 0
	if isMethod(f) {
		next = 1
	}
	for c := range t.Children(t.Child(call, pysyntax.FieldArguments)) {
		switch t.Kind(c) {
		case pysyntax.KeywordArgument:
			if t.Text(t.Child(c, pysyntax.FieldName)) == p.Name {
				return t.Child(c, pysyntax.FieldValue)
			}
		case pysyntax.ListSplat, pysyntax.DictionarySplat:
		default:
			if next == param && p.Kind == pymodule.Plain {
				return c
			}
			next++
		}
	}
	return pysyntax.Nil
}

// argumentOrSelf is what a call passes for a parameter, self included, Nil when it is not seen.
func argumentOrSelf(t *pysyntax.Tree, f *pymodule.Function, param int, call pysyntax.Node) pysyntax.Node {
	if param == 0 && isMethod(f) {
		return t.Child(t.Child(call, pysyntax.FieldFunction), pysyntax.FieldObject)
	}
	return argumentFor(t, f, param, call)
}

// named gives what a call saved and returned the name that it is assigned to.
func (x *interp) named(name string, v value) value {
	return x.a.rewrite(v, func(a *atom) []*atom {
		o := a.origin
		if a.kind != object || a.path != nil || o.kind != fromSave || o.mod != x.m || o.saved.holder != "" && o.saved.holder != EachOf || o.saved.callee == nil {
			return []*atom{a}
		}
		s := *o.saved
		s.holder = name + s.holder
		return []*atom{x.a.t.object(a.class, x.a.t.saveOrigin(o.mod, o.node, s, o.inner, o.prefix), nil)}
	})
}

// substituteSaved is what a session did to an object in a called function, for the caller: nil when it means nothing to
// the object that the caller gave. Where the object is the caller's, or the called function serves several models, the
// place is the call.
func (x *interp) substituteSaved(o *origin, callee *unitKey, inner *origin, prefix *path, call pysyntax.Node) *origin {
	s := *o.saved
	if s.added && !s.flushed {
		s.session = x.sessionHere(callee.fn, s.session, call)
	}
	if s.guard >= 0 && callee.fn != nil {
		on, own := x.truth(callee.fn, s.guard, call)
		s.guard = own
		s.flushed, s.updated = s.flushed && on, s.updated && on
	}
	if _, from := history(inner); from == fromSite && !s.reloaded && !s.updated && !s.expired && !isMoved(inner) {
		return nil
	}
	mod, node := o.mod, o.node
	if _, from := history(o.inner); node != pysyntax.Nil && (from == fromParam || s.generic) {
		mod, node = x.m, call
		s.callee, s.holder, s.session, s.generic = o, "", x.sessionHere(callee.fn, s.session, call), !x.u.key.closed()
	}
	if prefix == nil { // what goes round was here before: self.order = await orders.save(self.order)
		for o := inner; o.kind == fromSave && o.prefix == nil; o = o.inner {
			if o.mod == mod && o.node == node {
				inner = o.inner
				break
			}
		}
	}
	return x.a.t.saveOrigin(mod, node, s, inner, prefix)
}
