package pysyntax

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

func TestChildren(t *testing.T) {
	tree := parse(t, "f(\n    a,  # one\n    # two\n    b, \\\n    k=1,\n)\n")
	list := find(t, tree, ArgumentList, tree.Text(0)[1:len(tree.Text(0))-1])
	text := func(seq []Node) string {
		var out []string
		for _, n := range seq {
			out = append(out, tree.Text(n))
		}
		return strings.Join(out, "|")
	}
	if got := text(slices.Collect(tree.Children(list))); got != "a|b|k=1" {
		t.Errorf("Children: %s", got)
	}
	if got := text(slices.Collect(tree.ChildrenWithComments(list))); got != "a|# one|# two|b|\\\n|k=1" {
		t.Errorf("ChildrenWithComments: %q", got)
	}
	if got := tree.Text(tree.First(list)); got != "a" {
		t.Errorf("First: %s", got)
	}
	if got := tree.Text(tree.Nth(list, 2)); got != "k=1" {
		t.Errorf("Nth: %s", got)
	}
	if tree.Nth(list, 3) != Nil || tree.Nth(list, -1) != Nil {
		t.Error("there are three")
	}
	call := tree.Parent(list)
	if tree.Child(call, FieldArguments) != list || tree.Child(call, FieldBody) != Nil {
		t.Error("Child")
	}
	k := tree.Nth(list, 2)
	if tree.Text(tree.Child(k, FieldName)) != "k" || tree.Text(tree.Child(k, FieldValue)) != "1" {
		t.Error("the fields of a keyword argument")
	}
	for range tree.Children(list) {
		break // stops the sequence, does not panic
	}
}

func TestAround(t *testing.T) {
	tree := parse(t, "class A:\n    def f(self):\n        return [x]\n\ny = 1\n")
	x := find(t, tree, Identifier, "x")
	f := tree.Enclosing(x, FunctionDefinition)
	if tree.Text(tree.Child(f, FieldName)) != "f" {
		t.Errorf("Enclosing: %s", tree.Text(f))
	}
	if tree.Enclosing(x, ClassDefinition, FunctionDefinition) != f {
		t.Error("the nearest of several kinds")
	}
	if tree.Enclosing(f, FunctionDefinition) != Nil {
		t.Error("not the node itself")
	}
	y := find(t, tree, Identifier, "y")
	if !tree.Contains(f, x) || !tree.Contains(f, f) || tree.Contains(x, f) || tree.Contains(f, y) {
		t.Error("Contains")
	}
	within := slices.Collect(tree.Within(f))
	if within[0] != f || within[len(within)-1] != tree.SubtreeEnd(f)-1 {
		t.Errorf("Within: %v", within)
	}
}

func TestPositions(t *testing.T) {
	tree := parse(t, "a\r\nbé = c\n")
	if tree.LineCount() != 3 {
		t.Errorf("LineCount: %d", tree.LineCount())
	}
	c := find(t, tree, Identifier, "c")
	if tree.Line(c) != 2 || tree.Column(c) != 7 {
		t.Errorf("line %d, column %d; columns count bytes", tree.Line(c), tree.Column(c))
	}
	for offset, want := range map[int]int{0: 1, 1: 1, 2: 1, 3: 2, 10: 2, 11: 3} {
		if got := tree.LineAt(offset); got != want {
			t.Errorf("LineAt(%d): %d, want %d", offset, got, want)
		}
	}
	if tree.LineStart(1) != 0 || tree.LineStart(2) != 3 || tree.LineStart(3) != len(tree.Source()) {
		t.Error("LineStart")
	}
	if empty := parse(t, ""); empty.LineCount() != 1 || empty.LineAt(0) != 1 {
		t.Error("an empty file has one line")
	}
}

func TestNil(t *testing.T) {
	tree := parse(t, "x\n")
	if tree.Kind(Nil) != Other || tree.Is(Nil, Other) || tree.Field(Nil) != NoField || tree.Start(Nil) != 0 || tree.End(Nil) != 0 ||
		tree.Text(Nil) != "" || tree.Parent(Nil) != Nil || tree.SubtreeEnd(Nil) != Nil || tree.Contains(Nil, 0) ||
		tree.Child(Nil, FieldBody) != Nil || tree.First(Nil) != Nil || tree.Nth(Nil, 0) != Nil ||
		tree.Enclosing(Nil, Module) != Nil || tree.HasError(Nil) || tree.Parent(tree.Root()) != Nil {
		t.Error("Nil is no node")
	}
	for range tree.Children(Nil) {
		t.Error("a child of Nil")
	}
	for range tree.Within(Nil) {
		t.Error("something within Nil")
	}
}

