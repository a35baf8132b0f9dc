package edits

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path/filepath"
)

// tempPattern is hidden, no Python file, and recognisable: see [Commit] on what a kill leaves behind.
const tempPattern = ".lazyfix-*.tmp"

// ErrChanged is in the error of an [Outcome] whose file no longer has the bytes
// of its baseline.
var ErrChanged = errors.New("the file changed since it was read: run lazyfix again")

// ErrMoved is in the error of an [Outcome] whose path leads to another file than
// when it was read.
var ErrMoved = errors.New("a symbolic link on its way changed")

// Outcome says what became of one change. Written says that the file now has its
// new bytes; where it has not, Err is a whole sentence that names the path and
// the reason.
type Outcome struct {
	Path    string
	Err     error
	Written bool
}

// Commit writes each change to its path and returns one outcome each, in the
// same order. A failure concerns its own file only, which is then as it was.
//
// At any moment, whatever kills the process, a file has wholly its old or wholly
// its new bytes: the new ones go to a temporary file beside it, to the disk, and
// then take the name in one step. A kill can leave the temporary file behind,
// never more, and the next Commit in that folder removes it: whoever writes in a
// folder holds the lock of the folder, which ends with the process, so that what
// lies there when the lock is taken is nobody's. After a power loss too a file is
// old or new, but which is open: the folder itself is not synced.
//
// Two processes may write one tree at the same time. Each file is then as one of
// them wants it, and the other refuses it, as its bytes are not those it read.
//
// A file is refused where its bytes are not those of the baseline ([ErrChanged]),
// where its path leads elsewhere than when it was read (so that no symlink put
// there meanwhile leads out of the tree), where it is no regular file, and where
// it may not be written: that no one has permission to write it is respected
// although the rename would not need it.
// Comparing and renaming are two steps, and an editor that saves within the
// microseconds between them loses: no file system offers to do both in one.
//
// A symlink is followed and stays one. Permission bits are those that the file
// has now. Its owner becomes the one who runs lazyfix, and set-user-ID bits,
// ACLs and extended attributes are lost: taking over an owner needs root, and
// giving a set-user-ID file to another owner would be worse than dropping the
// bit.
//
// Of a file with several hard links only the given name gets the new bytes; the
// other names keep the old. Writing through the link could not be atomic, and
// where hard links occur around source code (package caches, snapshots by
// cp -al) the other name is the copy that must not change.
func Commit(changes []Change) []Outcome { return commit(osDisk{}, changes) }

func commit(d disk, changes []Change) []Outcome {
	outcomes := make([]Outcome, len(changes))
	swept := map[string]bool{}
	for i, c := range changes {
		err := replace(d, c, swept)
		if err != nil {
			err = notWritten(c, err)
		}
		outcomes[i] = Outcome{Path: c.Path, Err: err, Written: err == nil}
	}
	return outcomes
}

// Check says which changes [Commit] would refuse as things stand, in the same words. It writes nothing: of each folder it
// tries whether a file can be made there, and removes that.
func Check(changes []Change) []Outcome { return check(osDisk{}, changes) }

func check(d disk, changes []Change) []Outcome {
	outcomes := make([]Outcome, len(changes))
	folders := map[string]error{}
	for i, c := range changes {
		outcomes[i].Path = c.Path
		target, err := resolve(d, c)
		if err == nil {
			_, err = verify(d, target, c.Content)
		}
		if dir := filepath.Dir(target); err == nil {
			if _, tried := folders[dir]; !tried {
				folders[dir] = tryFolder(d, dir)
			}
			err = folders[dir]
		}
		if err != nil {
			outcomes[i].Err = notWritten(c, err)
		}
	}
	return outcomes
}

func notWritten(c Change, err error) error { return fmt.Errorf("%s: not written: %w", c.Path, err) }

// resolve is the file that a change is to replace, where its path leads to the one that was read.
func resolve(d disk, c Change) (target string, err error) {
	if target, err = d.resolve(c.Path); err == nil && c.Real != "" && target != c.Real {
		err = fmt.Errorf("%w: its path led to %s, and leads to %s now", ErrMoved, c.Real, target)
	}
	return target, err
}

