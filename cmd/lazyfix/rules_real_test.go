package main_test

import (
	"bytes"
	"encoding/json"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"
)

// ruleCase is a case of fixtures/rules (the form is in the comment of readCases in package rewrite), for run.py there.
type ruleCase struct {
	Name   string `json:"name"`
	Models string `json:"models"`
	App    string `json:"app"`
	fails  bool   // what it reads is not loaded
	want   string // what becomes of it, "" when it stays
}

// TestRulesOnSQLAlchemy holds the expectations of missing-eager-load against SQLAlchemy itself: a case that gets an option
// fails without it and runs with it, and one that stays as it is runs, or says by a comment that it is not to be touched.
// So an option that SQLAlchemy refuses, an option too few, and a case that proves nothing are all found here.
func TestRulesOnSQLAlchemy(t *testing.T) {
	var cases []ruleCase
	for _, path := range ruleArchives(t, "missing-eager-load") {
		cases = append(cases, readRuleCases(t, path)...)
	}
	in, err := json.Marshal(cases)
	if err != nil {
		t.Fatal(err)
	}
	for _, python := range environments(t) {
		t.Run("SQLAlchemy "+python.sqlalchemy, func(t *testing.T) {
			t.Parallel()
			for i, got := range runPython(t, python, "run.py", in) {
				c := cases[i]
				switch {
				case got == "no report":
					if c.fails {
						t.Errorf("%s gets an option, and has no function report to show that it must", c.Name)
					}
				case c.fails != isUnloaded(got), !c.fails && got != "ok":
					t.Errorf("%s: fails is to be %v, and SQLAlchemy says: %s\n%s", c.Name, c.fails, got, c.App)
				}
			}
		})
	}
}

// TestReloadsOnSQLAlchemy holds the expectations of unloaded-after-commit against SQLAlchemy itself: a case with a finding
// fails, and what is written for it runs; one without runs.
func TestReloadsOnSQLAlchemy(t *testing.T) {
	var cases []ruleCase
	for _, path := range ruleArchives(t, "unloaded-after-commit") {
		if strings.HasPrefix(filepath.Base(path), "library_") {
			continue // of a library that the environments do not have
		}
		for _, c := range readRuleCases(t, path) {
			cases = append(cases, c)
			if c.want != "" {
				cases = append(cases, ruleCase{Name: c.Name + " afterwards", Models: c.Models, App: c.want})
			}
		}
	}
	in, err := json.Marshal(cases)
	if err != nil {
		t.Fatal(err)
	}
	for _, python := range environments(t) {
		t.Run("SQLAlchemy "+python.sqlalchemy, func(t *testing.T) {
			t.Parallel()
			for i, got := range runPython(t, python, "run.py", in) {
				c := cases[i]
				if c.fails != isUnloaded(got) || !c.fails && got != "ok" {
					t.Errorf("%s: fails is to be %v, and SQLAlchemy says: %s\n%s", c.Name, c.fails, got, c.App)
				}
			}
		})
	}
}

// isUnloaded reports whether a case failed for what it reads and nothing loaded: a relationship, or a column.
func isUnloaded(got string) bool {
	return strings.Contains(got, "is not available due to lazy='raise_on_sql'") || strings.Contains(got, "greenlet_spawn")
}

// ruleArchives are the archives of a rule; a rule without any fails the test.
func ruleArchives(t *testing.T, rule string) []string {
	t.Helper()
	paths, err := filepath.Glob(filepath.Join(fixtures, "rules", rule, "*.txtar"))
	if err != nil || len(paths) == 0 {
		t.Fatalf("no archives of %s found: %v", rule, err)
	}
	return paths
}

// readArchive gives the files of an archive in their order, and their texts by name.
func readArchive(t *testing.T, path string) (files []txtar.File, sections map[string]string) {
	t.Helper()
	archive, err := txtar.ParseFile(path)
	if err != nil {
		t.Fatal(err)
	}
	sections = map[string]string{}
	for _, f := range archive.Files {
		sections[f.Name] = string(f.Data)
	}
	return archive.Files, sections
}

func readRuleCases(t *testing.T, path string) []ruleCase {
	t.Helper()
	files, sections := readArchive(t, path)
	models := sections["shared/models.py"]
	if models == "" {
		t.Fatalf("%s has no shared/models.py", path)
	}
	var out []ruleCase
	for _, f := range files {
		name, isPython := strings.CutSuffix(f.Name, ".py")
		if !isPython || strings.HasPrefix(name, "shared/") {
			continue
		}
		want, changes := sections[name+".want.py"]
		if _, found := sections[name+".findings"]; found && strings.Contains(path, "unloaded-after-commit") {
			changes = true
		}
		silenced := strings.Contains(string(f.Data), "# lazyfix: ")
		out = append(out, ruleCase{Name: filepath.Base(path) + " " + name, Models: models, App: string(f.Data), want: want, fails: changes || silenced})
	}
	return out
}

// runPython gives a script of fixtures/rules its cases and reads what happened.
func runPython(t *testing.T, python environment, script string, in []byte) []string {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), python.python, filepath.Join(fixtures, "rules", script))
	var stderr bytes.Buffer
	cmd.Stdin, cmd.Stderr = bytes.NewReader(in), &stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%s: %v\n%s", script, err, stderr.String())
	}
	var results []string
	if err := json.Unmarshal(out, &results); err != nil {
		t.Fatal(err)
	}
	return results
}
