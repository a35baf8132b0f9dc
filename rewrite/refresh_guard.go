package rewrite

import (
	"slices"
	"strings"

	"github.com/lazyfix/lazyfix/rewrite/internal/loadflow"
	"github.com/lazyfix/lazyfix/rewrite/internal/pymodule"
	"github.com/lazyfix/lazyfix/rewrite/internal/pysyntax"
)

// A refresh raises of None, and of an object that is not in the session. Where the function says that it may be so, the
// refresh asks first.

// setToNone reports whether a name is None in some case, as the function spells it, and the place is not where it is known not
// to be: order = Order() if customer else None; order = await find(), of which it asks whether it is None.
func setToNone(place loadflow.Place, name string) bool {
	t := place.Module.Tree
	if place.Function == nil || conditionOn(t, place.Node, name) {
		return false
	}
	found, asked := false, false
	for n := range t.Within(place.Function.Body) {
		switch t.Kind(n) {
		case pysyntax.Assignment:
			if t.Start(n) > t.Start(place.Node) || t.Text(t.Child(n, pysyntax.FieldLeft)) != name {
				continue
			}
			value := t.Child(n, pysyntax.FieldRight)
			if t.Kind(value) == pysyntax.None ||
				t.Kind(value) == pysyntax.ConditionalExpression && (t.Kind(t.Nth(value, 0)) == pysyntax.None || t.Kind(t.Nth(value, 2)) == pysyntax.None) {
				return true
			}
			found = found || t.Kind(value) == pysyntax.Await
		case pysyntax.IfStatement, pysyntax.ConditionalExpression:
			condition := t.Child(n, pysyntax.FieldCondition)
			if t.Kind(n) == pysyntax.ConditionalExpression {
				condition = t.Nth(n, 1)
			}
			switch text := strings.Join(strings.Fields(t.Text(condition)), " "); {
			case (text == name+" is None" || text == "not "+name) && t.Start(n) < t.Start(place.Node):
				return false // where it gets another, or the function ends
			case text == name, text == "not "+name, strings.Contains(text, name+" is None"), strings.Contains(text, name+" is not None"):
				asked = true
			}
		}
	}
	return found && asked
}

// conditionOn reports whether a node stands under an `if` that speaks of a name.
func conditionOn(t *pysyntax.Tree, n pysyntax.Node, name string) bool {
	for up := t.Enclosing(n, pysyntax.IfStatement, pysyntax.FunctionDefinition); t.Kind(up) == pysyntax.IfStatement; up = t.Enclosing(up, pysyntax.IfStatement, pysyntax.FunctionDefinition) {
		if t.Names(t.Child(up, pysyntax.FieldCondition), name) {
			return true
		}
	}
	return false
}

// perhapsAdded reports whether the function adds an object, or a list of them, only under conditions that the place is not
// under.
func perhapsAdded(place loadflow.Place, name string) bool {
	t := place.Module.Tree
	if place.Function == nil {
		return false
	}
	added := false
	for n := range t.Within(place.Function.Body) {
		fn := t.Child(n, pysyntax.FieldFunction)
		called := t.Text(t.Child(fn, pysyntax.FieldAttribute))
		if t.Kind(n) != pysyntax.Call || called != "add" && called != "add_all" || t.Text(t.First(t.Child(n, pysyntax.FieldArguments))) != name {
			continue
		}
		up := t.Enclosing(n, pysyntax.IfStatement, pysyntax.FunctionDefinition)
		if t.Kind(up) != pysyntax.IfStatement || t.Contains(up, place.Node) || conditionOn(t, n, name) && !asksOf(t, n, name) {
			return false
		}
		added = true
	}
	return added
}

// asksOf reports whether a node stands under an `if` that asks something of what a name holds, `if order.total > 3:`, and is none
// of whether that is there: all that names it goes on from it.
func asksOf(t *pysyntax.Tree, n pysyntax.Node, name string) bool {
	up := t.Enclosing(n, pysyntax.IfStatement, pysyntax.FunctionDefinition)
	for inner := range t.Within(t.Child(up, pysyntax.FieldCondition)) {
		if t.Kind(inner) == pysyntax.Identifier && t.Text(inner) == name && (t.Kind(t.Parent(inner)) != pysyntax.Attribute || t.Field(inner) != pysyntax.FieldObject) {
			return false
		}
	}
	return true
}

// perhapsGone reports whether the function has, before a place, taken an object or one of a list out of the session in some case
// that goes on to the place: by a delete(), expunge() or rollback(). Measured on 2.0 and 2.1: a refresh of an object raises that
// was deleted and flushed, expunged, or new before a rollback, and `order in session` is False of it.
func (p *program) perhapsGone(place loadflow.Place, name string) bool {
	t := place.Module.Tree
	if place.Function == nil || called(t, place.Node) == "refresh" { // which raises already
		return false
	}
	for n := range t.Within(place.Function.Body) {
		if t.Kind(n) != pysyntax.Call || t.Start(n) >= t.Start(place.Node) && !t.Contains(place.Node, n) || !p.removes(t, n, place.Session, name) {
			continue
		}
		around := t.Enclosing(n, pysyntax.Block)
		if t.Contains(around, place.Node) || !leaves(t, around) {
			return true
		}
	}
	return false
}

// removes reports whether a call takes what a name holds out of a session, whatever has the method: a repository deletes, too, and
// so does a function of the program that does so itself, whatever its name.
func (p *program) removes(t *pysyntax.Tree, call pysyntax.Node, session, name string) bool {
	method := called(t, call)
	if method == "expunge_all" || method == "rollback" {
		return t.Text(t.Child(t.Child(call, pysyntax.FieldFunction), pysyntax.FieldObject)) == session
	}
	given := false
	for arg := range t.Children(t.Child(call, pysyntax.FieldArguments)) {
		arg = t.ArgumentValue(arg)
		text := t.Text(arg)
		given = given || text == name || text != "" && loopVariable(t, call, name) == text
	}
	switch awaited := t.Kind(t.Parent(call)) == pysyntax.Await; {
	case !given:
		return false
	case strings.HasPrefix(method, "delete"), strings.HasPrefix(method, "expunge"), strings.HasPrefix(method, "remove") && awaited:
		return true
	}
	return slices.ContainsFunc(p.graph.Functions, func(f *pymodule.Function) bool {
		return f.Name == method && (f.Module.Tree.Calls(f.Body, "delete") || f.Module.Tree.Calls(f.Body, "expunge"))
	})
}

// called is the name of the method or function that a call calls.
func called(t *pysyntax.Tree, call pysyntax.Node) string {
	fn := t.Child(call, pysyntax.FieldFunction)
	if t.Kind(fn) == pysyntax.Attribute {
		return t.Text(t.Child(fn, pysyntax.FieldAttribute))
	}
	return t.Text(fn)
}

// leaves reports whether a block ends in what leaves it.
func leaves(t *pysyntax.Tree, block pysyntax.Node) bool {
	return t.Is(t.Last(block), pysyntax.ReturnStatement, pysyntax.RaiseStatement, pysyntax.ContinueStatement, pysyntax.BreakStatement)
}
