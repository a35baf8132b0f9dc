package edits

import (
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// mounted mounts for the time of the test. Who may not mount sees what follows by injection only (fault_test.go).
func mounted(t *testing.T, source, target, kind string, flags uintptr, options string) {
	t.Helper()
	if err := syscall.Mount(source, target, kind, flags, options); err != nil {
		t.Skipf("cannot mount here: %v", err)
	}
	t.Cleanup(func() { must(t, syscall.Unmount(target, 0)) })
}

// A disk that is really full: what does not fit is refused and as it was, what fits is written.
func TestCommitOnAFullDisk(t *testing.T) {
	dir := t.TempDir()
	mounted(t, "tmpfs", dir, "tmpfs", 0, "size=64k")
	changes := []Change{file(t, dir, "a.py"), file(t, dir, "b.py"), file(t, dir, "c.py")}
	changes[1].New = []byte(strings.Repeat("new\n", 20_000)) // more than the disk holds
	outcomes := Commit(changes)
	wantWritten(t, outcomes[0], changes[0])
	wantRefused(t, outcomes[1], changes[1], "no space left on device")
	wantContent(t, changes[1].Path, "old\n")
	wantWritten(t, outcomes[2], changes[2])
	wantNames(t, dir, "a.py", "b.py", "c.py")

	// Not even an empty file fits.
	ballast, err := os.Create(filepath.Join(dir, "ballast"))
	must(t, err)
	for err == nil {
		_, err = ballast.Write(make([]byte, 4096))
	}
	must(t, ballast.Close())
	full := file2(changes[0].Path)
	wantRefused(t, Commit([]Change{full})[0], full, "no space left on device")
	wantContent(t, full.Path, "new\n")
	must(t, os.Remove(ballast.Name()))
	wantWritten(t, Commit([]Change{full})[0], full)
	wantNames(t, dir, "a.py", "b.py", "c.py")
}

// file2 is the change of a file that was written once already.
func file2(path string) Change {
	c := changeOf(path, "a.py")
	c.Content, c.New = []byte("new\n"), []byte("newer\n")
	return c
}

// A file that is a mount of its own is on another device than its folder, and cannot be replaced: it is refused.
func TestCommitOfAFileOnAnotherDevice(t *testing.T) {
	dir, elsewhere := t.TempDir(), t.TempDir()
	mounted(t, "tmpfs", elsewhere, "tmpfs", 0, "size=64k")
	c, source := file(t, dir, "a.py"), file(t, elsewhere, "source.py")
	mounted(t, source.Path, c.Path, "", syscall.MS_BIND, "")
	wantRefused(t, Commit([]Change{c})[0], c, "device")
	wantContent(t, source.Path, "old\n")
	wantNames(t, dir, "a.py")
	wantNames(t, elsewhere, "source.py")
}

func TestCommitOnAReadOnlyDisk(t *testing.T) {
	dir := t.TempDir()
	mounted(t, "tmpfs", dir, "tmpfs", 0, "size=64k")
	c := file(t, dir, "a.py")
	if err := syscall.Mount("", dir, "", syscall.MS_REMOUNT|syscall.MS_RDONLY, ""); err != nil {
		t.Fatal(err)
	}
	wantRefused(t, Commit([]Change{c})[0], c, "read-only file system")
	wantContent(t, c.Path, "old\n")
	wantNames(t, dir, "a.py")
}
