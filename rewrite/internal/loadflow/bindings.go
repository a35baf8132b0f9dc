package loadflow

import (
	"iter"
	"slices"
	"strings"

	"github.com/lazyfix/lazyfix/rewrite/internal/pymodule"
	"github.com/lazyfix/lazyfix/rewrite/internal/pysyntax"
)

// Where the source gives a name a value, for what is asked of the text alone. What counts differs: bindings are all of one name, of
// whatever kind, and say whether it has one value; boundIn are those that give a name another object, also self.order, for
// all names of a block at once; assignments are the plain ones, whose right side is the value.

// bindings are the nodes of a function's body that give a name a value: assignments, loops, what `as` names.
func bindings(f *pymodule.Function, name string) []pysyntax.Node {
	t := f.Module.Tree
	var out []pysyntax.Node
	for n := range t.Within(f.Body) {
		target := pysyntax.Nil
		switch t.Kind(n) {
		case pysyntax.Assignment, pysyntax.AugmentedAssignment, pysyntax.ForStatement, pysyntax.ForInClause:
			target = t.Child(n, pysyntax.FieldLeft)
		case pysyntax.NamedExpression:
			target = t.Child(n, pysyntax.FieldName)
		case pysyntax.AsPattern:
			target = t.Child(n, pysyntax.FieldAlias)
		}
		for c := range t.Within(target) {
			if t.Kind(c) == pysyntax.Identifier && t.Text(c) == name && t.Kind(t.Parent(c)) != pysyntax.Attribute {
				out = append(out, n)
				break
			}
		}
	}
	return out
}

// bindsParameter reports whether a function gives a parameter of its own another value.
func bindsParameter(f *pymodule.Function) bool {
	return slices.ContainsFunc(f.Params, func(p pymodule.Param) bool { return len(bindings(f, p.Name)) > 0 })
}

// boundIn are the nodes of a block that give a name a value, by name.
func (t *table) boundIn(m *pymodule.Module, block pysyntax.Node) *map[string][]pysyntax.Node {
	return t.bound.get(nodeKey{m, block}, func() *map[string][]pysyntax.Node {
		bound := map[string][]pysyntax.Node{}
		for n := range m.Tree.Within(block) {
			if !m.Tree.Is(n, pysyntax.Assignment, pysyntax.ForStatement, pysyntax.NamedExpression) {
				continue
			}
			for _, name := range strings.FieldsFunc(m.Tree.Text(m.Tree.First(n)), func(r rune) bool { return strings.ContainsRune("(), ", r) }) {
				bound[name] = append(bound[name], n)
			}
		}
		return &bound
	})
}

// assignments are the plain assignments within a node to what is spelled so: order = ..., self.order = ....
func assignments(t *pysyntax.Tree, within pysyntax.Node, to string) iter.Seq[pysyntax.Node] {
	return func(yield func(pysyntax.Node) bool) {
		for n := range t.Within(within) {
			if t.Kind(n) == pysyntax.Assignment && t.Text(t.Child(n, pysyntax.FieldLeft)) == to && !yield(n) {
				return
			}
		}
	}
}

// madeFor are the expressions within a node that a name stands for: s = make(), async with Session() as s.
func madeFor(t *pysyntax.Tree, within pysyntax.Node, name string) iter.Seq[pysyntax.Node] {
	return func(yield func(pysyntax.Node) bool) {
		for n := range t.Within(within) {
			made, to := pysyntax.Nil, pysyntax.Nil
			switch t.Kind(n) {
			case pysyntax.AsPattern:
				made, to = t.First(n), t.First(t.Child(n, pysyntax.FieldAlias))
			case pysyntax.Assignment:
				made, to = t.Child(n, pysyntax.FieldRight), t.Child(n, pysyntax.FieldLeft)
			}
			if t.Text(to) == name && !yield(made) {
				return
			}
		}
	}
}

// givenBy is all that a local name may have been given by assignments where it is used.
func (x *interp) givenBy(name pysyntax.Node) []pysyntax.Node {
	t := x.t
	var out []pysyntax.Node
	for n := range assignments(t, t.Enclosing(name, pysyntax.FunctionDefinition), t.Text(name)) {
		if block := t.Parent(t.Parent(n)); t.End(n) <= t.Start(name) && t.Contains(block, name) {
			out = nil // whatever came before
		}
		out = append(out, t.Child(n, pysyntax.FieldRight))
	}
	return out
}
