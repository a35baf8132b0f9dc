package loadflow

import (
	"maps"
	"slices"
	"strings"

	"github.com/lazyfix/lazyfix/rewrite/internal/pymodule"
	"github.com/lazyfix/lazyfix/rewrite/internal/pysyntax"
)

// A block that an exception leaves may roll back, and what was loaded in it is expired where the exception is caught:
//
//	try:
//	    async with session.begin():
//	        order = await session.get(Order, number)
//	        raise Refused
//	except Refused:
//	    logger.info(order.number)
//
// So may one of factory.begin(), of a class of the program whose __aexit__ rolls back, and of a generator under @asynccontextmanager
// that does where it catches what is raised at its yield. One that only closes its session expires nothing (measured on 2.1). Where
// the exception comes from is asked strictly: a raise in the block that the handler catches by name, or nothing else in the try
// statement that could raise what it catches.

// undoing is a block that rolls back what an exception leaves.
type undoing struct {
	with pysyntax.Node
	at   place
	kept bool // the session was there before the block: so may objects be that it expires
}

// undoes is what the items of a block do where an exception leaves it; false where they roll nothing back.
func (x *interp) undoes(with pysyntax.Node) (undoing, bool) {
	t := x.t
	if !strings.HasPrefix(t.Text(with), "async") || x.u.key.fn == nil {
		return undoing{}, false
	}
	for clause := range t.Children(with) {
		if t.Kind(clause) != pysyntax.WithClause {
			continue
		}
		for item := range t.Children(clause) {
			items := []pysyntax.Node{t.Child(item, pysyntax.FieldValue)}
			if t.Kind(items[0]) == pysyntax.Tuple {
				items = slices.Collect(t.Children(items[0]))
			}
			for _, e := range items {
				opened, name := e, ""
				if t.Kind(e) == pysyntax.AsPattern {
					opened, name = t.First(e), t.Text(t.First(t.Child(e, pysyntax.FieldAlias)))
				}
				if begins, kept := x.beginsTransaction(opened, name); begins || x.exitUndoes(opened) {
					return undoing{with, place{node: with, session: name}, kept}, true
				}
			}
		}
	}
	return undoing{}, false
}

// beginsTransaction reports whether an item is session.begin() or factory.begin(); kept for the first, whose session stays open.
func (x *interp) beginsTransaction(opened pysyntax.Node, name string) (begins, kept bool) {
	t := x.t
	fn := t.Child(opened, pysyntax.FieldFunction)
	if t.Kind(opened) != pysyntax.Call || t.Text(t.Child(fn, pysyntax.FieldAttribute)) != "begin" {
		return false, false
	}
	receiver := t.Child(fn, pysyntax.FieldObject)
	return x.holdsSession(receiver) || IsSession(name), name == "" && !x.opensSessions(fn)
}

// exitUndoes reports whether a block of the program's own rolls back where an exception leaves it.
func (x *interp) exitUndoes(opened pysyntax.Node) bool {
	if x.t.Kind(opened) == pysyntax.Call {
		for _, a := range x.quiet(x.t.Child(opened, pysyntax.FieldFunction)) {
			if a.kind == funcRef && a.fn.Generator && a.fn.Decorator("asynccontextmanager") != pysyntax.Nil {
				return undoesAtYield(a.fn.Module.Tree, a.fn.Body)
			}
		}
	}
	return slices.ContainsFunc(x.quiet(opened), func(a *atom) bool {
		return a.kind == instance && slices.ContainsFunc(x.a.g.Family(a.class), func(c *pymodule.Class) bool {
			f := x.method(c, "__aexit__")
			return f != nil && (f.Module.Tree.Calls(f.Body, "rollback") || x.effectOf(f, one(x.a.t.as(a, c)), nil).rolledBack != "")
		})
	})
}

// undoesAtYield reports whether a generator rolls back where something is raised at its yield.
func undoesAtYield(t *pysyntax.Tree, body pysyntax.Node) bool {
	for yield := range t.Within(body) {
		if t.Kind(yield) != pysyntax.Yield {
			continue
		}
		for up := yield; ; {
			up = t.Enclosing(up, pysyntax.TryStatement, pysyntax.WithStatement, pysyntax.FunctionDefinition)
			if up == pysyntax.Nil || t.Kind(up) == pysyntax.FunctionDefinition {
				break
			}
			if t.Kind(up) == pysyntax.WithStatement {
				if t.Calls(t.First(up), "begin") {
					return true
				}
				continue
			}
			for c := range t.Children(up) {
				if t.Is(c, pysyntax.ExceptClause, pysyntax.FinallyClause) && !t.Contains(c, yield) && t.Calls(c, "rollback") {
					return true
				}
			}
		}
	}
	return false
}

// undoneBy is the environment behind the rollback of a block.
func (x *interp) undoneBy(u undoing) env {
	before := x.env
	x.env = maps.Clone(before)
	body := x.t.Child(u.with, pysyntax.FieldBody)
	x.transformAll(func(a *atom, holder string) *atom {
		in := x.queriedWithin(a.origin.first(), body) || x.bindsIn(body, strings.TrimSuffix(holder, EachOf), u.with)
		if !in && (!u.kept || a.origin.first().kind != fromSite || !x.inSession(u.with, holder, a)) {
			return a
		}
		return x.expire(a, holder, u.at, nil)
	})
	after := x.env
	x.env = before
	return after
}

