package pylayout

import (
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"

	"github.com/lazyfix/lazyfix/edits"
)

// marked takes the insertions out of a text: what stands between « and ».
func marked(text string) (source string, list []edits.Edit) {
	var b strings.Builder
	for {
		before, rest, found := strings.Cut(text, "«")
		b.WriteString(before)
		if !found {
			return b.String(), list
		}
		inserted, behind, _ := strings.Cut(rest, "»")
		list = append(list, edits.Edit{Start: b.Len(), End: b.Len(), New: inserted})
		text = behind
	}
}

func TestEdits(t *testing.T) {
	archive, err := txtar.ParseFile(filepath.Join("testdata", "layout.txtar"))
	if err != nil {
		t.Fatal(err)
	}
	for i := 0; i+1 < len(archive.Files); i += 2 {
		name := archive.Files[i].Name
		t.Run(name, func(t *testing.T) {
			for _, newline := range []string{"\n", "\r\n"} {
				source, list := marked(strings.ReplaceAll(string(archive.Files[i].Data), "\n", newline))
				want := strings.ReplaceAll(string(archive.Files[i+1].Data), "\n", newline)
				laid := Edits([]byte(source), list, Style{88, "    ", newline, strings.HasSuffix(name, "(ruff)")})
				got, err := edits.Apply([]byte(source), laid)
				if err != nil {
					t.Fatal(err)
				}
				if string(got) != want {
					t.Fatalf("newline %q, got\n%s\nwant\n%s", newline, got, want)
				}
			}
		})
	}
}

// What a wrapping edit wrote is no wish of the file's author: its trailing comma does not keep the list open.
func TestEditsOfSeveralLines(t *testing.T) {
	const source = "def f():\n    x = session.get(Order, 1)\n"
	at := strings.Index(source, "Order, 1")
	list := []edits.Edit{
		{Start: at, End: at, New: "\n        "},
		{Start: at + 5, End: at + 7, New: ",\n        "},
		{Start: at + 8, End: at + 8, New: ",\n        options=[\n            a,\n        ],\n    "},
	}
	got, err := edits.Apply([]byte(source), Edits([]byte(source), list, Style{88, "    ", "\n", false}))
	const want = "def f():\n    x = session.get(Order, 1, options=[a])\n"
	if err != nil || string(got) != want {
		t.Errorf("error %v, got\n%s", err, got)
	}
}

// Statements that an edit adds beside one stay as they are, and the one is laid out.
func TestStatementsBeside(t *testing.T) {
	const source = "def f():\n    return g(a)\n"
	at := strings.Index(source, "return")
	list := []edits.Edit{
		{Start: at, End: at, New: "first( 1 )\n    "},
		{Start: at + len("return g(a"), End: at + len("return g(a"), New: ",\n        b"},
	}
	got, err := edits.Apply([]byte(source), Edits([]byte(source), list, Style{88, "    ", "\n", false}))
	const want = "def f():\n    first( 1 )\n    return g(a, b)\n"
	if err != nil || string(got) != want {
		t.Errorf("error %v, got\n%s", err, got)
	}
}

func TestStatements(t *testing.T) {
	const source = "# c\nx = f'{a['b']!r:>{w}} {{' + rb\"\\\"#\"  # d\nif (y :=\n    1.5e-3):\n    pass\n"
	list, ok := statements([]byte(source))
	if !ok || len(list) != 3 {
		t.Fatalf("%v %d", ok, len(list))
	}
	if got := source[list[0].start():list[0].end()]; got != "x = f'{a['b']!r:>{w}} {{' + rb\"\\\"#\"  # d" {
		t.Errorf("first: %s", got)
	}
	var tokens []string
	for _, k := range list[1].tokens {
		tokens = append(tokens, source[k.start:k.end])
	}
	if got := strings.Join(tokens, " "); got != "if ( y := 1.5e-3 ) :" {
		t.Errorf("second: %s", got)
	}
	for _, bad := range []string{"x = (", "x = )", "x = 'a", "x = '''a", "x = f'{a'"} {
		if _, ok := statements([]byte(bad)); ok {
			t.Errorf("%q is taken", bad)
		}
	}
}
