package pysyntax

import (
	"errors"
	"testing"
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
		for n := range tree.Within(tree.Root()) {
			tree.Text(n)
			if line, column := tree.Line(n), tree.Column(n); tree.LineStart(line)+column-1 != tree.Start(n) {
				t.Fatalf("node %d at %d is on line %d, column %d", n, tree.Start(n), line, column)
			}
		}
	})
}
