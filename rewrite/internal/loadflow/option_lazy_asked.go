package loadflow

import (
	"github.com/lazyfix/lazyfix/rewrite/internal/mapper"
	"github.com/lazyfix/lazyfix/rewrite/internal/pymodule"
	"github.com/lazyfix/lazyfix/rewrite/internal/pysyntax"
)

// Generic code that orders or filters by names asks a relationship how it is loaded before it adds a loader of it:
//
//	field = getattr(model, name)
//	statement = statement.join(field)
//	if field.prop.lazy == "joined":
//	    statement = statement.options(contains_eager(field))
//
// Which relationship that is, nobody knows; but it is one that its model loads, and what a query lacks is none of these. So such a
// loader stands beside no other.

// loadedByModel is what a loader of a relationship that is not followed begins with where the branch that it stands in asks whether
// that one is loaded eagerly: no relationship has this name.
const loadedByModel = "lazy="

// lazyAsked is loadedByModel where the first argument of a loader stands in the condition of a branch around it as X.prop.lazy == "joined",
// "" otherwise.
func (x *interp) lazyAsked(loader pysyntax.Node) string {
	t := x.t
	given := t.First(t.Child(loader, pysyntax.FieldArguments))
	if given == pysyntax.Nil || t.Kind(given) != pysyntax.Identifier {
		return ""
	}
	for n, up := loader, t.Parent(loader); up != pysyntax.Nil && t.Kind(up) != pysyntax.FunctionDefinition; n, up = up, t.Parent(up) {
		in := t.Kind(up) == pysyntax.IfStatement && t.Child(up, pysyntax.FieldConsequence) == n
		if in && asksEager(t, t.Child(up, pysyntax.FieldCondition), t.Text(given)) {
			return loadedByModel
		}
	}
	return ""
}

// asksEager reports whether a condition is that the relationship in a name is loaded by its model.
func asksEager(t *pysyntax.Tree, n pysyntax.Node, name string) bool {
	left, right := t.First(n), t.Nth(n, 1)
	if t.Kind(n) != pysyntax.ComparisonOperator || t.Nth(n, 2) != pysyntax.Nil || between(t, left, right) != "==" {
		return false
	}
	asked := t.Text(left)
	return (asked == name+".prop.lazy" || asked == name+".property.lazy") && mapper.Strategy(pymodule.StringValue(t, right)).Eager()
}
