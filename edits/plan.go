package edits

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strings"
)

// Fix is a set of edits that is planned wholly or not at all, across files.
type Fix struct {
	ID    string // for messages, e.g. "missing-eager-load app/repo.py:12"
	Files []FileEdits
}

// FileEdits is the part of a fix in one file. A fix that names a path twice
// means the edits of both, in that order.
type FileEdits struct {
	Path  string // as given to [Plan.AddFile]
	Edits []Edit
}

// Baseline is a file as it was read. Nobody may change Content afterwards.
type Baseline struct {
	Path    string      // where to write it, as the operating system takes it
	Real    string      // the absolute path without symlinks that Path led to when it was read; "" is not compared
	Name    string      // slash path relative to the repository root, for the a/ b/ headers; any bytes
	Content []byte      // the whole file
	Mode    fs.FileMode // as it was when read, for the caller; [Commit] keeps the mode that it finds
}

// Change is a file that really changes.
type Change struct {
	Baseline
	Edits []Edit // sorted as the package comment says, none of them without effect
	New   []byte // what Apply(Content, Edits) gives
}

// Plan collects fixes. It is not safe for concurrent use, and the order of Add
// decides conflicts: add in a sorted order to get the same plan every time.
type Plan struct {
	files map[string]*planFile
	names map[string]string // Baseline.Name -> Path
}

type planFile struct {
	Baseline
	edits []planned   // sorted by compare, without overlap
	open  []openEdits // of each fix that has some here; see place
}

type planned struct {
	Edit
	fix string
}

// NewPlan returns an empty plan.
func NewPlan() *Plan {
	return &Plan{files: map[string]*planFile{}, names: map[string]string{}}
}

// AddFile makes a file known. The same path again is accepted with the same
// name and content. A name that git apply would refuse, or that another path
// has, is an error.
func (p *Plan) AddFile(b Baseline) error {
	if b.Path == "" {
		return errors.New("a file without a path")
	}
	if old, ok := p.files[b.Path]; ok {
		if old.Name != b.Name || !bytes.Equal(old.Content, b.Content) {
			return fmt.Errorf("%s: it is already planned with another name or content", b.Path)
		}
		return nil
	}
	if err := checkName(b.Name); err != nil {
		return fmt.Errorf("%s: %w", b.Path, err)
	}
	if other, ok := p.names[b.Name]; ok {
		return fmt.Errorf("%s: a patch would call it %q, as it calls %s", b.Path, b.Name, other)
	}
	p.files[b.Path] = &planFile{Baseline: b}
	p.names[b.Name] = b.Path
	return nil
}

func checkName(name string) error {
	for part := range strings.SplitSeq(name, "/") {
		if part == "" || part == "." || part == ".." || strings.ContainsRune(part, 0) {
			return fmt.Errorf("%q cannot stand in a patch: want a path relative to the repository root", name)
		}
	}
	return nil
}

// Add plans a fix. A [*ConflictError] says that it does not go together with a
// fix planned before; any other error that the fix itself is malformed: a path
// that AddFile does not know, or edits for which [Apply] has an error. After an
// error nothing of the fix is in the plan.
//
// An edit that the plan has already is merged with it: an equal replacement, or
// an equal insertion at the same offset. Two fixes are thus taken to want one
// state ("this name is imported", "this keyword stands here"), not an amount; a
// fix that means "once more" cannot be expressed. Within one fix nothing is
// merged. What is not merged, although equal, is in the comment of place.
func (p *Plan) Add(f Fix) error {
	byPath := map[string][]Edit{}
	var paths []string
	for _, fe := range f.Files {
		if _, ok := p.files[fe.Path]; !ok {
			return fmt.Errorf("fix %q: %s: the plan does not know this file", f.ID, fe.Path)
		}
		if _, ok := byPath[fe.Path]; !ok {
			paths = append(paths, fe.Path)
		}
		byPath[fe.Path] = append(byPath[fe.Path], fe.Edits...)
	}
	slices.Sort(paths)

	placements := make([]placement, len(paths))
	for i, path := range paths {
		file := p.files[path]
		sorted, err := ordered(len(file.Content), byPath[path])
		if err != nil {
			return fmt.Errorf("fix %q: %s: %w", f.ID, path, err)
		}
		placed, clash := file.place(sorted)
		if clash != nil {
			return &ConflictError{
				Path:    path,
				Line:    1 + bytes.Count(file.Content[:clash.edit.Start], []byte("\n")),
				Fix:     f.ID,
				Other:   clash.with.fix,
				Edit:    clash.edit,
				Against: clash.with.Edit,
			}
		}
		placements[i] = placed
	}
	for i, path := range paths {
		p.files[path].insert(f.ID, placements[i])
	}
	return nil
}

// Changes returns the files whose bytes differ from their baseline, sorted by
// path. The plan stays usable.
func (p *Plan) Changes() []Change {
	var changes []Change
	for _, f := range p.files {
		var effective []Edit
		for _, e := range f.edits {
			if string(f.Content[e.Start:e.End]) != e.New {
				effective = append(effective, e.Edit)
			}
		}
		if changed := splice(f.Content, effective); !bytes.Equal(changed, f.Content) {
			changes = append(changes, Change{Baseline: f.Baseline, Edits: effective, New: changed})
		}
	}
	slices.SortFunc(changes, func(a, b Change) int { return strings.Compare(a.Path, b.Path) })
	return changes
}
