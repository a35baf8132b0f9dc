package loadflow

import (
	"slices"
	"strings"

	"github.com/lazyfix/lazyfix/rewrite/internal/pymodule"
	"github.com/lazyfix/lazyfix/rewrite/internal/pysyntax"
)

// A function often reads a relationship only when it is told to: order.to_dict(include_items=True). A True or False that
// stands in a call, or in the parameter's default, is a part of the context of a function that tests it or hands it on,
// and of an if that it decides only what is run is followed. An if that adds loader options is none of these: with its flag
// the author says what is read later on, which no flag decides there. What is put into a variable, an attribute or a
// container is no flag any more: it may be something else by the time that it is tested.

func (t *table) flag(on bool) *atom {
	name := "False"
	if on {
		name = "True"
	}
	return t.names.get(nameKey{flag, name}, func() *atom {
		return t.atom(&atom{kind: flag, more: &more{name: name}}, "B"+name)
	})
}

func isFlag(a *atom) bool { return a.kind == flag }

func withoutFlags(v value) value {
	return dropping(v, isFlag)
}

// withoutTruth is v without True and False: a name may be set to the other.
func withoutTruth(v value) value {
	return dropping(v, func(a *atom) bool { return isFlag(a) && !strings.HasPrefix(a.name, wordMark) })
}

// dropping is v without some of its atoms, v itself where it has none of them.
func dropping(v value, drop func(*atom) bool) value {
	if !slices.ContainsFunc(v, drop) {
		return v
	}
	return slices.DeleteFunc(slices.Clone(v), drop)
}

func withoutFlagsIn(bound []value) []value {
	out, copied := bound, false
	for i, v := range bound {
		if slices.ContainsFunc(v, isFlag) {
			if !copied {
				out, copied = slices.Clone(bound), true
			}
			out[i] = withoutFlags(v)
		}
	}
	return out
}

// paramUse is what a function does with a parameter by its name alone.
type paramUse struct {
	heeded   bool // tests it, or hands it on, and never sets it to something else
	handed   bool // of these, the latter
	names    bool // getattr(order, name)
	renders  bool // f"{name}.html"
	spawns   bool // greenlet_spawn(getattr, order, name), for name in names: getattr(order, name), f"{name}.html": any string is of interest
	each     bool // handed, to where each in a list is the name of an attribute: outer(order, names), for name in names: getattr(order, name)
	refills  bool // names = names or ["items"], names = [*names, "items"]: the names of a list that it reads by, whatever it sets it to
	formats  bool // text.format(order=order): a text that reads relationships is of interest
	picks    bool // self.repositories[name], of these heeded
	called   bool
	set      bool // the function gives it something else
	weighed  bool // compared or tested, in any function
	compared bool // mode == "full", match mode, in a function that spells loader options: any string is of interest
}

