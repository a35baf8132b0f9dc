package edits

import (
	"fmt"
	"slices"
	"sort"
)

// ConflictError says that a fix was left out because of one that was planned
// before it. The same fix may well succeed in a second run, on the new bytes.
type ConflictError struct {
	Path    string
	Line    int    // 1-based, in the baseline: where Edit starts
	Fix     string // ID of the fix that was left out
	Other   string // ID of the fix that stays
	Edit    Edit   // of Fix
	Against Edit   // of Other
}

func (e *ConflictError) Error() string {
	return fmt.Sprintf("%s:%d: fix %q is left out, because fix %q changes the same place; apply that one, then run again",
		e.Path, e.Line, e.Fix, e.Other)
}

// placement is what a fix adds to a file beyond what the plan has.
type placement struct {
	fresh []Edit
	open  openEdits
}

// clash is an edit of a new fix and the planned edit that it does not go with.
type clash struct {
	edit Edit
	with planned
}

// place says what of a fix's edits (sorted, valid) is new to the plan, or what
// it clashes with. It changes nothing.
//
// Beside overlap there are conflicts that only equal or neighbouring insertions
// can have. An edit is open when it adds or takes a bracket whose partner lies
// elsewhere, as the `)` of a fix that wraps a range does.
//
//   - Two fixes that wrap different ranges with one end insert `)` twice at one
//     offset. Merging the two would lose one. So open edits merge only where
//     both fixes have exactly the same open edits in the file: then it is the
//     same wrapping.
//   - An open insertion does not stand beside another fix's insertion: whether
//     `, x` belongs before or behind that `)`, bytes cannot tell.
//   - Equal insertions are merged only where the fix's own insertions at that
//     offset keep their order.
//
// Rejected: merging whole lines only, which would refuse the name that two fixes
// add to one import; and merging all equal insertions, which drops the `)`.
func (f *planFile) place(edits []Edit) (placement, *clash) {
	placed := placement{open: f.openIn(edits)}
	var mergedOpen *clash
	var at run
	for i, e := range edits {
		var with int
		same := -1
		if e.insertion() {
			if i == 0 || !edits[i-1].insertion() || edits[i-1].Start != e.Start {
				at = f.runAt(e.Start)
			}
			same, with = f.placeInsertion(e, &at)
		} else if with = f.overlapping(e); with >= 0 && f.edits[with].Edit == e {
			same, with = with, -1
		}
		switch {
		case with >= 0:
			return placement{}, &clash{e, f.edits[with]}
		case same < 0:
			placed.fresh = append(placed.fresh, e)
		case mergedOpen == nil && slices.Contains(placed.open, e):
			mergedOpen = &clash{e, f.edits[same]}
		}
	}
	if mergedOpen != nil && !slices.ContainsFunc(f.open, func(o openEdits) bool { return slices.Equal(o, placed.open) }) {
		return placement{}, mergedOpen
	}
	return placed, nil
}

// run is the planned insertions at one offset, f.edits[from:to], while a fix's
// own insertions there are placed among them.
type run struct {
	from, to int
	merged   []int // indexes that the fix has merged with, ascending
	fresh    bool  // the fix has an insertion that goes behind the run
}

func (f *planFile) runAt(offset int) run {
	from := sort.Search(len(f.edits), func(i int) bool { return f.edits[i].Start >= offset })
	to := from
	for to < len(f.edits) && f.edits[to].Start == offset && f.edits[to].insertion() {
		to++
	}
	return run{from: from, to: to}
}

// placeInsertion returns the index of the planned edit to merge with, or of the
// one that e clashes with; both negative where e goes behind the run.
func (f *planFile) placeInsertion(e Edit, at *run) (same, with int) {
	if with := f.overlapping(e); with >= 0 {
		return -1, with
	}
	last, behind := at.from-1, -1
	if n := len(at.merged); n > 0 {
		last = at.merged[n-1]
	}
	for i := at.from; i < at.to; i++ {
		switch {
		case f.edits[i].Edit != e || slices.Contains(at.merged, i):
		case i > last && !at.fresh:
			at.merged = append(at.merged, i)
			return i, -1
		default:
			behind = i
		}
	}
	if behind >= 0 {
		return -1, behind
	}
	for i := at.from; i < at.to; i++ {
		if !slices.Contains(at.merged, i) && (f.isOpen(e) || f.isOpen(f.edits[i].Edit)) {
			return -1, i
		}
	}
	at.fresh = true
	return -1, -1
}

// overlapping returns the index of the first planned edit that e overlaps, or a
// negative number. Planned edits do not overlap, so their ends ascend too.
func (f *planFile) overlapping(e Edit) int {
	i := sort.Search(len(f.edits), func(i int) bool { return f.edits[i].End > e.Start })
	if i < len(f.edits) && f.edits[i].overlaps(e) {
		return i
	}
	return -1
}

func (f *planFile) insert(fix string, placed placement) {
	for _, e := range placed.fresh {
		i := sort.Search(len(f.edits), func(i int) bool { return compare(f.edits[i].Edit, e) > 0 })
		f.edits = slices.Insert(f.edits, i, planned{e, fix})
	}
	if len(placed.open) > 0 {
		f.open = append(f.open, placed.open)
	}
}

// openEdits is what one fix opens or closes in one file, sorted.
type openEdits []Edit

func (f *planFile) openIn(edits []Edit) openEdits {
	var open openEdits
	for _, e := range edits {
		if f.isOpen(e) {
			open = append(open, e)
		}
	}
	return open
}

// isOpen counts brackets in strings and comments too: it knows no language. The
// cost is a conflict where there might have been none.
func (f *planFile) isOpen(e Edit) bool {
	return unmatched(e.New) != unmatched(string(f.Content[e.Start:e.End]))
}

// unmatched returns the brackets of s that have no partner in s.
func unmatched(s string) string {
	var left []byte
	for i := range len(s) {
		switch c := s[i]; c {
		case '(', '[', '{':
			left = append(left, c)
		case ')', ']', '}':
			if n := len(left); n > 0 && partner(left[n-1]) == c {
				left = left[:n-1]
			} else {
				left = append(left, c)
			}
		}
	}
	return string(left)
}

func partner(open byte) byte {
	switch open {
	case '(':
		return ')'
	case '[':
		return ']'
	case '{':
		return '}'
	}
	return 0
}
