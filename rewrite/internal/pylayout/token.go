package pylayout

import (
	"bytes"
	"strings"
)

// kind is what the splits have to know of a token.
type kind byte

const (
	name kind = iota
	number
	text // a string
	operator
	opening
	closing
	comment
)

// token is a token of the file, without white space.
type token struct {
	kind       kind
	start, end int
	ownLine    bool // a comment that begins its line
}

// statement is a logical line: a simple statement, or the head of a compound one.
type statement struct {
	tokens []token // comments too, that behind the last token included
	indent string
	off    bool // between fmt: off and fmt: on
	odd    bool // of a kind that is not laid out
}

func (s statement) start() int { return s.tokens[0].start }
func (s statement) end() int   { return s.tokens[len(s.tokens)-1].end }

// scanner cuts source into statements.
type scanner struct {
	source  []byte
	at      int
	depth   int
	current statement
	out     []statement
	off     bool
}

// statements are those of source; ok is false where it is no Python that the scanner understands.
func statements(source []byte) (out []statement, ok bool) {
	s := &scanner{source: source}
	for s.at < len(source) {
		if !s.next() {
			return nil, false
		}
	}
	s.finish()
	return s.out, s.depth == 0
}

func (s *scanner) finish() {
	if len(s.current.tokens) > 0 {
		s.out = append(s.out, s.current)
	}
	s.current = statement{}
}

// next reads a token or the white space before one.
func (s *scanner) next() bool {
	c := s.source[s.at]
	switch {
	case c == '\n':
		s.at++
		if s.depth == 0 {
			s.finish()
		}
	case c == ' ' || c == '\t' || c == '\r' || c == '\f':
		s.at++
	case c == '\\':
		s.current.odd = true
		if s.at++; s.at < len(s.source) && s.source[s.at] == '\r' {
			s.at++
		}
		s.at++
	case c == '#':
		s.comment()
	case isNameByte(c):
		return s.word()
	case c == '"' || c == '\'':
		return s.string(s.at, s.at, "")
	case c >= '0' && c <= '9' || c == '.' && s.at+1 < len(s.source) && isDigit(s.source[s.at+1]):
		s.number()
	default:
		return s.operator()
	}
	return true
}

func isDigit(c byte) bool { return c >= '0' && c <= '9' }

func isNameByte(c byte) bool {
	return c == '_' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= 0x80
}

func (s *scanner) add(k kind, start int) {
	if len(s.current.tokens) == 0 {
		line := bytes.LastIndexByte(s.source[:start], '\n') + 1
		s.current.indent = string(s.source[line:start])
		s.current.off = s.off
		s.current.odd = s.current.odd || strings.TrimSpace(s.current.indent) != ""
	}
	s.current.tokens = append(s.current.tokens, token{kind: k, start: start, end: s.at})
}

func (s *scanner) comment() {
	start := s.at
	end := len(s.source)
	if i := bytes.IndexByte(s.source[start:], '\n'); i >= 0 {
		end = start + i
	}
	for end > start && (s.source[end-1] == '\r' || s.source[end-1] == ' ' || s.source[end-1] == '\t') {
		end--
	}
	s.at = end
	line := bytes.LastIndexByte(s.source[:start], '\n') + 1
	own := len(bytes.TrimSpace(s.source[line:start])) == 0
	switch directive(string(s.source[start:end])) {
	case "off":
		s.off = s.off || own
	case "on":
		s.off = false
	}
	if len(s.current.tokens) == 0 {
		return // between statements
	}
	s.add(comment, start)
	s.current.tokens[len(s.current.tokens)-1].ownLine = own
}

// directive is what a comment tells the formatters: off, on, skip or nothing.
func directive(text string) string {
	for part := range strings.SplitSeq(text, "#") {
		if word, ok := strings.CutPrefix(strings.TrimSpace(part), "fmt:"); ok {
			return strings.TrimSpace(word)
		}
	}
	return ""
}

func (s *scanner) word() bool {
	start := s.at
	for s.at < len(s.source) && (isNameByte(s.source[s.at]) || isDigit(s.source[s.at])) {
		s.at++
	}
	prefix := strings.ToLower(string(s.source[start:s.at]))
	if s.at < len(s.source) && (s.source[s.at] == '"' || s.source[s.at] == '\'') && len(prefix) <= 2 && strings.Trim(prefix, "rbfut") == "" {
		return s.string(start, s.at, prefix)
	}
	s.add(name, start)
	return true
}

func (s *scanner) number() {
	start := s.at
	for s.at < len(s.source) {
		c := s.source[s.at]
		sign := (c == '+' || c == '-') && (s.source[s.at-1] == 'e' || s.source[s.at-1] == 'E') && !bytes.HasPrefix(s.source[start:], []byte("0x"))
		if !isDigit(c) && !isNameByte(c) && c != '.' && !sign {
			break
		}
		s.at++
	}
	s.add(number, start)
}

func (s *scanner) string(start, quote int, prefix string) bool {
	end := stringEnd(s.source, quote, strings.ContainsAny(prefix, "ft"))
	if end < 0 {
		return false
	}
	s.at = end
	if bytes.IndexByte(s.source[quote:end], '\n') >= 0 {
		s.current.odd = true
	}
	s.add(text, start)
	return true
}

// stringEnd is the offset behind the string whose quote is at an offset, -1 when it does not end.
func stringEnd(source []byte, quote int, fields bool) int {
	mark := source[quote : quote+1]
	if triple := bytes.Repeat(mark, 3); bytes.HasPrefix(source[quote:], triple) {
		mark = triple
	}
	depth := 0
	for i := quote + len(mark); i < len(source); i++ {
		c := source[i]
		switch {
		case c == '\\':
			i++
		case depth == 0 && bytes.HasPrefix(source[i:], mark):
			return i + len(mark)
		case c == '\n' && len(mark) == 1:
			return -1
		case fields && c == '{' && depth == 0 && i+1 < len(source) && source[i+1] == '{':
			i++
		case fields && c == '{':
			depth++
		case fields && c == '}' && depth > 0:
			depth--
		case depth > 0 && (c == '"' || c == '\''):
			end := stringEnd(source, i, false)
			if end < 0 {
				return -1
			}
			i = end - 1
		}
	}
	return -1
}

// operators of more than one character, the longest first.
var operators = []string{
	"**=", "//=", ">>=", "<<=", "...", ":=", "->", "**", "//", ">>", "<<", "<=", ">=", "==", "!=", "+=", "-=", "*=", "/=",
	"%=", "&=", "|=", "^=", "@=",
}

func (s *scanner) operator() bool {
	start := s.at
	switch c := s.source[s.at]; c {
	case '(', '[', '{':
		s.at++
		s.add(opening, start)
		s.depth++
		return true
	case ')', ']', '}':
		s.at++
		s.add(closing, start)
		s.depth--
		return s.depth >= 0
	case ';':
		s.current.odd = true
	}
	s.at++
	for _, o := range operators {
		if bytes.HasPrefix(s.source[start:], []byte(o)) {
			s.at = start + len(o)
			break
		}
	}
	s.add(operator, start)
	return true
}
