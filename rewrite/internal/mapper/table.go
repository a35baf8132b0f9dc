package mapper

import (
	"strings"

	"github.com/lazyfix/lazyfix/rewrite/internal/pymodule"
	"github.com/lazyfix/lazyfix/rewrite/internal/pysyntax"
)

// table is a call of Table() that a class is mapped to: by map_imperatively(Order, orders), or by __table__ = orders.
type table struct {
	at   place
	call pysyntax.Node
}

// tableAt is the Table() that an expression is or names.
func (b *builder) tableAt(at place, n pysyntax.Node) (table, bool) {
	if s := b.node(at, n); s.Kind == pymodule.VariableSymbol {
		at, n = place{m: s.Variable.Module}, s.Variable.Value
	}
	if n == pysyntax.Nil || at.m.Tree.Kind(n) != pysyntax.Call || lastName(at.m.Tree, at.m.Tree.Child(n, pysyntax.FieldFunction)) != "Table" {
		return table{}, false
	}
	return table{at, n}, true
}

// tableMapped is the Table() that a class is mapped to outside of its body, or that its body names.
func (b *builder) tableMapped(c *pymodule.Class) (table, bool) {
	if found, ok := b.tables[c]; ok {
		return found, true
	}
	if v := c.Field("__table__"); v != nil {
		return b.tableAt(classPlace(c), v.Value)
	}
	return table{}, false
}

// tableName is what the table is called, in lower case.
func (b *builder) tableName(t table) (string, bool) {
	name, ok := b.constant(t.at, readCall(t.at, t.call).arg(0, "name"))
	return strings.ToLower(name), ok
}

// keysOf are the foreign keys of the columns in Table("orders", metadata, Column("customer_id", ForeignKey("customers.id"))), which
// the class has under the columns' names.
func (b *builder) keysOf(from table) []foreignKey {
	var out []foreignKey
	t := from.at.m.Tree
	for n := range t.Within(t.Child(from.call, pysyntax.FieldArguments)) {
		if t.Kind(n) != pysyntax.Call || lastName(t, t.Child(n, pysyntax.FieldFunction)) != "ForeignKey" {
			continue
		}
		column, _ := b.constant(from.at, readCall(from.at, t.Enclosing(t.Parent(n), pysyntax.Call)).arg(0, "name"))
		to, referred := b.tableOf(from.at, readCall(from.at, n).arg(0, "column"))
		out = append(out, foreignKey{column, to, referred})
	}
	return out
}
