package packaging_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// action is what action.yml says.
type action struct {
	Inputs map[string]struct {
		Description string
		Default     *string
	}
	Runs struct {
		Using string
		Steps []struct {
			Name, Shell, Run string
			Env              map[string]string
		}
	}
}

// yamlInto reads YAML with the PyYAML of the environment.
func yamlInto(t *testing.T, text string, into any) {
	t.Helper()
	file := filepath.Join(t.TempDir(), "file.yml")
	write(t, file, text)
	asJSON := run(t, root(t), nil, tool(t, "python"), "-c", "import json, sys, yaml; print(json.dumps(yaml.load(open(sys.argv[1]), yaml.BaseLoader)))", file)
	if err := json.Unmarshal([]byte(asJSON), into); err != nil {
		t.Fatal(err)
	}
}

func readAction(t *testing.T) (a action) {
	t.Helper()
	yamlInto(t, read(t, filepath.Join(root(t), "action.yml")), &a)
	if a.Runs.Using != "composite" || len(a.Runs.Steps) == 0 {
		t.Fatalf("action.yml: no composite action: %+v", a.Runs)
	}
	return a
}

var expression = regexp.MustCompile(`\$\{\{\s*(.*?)\s*\}\}`)

// runner does with the steps of an action what GitHub's does, as far as ours ask for it.
type runner struct {
	action
	environment []string
	temp        string
}

// start installs a wheel of this work tree as the action does from PyPI.
func start(t *testing.T) runner {
	t.Helper()
	return runner{readAction(t), []string{"PIP_NO_INDEX=1", "PIP_FIND_LINKS=" + filepath.Dir(wheel(t)), "XDG_CACHE_HOME=" + t.TempDir()}, t.TempDir()}
}

// steps runs those from..to in dir with some inputs, and gives all that they print and the last exit code.
func (r *runner) steps(t *testing.T, from, to int, dir string, inputs map[string]string) (output string, code int) {
	t.Helper()
	script, paths := filepath.Join(t.TempDir(), "script.sh"), filepath.Join(t.TempDir(), "path")
	for name := range inputs {
		if _, known := r.Inputs[name]; !known {
			t.Fatalf("action.yml has no input %s", name)
		}
	}
	for _, step := range r.Runs.Steps[from:to] {
		environment := append(r.environment, "RUNNER_TEMP="+r.temp, "GITHUB_PATH="+paths)
		for name, value := range step.Env {
			value = expression.ReplaceAllStringFunc(value, func(e string) string {
				input, found := strings.CutPrefix(expression.FindStringSubmatch(e)[1], "inputs.")
				if !found || r.Inputs[input].Default == nil {
					t.Fatalf("step %q: %s is no input with a default", step.Name, e)
				}
				if given, ok := inputs[input]; ok {
					return given
				}
				return *r.Inputs[input].Default
			})
			environment = append(environment, name+"="+value)
		}
		write(t, script, step.Run)
		write(t, paths, "")
		var said string
		said, code = command(t, dir, environment, "bash", "--noprofile", "--norc", "-eo", "pipefail", script)
		output += said
		for line := range strings.SplitSeq(strings.TrimSpace(read(t, paths)), "\n") {
			if line != "" {
				r.environment = append(r.environment, "PATH="+line+string(filepath.ListSeparator)+os.Getenv("PATH"))
			}
		}
		if code != 0 {
			break
		}
	}
	return output, code
}