// tryFolder makes a file in a folder and removes it.
func tryFolder(d disk, dir string) error {
	f, err := d.createTemp(dir, tempPattern)
	if err != nil {
		return noFileIn(dir, err)
	}
	if err = f.Close(); err == nil {
		err = d.remove(f.Name())
	}
	if errors.Is(err, fs.ErrNotExist) { // another process tidied up
		err = nil
	}
	return err
}

// noFileIn says that a folder takes no new file, without the name of one that nobody asked for.
func noFileIn(dir string, err error) error {
	var at *fs.PathError
	if errors.As(err, &at) {
		err = at.Err
	}
	return fmt.Errorf("no file can be made in its folder %s: %w", dir, err)
}

// replace writes one change. swept are the folders whose abandoned temporary
// files are gone.
func replace(d disk, c Change, swept map[string]bool) (err error) {
	target, err := resolve(d, c)
	if err != nil {
		return err
	}
	dir := filepath.Dir(target)
	free, held, err := d.lock(dir)
	if err != nil {
		return err
	}
	defer free()
	if held && !swept[dir] {
		swept[dir] = true
		sweep(d, dir)
	}
	found, err := verify(d, target, c.Content)
	if err != nil {
		return err
	}
	temp, err := writeTemp(d, dir, found.Mode().Perm(), c.New)
	if temp != "" {
		defer func() {
			if err == nil {
				return
			}
			if left := d.remove(temp); left != nil && !errors.Is(left, fs.ErrNotExist) {
				err = fmt.Errorf("%w; the temporary file %s is left: %w", err, temp, left)
			}
		}()
	}
	if err != nil {
		return err
	}
	// The sync took its time: look again, by what a look costs little.
	now, err := d.lstat(target)
	if err != nil {
		return err
	}
	if !sameFile(found, now) {
		return ErrChanged
	}
	return d.rename(temp, target)
}

// sweep removes what killed runs left in a folder whose lock is held. It passes over what it cannot remove: it tidies up,
// and nothing depends on it.
func sweep(d disk, dir string) {
	entries, _ := d.list(dir)
	for _, entry := range entries {
		if temporary, _ := filepath.Match(tempPattern, entry.Name()); temporary && entry.Type().IsRegular() {
			_ = d.remove(filepath.Join(dir, entry.Name()))
		}
	}
}

// verify returns what target is, if it may be replaced. It compares the bytes,
// not a hash of them: the baseline is at hand, and equal is stronger.
func verify(d disk, target string, want []byte) (fs.FileInfo, error) {
	found, err := d.lstat(target) // before open, which waits on a named pipe
	if err != nil {
		return nil, err
	}
	switch mode := found.Mode(); {
	case mode.IsDir():
		return nil, errors.New("it is a directory")
	case !mode.IsRegular():
		return nil, fmt.Errorf("it is no regular file (%s)", mode.Type())
	case found.Size() != int64(len(want)):
		return nil, ErrChanged
	}
	// Opened to write, though a rename would not need it: who may not write the file may not replace it either. The
	// system decides that, not the mode bits: root, or an ACL, may write a file of mode 0444.
	f, err := d.open(target)
	if errors.Is(err, fs.ErrPermission) {
		return nil, fmt.Errorf("it is read-only for this user (mode %04o): chmod u+w it, or exclude it: %w", found.Mode().Perm(), err)
	}
	if err != nil {
		return nil, err
	}
	defer func() { _ = f.Close() }() // opened to look, nothing of it is lost
	got, err := io.ReadAll(io.LimitReader(f, int64(len(want))+1))
	if err != nil {
		return nil, err
	}
	if !bytes.Equal(got, want) {
		return nil, ErrChanged
	}
	return found, nil
}

// writeTemp returns the name of the file it made even with an error, so that it
// can be removed.
func writeTemp(d disk, dir string, perm fs.FileMode, content []byte) (name string, err error) {
	f, err := d.createTemp(dir, tempPattern)
	if err != nil {
		return "", noFileIn(dir, err)
	}
	_, err = f.Write(content)
	if err == nil {
		err = f.Chmod(perm)
	}
	if err == nil {
		err = f.Sync()
	}
	if closed := f.Close(); err == nil {
		err = closed
	}
	return f.Name(), err
}
