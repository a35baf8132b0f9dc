// Package smallfile reads the files that say how a tree wants to be treated: configuration and ignore files.
//
// In: a path. Out: the bytes of a regular file of at most MaxSize, through symbolic links. A tree that nobody looked at
// may have a pipe, an endless device or 50 GB by such a name: they are errors, and not waited for.
package smallfile

import (
	"fmt"
	"io"
	"io/fs"
	"os"
)

// MaxSize is far more than anybody writes by hand.
const MaxSize = 4 << 20

// Open opens a regular file of any size to read, and waits for nothing.
func Open(path string) (*os.File, fs.FileInfo, error) {
	f, err := os.OpenFile(path, os.O_RDONLY|nonBlocking, 0)
	if err != nil {
		return nil, nil, err
	}
	info, err := f.Stat()
	if err == nil && info.Mode().IsDir() {
		err = fmt.Errorf("%s is a directory", path)
	} else if err == nil && !info.Mode().IsRegular() {
		err = fmt.Errorf("%s is no regular file", path)
	}
	if err != nil {
		_ = f.Close()
		return nil, nil, err
	}
	return f, info, nil
}

// Read is os.ReadFile within these bounds.
func Read(path string) ([]byte, error) {
	f, _, err := Open(path)
	if err != nil {
		return nil, err
	}
	defer func() { _ = f.Close() }() // it was only read
	content, err := io.ReadAll(io.LimitReader(f, MaxSize+1))
	if err == nil && len(content) > MaxSize {
		return nil, fmt.Errorf("%s is larger than %d MiB", path, MaxSize>>20)
	}
	return content, err
}
