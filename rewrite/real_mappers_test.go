package rewrite_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"

	"github.com/lazyfix/lazyfix/rewrite"
)

// TestRealMappersHaveWhatWasWritten rewrites the programs of fixtures/mapper, one spelling of relationships each, and
// imports them under both lines of SQLAlchemy with warnings as errors: every relationship that loaded itself, or
// pretended to be empty, has the strategy that was written, but for what was reported; every other one has its own.
func TestRealMappersHaveWhatWasWritten(t *testing.T) {
	script, err := filepath.Abs("internal/mapper/testdata/mappers.py")
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range archives(t, "../fixtures/mapper/*.txtar") {
		a, err := txtar.ParseFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if strings.Contains("\n"+string(a.Comment), "\nNot imported:") {
			continue
		}
		files := map[string]string{}
		for _, f := range a.Files {
			if strings.HasSuffix(f.Name, ".py") {
				files[f.Name] = string(f.Data)
			}
		}
		for _, version := range []string{"2.0", "2.1"} {
			t.Run(strings.TrimSuffix(filepath.Base(path), ".txtar")+"/"+version, func(t *testing.T) {
				t.Parallel()
				dir := t.TempDir()
				if err := os.Mkdir(filepath.Join(dir, ".git"), 0o755); err != nil {
					t.Fatal(err)
				}
				write(t, dir, files)
				before := realMappers(t, version, dir, files, script)
				result, changed := runWith(t, rewrite.Options{Paths: []string{dir}, Lazy: "raise_on_sql", Select: []string{"implicit-lazy", "noload"}})
				write(t, dir, changed)
				after := realMappers(t, version, dir, files, "-W", "error", script)
				if len(before) != len(after) {
					t.Fatalf("%d attributes became %d", len(before), len(after))
				}
				for i, line := range before {
					want := line
					for _, old := range []string{" select", " noload"} {
						if rest, ok := strings.CutSuffix(line, old); ok && !reported(result.Findings, line) {
							want = rest + " raise_on_sql"
						}
					}
					if after[i] != want {
						t.Errorf("was %s\nis  %s\nnot %s", line, after[i], want)
					}
				}
			})
		}
	}
}

// reported reports whether the relationship of a line, "relationship module:Class.name many ...", was left alone.
func reported(findings []rewrite.Finding, line string) bool {
	name := strings.Fields(line)[1]
	name = name[strings.LastIndexByte(name, '.'):]
	return slices.ContainsFunc(findings, func(f rewrite.Finding) bool {
		return !f.Fixable && strings.HasSuffix(strings.Fields(f.Message)[0], name)
	})
}

func realMappers(t *testing.T, version, dir string, files map[string]string, args ...string) []string {
	t.Helper()
	python, err := filepath.Abs(filepath.Join("..", ".venvs", "sqlalchemy-"+version, "bin", "python"))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(python); err != nil {
		t.Fatalf("no Python environment for SQLAlchemy %s: run make venv", version)
	}
	first := len(args)
	for name := range files {
		args = append(args, strings.ReplaceAll(strings.TrimSuffix(strings.TrimSuffix(name, ".py"), "/__init__"), "/", "."))
	}
	slices.Sort(args[first:])
	cmd := exec.CommandContext(t.Context(), python, args...)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "PYTHONDONTWRITEBYTECODE=1")
	var stderr strings.Builder
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%v\n%s", err, stderr.String())
	}
	return strings.Split(strings.TrimSpace(string(out)), "\n")
}
