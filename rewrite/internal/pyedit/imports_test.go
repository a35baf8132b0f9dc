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
