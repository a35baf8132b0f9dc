package rewrite

import (
	"bytes"
	"slices"
	"strings"

	"github.com/lazyfix/lazyfix/rewrite/internal/loadflow"
	"github.com/lazyfix/lazyfix/rewrite/internal/pymodule"
	"github.com/lazyfix/lazyfix/rewrite/internal/pysyntax"
)

// A call on the way may pass on arguments that it does not spell:
//
//	async def list(self, **where):
//	    return await self.repository.get_multi(**where)
//
// It is given options=options beside them where they have none: where they are the function's own keywords, from which the
// parameter that it gets takes the options, or a dictionary whose keys are known. A second options= is a TypeError.

// handsOnUnseen reports whether the options that a call on the way is given by name may be among what it passes on unspelled, too.
func (p *program) handsOnUnseen(s *loadflow.Site) bool {
	t, name := s.Module.Tree, s.Param
	if name == "" {
		next := nextSite(s)
		if next == nil || next.Function == nil {
			return true
		}
		name = p.optionsParameter(next.Function)
	}
	for c := range t.Children(t.Child(s.Node, pysyntax.FieldArguments)) {
		switch t.Kind(c) {
		case pysyntax.ListSplat:
			if s.Param != "" && s.ParamIndex >= 0 { // the parameter of a function that is opened is given by name only
				return true
			}
		case pysyntax.DictionarySplat:
			if s.Function == nil || !p.splatsWithout(s, t.First(c), name) {
				return true
			}
		}
	}
	return false
}

// splatsWithout reports whether the dictionary that a call on the way splats has no key of a name.
func (p *program) splatsWithout(s *loadflow.Site, dict pysyntax.Node, name string) bool {
	t, f := s.Module.Tree, s.Function
	if t.Kind(dict) == pysyntax.Dictionary {
		return p.keysWithout(s, dict, name)
	}
	if t.Kind(dict) != pysyntax.Identifier || name == "" {
		return false
	}
	own := p.optionsParameter(f)
	i := f.ParamIndex(t.Text(dict))
	isKeywords := i >= 0 && f.Params[i].Kind == pymodule.StarStar
	if i >= 0 && !isKeywords || isKeywords && own == "" {
		return false
	}
	made := 0
	for n := range t.Within(f.Body) {
		if t.Kind(n) != pysyntax.Identifier || t.Text(n) != t.Text(dict) || t.Field(n) == pysyntax.FieldAttribute ||
			t.Field(n) == pysyntax.FieldName && t.Kind(t.Parent(n)) == pysyntax.KeywordArgument {
			continue
		}
		value := t.Child(t.Parent(n), pysyntax.FieldRight)
		switch {
		case t.Kind(t.Parent(n)) == pysyntax.DictionarySplat, asksForKey(t, n, name) && asksForKey(t, n, own):
		case !isKeywords && made == 0 && t.Kind(t.Parent(n)) == pysyntax.Assignment && t.Field(n) == pysyntax.FieldLeft &&
			t.Kind(value) == pysyntax.Dictionary && p.keysWithout(s, value, name):
			made++
		default:
			return false
		}
	}
	if !isKeywords {
		return made == 1
	}
	if p.isColumn(name) || p.isColumn(own) {
		return false
	}
	if s.Param != "" { // what callers give so are loader options: the parameter takes them
		return own == name || !p.isGiven(f.Name, name, false)
	}
	return !p.isGiven(f.Name, own, true) && (own == name || !p.isGiven(f.Name, name, false))
}

// asksForKey reports whether a use of a dictionary is one key's, another than name: where["id"], where.pop("limit", None).
func asksForKey(t *pysyntax.Tree, dict pysyntax.Node, name string) bool {
	at := t.Parent(dict)
	var key pysyntax.Node
	switch {
	case t.Kind(at) == pysyntax.Subscript && t.Field(dict) == pysyntax.FieldValue:
		key = t.Child(at, pysyntax.FieldSubscript)
	case t.Kind(at) == pysyntax.Attribute && t.Kind(t.Parent(at)) == pysyntax.Call && t.Field(at) == pysyntax.FieldFunction:
		switch t.Text(t.Child(at, pysyntax.FieldAttribute)) {
		case "get", "pop", "setdefault":
			key = t.First(t.Child(t.Parent(at), pysyntax.FieldArguments))
		}
	}
	word := pymodule.StringValue(t, key)
	return word != "" && word != name
}

