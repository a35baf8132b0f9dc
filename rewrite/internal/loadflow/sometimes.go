package loadflow

import (
	"slices"
	"strconv"

	"github.com/lazyfix/lazyfix/rewrite/internal/pymodule"
	"github.com/lazyfix/lazyfix/rewrite/internal/pysyntax"
)

// A new object whose relationship is set on some ways only has it unloaded on the others, behind what saves it:
//
//	user = User()
//	for tag in tags:  # perhaps none
//		user.tags.append(tag)
//	session.add(user)
//	await session.commit()
//	user.tags
//
// A refresh behind the commit is right on all ways. Where ways meet, one object stands for both, else there were as many as
// combinations of what is set.

// mergeGiven drops, where ways meet, a new object of which only some of what another one has was set. The other then has the rest
// sometimes.
func (x *interp) mergeGiven(v value) value {
	var made []*atom
	for _, a := range v {
		if a.kind == object && a.path == nil {
			if _, from := history(a.origin); from == fromNew {
				made = append(made, a)
			}
		}
	}
	var more map[*atom][]*atom // by what has more, which have less
	less := map[*atom]bool{}
	for _, a := range made {
		for _, b := range made {
			if a != b && a.class == b.class && hasLess(a.origin, b.origin) {
				if more == nil {
					more = map[*atom][]*atom{}
				}
				less[a], more[b] = true, append(more[b], a)
			}
		}
	}
	if more == nil {
		return v
	}
	var out value
	for _, b := range v {
		if less[b] {
			continue
		}
		if than := more[b]; than != nil {
			o := x.a.t.setSometimes(b.origin, func(g given) bool {
				return x.a.ix.Relationship(b.class, g.name) != nil && slices.ContainsFunc(than, func(a *atom) bool {
					last := a.origin.lastGiven(g.name)
					return last == nil || last.sometimes
				})
			})
			b = x.a.t.object(b.class, o, nil)
		}
		out = append(out, b)
	}
	return valueOf(out)
}

// setSometimes is an object of which something was set on some ways only.
func (t *table) setSometimes(o *origin, which func(g given) bool) *origin {
	n := *o
	changed := false
	if o.inner != nil && o.prefix == nil {
		n.inner = t.setSometimes(o.inner, which)
		changed = n.inner != o.inner
	}
	for i, g := range o.given {
		if g.sometimes || !which(g) {
			continue
		}
		n.given = slices.Clone(n.given)
		n.given[i].sometimes = true
		changed = true
	}
	if !changed {
		return o
	}
	return t.remade(o, &n)
}

// hasLess reports whether a and b, both of new objects, are made at one place, and all that was set of a, and more, was set of b.
func hasLess(a, b *origin) bool {
	if atA, atB := a.first(), b.first(); atA.mod != atB.mod || atA.node != atB.node {
		return false
	}
	return setsAll(b, a) && !setsAll(a, b)
}

// setsAll reports whether all that was set of an object of origin b was set of one of origin a.
func setsAll(a, b *origin) bool {
	for ; b != nil; b = b.before() {
		for _, g := range b.given {
			if !a.sets(g.name) {
				return false
			}
		}
	}
	return true
}

// followUnset follows a read of what was set of a new object on some ways to what it is on the others.
func (p *propagation) followUnset(w *wanted) {
	o, rel := w.origin, w.path.steps()[0].rel
	i := slices.IndexFunc(o.given, func(g given) bool { return g.name == rel.Name })
	if i < 0 || !o.given[i].sometimes || w.maybe != nil || w.cut != nil || p.asksAlike(w) {
		return
	}
	w.life.unset = true
	if o.kind == fromSet {
		p.onward(w, &wanted{origin: o.inner}, o.prefix)
		return
	}
	p.uncovers(w, "of a new object")
	p.unloaded(w)
}

// asksAlike reports whether a read stands under a condition, or in a loop, under which its function sets what is read.
func (p *propagation) asksAlike(w *wanted) bool {
	m, rel := w.read.mod, w.path.steps()[0].rel.Name
	made := w.origin.first()
	if made.mod != m {
		return false
	}
	t := m.Tree
	f := t.Enclosing(w.read.node, pysyntax.FunctionDefinition)
	under := conditionsAround(m, w.read.node)
	if len(under) == 0 || !t.Contains(f, made.node) {
		return false
	}
	for n := range t.Within(f) {
		if t.Kind(n) != pysyntax.Attribute || t.Text(t.Child(n, pysyntax.FieldAttribute)) != rel || n == w.read.node {
			continue
		}
		up := t.Parent(n)
		if set := t.Kind(up) == pysyntax.Assignment && t.Field(n) == pysyntax.FieldLeft || t.Kind(up) == pysyntax.Attribute; !set {
			continue
		}
		for _, c := range conditionsAround(m, n) {
			if slices.Contains(under, c) {
				return true
			}
		}
	}
	return false
}

