package loadflow

import (
	"github.com/lazyfix/lazyfix/rewrite/internal/pymodule"
	"github.com/lazyfix/lazyfix/rewrite/internal/pysyntax"
)

// asked are the facts (argument_fact.go) that a function asks for of a parameter.
type asked struct {
	none  bool // is it None, where a relationship is read or a query made if it is
	left  bool // is it left at None, where another object takes the place of a parameter if it is not
	lists bool // which strings it has; or it hands it on to one that asks
	empty bool // is it an empty list: see argument_empty.go
}

// asksOf are the facts that a function asks for, by parameter.
func (a *analysis) asksOf(f *pymodule.Function) []asked {
	return *a.t.asks.get(f, func() *[]asked {
		var out []asked
		for _, d := range f.Decorators { // a wrapper may pass something else
			if name := f.Module.Tree.Text(d); name != "staticmethod" && name != "classmethod" {
				return &out
			}
		}
		t := f.Module.Tree
		note := func(i int, is asked) {
			if out == nil {
				out = make([]asked, len(f.Params))
			}
			out[i].none, out[i].left, out[i].lists = out[i].none || is.none, out[i].left || is.left, out[i].lists || is.lists
			out[i].empty = out[i].empty || is.empty
		}
		for n := range t.Within(f.Body) {
			if name, _ := noneTest(t, n); name != pysyntax.Nil {
				if i := plainParam(f, t.Text(name)); i >= 0 && a.matters(t, n) && setOnlyIfNone(t, f, t.Text(name)) {
					note(i, asked{none: true})
				}
			}
		}
		for n := range t.Within(f.Body) {
			if i := leftTest(f, n); i >= 0 && !a.usesOf(f)[i].set {
				note(i, asked{left: true})
			}
		}
		listUses(f, func(i int, called string) {
			if (called == "" || a.listAskers()[called]) && a.keepsList(f, i) {
				note(i, asked{lists: true})
			}
		})
		for i := range f.Params {
			if a.asksEmpty(f, i) {
				note(i, asked{empty: true})
			}
		}
		return &out
	})
}

// leftTest is the parameter with None as default that an `if` tests before it gives another parameter what a call gives, -1 of
// anything else: if options: order = await self.get(order.id, options).
func leftTest(f *pymodule.Function, n pysyntax.Node) int {
	t := f.Module.Tree
	if t.Kind(n) != pysyntax.IfStatement {
		return -1
	}
	i := plainParam(f, t.Text(t.Child(n, pysyntax.FieldCondition)))
	if i < 0 || t.Kind(f.Params[i].Default) != pysyntax.None {
		return -1
	}
	for c := range t.Within(t.Child(n, pysyntax.FieldConsequence)) {
		if t.Kind(c) != pysyntax.Assignment {
			continue
		}
		right := t.Child(c, pysyntax.FieldRight)
		if t.Kind(right) == pysyntax.Await {
			right = t.First(right)
		}
		if t.Kind(right) == pysyntax.Call && plainParam(f, t.Text(t.Child(c, pysyntax.FieldLeft))) >= 0 {
			return i
		}
	}
	return -1
}

// keepsList reports whether all that a function does with a parameter leaves the list that it brings as it is: it asks what is in it,
// goes over it, or hands it on to what does no more.
func (a *analysis) keepsList(f *pymodule.Function, param int) bool {
	return !a.usesOf(f)[param].set && leavesList(f, f.Params[param].Name, func(called string) bool {
		return a.listAskers()[called]
	})
}

// keepingCalls are builtins that make something of a list and leave it as it is.
var keepingCalls = map[string]bool{
	"len": true, "set": true, "frozenset": true, "list": true, "tuple": true, "sorted": true, "any": true, "all": true, "enumerate": true,
}

