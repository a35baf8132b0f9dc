package edits

import (
	"io"
	"io/fs"
	"os"
	"path/filepath"
)

// disk is every call to the file system that this package makes, so that tests
// can make one fail.
type disk interface {
	resolve(path string) (string, error) // the path without symlinks
	lstat(path string) (fs.FileInfo, error)
	open(path string) (handle, error) // to read, and only where it may be written
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

type osDisk struct{}

func (osDisk) resolve(path string) (string, error)    { return filepath.EvalSymlinks(path) }
func (osDisk) lstat(path string) (fs.FileInfo, error) { return os.Lstat(path) }
func (osDisk) rename(from, to string) error           { return os.Rename(from, to) }
func (osDisk) remove(path string) error               { return os.Remove(path) }

func (osDisk) open(path string) (handle, error) { return os.OpenFile(path, os.O_RDWR, 0) }

func (osDisk) createTemp(dir, pattern string) (handle, error) { return os.CreateTemp(dir, pattern) }

// sameFile holds where two looks saw one file in one state.
func sameFile(a, b fs.FileInfo) bool {
	return os.SameFile(a, b) && a.Mode() == b.Mode() && a.Size() == b.Size() && a.ModTime().Equal(b.ModTime())
}
