package edits

import (
	"cmp"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"time"
)

// disk is every call to the file system that this package makes, so that tests
// can make one fail.
type disk interface {
	resolve(path string) (string, error) // the absolute path without symlinks
	lstat(path string) (fs.FileInfo, error)
	open(path string) (handle, error) // to read, and only where it may be written
	// lock keeps other processes of lazyfix from writing in the folder until free, which is never nil. Where the file
	// system has no locks, held is false. An error says that another one keeps it too long.
	lock(dir string) (free func(), held bool, err error)
	list(dir string) ([]fs.DirEntry, error)
	createTemp(dir, pattern string) (handle, error)
	rename(from, to string) error
	remove(path string) error
}

type handle interface {
	io.ReadWriteCloser
	Name() string
	Chmod(mode fs.FileMode) error
	Sync() error
}

type osDisk struct {
	tries int // for a lock; 0 means lockTries
}

func (osDisk) resolve(path string) (string, error) {
	path, err := filepath.Abs(path)
	if err != nil {
		return "", err
	}
	return filepath.EvalSymlinks(path)
}

func (osDisk) lstat(path string) (fs.FileInfo, error) { return os.Lstat(path) }
func (osDisk) list(dir string) ([]fs.DirEntry, error) { return os.ReadDir(dir) }
func (osDisk) rename(from, to string) error           { return os.Rename(from, to) }
func (osDisk) remove(path string) error               { return os.Remove(path) }

func (osDisk) open(path string) (handle, error) { return os.OpenFile(path, os.O_RDWR, 0) }

func (osDisk) createTemp(dir, pattern string) (handle, error) { return os.CreateTemp(dir, pattern) }

// lockTries and lockPause bound the wait for a lock: a write under it takes some milliseconds.
const (
	lockTries = 500
	lockPause = 10 * time.Millisecond
)

func (d osDisk) lock(dir string) (free func(), held bool, err error) {
	folder, err := os.Open(dir)
	if err != nil {
		return func() {}, false, nil //nolint:nilerr // a folder that cannot be listed can still be written in
	}
	free = func() { _ = folder.Close() } // which gives up the lock
	for range cmp.Or(d.tries, lockTries) {
		held, busy := tryLock(folder)
		if !busy {
			return free, held, nil
		}
		time.Sleep(lockPause)
	}
	return free, false, errors.New("another process holds the lock of its folder: when that has ended, run lazyfix again")
}

// sameFile holds where two looks saw one file in one state.
func sameFile(a, b fs.FileInfo) bool {
	return os.SameFile(a, b) && a.Mode() == b.Mode() && a.Size() == b.Size() && a.ModTime().Equal(b.ModTime())
}
