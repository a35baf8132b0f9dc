package packaging_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// root is the repository.
func root(t *testing.T) string {
	t.Helper()
	path, err := filepath.Abs("..")
	if err != nil {
		t.Fatal(err)
	}
	return path
}

// tool is a program of the environment .venvs/packaging.
func tool(t *testing.T, name string) string {
	t.Helper()
	path := filepath.Join(root(t), ".venvs", "packaging", "bin", name)
	if _, err := os.Stat(path); err != nil {
		t.Fatalf("%v; run make venv, or make test, which does", err)
	}
	return path
}

// command runs in dir with more environment variables, and gives all that it says and its exit code.
func command(t *testing.T, dir string, environment []string, args ...string) (output string, code int) {
	t.Helper()
	c := exec.Command(args[0], args[1:]...)
	c.Dir = dir
	c.Env = append(os.Environ(), environment...)
	out, err := c.CombinedOutput()
	if err != nil && c.ProcessState == nil {
		t.Fatalf("%s: %v", strings.Join(args, " "), err)
	}
	return string(out), c.ProcessState.ExitCode()
}

// run is a command that must succeed.
func run(t *testing.T, dir string, environment []string, args ...string) string {
	t.Helper()
	out, code := command(t, dir, environment, args...)
	if code != 0 {
		t.Fatalf("%s: exit %d\n%s", strings.Join(args, " "), code, out)
	}
	return out
}

// project is a folder with a program that has one finding.
func project(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	write(t, filepath.Join(dir, "db.py"), "from sqlalchemy.ext.asyncio import async_sessionmaker\n\nSession = async_sessionmaker(None)\n")
	return dir
}

const fixed = "Session = async_sessionmaker(None, expire_on_commit=False)"

func write(t *testing.T, path, text string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

func read(t *testing.T, path string) string {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// documented is the first YAML block of a page that has a part.
func documented(t *testing.T, page, part string) string {
	t.Helper()
	for _, block := range yamlBlocks(t, page) {
		if strings.Contains(block, part) {
			return block
		}
	}
	t.Fatalf("%s has no block of YAML with %q", page, part)
	return ""
}

func yamlBlocks(t *testing.T, page string) (blocks []string) {
	t.Helper()
	for _, m := range regexp.MustCompile("(?sm)^```yaml\n(.*?)^```").FindAllStringSubmatch(read(t, filepath.Join(root(t), page)), -1) {
		blocks = append(blocks, m[1])
	}
	return blocks
}

// expect looks for a part of a text.
func expect(t *testing.T, text, part string) {
	t.Helper()
	if !strings.Contains(text, part) {
		t.Errorf("this should have %q:\n%s", part, text)
	}
}
