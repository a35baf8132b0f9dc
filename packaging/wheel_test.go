package packaging_test

import (
	"debug/elf"
	"path/filepath"
	"strings"
	"testing"
)

// The wheel is built as for a release, and installed as a user does it, into an environment that has nothing else.
func TestWheel(t *testing.T) {
	out := t.TempDir()
	run(t, root(t), []string{"OUT=" + out, "VERSION=1.2.3"}, "packaging/wheel")
	wheels, err := filepath.Glob(filepath.Join(out, "lazyfix-1.2.3-py3-none-*.whl"))
	if err != nil || len(wheels) != 1 {
		t.Fatalf("wheels: %v %v", wheels, err)
	}
	environment := filepath.Join(t.TempDir(), "environment")
	run(t, out, nil, tool(t, "python"), "-m", "venv", environment)
	python := filepath.Join(environment, "bin", "python")
	run(t, out, nil, python, "-m", "pip", "install", "--no-index", "--disable-pip-version-check", wheels[0])

	lazyfix := filepath.Join(environment, "bin", "lazyfix")
	if strings.Contains(wheels[0], "linux") {
		static(t, lazyfix)
	}
	expect(t, run(t, out, nil, lazyfix, "--version"), "1.2.3")
	expect(t, run(t, out, []string{"PATH="}, python, "-m", "lazyfix", "--version"), "1.2.3")
	dir := project(t)
	text, code := command(t, dir, nil, python, "-m", "lazyfix", ".")
	if code != 1 {
		t.Errorf("exit %d", code)
	}
	expect(t, text, "expire-on-commit")
	run(t, dir, nil, lazyfix, "--write", ".")
	expect(t, read(t, filepath.Join(dir, "db.py")), fixed)
}

// static: a binary that wants nothing of the system's libraries is what lets one wheel say manylinux and musllinux.
func static(t *testing.T, path string) {
	t.Helper()
	binary, err := elf.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = binary.Close() }()
	for _, part := range binary.Progs {
		if part.Type == elf.PT_INTERP {
			t.Errorf("%s needs a dynamic linker", path)
		}
	}
}
