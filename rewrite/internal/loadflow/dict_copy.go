package loadflow

import (
	"slices"

	"github.com/lazyfix/lazyfix/rewrite/internal/pysyntax"
)

// A comprehension that copies a dictionary leaves each key what it had, and may leave some out:
//
//	{key: value for key, value in view.items() if value is not None and key not in HIDDEN}
//
// Told apart are the keys that the dictionary spells. What of them a condition keeps is not asked, but for the names that it leaves out.
//
// A generator of pairs that dict() is given does the same, and so does {key: view[key] for key in view}.

// copiedPair are the key and the value that a comprehension makes for each item.
type copiedPair struct{ key, value pysyntax.Node }

// copiesItems is the dictionary of which a comprehension copies the items as they are; Nil where it makes anything else of them.
func (x *interp) copiesItems(n pysyntax.Node, made copiedPair) pysyntax.Node {
	t, copied := x.t, pysyntax.Nil
	for c := range t.Children(n) {
		if t.Kind(c) != pysyntax.ForInClause {
			continue
		}
		target, of := t.Child(c, pysyntax.FieldLeft), t.Child(c, pysyntax.FieldRight)
		if copied != pysyntax.Nil {
			return pysyntax.Nil
		}
		if fn := t.Child(of, pysyntax.FieldFunction); t.Text(t.Child(fn, pysyntax.FieldAttribute)) == "items" {
			if copied = t.Child(fn, pysyntax.FieldObject); t.Text(t.Nth(target, 0)) == t.Text(made.key) && t.Text(t.Nth(target, 1)) == t.Text(made.value) {
				continue
			}
		} else if copied = of; t.Text(target) == t.Text(made.key) && t.Text(t.Child(made.value, pysyntax.FieldValue)) == t.Text(of) &&
			t.Text(t.Child(made.value, pysyntax.FieldSubscript)) == t.Text(target) {
			continue
		}
		return pysyntax.Nil
	}
	return copied
}

// copied is what a comprehension makes of dictionaries that it copies: made, which has any value under any key, where it may be of anything else.
func (x *interp) copied(n pysyntax.Node, pair copiedPair, made value) value {
	of := x.copiesItems(n, pair)
	if of == pysyntax.Nil {
		return made
	}
	dictionaries := x.quiet(of)
	spelled := len(dictionaries) > 0 && !slices.ContainsFunc(dictionaries, func(a *atom) bool { return a.kind != mapping || a.entries == nil || isObjectDict(a) })
	if !spelled {
		return join(made, x.sameKeys(n, dictionaries))
	}
	left := x.keysLeftOut(n, x.t.Text(pair.key))
	entries, rest := parts(dictionaries)
	entries = slices.DeleteFunc(slices.Clone(entries), func(e entry) bool { return slices.Contains(left, e.name) })
	return x.a.t.record(entries, x.keys(dictionaries), rest)
}

// copiedPairs is the dictionary that dict() copies by a generator of pairs, or the pairs as they are.
func (x *interp) copiedPairs(n pysyntax.Node, pairs value) value {
	t := x.t
	if body := t.Child(n, pysyntax.FieldBody); t.Is(n, pysyntax.GeneratorExpression, pysyntax.ListComprehension) && t.Kind(body) == pysyntax.Tuple {
		return x.copied(n, copiedPair{t.Nth(body, 0), t.Nth(body, 1)}, pairs)
	}
	return pairs
}

// keysLeftOut are the names of which a comprehension's conditions say that no such key is copied: key != "items", key not in HIDDEN.
func (x *interp) keysLeftOut(n pysyntax.Node, key string) []string {
	t := x.t
	var out []string
	var says func(condition pysyntax.Node)
	says = func(condition pysyntax.Node) {
		left, right := t.Nth(condition, 0), t.Nth(condition, 1)
		switch t.Kind(condition) {
		case pysyntax.ParenthesizedExpression:
			says(left)
		case pysyntax.BooleanOperator:
			if between(t, left, right) == "and" {
				says(left)
				says(right)
			}
		case pysyntax.ComparisonOperator:
			if t.Text(left) != key || t.Nth(condition, 2) != pysyntax.Nil {
				return
			}
			switch between(t, left, right) {
			case "!=":
				out = append(out, x.spelled(t, right))
			case "not in":
				names, _ := x.a.listedStrings(namesAt{mod: x.m, fn: x.u.key.fn}, right, 0)
				out = append(out, names...)
			}
		}
	}
	for c := range t.Children(n) {
		if t.Kind(c) == pysyntax.IfClause {
			says(t.First(c))
		}
	}
	return out
}
