package rewrite

import (
	"strings"

	"github.com/lazyfix/lazyfix/rewrite/internal/loadflow"
	"github.com/lazyfix/lazyfix/rewrite/internal/pymodule"
	"github.com/lazyfix/lazyfix/rewrite/internal/pysyntax"
)

// The options that a call gives already are put into a list with ours, which fails where they are None:
//
//	await repo.get(1, [selectinload(Order.notes)] if notes else None)
//
// becomes [*(([...] if notes else None) or ()), ...]. Those given by position stay there: a keyword beside them is a TypeError.

// givenOptions is what a call gives to the parameter for loader options, Nil for nothing. Unseen: a * before it may bring it, or shift it.
func givenOptions(call *loadflow.Site, name string) (value pysyntax.Node, unseen bool) {
	t := call.Module.Tree
	if value = t.Keyword(call.Node, name); value != pysyntax.Nil || call.ParamIndex < 0 {
		return value, false
	}
	at, spread := 0, false
	for n := range t.Children(t.Child(call.Node, pysyntax.FieldArguments)) {
		switch {
		case t.Is(n, pysyntax.Comment, pysyntax.KeywordArgument, pysyntax.DictionarySplat):
		case t.Is(n, pysyntax.ListSplat, pysyntax.ParenthesizedListSplat):
			length := splatLength(call, t.First(n))
			spread = true
			if at += length; length < 0 || at > call.ParamIndex {
				return pysyntax.Nil, true
			}
		case at == call.ParamIndex:
			return n, spread // what the flow does not see either
		default:
			at++
		}
	}
	return pysyntax.Nil, false
}

// splatLength is how many arguments a * brings: of a display, or of a name that the function binds to one and has no other use for.
// -1 where that is not known.
func splatLength(call *loadflow.Site, value pysyntax.Node) int {
	t := call.Module.Tree
	if t.Kind(value) == pysyntax.Identifier && call.Function != nil && call.Function.ParamIndex(t.Text(value)) < 0 {
		name, given := t.Text(value), pysyntax.Nil
		for n := range t.Within(call.Function.Body) {
			switch {
			case t.Kind(n) != pysyntax.Identifier || t.Text(n) != name || t.Is(t.Parent(n), pysyntax.ListSplat, pysyntax.ParenthesizedListSplat):
			case t.Kind(t.Parent(n)) == pysyntax.Assignment && t.Field(n) == pysyntax.FieldLeft && given == pysyntax.Nil:
				given = t.Child(t.Parent(n), pysyntax.FieldRight)
			default:
				return -1
			}
		}
		value = given
	}
	if !t.Is(value, pysyntax.List, pysyntax.Tuple) || hasChild(t, value, pysyntax.ListSplat) || hasChild(t, value, pysyntax.ParenthesizedListSplat) {
		return -1
	}
	length := 0
	for n := range t.Children(value) {
		if t.Kind(n) != pysyntax.Comment {
			length++
		}
	}
	return length
}

// mayBeNone reports whether the options at a target may be None: where they are a parameter, by its default or its annotation; a
// local name or an attribute, by what it is set to; a call, by what the program's functions of that name are annotated with.
func (p *program) mayBeNone(t *target) bool {
	return p.maybeNone(t.module, t.function, t.node, 3)
}

func (p *program) maybeNone(m *pymodule.Module, f *pymodule.Function, n pysyntax.Node, depth int) bool {
	t := m.Tree
	if depth == 0 {
		return false
	}
	switch t.Kind(n) {
	case pysyntax.None:
		return true
	case pysyntax.ParenthesizedExpression, pysyntax.Await:
		return p.maybeNone(m, f, t.First(n), depth)
	case pysyntax.ConditionalExpression:
		return p.maybeNone(m, f, t.First(n), depth) || p.maybeNone(m, f, t.Nth(n, 2), depth)
	case pysyntax.BooleanOperator:
		left, right := t.Child(n, pysyntax.FieldLeft), t.Child(n, pysyntax.FieldRight)
		and := strings.HasPrefix(strings.TrimSpace(string(t.Source()[t.End(left):t.Start(right)])), "and")
		return and || p.maybeNone(m, f, right, depth) // flag and [...] is False
	case pysyntax.Identifier:
		return p.nameMayBeNone(m, f, n, depth)
	case pysyntax.Attribute:
		return p.attributeMayBeNone(t.Text(t.Child(n, pysyntax.FieldAttribute)))
	case pysyntax.Call:
		return p.callMayBeNone(pymodule.Last(t.Text(t.Child(n, pysyntax.FieldFunction))))
	}
	return false
}

func (p *program) nameMayBeNone(m *pymodule.Module, f *pymodule.Function, n pysyntax.Node, depth int) bool {
	t := m.Tree
	if f == nil {
		return false
	}
	if i := f.ParamIndex(t.Text(n)); i >= 0 && saysNone(t, f.Params[i].Default, f.Params[i].Annotation) {
		return true
	}
	for at := range t.Within(f.Body) {
		if t.Kind(at) == pysyntax.Assignment && t.Text(t.Child(at, pysyntax.FieldLeft)) == t.Text(n) {
			if p.maybeNone(m, f, t.Child(at, pysyntax.FieldRight), depth-1) {
				return true
			}
		}
	}
	return false
}

// attributeMayBeNone reports whether a class of the program has an attribute of a name that is None, or may be by its annotation.
func (p *program) attributeMayBeNone(name string) bool {
	for _, m := range p.graph.Modules {
		for _, c := range m.Classes {
			if v := c.Field(name); v != nil && saysNone(v.Module.Tree, v.Value, v.Annotation) {
				return true
			}
		}
	}
	return false
}

// callMayBeNone reports whether a function of the program of that name is annotated to return None at times.
func (p *program) callMayBeNone(name string) bool {
	for _, m := range p.graph.Modules {
		for _, f := range m.Functions {
			if f.Name == name && saysNone(m.Tree, pysyntax.Nil, f.Returns) {
				return true
			}
		}
	}
	return false
}

// saysNone reports whether a value is None, or an annotation allows it.
func saysNone(t *pysyntax.Tree, value, annotation pysyntax.Node) bool {
	text := t.Text(annotation)
	return value != pysyntax.Nil && t.Kind(value) == pysyntax.None || strings.Contains(text, "None") || strings.Contains(text, "Optional")
}

// orNothing is an expression, or nothing where that is None.
func orNothing(t *pysyntax.Tree, n pysyntax.Node) string {
	if t.Is(n, pysyntax.Identifier, pysyntax.Attribute, pysyntax.Call, pysyntax.Subscript) {
		return "(" + t.Text(n) + " or ())"
	}
	return "((" + t.Text(n) + ") or ())"
}
