package loadflow

import (
	"regexp"
	"slices"
	"strings"

	"github.com/lazyfix/lazyfix/rewrite/internal/pymodule"
	"github.com/lazyfix/lazyfix/rewrite/internal/pysyntax"
)

// The names that a schema of Marshmallow or a DTO of Litestar chooses or leaves out may be spelled elsewhere:
//
//	HIDDEN = ("items", "notes")
//	OrderSchema(exclude=(*HIDDEN, "customer")).dump(order)
//
// Of what is left out each name that is known counts. What is chosen counts only where all of its names are known: else a field would
// be dumped that nobody sees.

// namesAt is where the expression of a list of names stands.
type namesAt struct {
	mod   *pymodule.Module
	class *pymodule.Class    // whose body it is, else nil
	fn    *pymodule.Function // nil in a module or a class
}

// maxLists bounds how many names of lists lead to each other.
const maxLists = 8

// listedStrings are the strings of a list, a tuple or a set, spelled or by the names of constants; whole reports whether these are
// all of them.
func (a *analysis) listedStrings(at namesAt, n pysyntax.Node, depth int) (names []string, whole bool) {
	if n == pysyntax.Nil || depth > maxLists {
		return nil, false
	}
	t := at.mod.Tree
	all := func(parts ...pysyntax.Node) ([]string, bool) {
		out, whole := []string{}, true
		for _, part := range parts {
			more, all := a.listedStrings(at, part, depth+1)
			out, whole = append(out, more...), whole && all
		}
		return out, whole
	}
	switch t.Kind(n) {
	case pysyntax.ParenthesizedExpression:
		return a.listedStrings(at, t.First(n), depth+1)
	case pysyntax.List, pysyntax.Tuple, pysyntax.Set:
		out, whole := []string{}, true
		for c := range t.Children(n) {
			switch s := pymodule.StringValue(t, c); {
			case t.Kind(c) == pysyntax.Comment:
			case s != "":
				out = append(out, s)
			case t.Kind(c) == pysyntax.ListSplat:
				more, all := a.listedStrings(at, t.First(c), depth+1)
				out, whole = append(out, more...), whole && all
			default:
				whole = false
			}
		}
		return out, whole
	case pysyntax.BinaryOperator: // HIDDEN + ("items",), HIDDEN | {"items"}
		if left, right := t.Nth(n, 0), t.Nth(n, 1); between(t, left, right) == "+" || between(t, left, right) == "|" {
			return all(left, right)
		}
	case pysyntax.Call:
		args := t.Child(n, pysyntax.FieldArguments)
		switch t.Text(t.Child(n, pysyntax.FieldFunction)) {
		case "list", "tuple", "set", "frozenset", "sorted":
			if t.Nth(args, 1) == pysyntax.Nil {
				return a.listedStrings(at, t.First(args), depth+1)
			}
		}
	case pysyntax.Identifier, pysyntax.Attribute:
		if at, given := a.onlyGivenAt(at, n); given != pysyntax.Nil && !a.growsInPlace(pymodule.Last(t.Text(n))) {
			return a.listedStrings(at, given, depth+1)
		}
	}
	return nil, false
}

// onlyGivenAt is what a name, or an attribute of self, is given and keeps, and where that stands; Nil for a parameter, and for what is
// given several.
func (a *analysis) onlyGivenAt(at namesAt, n pysyntax.Node) (namesAt, pysyntax.Node) {
	t := at.mod.Tree
	name, ok := pymodule.DottedName(t, n)
	first, attribute, _ := strings.Cut(name, ".")
	if !ok {
		return at, pysyntax.Nil
	}
	if at.fn != nil && at.fn.Class != nil && (first == "self" || first == "cls") {
		s := a.classMember(at.fn.Class, attribute)
		if s.Variable == nil || slices.ContainsFunc(a.g.Family(at.fn.Class), func(c *pymodule.Class) bool {
			return c.Field(attribute) != nil && c.Field(attribute) != s.Variable || setsAttribute(c, attribute)
		}) {
			return at, pysyntax.Nil
		}
		return namesAt{mod: s.Variable.Module, class: s.Variable.Class}, s.Variable.Value
	}
	if at.fn != nil && at.fn.Binds(first) {
		if at.fn.ParamIndex(first) >= 0 { // def get(hidden=None): if hidden is None: hidden = ("items",)
			return at, pysyntax.Nil
		}
		return at, onlyGiven(t, at.fn, name)
	}
	s, others := a.g.Meanings(at.mod, at.class, at.fn, name)
	if s.Variable == nil || len(others) > 0 {
		return at, pysyntax.Nil
	}
	return namesAt{mod: s.Variable.Module, class: s.Variable.Class}, s.Variable.Value
}

// growsInPlace reports whether a list of that name is changed anywhere: NAMES.append("items"), NAMES += ["items"].
func (a *analysis) growsInPlace(name string) bool {
	return *a.grows.get(name, func() *bool {
		changes := regexp.MustCompile(`\b` + regexp.QuoteMeta(name) + `\s*(\+=|\|=|-=|\[[^\]]*\]\s*=[^=]|\.(append|extend|insert|remove|pop|clear|add|update|discard)\b)`)
		found := slices.ContainsFunc(a.g.Modules, func(m *pymodule.Module) bool { return changes.Match(m.Tree.Source()) })
		return &found
	})
}
