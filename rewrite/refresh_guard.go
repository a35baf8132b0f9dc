package rewrite

import (
	"strings"

	"github.com/lazyfix/lazyfix/rewrite/internal/loadflow"
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
		if t.Kind(up) != pysyntax.IfStatement || t.Contains(up, place.Node) || conditionOn(t, n, name) {
			return false
		}
		added = true
	}
	return added
}
