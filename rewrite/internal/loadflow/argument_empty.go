package loadflow

import (
	"slices"

	"github.com/lazyfix/lazyfix/rewrite/internal/pymodule"
	"github.com/lazyfix/lazyfix/rewrite/internal/pysyntax"
)

// What a model loads by itself may be left out for a call, which gives an empty list for it:
//
//	def loader_options(self, preload=None):
//	    names = self.model.__preload__ if preload is None else preload
//	    return [selectinload(getattr(self.model, name)) for name in names]      self.get(key, preload=[])
//
// That an argument is an empty list is a fact (argument_fact.go), the one of a list without strings. It is told to functions that test
// the parameter and have loaders, or a list of names of relationships, and to those that hand it on to such.

const emptyFact = listFact

// isEmptyList reports whether an expression is an empty list, tuple or set, or a parameter that was told to be one.
func (x *interp) isEmptyList(t *pysyntax.Tree, n pysyntax.Node) bool {
	switch t.Kind(n) {
	case pysyntax.List, pysyntax.Tuple:
		return t.First(n) == pysyntax.Nil
	case pysyntax.Call:
		switch t.Text(n) {
		case "set()", "list()", "tuple()", "frozenset()":
			return true
		}
	case pysyntax.Identifier:
		return t == x.t && x.isGivenEmpty(t.Text(n))
	}
	return false
}

// isGivenEmpty reports whether a name is a parameter that this call gives an empty list.
func (x *interp) isGivenEmpty(name string) bool {
	f := x.u.key.fn
	if f == nil || len(x.u.key.types) == 0 {
		return false
	}
	a := x.u.key.fact(f.ParamIndex(name))
	return a != nil && a.name == emptyFact
}

// decidedByEmpty is decided for a comparison of a parameter that is given an empty list: with another one, or with None.
func (x *interp) decidedByEmpty(n pysyntax.Node) (holds, known bool) {
	if name, negated := noneTest(x.t, n); name != pysyntax.Nil {
		return negated, x.isGivenEmpty(x.t.Text(name))
	}
	name, negated := emptyTest(x.t, n)
	if name == pysyntax.Nil {
		return false, false
	}
	return !negated, x.isGivenEmpty(x.t.Text(name))
}

// emptyTest is the name that a comparison says to be an empty list, or not to be: names == [], len(names) == 0.
func emptyTest(t *pysyntax.Tree, n pysyntax.Node) (name pysyntax.Node, negated bool) {
	left, right := t.First(n), t.Nth(n, 1)
	if t.Kind(n) != pysyntax.ComparisonOperator || t.Nth(n, 2) != pysyntax.Nil {
		return pysyntax.Nil, false
	}
	switch {
	case t.Kind(left) == pysyntax.Identifier && t.Is(right, pysyntax.List, pysyntax.Tuple) && t.First(right) == pysyntax.Nil:
	case t.Text(t.Child(left, pysyntax.FieldFunction)) == "len" && t.Text(right) == "0":
		if left = t.Nth(t.Child(left, pysyntax.FieldArguments), 0); t.Kind(left) != pysyntax.Identifier {
			return pysyntax.Nil, false
		}
	default:
		return pysyntax.Nil, false
	}
	switch between(t, t.First(n), right) {
	case "==":
		return left, false
	case "!=", ">":
		return left, true
	}
	return pysyntax.Nil, false
}

// asksEmpty reports whether a function asks whether a parameter is an empty list, or hands it on to one that does.
func (a *analysis) asksEmpty(f *pymodule.Function, param int) bool {
	askers := a.emptyAskers()
	if len(askers) == 0 || plainParam(f, f.Params[param].Name) < 0 || a.usesOf(f)[param].set || !staysEmpty(f, f.Params[param].Name) {
		return false
	}
	if askers[f.Name] && a.testsEmpty(f, f.Params[param].Name) {
		return true
	}
	hands := false
	handedLists(f, func(i int, called string) { hands = hands || i == param && askers[called] })
	return hands
}

// staysEmpty reports whether a function puts nothing into what a name holds.
func staysEmpty(f *pymodule.Function, name string) bool {
	t := f.Module.Tree
	for n := range t.Within(f.Body) {
		if t.Kind(n) == pysyntax.Attribute && t.Text(t.Child(n, pysyntax.FieldObject)) == name {
			return false
		}
	}
	return true
}

// testsEmpty reports whether a function tests a parameter where it has loaders, or names of what to load.
func (a *analysis) testsEmpty(f *pymodule.Function, name string) bool {
	t := f.Module.Tree
	tests, differs, loads := false, false, false
	for n := range t.Within(f.Body) {
		switch t.Kind(n) {
		case pysyntax.ComparisonOperator:
			none, _ := noneTest(t, n)
			empty, _ := emptyTest(t, n)
			differs = differs || none != pysyntax.Nil && t.Text(none) == name || empty != pysyntax.Nil && t.Text(empty) == name
		case pysyntax.Identifier:
			loads = loads || a.preloads()[t.Text(n)]
			tests = tests || t.Text(n) == name && (t.Field(n) == pysyntax.FieldCondition || t.Is(t.Parent(n), pysyntax.NotOperator, pysyntax.BooleanOperator))
		case pysyntax.String:
			loads = loads || a.preloads()[pymodule.StringValue(t, n)]
		}
	}
	return differs && (loads || spellsLoader(t, f.Body)) || tests && loads
}

// findPreloads are the names of attributes of classes, and of variables of modules, that hold lists of names of relationships.
func (a *analysis) findPreloads() map[string]bool {
	out := map[string]bool{}
	note := func(t *pysyntax.Tree, name string, list pysyntax.Node) {
		if !t.Is(list, pysyntax.List, pysyntax.Tuple, pysyntax.Set) {
			return
		}
		for c := range t.Children(list) {
			if len(a.named[pymodule.StringValue(t, c)]) > 0 {
				out[name] = true
			}
		}
	}
	for _, m := range a.g.Modules {
		for _, c := range m.Classes {
			for _, f := range c.Fields {
				note(m.Tree, f.Name, f.Value)
			}
		}
		for n := range m.Tree.Children(m.Tree.Root()) {
			for n := range m.Tree.Children(n) {
				if m.Tree.Kind(n) == pysyntax.Assignment {
					note(m.Tree, m.Tree.Text(m.Tree.Child(n, pysyntax.FieldLeft)), m.Tree.Child(n, pysyntax.FieldRight))
				}
			}
		}
	}
	return out
}

// handedLists goes through the parameters that a function hands on, with the name of what is called.
func handedLists(f *pymodule.Function, do func(param int, called string)) {
	listUses(f, func(param int, called string) {
		if called != "" {
			do(param, called)
		}
	})
}

// findEmptyAskers are the names of functions that ask whether a parameter is an empty list, and of those that hand one on to such.
func (a *analysis) findEmptyAskers() map[string]bool {
	askers := map[string]bool{}
	callers := map[string][]string{} // of what is called with a parameter: who does
	for _, f := range a.g.Functions {
		if slices.ContainsFunc(f.Params, func(p pymodule.Param) bool { return a.testsEmpty(f, p.Name) }) {
			askers[f.Name] = true
		}
		handedLists(f, func(_ int, called string) { callers[called] = append(callers[called], f.Name) })
	}
	addCallers(askers, callers)
	return askers
}
