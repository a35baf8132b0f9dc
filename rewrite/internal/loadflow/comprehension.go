package loadflow

import (
	"maps"
	"strings"

	"github.com/lazyfix/lazyfix/rewrite/internal/pymodule"
	"github.com/lazyfix/lazyfix/rewrite/internal/pysyntax"
)

// What stands in brackets and makes a container: displays, [order, *others], and comprehensions.

// element is what one element of a list display adds: `*xs` adds the elements of xs.
func (x *interp) element(n pysyntax.Node) value {
	v := x.eval(n)
	switch x.t.Kind(n) {
	case pysyntax.ListSplat, pysyntax.ParenthesizedListSplat:
		return x.iterate(v, n)
	case pysyntax.String, pysyntax.Attribute:
		return join(v, x.told(n, v))
	}
	return v
}

func (x *interp) tuple(n pysyntax.Node) value {
	var elems []value
	splat := false
	for c := range x.t.Children(n) {
		splat = splat || x.t.Is(c, pysyntax.ListSplat, pysyntax.ParenthesizedListSplat)
		elems = append(elems, x.element(c))
	}
	if splat || len(elems) > 32 {
		return x.a.t.collection(join(elems...))
	}
	return x.a.t.tuple(elems, nil)
}

func (x *interp) dictionary(n pysyntax.Node) value {
	t := x.t
	var keys, rest value
	var entries []entry
	for c := range t.Children(n) {
		switch t.Kind(c) {
		case pysyntax.Pair:
			key := t.Child(c, pysyntax.FieldKey)
			named := x.eval(key)
			x.hashed(named, key)
			keys = join(keys, named, x.keyWord(key))
			v := x.element(t.Child(c, pysyntax.FieldValue))
			name := pymodule.StringValue(t, key)
			if name == "" {
				name = x.classKeyOf(named, v)
			}
			if name != "" {
				entries = append(entries, entry{name, v})
			} else {
				rest = join(rest, v)
			}
		case pysyntax.DictionarySplat:
			v := x.eval(t.First(c))
			v = join(v, x.viewedWhole(v, n))
			more, others := parts(v)
			entries = append(entries, more...)
			keys, rest = join(keys, x.keys(v)), join(rest, others)
		}
	}
	return x.a.t.record(entries, join(keys, x.otherKeys(n, keys)), rest)
}

// comprehension binds what its clauses bind, and is what result makes of its body.
func (x *interp) comprehension(n pysyntax.Node, result func(body pysyntax.Node) value) value {
	return x.comprehensionOver(n, nil, result)
}

// comprehensionOver is comprehension for one element of what it goes over, where that is given.
func (x *interp) comprehensionOver(n pysyntax.Node, each value, result func(body pysyntax.Node) value) value {
	t := x.t
	outer := x.env
	x.env = maps.Clone(outer)
	for c := range t.Children(n) {
		switch t.Kind(c) {
		case pysyntax.ForInClause:
			over := value(nil)
			right := pysyntax.Nil
			for r := range t.Children(c) {
				if t.Field(r) == pysyntax.FieldRight {
					right = r
					over = join(over, x.eval(r))
				}
			}
			if each == nil {
				each = x.iterate(over, right)
			}
			x.assign(t.Child(c, pysyntax.FieldLeft), each, right)
			each = nil
		case pysyntax.IfClause:
			for condition := range t.Children(c) {
				x.tested(x.eval(condition), condition)
				x.env.learn(x.isLoaded(condition, true))
				x.learnPrefix(condition)
				x.env = x.asksException(x.env, condition)
				x.env, _ = x.byMapper(x.env, condition)
			}
		}
	}
	v := result(t.Child(n, pysyntax.FieldBody))
	inner := x.env
	x.leaveScope(outer)
	if strings.Contains(t.Text(n), ":=") { // a walrus binds in the function
		for c := range t.Within(n) {
			if t.Kind(c) == pysyntax.NamedExpression {
				name := t.Text(t.Child(c, pysyntax.FieldName))
				x.env[name] = join(x.env[name], inner[name])
			}
		}
	}
	return v
}

// dictionaryComprehension is `{key: value for ... in ...}`.
func (x *interp) dictionaryComprehension(n pysyntax.Node) value {
	return x.comprehension(n, func(body pysyntax.Node) value {
		pair := copiedPair{x.t.Child(body, pysyntax.FieldKey), x.t.Child(body, pysyntax.FieldValue)}
		k := x.eval(pair.key)
		x.hashed(k, n)
		return x.copied(n, pair, x.a.t.mapping(k, x.eval(pair.value)))
	})
}
