package edits

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
)

func chmod(t testing.TB, path string, mode fs.FileMode) {
	t.Helper()
	if err := os.Chmod(path, mode); err != nil {
		t.Fatal(err)
	}
}

func modeOf(t testing.TB, path string) fs.FileMode {
	t.Helper()
	info, err := os.Lstat(path)
	if err != nil {
		t.Fatal(err)
	}
	return info.Mode()
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// file writes "old\n" to a new file in dir and returns the change to "new\n".
func file(t testing.TB, dir, name string) Change {
	t.Helper()
	path := filepath.Join(dir, name)
	must(t, os.WriteFile(path, []byte("old\n"), 0o644))
	return changeOf(path, name)
}

func changeOf(path, name string) Change {
	return Change{
		Baseline: Baseline{Path: path, Name: name, Content: []byte("old\n"), Mode: 0o644},
		Edits:    []Edit{{0, 3, "new"}},
		New:      []byte("new\n"),
	}
}

func wantContent(t testing.TB, path, want string) {
	t.Helper()
	got, err := os.ReadFile(path)
	if err != nil || string(got) != want {
		t.Errorf("%s holds %q, %v, want %q", path, got, err, want)
	}
}

// wantNames says what dir holds: no temporary file above all.
func wantNames(t testing.TB, dir string, want ...string) {
	t.Helper()
	entries, err := os.ReadDir(dir)
	must(t, err)
	var got []string
	for _, e := range entries {
		got = append(got, e.Name())
	}
	slices.Sort(want)
	if !slices.Equal(got, want) {
		t.Errorf("the folder holds %q, want %q", got, want)
	}
}

// wantRefused checks the outcome of a change that must not have been written.
func wantRefused(t testing.TB, got Outcome, c Change, reason string) {
	t.Helper()
	if got.Path != c.Path || got.Written || got.Err == nil {
		t.Fatalf("outcome %+v, want %s refused", got, c.Path)
	}
	if text := got.Err.Error(); !strings.HasPrefix(text, c.Path+": not written: ") || !strings.Contains(text, reason) {
		t.Errorf("error %q, want one with the path and %q", text, reason)
	}
}

func wantWritten(t testing.TB, got Outcome, c Change) {
	t.Helper()
	if got.Path != c.Path || !got.Written || got.Err != nil {
		t.Fatalf("outcome %+v, want %s written", got, c.Path)
	}
	wantContent(t, c.Path, string(c.New))
}

func TestCommitKeepsMode(t *testing.T) {
	dir := t.TempDir()
	for _, mode := range []fs.FileMode{0o600, 0o644, 0o640, 0o755, 0o666, 0o777} {
		c := file(t, dir, "a.py")
		chmod(t, c.Path, mode)
		wantWritten(t, Commit([]Change{c})[0], c)
		if got := modeOf(t, c.Path); got != mode {
			t.Errorf("mode %o, want %o", got, mode)
		}
	}
	wantNames(t, dir, "a.py")
}

func TestCommitReplacesInOneStep(t *testing.T) {
	dir := t.TempDir()
	c := file(t, dir, "a.py")
	reader, err := os.Open(c.Path) // has the old file, whatever the name stands for
	must(t, err)
	defer func() { _ = reader.Close() }()
	wantWritten(t, Commit([]Change{c})[0], c)
	old := make([]byte, 16)
	if n, _ := reader.Read(old); string(old[:n]) != "old\n" {
		t.Errorf("the file was written in place: a reader saw %q", old[:n])
	}
}

func TestCommitFollowsSymlinks(t *testing.T) {
	root := t.TempDir()
	must(t, os.MkdirAll(filepath.Join(root, "real"), 0o755))
	must(t, os.MkdirAll(filepath.Join(root, "links"), 0o755))
	c := file(t, filepath.Join(root, "real"), "a.py")
	must(t, os.Symlink("../real/a.py", filepath.Join(root, "links", "one.py")))
	must(t, os.Symlink("one.py", filepath.Join(root, "links", "two.py")))
	link := changeOf(filepath.Join(root, "links", "two.py"), "links/two.py")

	outcomes := Commit([]Change{link, c})
	wantWritten(t, outcomes[0], link)
	wantRefused(t, outcomes[1], c, "changed since it was read") // it is the same file
	for _, name := range []string{"one.py", "two.py"} {
		if mode := modeOf(t, filepath.Join(root, "links", name)); mode.Type() != fs.ModeSymlink {
			t.Errorf("%s is no symlink any more: %v", name, mode)
		}
	}
	wantNames(t, filepath.Join(root, "links"), "one.py", "two.py")
	wantNames(t, filepath.Join(root, "real"), "a.py")
}

func TestCommitTakesRelativePaths(t *testing.T) {
	dir := t.TempDir()
	c := file(t, dir, "a.py")
	t.Chdir(dir)
	c.Path = "a.py"
	wantWritten(t, Commit([]Change{c})[0], c)
	wantNames(t, dir, "a.py")
}

func TestCommitOfAHardLinkLeavesTheOtherName(t *testing.T) {
	dir := t.TempDir()
	c := file(t, dir, "a.py")
	must(t, os.Link(c.Path, filepath.Join(dir, "cache.py")))
	wantWritten(t, Commit([]Change{c})[0], c)
	wantContent(t, filepath.Join(dir, "cache.py"), "old\n")
}

// A path that leads to another file than when it was read is refused, though that file has the same bytes: by a link in
// its place, in the place of its folder, and of one above.
func TestCommitRefusesAPathThatLeadsElsewhere(t *testing.T) {
	for _, linked := range []string{"app/sub/a.py", "app/sub", "app"} {
		root := t.TempDir()
		inside, outside := filepath.Join(root, "in"), filepath.Join(root, "out")
		for _, dir := range []string{inside, outside} {
			must(t, os.MkdirAll(filepath.Join(dir, "app", "sub"), 0o755))
			file(t, filepath.Join(dir, "app", "sub"), "a.py")
		}
		c := changeOf(filepath.Join(inside, "app", "sub", "a.py"), "app/sub/a.py")
		c.Real = c.Path
		must(t, os.RemoveAll(filepath.Join(inside, linked)))
		must(t, os.Symlink(filepath.Join(outside, linked), filepath.Join(inside, linked)))
		got := Commit([]Change{c})[0]
		wantRefused(t, got, c, "leads to "+filepath.Join(outside, "app", "sub", "a.py"))
		if !errors.Is(got.Err, ErrMoved) {
			t.Errorf("error %v is no ErrMoved", got.Err)
		}
		wantContent(t, filepath.Join(outside, "app", "sub", "a.py"), "old\n")
		// As it was read, it is written.
		must(t, os.Remove(filepath.Join(inside, linked)))
		must(t, os.MkdirAll(filepath.Dir(c.Path), 0o755))
		must(t, os.WriteFile(c.Path, []byte("old\n"), 0o644))
		t.Chdir(inside)
		c.Path = filepath.Join("app", "sub", "a.py")
		wantWritten(t, Commit([]Change{c})[0], c)
	}
}

// What a killed run left behind goes with the next write in its folder, and nothing else does.
func TestCommitSweepsAbandonedFiles(t *testing.T) {
	root := t.TempDir()
	changes := []Change{file(t, root, "a.py"), file(t, root, "b.py")}
	other := filepath.Join(root, "sub")
	must(t, os.Mkdir(other, 0o755))
	for _, name := range []string{".lazyfix-123.tmp", ".lazyfix-4.tmp", ".lazyfix.toml", "lazyfix-5.tmp", "sub/.lazyfix-6.tmp"} {
		must(t, os.WriteFile(filepath.Join(root, name), []byte("half"), 0o600))
	}
	must(t, os.Mkdir(filepath.Join(root, ".lazyfix-7.tmp"), 0o755))
	for i, o := range Commit(changes) {
		wantWritten(t, o, changes[i])
	}
	wantNames(t, root, "a.py", "b.py", "sub", ".lazyfix.toml", "lazyfix-5.tmp", ".lazyfix-7.tmp")
	wantNames(t, other, ".lazyfix-6.tmp")
}

// While another process writes in the folder, nothing is written there, and its temporary files are left alone.
func TestCommitWaitsForTheLockOfTheFolder(t *testing.T) {
	root := t.TempDir()
	c := file(t, root, "a.py")
	must(t, os.WriteFile(filepath.Join(root, ".lazyfix-1.tmp"), nil, 0o600))
	free, held, err := osDisk{}.lock(root)
	if err != nil || !held {
		t.Skipf("no locks in %s: %v", root, err)
	}
	wantRefused(t, commit(osDisk{tries: 2}, []Change{c})[0], c, "another process holds the lock of its folder")
	wantContent(t, c.Path, "old\n")
	wantNames(t, root, "a.py", ".lazyfix-1.tmp")
	free()
	wantWritten(t, commit(osDisk{tries: 1}, []Change{c})[0], c)
	wantNames(t, root, "a.py")
}

// Each way in which a path can have changed since it was read. The reasons hold
// for root too. The file before and the file after it are written all the same.
func TestCommitRefusesOneFileAndWritesTheOthers(t *testing.T) {
	tests := []struct {
		name   string
		harm   func(path string) error
		reason string
		left   string // what a reader of the path finds; empty where nothing can be read
	}{
		{"changed, other size", func(p string) error { return os.WriteFile(p, []byte("older\n"), 0o644) }, ErrChanged.Error(), "older\n"},
		{"changed, same size", func(p string) error { return os.WriteFile(p, []byte("odd\n"), 0o644) }, ErrChanged.Error(), "odd\n"},
		{"already written", func(p string) error { return os.WriteFile(p, []byte("new\n"), 0o644) }, ErrChanged.Error(), "new\n"},
		{"deleted", os.Remove, "no such file", ""},
		{"folder deleted", func(p string) error { return os.RemoveAll(filepath.Dir(p)) }, "no such file", ""},
		{"became a directory", func(p string) error { return errors.Join(os.Remove(p), os.Mkdir(p, 0o755)) }, "it is a directory", ""},
		{"folder became a file", func(p string) error {
			return errors.Join(os.RemoveAll(filepath.Dir(p)), os.WriteFile(filepath.Dir(p), nil, 0o644))
		}, "not a directory", ""},
		{"became a named pipe", func(p string) error { return errors.Join(os.Remove(p), syscall.Mkfifo(p, 0o644)) }, "it is no regular file (p", ""},
		{"became a dangling symlink", func(p string) error { return errors.Join(os.Remove(p), os.Symlink("nowhere", p)) }, "no such file", ""},
		{"became a symlink to itself", func(p string) error { return errors.Join(os.Remove(p), os.Symlink("b.py", p)) }, "too many links", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			root := t.TempDir()
			dir := filepath.Join(root, "sub")
			must(t, os.Mkdir(dir, 0o755))
			changes := []Change{file(t, root, "a.py"), file(t, dir, "b.py"), file(t, root, "c.py")}
			must(t, tt.harm(changes[1].Path))
			checked := Check(changes)
			outcomes := Commit(changes)
			if len(outcomes) != 3 {
				t.Fatalf("%d outcomes", len(outcomes))
			}
			wantWritten(t, outcomes[0], changes[0])
			wantRefused(t, outcomes[1], changes[1], tt.reason)
			wantWritten(t, outcomes[2], changes[2])
			wantRefused(t, checked[1], changes[1], tt.reason)
			if checked[0].Err != nil || checked[2].Err != nil {
				t.Errorf("Check refuses %v", checked)
			}
			if changed := tt.reason == ErrChanged.Error(); errors.Is(outcomes[1].Err, ErrChanged) != changed {
				t.Errorf("errors.Is(%v, ErrChanged) is not %v", outcomes[1].Err, changed)
			}
			if tt.left != "" {
				wantContent(t, changes[1].Path, tt.left)
			}
			names := []string{"a.py", "c.py"}
			if _, err := os.Lstat(dir); err == nil {
				names = append(names, "sub")
			}
			wantNames(t, root, names...)
			if entries, err := os.ReadDir(dir); err == nil && (len(entries) > 1 || len(entries) == 1 && entries[0].Name() != "b.py") {
				t.Errorf("sub holds %v", entries)
			}
		})
	}
}
