package loadflow

import (
	"regexp"
	"slices"
	"strings"

	"github.com/lazyfix/lazyfix/rewrite/internal/pymodule"
	"github.com/lazyfix/lazyfix/rewrite/internal/pysyntax"
)

// What a function reads may depend on an argument that is neither a flag nor a word:
//
//	def summary(order, count=None):
//	    if count is None:
//	        count = len(order.items)        summary(order, counts.get(order.id, 0))
//	def dump(order, entities):
//	    if "items" in entities: ...         dump(order, ["customer"])
//
//	def show(order, options=None):
//	    if options: order = await get(order.id, options)      show(order)
//
// That an argument is not None or left at None, and which strings a list has that the call spells, are facts: a part of the context,
// beside the value itself. They are told to functions that ask for them with a read or a query behind.

const (
	notNone  = "!"
	leftNone = "0"
	listFact = "[" // before the strings of a list
	nameFact = "<" // before the names of templates: see template_told.go
	typeFact = "%" // before a class: see keyed_by_type.go
)

func (t *table) fact(name string) *atom {
	return t.names.get(nameKey{flag, name}, func() *atom {
		return t.atom(&atom{kind: flag, more: &more{name: name}}, "B"+name)
	})
}

func isFact(a *atom) bool {
	return isFlag(a) && (a.name == notNone || a.name == leftNone || a.name != "" && strings.Contains(listFact+nameFact+typeFact, a.name[:1]))
}

// fact is what the context says of a parameter beside its value, nil for nothing.
func (k *unitKey) fact(param int) *atom {
	for _, t := range k.types {
		if t.param == param && isFact(t.atom) {
			return t.atom
		}
	}
	return nil
}

// bindFacts puts facts beside what parameters get.
func (x *interp) bindFacts(f *pymodule.Function, self value, bound []value, args *arguments) {
	if len(args.star) > 0 || f.Lambda() {
		return
	}
	first := 0
	if isMethod(f) && len(self) > 0 {
		first = 1
	}
	for i, use := range x.a.asksOf(f) {
		p := f.Params[i]
		if !use.none && !use.lists && !use.left && !use.empty || i < first || slices.ContainsFunc(bound[i], isFlag) {
			continue
		}
		n := args.node(i-first, p.Name)
		if p.Kind == pymodule.KeywordOnly {
			n = args.node(-1, p.Name)
		}
		switch _, named := args.kw[p.Name]; {
		case use.left && x.isLeftNone(p, i-first, n, args):
			bound[i] = join(bound[i], one(x.a.t.fact(leftNone)))
		case n != pysyntax.Nil:
			if use.lists {
				if words, ok := x.wordList(x.t, n); ok {
					bound[i] = join(bound[i], one(x.a.t.fact(words)))
				}
			} else if use.empty && x.isEmptyList(x.t, n) {
				bound[i] = join(bound[i], one(x.a.t.fact(emptyFact)))
			} else if use.none && x.isSet(n) {
				bound[i] = join(bound[i], one(x.a.t.fact(notNone)))
			}
		case use.lists && p.Default != pysyntax.Nil && !named && i-first >= len(args.pos) && !args.more:
			if words, ok := x.wordList(f.Module.Tree, p.Default); ok {
				bound[i] = join(bound[i], one(x.a.t.fact(words)))
			}
		}
	}
}

// isLeftNone reports whether a call gives None to the parameter at index at, or leaves it at its default, which is None.
func (x *interp) isLeftNone(p pymodule.Param, at int, n pysyntax.Node, args *arguments) bool {
	if n != pysyntax.Nil {
		return x.t.Kind(n) == pysyntax.None
	}
	_, named := args.kw[p.Name]
	return args.whole && !args.more && !named && (p.Kind == pymodule.KeywordOnly || at >= len(args.pos))
}

// maxListed bounds the strings of a list that is told.
const maxListed = 16

// wordList is the fact of a list, tuple or set of strings, and of a parameter that was told one.
func (x *interp) wordList(t *pysyntax.Tree, n pysyntax.Node) (fact string, ok bool) {
	if t.Kind(n) == pysyntax.Identifier && t == x.t && x.u.key.fn != nil {
		if i := x.u.key.fn.ParamIndex(t.Text(n)); i >= 0 {
			if a := x.u.key.fact(i); a != nil && strings.HasPrefix(a.name, listFact) && x.a.keepsList(x.u.key.fn, i) {
				return a.name, true
			}
		}
		return "", false
	}
	if !t.Is(n, pysyntax.List, pysyntax.Tuple, pysyntax.Set) {
		return "", false
	}
	var words []string
	for c := range t.Children(n) {
		s := pymodule.StringValue(t, c)
		if s == "" || strings.ContainsAny(s, ",\\") {
			return "", false
		}
		words = append(words, s)
	}
	slices.Sort(words)
	words = slices.Compact(words)
	return listFact + strings.Join(words, ","), len(words) <= maxListed
}

