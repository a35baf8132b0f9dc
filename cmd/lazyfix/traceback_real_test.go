package main_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"
)

// TestCureOfARealTraceback makes each failure of fixtures/tracebacks on each SQLAlchemy, gives what Python, pytest or Sentry
// say of it to lazyfix, applies the patch with git, and runs the same again: it must work then.
func TestCureOfARealTraceback(t *testing.T) {
	binary := buildLazyfix(t)
	archive, err := txtar.ParseFile(filepath.Join(fixtures, "tracebacks", "ships.txtar"))
	if err != nil {
		t.Fatal(err)
	}
	const pytest = "-m pytest -q -p no:cacheprovider test_app.py"
	for _, python := range environments(t) {
		for name, test := range map[string]struct{ what, command, says string }{ // of 2.1 those that it tells otherwise
			"helper":                    {"report", "run.py report", "MissingGreenlet for crew at app/text.py:2 in strength\n"},
			"as 2.0, raise_on_sql":      {"count", "run.py count", "InvalidRequestError for Ship.boats at app/text.py:6 in boats\n"},
			"schema":                    {"show", "run.py show", "MissingGreenlet for crew at app/api.py:35 in show\n"},
			"expired":                   {"rename", "run.py rename", "MissingGreenlet for name at app/api.py:41 in rename\n"},
			"as 2.0, detached":          {"detached", "run.py detached", "DetachedInstanceError for Ship.crew at app/text.py:2 in strength\n"},
			"as 2.0, pytest":            {"report", pytest, "MissingGreenlet for crew at app/text.py:2 in strength\n"},
			"pytest short":              {"report", pytest + " --tb=short", "MissingGreenlet for crew at app/text.py:2 in strength\n"},
			"as 2.0, pytest native":     {"show", pytest + " --tb=native", "MissingGreenlet for crew at app/api.py:35 in show\n"},
			"Sentry":                    {"report", "run.py report --sentry", "MissingGreenlet at app/text.py:2 in strength\n"},
			"as 2.0, Sentry of expired": {"rename", "run.py rename --sentry", "MissingGreenlet at app/api.py:41 in rename\n"},
			"as 2.0, Sentry of schema":  {"show", "run.py show --sentry", "MissingGreenlet for crew at app/api.py:35 in show\n"},
		} {
			if python.sqlalchemy != "2.0" && strings.HasPrefix(name, "as 2.0") {
				continue
			}
			t.Run("SQLAlchemy "+python.sqlalchemy+"/"+name, func(t *testing.T) {
				t.Parallel()
				dir := t.TempDir()
				for _, f := range archive.Files {
					path := filepath.Join(dir, filepath.FromSlash(f.Name))
					if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
						t.Fatal(err)
					}
					if err := os.WriteFile(path, f.Data, 0o644); err != nil {
						t.Fatal(err)
					}
				}
				args := append([]string{"WHAT=" + test.what, python.python}, strings.Fields(test.command)...)
				run := exec.CommandContext(t.Context(), "env", args...)
				run.Dir = dir
				log, _ := run.CombinedOutput() // it fails: that is the point
				cure := exec.CommandContext(t.Context(), string(binary), "from-traceback", "-", ".")
				cure.Dir, cure.Stdin = dir, strings.NewReader(string(log))
				patch, err := cure.CombinedOutput()
				if err != nil || !strings.HasPrefix(string(patch), test.says) {
					t.Fatalf("%v, want %q\n%s\nof\n%s", err, test.says, patch, log)
				}
				apply := exec.CommandContext(t.Context(), "git", "apply", "-")
				apply.Dir, apply.Stdin = dir, strings.NewReader(string(patch))
				if out, err := apply.CombinedOutput(); err != nil {
					t.Fatalf("git apply: %v %s\n%s", err, out, patch)
				}
				out, _ := python.run(t, dir, "", "run.py", test.what)
				if !strings.HasPrefix(out, "OK ") {
					t.Errorf("it still fails:\n%s\nwith\n%s", out, patch)
				}
			})
		}
	}
}
