package edits_test

import (
	"testing"

	"github.com/lazyfix/lazyfix/edits"
)

// Each letter of the text before is where it is in the text after.
func TestMoves(t *testing.T) {
	content := []byte("a\nb c\nd e\n")
	list := []edits.Edit{{Start: 0, End: 0, New: "import x\n\n"}, {Start: 4, End: 5, New: "y\nz"}, {Start: 8, End: 8, New: "123"}}
	change := edits.Change{Baseline: edits.Baseline{Content: content}, Edits: list, New: []byte("import x\n\na\nb y\nz\nd 123e\n")}
	moves := change.Moves()
	for _, c := range []struct{ line, column, newLine, newColumn int }{
		{1, 1, 3, 1}, // a, behind what was put before it
		{2, 1, 4, 1}, // b
		{2, 3, 4, 3}, // c, which is replaced
		{3, 1, 6, 1}, // d
		{3, 3, 6, 6}, // e, in the line of an insertion
		{9, 1, 9, 1}, // no such line
		{0, 0, 0, 0}, // the whole file
	} {
		if line, column := moves.At(c.line, c.column); line != c.newLine || column != c.newColumn {
			t.Errorf("%d:%d is %d:%d, want %d:%d", c.line, c.column, line, column, c.newLine, c.newColumn)
		}
	}
}
