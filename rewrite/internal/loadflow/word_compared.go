package loadflow

import (
	"strings"

	"github.com/lazyfix/lazyfix/rewrite/internal/pymodule"
	"github.com/lazyfix/lazyfix/rewrite/internal/pysyntax"
)

// A function may be told by a string which way to go, as it may by a flag: get(1, mode="full"), where get() says
//
//	if mode == "full":
//	    statement = statement.options(selectinload(Order.items))
//
// So may it be by a member of an Enum. Only in functions that spell loader options: each word makes a context of its own.

// wordComparison is the name that a comparison tests, how ("==", "in", "not in", ...) and what against: one expression, or the
// elements of a tuple, list or set. Nothing for any other comparison.
func wordComparison(t *pysyntax.Tree, n pysyntax.Node) (name pysyntax.Node, how string, words []pysyntax.Node) {
	if t.Kind(n) != pysyntax.ComparisonOperator {
		return pysyntax.Nil, "", nil
	}
	left, right := t.Nth(n, 0), t.Nth(n, 1)
	if right == pysyntax.Nil || t.Nth(n, 2) != pysyntax.Nil {
		return pysyntax.Nil, "", nil
	}
	how = strings.Join(strings.Fields(string(t.Source()[t.End(left):t.Start(right)])), " ")
	switch how {
	case "==", "!=", "is", "is not":
		if t.Kind(left) != pysyntax.Identifier {
			left, right = right, left
		}
		if t.Is(right, pysyntax.String, pysyntax.Attribute, pysyntax.Identifier) {
			words = []pysyntax.Node{right}
		}
	case "in", "not in":
		if t.Is(right, pysyntax.Tuple, pysyntax.List, pysyntax.Set) {
			for c := range t.Children(right) {
				words = append(words, c)
			}
		}
	}
	if t.Kind(left) != pysyntax.Identifier || len(words) == 0 {
		return pysyntax.Nil, "", nil
	}
	return left, how, words
}

// decidedByWord is decided for a comparison.
func (x *interp) decidedByWord(n pysyntax.Node) (holds, known bool) {
	name, how, words := wordComparison(x.t, n)
	if name == pysyntax.Nil {
		return false, false
	}
	holds, known = x.isWord(name, words)
	return known && holds != (how == "!=" || how == "not in" || how == "is not"), known
}

// isWord is whether what a name stands for is one of some words, as far as that is known.
func (x *interp) isWord(name pysyntax.Node, words []pysyntax.Node) (holds, known bool) {
	told := x.onlyWord(name)
	if told == "" {
		return false, false
	}
	for _, w := range words {
		s := x.wordOf(x.t, w)
		if s == "" {
			return false, false
		}
		holds = holds || s == told
	}
	return holds, true
}

// onlyWord is the word that a name stands for and nothing else: that of a parameter, here or of a function around, which the call
// spells. The words of any other value are only some of the strings that it may be, since most strings are none: the keys of
// {"items": 1, "number": 2} have the one word items.
func (x *interp) onlyWord(name pysyntax.Node) string {
	if x.t.Kind(name) != pysyntax.Identifier {
		return ""
	}
	text := x.t.Text(name)
	for k := x.u.key; k != nil && k.fn != nil && k.mod.Tree == x.t; k = k.outer {
		if i := k.fn.ParamIndex(text); i >= 0 {
			if g := k.given(i); g != nil && !x.a.usesOf(k.fn)[i].set {
				return strings.Join(wordsIn(one(g)), "")
			}
			return ""
		}
		if k.fn.Binds(text) {
			return ""
		}
	}
	return ""
}

// wordOf is the word that an expression spells: a plain string, or a member of an Enum, by its value where that is a string, too.
// Anything else may be another one by the time that it is compared.
func (x *interp) wordOf(t *pysyntax.Tree, n pysyntax.Node) string {
	if t.Kind(n) == pysyntax.String {
		if text := t.Text(n); text[0] != '"' && text[0] != '\'' || strings.Contains(text, "\\") {
			return ""
		}
		return pymodule.StringValue(t, n)
	}
	name, ok := pymodule.DottedName(t, n)
	if !ok || t != x.t || !strings.Contains(name, ".") {
		return ""
	}
	v := x.a.g.ResolveIn(x.m, nil, x.u.key.fn, name).Variable
	switch {
	case v == nil || v.Class == nil || !x.a.inherits(v.Class, "Enum", "StrEnum"):
		return ""
	case x.a.isString(v.Class):
		return pymodule.StringValue(v.Module.Tree, v.Value)
	}
	return classID(v.Class) + "." + v.Name
}
