package packaging_test

import (
	"debug/elf"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
)

// The wheel is built as for a release, and installed as a user does it, into an environment that has nothing else.
func TestWheel(t *testing.T) {
	file, out := wheel(t), t.TempDir()
	environment := filepath.Join(t.TempDir(), "environment")
	run(t, out, nil, tool(t, "python"), "-m", "venv", environment)
	python := filepath.Join(environment, "bin", "python")
	run(t, out, nil, python, "-m", "pip", "install", "--no-index", "--disable-pip-version-check", file)

	lazyfix := filepath.Join(environment, "bin", "lazyfix")
	if strings.Contains(file, "linux") {
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

const wheelVersion = "1.2.3"

// wheelFolder is "" as long as no test asked for a wheel.
var wheelFolder string

var built = sync.OnceValues(func() (string, error) {
	out, err := os.MkdirTemp("", "lazyfix-wheel")
	if err != nil {
		return "", err
	}
	wheelFolder = out
	c := exec.Command("packaging/wheel")
	c.Dir, c.Env = "..", append(os.Environ(), "OUT="+out, "VERSION="+wheelVersion)
	if said, err := c.CombinedOutput(); err != nil {
		return "", fmt.Errorf("packaging/wheel: %w\n%s", err, said)
	}
	wheels, err := filepath.Glob(filepath.Join(out, "lazyfix-"+wheelVersion+"-py3-none-*.whl"))
	if err != nil || len(wheels) != 1 {
		return "", fmt.Errorf("wheels: %v %w", wheels, err)
	}
	return wheels[0], nil
})

// wheel is one of this work tree for this platform, built once for all tests.
func wheel(t *testing.T) string {
	t.Helper()
	file, err := built()
	if err != nil {
		t.Fatal(err)
	}
	return file
}

// TestMain removes the wheel that the tests shared.
func TestMain(m *testing.M) {
	code := m.Run()
	if wheelFolder != "" {
		_ = os.RemoveAll(wheelFolder)
	}
	os.Exit(code)
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
