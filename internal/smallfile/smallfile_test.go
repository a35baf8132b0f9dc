package smallfile

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

func TestRead(t *testing.T) {
	dir := t.TempDir()
	at := func(name string) string { return filepath.Join(dir, name) }
	err := errors.Join(
		os.WriteFile(at("small"), []byte("x"), 0o644), os.WriteFile(at("full"), make([]byte, MaxSize), 0o644),
		os.WriteFile(at("large"), make([]byte, MaxSize+1), 0o644), os.Mkdir(at("folder"), 0o755),
		os.Symlink("small", at("link")), os.Symlink("/dev/zero", at("endless")), syscall.Mkfifo(at("pipe"), 0o644),
	)
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]string{
		"small": "", "link": "", "full": "", "large": "is larger than 4 MiB", "folder": "is a directory",
		"endless": "is no regular file", "pipe": "is no regular file", "gone": "no such file",
	} {
		content, err := Read(at(name))
		if want == "" && (err != nil || len(content) == 0) || want != "" && (err == nil || !strings.Contains(err.Error(), want)) {
			t.Errorf("%s: %d bytes, %v", name, len(content), err)
		}
	}
	if _, err := Read(at("gone")); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("%v is no fs.ErrNotExist", err)
	}
}