// leavesBlocks hands what a raise leaves expired to the handler that catches it, and what the exception holds to that name.
func (x *interp) leavesBlocks(n pysyntax.Node, raised string) {
	t := x.t
	before, exception := x.env, x.raisedWithObjects(n)
	if len(exception) == 0 && len(x.undoings) == 0 {
		return
	}
	x.env = maps.Clone(before)
	defer func() { x.env = before }()
	undone := false
	for up := n; ; {
		up = t.Enclosing(up, pysyntax.TryStatement, pysyntax.WithStatement, pysyntax.FunctionDefinition, pysyntax.Lambda)
		if t.Is(up, pysyntax.TryStatement, pysyntax.WithStatement) && !t.Contains(t.Child(up, pysyntax.FieldBody), n) {
			continue
		}
		handler := pysyntax.Nil
		switch t.Kind(up) {
		case pysyntax.WithStatement:
			if i := slices.IndexFunc(x.undoings, func(u undoing) bool { return u.with == up }); i >= 0 {
				exception = x.through(result, join(exception, x.raisedWithObjects(n)), func() { x.env = x.undoneBy(x.undoings[i]) })
				undone = true
			}
			if undone && x.suppresses(up, raised) {
				x.throwTo(up)
				return
			}
			continue
		case pysyntax.TryStatement:
			if handler = x.catching(up, raised); handler == pysyntax.Nil {
				continue
			}
			if undone {
				x.throwTo(handler)
			}
		}
		x.catches(handler, join(exception, x.raisedWithObjects(n)))
		return
	}
}

// raisedWithObjects is an exception that a statement makes and raises, if it holds objects.
func (x *interp) raisedWithObjects(n pysyntax.Node) value {
	what := x.t.First(n)
	if !x.t.Is(what, pysyntax.Call, pysyntax.Identifier) {
		return nil
	}
	return dropping(x.quiet(what), func(a *atom) bool {
		return a.kind != instance || !slices.ContainsFunc(a.entries, func(e entry) bool { return hasObject(e.value) }) || !x.a.isException(a.class)
	})
}

// throwTo gives a handler the environment as it is.
func (x *interp) throwTo(handler pysyntax.Node) {
	if x.throws == nil {
		x.throws = map[pysyntax.Node]env{}
	}
	seen, have := x.throws[handler]
	x.throws[handler] = x.joinEnv(seen, x.env, have)
}

// catches notes what an exception holds that a handler catches: for its name. Of one that leaves the function it is what is expired,
// for whoever catches it by its class.
func (x *interp) catches(handler pysyntax.Node, exception value) {
	if handler != pysyntax.Nil {
		if x.raisedTo == nil {
			x.raisedTo = map[pysyntax.Node]value{}
		}
		x.raisedTo[handler] = join(x.raisedTo[handler], exception)
		return
	}
	for _, a := range exception {
		for _, e := range a.entries {
			x.store(a.class, e.name, dropping(e.value, func(o *atom) bool {
				return o.kind != object || o.origin.kind != fromSave || !o.origin.saved.expired
			}))
		}
	}
}

// leftUndone hands what a block leaves expired to the handlers around that nothing else in their try statement raises to.
func (x *interp) leftUndone(u undoing) {
	t := x.t
	for at := u.with; ; {
		up := t.Parent(at)
		switch t.Kind(up) {
		case pysyntax.FunctionDefinition, pysyntax.Lambda, pysyntax.ExceptClause, pysyntax.FinallyClause, pysyntax.ElseClause, 0:
			return
		case pysyntax.Block:
			if x.callsBehind(up, at) {
				return
			}
		case pysyntax.WithStatement:
			if x.suppresses(up, anyClass) {
				before := x.env
				x.env = x.undoneBy(u)
				x.throwTo(up)
				x.env = before
				return
			}
		case pysyntax.TryStatement:
			caught := false
			for c := range t.Children(up) {
				if t.Kind(c) == pysyntax.ExceptClause && x.mayCatch(c, u.with) {
					before := x.env
					x.env = x.undoneBy(u)
					x.throwTo(c)
					x.env, caught = before, true
				}
			}
			if caught {
				return
			}
		}
		at = up
	}
}

// suppresses reports whether a block keeps an exception of some classes to itself, or any at all.
func (x *interp) suppresses(with pysyntax.Node, raised string) bool {
	t := x.t
	for n := range t.Within(t.First(with)) {
		if t.Kind(n) != pysyntax.Call || pymodule.Last(t.Text(t.Child(n, pysyntax.FieldFunction))) != "suppress" {
			continue
		}
		for arg := range t.Children(t.Child(n, pysyntax.FieldArguments)) {
			if raised == anyClass || slices.ContainsFunc(strings.Split(raised, ","), func(r string) bool { return catchesNamed(pymodule.Last(t.Text(arg)), r) }) {
				return true
			}
		}
	}
	return false
}

// callsBehind reports whether anything is called in a block behind one of its statements.
func (x *interp) callsBehind(block, statement pysyntax.Node) bool {
	for s := range x.t.Children(block) {
		if x.t.Start(s) < x.t.End(statement) {
			continue
		}
		for c := range x.t.Within(s) {
			if x.t.Kind(c) == pysyntax.Call {
				return true
			}
		}
	}
	return false
}
