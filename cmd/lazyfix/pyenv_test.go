package main_test

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// The tests of this folder that need a real Python run from cmd/lazyfix, so fixtures are two folders up.
const (
	repository = "../.."
	fixtures   = repository + "/fixtures"
)

// environment is a virtual environment that `make venv` has set up for one line of SQLAlchemy releases.
type environment struct {
	sqlalchemy string // "2.0" or "2.1"
	python     string // absolute path of its interpreter
	variables  []string
}

// environments returns one environment for each supported line of SQLAlchemy. An absent one fails the test: a run that
// quietly left SQLAlchemy out would say nothing about what lazyfix is for.
func environments(t *testing.T) []environment {
	t.Helper()
	var found []environment
	for _, version := range []string{"2.0", "2.1"} {
		folder := filepath.Join(repository, ".venvs", "sqlalchemy-"+version)
		// The stamp is written last: without it the set-up was interrupted.
		if _, err := os.Stat(filepath.Join(folder, "stamp")); err != nil {
			t.Fatalf("no Python environment for SQLAlchemy %s (%v); run make venv, or make test, which does", version, err)
		}
		python, err := filepath.Abs(filepath.Join(folder, "bin", "python"))
		if err != nil {
			t.Fatal(err)
		}
		found = append(found, environment{sqlalchemy: version, python: python})
	}
	return found
}

// run runs the interpreter in dir and returns what it printed, both streams, and whether it exited with 0. An empty
// databaseURL leaves the app its own default, SQLite.
func (e environment) run(t *testing.T, dir, databaseURL string, args ...string) (output string, ok bool) {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), e.python, args...)
	cmd.Dir = dir
	for _, variable := range os.Environ() {
		if !strings.HasPrefix(variable, "DATABASE_URL=") && !strings.HasPrefix(variable, "PYTEST_ADDOPTS=") {
			cmd.Env = append(cmd.Env, variable)
		}
	}
	cmd.Env = append(append(cmd.Env, "PYTHONDONTWRITEBYTECODE=1"), e.variables...)
	if databaseURL != "" {
		cmd.Env = append(cmd.Env, "DATABASE_URL="+databaseURL)
	}
	out, err := cmd.CombinedOutput()
	if exit := (*exec.ExitError)(nil); err != nil && !errors.As(err, &exit) {
		t.Fatalf("cannot run %s: %v", e.python, err)
	}
	return string(out), err == nil
}

// suite is what pytest said of one run.
type suite struct {
	passed, failed, errors int
	output                 string
}

var outcome = regexp.MustCompile(`(\d+) (passed|failed|errors?)\b`)

// pytest runs the suite of the project in dir.
func (e environment) pytest(t *testing.T, dir, databaseURL string, args ...string) suite {
	t.Helper()
	output, _ := e.run(t, dir, databaseURL, append([]string{"-m", "pytest", "-q", "-p", "no:cacheprovider", "--tb=short"}, args...)...)
	s := suite{output: output}
	lines := strings.Split(strings.TrimSpace(output), "\n")
	for i := len(lines) - 1; i >= 0; i-- {
		matches := outcome.FindAllStringSubmatch(lines[i], -1)
		if matches == nil {
			continue // a warning of the interpreter's end may follow the summary
		}
		for _, m := range matches {
			n, err := strconv.Atoi(m[1])
			if err != nil {
				t.Fatal(err)
			}
			switch m[2] {
			case "passed":
				s.passed = n
			case "failed":
				s.failed = n
			default:
				s.errors = n
			}
		}
		return s
	}
	t.Fatalf("pytest printed no summary:\n%s", output)
	return s
}

