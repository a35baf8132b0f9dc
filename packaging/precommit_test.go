package packaging_test

import (
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// The hooks with the configuration that docs/ci.md shows: the real pre-commit clones lazyfix, here this work tree, builds it with Go, and runs
// on each commit of a scratch repository.
func TestPreCommit(t *testing.T) {
	hooks, revision := published(t)
	dir := project(t)
	write(t, filepath.Join(dir, "notes.md"), "one\n")
	environment := append(gitIdentity(t),
		"PRE_COMMIT_HOME="+filepath.Join(t.TempDir(), "pre-commit"),
		"XDG_CACHE_HOME="+t.TempDir(),
		// pre-commit gives each environment a GOPATH of its own. What is downloaded and compiled already is shared.
		"GOMODCACHE="+goEnv(t, "GOMODCACHE"), "GOCACHE="+goEnv(t, "GOCACHE"),
	)
	use := func(hook string) {
		config := strings.NewReplacer("https://github.com/lazyfix/lazyfix", hooks, "v0.1.0", revision, "id: lazyfix", "id: "+hook)
		write(t, filepath.Join(dir, ".pre-commit-config.yaml"), config.Replace(documented(t, "docs/ci.md", "rev:")))
		run(t, dir, environment, "git", "add", ".")
	}
	commit := func(wantCode int) string {
		t.Helper()
		out, code := command(t, dir, environment, "git", "commit", "-qm", "a change")
		if code != wantCode {
			t.Fatalf("git commit: exit %d, want %d\n%s", code, wantCode, out)
		}
		return out
	}
	run(t, dir, environment, "git", "init", "-q")
	run(t, dir, environment, tool(t, "python"), "-m", "pre_commit", "install")
	program := filepath.Join(dir, "db.py")

	use("lazyfix")
	expect(t, commit(1), "db.py:3:11 expire-on-commit")
	if strings.Contains(read(t, program), fixed) {
		t.Error("the hook lazyfix has written")
	}

	use("lazyfix-fix")
	expect(t, commit(1), "files were modified by this hook")
	expect(t, read(t, program), fixed)
	run(t, dir, environment, "git", "add", ".")
	expect(t, commit(0), "Passed")

	use("lazyfix")
	write(t, program, read(t, program)+"\nengine = None\n")
	run(t, dir, environment, "git", "add", ".")
	expect(t, commit(0), "Passed")

	// What no rule reads does not start a run of the whole program.
	write(t, filepath.Join(dir, "notes.md"), "two\n")
	run(t, dir, environment, "git", "add", ".")
	expect(t, commit(0), "Skipped")
}

// published is a repository whose one commit has the files of this work tree, as it is now and not as it was committed.
func published(t *testing.T) (path, revision string) {
	t.Helper()
	path = filepath.Join(t.TempDir(), "lazyfix")
	for name := range strings.SplitSeq(run(t, root(t), nil, "git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"), "\x00") {
		from, to := filepath.Join(root(t), name), filepath.Join(path, name)
		if info, err := os.Lstat(from); name == "" || err != nil || !info.Mode().IsRegular() {
			continue // removed and not yet committed, or a symlink of a fixture
		}
		copyFile(t, from, to)
	}
	environment := gitIdentity(t)
	run(t, path, environment, "git", "init", "-q")
	run(t, path, environment, "git", "add", "--force", ".")
	run(t, path, environment, "git", "commit", "-qm", "this work tree")
	return path, strings.TrimSpace(run(t, path, environment, "git", "rev-parse", "HEAD"))
}

func copyFile(t *testing.T, from, to string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(to), 0o755); err != nil {
		t.Fatal(err)
	}
	in, err := os.Open(from)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = in.Close() }()
	out, err := os.Create(to)
	if err == nil {
		_, err = io.Copy(out, in)
	}
	if err == nil {
		err = out.Close()
	}
	if err != nil {
		t.Fatal(err)
	}
}

// gitIdentity keeps git from the settings of who runs the tests.
func gitIdentity(t *testing.T) []string {
	t.Helper()
	return []string{"HOME=" + t.TempDir(), "GIT_CONFIG_NOSYSTEM=1",
		"GIT_AUTHOR_NAME=A", "GIT_AUTHOR_EMAIL=a@example.com", "GIT_COMMITTER_NAME=A", "GIT_COMMITTER_EMAIL=a@example.com"}
}

func goEnv(t *testing.T, name string) string {
	t.Helper()
	return strings.TrimSpace(run(t, root(t), nil, "go", "env", name))
}
