package pyedit

import (
	"bytes"
	"encoding/json"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"

	"github.com/lazyfix/lazyfix/edits"
	"github.com/lazyfix/lazyfix/rewrite/internal/pysyntax"
)

// An archive in testdata holds cases: a file `NAME | ARGUMENTS` with the source, followed by `=` with what must come
// out, by `!` with part of the error, or by neither when nothing may change. Each runs with "\n" and with "\r\n", and
// again on its own output, which it must leave alone.
type example struct {
	name, arguments  string
	before, after, e string
}

type edit func(t *testing.T, tree *pysyntax.Tree, arguments string) ([]edits.Edit, error)

func examples(t *testing.T, file string) []example {
	t.Helper()
	archive, err := txtar.ParseFile(filepath.Join("testdata", file))
	if err != nil {
		t.Fatal(err)
	}
	var out []example
	for _, f := range archive.Files {
		switch f.Name {
		case "=":
			out[len(out)-1].after = string(f.Data)
		case "!":
			out[len(out)-1].e = strings.TrimSpace(string(f.Data))
		default:
			name, arguments, _ := strings.Cut(f.Name, " | ")
			out = append(out, example{name: name, arguments: arguments, before: string(f.Data), after: string(f.Data)})
		}
	}
	return out
}

func runArchive(t *testing.T, file string, run edit) {
	var results []string
	for _, x := range examples(t, file) {
		t.Run(x.name, func(t *testing.T) {
			for _, newline := range []string{"\n", "\r\n"} {
				if newline != "\n" && !strings.Contains(x.before, "\n") {
					continue // nothing tells that line end
				}
				before, after := strings.ReplaceAll(x.before, "\n", newline), strings.ReplaceAll(x.after, "\n", newline)
				got, err := apply(t, before, x.arguments, run)
				if x.e != "" {
					if err == nil || !strings.Contains(err.Error(), x.e) {
						t.Fatalf("got error %v, want %q", err, x.e)
					}
					continue
				}
				if err != nil {
					t.Fatal(err)
				}
				if got != after {
					t.Fatalf("newline %q, got\n%s\nwant\n%s", newline, got, after)
				}
				if again, err := apply(t, got, x.arguments, run); err != nil || again != got {
					t.Errorf("again: error %v, got\n%s", err, again)
				}
				results = append(results, got)
			}
		})
	}
	compile(t, results)
}

func apply(t *testing.T, source, arguments string, run edit) (string, error) {
	t.Helper()
	tree := parse(t, source)
	list, err := run(t, tree, arguments)
	if err != nil {
		return "", err
	}
	out, err := edits.Apply([]byte(source), list)
	if err != nil {
		t.Fatal(err)
	}
	if !tree.HasError(tree.Root()) {
		if after := parse(t, string(out)); after.HasError(after.Root()) {
			t.Errorf("the output does not parse:\n%s", out)
		}
	}
	return string(out), nil
}

func parse(t *testing.T, source string) *pysyntax.Tree {
	t.Helper()
	parser := pysyntax.NewParser()
	defer parser.Close()
	tree, err := parser.Parse([]byte(source))
	if err != nil {
		t.Fatal(err)
	}
	return tree
}

// compile checks each source with CPython. Its parser alone would let a repeated keyword pass.
func compile(t *testing.T, sources []string) {
	t.Helper()
	input, err := json.Marshal(sources)
	if err != nil {
		t.Fatal(err)
	}
	const script = `
import ast, json, sys
for source in json.load(sys.stdin):
    try:
        compile(source.encode(), "case", "exec", ast.PyCF_ALLOW_TOP_LEVEL_AWAIT, dont_inherit=True)
    except SyntaxError as e:
        print(f"{e}\n{source}")
`
	python := exec.Command("python3", "-W", "ignore", "-c", script)
	python.Stdin = bytes.NewReader(input)
	out, err := python.CombinedOutput()
	if err != nil || len(out) > 0 {
		t.Errorf("CPython: %v\n%s", err, out)
	}
}

// callOf is the first call in pre-order whose function is one of names, or a method of such a name.
func callOf(t *testing.T, tree *pysyntax.Tree, names ...string) pysyntax.Node {
	t.Helper()
	for n := range tree.Within(tree.Root()) {
		if tree.Kind(n) != pysyntax.Call {
			continue
		}
		function := tree.Child(n, pysyntax.FieldFunction)
		if tree.Kind(function) == pysyntax.Attribute {
			function = tree.Child(function, pysyntax.FieldAttribute)
		}
		for _, name := range names {
			if tree.Text(function) == name {
				return n
			}
		}
	}
	t.Fatalf("no call of %v", names)
	return pysyntax.Nil
}