func TestAction(t *testing.T) {
	r, dir := start(t), project(t)
	// A repository that nobody read must not have its own code run by the installation.
	for _, module := range []string{"pip.py", "venv.py", "ensurepip.py"} {
		write(t, filepath.Join(dir, module), "raise SystemExit('code of the repository was run')\n")
	}
	if out, code := r.steps(t, 0, 1, dir, map[string]string{"version": wheelVersion}); code != 0 {
		t.Fatalf("exit %d\n%s", code, out)
	}
	runs := len(r.Runs.Steps)
	lazyfix := func(t *testing.T, want int, inputs map[string]string) string {
		t.Helper()
		out, code := r.steps(t, 1, runs, dir, inputs)
		if code != want {
			t.Errorf("%v: exit %d, want %d\n%s", inputs, code, want, out)
		}
		return out
	}
	const annotation = "::warning file=db.py,line=3,col=11,title=lazyfix expire-on-commit::"

	t.Run("annotations", func(t *testing.T) {
		expect(t, lazyfix(t, 1, nil), annotation)
		expect(t, lazyfix(t, 0, map[string]string{"fail-on-findings": "false"}), annotation)
	})
	t.Run("code scanning", func(t *testing.T) {
		lazyfix(t, 0, map[string]string{"format": "sarif", "sarif-file": "out dir.sarif", "fail-on-findings": "false"})
		var log struct {
			Runs []struct{ Results []struct{ RuleID string } }
		}
		if err := json.Unmarshal([]byte(read(t, filepath.Join(dir, "out dir.sarif"))), &log); err != nil {
			t.Fatal(err)
		}
		if len(log.Runs) != 1 || len(log.Runs[0].Results) != 1 || log.Runs[0].Results[0].RuleID != "expire-on-commit" {
			t.Errorf("%+v", log)
		}
	})
	t.Run("baseline", func(t *testing.T) {
		baseline := filepath.Join(t.TempDir(), "known.json")
		r.run(t, dir, "lazyfix", "--write-baseline", baseline, ".")
		if out := lazyfix(t, 0, map[string]string{"baseline": baseline}); strings.Contains(out, "::warning") {
			t.Errorf("what the baseline knows is reported:\n%s", out)
		}
	})
	t.Run("flags and paths", func(t *testing.T) {
		write(t, filepath.Join(dir, "a b.py"), read(t, filepath.Join(dir, "db.py")))
		out := lazyfix(t, 1, map[string]string{"paths": "a b.py\n", "args": "--select\nexpire-on-commit\n"})
		expect(t, out, "file=a b.py")
		if strings.Contains(out, "file=db.py") {
			t.Errorf("db.py was not named:\n%s", out)
		}
		lazyfix(t, 0, map[string]string{"args": "--ignore\nexpire-on-commit"})
	})
	t.Run("mistakes", func(t *testing.T) {
		expect(t, lazyfix(t, 2, map[string]string{"format": "text"}), "want github or sarif")
		lazyfix(t, 2, map[string]string{"paths": "missing.py", "fail-on-findings": "false"})
		marker := filepath.Join(t.TempDir(), "marker")
		hostile := "$(touch " + marker + ")`touch " + marker + "`\"; touch " + marker + "; \""
		for name := range r.Inputs {
			r.steps(t, 1, runs, dir, map[string]string{name: hostile})
		}
		r.steps(t, 0, 1, dir, map[string]string{"version": hostile})
		if _, err := os.Stat(marker); err == nil {
			t.Error("an input was run")
		}
	})
}

// run is a command in the environment that the steps so far have made.
func (r *runner) run(t *testing.T, dir string, args ...string) {
	t.Helper()
	run(t, dir, r.environment, append([]string{"bash", "-c", `"$@"`, "-"}, args...)...)
}

// A value put into the text of a script is run: inputs go through the environment.
func TestActionInterpolatesNothing(t *testing.T) {
	for _, step := range readAction(t).Runs.Steps {
		if step.Run == "" || step.Shell != "bash" {
			t.Errorf("step %q: only bash is tested", step.Name)
		}
		if expression.MatchString(step.Run) {
			t.Errorf("step %q: the script has %s", step.Name, expression.FindString(step.Run))
		}
	}
}

// actionlint checks the scripts of workflows, and not of actions.
func TestActionScripts(t *testing.T) {
	for _, step := range readAction(t).Runs.Steps {
		script := filepath.Join(t.TempDir(), "script.sh")
		write(t, script, step.Run)
		run(t, root(t), nil, tool(t, "shellcheck"), "--shell=bash", script)
	}
}

// What docs/ci.md gives to the action are inputs of it.
func TestDocumentedInputs(t *testing.T) {
	a, uses := readAction(t), 0
	for _, block := range yamlBlocks(t, "docs/ci.md") {
		var workflow struct {
			Jobs map[string]struct {
				Steps []struct {
					Uses string
					With map[string]string
				}
			}
		}
		if !strings.Contains(block, "jobs:") {
			continue
		}
		yamlInto(t, block, &workflow)
		for _, job := range workflow.Jobs {
			for _, step := range job.Steps {
				if !strings.HasPrefix(step.Uses, "lazyfix/lazyfix@v") {
					continue
				}
				uses++
				for name := range step.With {
					if _, known := a.Inputs[name]; !known {
						t.Errorf("docs/ci.md gives the action %s, which is no input", name)
					}
				}
			}
		}
	}
	if uses == 0 {
		t.Error("docs/ci.md does not use the action")
	}
}

// A release whose own action, or page, installs another version is refused before anything is built.
func TestReleaseIsNamed(t *testing.T) {
	out, code := command(t, root(t), nil, "packaging/release", "v99.9.9")
	if code != 2 {
		t.Errorf("exit %d", code)
	}
	expect(t, out, "action.yml does not name 99.9.9")
}

// A tag of somebody else's action can move; a commit cannot.
func TestWorkflowsArePinned(t *testing.T) {
	files, err := filepath.Glob(filepath.Join(root(t), ".github", "workflows", "*.yml"))
	if err != nil || len(files) < 2 {
		t.Fatalf("workflows: %v %v", files, err)
	}
	pinned := regexp.MustCompile(`^(\./\S+|\S+@[0-9a-f]{40} # v\S+)$`)
	for _, file := range files {
		for _, m := range regexp.MustCompile(`(?m)uses: (.*)$`).FindAllStringSubmatch(read(t, file), -1) {
			if !pinned.MatchString(m[1]) {
				t.Errorf("%s: %s is not pinned to a commit with its version beside it", file, m[1])
			}
		}
	}
}
