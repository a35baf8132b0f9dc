package loadflow

import (
	"cmp"
	"maps"

	"github.com/lazyfix/lazyfix/rewrite/internal/pysyntax"
)

func (x *interp) ifStatement(n pysyntax.Node) bool {
	t := x.t
	loaders := x.bringsLoaders(n)
	outside := x.withheld
	defer func() { x.withheld = outside }()
	var ends []env
	rest := x.env // where no condition has held so far, nil where one must have
	certain := false
	clause := func(c pysyntax.Node) {
		condition := t.Child(c, pysyntax.FieldCondition)
		x.env = rest
		x.tested(x.eval(condition), condition)
		holds, known := x.decided(condition)
		then, not := x.narrow(x.env, condition)
		// Where a flag adds options, what the author keeps back says what is read: it is told, and not written again.
		before := x.withheld
		if known && !holds && loaders {
			x.withheld = cmp.Or(before, t.Text(condition))
		}
		if !known || holds || loaders {
			ends = append(ends, x.branch(then, func() bool { return x.block(t.Child(c, pysyntax.FieldConsequence)) }))
		}
		x.withheld = before
		switch rest = not; {
		case known && holds && loaders:
			certain = true
			x.withheld = cmp.Or(before, "not "+t.Text(condition))
		case known && holds:
			rest = nil
		}
	}
	clause(n)
	for c := range t.Children(n) {
		switch {
		case rest == nil:
		case t.Kind(c) == pysyntax.ElifClause:
			clause(c)
		case t.Kind(c) == pysyntax.ElseClause:
			ends = append(ends, x.branch(rest, func() bool { return x.block(t.Child(c, pysyntax.FieldBody)) }))
			rest = nil
		}
	}
	if certain {
		rest = nil
	}
	return x.meet(append(ends, rest)...)
}

// loopRounds is how often a loop's body is run for values that its own end changes.
const loopRounds = 4

func (x *interp) forStatement(n pysyntax.Node) bool {
	t := x.t
	left, right := t.Child(n, pysyntax.FieldLeft), t.Child(n, pysyntax.FieldRight)
	over := x.eval(right)
	if x.forEachAttribute(left, over, func() bool { return x.block(t.Child(n, pysyntax.FieldBody)) }) {
		return x.otherwise(n)
	}
	grows := x.growsIn(t.Text(right), t.Child(n, pysyntax.FieldBody))
	// A loop over loader options is there to apply them: who gives none has an empty set of them.
	end := x.repeat(hasOption(over) || x.surelyRuns(right), func() bool {
		if grows {
			over = join(over, x.env[t.Text(right)])
		}
		over = x.overNow(n, over)
		x.assign(left, x.iterate(over, right), right)
		x.sharedInLoop(left, right)
		return x.block(t.Child(n, pysyntax.FieldBody))
	})
	delete(x.env, overKey(n))
	if list, ok := end[t.Text(right)]; ok { // what is done to each is done to all: without a round there is none
		x.env[t.Text(right)] = x.doneToEach(list, end[t.Text(left)])
	}
	x.undoneInLoop(n)
	return x.otherwise(n)
}

// growsIn reports whether a block adds to a list of that name: for node in nodes: nodes.extend(node.children).
func (x *interp) growsIn(name string, block pysyntax.Node) bool {
	t := x.t
	if _, local := x.env[name]; !local {
		return false
	}
	for n := range t.Within(block) {
		switch t.Kind(n) {
		case pysyntax.AugmentedAssignment:
			if t.Text(t.Child(n, pysyntax.FieldLeft)) == name {
				return true
			}
		case pysyntax.Call:
			switch fn := t.Child(n, pysyntax.FieldFunction); t.Text(fn) {
			case name + ".append", name + ".extend", name + ".insert", name + ".add":
				return true
			}
		}
	}
	return false
}

// doneToEach is a list after a loop, at whose end the loop's variable held what is in each.
func (x *interp) doneToEach(list, each value) value {
	return x.a.rewrite(list, func(a *atom) []*atom {
		var later []*atom
		for _, b := range each {
			switch {
			case b == a:
				return []*atom{a}
			case b.kind == object && a.kind == object && b.class == a.class && b.path == a.path && b.origin.isLater(a.origin):
				later = append(later, b)
			}
		}
		if len(later) == 0 {
			later = append(later, a)
		}
		return later
	})
}

// isLater reports whether an object of origin o is one of origin before, after something was done to it.
func (o *origin) isLater(before *origin) bool {
	for o = o.before(); o != nil; o = o.before() {
		if o == before {
			return true
		}
	}
	return false
}

func (x *interp) whileStatement(n pysyntax.Node) bool {
	t := x.t
	condition := t.Child(n, pysyntax.FieldCondition)
	endless := t.Text(condition) == "True" || t.Text(condition) == "1"
	at, exits, _ := x.runLoop(endless, func() bool {
		x.tested(x.eval(condition), condition)
		x.env.learn(x.isLoaded(condition, true))
		return x.block(t.Child(n, pysyntax.FieldBody))
	})
	if endless { // a break is the only way out
		return x.meet(exits...)
	}
	x.meet(append(exits, at)...)
	return x.otherwise(n)
}

func (x *interp) otherwise(n pysyntax.Node) bool {
	for c := range x.t.Children(n) {
		if x.t.Kind(c) == pysyntax.ElseClause {
			x.block(x.t.Child(c, pysyntax.FieldBody))
		}
	}
	return true
}

