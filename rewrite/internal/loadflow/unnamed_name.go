package loadflow

import (
	"slices"

	"github.com/lazyfix/lazyfix/rewrite/internal/pymodule"
	"github.com/lazyfix/lazyfix/rewrite/internal/pysyntax"
)

// goesOn is how far code goes on from what it read of a name: order = getattr(order, part), or a function that calls itself.
func (x *interp) goesOn(owner, read pysyntax.Node) Behind {
	t := x.t
	if set := t.Enclosing(read, pysyntax.Assignment, pysyntax.FunctionDefinition); t.Kind(set) == pysyntax.Assignment && t.Text(t.Child(set, pysyntax.FieldLeft)) == t.Text(owner) {
		return OneBehind
	}
	if f := x.u.key.fn; f != nil {
		for n := range t.Within(f.Body) {
			if t.Kind(n) == pysyntax.Call && pymodule.Last(t.Text(t.Child(n, pysyntax.FieldFunction))) == f.Name {
				return AllBehind
			}
		}
	}
	return NothingBehind
}

// namesColumn reports whether an expression is the name of a column: for c in order.__table__.columns: getattr(order, c.name).
func (x *interp) namesColumn(name pysyntax.Node) bool {
	return slices.ContainsFunc(x.namesFrom(name), func(from pysyntax.Node) bool {
		return listsColumns.MatchString(x.t.Text(from))
	})
}

// namesFrom are the expressions that give an expression its names: itself, what the loops and comprehensions around it go over that
// bind its names, and what these names were given.
func (x *interp) namesFrom(name pysyntax.Node) []pysyntax.Node {
	t, out := x.t, []pysyntax.Node{name}
	for i := 0; i < len(out) && i < maxNesting; i++ {
		for n := range identifiersIn(t, out[i]) {
			out = append(out, x.givenBy(n)...)
			out = append(out, loopsOver(t, n)...)
		}
	}
	return out
}

// loopsOver are what the loops and comprehensions around a name go over that bind it.
func loopsOver(t *pysyntax.Tree, name pysyntax.Node) []pysyntax.Node {
	var out []pysyntax.Node
	for up := t.Parent(name); up != pysyntax.Nil && !t.Is(up, pysyntax.FunctionDefinition, pysyntax.Module); up = t.Parent(up) {
		loops := []pysyntax.Node{up}
		for c := range t.Children(up) {
			if t.Kind(c) == pysyntax.ForInClause {
				loops = append(loops, c)
			}
		}
		for _, loop := range loops {
			over := t.Child(loop, pysyntax.FieldRight)
			if t.Is(loop, pysyntax.ForStatement, pysyntax.ForInClause) && t.Names(t.Child(loop, pysyntax.FieldLeft), t.Text(name)) && !t.Contains(over, name) {
				out = append(out, over)
			}
		}
	}
	return out
}

// spelledNames reports whether a name is one of those that the code spells, so that one of a relationship would have been met: in the
// list that a loop goes over, or in a constant. Where it is by the parameters, the callers of the function must spell it.
func (x *interp) spelledNames(n pysyntax.Node, depth int) (by []int, ok bool) {
	t, f := x.t, x.u.key.fn
	if n = unpacked(t, n); depth > maxNesting || t.Kind(n) != pysyntax.Identifier {
		return nil, spellsAll(t, n)
	}
	from := append(loopsOver(t, n), x.givenBy(n)...)
	if len(from) == 0 && f != nil && f.ParamIndex(t.Text(n)) >= 0 {
		return []int{f.ParamIndex(t.Text(n))}, true
	}
	if len(from) == 0 {
		v := x.a.g.ResolveIn(x.m, nil, f, t.Text(n)).Variable
		return nil, v != nil && spellsAll(v.Module.Tree, v.Value)
	}
	for _, n := range from {
		more, ok := x.spelledNames(n, depth+1)
		if !ok {
			return nil, false
		}
		by = append(by, more...)
	}
	return by, true
}

// spellsAll reports whether an expression is a string, or a list, tuple, set or dictionary of such and of lists of such.
func spellsAll(t *pysyntax.Tree, n pysyntax.Node) bool {
	switch t.Kind(n) {
	case pysyntax.String:
		return pymodule.StringValue(t, n) != "" || t.Text(n) == `""`
	case pysyntax.List, pysyntax.Tuple, pysyntax.Set:
		for c := range t.Children(n) {
			if t.Kind(c) != pysyntax.Comment && !spellsAll(t, c) {
				return false
			}
		}
		return true
	case pysyntax.Dictionary:
		for c := range t.Children(n) {
			if t.Kind(c) != pysyntax.Comment && (t.Kind(c) != pysyntax.Pair || pymodule.StringValue(t, t.Child(c, pysyntax.FieldKey)) == "") {
				return false
			}
		}
		return true
	}
	return false
}

// calls are what calls a function, in whatever context.
func (p *propagation) calls(f *pymodule.Function) []*edge {
	var out []*edge
	for _, k := range p.a.contexts[f] {
		for _, edges := range p.a.callers[k.id] {
			out = append(out, edges...)
		}
	}
	return out
}

// named reports whether the code says which names these are, after all: each call of the function spells them. Of an object that
// the callers pass, the names that they have set are met where they are passed (nameArguments).
func (p *propagation) named(r unnamedRead, f *pymodule.Function) bool {
	calls := p.calls(f)
	if len(r.by) == 0 || len(calls) == 0 {
		return false
	}
	if r.sets && r.of.origin.kind == fromParam {
		return true
	}
	return !slices.ContainsFunc(calls, func(e *edge) bool {
		return slices.ContainsFunc(r.by, func(i int) bool {
			if f.Params[i].Kind == pymodule.StarStar {
				return p.mayName(e, r.of.class)
			}
			n := argumentFor(e.mod.Tree, f, i, e.node)
			return !spellsAll(e.mod.Tree, n) && !(r.sets && schemaDump.MatchString(e.mod.Tree.Text(n)))
		})
	})
}

// mayName reports whether a call has a keyword that is a relationship of a class, or others behind ** than what a schema dumps.
func (p *propagation) mayName(e *edge, c *pymodule.Class) bool {
	t := e.mod.Tree
	for n := range t.Children(t.Child(e.node, pysyntax.FieldArguments)) {
		switch t.Kind(n) {
		case pysyntax.KeywordArgument:
			if p.a.ix.Relationship(c, t.Text(t.Child(n, pysyntax.FieldName))) != nil {
				return true
			}
		case pysyntax.DictionarySplat:
			if !schemaDump.MatchString(t.Text(n)) {
				return true
			}
		}
	}
	return false
}