// usesOf are the uses of a function's parameters.
func (a *analysis) usesOf(f *pymodule.Function) []paramUse {
	return *a.t.uses.get(f, func() *[]paramUse {
		out := make([]paramUse, len(f.Params))
		set := make([]bool, len(f.Params))
		t := f.Module.Tree
		for n := range t.Within(f.Body) {
			if t.Kind(n) != pysyntax.Identifier {
				continue
			}
			i := f.ParamIndex(t.Text(n))
			if i < 0 {
				continue
			}
			out[i].called = out[i].called || t.Field(n) == pysyntax.FieldFunction && t.Kind(t.Parent(n)) == pysyntax.Call || runs(t, n)
			out[i].heeded = out[i].heeded || t.Is(t.Parent(n), pysyntax.IfStatement, pysyntax.ElifClause,
				pysyntax.ConditionalExpression, pysyntax.BooleanOperator, pysyntax.NotOperator, pysyntax.ParenthesizedExpression,
				pysyntax.ArgumentList, pysyntax.KeywordArgument) || t.Field(n) == pysyntax.FieldSubscript
			compared, _, _ := wordComparison(t, t.Parent(n))
			out[i].compared = out[i].compared || compared == n || t.Field(n) == pysyntax.FieldSubject
			out[i].weighed = out[i].weighed || compared == n || t.Field(n) == pysyntax.FieldSubject || t.Is(t.Parent(n), pysyntax.IfStatement,
				pysyntax.ElifClause, pysyntax.ConditionalExpression, pysyntax.BooleanOperator, pysyntax.NotOperator)
			out[i].picks = out[i].picks || t.Field(n) == pysyntax.FieldSubscript
			out[i].handed = out[i].handed || t.Is(t.Parent(n), pysyntax.ArgumentList, pysyntax.KeywordArgument)
			if readsEach(t, n, f.Body) || readsSplit(t, n, f.Body) {
				out[i].heeded, out[i].handed, out[i].spawns, out[i].refills = true, true, true, true
			}
			if splat := t.Parent(n); t.Kind(splat) == pysyntax.ListSplat && readsByPath(t, splat) { // attrgetter(*names)
				out[i].heeded, out[i].handed, out[i].spawns = true, true, true
			}
			if makesTemplateName(t, n) {
				out[i].heeded, out[i].handed, out[i].spawns, out[i].renders = true, true, true, true
			}
			if calledOn(t, n, "format") != pysyntax.Nil || calledOn(t, n, "format_map") != pysyntax.Nil {
				out[i].heeded, out[i].handed, out[i].formats = true, true, true
			}
			if call, _ := stripsName(t, n); call != pysyntax.Nil {
				out[i].heeded, out[i].handed = true, true
			}
			if a.keepsString(t, n) {
				out[i].heeded, out[i].handed = true, true
			}
			if t.Field(n) == pysyntax.FieldSubscript && a.givesItems() {
				out[i].heeded, out[i].handed = true, true
			}
			out[i].spawns = out[i].spawns || readsByPath(t, n)
			out[i].each = a.listTakers()[f][i]
			out[i].names = out[i].names || namesAttribute(t, n)
			set[i] = set[i] || t.Field(n) == pysyntax.FieldLeft && !t.Is(t.Parent(n), pysyntax.BooleanOperator, pysyntax.BinaryOperator) ||
				t.Kind(t.Parent(n)) == pysyntax.NamedExpression && t.Field(n) == pysyntax.FieldName ||
				t.Is(t.Parent(n), pysyntax.PatternList, pysyntax.TuplePattern, pysyntax.AsPattern, pysyntax.AsPatternTarget) ||
				t.Kind(t.Enclosing(n, pysyntax.CasePattern, pysyntax.CaseClause)) == pysyntax.CasePattern // a capture
		}
		for i := range out {
			u := &out[i]
			// A wrapper may pass another word than is given.
			u.compared = u.compared && !set[i] && len(f.Decorators) == 0 && spellsLoader(t, f.Body)
			u.heeded, u.handed, u.picks = (u.heeded || u.compared) && !set[i], u.handed && !set[i], u.picks && !set[i]
			u.set, u.refills = set[i], set[i] && u.refills && !loadsByName(t, f.Body) || u.each
		}
		return &out
	})
}

// namesAttribute reports whether an attribute is read by what a name holds.
func namesAttribute(t *pysyntax.Tree, name pysyntax.Node) bool {
	list := t.Parent(name)
	return t.Kind(list) == pysyntax.ArgumentList && t.Nth(list, 1) == name && t.Text(t.Child(t.Parent(list), pysyntax.FieldFunction)) == "getattr"
}

// keepsString reports whether a name is that of a string which an attribute keeps, by which others are read: self._key = key, and
// elsewhere attrgetter(self._key).
func (a *analysis) keepsString(t *pysyntax.Tree, name pysyntax.Node) bool {
	kept := t.Parent(name)
	if t.Kind(kept) != pysyntax.Assignment || t.Field(name) != pysyntax.FieldRight {
		return false
	}
	to := t.Child(kept, pysyntax.FieldLeft)
	return t.Kind(to) == pysyntax.Attribute && a.stringUses()[t.Text(t.Child(to, pysyntax.FieldAttribute))].names
}

