package loadflow

import (
	"slices"

	"github.com/lazyfix/lazyfix/rewrite/internal/pymodule"
	"github.com/lazyfix/lazyfix/rewrite/internal/pysyntax"
)

// Columns that a program sets on a mapped class behind its body, and defers: Customer.order_count = column_property(select(...),
// deferred=True), Product.upper = deferred(...), Customer.__mapper__.add_property("upper", deferred(...)). It is where a count goes
// that needs both classes, and SQLAlchemy takes it as if the body had it (measured on 2.0 and 2.1).

// What is set behind a condition, or in a function that nothing calls, may not be there: undefer(Customer.order_count) would fail
// with an AttributeError then, also for who asks hasattr(). It is reported.

// maybeSet is why such a column gets no option.
const maybeSet = "its class may not have it: where it is set may not run"

// deferredLater notes those that a module sets.
func (a *analysis) deferredLater(m *pymodule.Module, out *leavingOut) {
	t := m.Tree
	for n := range t.Within(t.Root()) {
		var owner pysyntax.Node
		var name string
		var made pysyntax.Node
		switch t.Kind(n) {
		case pysyntax.Assignment:
			left := t.Child(n, pysyntax.FieldLeft)
			if t.Kind(left) != pysyntax.Attribute {
				continue
			}
			owner, name, made = t.Child(left, pysyntax.FieldObject), t.Text(t.Child(left, pysyntax.FieldAttribute)), t.Child(n, pysyntax.FieldRight)
		case pysyntax.Call:
			adds, args := t.Child(n, pysyntax.FieldFunction), t.Child(n, pysyntax.FieldArguments)
			mapped := t.Child(adds, pysyntax.FieldObject)
			if t.Kind(adds) != pysyntax.Attribute || t.Text(t.Child(adds, pysyntax.FieldAttribute)) != "add_property" ||
				t.Kind(mapped) != pysyntax.Attribute || t.Text(t.Child(mapped, pysyntax.FieldAttribute)) != "__mapper__" {
				continue
			}
			owner, name, made = t.Child(mapped, pysyntax.FieldObject), pymodule.StringValue(t, t.First(args)), t.Nth(args, 1)
		default:
			continue
		}
		dotted, ok := pymodule.DottedName(t, owner)
		if !ok || name == "" || t.Kind(made) != pysyntax.Call || !defers(t, made) {
			continue
		}
		around := m.FunctionAround(n)
		if s := a.g.ResolveIn(m, nil, around, dotted); s.Kind == pymodule.ClassSymbol && a.ix.Class(s.Class) != nil {
			out.deferred[name] = true
			set, sure := lookup{s.Class, name}, a.isAlwaysRun(m, n, around)
			out.later[set] = out.later[set] || sure
		}
	}
}

// isAlwaysRun reports whether a statement runs once the program is there: no condition is around it, and a function that has it is
// called by somebody.
func (a *analysis) isAlwaysRun(m *pymodule.Module, n pysyntax.Node, around *pymodule.Function) bool {
	t := m.Tree
	if t.Enclosing(n, pysyntax.IfStatement, pysyntax.TryStatement, pysyntax.MatchStatement, pysyntax.ForStatement, pysyntax.WhileStatement) != pysyntax.Nil {
		return false
	}
	return around == nil || slices.ContainsFunc(a.g.Modules, func(m *pymodule.Module) bool {
		t := m.Tree
		for n := range t.Within(t.Root()) {
			if t.Kind(n) == pysyntax.Call && pymodule.Last(t.Text(t.Child(n, pysyntax.FieldFunction))) == around.Name {
				return true
			}
		}
		return false
	})
}
