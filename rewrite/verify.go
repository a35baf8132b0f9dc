package rewrite

import (
	"fmt"
	"slices"

	"github.com/lazyfix/lazyfix/rewrite/internal/pysyntax"
)

// verify is the last net before bytes leave: it says what is wrong with the new text of a file, "" when nothing is. A
// place that did not parse before may go on not parsing; a new one may not, and no call may come to have a keyword twice,
// which the parser accepts and Python does not.
//
// It is no proof (the grammar accepts some things that Python rejects); the tests hold the results against CPython.
func verify(before *pysyntax.Tree, text []byte) string {
	parser := pysyntax.NewParser()
	defer parser.Close()
	after, err := parser.Parse(text)
	if err != nil {
		return err.Error()
	}
	if errorCount(after) > errorCount(before) || after.HasError(after.Root()) && !before.HasError(before.Root()) {
		return fmt.Sprintf("line %d does not parse", errorLine(after))
	}
	if places := repeated(after); len(places) > len(repeated(before)) {
		return fmt.Sprintf("line %d has the keyword %s twice", after.Line(places[0]), after.Text(after.Child(places[0], pysyntax.FieldName)))
	}
	return ""
}

// repeated are the keyword arguments whose name their call has before.
func repeated(t *pysyntax.Tree) []pysyntax.Node {
	var out []pysyntax.Node
	for n := range t.Len() {
		call := pysyntax.Node(n)
		if t.Kind(call) != pysyntax.Call {
			continue
		}
		var seen []string
		for c := range t.Children(t.Child(call, pysyntax.FieldArguments)) {
			if t.Kind(c) != pysyntax.KeywordArgument {
				continue
			}
			name := t.Text(t.Child(c, pysyntax.FieldName))
			if slices.Contains(seen, name) {
				out = append(out, c)
			}
			seen = append(seen, name)
		}
	}
	return out
}

func errorCount(t *pysyntax.Tree) int {
	n := 0
	for i := range t.Len() {
		if t.Kind(pysyntax.Node(i)) == pysyntax.Error {
			n++
		}
	}
	return n
}
