package rewrite

import (
	"github.com/lazyfix/lazyfix/rewrite/internal/loadflow"
	"github.com/lazyfix/lazyfix/rewrite/internal/pymodule"
	"github.com/lazyfix/lazyfix/rewrite/internal/pysyntax"
)

// ownOption reports whether an existing option may be deepened for a need: it stands in the statement, or in a variable
// that is used there only, or wherever it is used the same is needed. Otherwise the other statements would load what they
// do not read, and the option for this one stands beside the variable.
func (p *program) ownOption(t *target, o *loadflow.Option, w want) bool {
	variable := heldBy(o, t)
	if variable == pysyntax.Nil || o.Func == nil {
		return true
	}
	tree := o.Module.Tree
	uses := 0
	for n := range tree.Within(o.Func.Body) {
		if tree.Kind(n) != pysyntax.Identifier || tree.Text(n) != tree.Text(variable) {
			continue
		}
		switch tree.Field(n) {
		case pysyntax.FieldLeft, pysyntax.FieldName, pysyntax.FieldAttribute: // .options(*options)
		default:
			uses++
		}
	}
	return uses <= len(p.needing(o, w))
}

// heldBy is the name that an option is assigned to, Nil where it stands in the statement of the target.
func heldBy(o *loadflow.Option, t *target) pysyntax.Node {
	tree := o.Module.Tree
	for n := tree.Parent(o.Node); n != pysyntax.Nil; n = tree.Parent(n) {
		switch tree.Kind(n) {
		case pysyntax.Call:
			if appliesOptions(tree, n) {
				return pysyntax.Nil
			}
		case pysyntax.Assignment:
			if left := tree.Child(n, pysyntax.FieldLeft); tree.Kind(left) == pysyntax.Identifier && !(o.Module == t.module && tree.Contains(n, t.node)) {
				return left
			}
			return pysyntax.Nil
		case pysyntax.Block:
			return pysyntax.Nil
		}
	}
	return pysyntax.Nil
}

// appliesOptions tells statement.options(...) from selectinload(A.b).options(...).
func appliesOptions(tree *pysyntax.Tree, call pysyntax.Node) bool {
	function := tree.Child(call, pysyntax.FieldFunction)
	if tree.Text(tree.Child(function, pysyntax.FieldAttribute)) != "options" {
		return false
	}
	first := ""
	for n := tree.Child(function, pysyntax.FieldObject); n != pysyntax.Nil; {
		switch tree.Kind(n) {
		case pysyntax.Call:
			n = tree.Child(n, pysyntax.FieldFunction)
			first = pymodule.Last(tree.Text(n))
		case pysyntax.Attribute:
			n = tree.Child(n, pysyntax.FieldObject)
		default:
			return !loadflow.IsLoader(first)
		}
	}
	return true
}

// enclosing is the statement of Python that a node stands in.
func enclosing(tree *pysyntax.Tree, n pysyntax.Node) pysyntax.Node {
	for up := tree.Parent(n); up != pysyntax.Nil && !tree.Is(up, pysyntax.Block, pysyntax.Module); up = tree.Parent(up) {
		n = up
	}
	return n
}

// needing are the queries that have the option and need the same behind it.
func (p *program) needing(o *loadflow.Option, w want) map[pysyntax.Node]bool {
	out := map[pysyntax.Node]bool{}
	for _, d := range p.flow.Demands {
		has := false
		for _, other := range d.Options {
			has = has || other.Module == o.Module && other.Node == o.Node
		}
		for _, n := range d.Needs {
			same := len(n.Steps) == len(w.need.Steps) && samePrefix(n.Steps, w.need.Steps, len(n.Steps))
			if has && same && (n == w.need || n.Loaded == w.loaded) {
				out[d.Site.Node] = true
			}
		}
	}
	return out
}
