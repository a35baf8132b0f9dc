package edits

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"testing"
)

var errFault = errors.New("injected fault")

// faultyDisk is the real disk, but before an operation inside a folder called
// victim it calls fault, and fails with what that returns.
type faultyDisk struct {
	osDisk
	victim string
	fault  func(operation string) error
}

func (d faultyDisk) before(operation, path string) error {
	if filepath.Base(filepath.Dir(path)) != d.victim {
		return nil
	}
	return d.fault(operation)
}

func (d faultyDisk) resolve(path string) (string, error) {
	if err := d.before("resolve", path); err != nil {
		return "", err
	}
	return d.osDisk.resolve(path)
}

func (d faultyDisk) lstat(path string) (fs.FileInfo, error) {
	if err := d.before("lstat", path); err != nil {
		return nil, err
	}
	return d.osDisk.lstat(path)
}

func (d faultyDisk) open(path string) (handle, error) {
	if err := d.before("open", path); err != nil {
		return nil, err
	}
	h, err := d.osDisk.open(path)
	return faultyHandle{h, d, ""}, err
}

func (d faultyDisk) createTemp(dir, pattern string) (handle, error) {
	if err := d.before("create", filepath.Join(dir, pattern)); err != nil {
		return nil, err
	}
	h, err := d.osDisk.createTemp(dir, pattern)
	return faultyHandle{h, d, "temporary "}, err
}

func (d faultyDisk) rename(from, to string) error {
	if err := d.before("rename", to); err != nil {
		return err
	}
	return d.osDisk.rename(from, to)
}

func (d faultyDisk) remove(path string) error {
	if err := d.before("remove", path); err != nil {
		return err
	}
	return d.osDisk.remove(path)
}

type faultyHandle struct {
	handle
	d    faultyDisk
	kind string
}

func (h faultyHandle) before(operation string) error {
	return h.d.before(operation+" "+h.kind+"file", h.Name())
}

func (h faultyHandle) Read(p []byte) (int, error) {
	if err := h.before("read"); err != nil {
		return 0, err
	}
	return h.handle.Read(p)
}

// Write leaves half of p behind when it fails, as a full disk does.
func (h faultyHandle) Write(p []byte) (int, error) {
	if err := h.before("write"); err != nil {
		n, _ := h.handle.Write(p[:len(p)/2])
		return n, err
	}
	return h.handle.Write(p)
}

func (h faultyHandle) Chmod(mode fs.FileMode) error {
	if err := h.before("chmod"); err != nil {
		return err
	}
	return h.handle.Chmod(mode)
}

func (h faultyHandle) Sync() error {
	if err := h.before("sync"); err != nil {
		return err
	}
	return h.handle.Sync()
}

// Close closes even when it fails, as the real one does.
func (h faultyHandle) Close() error {
	return errors.Join(h.handle.Close(), h.before("close"))
}

// threeFiles is one file before, one in the folder victim, and one after.
func threeFiles(t *testing.T) (root string, changes []Change) {
	t.Helper()
	root = t.TempDir()
	must(t, os.Mkdir(filepath.Join(root, "victim"), 0o755))
	return root, []Change{file(t, root, "a.py"), file(t, filepath.Join(root, "victim"), "b.py"), file(t, root, "c.py")}
}

// Every operation that a write consists of, made to fail in turn: the list is
// what a write was seen to do, so none can be forgotten.
func TestCommitSurvivesEachFault(t *testing.T) {
	_, changes := threeFiles(t)
	var operations []string
	record := faultyDisk{victim: "victim", fault: func(operation string) error {
		operations = append(operations, operation)
		return nil
	}}
	wantWritten(t, commit(record, changes)[1], changes[1])
	if len(operations) < 10 {
		t.Fatalf("a write was seen to do only %q", operations)
	}
	for n, name := range operations {
		if name == "close file" {
			continue // of the file that was read: nothing is lost, and nothing said
		}
		t.Run(name, func(t *testing.T) {
			root, changes := threeFiles(t)
			seen := 0
			outcomes := commit(faultyDisk{victim: "victim", fault: func(string) error {
				seen++
				if seen == n+1 {
					return errFault
				}
				return nil
			}}, changes)
			wantWritten(t, outcomes[0], changes[0])
			wantRefused(t, outcomes[1], changes[1], errFault.Error())
			wantWritten(t, outcomes[2], changes[2])
			wantContent(t, changes[1].Path, "old\n")
			wantNames(t, root, "a.py", "c.py", "victim")
			wantNames(t, filepath.Join(root, "victim"), "b.py")
		})
	}
}

