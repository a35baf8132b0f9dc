package loadflow

import (
	"github.com/lazyfix/lazyfix/rewrite/internal/pymodule"
	"github.com/lazyfix/lazyfix/rewrite/internal/pysyntax"
)

// Columns that a program sets on a mapped class behind its body, and defers: Customer.order_count = column_property(select(...),
// deferred=True), Product.upper = deferred(...), Customer.__mapper__.add_property("upper", deferred(...)). It is where a count goes
// that needs both classes, and SQLAlchemy takes it as if the body had it (measured on 2.0 and 2.1).

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
		around := m.FunctionAt(t.Enclosing(n, pysyntax.FunctionDefinition))
		if s := a.g.ResolveIn(m, nil, around, dotted); s.Kind == pymodule.ClassSymbol && a.ix.Class(s.Class) != nil {
			out.deferred[name] = true
			out.later = append(out.later, lookup{s.Class, name})
		}
	}
}
