package pysyntax

import "testing"

// What is newer than the grammar is read, and every node has the text that the file has.
func TestNewerSyntax(t *testing.T) {
	for _, test := range []struct{ source, kind, text string }{
		{"try:\n    pass\nexcept A, b.B, C:\n    f(x)\n", "binary_operator", "A, b.B, C"},
		{"try:\n    pass\nexcept* A, B, C:\n    f(x)\n", "call", "f(x)"},
		{"try:\n    pass\nexcept A(x, y)[1:2], B, C:  # , :\n    f(x)\n", "binary_operator", "A(x, y)[1:2], B, C"},
		{"class A[T = int, *Ts = *tuple[int, str]](Base):\n    x = f(1)\n", "call", "f(1)"},
		{"def g[T: int = bool,\n      S = str](a: T = 1) -> S:\n    return f(a)\n", "default_parameter", ""},
		{"type X[T = dict[str, int]] = list[T]\nf(1)\n", "call", "f(1)"},
		{"x = t\"{user.orders} and 'text'\"\n", "attribute", "user.orders"},
		{"def f():\n    (bar.\nbaz)\n    g(1)\n", "attribute", "bar.\nbaz"},
		{"def f():\n    (bar().\r\nbaz)\r\n    g(1)\r\n", "call", "g(1)"},
		{"x = 'it\\'s [', \"\"\"'(\"\"\"\nul[1, *[i.id for i in o.items]]\n", "attribute", "o.items"},
		{"ul[*(a, b), 'c',\n   *{d}, *\"e\", *t, 1:2]\nf(*[g(1)])\n", "list_splat", "*[g(1)]"},
		{"x = f(rt'{a.b}', T\"{c!r}\")\n", "attribute", "a.b"},
	} {
		tree := parse(t, test.source)
		if tree.HasError(tree.Root()) {
			t.Errorf("%q does not parse", test.source)
		}
		if string(tree.Source()) != test.source {
			t.Errorf("%q became %q", test.source, tree.Source())
		}
		if test.text == "" {
			continue
		}
		found := false
		for n := range tree.Within(tree.Root()) {
			found = found || tree.Kind(n).String() == test.kind && tree.Text(n) == test.text
		}
		if !found {
			t.Errorf("%q has no %s %q:\n%s", test.source, test.kind, test.text, dump(tree, tree.Root()))
		}
	}
}

// What is wrong in every Python stays an error.
func TestNotNewerSyntax(t *testing.T) {
	for _, source := range []string{
		"try:\n    pass\nexcept A, B, C as e:\n    pass\n",
		"try:\n    pass\nexcept A, B, C\n    pass\n",
		"class A[T = int:\n    pass\n",
		"x = t\"{a\n",
		"def f():\n    bar.\nbaz\n",
		"def f():\n    (bar)  # (a.\nbaz)\n",
	} {
		if tree := parse(t, source); !tree.HasError(tree.Root()) {
			t.Errorf("%q parses", source)
		}
	}
}