// conditionsAround are the conditions under which a node runs in its function, and what the loops around it go over.
func conditionsAround(m *pymodule.Module, n pysyntax.Node) []string {
	t := m.Tree
	var out []string
	for up := t.Parent(n); up != pysyntax.Nil && t.Kind(up) != pysyntax.FunctionDefinition && up != t.Root(); up = t.Parent(up) {
		switch t.Kind(up) {
		case pysyntax.IfStatement, pysyntax.ElifClause:
			if t.Contains(t.Child(up, pysyntax.FieldConsequence), n) {
				out = append(out, t.Text(t.Child(up, pysyntax.FieldCondition)))
			}
		case pysyntax.ConditionalExpression:
			if t.Contains(t.First(up), n) {
				out = append(out, t.Text(t.Nth(up, 1)))
			}
		case pysyntax.ForStatement:
			if t.Contains(t.Child(up, pysyntax.FieldBody), n) {
				out = append(out, t.Text(t.Child(up, pysyntax.FieldRight)))
			}
		}
	}
	return out
}

// surelyRuns reports whether a loop over an expression runs once at least: it is a display with elements, a name that holds one and
// nothing else, what enumerate(), sorted() and the like make of that, or range(3).
func (x *interp) surelyRuns(over pysyntax.Node) bool {
	t := x.t
	switch t.Kind(over) {
	case pysyntax.Call:
		fn, first := t.Child(over, pysyntax.FieldFunction), t.Nth(t.Child(over, pysyntax.FieldArguments), 0)
		switch t.Text(fn) {
		case "enumerate", "sorted", "reversed", "list", "tuple", "set":
			return x.surelyRuns(first)
		case "range":
			n, err := strconv.Atoi(t.Text(first))
			return err == nil && n > 0 && t.Nth(t.Child(over, pysyntax.FieldArguments), 1) == pysyntax.Nil
		}
		switch t.Text(t.Child(fn, pysyntax.FieldAttribute)) {
		case "items", "keys", "values":
			return first == pysyntax.Nil && x.surelyRuns(t.Child(fn, pysyntax.FieldObject))
		}
		return false
	case pysyntax.Identifier:
		if _, local := x.env[t.Text(over)]; local {
			given := x.givenBy(over)
			return len(given) == 1 && holdsSome(t, given[0]) && x.paramCalled(t.Text(over)) < 0 && !x.loses(t.Text(over))
		}
		s := x.a.g.Resolve(x.m, t.Text(over))
		if s.Kind != pymodule.VariableSymbol || s.Variable.Class != nil || s.Variable.Value == pysyntax.Nil {
			return false
		}
		t, over = s.Variable.Module.Tree, s.Variable.Value
	}
	return holdsSome(t, over)
}

// loses reports whether the function may take elements out of what a name holds.
func (x *interp) loses(name string) bool {
	if x.u.key.fn == nil {
		return true
	}
	for n := range x.t.Within(x.u.key.fn.Body) {
		if x.t.Kind(n) == pysyntax.Attribute && x.t.Text(x.t.Child(n, pysyntax.FieldObject)) == name {
			switch x.t.Text(x.t.Child(n, pysyntax.FieldAttribute)) {
			case "clear", "pop", "popitem", "remove", "discard":
				return true
			}
		}
		if x.t.Kind(n) == pysyntax.DeleteStatement {
			return true
		}
	}
	return false
}

// holdsSome reports whether an expression is a display that has an element.
func holdsSome(t *pysyntax.Tree, display pysyntax.Node) bool {
	if !t.Is(display, pysyntax.List, pysyntax.Tuple, pysyntax.Set, pysyntax.Dictionary) {
		return false
	}
	for n := range t.Children(display) {
		if !t.Is(n, pysyntax.Comment, pysyntax.ListSplat, pysyntax.ParenthesizedListSplat, pysyntax.DictionarySplat) {
			return true
		}
	}
	return false
}