// isSet reports whether an argument is sure to be no None.
func (x *interp) isSet(n pysyntax.Node) bool {
	t := x.t
	switch t.Kind(n) {
	case pysyntax.List, pysyntax.Tuple, pysyntax.Set, pysyntax.Dictionary, pysyntax.ListComprehension, pysyntax.SetComprehension,
		pysyntax.DictionaryComprehension, pysyntax.GeneratorExpression, pysyntax.String, pysyntax.Integer, pysyntax.Float, pysyntax.Lambda,
		pysyntax.True, pysyntax.False:
		return true
	case pysyntax.ParenthesizedExpression:
		return x.isSet(t.First(n))
	case pysyntax.Identifier:
		return x.isSetName(n)
	case pysyntax.Call:
		fn := t.Child(n, pysyntax.FieldFunction)
		switch args := t.Child(n, pysyntax.FieldArguments); t.Text(fn) {
		case "list", "dict", "set", "tuple", "sorted", "len", "int", "str", "bool", "float", "sum":
			return true
		default:
			if t.Text(t.Child(fn, pysyntax.FieldAttribute)) == "get" && x.holdsSet(t.Child(fn, pysyntax.FieldObject)) && t.Nth(args, 1) != pysyntax.Nil && t.Nth(args, 2) == pysyntax.Nil {
				return x.isSet(t.Nth(args, 1))
			}
		}
		switch pymodule.Last(t.Text(t.Child(x.chainRoot(n), pysyntax.FieldFunction))) {
		case "select", "Select", "SelectOfScalar":
			v := x.quiet(n)
			return len(v) > 0 && !slices.ContainsFunc(v, func(a *atom) bool { return a.kind != statement })
		}
	}
	return false
}

// holdsSet reports whether a name stands for a dictionary that is made here by a comprehension, Counter() or defaultdict(), or whose
// annotation says that its values are numbers or strings: none of those is None.
func (x *interp) holdsSet(n pysyntax.Node) bool {
	t, f := x.t, x.u.key.fn
	if f == nil || t.Kind(n) != pysyntax.Identifier {
		return false
	}
	if i := f.ParamIndex(t.Text(n)); i >= 0 {
		return valuesSet.MatchString(t.Text(f.Params[i].Annotation))
	}
	given := x.givenBy(n)
	return len(given) > 0 && !x.boundOtherwise(n) && !slices.ContainsFunc(given, func(g pysyntax.Node) bool {
		made := pymodule.Last(t.Text(t.Child(g, pysyntax.FieldFunction)))
		return t.Kind(g) != pysyntax.DictionaryComprehension && made != "Counter" && made != "defaultdict"
	})
}

var valuesSet = regexp.MustCompile(`(?i)^(typing\.)?(dict|mapping)\[.*,\s*(int|str|float|bool)\]$`)

// isSetName is isSet of a local name that is only given such, and of a parameter whose annotation says so.
func (x *interp) isSetName(n pysyntax.Node) bool {
	t, f := x.t, x.u.key.fn
	if f == nil {
		return false
	}
	if i := f.ParamIndex(t.Text(n)); i >= 0 {
		if a := x.u.key.fact(i); a != nil && a.name == notNone {
			return true
		}
		p := f.Params[i]
		said := t.Text(p.Annotation)
		return p.Annotation != pysyntax.Nil && p.Default == pysyntax.Nil && !x.a.usesOf(f)[i].set && f.Module.Tree == t &&
			slices.Contains([]string{"Select", "list", "dict", "set", "int", "str", "bool", "List", "Dict", "Sequence"}, pymodule.Last(strings.Split(said, "[")[0])) &&
			!strings.HasSuffix(said, "None")
	}
	given := x.givenBy(n)
	if len(given) == 0 || x.boundOtherwise(n) {
		return false
	}
	for m := range t.Within(f.Body) {
		if t.Kind(m) == pysyntax.Identifier && t.Text(m) == t.Text(n) && isCaptured(t, m) {
			return false
		}
	}
	for _, g := range given {
		names := func(m pysyntax.Node) bool { return t.Kind(m) == pysyntax.Identifier && t.Text(m) == t.Text(n) }
		if root := x.chainRoot(g); names(root) || names(g) { // query = query.where(...)
			continue
		}
		if t.Kind(g) == pysyntax.Identifier || !x.isSet(g) {
			return false
		}
	}
	return true
}

// decidedByFact is decided for a comparison: param is None, param is not None, "items" in param, "items" not in param.
func (x *interp) decidedByFact(n pysyntax.Node) (holds, known bool) {
	f := x.u.key.fn
	if f == nil || len(x.u.key.types) == 0 {
		return false, false
	}
	if holds, known = x.decidedByEmpty(n); known {
		return holds, known
	}
	name, negated := noneTest(x.t, n)
	if name != pysyntax.Nil {
		a := x.u.key.fact(f.ParamIndex(x.t.Text(name)))
		if a != nil && a.name == leftNone {
			return !negated, true
		}
		return negated, a != nil && a.name == notNone
	}
	word, name, negated := memberTest(x.t, n)
	if word == "" {
		return false, false
	}
	a := x.u.key.fact(f.ParamIndex(x.t.Text(name)))
	if a == nil || !strings.HasPrefix(a.name, listFact) {
		return false, false
	}
	return slices.Contains(strings.Split(strings.TrimPrefix(a.name, listFact), ","), word) != negated, true
}

// isLeft reports whether a name is a parameter that this call leaves at None, or gives an empty list.
func (x *interp) isLeft(name pysyntax.Node) bool {
	f := x.u.key.fn
	if f == nil || len(x.u.key.types) == 0 {
		return false
	}
	a := x.u.key.fact(f.ParamIndex(x.t.Text(name)))
	return a != nil && (a.name == leftNone || a.name == emptyFact)
}
