package lsp

import (
	"bytes"
	"sort"
	"unicode/utf8"

	"go.lsp.dev/protocol"
)

var byteOrderMark = []byte("\xef\xbb\xbf")

// lines finds places in a text as the protocol counts them. An editor shows no byte order mark, so that counts for nothing.
type lines struct {
	text   []byte
	mark   int   // length of the byte order mark
	starts []int // offset of each line
	utf8   bool  // characters are bytes; else they are units of UTF-16
}

func newLines(text []byte, utf8 bool) lines {
	l := lines{text: text, utf8: utf8}
	if bytes.HasPrefix(text, byteOrderMark) {
		l.mark = len(byteOrderMark)
	}
	l.starts = []int{l.mark}
	for i := l.mark; i < len(text); i++ {
		if text[i] == '\n' || text[i] == '\r' && (i+1 == len(text) || text[i+1] != '\n') {
			l.starts = append(l.starts, i+1)
		}
	}
	return l
}

// offset is that of a line and column, which count from 1 and in bytes; the nearest one where the text has no such place.
func (l lines) offset(line, column int) int {
	line = min(max(line, 1), len(l.starts))
	start, end := 0, len(l.text)
	if line > 1 {
		start = l.starts[line-1]
	}
	if line < len(l.starts) {
		end = l.starts[line]
	}
	return max(min(start+max(column, 1)-1, end), l.mark)
}

// position is that of an offset.
func (l lines) position(offset int) protocol.Position {
	offset = min(max(offset, l.mark), len(l.text))
	line := sort.SearchInts(l.starts, offset+1) - 1
	before := l.text[l.starts[line]:offset]
	units := len(before)
	if !l.utf8 {
		units = 0
		for len(before) > 0 {
			r, size := utf8.DecodeRune(before)
			units++
			if r >= 0x10000 {
				units++
			}
			before = before[size:]
		}
	}
	return protocol.Position{Line: uint32(line), Character: uint32(units)}
}

// span is a range of the text.
func (l lines) span(start, end int) protocol.Range {
	return protocol.Range{Start: l.position(start), End: l.position(end)}
}

// name is the range of the name with its dots that stands at a place, or of the one character there.
func (l lines) name(line, column int) protocol.Range {
	start := l.offset(line, column)
	end := start
	for end < len(l.text) && (l.text[end] == '.' || l.text[end] == '_' || l.text[end] >= utf8.RuneSelf ||
		'0' <= l.text[end] && l.text[end] <= '9' || 'a' <= l.text[end]|0x20 && l.text[end]|0x20 <= 'z') {
		end++
	}
	if end == start && end < len(l.text) && l.text[end] != '\n' && l.text[end] != '\r' {
		end++
	}
	return l.span(start, end)
}

// overlap says whether two ranges share a place; that both only touch is enough.
func overlap(a, b protocol.Range) bool { return !before(a.End, b.Start) && !before(b.End, a.Start) }

func before(a, b protocol.Position) bool {
	return a.Line < b.Line || a.Line == b.Line && a.Character < b.Character
}
