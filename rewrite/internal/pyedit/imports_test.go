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
