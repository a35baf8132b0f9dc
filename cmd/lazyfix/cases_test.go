package main_test

import (
	"bufio"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"
)

// runnable is one archive of fixtures/cases: a small app whose app.py prints OK at its end once it is cured. Prose
// comes first in its comment, then any of these lines:
//
//	fails: NAME             what the app's output names today; "nothing" where it prints OK before as well
//	untouched: FILE[:NAME]  a file, function or method that stays byte for byte as it is
//	crlf: FILE              the file is unpacked with CRLF line ends, and has no other ones afterwards
type runnable struct {
	fails           string
	untouched, crlf []string
	files           map[string]string
}

// TestCases cures each runnable case and runs it, on each SQLAlchemy.
func TestCases(t *testing.T) {
	pythons := environments(t)
	binary := buildLazyfix(t)
	archives, err := filepath.Glob(filepath.Join(fixtures, "cases", "*.txtar"))
	if err != nil || len(archives) == 0 {
		t.Fatalf("no cases found: %v", err)
	}
	for _, archive := range archives {
		t.Run(strings.TrimSuffix(filepath.Base(archive), ".txtar"), func(t *testing.T) {
			t.Parallel()
			readCase(t, archive).check(t, binary, pythons)
		})
	}
}

func readCase(t *testing.T, path string) runnable {
	t.Helper()
	archive, err := txtar.ParseFile(path)
	if err != nil {
		t.Fatal(err)
	}
	c := runnable{files: map[string]string{}}
	for _, file := range archive.Files {
		c.files[file.Name] = string(file.Data)
	}
	lines := bufio.NewScanner(strings.NewReader(string(archive.Comment)))
	for lines.Scan() {
		key, value, _ := strings.Cut(lines.Text(), ": ")
		switch key {
		case "fails":
			c.fails = value
		case "untouched":
			c.untouched = append(c.untouched, value)
		case "crlf":
			c.crlf = append(c.crlf, value)
		}
	}
	if err := lines.Err(); err != nil {
		t.Fatal(err)
	}
	if c.fails == "" {
		t.Fatalf("%s has no line `fails: NAME`", path)
	}
	for _, file := range c.crlf {
		if c.files[file] == "" {
			t.Fatalf("%s: crlf: no file %s", path, file)
		}
		c.files[file] = strings.ReplaceAll(c.files[file], "\n", "\r\n")
	}
	return c
}

func (c runnable) check(t *testing.T, binary lazyfix, pythons []environment) {
	t.Helper()
	dir := t.TempDir()
	for name, content := range c.files {
		path := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(content), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	for _, python := range pythons {
		output, ok := python.run(t, dir, "", "app.py")
		if c.fails == "nothing" {
			if !printsOK(output, ok) {
				t.Fatalf("SQLAlchemy %s: the app must run before lazyfix does:\n%s", python.sqlalchemy, output)
			}
		} else if ok || !strings.Contains(output, c.fails) {
			t.Fatalf("SQLAlchemy %s: the app must fail with %s:\n%s", python.sqlalchemy, c.fails, output)
		}
	}

	binary.write(t, dir)
	once := snapshot(t, dir)
	for _, place := range c.untouched {
		checkUntouched(t, place, c.files, once)
	}
	for _, file := range c.crlf {
		if bare := strings.Count(once[file], "\n") - strings.Count(once[file], "\r\n"); bare != 0 {
			t.Errorf("%s has %d line ends without a carriage return", file, bare)
		}
	}
	for _, python := range pythons {
		if output, ok := python.run(t, dir, "", "app.py"); !printsOK(output, ok) {
			t.Errorf("SQLAlchemy %s: after lazyfix the app fails:\n%s", python.sqlalchemy, output)
		}
	}

	binary.write(t, dir)
	if paths := changed(once, snapshot(t, dir)); paths != nil {
		t.Errorf("a second run changed %v", paths)
	}
}

// printsOK says whether an app.py ran to its end.
func printsOK(output string, ok bool) bool {
	return ok && strings.HasSuffix(strings.TrimSpace(output), "OK")
}
