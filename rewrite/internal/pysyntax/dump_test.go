package pysyntax

import (
	"fmt"
	"os"
	"strings"
	"testing"
)

// dump prints the subtree of n, one node a line.
func dump(t *Tree, n Node) string {
	var b strings.Builder
	var walk func(n Node, depth int)
	walk = func(n Node, depth int) {
		text := strings.ReplaceAll(t.Text(n), "\n", "⏎")
		if len(text) > 40 {
			text = text[:40] + "…"
		}
		field := ""
		if f := t.Field(n); f != NoField {
			field = fieldNames[f] + ": "
		}
		fmt.Fprintf(&b, "%s%s%v %q\n", strings.Repeat("  ", depth), field, t.Kind(n), text)
		for c := range t.ChildrenWithComments(n) {
			walk(c, depth+1)
		}
	}
	walk(n, 0)
	return b.String()
}

func TestDump(t *testing.T) {
	if f := os.Getenv("DUMP"); f != "" {
		src, _ := os.ReadFile(f)
		tree, _ := NewParser().Parse(src)
		fmt.Println(dump(tree, 0))
	}
}