// keysWithout reports whether a dictionary display has no key of a name: each is another constant, or names what the called
// function filters by, where no model has a column of that name.
func (p *program) keysWithout(s *loadflow.Site, dict pysyntax.Node, name string) bool {
	t := s.Module.Tree
	for c := range t.Children(dict) {
		switch {
		case t.Kind(c) == pysyntax.Comment:
		case t.Kind(c) != pysyntax.Pair:
			return false
		default:
			key := t.Child(c, pysyntax.FieldKey)
			word := pymodule.StringValue(t, key)
			if word == name || word == "" && (p.isColumn(name) || !filtersAll(nextSite(s))) {
				return false
			}
		}
	}
	return true
}

// filtersAll reports whether a function has no use for the keywords that it is given but to filter by them: each is a column's name.
func filtersAll(s *loadflow.Site) bool {
	if s == nil || s.Function == nil {
		return false
	}
	f, t := s.Function, s.Module.Tree
	i := keywords(f)
	if i < 0 {
		return false
	}
	for n := range t.Within(f.Body) {
		if t.Kind(n) != pysyntax.Identifier || t.Text(n) != f.Params[i].Name {
			continue
		}
		call := t.Parent(t.Parent(t.Parent(n)))
		if t.Kind(t.Parent(n)) != pysyntax.DictionarySplat || pymodule.Last(t.Text(t.Child(call, pysyntax.FieldFunction))) != "filter_by" {
			return false
		}
	}
	return true
}

// isColumn reports whether a mapped class, or what it inherits from, has an attribute of a name: a keyword may mean it.
func (p *program) isColumn(name string) bool {
	return p.columns.get(name, func() bool {
		for _, m := range p.graph.Modules {
			for _, c := range m.Classes {
				if mapped := p.index.Class(c); mapped != nil && c.Field(name) != nil {
					return true
				}
			}
		}
		return false
	})
}

// givenKeyword is a keyword of a function's calls. Otherwise: loader options do not count.
type givenKeyword struct {
	function, keyword string
	otherwise         bool
}

// isGiven reports whether a call of a function, or of another of its name, gives a keyword, or may by what hands its own keywords on
// to it; otherwise, one for what is not seen to be loader options. Where a module has the function as a value, partial(orders.list,
// options=...), any call in it that gives the keyword counts.
func (p *program) isGiven(function, keyword string, otherwise bool) bool {
	key := givenKeyword{function, keyword, otherwise}
	if known, asked := p.given[key]; asked {
		return known
	}
	p.given.get(key, func() bool { return false }) // for what hands on to itself
	p.given[key] = slices.ContainsFunc(p.graph.Modules, func(m *pymodule.Module) bool { return p.isGivenIn(m, key) })
	return p.given[key]
}

func (p *program) isGivenIn(m *pymodule.Module, key givenKeyword) bool {
	t := m.Tree
	if !bytes.Contains(t.Source(), []byte(key.function)) {
		return false
	}
	asValue, anywhere := false, false
	for n := range t.Within(t.Root()) {
		if t.Kind(n) != pysyntax.Call {
			asValue = asValue || t.Is(n, pysyntax.Identifier, pysyntax.Attribute, pysyntax.String) && p.standsFor(t, n, key.function)
			continue
		}
		value := t.Keyword(n, key.keyword)
		gives := value != pysyntax.Nil && !(key.otherwise && isLoaders(t, value))
		anywhere = anywhere || gives
		called := t.Text(t.Child(n, pysyntax.FieldFunction))
		if pymodule.Last(called) == key.function && !strings.HasSuffix(called, "session."+key.function) && (gives || p.handsOnGiven(m, n, key)) {
			return true
		}
	}
	return asValue && anywhere && !key.otherwise
}

