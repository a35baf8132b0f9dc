// Package baseline keeps what a project knows of and leaves for later, so that only what is new is reported.
//
// In: the findings of a run, and a file of entries. Out: which findings the file holds, which entries nothing stands for
// any more, and the file written anew. A finding is known by its rule, its file, the function or class around it, and its
// loader path: never by its line, as code moves, nor by its message, which depends on the settings and gets better.
package baseline

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/lazyfix/lazyfix/rewrite"
)

// version is that of the file's structure.
const version = 1

// Key is what a finding is known by.
type Key struct {
	Rule       string `json:"rule"`
	File       string `json:"file"` // relative to the root of the run
	Scope      string `json:"scope,omitempty"`
	LoaderPath string `json:"loader_path,omitempty"`
}

// KeyOf is the key of a finding. More findings can have the same.
func KeyOf(f rewrite.Finding) Key {
	return Key{Rule: f.Rule, File: f.File, Scope: f.Scope, LoaderPath: f.LoaderPath}
}

// String names the entry for people.
func (k Key) String() string {
	text := k.File + ": " + k.Rule
	if k.LoaderPath != "" {
		text += " " + k.LoaderPath
	}
	if k.Scope != "" {
		text += " in " + k.Scope
	}
	return text
}

func (k Key) compare(o Key) int {
	return slices.Compare([]string{k.File, k.Scope, k.Rule, k.LoaderPath}, []string{o.File, o.Scope, o.Rule, o.LoaderPath})
}

// Baseline is how many findings of a key are known.
type Baseline map[Key]int

type entry struct {
	Key
	Count int `json:"count"`
}

// Of knows these findings.
func Of(findings []rewrite.Finding) Baseline {
	b := Baseline{}
	for _, f := range findings {
		b[KeyOf(f)]++
	}
	return b
}

// Known says of each finding whether the baseline has it. Where a key has more findings than are known, nobody can say
// which of them is new, so none of them is known.
func (b Baseline) Known(findings []rewrite.Finding) []bool {
	now := Of(findings)
	known := make([]bool, len(findings))
	for i, f := range findings {
		known[i] = now[KeyOf(f)] <= b[KeyOf(f)]
	}
	return known
}

// Stale are the keys that fewer findings have than are known, sorted. Reached says of which keys the run can tell.
func (b Baseline) Stale(findings []rewrite.Finding, reached func(Key) bool) []Key {
	now := Of(findings)
	var stale []Key
	for k, n := range b {
		if now[k] < n && reached(k) {
			stale = append(stale, k)
		}
	}
	slices.SortFunc(stale, Key.compare)
	return stale
}

// Renew is what to write after a run: its findings, and the entries that it cannot tell of.
func (b Baseline) Renew(findings []rewrite.Finding, reached func(Key) bool) Baseline {
	out := Of(findings)
	for k, n := range b {
		if !reached(k) {
			out[k] = n
		}
	}
	return out
}

// Read reads a file that Write wrote. The error wraps fs.ErrNotExist where there is none.
func Read(path string) (Baseline, error) {
	content, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	var file struct {
		Version  int     `json:"version"`
		Findings []entry `json:"findings"`
	}
	decoder := json.NewDecoder(bytes.NewReader(content))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&file); err != nil {
		return nil, fmt.Errorf("%s: not a baseline of lazyfix (%w): write it with --write-baseline", path, err)
	}
	if file.Version != version {
		return nil, fmt.Errorf("%s: version %d of the baseline, and this lazyfix reads version %d: write it anew with --write-baseline", path, file.Version, version)
	}
	b := Baseline{}
	for _, e := range file.Findings {
		b[e.Key] += e.Count
	}
	return b, nil
}

// Write replaces the file, as a whole or not at all. An entry is a line, in sorted order, so that changes merge.
func (b Baseline) Write(path string) error {
	var keys []Key
	for k := range b {
		keys = append(keys, k)
	}
	slices.SortFunc(keys, Key.compare)
	var lines []string
	for _, k := range keys {
		var line bytes.Buffer
		encoder := json.NewEncoder(&line)
		encoder.SetEscapeHTML(false)
		if err := encoder.Encode(entry{k, b[k]}); err != nil {
			return err
		}
		lines = append(lines, "    "+strings.TrimSpace(line.String()))
	}
	text := fmt.Sprintf("{\n  \"version\": %d,\n  \"findings\": [\n%s\n  ]\n}\n", version, strings.Join(lines, ",\n"))
	if len(lines) == 0 {
		text = fmt.Sprintf("{\n  \"version\": %d,\n  \"findings\": []\n}\n", version)
	}
	return replace(path, []byte(text))
}

// replace follows a symbolic link, which stays one, and keeps the mode of what is there.
func replace(path string, content []byte) (err error) {
	mode := fs.FileMode(0o644)
	if real, err := filepath.EvalSymlinks(path); err == nil {
		path = real
		info, err := os.Stat(path)
		if err != nil {
			return err
		}
		if !info.Mode().IsRegular() {
			return fmt.Errorf("%s: it is no regular file", path)
		}
		mode = info.Mode().Perm()
	} else if !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	temp, err := os.CreateTemp(filepath.Dir(path), ".lazyfix-*.tmp")
	if err != nil {
		var at *fs.PathError
		if errors.As(err, &at) {
			err = at.Err // without the name of a file that nobody asked for
		}
		return fmt.Errorf("%s: no file can be made in its folder: %w", path, err)
	}
	defer func() {
		if err != nil {
			_ = os.Remove(temp.Name())
		}
	}()
	_, err = temp.Write(content)
	if err == nil {
		err = temp.Chmod(mode)
	}
	if closed := temp.Close(); err == nil {
		err = closed
	}
	if err != nil {
		return err
	}
	return os.Rename(temp.Name(), path)
}
