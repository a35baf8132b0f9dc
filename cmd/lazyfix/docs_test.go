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
			wrapper := "#!/bin/sh\n" + real + ` "$@"` + "\ncode=$?\n[ $code -eq 1 ] && code=0\nexit $code\n"
			if err := os.WriteFile(filepath.Join(bin, "lazyfix"), []byte(wrapper), 0o755); err != nil {
				t.Fatal(err)
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

// TestConsolesOfTheDocs runs the console blocks of each page in a copy of the sample app under git: what stands behind a $ is
// a command (with > before the lines that go on), what stands below it all that it says. Three dots stand for anything in
// a line.
func TestConsolesOfTheDocs(t *testing.T) {
	python, err := filepath.Abs("../../.venvs/sqlalchemy-2.0/bin")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(filepath.Join(python, "python")); err != nil {
		t.Fatalf("%v; run make venv, or make test, which does", err)
	}
	blocks := regexp.MustCompile("(?sm)^```console\n(.*?)^```")
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
		ran += len(found)
		t.Run(filepath.Base(page), func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			app := filepath.Join(dir, "app")
			if err := os.CopyFS(app, os.DirFS("../../fixtures/sample_app")); err != nil {
				t.Fatal(err)
			}
			run := func(script string) string {
				t.Helper()
				cmd := exec.CommandContext(t.Context(), "bash", "-c", script)
				cmd.Dir = app
				for _, v := range os.Environ() {
					if !strings.HasPrefix(v, "DATABASE_URL=") && !strings.HasPrefix(v, "PYTEST_ADDOPTS=") {
						cmd.Env = append(cmd.Env, v)
					}
				}
				cmd.Env = append(cmd.Env, "PATH="+python+":"+os.Getenv("PATH"), "HOME="+dir, "GIT_CONFIG_NOSYSTEM=1", "PYTHONDONTWRITEBYTECODE=1",
					"GIT_AUTHOR_NAME=A", "GIT_AUTHOR_EMAIL=a@example.com", "GIT_COMMITTER_NAME=A", "GIT_COMMITTER_EMAIL=a@example.com")
				out, _ := cmd.CombinedOutput() // what it says is compared, with the exit code where the page shows it
				return string(out)
			}
			if out := run("git init -q && git add . && git commit -qm one"); out != "" {
				t.Fatal(out)
			}
			for _, block := range found {
				for _, c := range consoleCommands(block[1]) {
					said := strings.TrimRight(run(c.script), "\n")
					if !c.says.MatchString(said) {
						t.Errorf("%s\nsays\n%s\nand not\n%s", c.script, said, c.says)
					}
				}
			}
		})
	}
	if ran < 5 {
		t.Errorf("only %d blocks found", ran)
	}
}

type consoleCommand struct {
	script string
	says   *regexp.Regexp
}

func consoleCommands(block string) (commands []consoleCommand) {
	var said []string
	end := func() {
		if n := len(commands) - 1; n >= 0 {
			text := regexp.QuoteMeta(strings.TrimRight(strings.Join(said, "\n"), "\n"))
			commands[n].says = regexp.MustCompile("^" + strings.ReplaceAll(text, `\.\.\.`, "[^\n]*") + "$")
		}
		said = nil
	}
	for line := range strings.SplitSeq(strings.TrimSuffix(block, "\n"), "\n") {
		if script, ok := strings.CutPrefix(line, "$ "); ok {
			end()
			commands = append(commands, consoleCommand{script: script})
		} else if more, ok := strings.CutPrefix(line, ">"); ok && len(said) == 0 {
			commands[len(commands)-1].script += "\n" + strings.TrimPrefix(more, " ")
		} else {
			said = append(said, line)
		}
	}
	end()
	return commands
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
	for _, one := range helpOf {
		text += "\n" + one
	}
	return text
}
