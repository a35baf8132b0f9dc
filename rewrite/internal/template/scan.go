package template

import "strings"

type pieceKind uint8

const (
	output  pieceKind = iota // {{ ... }}
	tag                      // {% ... %}
	content                  // anything else
)

// piece is one stretch of a template.
type piece struct {
	kind       pieceKind
	start, end int // of what stands between the delimiters
}

// scan cuts a template into pieces; comments and raw blocks are dropped. Of what is not closed, the rest is dropped too.
func scan(text string) []piece {
	var out []piece
	for at := 0; at < len(text); {
		i := strings.IndexByte(text[at:], '{')
		if i < 0 || at+i+1 >= len(text) {
			break
		}
		at += i
		switch text[at+1] {
		case '#':
			end := strings.Index(text[at+2:], "#}")
			if end < 0 {
				return out
			}
			at += 2 + end + 2
		case '{':
			end := closing(text, at+2, "}}")
			if end < 0 {
				return out
			}
			out = append(out, trimmed(text, output, at+2, end))
			at = end + 2
		case '%':
			end := closing(text, at+2, "%}")
			if end < 0 {
				return out
			}
			p := trimmed(text, tag, at+2, end)
			at = end + 2
			if word, _ := firstWord(text[p.start:p.end]); word == "raw" {
				at = behindRaw(text, at)
				continue
			}
			out = append(out, p)
		default:
			at++
		}
	}
	return out
}

// closing finds a delimiter outside of strings, as Jinja's lexer does; for }} outside of the braces of a dictionary too.
func closing(text string, at int, delimiter string) int {
	depth := 0
	for at < len(text) {
		c := text[at]
		switch {
		case c == '"' || c == '\'':
			at++
			for at < len(text) && text[at] != c {
				if text[at] == '\\' {
					at++
				}
				at++
			}
		case depth == 0 && strings.HasPrefix(text[at:], delimiter):
			return at
		case c == '{':
			depth++
		case c == '}' && depth > 0:
			depth--
		}
		at++
	}
	return -1
}

// trimmed leaves out the signs of whitespace control.
func trimmed(text string, kind pieceKind, start, end int) piece {
	if start < end && (text[start] == '-' || text[start] == '+') {
		start++
	}
	if start < end && (text[end-1] == '-' || text[end-1] == '+') {
		end--
	}
	return piece{kind, start, end}
}

func behindRaw(text string, at int) int {
	for {
		i := strings.Index(text[at:], "{%")
		if i < 0 {
			return len(text)
		}
		end := strings.Index(text[at+i:], "%}")
		if end < 0 {
			return len(text)
		}
		inner := strings.Trim(text[at+i+2:at+i+end], "-+ \t\r\n")
		at += i + end + 2
		if inner == "endraw" {
			return at
		}
	}
}

// firstWord is the first name in a text, and the offset behind it.
func firstWord(text string) (string, int) {
	start := 0
	for start < len(text) && strings.IndexByte(" \t\r\n", text[start]) >= 0 {
		start++
	}
	end := start
	for end < len(text) && isName(text[end]) {
		end++
	}
	return text[start:end], end
}

func isName(c byte) bool {
	return c == '_' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c >= 0x80
}
