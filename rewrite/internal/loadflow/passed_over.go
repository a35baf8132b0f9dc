package loadflow

import (
	"slices"
	"strings"

	"github.com/lazyfix/lazyfix/rewrite/internal/pymodule"
	"github.com/lazyfix/lazyfix/rewrite/internal/pysyntax"
)

// Code that reads each of the attributes that a class lists may pass over some:
//
//	for column in inspect(type(order)).columns:
//		if column.key in HIDDEN: continue
//		values[column.key] = getattr(order, column.key)
//
//	{name: getattr(order, name) for name in OrderOut.model_fields if name not in skip}
//
// Conditions are read that hold where the attribute is read: around it, of its comprehension or the one that its names come of, and
// behind an `if` that goes on with the next.

// passedOver answers of a name whether getattr(order, name) at a place never reads it.
type passedOver struct {
	except map[string]bool // those that are never read
	only   map[string]bool // all that may be read; nil where any may
}

func (p passedOver) has(name string) bool { return p.except[name] || p.only != nil && !p.only[name] }

// passedOver are the names by which an attribute is never read at a place.
func (x *interp) passedOver(name, at pysyntax.Node) passedOver {
	out := passedOver{except: map[string]bool{}}
	t := x.t
	same := map[string]bool{nameOf(t, name): true} // what stands for the name
	from := x.namesFrom(name)
	for _, n := range from {
		if t.Is(n, pysyntax.Identifier, pysyntax.Attribute) && n != name && slices.Contains(x.givenBy(name), n) {
			same[nameOf(t, n)] = true
		}
	}
	x.conditionsAt(at, func(condition pysyntax.Node, holds bool) { x.saysOfName(condition, holds, same, &out, 0) })
	for _, n := range from {
		if !t.Is(n, pysyntax.ListComprehension, pysyntax.SetComprehension, pysyntax.GeneratorExpression) {
			continue
		}
		body := map[string]bool{nameOf(t, t.Child(n, pysyntax.FieldBody)): true}
		for c := range t.Children(n) {
			if t.Kind(c) == pysyntax.IfClause {
				x.saysOfName(t.First(c), true, body, &out, 0)
			}
		}
	}
	return out
}

// nameOf is what an expression is the name of: column of column.key.
func nameOf(t *pysyntax.Tree, n pysyntax.Node) string {
	text := t.Text(n)
	for _, suffix := range []string{".key", ".name"} {
		text = strings.TrimSuffix(text, suffix)
	}
	return text
}

// conditionsAt gives the conditions that hold, or do not, where a node is evaluated, in its function.
func (x *interp) conditionsAt(at pysyntax.Node, do func(condition pysyntax.Node, holds bool)) {
	t := x.t
	for n, up := at, t.Parent(at); up != pysyntax.Nil && !t.Is(n, pysyntax.FunctionDefinition, pysyntax.Lambda); n, up = up, t.Parent(up) {
		switch t.Kind(up) {
		case pysyntax.ListComprehension, pysyntax.SetComprehension, pysyntax.GeneratorExpression, pysyntax.DictionaryComprehension:
			for c := range t.Children(up) {
				if t.Kind(c) == pysyntax.IfClause && t.Field(n) == pysyntax.FieldBody {
					do(t.First(c), true)
				}
			}
		case pysyntax.IfStatement, pysyntax.ElifClause:
			if t.Field(n) == pysyntax.FieldConsequence {
				do(t.Child(up, pysyntax.FieldCondition), true)
			} else if t.Kind(n) == pysyntax.ElseClause || t.Kind(n) == pysyntax.ElifClause {
				do(t.Child(up, pysyntax.FieldCondition), false)
			}
		case pysyntax.ConditionalExpression:
			if n == t.Nth(up, 0) || n == t.Nth(up, 2) {
				do(t.Nth(up, 1), n == t.Nth(up, 0))
			}
		case pysyntax.BooleanOperator:
			if left := t.Child(up, pysyntax.FieldLeft); n != left {
				do(left, isAnd(t, up))
			}
		case pysyntax.Block:
			for c := range t.Children(up) {
				if c == n {
					break
				}
				if t.Kind(c) == pysyntax.IfStatement && leaves(t, t.Child(c, pysyntax.FieldConsequence)) {
					do(t.Child(c, pysyntax.FieldCondition), false)
				}
			}
		}
	}
}

// leaves reports whether a block ends so that what stands behind it is not run.
func leaves(t *pysyntax.Tree, block pysyntax.Node) bool {
	last := pysyntax.Nil
	for c := range t.Children(block) {
		if t.Kind(c) != pysyntax.Comment {
			last = c
		}
	}
	return t.Is(last, pysyntax.ContinueStatement, pysyntax.BreakStatement, pysyntax.ReturnStatement, pysyntax.RaiseStatement)
}

// saysOfName adds what a condition says of a name: name in HIDDEN, name != "items".
func (x *interp) saysOfName(condition pysyntax.Node, holds bool, same map[string]bool, out *passedOver, depth int) {
	t := x.t
	switch t.Kind(condition) {
	case pysyntax.ParenthesizedExpression:
		x.saysOfName(t.First(condition), holds, same, out, depth)
	case pysyntax.NotOperator:
		x.saysOfName(t.Child(condition, pysyntax.FieldArgument), !holds, same, out, depth)
	case pysyntax.BooleanOperator:
		if isAnd(t, condition) == holds {
			x.saysOfName(t.Child(condition, pysyntax.FieldLeft), holds, same, out, depth)
			x.saysOfName(t.Child(condition, pysyntax.FieldRight), holds, same, out, depth)
		}
	case pysyntax.ComparisonOperator:
		sides := slices.Collect(t.Children(condition))
		if len(sides) != 2 || !same[nameOf(t, sides[0])] {
			return
		}
		scope := stringScope{x.m, x.u.key.fn}
		switch operator := between(t, sides[0], sides[1]); operator {
		case "in", "not in":
			names := x.a.stringsOf(scope, sides[1], 0)
			if (operator == "in") != holds {
				for name := range names.sure {
					out.except[name] = true
				}
			} else if names.all {
				out.narrow(names.sure)
			}
		case "==", "!=":
			name := pymodule.StringValue(t, sides[1])
			if name == "" {
				return
			}
			if (operator == "==") != holds {
				out.except[name] = true
			} else {
				out.narrow(map[string]bool{name: true})
			}
		}
	}
}

func (p *passedOver) narrow(names map[string]bool) {
	if p.only == nil {
		p.only = names
		return
	}
	both := map[string]bool{}
	for name := range names {
		if p.only[name] {
			both[name] = true
		}
	}
	p.only = both
}
