package loadflow

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"github.com/lazyfix/lazyfix/rewrite/internal/pymodule"
	"github.com/lazyfix/lazyfix/rewrite/internal/pysyntax"
)

// rollback is what a call does to all that its caller's session has loaded, where the called function rolls back and then
// returns.
type rollback struct {
	rolledBack string  // the session that it rolls back, as it speaks of it; "" for none
	at         *origin // where; also in a function that it calls
	gives      bool    // what it returns on such a way is an object: the caller cannot tell it from another way
	dropped    uint64  // the parameters that it did not load again
	again      string  // the ids of classes of which it queried something after the rollback, "1.2,3.4"
}

func (r rollback) or(o rollback) rollback {
	return rollback{cmp.Or(r.rolledBack, o.rolledBack), cmp.Or(r.at, o.at), r.gives || o.gives, r.dropped | o.dropped, bothSets(r.again, o.again)}
}

// onTheWay is the name that the environment has on ways on which a session was rolled back: no name of Python's.
const onTheWay = "()"

// rollback expires every object that was loaded.
func (x *interp) rollback(at place) {
	x.transformAll(func(a *atom, holder string) *atom {
		if !x.heldInSession(at.node, holder, a) {
			return a
		}
		return x.expire(a, holder, at, nil)
	})
	x.wentBack(at.session, x.a.t.typeOrigin(x.m, at.node))
}

// expired is session.expire(order), or expire_all(), of an AsyncSession: it hands them on, and neither is awaited.
func (x *interp) expired(name string, args *arguments, at place) {
	if x.u.key.fn == nil || !x.u.key.fn.Async {
		return
	}
	x.expires = true
	given := flatten(args.get(0, "instance"))
	x.transformAll(func(a *atom, holder string) *atom {
		if name == "expire" && !slices.ContainsFunc(given, a.sameObject) || !x.heldInSession(at.node, holder, a) {
			return a
		}
		return x.expire(a, holder, at, nil)
	})
	if name == "expire_all" {
		x.wentBack(at.session, x.a.t.typeOrigin(x.m, at.node))
	}
}

// expiredPartly is session.expire(order, ["total", "items"]), of names that the call spells.
func (x *interp) expiredPartly(given value, names pysyntax.Node, at place) {
	if x.u.key.fn == nil || !x.u.key.fn.Async || !x.t.Is(names, pysyntax.List, pysyntax.Tuple) {
		return
	}
	partly := ""
	for c := range x.t.Children(names) {
		partly = bothSets(partly, pymodule.StringValue(x.t, c))
	}
	if partly == "" {
		return
	}
	x.expires = true
	objects := flatten(given)
	x.transformAll(func(a *atom, holder string) *atom {
		s, from := history(a.origin)
		if a.path != nil || from == fromNew || from == fromType || s.expired || s.detached || !slices.ContainsFunc(objects, a.sameObject) {
			return a
		}
		s.partly, s.holder, s.session, s.callee = bothSets(s.partly, partly), holder, at.session, nil
		return x.event(a, at.node, s)
	})
}

// hasExpired reports whether an attribute has expired.
func (s saved) hasExpired(name string) bool {
	return s.expired || s.partly != "" && slices.Contains(strings.Split(s.partly, ","), name)
}

// loadedAnew is what a call gives: what it queried has the session load again what it expired of these classes, as far as that is
// the same row.
func (x *interp) loadedAnew(gives value) value {
	if !x.expires {
		return gives
	}
	for _, c := range flatten(gives) {
		if isQueried(c) {
			x.forgetExpire(c)
		}
	}
	return gives
}

// forgetExpire has the session loaded again what expire() expired of the class of an object that a query gives, which may be the
// same: then it is as that query loads it. With nil it is loaded again, whatever it is.
func (x *interp) forgetExpire(again *atom) {
	if !x.expires {
		return
	}
	x.transform(func(a *atom, _ string) *atom {
		o := a.origin
		switch {
		case o.kind != fromSave || o.prefix != nil || !o.saved.expired && o.saved.partly == "" || o.saved.partly == "" && !strings.HasPrefix(expiredBy(o), "expire") || again != nil && a.class != again.class, again == nil && o.saved.partly != "":
			return a
		case again != nil && a.path == nil:
			return again
		}
		return x.a.t.object(a.class, o.inner, a.path)
	})
}

// wentBack notes a rollback on the way that is taken.
func (x *interp) wentBack(session string, at *origin) {
	x.env[onTheWay] = one(x.a.t.atom(&atom{kind: noAtom, origin: at, more: &more{name: session}}, "B"+session+"@"+at.id))
}

// expire is an object after a rollback. One that was new is so again, and keeps what it has.
func (x *interp) expire(a *atom, holder string, at place, callee *origin) *atom {
	s, from := history(a.origin)
	switch {
	case from == fromNew && a.origin.kind == fromSave && a.origin.prefix == nil:
		return x.a.t.object(a.class, a.origin.inner, nil)
	case from == fromNew || from == fromType || s.expired || s.detached:
		return a
	}
	x.forgetAttributes(holder)
	return x.event(a, at.node, saved{added: s.added, flushed: s.flushed, expired: true, holder: holder, session: at.session, guard: -1, callee: callee})
}

// leaveRolledBack notes, where a function returns, what a rollback before means to its caller. It means nothing where the
// session is the function's own.
func (x *interp) leaveRolledBack(given value) {
	x.out.effect.rollback = x.out.effect.rollback.or(x.rollsBack(given))
}

