package rewrite

import (
	"fmt"

	"github.com/lazyfix/lazyfix/rewrite/internal/pysyntax"
)

// verify is the last net before bytes leave: it says what is wrong with the new text of a file, "" when nothing is. A
// place that did not parse before may go on not parsing; a new one may not, and no call may have a keyword twice, which
// the parser accepts and Python does not.
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
	for n := range after.Len() {
		call := pysyntax.Node(n)
		if after.Kind(call) != pysyntax.Call {
			continue
		}
		seen := map[string]bool{}
		for c := range after.Children(after.Child(call, pysyntax.FieldArguments)) {
			if after.Kind(c) != pysyntax.KeywordArgument {
				continue
			}
			name := after.Text(after.Child(c, pysyntax.FieldName))
			if seen[name] {
				return fmt.Sprintf("line %d has the keyword %s twice", after.Line(c), name)
			}
			seen[name] = true
		}
	}
	return ""
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
