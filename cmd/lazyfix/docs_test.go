package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// pages are the texts that name commands.
func pages(t *testing.T) []string {
	t.Helper()
	found, err := filepath.Glob("../../docs/*.md")
	if err != nil || len(found) == 0 {
		t.Fatalf("no pages: %v", err)
	}
	return append(found, "../../README.md", "../../CHANGELOG.md")
}

// TestCommandsOfTheDocs runs the sh blocks of each page, in their order, in a copy of the sample app under git. A command
// must end as a user expects: with 0, or 1 where lazyfix says that something is found.
func TestCommandsOfTheDocs(t *testing.T) {
	real, err := exec.LookPath("lazyfix") // this program: see TestMain
	if err != nil {
		t.Fatal(err)
	}
	blocks := regexp.MustCompile("(?sm)^```sh\n(.*?)^```")
	ran := 0
	for _, page := range pages(t) {
		text, err := os.ReadFile(page)
		if err != nil {
			t.Fatal(err)
		}
		found := blocks.FindAllStringSubmatch(string(text), -1)
		if len(found) == 0 {
			continue
		}
		t.Run(filepath.Base(page), func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			app, bin := filepath.Join(dir, "app"), filepath.Join(dir, "bin")
			if err := os.CopyFS(app, os.DirFS("../../fixtures/sample_app")); err != nil {
				t.Fatal(err)
			}
			if err := os.Mkdir(bin, 0o755); err != nil {
				t.Fatal(err)
			}
			for name, command := range map[string]string{"lazyfix": real, "pytest": recordingPytest(t)} {
				wrapper := "#!/bin/sh\n" + command + ` "$@"` + "\ncode=$?\n[ $code -eq 1 ] && code=0\nexit $code\n"
				if err := os.WriteFile(filepath.Join(bin, name), []byte(wrapper), 0o755); err != nil {
					t.Fatal(err)
				}
			}
			run := func(script string) {
				t.Helper()
				cmd := exec.CommandContext(t.Context(), "bash", "-euo", "pipefail", "-c", script)
				cmd.Dir = app
				cmd.Env = append(os.Environ(), "PATH="+bin+":"+os.Getenv("PATH"), "HOME="+dir, "EDITOR=true", "GIT_CONFIG_NOSYSTEM=1",
					"GIT_AUTHOR_NAME=A", "GIT_AUTHOR_EMAIL=a@example.com", "GIT_COMMITTER_NAME=A", "GIT_COMMITTER_EMAIL=a@example.com")
				if out, err := cmd.CombinedOutput(); err != nil {
					t.Errorf("%v\n%s\n%s", err, script, out)
				}
			}
			run("git init -q && git add . && git commit -qm one")
			for _, m := range found {
				run(m[1])
			}
		})
		ran += len(found)
	}
	if ran < 5 {
		t.Errorf("only %d blocks found", ran)
	}
}

// recordingPytest is pytest where the wheel is installed, as near as a test without a wheel comes to it.
func recordingPytest(t *testing.T) string {
	t.Helper()
	var paths []string
	for _, path := range []string{"../../packaging/pypi", "../../.venvs/sqlalchemy-2.1/bin/python"} {
		abs, err := filepath.Abs(path)
		if _, found := os.Stat(path); err != nil || found != nil {
			t.Fatalf("%v %v; run make venv, or make test, which does", err, found)
		}
		paths = append(paths, abs)
	}
	return "env -u DATABASE_URL PYTHONPATH=" + paths[0] + " " + paths[1] + " -m pytest -p lazyfix.pytest_plugin"
}

// TestFlagsOfTheDocs: what the pages call a flag of lazyfix is one.
func TestFlagsOfTheDocs(t *testing.T) {
	named := regexp.MustCompile("lazyfix(?: [^`\n#|]*)? (--?[a-z][a-z-]*)")
	for _, page := range pages(t) {
		text, err := os.ReadFile(page)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range named.FindAllStringSubmatch(string(text), -1) {
			if !strings.Contains(allHelp(), m[1]) {
				t.Errorf("%s names %s in %q, which no help has", filepath.Base(page), m[1], m[0])
			}
		}
	}
}

// allHelp is the help of all commands.
func allHelp() string {
	text := help
	for name := range commandHelp {
		text += "\n" + helpOf(name)
	}
	return text
}
