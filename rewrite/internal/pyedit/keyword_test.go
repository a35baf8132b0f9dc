package pyedit

import (
	"reflect"
	"strings"
	"testing"

	"github.com/lazyfix/lazyfix/edits"
	"github.com/lazyfix/lazyfix/rewrite/internal/pysyntax"
)

func TestSetKeyword(t *testing.T) {
	runArchive(t, "keyword.txtar", func(t *testing.T, tree *pysyntax.Tree, arguments string) ([]edits.Edit, error) {
		name, value, _ := strings.Cut(arguments, "=")
		return SetKeyword(tree, callOf(t, tree, "f", "relationship"), name, value, Style{})
	})
}

func TestSetKeywordWraps(t *testing.T) {
	runArchive(t, "keyword_within.txtar", func(t *testing.T, tree *pysyntax.Tree, arguments string) ([]edits.Edit, error) {
		name, value, _ := strings.Cut(arguments, "=")
		return SetKeyword(tree, callOf(t, tree, "f", "relationship"), name, value, StyleOf(tree, 40))
	})
}

func TestAddToListKeyword(t *testing.T) {
	runArchive(t, "list.txtar", func(t *testing.T, tree *pysyntax.Tree, arguments string) ([]edits.Edit, error) {
		return AddToListKeyword(tree, callOf(t, tree, "get"), "options", strings.Split(arguments, ";"), StyleOf(tree, 60))
	})
}

func TestPutInList(t *testing.T) {
	runArchive(t, "spread.txtar", func(t *testing.T, tree *pysyntax.Tree, arguments string) ([]edits.Edit, error) {
		value := tree.Keyword(callOf(t, tree, "get"), "options")
		if tree.Kind(value) == pysyntax.List {
			return nil, nil
		}
		return PutInList(tree, value, "*"+tree.Text(value), strings.Split(arguments, ";"), StyleOf(tree, 60)), nil
	})
}

func TestArguments(t *testing.T) {
	tree := parse(t, "f(a, *b, c, d=1, **e)\ng(x for x in y)\nh()\n")
	f := callOf(t, tree, "f")
	var texts []string
	for _, n := range Positional(tree, f) {
		texts = append(texts, tree.Text(n))
	}
	if got := strings.Join(texts, " "); got != "a c" {
		t.Errorf("Positional: %s", got)
	}
	if got := tree.Text(tree.Keyword(f, "d")); got != "1" {
		t.Errorf("Keyword: %q", got)
	}
	if got := tree.Keyword(f, "e"); got != pysyntax.Nil {
		t.Errorf("Keyword e: %q", tree.Text(got))
	}
	if got := Positional(tree, callOf(t, tree, "g")); len(got) != 1 || tree.Text(got[0]) != "(x for x in y)" {
		t.Errorf("Positional of a generator: %v", got)
	}
	h := callOf(t, tree, "h")
	if len(Positional(tree, h)) > 0 {
		t.Error("h() has no arguments")
	}
}

func TestStyleOf(t *testing.T) {
	for _, c := range []struct {
		source string
		width  int
		want   Style
	}{
		{"", 0, Style{Width: 88, Quote: '"', Indent: "    ", Newline: "\n"}},
		{"'''doc'''\nx = \"a\"\n", 100, Style{Width: 100, Quote: '"', Indent: "    ", Newline: "\n"}},
		{"x = ['a', r'b', \"it's\"]\r\nif x:\r\n\ty = 1\r\n", 0, Style{Width: 88, Quote: '\'', Indent: "\t", Newline: "\r\n"}},
		{"def f():\n  if x:\n    y = 'a'\n  else:\n      z = \"b\"\n", 0, Style{Width: 88, Quote: '"', Indent: "  ", Newline: "\n"}},
	} {
		if got := StyleOf(parse(t, c.source), c.width); !reflect.DeepEqual(got, c.want) {
			t.Errorf("%q: got %+v, want %+v", c.source, got, c.want)
		}
	}
}