// repeat runs a loop's body until its environment stays the same. With once, it is run once at least. It gives what holds
// at the end of each round, nil where a round may not get there.
func (x *interp) repeat(once bool, body func() bool) env {
	at, exits, last := x.runLoop(once, body)
	x.meet(append(exits, at)...)
	return last
}

// runLoop is repeat without what follows the loop: it gives what holds before a next one, and where the loop is left otherwise.
func (x *interp) runLoop(once bool, body func() bool) (at env, exits []env, last env) {
	at = x.env
	whole := true
	if !once {
		exits = append(exits, at)
	}
	for round := range loopRounds {
		l := &loop{}
		x.loops = append(x.loops, l)
		end := x.branch(at, body)
		x.loops = x.loops[:len(x.loops)-1]
		if l.broke {
			exits = append(exits, l.breaks)
		}
		last, whole = end, whole && !l.broke && !l.continued
		next := at
		switch {
		case end != nil && once && round == 0:
			next = end
		case end != nil:
			next = x.joinEnv(next, end, true)
		}
		if l.continued {
			next = x.joinEnv(next, l.continues, true)
		}
		stable := sameVars(at, next)
		at = next
		if stable {
			break
		}
	}
	if !whole {
		last = nil
	}
	return at, exits, last
}

func (x *interp) tryStatement(n pysyntax.Node) bool {
	t := x.t
	before := x.env
	var ends []env
	for c := range t.Children(n) {
		delete(x.throws, c)
		delete(x.raisedTo, c)
	}
	body := x.branch(before, func() bool { return x.block(t.Child(n, pysyntax.FieldBody)) })
	afterBody := x.env
	thrown := x.joinEnv(before, afterBody, true)
	if body != nil && x.onlyAwaitsAttributes(t.Child(n, pysyntax.FieldBody)) {
		thrown = afterBody
	}
	for c := range t.Children(n) {
		switch t.Kind(c) {
		case pysyntax.ExceptClause, pysyntax.ExceptGroupClause:
			ends = append(ends, x.exceptClause(c, thrown))
		case pysyntax.ElseClause:
			if body != nil {
				body = x.branch(body, func() bool { return x.block(t.Child(c, pysyntax.FieldBody)) })
			}
		}
	}
	reached := x.meet(append(ends, body)...)
	for c := range t.Children(n) {
		if t.Kind(c) == pysyntax.FinallyClause {
			if !reached {
				x.env = maps.Clone(thrown)
			}
			for b := range t.Children(c) {
				x.block(b)
			}
		}
	}
	return reached
}

// exceptClause is what names hold behind a clause, of what they may hold where the body throws; nil where it does not end.
func (x *interp) exceptClause(clause pysyntax.Node, thrown env) env {
	t, caught := x.t, thrown
	if raised, ok := x.throws[clause]; ok {
		caught = x.joinEnv(thrown, raised, true)
	}
	return x.branch(caught, func() bool {
		x.caught(clause)
		for b := range t.Children(clause) {
			if t.Kind(b) == pysyntax.Block {
				return x.block(b)
			}
		}
		return true
	})
}

// caught is `except Refused as e`: any instance of a class of the program that is named there, and what the try statement raises
// itself. Which other raise it comes from is not followed.
func (x *interp) caught(clause pysyntax.Node) {
	t := x.t
	as := t.First(clause)
	if t.Kind(as) != pysyntax.AsPattern {
		return
	}
	x.caughtAs(clause, as, join(x.instancesOf(x.exceptionsNamed(t.First(as))), x.raisedTo[clause]))
}

func (x *interp) withStatement(n pysyntax.Node) bool {
	t := x.t
	outer := len(x.begun)
	for clause := range t.Children(n) {
		if t.Kind(clause) != pysyntax.WithClause {
			continue
		}
		for item := range t.Children(clause) {
			e := t.Child(item, pysyntax.FieldValue)
			if t.Kind(e) == pysyntax.Tuple { // with (a as b, c as d):
				for c := range t.Children(e) {
					x.withItem(c)
					x.begin(n, c)
				}
				continue
			}
			x.withItem(e)
			x.begin(n, e)
		}
	}
	undo, undoes := x.undoes(n)
	if undoes {
		x.undoings = append(x.undoings, undo)
	}
	reached := x.block(t.Child(n, pysyntax.FieldBody))
	if undoes {
		x.undoings = x.undoings[:len(x.undoings)-1]
		x.leftUndone(undo)
	}
	if reached && len(x.begun) > outer {
		x.ended(x.begun[len(x.begun)-1])
	}
	x.begun = x.begun[:outer]
	return x.suppressed(n, reached)
}

func (x *interp) withItem(e pysyntax.Node) {
	if x.t.Kind(e) != pysyntax.AsPattern {
		x.eval(e)
		return
	}
	source := x.t.First(e)
	entered := x.enter(x.eval(source), source)
	x.assign(x.t.First(x.t.Child(e, pysyntax.FieldAlias)), entered, e)
}

// enter is what `with v as name` binds.
func (x *interp) enter(v value, at pysyntax.Node) value {
	var out value
	for _, a := range v {
		switch a.kind {
		case collection: // a generator under @contextmanager
			out = join(out, a.elem)
		case instance, object:
			got := value(nil)
			for _, name := range []string{"__aenter__", "__enter__"} {
				if f := x.method(a.class, name); f != nil {
					got = x.call(f, one(a), &arguments{}, at)
					break
				}
			}
			if got == nil {
				got = one(a)
			}
			out = join(out, got)
		default:
			out = join(out, one(a))
		}
	}
	return out
}
