package pyedit

import (
	"strings"
	"testing"

	"github.com/lazyfix/lazyfix/edits"
	"github.com/lazyfix/lazyfix/rewrite/internal/pysyntax"
)

// needsOf reads `from m import a as b;import c`.
func needsOf(arguments string) []Import {
	var out []Import
	for _, text := range strings.Split(arguments, ";") {
		var need Import
		text, need.Alias, _ = strings.Cut(text, " as ")
		if module, ok := strings.CutPrefix(text, "import "); ok {
			need.Module = module
		} else {
			need.Module, need.Name, _ = strings.Cut(strings.TrimPrefix(text, "from "), " import ")
		}
		need.Module = unspaced(need.Module)
		out = append(out, need)
	}
	return out
}

func TestEnsureImports(t *testing.T) {
	runArchive(t, "imports.txtar", func(t *testing.T, tree *pysyntax.Tree, arguments string) ([]edits.Edit, error) {
		return EnsureImports(tree, needsOf(arguments), StyleOf(tree, 60))
	})
}

func TestFirstParty(t *testing.T) {
	const source = "import os\n\nimport slugify\nimport zoo\n\nfrom shop import x\n"
	for _, c := range [][2]string{
		{"sqlalchemy.orm", "import os\n\nimport slugify\nimport zoo\nfrom sqlalchemy.orm import a\n\nfrom shop import x\n"},
		{"app.models", "import os\n\nimport slugify\nimport zoo\n\nfrom app.models import a\nfrom shop import x\n"},
		{"other", "import os\n\nimport slugify\nimport zoo\nfrom other import a\n\nfrom shop import x\n"},
	} {
		got, err := apply(t, source, c[0], func(t *testing.T, tree *pysyntax.Tree, module string) ([]edits.Edit, error) {
			style := StyleOf(tree, 0)
			style.FirstParty = func(root string) bool { return root == "app" || root == "shop" }
			return EnsureImports(tree, []Import{{Module: module, Name: "a"}}, style)
		})
		if err != nil || got != c[1] {
			t.Errorf("%s: error %v, got\n%s", c[0], err, got)
		}
	}
}

func TestEnsureLocalImports(t *testing.T) {
	runArchive(t, "local_imports.txtar", func(t *testing.T, tree *pysyntax.Tree, arguments string) ([]edits.Edit, error) {
		for n := range tree.Within(tree.Root()) {
			if tree.Is(n, pysyntax.FunctionDefinition, pysyntax.ClassDefinition) && tree.Enclosing(n, pysyntax.FunctionDefinition) == pysyntax.Nil {
				if tree.Kind(n) == pysyntax.ClassDefinition && strings.Contains(tree.Text(n), "def ") {
					continue
				}
				return EnsureLocalImports(tree, n, needsOf(arguments), StyleOf(tree, 40))
			}
		}
		t.Fatal("no function")
		return nil, nil
	})
}

func TestImportStyle(t *testing.T) {
	single := ImportStyle{SingleLine: true, Together: []string{"typing"}}
	for _, c := range []struct {
		style               ImportStyle
		source, needs, want string
	}{
		{single, "from app.models import Item\n", "from app.models import Order", "from app.models import Item\nfrom app.models import Order\n"},
		{single, "from app.models import Item\n", "from app.models import Order;from app.models import Note", "from app.models import Item\nfrom app.models import Note\nfrom app.models import Order\n"},
		{single, "from typing import Any\n", "from typing import Sequence", "from typing import Any, Sequence\n"},
		{ImportStyle{}, "from app.models import Item\n", "from app.models import Order", "from app.models import Item, Order\n"},
		// One name a line throughout the file says the same.
		{ImportStyle{}, "from a import b\nfrom a import c\nfrom d import e\n", "from d import f", "from a import b\nfrom a import c\nfrom d import e\nfrom d import f\n"},
		{ImportStyle{}, "from a import b\nfrom a import c\nfrom d import e, g\n", "from d import f", "from a import b\nfrom a import c\nfrom d import e, f, g\n"},
		{ImportStyle{CombineAs: true}, "from abc import Iterable as It\n", "from abc import Sequence", "from abc import Iterable as It, Sequence\n"},
		{ImportStyle{}, "from abc import Iterable as It\n", "from abc import Sequence", "from abc import Iterable as It\nfrom abc import Sequence\n"},
		{ImportStyle{}, "f()\n\nimport os  # noqa: E402\n", "from os.path import join", "f()\n\nimport os  # noqa: E402\nfrom os.path import join  # noqa: E402\n"},
		{ImportStyle{}, "f()\n\nimport os  # noqa: F401\n", "from os.path import join", "f()\n\nimport os  # noqa: F401\nfrom os.path import join\n"},
	} {
		got, err := apply(t, c.source, c.needs, func(_ *testing.T, tree *pysyntax.Tree, needs string) ([]edits.Edit, error) {
			s := StyleOf(tree, 0)
			s.Imports = c.style
			return EnsureImports(tree, needsOf(needs), s)
		})
		if err != nil || got != c.want {
			t.Errorf("%+v, %q: error %v, got\n%s\nwant\n%s", c.style, c.source, err, got, c.want)
		}
	}
}
