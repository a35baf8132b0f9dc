package pyedit

import (
	"bytes"
	"strings"
	"unicode/utf8"

	"github.com/lazyfix/lazyfix/rewrite/internal/pylayout"
)

// lineStart is the offset at which the line of offset at starts.
func lineStart(source []byte, at int) int {
	return bytes.LastIndexByte(source[:at], '\n') + 1
}

// lineEnd is the offset of the line end behind at: of its "\n" or "\r\n", or of the end of the file.
func lineEnd(source []byte, at int) int {
	i := bytes.IndexByte(source[at:], '\n')
	if i < 0 {
		return len(source)
	}
	end := at + i
	if end > at && source[end-1] == '\r' {
		end--
	}
	return end
}

// indentation is the white space before the first character of the line of offset at.
func indentation(source []byte, at int) string {
	start := lineStart(source, at)
	end := start
	for end < len(source) && (source[end] == ' ' || source[end] == '\t' || source[end] == '\f') {
		end++
	}
	return string(source[start:end])
}

// beginsLine reports whether only white space stands before at on its line.
func beginsLine(source []byte, at int) bool {
	return isBlank(source[lineStart(source, at):at])
}

func isBlank(b []byte) bool { return len(bytes.TrimSpace(b)) == 0 }

// isQuiet reports whether b, the rest of a line, holds no code: white space and a comment at most.
func isQuiet(b []byte) bool {
	b = bytes.TrimSpace(b)
	return len(b) == 0 || b[0] == '#'
}

// find is the offset of the first c in source[from:to] that is not in a comment, -1 if there is none. The range must
// lie between two tokens: strings are not recognised.
func find(source []byte, from, to int, c byte) int {
	for i := from; i < to; i++ {
		switch source[i] {
		case c:
			return i
		case '#':
			for i < to && source[i] != '\n' {
				i++
			}
		}
	}
	return -1
}

// newlineOf is the line end that most lines of source have, "\n" when there is none.
func newlineOf(source []byte) string {
	crlf := bytes.Count(source, []byte("\r\n"))
	if crlf > bytes.Count(source, []byte("\n"))-crlf {
		return "\r\n"
	}
	return "\n"
}

// width is the number of characters of a line, trailing comments for tools left out as the formatters do.
func width(line string) int {
	if i := strings.LastIndex(line, "#"); i > 0 && pylayout.IsPragma(line[i:]) {
		line = strings.TrimRight(line[:i], " \t")
	}
	return utf8.RuneCountInString(line)
}
