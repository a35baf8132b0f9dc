package pysyntax

import (
	"errors"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"
)

// checkTree holds what every tree must: pre-order, and spans that nest.
func checkTree(t *testing.T, tree *Tree) {
	t.Helper()
	if tree.Len() == 0 || tree.SubtreeEnd(0) != Node(tree.Len()) {
		t.Fatalf("%d nodes, the root ends at %d", tree.Len(), tree.SubtreeEnd(0))
	}
	behind := make([]int, tree.Len()) // of each node: where its last child so far ends
	for n := range Node(tree.Len()) {
		start, end, parent := tree.Start(n), tree.End(n), tree.Parent(n)
		if start > end || end > len(tree.Source()) {
			t.Fatalf("node %d spans %d to %d of %d", n, start, end, len(tree.Source()))
		}
		if tree.SubtreeEnd(n) <= n {
			t.Fatalf("node %d: its subtree ends at %d", n, tree.SubtreeEnd(n))
		}
		if n == 0 {
			continue
		}
		if parent < 0 || parent >= n || !tree.Contains(parent, n) || tree.SubtreeEnd(n) > tree.SubtreeEnd(parent) {
			t.Fatalf("node %d ends before %d, in %d that ends before %d", n, tree.SubtreeEnd(n), parent, tree.SubtreeEnd(parent))
		}
		if start < tree.Start(parent) || end > tree.End(parent) {
			t.Fatalf("node %d (%v) spans %d to %d, its parent (%v) %d to %d", n, tree.Kind(n), start, end, tree.Kind(parent), tree.Start(parent), tree.End(parent))
		}
		if start < behind[parent] {
			t.Fatalf("node %d (%v) starts at %d, inside its sibling that ends at %d", n, tree.Kind(n), start, behind[parent])
		}
		behind[parent] = end
		if tree.HasError(n) && !tree.HasError(parent) {
			t.Fatalf("node %d has an error, its parent has none", n)
		}
	}
	if first := tree.FirstError(); first != Nil && !tree.HasError(tree.Root()) {
		t.Fatalf("error at %d, but the root has none", first)
	}
}

// keywords are the tokens of letters that have no node of their own.
var keywords = func() map[string]bool {
	words := map[string]bool{}
	for _, w := range strings.Fields("and as assert async await break case class continue def del elif else except exec finally for from __future__ " +
		"global if import in is lambda match nonlocal not or pass print raise return try type while with yield") {
		words[w] = true
	}
	return words
}()

var word = regexp.MustCompile(`[\w\x80-\xff]+`)

// checkGaps accounts for every byte of a tree without errors: what a node with children holds beside them is white space,
// punctuation and keywords, unless the node is text of a string: its children are escapes, or what a format inserts.
func checkGaps(t *testing.T, tree *Tree) {
	t.Helper()
	if tree.HasError(tree.Root()) {
		return
	}
	at := make([]int, tree.Len()) // of each node: where its text that no child holds goes on
	gap := func(n Node, end int) {
		from := at[n]
		if from >= end || tree.Kind(n) == StringContent || isFormat(tree, n) {
			return
		}
		text := strings.TrimPrefix(string(tree.Source()[from:end]), "\ufeff")
		for _, w := range word.FindAllString(text, -1) {
			if !keywords[w] {
				t.Fatalf("bytes %d to %d are in no node of %v: %q", from, end, tree.Kind(n), text)
			}
		}
	}
	for n := range Node(tree.Len()) {
		at[n] = tree.Start(n)
		if n == tree.Root() {
			at[n] = 0
			continue
		}
		gap(tree.Parent(n), tree.Start(n))
		at[tree.Parent(n)] = tree.End(n)
	}
	for n := range Node(tree.Len()) {
		switch {
		case n == tree.Root():
			gap(n, len(tree.Source()))
		case tree.SubtreeEnd(n) > n+1:
			gap(n, tree.End(n))
		}
	}
}

// isFormat says whether a node is what stands behind the colon of {x:>10}, or of a {y:>10} in there.
func isFormat(tree *Tree, n Node) bool {
	in := tree.Parent(n)
	return tree.Kind(n) == Other && tree.Text(n)[0] == ':' &&
		(tree.Kind(in) == Interpolation || tree.Kind(in) == Other && tree.Text(in)[0] == '{')
}

// fixtureFiles are the Python files of all archives of the fixtures.
func fixtureFiles(t testing.TB) [][]byte {
	t.Helper()
	paths, err := filepath.Glob("../../../fixtures/*/*.txtar")
	more, err2 := filepath.Glob("../../../fixtures/*/*/*.txtar")
	if paths = append(paths, more...); err != nil || err2 != nil || len(paths) < 50 {
		t.Fatalf("%d archives: %v, %v", len(paths), err, err2)
	}
	var out [][]byte
	for _, path := range paths {
		archive, err := txtar.ParseFile(path)
		if err != nil {
			t.Fatal(err)
		}
		for _, file := range archive.Files {
			if strings.HasSuffix(file.Name, ".py") {
				out = append(out, file.Data)
			}
		}
	}
	return out
}

func FuzzParse(f *testing.F) {
	for _, seed := range []string{
		"",
		"x",
		"\ufeffx = 1\n",
		"#!/usr/bin/python\n# -*- coding: latin-1 -*-\nx = 'é'\n",
		"class A(Base):\r\n    bs: Mapped[list[\"B\"]] = relationship(lazy=\"select\")  # c\r\n",
		"async def f(s):\n\treturn (await s.scalars(select(A).where(A.id == 1).options(*o))).all()\n",
		"x = [*f(x)]\nprint >> y, z\ntype(x).attr = 1\n",
		"f'{a!r:>{w}} {b=} {{'\n",
		"match x:\n    case A(b=1) | {'c': [*_]}:\n        pass\n",
		"if x:\n  y\n # c\nelse:\n    z \\\n\n",
		"def f(:\n  pass\n)]}\n",
		"try:\n    pass\nexcept A, B:\n    pass\n",
		"x = 1\ry = 2\r",
		"\x00\xff\xfe(((\n\"\"\"",
		"import from \"a\"\n",
		"\t \t\n  x\n\f\ny",
	} {
		f.Add([]byte(seed))
	}
	for _, seed := range fixtureFiles(f) {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, source []byte) {
		parser := NewParser()
		defer parser.Close()
		parser.limit = func(int) int { return 300_000 } // a target is to be quick, and what it finds is no slow file
		tree, err := parser.Parse(source)
		if err != nil {
			// There is no other reason to have no tree, and the parser must be none the worse.
			if !errors.Is(err, ErrTooSlow) {
				t.Fatal(err)
			}
			parser.limit = limitOf
			if tree, err = parser.Parse([]byte("x = 1\n")); err != nil || tree.Len() != 5 {
				t.Fatalf("after a file that was too slow: %v", err)
			}
			return
		}
		checkTree(t, tree)
		checkGaps(t, tree)
		for n := range tree.Within(tree.Root()) {
			tree.Text(n)
			if line, column := tree.Line(n), tree.Column(n); tree.LineStart(line)+column-1 != tree.Start(n) {
				t.Fatalf("node %d at %d is on line %d, column %d", n, tree.Start(n), line, column)
			}
		}
	})
}