// checkWithin: each node of a subtree stands within its parent.
func checkWithin(t *testing.T, tree *Tree, n Node) {
	t.Helper()
	for n := range tree.Within(n) {
		if p := tree.Parent(n); !tree.Contains(p, n) || tree.Start(n) < tree.Start(p) || tree.End(n) > tree.End(p) || tree.SubtreeEnd(n) > tree.SubtreeEnd(p) {
			t.Errorf("%s: %q is not within %q", tree.Source(), tree.Text(n), tree.Text(p))
		}
	}
}

// TestOuterSplats: the star of a display stands around all that it spreads, as Python has it.
func TestOuterSplats(t *testing.T) {
	for source, want := range map[string]string{
		"[*map(f, x)]":              "list(list_splat(call(identifier:14 argument_list:4(identifier identifier))))",
		"{*a.b(c), d}":              "set(list_splat(call(attribute:14(identifier:20 identifier:5) argument_list:4(identifier))) identifier)",
		"[1, *a.b[0].c]":            "list(integer list_splat(attribute(subscript:20(attribute:32(identifier:20 identifier:5) integer:27) identifier:5)))",
		"[*a + b.c]":                "list(list_splat(binary_operator(identifier:17 attribute:25(identifier:20 identifier:5))))",
		"[*a]":                      "list(list_splat(identifier))",
		"(*g(x), 1)":                "tuple(list_splat(call(identifier:14 argument_list:4(identifier))) integer)",
		"f(*g(x))":                  "call(identifier:14 argument_list:4(list_splat(call(identifier:14 argument_list:4(identifier)))))",
		"[*(await f(\n  x)).all()]": "list(list_splat(call(attribute:14(parenthesized_expression:20(await(call(identifier:14 argument_list:4(identifier)))) identifier:5) argument_list:4)))",
	} {
		tree := parse(t, source)
		n := tree.First(tree.First(tree.Root()))
		if got := shape(tree, n); got != want {
			t.Errorf("%s\n got %s\nwant %s", source, got, want)
		}
		checkWithin(t, tree, n)
		if strings.Contains(source, "*a") {
			for n := range tree.Within(n) {
				if strings.HasPrefix(tree.Text(n), "*") != (tree.Kind(n) == ListSplat) {
					t.Errorf("%s: %q is a %v", source, tree.Text(n), tree.Kind(n))
				}
			}
		}
	}
}

// shape is a node with what it holds, and the fields of these.
func shape(t *Tree, n Node) string {
	out := t.Kind(n).String()
	if f := t.Field(n); f != NoField {
		out += fmt.Sprintf(":%d", f)
	}
	var inner []string
	for c := range t.Children(n) {
		inner = append(inner, shape(t, c))
	}
	if len(inner) > 0 {
		out += "(" + strings.Join(inner, " ") + ")"
	}
	return out
}

func TestNames(t *testing.T) {
	tree := parse(t, "f('a', b.c, k=1)\n")
	call := find(t, tree, Call, "f('a', b.c, k=1)")
	for name, want := range map[string]bool{"f": true, "b": true, "c": true, "k": true, "a": false, "'a'": false, "b.c": false, "1": false} {
		if tree.Names(call, name) != want {
			t.Errorf("Names(%s) is %v", name, !want)
		}
	}
	if tree.Names(tree.Child(call, FieldArguments), "f") || tree.Names(Nil, "f") {
		t.Error("f stands elsewhere")
	}
}

// TestWithoutParentheses: parentheses that mean nothing around a target or what a with statement names are no nodes.
func TestWithoutParentheses(t *testing.T) {
	for source, want := range map[string]string{
		"for (a) in b: c":       "for_statement(identifier:17 identifier:25 block:6(expression_statement(identifier)))",
		"for (a,) in b: c":      "for_statement(tuple_pattern:17(identifier) identifier:25 block:6(expression_statement(identifier)))",
		"for ((a)) in b: c":     "for_statement(identifier:17 identifier:25 block:6(expression_statement(identifier)))",
		"(a) = b":               "expression_statement(assignment(identifier:17 identifier:25))",
		"with (f(x) as y):\n c": "with_statement(with_clause(with_item(as_pattern:32(call(identifier:14 argument_list:4(identifier)) as_pattern_target:1(identifier)))) block:6(expression_statement(identifier)))",
	} {
		tree := parse(t, source)
		n := tree.First(tree.Root())
		if got := shape(tree, n); got != want {
			t.Errorf("%s\n got %s\nwant %s", source, got, want)
		}
		checkWithin(t, tree, n)
	}
}
