package loadflow

import (
	"bytes"
	"strings"

	"github.com/lazyfix/lazyfix/rewrite/internal/pymodule"
	"github.com/lazyfix/lazyfix/rewrite/internal/pysyntax"
)

// Which strings a set, list or tuple has, as far as the source says: a constant of a module or a class, what a function puts together
// of such, a parameter whose every call spells it or leaves its default.

// stringSet is what is known of a container.
type stringSet struct {
	sure map[string]bool // what is in it in any case
	all  bool            // nothing else is
	none bool            // it is None, for which another stands where it is used
}

// stringScope is where an expression stands.
type stringScope struct {
	mod *pymodule.Module
	fn  *pymodule.Function // nil outside of functions
}

// argumentOf is a parameter of a function, looked at from so deep: what is too deep says nothing, so that it counts.
type argumentOf struct {
	fn           *pymodule.Function
	param, depth int
}

// stringsOf are the strings of what an expression gives.
func (a *analysis) stringsOf(s stringScope, n pysyntax.Node, depth int) stringSet {
	t := s.mod.Tree
	if depth++; depth > maxAsked {
		return stringSet{}
	}
	switch t.Kind(n) {
	case pysyntax.None:
		return stringSet{none: true}
	case pysyntax.ParenthesizedExpression:
		return a.stringsOf(s, t.First(n), depth)
	case pysyntax.List, pysyntax.Tuple, pysyntax.Set:
		out := stringSet{sure: map[string]bool{}, all: true}
		for c := range t.Children(n) {
			switch t.Kind(c) {
			case pysyntax.Comment:
			case pysyntax.ListSplat:
				out = unite(out, a.stringsOf(s, t.First(c), depth))
			default:
				name := pymodule.StringValue(t, c)
				out.sure[name], out.all = true, out.all && name != ""
			}
		}
		return out
	case pysyntax.Call:
		return a.stringsMade(s, n, depth)
	case pysyntax.BinaryOperator:
		l, r := t.Child(n, pysyntax.FieldLeft), t.Child(n, pysyntax.FieldRight)
		if operator := between(t, l, r); operator == "|" || operator == "+" {
			return unite(a.stringsOf(s, l, depth), a.stringsOf(s, r, depth))
		}
	case pysyntax.BooleanOperator:
		if !isAnd(t, n) { // skip or set()
			return eitherOf(a.stringsOf(s, t.Child(n, pysyntax.FieldLeft), depth), a.stringsOf(s, t.Child(n, pysyntax.FieldRight), depth))
		}
	case pysyntax.ConditionalExpression:
		return eitherOf(a.stringsOf(s, t.Nth(n, 0), depth), a.stringsOf(s, t.Nth(n, 2), depth))
	case pysyntax.Identifier, pysyntax.Attribute:
		return a.stringsNamed(s, n, depth)
	}
	return stringSet{}
}

// stringsMade is what a call gives: frozenset({"notes"}), HIDDEN.union(more).
func (a *analysis) stringsMade(s stringScope, call pysyntax.Node, depth int) stringSet {
	t := s.mod.Tree
	fn, list := t.Child(call, pysyntax.FieldFunction), t.Child(call, pysyntax.FieldArguments)
	switch t.Text(fn) {
	case "set", "frozenset", "tuple", "list", "sorted":
		if t.First(list) == pysyntax.Nil {
			return stringSet{sure: map[string]bool{}, all: true}
		}
		return a.stringsOf(s, t.First(list), depth)
	}
	if t.Kind(fn) == pysyntax.Attribute && t.Text(t.Child(fn, pysyntax.FieldAttribute)) == "union" {
		out := a.stringsOf(s, t.Child(fn, pysyntax.FieldObject), depth)
		for c := range t.Children(list) {
			out = unite(out, a.stringsOf(s, c, depth))
		}
		return out
	}
	return stringSet{}
}

// stringsNamed is what a name stands for.
func (a *analysis) stringsNamed(s stringScope, n pysyntax.Node, depth int) stringSet {
	t := s.mod.Tree
	name, ok := pymodule.DottedName(t, n)
	if !ok {
		return stringSet{}
	}
	if s.fn != nil && s.fn.Binds(name) {
		return a.stringsLocal(s, n, name, depth)
	}
	v := a.g.ResolveIn(s.mod, nil, s.fn, name).Variable
	if first, member, _ := strings.Cut(name, "."); s.fn != nil && s.fn.Class != nil && (first == "self" || first == "cls") {
		v = a.ownConstant(s.fn.Class, member)
	}
	if v == nil || v.Value == pysyntax.Nil {
		return stringSet{}
	}
	out := a.stringsOf(stringScope{mod: v.Module}, v.Value, depth)
	out.all = out.all && !v.Module.Tree.Is(v.Value, pysyntax.List, pysyntax.Set) // somebody may add to it
	return out
}

