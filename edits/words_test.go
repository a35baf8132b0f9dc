package edits_test

import (
	"strings"
	"testing"

	"github.com/lazyfix/lazyfix/edits"
)

// marked is the text with what is not common in brackets.
func marked(text string, spans []edits.Span) string {
	var out strings.Builder
	at := 0
	for _, s := range spans {
		out.WriteString(text[at:s.Start] + "⟦" + text[s.Start:s.End] + "⟧")
		at = s.End
	}
	return out.String() + text[at:]
}

func TestWords(t *testing.T) {
	for _, test := range []struct{ old, new, wantOld, wantNew string }{
		{"relationship()", "relationship(lazy=1)", "relationship()", "relationship(⟦lazy=1⟧)"},
		{"a = get(x, y)\n", "a = get(\n    x,\n    y,\n)\n", "a = get(x,⟦ ⟧y)\n", "a = get(⟦\n    ⟧x,⟦\n    ⟧y⟦,\n⟧)\n"},
		{"\told\r\n", "\tnew\r\n", "\told\r\n", "\tnew\r\n"}, // nothing in common
		{"", "x\n", "", "x\n"},
		{"same\n", "same\n", "same\n", "same\n"},
		{"é é\xff = 1", "é è\xff = 1", "é ⟦é⟧\xff = 1", "é ⟦è⟧\xff = 1"},
		{"lazy_one = 1", "lazy_two = 1", "⟦lazy_one⟧ = 1", "⟦lazy_two⟧ = 1"},
	} {
		inOld, inNew := edits.Words(test.old, test.new)
		if got := marked(test.old, inOld); got != test.wantOld {
			t.Errorf("%q: old is %q, want %q", test.old, got, test.wantOld)
		}
		if got := marked(test.new, inNew); got != test.wantNew {
			t.Errorf("%q: new is %q, want %q", test.old, got, test.wantNew)
		}
	}
	long := strings.Repeat("a b ", 3000)
	if inOld, inNew := edits.Words(long, "x "+long); inOld != nil || inNew != nil {
		t.Error("long texts are compared")
	}
}
