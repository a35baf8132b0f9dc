package loadflow

import (
	"github.com/lazyfix/lazyfix/rewrite/internal/pymodule"
	"github.com/lazyfix/lazyfix/rewrite/internal/pysyntax"
)

// Instances that hand names on (delegated.go) are told apart by the instance that each was given to hand them on to:
// Cached(Orders(session)), Cached(Customers(session)). Else each of them would have the queries of all.
//
// Limit: an instance that is told apart by what it was given in turn tells nothing, as it could hold any number of others.

// givenDelegates are these, by the attributes that a constructor puts them into as they came. One is told nothing where it was given
// what nothing is known of, a session mostly.
func (x *interp) givenDelegates(c *pymodule.Class, f *pymodule.Function, bound []value) []entry {
	var out []entry
	for _, name := range delegatesOf(x.method(c, "__getattr__")) {
		i := keptParam(f, name)
		if i < 1 {
			continue
		}
		x.out.usedFields[lookup{c, name}] = true
		all := x.a.held[fieldKey{class: c, name: name, made: true}]
		told := len(all) > 0 && len(bound[i]) == 0 || len(all) > 1 && len(bound[i]) == 1
		for _, a := range bound[i] {
			told = told && a.kind == instance && a.args.plain() && a.entries == nil
		}
		if told {
			out = append(out, entry{name, bound[i]})
		}
	}
	return out
}

// delegatesOf are the names of the attributes of self that a __getattr__ hands names on to.
func delegatesOf(f *pymodule.Function) []string {
	if f == nil || len(f.Params) < 2 {
		return nil
	}
	var out []string
	t := f.Module.Tree
	for n := range t.Within(f.Body) {
		if !readsNameOf(t, n, f) {
			continue
		}
		kept := t.First(t.Child(n, pysyntax.FieldArguments))
		if t.Kind(kept) == pysyntax.Attribute && t.Text(t.Child(kept, pysyntax.FieldObject)) == f.Params[0].Name {
			out = append(out, t.Text(t.Child(kept, pysyntax.FieldAttribute)))
		}
	}
	return out
}

// keptParam is the parameter that a constructor puts into an attribute of self as it came, -1 where it puts anything else there, too.
func keptParam(f *pymodule.Function, name string) int {
	t, out := f.Module.Tree, -1
	for n := range t.Within(f.Body) {
		if t.Kind(n) != pysyntax.Attribute || t.Text(t.Child(n, pysyntax.FieldAttribute)) != name || !isTarget(t, n) {
			continue
		}
		i := -1
		if t.Text(t.Child(n, pysyntax.FieldObject)) == f.Params[0].Name {
			i = f.ParamIndex(t.Text(putThere(t, n)))
		}
		if i < 1 || out > 0 {
			return -1
		}
		out = i
	}
	return out
}

// isTarget reports whether something is assigned to an expression, alone or among others.
func isTarget(t *pysyntax.Tree, n pysyntax.Node) bool {
	for t.Is(t.Parent(n), pysyntax.PatternList, pysyntax.TuplePattern, pysyntax.ListPattern) {
		n = t.Parent(n)
	}
	return t.Field(n) == pysyntax.FieldLeft
}

// putThere is what a target is assigned, a, b = x, y: Nil where that is not spelled.
func putThere(t *pysyntax.Tree, target pysyntax.Node) pysyntax.Node {
	up := t.Parent(target)
	if t.Kind(up) == pysyntax.Assignment {
		return t.Child(up, pysyntax.FieldRight)
	}
	right := t.Child(t.Parent(up), pysyntax.FieldRight)
	if t.Kind(t.Parent(up)) != pysyntax.Assignment || !t.Is(right, pysyntax.ExpressionList, pysyntax.Tuple) {
		return pysyntax.Nil
	}
	i := 0
	for each := range t.Children(up) {
		if each == target {
			return t.Nth(right, i)
		}
		i++
	}
	return pysyntax.Nil
}
