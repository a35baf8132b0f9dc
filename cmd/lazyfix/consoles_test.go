package main

import (
	"flag"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write what the commands say into the console blocks of the pages; read every line of the difference")

var consoleBlock = regexp.MustCompile("(?sm)^```console\n.*?^```")

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
	ran := 0
	for _, page := range pages(t) {
		text, err := os.ReadFile(page)
		if err != nil {
			t.Fatal(err)
		}
		blocks := len(consoleBlock.FindAll(text, -1))
		if blocks == 0 {
			continue
		}
		ran += blocks
		t.Run(filepath.Base(page), func(t *testing.T) {
			t.Parallel()
			run := consoleOfSampleApp(t, python)
			fresh := consoleBlock.ReplaceAllStringFunc(string(text), func(block string) string {
				var out strings.Builder
				for _, c := range consoleCommands(block) {
					said := run(c.script)
					if !c.says(said) {
						if !*update {
							t.Errorf("%s\nsays\n%s\nand not\n%s", c.script, said, c.said)
						}
						c.said = passedIn.ReplaceAllString(said, "$1 in ...")
					}
					out.WriteString(c.shown + c.said)
				}
				return "```console\n" + out.String() + "```"
			})
			if *update {
				if err := os.WriteFile(page, []byte(fresh), 0o644); err != nil {
					t.Fatal(err)
				}
			}
		})
	}
	if ran < 5 {
		t.Errorf("only %d blocks found", ran)
	}
}

// passedIn is what pytest says last.
var passedIn = regexp.MustCompile(`(passed|failed) in [0-9.]+s`)

// consoleOfSampleApp makes a copy of the sample app, under git, and gives what runs a command there. What it says is compared,
// with the exit code where the page shows it.
func consoleOfSampleApp(t *testing.T, python string) func(script string) string {
	t.Helper()
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
		out, _ := cmd.CombinedOutput()
		if text := strings.TrimRight(string(out), "\n"); text != "" {
			return text + "\n"
		}
		return ""
	}
	if out := run("git init -q && git add . && git commit -qm one"); out != "" {
		t.Fatal(out)
	}
	return run
}

// consoleCommand is a command of a block, as it is shown and as bash gets it, and what stands below it.
type consoleCommand struct{ shown, script, said string }

func (c consoleCommand) says(text string) bool {
	want := strings.ReplaceAll(regexp.QuoteMeta(strings.TrimRight(c.said, "\n")), `\.\.\.`, "[^\n]*")
	return regexp.MustCompile("^" + want + "$").MatchString(strings.TrimRight(text, "\n"))
}

func consoleCommands(block string) (commands []consoleCommand) {
	var last *consoleCommand
	for line := range strings.Lines(strings.TrimSuffix(strings.TrimPrefix(block, "```console\n"), "```")) {
		if script, ok := strings.CutPrefix(line, "$ "); ok {
			commands = append(commands, consoleCommand{line, script, ""})
			last = &commands[len(commands)-1]
		} else if more, ok := strings.CutPrefix(line, ">"); ok && last.said == "" {
			last.shown += line
			last.script += strings.TrimPrefix(more, " ")
		} else {
			last.said += line
		}
	}
	return commands
}