// ownConstant is what a class, or a base of it, has under a name, nil where a subclass has another.
func (a *analysis) ownConstant(c *pymodule.Class, name string) *pymodule.Variable {
	for _, below := range a.g.Subclasses(c) {
		if below != c && below.Field(name) != nil {
			return nil
		}
	}
	return a.classMember(c, name).Variable
}

// stringsLocal is what a local name was given, and a parameter by its calls.
func (a *analysis) stringsLocal(s stringScope, n pysyntax.Node, name string, depth int) stringSet {
	t := s.mod.Tree
	out := stringSet{none: true} // what says nothing beside what others say
	if i := s.fn.ParamIndex(name); i >= 0 {
		out = *a.passedSets.get(argumentOf{s.fn, i, depth}, func() *stringSet {
			passed := a.stringsPassed(s.fn, i, depth)
			return &passed
		})
	}
	given, param := 0, s.fn.ParamIndex(name) >= 0
	for at := range assignments(t, s.fn.Body, name) {
		if given++; t.Contains(at, n) { // skip = set(skip or ())
			continue
		}
		if t.End(at) > t.Start(n) {
			return stringSet{}
		}
		got := a.stringsOf(s, t.Child(at, pysyntax.FieldRight), depth)
		if t.Parent(t.Parent(at)) == s.fn.Body { // whatever came before
			out = got
		} else {
			out = eitherOf(out, got)
		}
	}
	if given == 0 && !param { // of a function around, or of a loop
		return stringSet{}
	}
	out.all = out.all && given == len(bindings(s.fn, name)) // not: skip |= more
	return out
}

// stringsPassed is what all calls of a function pass for a parameter.
func (a *analysis) stringsPassed(f *pymodule.Function, i, depth int) stringSet {
	p := f.Params[i]
	if p.Kind == pymodule.Star || p.Kind == pymodule.StarStar {
		return stringSet{}
	}
	out, called := stringSet{none: true}, false
	for _, m := range a.g.Modules {
		if m.Template || !bytes.Contains(m.Tree.Source(), []byte(f.Name)) {
			continue
		}
		for n := range m.Tree.Within(m.Tree.Root()) {
			t := m.Tree
			if t.Kind(n) != pysyntax.Identifier || t.Text(n) != f.Name {
				continue
			}
			call := t.Parent(n)
			if t.Kind(call) == pysyntax.Attribute && t.Field(n) == pysyntax.FieldAttribute {
				n, call = call, t.Parent(call)
			}
			if t.Is(call, pysyntax.DottedName, pysyntax.FunctionDefinition, pysyntax.AliasedImport) {
				continue // imported, defined
			}
			if t.Kind(call) != pysyntax.Call || t.Field(n) != pysyntax.FieldFunction {
				return stringSet{} // it may be handed on
			}
			called = true
			out = eitherOf(out, a.stringsGiven(m, f, i, call, depth))
		}
	}
	if !called {
		return a.stringsOf(stringScope{mod: f.Module}, p.Default, depth)
	}
	return out
}

// stringsGiven is what one call passes for a parameter.
func (a *analysis) stringsGiven(m *pymodule.Module, f *pymodule.Function, i int, call pysyntax.Node, depth int) stringSet {
	t := m.Tree
	if given := argumentFor(t, f, i, call); given != pysyntax.Nil {
		return a.stringsOf(stringScope{m, m.FunctionAround(call)}, given, depth)
	}
	for c := range t.Children(t.Child(call, pysyntax.FieldArguments)) {
		if t.Is(c, pysyntax.ListSplat, pysyntax.DictionarySplat) {
			return stringSet{}
		}
	}
	return a.stringsOf(stringScope{mod: f.Module}, f.Params[i].Default, depth)
}

// unite is what has the strings of both.
func unite(l, r stringSet) stringSet {
	out := stringSet{sure: map[string]bool{}, all: l.all && r.all}
	for name := range l.sure {
		out.sure[name] = true
	}
	for name := range r.sure {
		out.sure[name] = true
	}
	return out
}

// eitherOf is one of two: of what is None the other.
func eitherOf(l, r stringSet) stringSet {
	switch {
	case l.none:
		return r
	case r.none:
		return l
	}
	out := stringSet{sure: map[string]bool{}}
	for name := range l.sure {
		if r.sure[name] {
			out.sure[name] = true
		}
	}
	out.all = l.all && r.all && len(out.sure) == len(l.sure) && len(out.sure) == len(r.sure)
	return out
}
