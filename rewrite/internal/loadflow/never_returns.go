package loadflow

import (
	"bytes"
	"slices"

	"github.com/lazyfix/lazyfix/rewrite/internal/pymodule"
	"github.com/lazyfix/lazyfix/rewrite/internal/pysyntax"
)

// raisesHere reports whether a statement calls what always raises, self.raise_error("..."), so that what follows is not reached.
// Edges are how many calls the function had before.
func (x *interp) raisesHere(statement pysyntax.Node, edges int) bool {
	call := x.t.First(statement)
	if x.t.Kind(call) == pysyntax.Await {
		call = x.t.First(call)
	}
	with := x.t.Enclosing(statement, pysyntax.WithStatement, pysyntax.FunctionDefinition) // which may swallow what is raised in it
	if x.t.Kind(call) != pysyntax.Call || x.t.Kind(with) == pysyntax.WithStatement {
		return false
	}
	found := false
	for _, e := range x.out.edges[min(edges, len(x.out.edges)):] {
		if e.node != call || e.mod != x.m || e.framework {
			continue
		}
		if found = neverReturns(e.callee.fn) && x.isSurely(x.t.Child(call, pysyntax.FieldFunction), e.callee.fn); !found {
			return false
		}
	}
	return found
}

// isSurely reports whether an expression means a function and nothing else: a method of self, or a name that its module defines at
// its top and does not bind again.
func (x *interp) isSurely(n pysyntax.Node, f *pymodule.Function) bool {
	t, own := x.t, x.u.key.fn
	if t.Kind(n) == pysyntax.Attribute {
		return own != nil && isMethod(own) && f.Class != nil && t.Text(t.Child(n, pysyntax.FieldObject)) == own.Params[0].Name
	}
	if t.Kind(n) != pysyntax.Identifier || f.Class != nil || f.Outer != nil || f.Module.Tree.Parent(f.Node) != f.Module.Tree.Root() ||
		bytes.Contains(f.Module.Tree.Source(), []byte("global "+f.Name)) {
		return false
	}
	if _, local := x.env[t.Text(n)]; local {
		return false
	}
	s, others := x.a.g.Meanings(x.m, nil, own, t.Text(n))
	return s.Function == f && len(others) == 0
}

// neverReturns reports whether a function ends by raising whatever it meets on its way. A method that is to be overridden does not
// count.
func neverReturns(f *pymodule.Function) bool {
	if f == nil || f.Lambda() || f.Generator || len(f.Decorators) > 0 {
		return false
	}
	t := f.Module.Tree
	if !neverEnds(t, f.Body) || t.Names(f.Body, "NotImplemented") || t.Names(f.Body, "NotImplementedError") {
		return false
	}
	for n := range t.Within(f.Body) {
		if t.Kind(n) == pysyntax.ReturnStatement {
			return false
		}
	}
	return true
}

// neverEnds reports whether the last statement of a block raises, on each of its ways.
func neverEnds(t *pysyntax.Tree, block pysyntax.Node) bool {
	statements := slices.Collect(t.Children(block))
	if len(statements) == 0 {
		return false
	}
	last := statements[len(statements)-1]
	switch t.Kind(last) {
	case pysyntax.RaiseStatement:
		return true
	case pysyntax.IfStatement:
		otherwise := false
		for c := range t.Children(last) {
			switch t.Kind(c) {
			case pysyntax.Block:
				if !neverEnds(t, c) {
					return false
				}
			case pysyntax.ElifClause, pysyntax.ElseClause:
				body := t.Child(c, pysyntax.FieldBody)
				if t.Kind(c) == pysyntax.ElifClause {
					body = t.Child(c, pysyntax.FieldConsequence)
				}
				if !neverEnds(t, body) {
					return false
				}
				otherwise = otherwise || t.Kind(c) == pysyntax.ElseClause
			}
		}
		return otherwise
	}
	return false
}
