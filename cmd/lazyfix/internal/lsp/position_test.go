package lsp

import (
	"testing"

	"go.lsp.dev/protocol"
)

func TestPositions(t *testing.T) {
	const text = "\xef\xbb\xbfé = 1\r\n🚢.crew + x\n\n\xff.a\rlast"
	at := func(line, character uint32) protocol.Position {
		return protocol.Position{Line: line, Character: character}
	}
	for _, c := range []struct {
		line, column   int // as a finding says
		utf16, utf8    protocol.Position
		offset, length int // of the name there
	}{
		{1, 1, at(0, 0), at(0, 0), 3, 2},    // the mark counts for bytes of the file, and is not shown
		{1, 4, at(0, 0), at(0, 0), 3, 2},    // é, behind the mark
		{1, 9, at(0, 4), at(0, 5), 8, 1},    // 1
		{2, 1, at(1, 0), at(1, 0), 11, 9},   // 🚢.crew
		{2, 6, at(1, 3), at(1, 5), 16, 4},   // crew, behind a character of two units
		{2, 11, at(1, 8), at(1, 10), 21, 1}, // +, which is no name
		{3, 1, at(2, 0), at(2, 0), 25, 0},   // an empty line
		{4, 2, at(3, 1), at(3, 1), 27, 2},   // behind a byte that is no character
		{5, 1, at(4, 0), at(4, 0), 30, 4},   // behind a carriage return alone
		{9, 1, at(4, 0), at(4, 0), 30, 4},   // behind the last line
		{1, 99, at(1, 0), at(1, 0), 11, 9},  // behind the end of a line
		{5, 99, at(4, 4), at(4, 4), 34, 0},  // behind the end of the text
	} {
		for _, l := range []lines{newLines([]byte(text), false), newLines([]byte(text), true)} {
			want := c.utf16
			if l.utf8 {
				want = c.utf8
			}
			offset := l.offset(c.line, c.column)
			name := l.name(c.line, c.column)
			if got := l.position(offset); offset != c.offset || got != want || name != l.span(offset, offset+c.length) {
				t.Errorf("%d:%d is at %d %v with the name %v; want %d %v", c.line, c.column, offset, got, name, c.offset, want)
			}
		}
	}
}

func TestOverlap(t *testing.T) {
	at := func(start, end uint32) protocol.Range {
		return protocol.Range{Start: protocol.Position{Line: 1, Character: start}, End: protocol.Position{Line: 1, Character: end}}
	}
	for _, c := range []struct {
		a, b protocol.Range
		want bool
	}{
		{at(2, 5), at(3, 3), true}, {at(2, 5), at(5, 5), true}, {at(2, 5), at(2, 2), true}, {at(2, 5), at(0, 9), true},
		{at(2, 5), at(6, 6), false}, {at(2, 5), at(0, 1), false},
		{at(2, 5), protocol.Range{Start: protocol.Position{Line: 2}, End: protocol.Position{Line: 2, Character: 4}}, false},
	} {
		if overlap(c.a, c.b) != c.want || overlap(c.b, c.a) != c.want {
			t.Errorf("overlap(%v, %v) is not %v", c.a, c.b, c.want)
		}
	}
}
