package edits

import (
	"bytes"
	"unicode/utf8"

	"github.com/sergi/go-diff/diffmatchpatch"
)

// maxDiffed bounds the lines, old and new together, that go to the diff library:
// its time grows with their product where little is common. Beyond it an edit is
// shown as one replaced block, which is longer but no less right.
const maxDiffed = 2000

// trim leaves out the lines that a block keeps. The changes it returns ascend,
// count lines from the block's first, and no two touch.
func trim(old, new [][]byte) []lineChange {
	head := 0
	for head < len(old) && head < len(new) && bytes.Equal(old[head], new[head]) {
		head++
	}
	old, new = old[head:], new[head:]
	for len(old) > 0 && len(new) > 0 && bytes.Equal(old[len(old)-1], new[len(new)-1]) {
		old, new = old[:len(old)-1], new[:len(new)-1]
	}
	switch {
	case len(old) == 0 && len(new) == 0:
		return nil
	case len(old) == 0 || len(new) == 0 || len(old)+len(new) > maxDiffed:
		return []lineChange{{head, len(old), new}}
	}
	return diffLines(old, new, head)
}

// diffLines asks the library in line mode, where each distinct line is one rune:
// only counts of lines come back from it, so no byte can be harmed. The bound
// above also keeps it from running out of runes, at which it panics.
func diffLines(old, new [][]byte, first int) []lineChange {
	library := diffmatchpatch.New()
	library.DiffTimeout = 0 // its default, a second of wall clock, lets the load decide the result
	oldRunes, newRunes, _ := library.DiffLinesToRunes(string(bytes.Join(old, nil)), string(bytes.Join(new, nil)))

	var changes []lineChange
	touching := false
	oldAt, newAt := 0, 0
	for _, d := range library.DiffMainRunes(oldRunes, newRunes, false) {
		n := utf8.RuneCountInString(d.Text)
		if d.Type == diffmatchpatch.DiffEqual {
			oldAt += n
			newAt += n
			touching = false
			continue
		}
		if !touching {
			changes = append(changes, lineChange{line: first + oldAt})
			touching = true
		}
		last := &changes[len(changes)-1]
		if d.Type == diffmatchpatch.DiffDelete {
			last.old += n
			oldAt += n
		} else {
			last.new = append(last.new, new[newAt:newAt+n]...)
			newAt += n
		}
	}
	return changes
}
