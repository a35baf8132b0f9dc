package pysyntax

import (
	"fmt"
	"os"
	"strings"
	"testing"
)

func parse(t testing.TB, source string) *Tree {
	t.Helper()
	parser := NewParser()
	defer parser.Close()
	tree, err := parser.Parse([]byte(source))
	if err != nil {
		t.Fatal(err)
	}
	return tree
}

// find is the first node of a kind with the text, or fails the test.
func find(t *testing.T, tree *Tree, kind Kind, text string) Node {
	t.Helper()
	for n := range tree.Within(tree.Root()) {
		if tree.Kind(n) == kind && tree.Text(n) == text {
			return n
		}
	}
	t.Fatalf("no %v %q in\n%s", kind, text, dump(tree, tree.Root()))
	return Nil
}

// dump prints the subtree of n, one node a line.
func dump(t *Tree, n Node) string {
	var b strings.Builder
	for c := range t.Within(n) {
		depth := 0
		for p := c; p != n; p = t.Parent(p) {
			depth++
		}
		text := []rune(strings.ReplaceAll(t.Text(c), "\n", "⏎"))
		if len(text) > 40 {
			text = append(text[:40], '…')
		}
		field := ""
		if f := t.Field(c); f != NoField {
			field = fieldNames[f] + ": "
		}
		fmt.Fprintf(&b, "%s%s%v %q\n", strings.Repeat("  ", depth), field, t.Kind(c), string(text))
	}
	return b.String()
}

// TestDump checks dump, and prints the tree of the file that DUMP names: `DUMP=x.py go test -run Dump -v`.
func TestDump(t *testing.T) {
	const want = `module "f(a)  # c⏎"
  expression_statement "f(a)"
    call "f(a)"
      function: identifier "f"
      arguments: argument_list "(a)"
        identifier "a"
  comment "# c"
`
	tree := parse(t, "f(a)  # c\n")
	if got := dump(tree, tree.Root()); got != want {
		t.Errorf("got\n%s", got)
	}
	if file := os.Getenv("DUMP"); file != "" {
		source, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		tree := parse(t, string(source))
		fmt.Print(dump(tree, tree.Root()))
	}
}
