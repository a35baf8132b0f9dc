package loadflow

import (
	"strings"

	"github.com/lazyfix/lazyfix/rewrite/internal/pymodule"
	"github.com/lazyfix/lazyfix/rewrite/internal/pysyntax"
)

// A column_property() of an SQL expression is computed by the query that gives its object:
//
//	Order.item_count = column_property(select(func.count(Item.id)).where(Item.order_id == Order.id).scalar_subquery())
//
// A new object does not have it behind the flush that inserts its row, and a flush of any change of an object, of its columns or
// of what is in its collections, expires it, whatever eager_defaults says; but for the latter where it has expire_on_flush=False
// (measured on 2.0 and 2.1 with aiosqlite). One of plain columns only names them, and stays.

// queriedColumns are such properties of classes by name, and whether a flush of a change expires them.
type queriedColumns map[*pymodule.Class]map[string]bool

func findQueriedColumns(g *pymodule.Graph) queriedColumns {
	out := queriedColumns{}
	for _, m := range g.Modules {
		t := m.Tree
		if !strings.Contains(string(t.Source()), "column_property") {
			continue
		}
		for _, c := range m.Classes {
			out.addClass(g, c)
		}
		for n := range t.Within(t.Root()) { // Order.total = column_property(...)
			left := t.Child(n, pysyntax.FieldLeft)
			if t.Kind(n) != pysyntax.Assignment || t.Kind(left) != pysyntax.Attribute {
				continue
			}
			if s := g.ResolveAt(m, t.Child(left, pysyntax.FieldObject)); s.Kind == pymodule.ClassSymbol {
				out.add(g, m, s.Class, t.Text(t.Child(left, pysyntax.FieldAttribute)), t.Child(n, pysyntax.FieldRight))
			}
		}
	}
	return out
}

// addClass notes what the body of a class says, by assignments and by methods that are declared attributes.
func (q queriedColumns) addClass(g *pymodule.Graph, c *pymodule.Class) {
	t := c.Module.Tree
	for _, f := range c.Fields {
		q.add(g, c.Module, c, f.Name, f.Value)
	}
	for name, f := range c.Methods {
		if f.Decorator("declared_attr") == pysyntax.Nil && f.Decorator("declared_attr.directive") == pysyntax.Nil {
			continue
		}
		for n := range t.Within(f.Body) {
			if t.Kind(n) == pysyntax.ReturnStatement {
				q.add(g, c.Module, c, name, t.First(n))
			}
		}
	}
}

// add notes what a name of a class is bound to, if that is such a property.
func (q queriedColumns) add(g *pymodule.Graph, m *pymodule.Module, c *pymodule.Class, name string, bound pysyntax.Node) {
	t := m.Tree
	if t.Kind(bound) != pysyntax.Call || pymodule.Last(t.Text(t.Child(bound, pysyntax.FieldFunction))) != "column_property" {
		return
	}
	if !isExpression(g, m, c, t.First(t.Child(bound, pysyntax.FieldArguments))) {
		return
	}
	if q[c] == nil {
		q[c] = map[string]bool{}
	}
	q[c][name] = t.Text(t.Keyword(bound, "expire_on_flush")) != "False"
}

// isExpression reports whether what a property is made of is certainly no plain column: a call that makes none, or operators.
func isExpression(g *pymodule.Graph, m *pymodule.Module, c *pymodule.Class, n pysyntax.Node) bool {
	t := m.Tree
	switch t.Kind(n) {
	case pysyntax.Call:
		made := pymodule.Last(t.Text(t.Child(n, pysyntax.FieldFunction)))
		return made != "Column" && made != "mapped_column"
	case pysyntax.BinaryOperator, pysyntax.UnaryOperator, pysyntax.ComparisonOperator:
		return true
	case pysyntax.ParenthesizedExpression:
		return isExpression(g, m, c, t.First(n))
	case pysyntax.Identifier:
		v := c.Field(t.Text(n))
		if v == nil || v.Module != m {
			v = g.Resolve(m, t.Text(n)).Variable
		}
		return v != nil && v.Value != pysyntax.Nil && v.Module.Tree.Kind(v.Value) != pysyntax.Identifier && isExpression(g, v.Module, c, v.Value)
	}
	return false
}

// queriedColumn reports whether an attribute of a class is such a property, and whether a flush of a change expires it.
func (a *analysis) queriedColumn(c *pymodule.Class, name string) (is, expires bool) {
	if len(a.queriedColumns) == 0 {
		return false, false
	}
	for base := range a.g.Lineage(c) {
		if expires, is = a.queriedColumns[base][name]; is {
			return true, expires
		}
		if base.Field(name) != nil || base.Methods[name] != nil {
			return false, false
		}
	}
	return false, false
}

// queries reports whether a class has such a property.
func (a *analysis) queries(c *pymodule.Class) bool {
	if len(a.queriedColumns) == 0 {
		return false
	}
	for base := range a.g.Lineage(c) {
		if len(a.queriedColumns[base]) > 0 {
			return true
		}
	}
	return false
}

// readQueried notes a read of an attribute that is such a property, and nothing else that is read as a column.
func (x *interp) readQueried(a *atom, name string, at pysyntax.Node) {
	if is, _ := x.a.queriedColumn(a.class, name); is {
		x.readColumn(a, name, at)
	}
}

// flushedAway says what about a column has a flush expire it that was not set to an expression: "" for nothing.
func (x *interp) flushedAway(o *origin, c *pymodule.Class, name string) string {
	if is, expires := x.a.queriedColumn(c, name); is {
		s, from := history(o)
		if s.flushed && !s.reloaded && from == fromNew || expires && (s.updated || s.flushed && isPutInto(o)) {
			return bySelect
		}
		return ""
	}
	if !o.saved.updated {
		return ""
	}
	return x.a.expiring(c)[name]
}

// What computes a column: see Expired.
const (
	bySelect   = "column_property()"
	byOnUpdate = "onupdate="
	byComputed = "Computed()"
)