// standsFor reports whether an expression is a function of a name that is not called there, or its name as a string.
func (p *program) standsFor(t *pysyntax.Tree, n pysyntax.Node, function string) bool {
	if t.Kind(n) == pysyntax.String {
		return pymodule.StringValue(t, n) == function
	}
	if pymodule.Last(t.Text(n)) != function || t.Field(n) == pysyntax.FieldFunction || t.Kind(t.Parent(n)) == pysyntax.Attribute {
		return false
	}
	return t.Is(t.Parent(n), pysyntax.ArgumentList, pysyntax.KeywordArgument, pysyntax.Pair, pysyntax.List, pysyntax.Tuple, pysyntax.BooleanOperator) ||
		t.Kind(t.Parent(n)) == pysyntax.Assignment && t.Field(n) == pysyntax.FieldRight
}

// handsOnGiven reports whether a call splats what may have a keyword: the keywords of a function that is given it, a dictionary
// display with the key.
func (p *program) handsOnGiven(m *pymodule.Module, call pysyntax.Node, key givenKeyword) bool {
	t := m.Tree
	around := m.FunctionAround(call)
	for c := range t.Children(t.Child(call, pysyntax.FieldArguments)) {
		if t.Kind(c) != pysyntax.DictionarySplat {
			continue
		}
		dict := t.First(c)
		if hasKey(t, dict, key) {
			return true
		}
		if around == nil || t.Kind(dict) != pysyntax.Identifier {
			continue
		}
		i := around.ParamIndex(t.Text(dict))
		if i >= 0 && around.Params[i].Kind == pymodule.StarStar && p.isGiven(around.Name, key.keyword, key.otherwise) {
			return true
		}
		for n := range t.Within(around.Body) {
			if t.Kind(n) == pysyntax.Assignment && t.Text(t.Child(n, pysyntax.FieldLeft)) == t.Text(dict) && hasKey(t, t.Child(n, pysyntax.FieldRight), key) {
				return true
			}
		}
	}
	return false
}

// hasKey reports whether a dictionary display has a keyword's key.
func hasKey(t *pysyntax.Tree, dict pysyntax.Node, key givenKeyword) bool {
	for pair := range t.Children(dict) {
		if t.Kind(pair) == pysyntax.Pair && pymodule.StringValue(t, t.Child(pair, pysyntax.FieldKey)) == key.keyword &&
			!(key.otherwise && isLoaders(t, t.Child(pair, pysyntax.FieldValue))) {
			return true
		}
	}
	return false
}

// isLoaders reports whether the value of a keyword is a list of loader options, which a write that was cut gave to a function that it
// did not open, or what code that hands such on says: options=options.
func isLoaders(t *pysyntax.Tree, value pysyntax.Node) bool {
	if t.Kind(value) == pysyntax.Identifier {
		return t.Text(value) == t.Text(t.Child(t.Parent(value), pysyntax.FieldName))
	}
	if !t.Is(value, pysyntax.List) {
		return false
	}
	for c := range t.Children(value) {
		if !isLoader(t, c) {
			return false
		}
	}
	return true
}

// isLoader reports whether an expression is selectinload(Order.items), orm.joinedload(...), or a chain of such, or brings some by a *.
// What a run has put in a list, *(extra or ()), is what it was by itself: no options but by its name.
func isLoader(t *pysyntax.Tree, n pysyntax.Node) bool {
	for t.Kind(n) == pysyntax.Call {
		fn := t.Child(n, pysyntax.FieldFunction)
		object := t.Child(fn, pysyntax.FieldObject)
		if t.Kind(object) != pysyntax.Call {
			return strings.HasSuffix(t.Text(fn), "load")
		}
		n = object
	}
	if t.Kind(n) != pysyntax.ListSplat {
		return false
	}
	either := t.First(t.First(n))
	return t.Kind(t.First(n)) != pysyntax.ParenthesizedExpression || t.Kind(either) != pysyntax.BooleanOperator ||
		strings.HasSuffix(t.Text(t.First(either)), "options")
}
