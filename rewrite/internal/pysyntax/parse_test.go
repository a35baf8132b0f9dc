package pysyntax

import "testing"

func TestGrammarNames(t *testing.T) {
	seen := map[Kind]bool{}
	for _, k := range symbolKinds {
		seen[k] = true
	}
	for name, k := range kindNames {
		if !seen[k] && k != Error {
			t.Errorf("the grammar has no node %q", name)
		}
	}
}