// postgres starts a server that lives as long as the test, and returns the URL of its one database.
func (e environment) postgres(t *testing.T) string {
	t.Helper()
	cmd := exec.Command(e.python, filepath.Join(fixtures, "postgres.py"), "shop")
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	stdin, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	url, readErr := bufio.NewReader(stdout).ReadString('\n')
	t.Cleanup(func() {
		// The end of its input is the server's sign to stop.
		if err := stdin.Close(); err != nil {
			t.Errorf("close the input of postgres.py: %v", err)
		}
		if err := cmd.Wait(); err != nil {
			t.Errorf("postgres.py: %v\n%s", err, stderr.String())
		}
	})
	if readErr != nil && !errors.Is(readErr, io.EOF) {
		t.Fatal(readErr)
	}
	if url == "" {
		t.Fatal("postgres.py printed no URL")
	}
	return strings.TrimSpace(url)
}

// lazyfix is the path of a freshly built binary: these tests are about the command, as a user starts it.
type lazyfix string

func buildLazyfix(t *testing.T) lazyfix {
	t.Helper()
	binary := filepath.Join(t.TempDir(), "lazyfix")
	if out, err := exec.Command("go", "build", "-o", binary, ".").CombinedOutput(); err != nil {
		t.Fatalf("go build: %v\n%s", err, out)
	}
	return lazyfix(binary)
}

// write runs `lazyfix --write dir`. Exit code 1 only says that undecided reads remain; the caller's own check decides
// whether they matter.
func (l lazyfix) write(t *testing.T, dir string) {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), string(l), "--write", dir)
	out, err := cmd.CombinedOutput()
	if exit := (*exec.ExitError)(nil); errors.As(err, &exit) && exit.ExitCode() == 1 {
		err = nil
	}
	if err != nil {
		t.Fatalf("lazyfix --write: %v\n%s", err, out)
	}
	t.Logf("lazyfix --write:\n%s", out)
}

// snapshot returns the content of each regular file under dir, by slash-separated relative path.
func snapshot(t *testing.T, dir string) map[string]string {
	t.Helper()
	files := map[string]string{}
	// Not fs.WalkDir: a name that is not UTF-8 is no path to it.
	err := filepath.WalkDir(dir, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || !entry.Type().IsRegular() {
			return err
		}
		content, err := os.ReadFile(path)
		files[filepath.ToSlash(strings.TrimPrefix(path, dir+string(filepath.Separator)))] = string(content)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

// changed returns the sorted paths whose content differs between two snapshots, or that only one of them has.
func changed(before, after map[string]string) []string {
	var paths []string
	for path, content := range before {
		if now, ok := after[path]; !ok || now != content {
			paths = append(paths, path)
		}
	}
	for path := range after {
		if _, ok := before[path]; !ok {
			paths = append(paths, path)
		}
	}
	slices.Sort(paths)
	return paths
}

// definition returns the lines of a function or class in Python source, from its def or class line to its last line.
// The name may be qualified: "Order.total". It returns "" where there is no such definition. Indentation is enough to
// find the end, as fixtures hold no string with text at its left margin.
func definition(source, name string) string {
	lines := strings.SplitAfter(source, "\n")
	first, last, depth := 0, len(lines), -1
	for _, part := range strings.Split(name, ".") {
		head := regexp.MustCompile(`^( *)(?:async )?(?:def|class) ` + regexp.QuoteMeta(part) + `\b`)
		start := -1
		for i := first; i < last; i++ {
			if m := head.FindStringSubmatch(lines[i]); m != nil && len(m[1]) > depth {
				start, depth = i, len(m[1])
				break
			}
		}
		if start < 0 {
			return ""
		}
		end := start + 1
		for i := start + 1; i < last; i++ {
			text := strings.TrimSpace(lines[i])
			if text == "" {
				continue
			}
			indent := len(lines[i]) - len(strings.TrimLeft(lines[i], " "))
			// A wrapped signature ends with a bracket at the margin of its def.
			if indent <= depth && !strings.HasPrefix(text, ")") {
				break
			}
			end = i + 1
		}
		first, last = start, end
	}
	return strings.Join(lines[first:last], "")
}
