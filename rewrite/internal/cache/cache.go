// Package cache keeps bytes on disk by key, for later runs.
//
// In: a folder, keys and bytes. Out: the bytes that were stored under a key, or nothing. Several processes may use one
// folder at once: an entry is written aside and renamed, and read whole or not at all. Nothing here is an error for the
// caller: what cannot be read, is damaged, or cannot be written costs the time that it would have saved.
package cache

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// maxEntries bounds the folder: the oldest go when there are more.
const maxEntries = 500

// suffix is that of an entry. Other files in the folder are not ours.
const suffix = ".lazyfix"

// Key names an entry: the hash of all that its content depends on.
type Key [sha256.Size]byte

func (k Key) path(dir string) string { return filepath.Join(dir, hex.EncodeToString(k[:])+suffix) }

// Load is what was stored, false when there is nothing, or nothing whole.
func Load(dir string, key Key) ([]byte, bool) {
	data, err := os.ReadFile(key.path(dir))
	if err != nil || len(data) < sha256.Size {
		return nil, false
	}
	sum, content := data[:sha256.Size], data[sha256.Size:]
	if want := checksum(key, content); !bytes.Equal(sum, want[:]) {
		return nil, false
	}
	return content, true
}

// checksum holds for one key only: an entry that was renamed is none.
func checksum(key Key, content []byte) [sha256.Size]byte {
	h := sha256.New()
	h.Write(key[:])
	h.Write(content)
	return [sha256.Size]byte(h.Sum(nil))
}

// Store keeps content for Load.
func Store(dir string, key Key, content []byte) {
	if os.MkdirAll(dir, 0o700) != nil {
		return
	}
	f, err := os.CreateTemp(dir, "new-*"+suffix)
	if err != nil {
		return
	}
	sum := checksum(key, content)
	_, err = f.Write(slices.Concat(sum[:], content))
	if err = errors.Join(err, f.Close()); err == nil {
		err = os.Rename(f.Name(), key.path(dir))
	}
	if err != nil {
		_ = os.Remove(f.Name())
		return
	}
	prune(dir)
}

// prune takes out the oldest entries over the bound.
func prune(dir string) {
	entries := list(dir)
	if len(entries) <= maxEntries {
		return
	}
	age := map[string]time.Time{}
	for _, name := range entries {
		if info, err := os.Stat(filepath.Join(dir, name)); err == nil {
			age[name] = info.ModTime()
		}
	}
	slices.SortFunc(entries, func(a, b string) int { return age[a].Compare(age[b]) })
	for _, name := range entries[:len(entries)-maxEntries] {
		_ = os.Remove(filepath.Join(dir, name)) // another process may have been first
	}
}

// list are the names of our files in the folder.
func list(dir string) []string {
	found, err := os.ReadDir(dir)
	if err != nil {
		return nil
	}
	var names []string
	for _, e := range found {
		if strings.HasSuffix(e.Name(), suffix) {
			names = append(names, e.Name())
		}
	}
	return names
}

// Clean removes all entries, and says how many there were.
func Clean(dir string) (removed int, err error) {
	for _, name := range list(dir) {
		if e := os.Remove(filepath.Join(dir, name)); e != nil && !errors.Is(e, fs.ErrNotExist) {
			err = errors.Join(err, e)
			continue
		}
		removed++
	}
	return removed, err
}
