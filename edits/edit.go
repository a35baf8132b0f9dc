package edits

import (
	"fmt"
	"slices"
)

// Edit replaces Content[Start:End] of an immutable baseline by New. Offsets are
// bytes, half open; Start == End is an insertion.
type Edit struct {
	Start, End int
	New        string
}

func (e Edit) insertion() bool { return e.Start == e.End }

// overlaps holds for two replacements that share a byte, and for an insertion
// strictly inside a replacement. Two insertions never overlap.
func (e Edit) overlaps(o Edit) bool { return e.Start < o.End && o.Start < e.End }

// Apply returns content with edits applied, in the order that the package
// comment gives; neither argument is changed. Any list order is accepted: only
// among insertions at one offset does it matter. An edit out of range, reversed,
// or overlapping another (two equal replacements too) is an error that gives the
// offsets; there is no result then.
func Apply(content []byte, edits []Edit) ([]byte, error) {
	sorted, err := ordered(len(content), edits)
	if err != nil {
		return nil, err
	}
	return splice(content, sorted), nil
}

// ordered returns a sorted copy of edits, or what is wrong with them for a
// baseline of size bytes.
func ordered(size int, edits []Edit) ([]Edit, error) {
	sorted := slices.Clone(edits)
	slices.SortStableFunc(sorted, compare)
	for i, e := range sorted {
		switch {
		case e.Start > e.End:
			return nil, fmt.Errorf("edit of bytes %d to %d: it ends before it starts", e.Start, e.End)
		case e.Start < 0 || e.End > size:
			return nil, fmt.Errorf("edit of bytes %d to %d: the file has bytes 0 to %d", e.Start, e.End, size)
		case i > 0 && sorted[i-1].End > e.Start:
			p := sorted[i-1]
			return nil, fmt.Errorf("edit of bytes %d to %d: it overlaps the edit of bytes %d to %d", e.Start, e.End, p.Start, p.End)
		}
	}
	return sorted, nil
}

// compare puts insertions before the replacement that starts where they stand;
// equal keys keep their order under a stable sort.
func compare(a, b Edit) int {
	if a.Start != b.Start {
		return a.Start - b.Start
	}
	switch {
	case a.insertion() == b.insertion():
		return 0
	case a.insertion():
		return -1
	}
	return 1
}

// splice applies what ordered has returned.
func splice(content []byte, sorted []Edit) []byte {
	size := len(content)
	for _, e := range sorted {
		size += len(e.New) - (e.End - e.Start)
	}
	out := make([]byte, 0, size)
	at := 0
	for _, e := range sorted {
		out = append(out, content[at:e.Start]...)
		out = append(out, e.New...)
		at = e.End
	}
	return append(out, content[at:]...)
}