// What happens to the file while its new bytes go to the disk is not lost.
func TestCommitRefusesWhatChangesDuringTheWrite(t *testing.T) {
	for name, harm := range map[string]func(path string) error{
		"saved by an editor": func(p string) error { return os.WriteFile(p, []byte("edited\n"), 0o644) },
		"replaced by another file of the same bytes and time": func(p string) error {
			info, err := os.Lstat(p)
			return errors.Join(err, os.WriteFile(p+"~", []byte("old\n"), 0o644), os.Chtimes(p+"~", info.ModTime(), info.ModTime()), os.Rename(p+"~", p))
		},
		"replaced by a symlink": func(p string) error { return errors.Join(os.Rename(p, p+"~"), os.Symlink(p+"~", p)) },
		"made read-only":        func(p string) error { return os.Chmod(p, 0o444) },
		"deleted":               func(p string) error { return os.Rename(p, p+"~") },
	} {
		t.Run(name, func(t *testing.T) {
			root, changes := threeFiles(t)
			victim := changes[1].Path
			outcomes := commit(faultyDisk{victim: "victim", fault: func(operation string) error {
				if operation == "sync temporary file" {
					return harm(victim)
				}
				return nil
			}}, changes)
			if outcomes[1].Err == nil || outcomes[1].Written {
				t.Fatalf("outcome %+v, want it refused", outcomes[1])
			}
			if got, err := os.ReadFile(victim); err == nil && string(got) == "new\n" {
				t.Errorf("it was written")
			}
			wantWritten(t, outcomes[2], changes[2])
			if left, _ := filepath.Glob(filepath.Join(root, "victim", tempPattern)); len(left) > 0 {
				t.Errorf("left behind: %q", left)
			}
		})
	}
}

// Whether a file may be written is the system's to say, not its mode's: root may write one of mode 0444, and a user who
// may not is told what to do.
func TestCommitAsksWhetherItMayWrite(t *testing.T) {
	_, changes := threeFiles(t)
	if err := os.Chmod(changes[1].Path, 0o444); err != nil {
		t.Fatal(err)
	}
	outcomes := commit(faultyDisk{victim: "victim", fault: func(operation string) error {
		if operation == "open" {
			return fs.ErrPermission
		}
		return nil
	}}, changes)
	wantRefused(t, outcomes[1], changes[1], "it is read-only for this user (mode 0444): chmod u+w it")
	wantContent(t, changes[1].Path, "old\n")
	if os.Geteuid() == 0 {
		wantWritten(t, Commit(changes[1:2])[0], changes[1])
		if info, err := os.Stat(changes[1].Path); err != nil || info.Mode().Perm() != 0o444 {
			t.Errorf("mode is %v, %v", info.Mode(), err)
		}
	}
}

// A temporary file that cannot be removed is at least named.
func TestCommitNamesATemporaryFileThatStays(t *testing.T) {
	root, changes := threeFiles(t)
	outcomes := commit(faultyDisk{victim: "victim", fault: func(operation string) error {
		if operation == "rename" || operation == "remove" {
			return errFault
		}
		return nil
	}}, changes)
	left, err := filepath.Glob(filepath.Join(root, "victim", tempPattern))
	if err != nil || len(left) != 1 {
		t.Fatalf("left behind: %q, %v", left, err)
	}
	wantRefused(t, outcomes[1], changes[1], left[0])
	wantContent(t, changes[1].Path, "old\n")
}
