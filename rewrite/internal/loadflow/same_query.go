package loadflow

import (
	"maps"

	"github.com/lazyfix/lazyfix/rewrite/internal/pysyntax"
)

// queryWords are what one query may be spelled by in several ways: session.get(Order, key), and
// session.scalar(select(Order).where(Order.id == key)).
var queryWords = map[string]bool{
	"select": true, "where": true, "filter": true, "filter_by": true, "get": true, "get_one": true, "options": true, "id": true,
	"execute": true, "scalars": true, "scalar": true, "scalar_one": true, "scalar_one_or_none": true, "one": true,
	"one_or_none": true, "first": true, "unique": true, "all": true, "list": true,
}

// sameButOptions reports whether both branches of an if-statement query the same, but that one passes loader options: they
// speak of the same names and values. With another filter in one of them a call that passes options would get other rows.
func sameButOptions(t *pysyntax.Tree, branches pysyntax.Node, options string) bool {
	with, without := t.Child(branches, pysyntax.FieldConsequence), t.Child(branches, pysyntax.FieldAlternative)
	passed := false
	for n := range t.Within(with) {
		passed = passed || t.Kind(n) == pysyntax.Identifier && t.Text(n) == options && t.Field(n) != pysyntax.FieldAttribute
	}
	spoken := spokenOf(t, with)
	delete(spoken, options)
	return passed && maps.Equal(spoken, spokenOf(t, without))
}

// spokenOf are the names and literals in a block, without those that it gives values to and queryWords.
func spokenOf(t *pysyntax.Tree, block pysyntax.Node) map[string]bool {
	out := map[string]bool{}
	given := map[string]bool{}
	for n := range t.Within(block) {
		text := t.Text(n)
		switch {
		case t.Kind(n) == pysyntax.Identifier && t.Kind(t.Parent(n)) == pysyntax.Assignment && t.Field(n) == pysyntax.FieldLeft:
			given[text] = true
		case t.Is(n, pysyntax.Identifier, pysyntax.String, pysyntax.Integer, pysyntax.True, pysyntax.False, pysyntax.None):
			out[text] = !given[text] && !queryWords[text]
		}
	}
	maps.DeleteFunc(out, func(name string, spoken bool) bool { return !spoken || given[name] })
	return out
}
