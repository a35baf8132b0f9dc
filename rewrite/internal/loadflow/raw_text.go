package loadflow

import (
	"slices"

	"github.com/lazyfix/lazyfix/rewrite/internal/pymodule"
	"github.com/lazyfix/lazyfix/rewrite/internal/pysyntax"
)

// Text in a statement says columns without their table, which a joined load makes ambiguous where the other table has one of that
// name (measured on 2.0 and 2.1; a plain order_by("name") is the entity's column, and stays):
//
//	select(Order).where(text("total > 5")).order_by(literal_column("name"))
//
// What a condition is that comes in by a name, or from a function, nobody says here: it may be text where the program makes any that
// is neither run as it stands nor part of a table's definition. Not seen: text in a hybrid's expression.

// makesText are SQLAlchemy's functions that make an expression of columns without a table.
var makesText = map[string]bool{"text": true, "literal_column": true, "column": true}

// isText reports whether a node is a call of one.
func (a *analysis) isText(m *pymodule.Module, n pysyntax.Node) bool {
	t := m.Tree
	if t.Kind(n) != pysyntax.Call {
		return false
	}
	fn := t.Child(n, pysyntax.FieldFunction)
	if !makesText[pymodule.Last(t.Text(fn))] {
		return false
	}
	external := a.g.ResolveAt(m, fn).External
	return isSQLAlchemy(external) && makesText[pymodule.Last(external)]
}

// besideStatements are the calls whose own argument text is no part of a query of entities, by their names.
var besideStatements = map[string]bool{
	"execute": true, "scalar": true, "scalars": true, "exec": true, "stream": true, "stream_scalars": true, "Index": true,
	"CheckConstraint": true, "Computed": true, "DefaultClause": true, "DDL": true,
}

// findText reports whether the program makes text that may come into a statement.
func (a *analysis) findText() bool {
	for _, m := range a.g.Modules {
		if m.Test() {
			continue
		}
		t := m.Tree
		for n := range t.Within(t.Root()) {
			if !a.isText(m, n) {
				continue
			}
			up := t.Parent(n)
			if t.Kind(up) == pysyntax.KeywordArgument { // server_default=text("now()")
				continue
			}
			if t.Kind(up) != pysyntax.ArgumentList || !besideStatements[pymodule.Last(t.Text(t.Child(t.Parent(up), pysyntax.FieldFunction)))] {
				return true
			}
		}
	}
	return false
}

// sayConditions are the methods of statements whose arguments are expressions.
var sayConditions = map[string]bool{
	"where": true, "filter": true, "order_by": true, "join": true, "outerjoin": true, "join_from": true, "outerjoin_from": true,
	"select_from": true, "add_columns": true, "with_statement_hint": true, "prefix_with": true, "suffix_with": true,
}

// saysText reports whether a method of a statement may be given text.
func (x *interp) saysText(name string, n pysyntax.Node) bool {
	if !sayConditions[name] || !x.a.makesText() {
		return false
	}
	args := x.t.Child(n, pysyntax.FieldArguments)
	if x.hasText(args) {
		return true
	}
	for c := range x.t.Children(args) {
		if x.mayBeText(x.t.ArgumentValue(c), 0) {
			return true
		}
	}
	return false
}

func (x *interp) hasText(n pysyntax.Node) bool {
	for c := range x.t.Within(n) {
		if x.a.isText(x.m, c) {
			return true
		}
	}
	return false
}

// barsItself is what a statement has from its beginning that is made of text, too: select(Order, text("total * 2")).
func (x *interp) barsItself(n pysyntax.Node) value {
	if !x.a.t.joins || !x.a.makesText() || !x.hasText(x.t.Child(n, pysyntax.FieldArguments)) {
		return nil
	}
	return one(x.a.t.option(&loaderOption{mod: x.m, fn: x.u.key.fn.Def(), node: n, wild: unjoinable}))
}

// maxConditionDepth bounds how far an expression is looked into.
const maxConditionDepth = 12

// mayBeText reports whether an expression may be text: none that begins with a mapped class or is made of such.
func (x *interp) mayBeText(n pysyntax.Node, depth int) bool {
	t := x.t
	if depth > maxConditionDepth {
		return true
	}
	any := func(nodes []pysyntax.Node) bool {
		return slices.ContainsFunc(nodes, func(c pysyntax.Node) bool { return x.mayBeText(c, depth+1) })
	}
	switch t.Kind(n) {
	case pysyntax.String, pysyntax.ConcatenatedString, pysyntax.Integer, pysyntax.Float, pysyntax.True, pysyntax.False, pysyntax.None:
		return false
	case pysyntax.ComparisonOperator: // what a column is compared with is a value
		return x.mayBeText(t.First(n), depth+1)
	case pysyntax.BooleanOperator, pysyntax.BinaryOperator, pysyntax.UnaryOperator, pysyntax.NotOperator, pysyntax.ParenthesizedExpression,
		pysyntax.ConditionalExpression, pysyntax.List, pysyntax.Tuple, pysyntax.ListSplat:
		return any(slices.Collect(t.Children(n)))
	case pysyntax.Attribute:
		return !x.namesModel(n) && x.mayBeText(t.Child(n, pysyntax.FieldObject), depth+1)
	case pysyntax.Identifier:
		if x.namesModel(n) {
			return false
		}
		given := x.givenBy(n)
		return len(given) == 0 || any(given)
	case pysyntax.Call:
		fn := t.Child(n, pysyntax.FieldFunction)
		if t.Text(fn) == "getattr" { // a column by its name
			return x.mayBeText(t.First(t.Child(n, pysyntax.FieldArguments)), depth+1)
		}
		if isSQLAlchemy(x.a.g.ResolveAt(x.m, fn).External) { // or_(), func.lower(), desc(); text was looked for
			var args []pysyntax.Node
			for c := range t.Children(t.Child(n, pysyntax.FieldArguments)) {
				args = append(args, t.ArgumentValue(c))
			}
			return any(args)
		}
		return t.Kind(fn) != pysyntax.Attribute || x.mayBeText(t.Child(fn, pysyntax.FieldObject), depth+1)
	}
	return true
}

// namesModel reports whether an expression is a class, an alias of one, a relationship or another statement.
func (x *interp) namesModel(n pysyntax.Node) bool {
	return slices.ContainsFunc(x.quiet(n), func(a *atom) bool {
		return a.kind == classRef || a.kind == relRef || a.kind == statement
	})
}

// hasTextColumns reports whether objects of a class have an attribute that is made of text: column_property(text("total * 2")).
func (a *analysis) hasTextColumns(c *pymodule.Class) bool {
	if c == nil || !a.makesText() {
		return false
	}
	for base := range a.g.Lineage(c) {
		for _, f := range base.Fields {
			t := f.Module.Tree
			if !t.Calls(f.Value, "column_property") {
				continue
			}
			for n := range t.Within(f.Value) {
				if a.isText(f.Module, n) {
					return true
				}
			}
		}
	}
	return false
}
