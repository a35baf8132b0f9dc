package edits

import (
	"bytes"
	"fmt"
)

// Unified returns the change as a unified diff with git's a/ and b/ headers and
// context unchanged lines around each hunk (3 is usual; 0 needs git apply
// --unidiff-zero, less counts as 0), or nil where Content and New are equal. The
// mode is not named, so that git apply keeps it.
//
// The change must come from [Plan.Changes]: hunks are made from its edits, which
// know their lines already, in time linear in the size of the file. Diffing
// whole files was rejected: slower, and a hunk may then show other lines than
// those that a fix touched.
func (c Change) Unified(context int) []byte {
	context = max(context, 0)
	lines := splitLines(c.Content)
	changes := changedLines(c.Content, c.Edits)
	if len(changes) == 0 {
		return nil
	}
	out := &bytes.Buffer{}
	from, to := quoteName("a/"+c.Name), quoteName("b/"+c.Name)
	fmt.Fprintf(out, "diff --git %s %s\n--- %s\n+++ %s\n", from, to, endName(from), endName(to))
	shift := 0 // new line minus old line, before the hunk
	for len(changes) > 0 {
		n := 1
		for n < len(changes) && changes[n].line-changes[n-1].end() <= 2*context {
			n++
		}
		shift += writeHunk(out, lines, changes[:n], context, shift)
		changes = changes[n:]
	}
	return out.Bytes()
}

// lineChange replaces old lines, counted from 0, by new ones.
type lineChange struct {
	line, old int
	new       [][]byte
}

func (c lineChange) end() int { return c.line + c.old }

// writeHunk returns by how many lines the hunk makes the file longer.
func writeHunk(out *bytes.Buffer, lines [][]byte, changes []lineChange, context, shift int) int {
	start := max(changes[0].line-context, 0)
	end := min(changes[len(changes)-1].end()+context, len(lines))
	grown := 0
	for _, c := range changes {
		grown += len(c.new) - c.old
	}
	fmt.Fprintf(out, "@@ -%s +%s @@\n", lineRange(start, end-start), lineRange(start+shift, end-start+grown))
	at := start
	for _, c := range changes {
		writeLines(out, ' ', lines[at:c.line])
		writeLines(out, '-', lines[c.line:c.end()])
		writeLines(out, '+', c.new)
		at = c.end()
	}
	writeLines(out, ' ', lines[at:end])
	return grown
}

// lineRange is the form that diff gives to n lines after the first `before`: no
// lines are named by the line before them, and a count of 1 is left out.
func lineRange(before, n int) string {
	switch n {
	case 0:
		return fmt.Sprintf("%d,0", before)
	case 1:
		return fmt.Sprint(before + 1)
	}
	return fmt.Sprintf("%d,%d", before+1, n)
}

func writeLines(out *bytes.Buffer, sign byte, lines [][]byte) {
	for _, line := range lines {
		out.WriteByte(sign)
		out.Write(line)
		if !endsLine(line) {
			out.WriteString("\n\\ No newline at end of file\n")
		}
	}
}

// changedLines returns the lines that sorted edits change, ascending and apart
// from each other by at least one line that stays.
func changedLines(content []byte, edits []Edit) []lineChange {
	var changes []lineChange
	line, counted := 0, 0 // content[:counted] has that many lines
	for len(edits) > 0 {
		b := nextBlock(content, edits)
		line += bytes.Count(content[counted:b.start], []byte("\n"))
		counted = b.start
		for _, c := range trim(splitLines(content[b.start:b.end]), splitLines(b.new)) {
			c.line += line
			changes = append(changes, c)
		}
		edits = edits[b.edits:]
	}
	return changes
}

// block is whole lines of the baseline, content[start:end], and what becomes of
// them. Blocks never touch.
type block struct {
	start, end int
	new        []byte
	edits      int // how many edits it consumed
}

// nextBlock widens the first edit to whole lines, and takes in the edits that
// follow until a line stays between. Its new text ends a line, or is empty, or
// reaches the end of the file: else the line that follows would be joined to it,
// so that line belongs to it too.
func nextBlock(content []byte, edits []Edit) block {
	b := block{start: bytes.LastIndexByte(content[:edits[0].Start], '\n') + 1}
	at, closed := b.start, true // content[:at] is consumed; closed: the block may end there
	for i, e := range edits {
		apart := 1
		if !closed {
			apart = 2
		}
		if i > 0 && bytes.Count(content[at:e.Start], []byte("\n")) >= apart {
			break
		}
		b.new = append(b.new, content[at:e.Start]...)
		b.new = append(b.new, e.New...)
		b.edits++
		at = e.End
		closed = (at == 0 || content[at-1] == '\n') && (len(b.new) == 0 || endsLine(b.new))
	}
	b.end = at
	if !closed {
		b.end = lineEnd(content, at)
	}
	b.new = append(b.new, content[at:b.end]...)
	return b
}

// lineEnd returns the offset after the line that holds offset at.
func lineEnd(content []byte, at int) int {
	if i := bytes.IndexByte(content[at:], '\n'); i >= 0 {
		return at + i + 1
	}
	return len(content)
}

func endsLine(text []byte) bool { return len(text) > 0 && text[len(text)-1] == '\n' }

// splitLines cuts after each "\n"; the last line may lack it.
func splitLines(text []byte) [][]byte {
	lines := make([][]byte, 0, bytes.Count(text, []byte("\n"))+1)
	for len(text) > 0 {
		end := lineEnd(text, 0)
		lines = append(lines, text[:end:end])
		text = text[end:]
	}
	return lines
}
