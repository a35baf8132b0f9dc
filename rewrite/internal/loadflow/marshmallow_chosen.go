package loadflow

import (
	"slices"
	"strings"

	"github.com/lazyfix/lazyfix/rewrite/internal/pymodule"
	"github.com/lazyfix/lazyfix/rewrite/internal/pysyntax"
)

// What only= or exclude= leave out of a dump of Marshmallow is not read, where they are spelled: in
// OrderSchema(exclude=["items"]).dump(order), in the variable that holds the schema, in fields.Nested(ItemSchema, only=["id"]).
// A dotted name is one of a nested schema: only=["items.id"] dumps items, and of these the id.

// chosen are the fields of a schema that count, nil for what is not said.
type chosen struct{ only, exclude []string }

func (c chosen) has(name string) bool {
	return (c.only == nil || slices.ContainsFunc(c.only, func(s string) bool { return s == name || strings.HasPrefix(s, name+".") })) &&
		!slices.Contains(c.exclude, name)
}

// under is what is chosen of the schema that a field nests.
func (c chosen) under(name string) chosen {
	below := func(names []string) []string {
		var out []string
		for _, s := range names {
			if rest, ok := strings.CutPrefix(s, name+"."); ok {
				out = append(out, rest)
			}
		}
		return out
	}
	return chosen{below(c.only), below(c.exclude)}
}

// and is what both choose.
func (c chosen) and(other chosen) chosen {
	out := chosen{other.only, slices.Concat(c.exclude, other.exclude)}
	switch {
	case other.only == nil:
		out.only = c.only
	case c.only != nil:
		out.only = slices.DeleteFunc(slices.Clone(other.only), func(s string) bool { return !slices.Contains(c.only, s) })
	}
	return out
}

func (a *analysis) chosenIn(at namesAt, call pysyntax.Node) chosen {
	t := at.mod.Tree
	exclude, _ := a.listedStrings(at, t.Keyword(call, "exclude"), 0)
	return chosen{a.allStrings(at, t.Keyword(call, "only")), exclude}
}

// allStrings are the strings of a list, nil where not all of them are known.
func (a *analysis) allStrings(at namesAt, n pysyntax.Node) []string {
	if names, whole := a.listedStrings(at, n, 0); whole {
		return names
	}
	return nil
}

// chosenFields are those of the schema that an expression makes, or that a variable holds.
func (x *interp) chosenFields(m *pymodule.Module, n pysyntax.Node) chosen {
	at := namesAt{mod: m, fn: x.u.key.fn}
	if m.Tree.Is(n, pysyntax.Identifier, pysyntax.Attribute) {
		at, n = x.a.onlyGivenAt(at, n)
	}
	if at.mod.Tree.Kind(n) != pysyntax.Call {
		return chosen{}
	}
	return x.a.chosenIn(at, n)
}

// stringList are the strings of a list or tuple, nil for anything else.
func stringList(t *pysyntax.Tree, n pysyntax.Node) []string {
	if n == pysyntax.Nil || !t.Is(n, pysyntax.List, pysyntax.Tuple, pysyntax.Set) {
		return nil
	}
	return stringsIn(t, n)
}