// runs reports whether what a name holds is given to what calls it: loop.run_in_executor(None, func), partial(func, order).
func runs(t *pysyntax.Tree, name pysyntax.Node) bool {
	list := t.Parent(name)
	if t.Kind(list) != pysyntax.ArgumentList {
		return false
	}
	switch pymodule.Last(t.Text(t.Child(t.Parent(list), pysyntax.FieldFunction))) {
	case "partial", "run_in_executor", "to_thread", "run_in_threadpool", "run_sync", "submit":
		return true
	}
	return false
}

// decided is whether a condition holds, as far as flags say so.
func (x *interp) decided(n pysyntax.Node) (holds, known bool) {
	t := x.t
	switch t.Kind(n) {
	case pysyntax.ParenthesizedExpression:
		return x.decided(t.First(n))
	case pysyntax.True, pysyntax.False:
		return t.Kind(n) == pysyntax.True, true
	case pysyntax.NotOperator:
		holds, known = x.decided(t.Child(n, pysyntax.FieldArgument))
		return !holds, known
	case pysyntax.Identifier:
		if x.isLeft(n) {
			return false, true
		}
		if v := x.quiet(n); len(v) == 1 && isFlag(v[0]) && (!isWord(v[0]) || x.onlyWord(n) != "") {
			return v[0].name != "False", true
		}
	case pysyntax.ComparisonOperator:
		if holds, known = x.decidedByFact(n); known {
			return holds, known
		}
		return x.decidedByWord(n)
	case pysyntax.BooleanOperator:
		l, r := t.Child(n, pysyntax.FieldLeft), t.Child(n, pysyntax.FieldRight)
		left, leftKnown := x.decided(l)
		right, rightKnown := x.decided(r)
		// One operand that is known decides `and` when it is false, `or` when it is true.
		decides := strings.HasPrefix(strings.TrimSpace(string(t.Source()[t.End(l):t.Start(r)])), "or")
		switch {
		case leftKnown && left == decides, rightKnown && right == decides:
			return decides, true
		case leftKnown && rightKnown:
			return !decides, true
		}
	}
	return false, false
}

// bringsLoaders reports whether n adds loader options to what is there: stmt = stmt.options(...), options.append(...),
// options = [...]. A statement that is made in n with its options is none of these.
func (x *interp) bringsLoaders(n pysyntax.Node) bool {
	t := x.t
	for c := range t.Within(n) {
		switch t.Kind(c) {
		case pysyntax.Call:
			fn := t.Child(c, pysyntax.FieldFunction)
			switch pymodule.Last(t.Text(fn)) {
			case "options":
				if root := t.Child(fn, pysyntax.FieldObject); t.Is(x.chainRoot(root), pysyntax.Identifier, pysyntax.Attribute) {
					return true
				}
			case "append", "extend", "insert":
				if spellsLoader(t, t.Child(c, pysyntax.FieldArguments)) {
					return true
				}
			}
		case pysyntax.Assignment, pysyntax.AugmentedAssignment:
			right := t.Child(c, pysyntax.FieldRight)
			if (t.Kind(c) == pysyntax.AugmentedAssignment || t.Is(right, pysyntax.List, pysyntax.Tuple)) && spellsLoader(t, right) {
				return true
			}
		}
	}
	return false
}

// chainRoot is what the calls of a chain begin with: stmt of stmt.where(...).limit(1), the call select(A) of
// select(A).where(...).
func (x *interp) chainRoot(n pysyntax.Node) pysyntax.Node {
	t := x.t
	for t.Kind(n) == pysyntax.Call {
		fn := t.Child(n, pysyntax.FieldFunction)
		if t.Kind(fn) != pysyntax.Attribute {
			return n
		}
		switch pymodule.Last(t.Text(fn)) {
		case "select", "Select", "SelectOfScalar", "query", "Query":
			return n
		}
		n = t.Child(fn, pysyntax.FieldObject)
	}
	return n
}

func spellsLoader(t *pysyntax.Tree, n pysyntax.Node) bool {
	for c := range t.Within(n) {
		if t.Kind(c) == pysyntax.Call {
			if IsLoader(pymodule.Last(t.Text(t.Child(c, pysyntax.FieldFunction)))) {
				return true
			}
		}
	}
	return false
}