// rollsBack is the rollback on the way so far to where the function gives something.
func (x *interp) rollsBack(given value) rollback {
	f, v := x.u.key.fn, x.env[onTheWay]
	if len(v) == 0 || f == nil || f.Generator {
		return rollback{}
	}
	root, _, _ := strings.Cut(v[0].name, ".")
	if f.ParamIndex(root) < 0 {
		return rollback{}
	}
	here := rollback{rolledBack: v[0].name, at: v[0].origin, gives: hasObject(given)}
	for i := range min(len(f.Params), 64) {
		if !loadedAgain(x.env[f.Params[i].Name]) {
			here.dropped |= 1 << i
		}
	}
	var again []string
	for _, key := range sortedKeys(x.env) {
		if v := x.env[key]; loadedAgain(v) {
			given = join(given, v)
		}
	}
	for _, a := range flatten(given) {
		if a.kind == object && loadedAgain(one(a)) {
			again = append(again, classID(a.class))
		}
	}
	slices.Sort(again)
	here.again = strings.Join(slices.Compact(again), ",")
	return here
}

// loadedAgain reports whether a value is objects that were loaded after the rollback: it has expired what was there before.
func loadedAgain(v value) bool {
	found := false
	for _, a := range flatten(v) {
		if a.kind != object {
			continue
		}
		s, from := history(a.origin)
		if s.expired || from == fromNew {
			return false
		}
		found = true
	}
	return found
}

// rollbackBy is the rollback in a called function. Which session it is must be sure for objects that are not arguments: a
// name of the caller's, or an attribute of self. A result that is no object most often says that it failed, and is asked
// for that: then only a call whose result nobody takes counts.
func (x *interp) rollbackBy(r rollback, f *pymodule.Function, args []value, n pysyntax.Node) {
	if !x.awaited(n) || !r.gives && x.t.Kind(x.t.Parent(x.t.Parent(n))) != pysyntax.ExpressionStatement && !x.keepsUntested(n) {
		return
	}
	before := maps.Clone(x.env)
	x.expireBy(r, f, args, n)
	x.env = x.joinEnv(before, x.env, true) // it may as well not have come to that
}

// expireBy is what the rollback in a called function does to the objects of this one.
func (x *interp) expireBy(r rollback, f *pymodule.Function, args []value, n pysyntax.Node) {
	at := place{node: n, session: x.sessionHere(f, r.rolledBack, n)}
	name, attribute, _ := strings.Cut(at.session, ".")
	own := x.u.key.fn
	all := at.session != "" && (attribute == "" || own != nil && isMethod(own) && name == own.Params[0].Name && !strings.Contains(attribute, "."))
	var given, kept []*atom
	for i := range args {
		if i < 64 && r.dropped&(1<<i) != 0 {
			given = append(given, flatten(args[i])...)
		} else {
			kept = append(kept, flatten(args[i])...)
		}
	}
	again := strings.Split(r.again, ",")
	x.transformAll(func(a *atom, holder string) *atom {
		if slices.ContainsFunc(kept, a.sameObject) || slices.Contains(again, classID(a.class)) ||
			!all && !slices.ContainsFunc(given, a.sameObject) && !x.gotThrough(holder, at.session) || !x.heldInSession(n, holder, a) {
			return a
		}
		for _, b := range x.env[holder] { // once is enough
			if b.kind != object || !b.sameObject(a) {
				continue
			}
			if s, _ := history(b.origin); s.expired {
				return b
			}
		}
		return x.expire(a, holder, at, r.at)
	})
	if all {
		x.wentBack(at.session, r.at)
	}
}

// gotThrough reports whether a name was given what a method gave of the object that has a session: users.get() and users.session.
func (x *interp) gotThrough(name, session string) bool {
	i := strings.LastIndexByte(session, '.')
	return i > 0 && x.calledFor(name, func(call pysyntax.Node) bool {
		return strings.HasPrefix(x.t.Text(x.t.Child(call, pysyntax.FieldFunction)), session[:i+1])
	})
}

// keepsUntested reports whether an awaited call's result is kept by a name that no condition of the function speaks of.
func (x *interp) keepsUntested(call pysyntax.Node) bool {
	t := x.t
	kept := t.Parent(t.Parent(call))
	name := t.Text(t.Child(kept, pysyntax.FieldLeft))
	if t.Kind(kept) != pysyntax.Assignment || t.Kind(t.Child(kept, pysyntax.FieldLeft)) != pysyntax.Identifier {
		return false
	}
	for n := range t.Within(t.Enclosing(call, pysyntax.FunctionDefinition)) {
		var asks pysyntax.Node
		switch t.Kind(n) {
		case pysyntax.IfStatement, pysyntax.ElifClause, pysyntax.WhileStatement:
			asks = t.Child(n, pysyntax.FieldCondition)
		case pysyntax.ConditionalExpression, pysyntax.BooleanOperator, pysyntax.NotOperator, pysyntax.ComparisonOperator, pysyntax.AssertStatement,
			pysyntax.IfClause:
			asks = n
		case pysyntax.MatchStatement:
			asks = t.Child(n, pysyntax.FieldSubject)
		default:
			continue
		}
		if t.Names(asks, name) {
			return false
		}
	}
	return true
}