// leavesList reports whether a name occurs only where what it stands for stays as it is. Asks tells which functions ask, and no more.
func leavesList(f *pymodule.Function, name string, asks func(called string) bool) bool {
	t := f.Module.Tree
	for n := range t.Within(f.Body) {
		if t.Kind(n) != pysyntax.Identifier || t.Text(n) != name {
			continue
		}
		up := t.Parent(n)
		if t.Kind(up) == pysyntax.KeywordArgument {
			if t.Field(n) == pysyntax.FieldName {
				continue
			}
			up = t.Parent(up)
		}
		switch t.Kind(up) {
		case pysyntax.ComparisonOperator, pysyntax.NotOperator, pysyntax.IfStatement:
		case pysyntax.ForStatement, pysyntax.ForInClause:
			if t.Field(n) == pysyntax.FieldLeft {
				return false
			}
		case pysyntax.ArgumentList:
			called := t.Text(t.Child(t.Parent(up), pysyntax.FieldFunction))
			if !keepingCalls[called] && !asks(pymodule.Last(called)) {
				return false
			}
		case pysyntax.Attribute:
			if t.Field(n) == pysyntax.FieldObject {
				return false
			}
		default:
			return false
		}
	}
	return true
}

// plainParam is the index of a parameter that is no *args or **kwargs, -1 for those and for what is none.
func plainParam(f *pymodule.Function, name string) int {
	i := f.ParamIndex(name)
	if i >= 0 && f.Params[i].Kind != pymodule.Plain && f.Params[i].Kind != pymodule.KeywordOnly {
		return -1
	}
	return i
}

// noneTest is the name that a comparison says to be None, or not to be.
func noneTest(t *pysyntax.Tree, n pysyntax.Node) (name pysyntax.Node, negated bool) {
	if t.Kind(n) != pysyntax.ComparisonOperator || t.Kind(t.Nth(n, 1)) != pysyntax.None || t.Kind(t.First(n)) != pysyntax.Identifier {
		return pysyntax.Nil, false
	}
	switch between(t, t.First(n), t.Nth(n, 1)) {
	case "is", "==":
		return t.First(n), false
	case "is not", "!=":
		return t.First(n), true
	}
	return pysyntax.Nil, false
}

// memberTest is the string that a comparison says to be in what has a name, or not to be.
func memberTest(t *pysyntax.Tree, n pysyntax.Node) (word string, name pysyntax.Node, negated bool) {
	right := t.Nth(n, 1)
	if t.Kind(n) != pysyntax.ComparisonOperator || t.Nth(n, 2) != pysyntax.Nil || t.Kind(right) != pysyntax.Identifier {
		return "", pysyntax.Nil, false
	}
	word = pymodule.StringValue(t, t.First(n))
	switch between(t, t.First(n), right) {
	case "in":
		return word, right, false
	case "not in":
		return word, right, true
	}
	return "", pysyntax.Nil, false
}

// matters reports whether what a test for None decides reads a relationship or makes a query.
func (a *analysis) matters(t *pysyntax.Tree, test pysyntax.Node) bool {
	within := t.Enclosing(test, pysyntax.IfStatement, pysyntax.ConditionalExpression, pysyntax.FunctionDefinition)
	if t.Kind(within) == pysyntax.FunctionDefinition {
		return false
	}
	for n := range t.Within(within) {
		switch t.Kind(n) {
		case pysyntax.Attribute:
			if len(a.named[t.Text(t.Child(n, pysyntax.FieldAttribute))]) > 0 {
				return true
			}
		case pysyntax.Call:
			switch pymodule.Last(t.Text(t.Child(n, pysyntax.FieldFunction))) {
			case "select", "Select":
				return true
			}
		}
	}
	return false
}

