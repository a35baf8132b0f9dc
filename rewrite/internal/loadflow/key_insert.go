package loadflow

import (
	"github.com/lazyfix/lazyfix/rewrite/internal/pymodule"
	"github.com/lazyfix/lazyfix/rewrite/internal/pysyntax"
)

// Rows that a statement inserts go into loaded collections as little as new objects do (key_join.go), and without a flush:
//
//	await session.execute(insert(Item).values(order_id=order.id, quantity=1))
//	await session.execute(insert(Item), [{"order_id": order.id, "quantity": 1}])
//
// Keys of rows that a variable or a comprehension's own names hold are not followed.

// insertedByKey is what executing insert() means to the collections of the objects at hand.
func (x *interp) insertedByKey(args *arguments) {
	t := x.t
	statement := args.node(0, "statement")
	for _, n := range append(x.givenIfName(statement), statement) {
		var class *pymodule.Class
		root := x.chainRoot(n)
		for c := range t.Within(n) {
			fn := t.Child(c, pysyntax.FieldFunction)
			if t.Kind(c) == pysyntax.Call && c == root && pymodule.Last(t.Text(fn)) == "insert" {
				for _, a := range x.quiet(t.First(t.Child(c, pysyntax.FieldArguments))) {
					if a.kind == classRef && x.a.ix.Class(a.class) != nil {
						class = a.class
					}
				}
			}
		}
		if class == nil {
			continue
		}
		for call := n; call != root; call = t.Child(t.Child(call, pysyntax.FieldFunction), pysyntax.FieldObject) {
			if t.Text(t.Child(t.Child(call, pysyntax.FieldFunction), pysyntax.FieldAttribute)) == "values" {
				x.insertsRow(class, t.Child(call, pysyntax.FieldArguments), call)
			}
		}
		x.insertsRow(class, args.node(1, "params"), n)
	}
}

func (x *interp) givenIfName(n pysyntax.Node) []pysyntax.Node {
	if x.t.Kind(n) != pysyntax.Identifier {
		return nil
	}
	return x.givenBy(n)
}

// insertsRow goes through the columns that rows spell: keywords, a dictionary or a list of such.
func (x *interp) insertsRow(c *pymodule.Class, rows, at pysyntax.Node) {
	t := x.t
	column, v := "", pysyntax.Nil
	switch t.Kind(rows) {
	case pysyntax.List, pysyntax.Tuple, pysyntax.ArgumentList, pysyntax.Dictionary:
		for n := range t.Children(rows) {
			x.insertsRow(c, n, at)
		}
		return
	case pysyntax.ListComprehension:
		x.insertsRow(c, t.Child(rows, pysyntax.FieldBody), at)
		return
	case pysyntax.KeywordArgument:
		column, v = t.Text(t.Child(rows, pysyntax.FieldName)), t.Child(rows, pysyntax.FieldValue)
	case pysyntax.Pair:
		column, v = pymodule.StringValue(t, t.Child(rows, pysyntax.FieldKey)), t.Child(rows, pysyntax.FieldValue)
	}
	if column != "" && x.isKey(c, column) {
		x.joinNow(x.joinOf(nil, c, column, v, at))
	}
}
