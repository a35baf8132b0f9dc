package loadflow

import (
	"slices"
	"strings"

	"github.com/lazyfix/lazyfix/rewrite/internal/pymodule"
	"github.com/lazyfix/lazyfix/rewrite/internal/pysyntax"
)

// Attributes that a class has though its body does not say so: Order.size = column_property(...), setattr(Order, "size", ...) and
// Order.__mapper__.add_property("size", ...) of any module, and the columns of a table that stands elsewhere. They matter where an
// object is read by that one of several schemas whose fields it has.

// anySetBehind stands for a name that is not known: setattr(Order, name, ...).
const anySetBehind = ""

// findSetBehind looks for what modules set on mapped classes.
func (a *analysis) findSetBehind() map[lookup]bool {
	out := map[lookup]bool{}
	for _, m := range a.g.Modules {
		if m.Template {
			continue
		}
		t := m.Tree
		for n := range t.Within(t.Root()) {
			owner, name := setOn(t, n)
			dotted, ok := pymodule.DottedName(t, owner)
			if !ok {
				continue
			}
			if s := a.g.ResolveIn(m, nil, m.FunctionAround(n), dotted); s.Kind == pymodule.ClassSymbol && a.ix.Class(s.Class) != nil {
				out[lookup{s.Class, name}] = true
			}
		}
	}
	return out
}

// setOn is what a statement or call sets an attribute of, and the attribute's name; Nil where it sets none.
func setOn(t *pysyntax.Tree, n pysyntax.Node) (owner pysyntax.Node, name string) {
	switch t.Kind(n) {
	case pysyntax.Assignment:
		if left := t.Child(n, pysyntax.FieldLeft); t.Kind(left) == pysyntax.Attribute {
			return t.Child(left, pysyntax.FieldObject), t.Text(t.Child(left, pysyntax.FieldAttribute))
		}
	case pysyntax.Call:
		fn, args := t.Child(n, pysyntax.FieldFunction), t.Child(n, pysyntax.FieldArguments)
		if t.Kind(fn) == pysyntax.Identifier && t.Text(fn) == "setattr" {
			return t.First(args), pymodule.StringValue(t, t.Nth(args, 1))
		}
		of, adds := strings.CutSuffix(t.Text(fn), ".__mapper__.add_property")
		if adds && !strings.ContainsAny(of, "()[") {
			return t.Child(t.Child(fn, pysyntax.FieldObject), pysyntax.FieldObject), pymodule.StringValue(t, t.First(args))
		}
	}
	return pysyntax.Nil, ""
}

// isSetBehind reports whether objects of a class may have an attribute that its body does not say.
func (a *analysis) isSetBehind(c *pymodule.Class, name string) bool {
	named, plain := false, true
	for _, b := range a.g.MRO(c) {
		if b.Class == nil {
			plain = plain && (b.External == "" || b.External == "object")
			continue
		}
		if a.setBehind()[lookup{b.Class, name}] || a.setBehind()[lookup{b.Class, anySetBehind}] || b.Class.Field("__table__") != nil {
			return true
		}
		named = named || b.Class.Field("__tablename__") != nil || b.Class.Methods["__tablename__"] != nil
	}
	if slices.Contains(a.selfAttributes(c), name) {
		return true
	}
	m := a.ix.Class(c)
	return plain && !named && m != nil && m.Mapped // by map_imperatively()
}