// setOnlyIfNone reports whether a function gives a parameter something else only where it is None.
func setOnlyIfNone(t *pysyntax.Tree, f *pymodule.Function, name string) bool {
	for n := range t.Within(f.Body) {
		if t.Kind(n) != pysyntax.Identifier || t.Text(n) != name {
			continue
		}
		up := t.Parent(n)
		switch {
		case isCaptured(t, n),
			t.Is(up, pysyntax.PatternList, pysyntax.TuplePattern, pysyntax.AsPattern, pysyntax.AsPatternTarget),
			t.Kind(up) == pysyntax.NamedExpression && t.Field(n) == pysyntax.FieldName,
			t.Is(up, pysyntax.ForStatement, pysyntax.ForInClause, pysyntax.AugmentedAssignment) && t.Field(n) == pysyntax.FieldLeft:
			return false
		case t.Kind(up) == pysyntax.Assignment && t.Field(n) == pysyntax.FieldLeft:
			around := t.Enclosing(up, pysyntax.IfStatement, pysyntax.FunctionDefinition)
			tested, negated := noneTest(t, t.Child(around, pysyntax.FieldCondition))
			if right := t.Child(up, pysyntax.FieldRight); t.Kind(right) == pysyntax.ConditionalExpression {
				if own, not := noneTest(t, t.Nth(right, 1)); own != pysyntax.Nil && t.Text(own) == name && t.Text(t.Nth(right, map[bool]int{true: 0, false: 2}[not])) == name {
					continue
				}
			}
			if tested == pysyntax.Nil || negated || t.Text(tested) != name || !t.Contains(t.Child(around, pysyntax.FieldConsequence), n) {
				return false
			}
		}
	}
	return true
}

// isCaptured reports whether a name stands in the pattern of a case, which may bind it.
func isCaptured(t *pysyntax.Tree, name pysyntax.Node) bool {
	return t.Kind(t.Enclosing(name, pysyntax.CasePattern, pysyntax.Block, pysyntax.FunctionDefinition)) == pysyntax.CasePattern
}

// listUses goes through the parameters that a function asks for a string, called "", and those that it hands on as they are, with the
// name of what is called.
func listUses(f *pymodule.Function, do func(param int, called string)) {
	t := f.Module.Tree
	use := func(name pysyntax.Node, called string) {
		if i := plainParam(f, t.Text(name)); i >= 0 {
			do(i, called)
		}
	}
	for n := range t.Within(f.Body) {
		switch t.Kind(n) {
		case pysyntax.ComparisonOperator:
			if word, name, _ := memberTest(t, n); word != "" {
				use(name, "")
			}
		case pysyntax.Call:
			called := pymodule.Last(t.Text(t.Child(n, pysyntax.FieldFunction)))
			for c := range t.Children(t.Child(n, pysyntax.FieldArguments)) {
				if c = t.ArgumentValue(c); t.Kind(c) == pysyntax.Identifier {
					use(c, called)
				}
			}
		}
	}
}

// addCallers adds to names all who call one of them, by who calls each, and who calls those.
func addCallers(names map[string]bool, callers map[string][]string) {
	for todo := sortedKeys(names); len(todo) > 0; todo = todo[1:] {
		for _, caller := range callers[todo[0]] {
			if !names[caller] {
				names[caller] = true
				todo = append(todo, caller)
			}
		}
	}
}

// findListAskers are the names of functions that ask which strings a parameter has, and of those that hand one on to such.
func findListAskers(g *pymodule.Graph) map[string]bool {
	askers := map[string]bool{}
	callers := map[string][]string{} // of what is called with a parameter: who does
	for _, f := range g.Functions {
		listUses(f, func(_ int, called string) {
			if called == "" {
				askers[f.Name] = true
			} else {
				callers[called] = append(callers[called], f.Name)
			}
		})
	}
	addCallers(askers, callers)
	for changed := true; changed; { // one that changes a list is none, nor is who hands one on to it
		changed = false
		for _, f := range g.Functions {
			if askers[f.Name] && changesList(f, askers) {
				delete(askers, f.Name)
				changed = true
			}
		}
	}
	return askers
}

// changesList reports whether a function asks which strings a parameter has, or hands one on that is asked, and may change it.
func changesList(f *pymodule.Function, askers map[string]bool) bool {
	changes := false
	asks := func(called string) bool { return askers[called] }
	listUses(f, func(param int, called string) {
		changes = changes || (called == "" || asks(called)) && !leavesList(f, f.Params[param].Name, asks)
	})
	return changes
}
