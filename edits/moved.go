package edits

import (
	"bytes"
	"sort"
)

// Moves says where what stood in a file stands after a change of it.
type Moves struct {
	change Change
	before []int // the byte offsets at which lines of Content start
	after  []int // those of New
}

// Moves are those of the change.
func (c Change) Moves() *Moves {
	return &Moves{c, lineStarts(c.Content), lineStarts(c.New)}
}

// At is the 1-based line, and the 1-based column in bytes, of what stood at another before. What is replaced stands where its
// replacement begins. A place that the file did not have stays as it is.
func (m *Moves) At(line, column int) (newLine, newColumn int) {
	if line < 1 || line > len(m.before) {
		return line, column
	}
	offset := m.before[line-1] + max(column, 1) - 1
	at := offset
	for _, e := range m.change.Edits {
		if e.Start > offset {
			break
		}
		if !e.insertion() && offset < e.End {
			at += e.Start - offset
			break
		}
		at += len(e.New) - (e.End - e.Start)
	}
	newLine = sort.SearchInts(m.after, at+1)
	return newLine, at - m.after[newLine-1] + 1
}

func lineStarts(text []byte) []int {
	out := []int{0}
	for at := 0; ; {
		i := bytes.IndexByte(text[at:], '\n')
		if i < 0 {
			return out
		}
		at += i + 1
		out = append(out, at)
	}
}
