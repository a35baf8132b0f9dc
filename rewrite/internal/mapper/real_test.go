package mapper

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"sort"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"

	"github.com/lazyfix/lazyfix/rewrite/internal/pymodule"
)

const repository = "../../.."

// TestSQLAlchemyAgrees imports every archive under both lines of SQLAlchemy and compares each mapped class and each of
// its relationships, proxies, hybrids and synonyms with the index. An archive whose comment has a line that starts with
// "Not imported:" says there why it is left out.
func TestSQLAlchemyAgrees(t *testing.T) {
	script, err := filepath.Abs("testdata/mappers.py")
	if err != nil {
		t.Fatal(err)
	}
	archives, err := filepath.Glob(repository + "/fixtures/mapper/*.txtar")
	if err != nil || len(archives) == 0 {
		t.Fatalf("no archives: %v", err)
	}
	for _, version := range []string{"2.0", "2.1"} {
		python, err := filepath.Abs(filepath.Join(repository, ".venvs", "sqlalchemy-"+version, "bin", "python"))
		if err != nil {
			t.Fatal(err)
		}
		if _, err := os.Stat(python); err != nil {
			t.Fatalf("no Python environment for SQLAlchemy %s: run make venv", version)
		}
		for _, path := range archives {
			a, err := txtar.ParseFile(path)
			if err != nil {
				t.Fatal(err)
			}
			if strings.Contains("\n"+string(a.Comment), "\nNot imported:") {
				continue
			}
			t.Run(version+"/"+strings.TrimSuffix(filepath.Base(path), ".txtar"), func(t *testing.T) {
				t.Parallel()
				dir := t.TempDir()
				args := []string{script}
				for _, f := range a.Files {
					if !strings.HasSuffix(f.Name, ".py") {
						continue
					}
					file := filepath.Join(dir, f.Name)
					if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
						t.Fatal(err)
					}
					if err := os.WriteFile(file, f.Data, 0o644); err != nil {
						t.Fatal(err)
					}
					args = append(args, moduleName(f.Name))
				}
				cmd := exec.CommandContext(t.Context(), python, args...)
				cmd.Dir = dir
				cmd.Env = append(os.Environ(), "PYTHONDONTWRITEBYTECODE=1")
				var stderr strings.Builder
				cmd.Stderr = &stderr
				out, err := cmd.Output()
				if err != nil {
					t.Fatalf("%v\n%s", err, stderr.String())
				}
				g, ix := index(t, a.Files)
				got, want := runtimeView(g, ix), strings.Split(strings.TrimSpace(string(out)), "\n")
				for _, line := range missing(want, got) {
					t.Errorf("only SQLAlchemy: %s", line)
				}
				for _, line := range missing(got, want) {
					t.Errorf("only the index:  %s", line)
				}
			})
		}
	}
}

func moduleName(path string) string {
	return strings.ReplaceAll(strings.TrimSuffix(strings.TrimSuffix(path, ".py"), "/__init__"), "/", ".")
}

// runtimeView prints an index as testdata/mappers.py prints real mappers.
func runtimeView(g *pymodule.Graph, ix *Index) []string {
	var out []string
	place := func(c *pymodule.Class) string {
		if c == nil {
			return "?"
		}
		qual := c.Qual
		if c.Function != nil {
			qual = c.Function.Qual + ".<locals>." + c.Name
		}
		return moduleName(c.Module.Path) + ":" + qual
	}
	for _, m := range g.Modules {
		for _, c := range m.Classes {
			known := ix.Class(c)
			if known == nil || !known.Mapped {
				continue
			}
			cls := place(c)
			out = append(out, "mapped "+cls)
			for _, r := range ix.All(c) {
				many := "one"
				if r.Many {
					many = "many"
				}
				out = append(out, fmt.Sprintf("relationship %s.%s %s %s %s", cls, r.Name, many, place(r.Target), r.Lazy))
			}
			for name := range ix.views[c].others {
				switch ix.Other(c, name) {
				case Hybrid:
					out = append(out, "hybrid "+cls+"."+name)
				case Proxy:
					rel, attr, _ := ix.Proxied(c, name)
					out = append(out, "proxy "+cls+"."+name+" "+rel+"."+attr)
				case Synonym:
					of, _ := ix.SynonymOf(c, name)
					out = append(out, "synonym "+cls+"."+name+" "+of)
				}
			}
		}
	}
	sort.Strings(out)
	return out
}

// missing are the lines of want that got has not.
func missing(want, got []string) []string {
	has := map[string]bool{}
	for _, line := range got {
		has[line] = true
	}
	var out []string
	for _, line := range want {
		if !has[line] {
			out = append(out, line)
		}
	}
	return out
}
