package source

import (
	"bytes"
	"fmt"
	"regexp"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/htmlindex"
	"golang.org/x/text/encoding/ianaindex"
)

// cookieLine is the declaration of PEP 263, in the first or second line.
var cookieLine = regexp.MustCompile(`^[ \t\f]*#.*?coding[:=][ \t]*([-\w.]+)`)

// notCode is a first line after which a cookie in the second still counts.
var notCode = regexp.MustCompile(`^[ \t\f]*(?:#.*)?\r?\n?$`)

var utf8BOM = []byte("\xef\xbb\xbf")

// decode gives the text of content. The encoding is named when the text is not the same bytes as content; offsets in it
// mean nothing in the file then. A Problem (without its path) means that Python would not read it either.
func decode(content []byte) (text []byte, encoding string, problem *Problem) {
	if bytes.HasPrefix(content, []byte("\xff\xfe\x00\x00")) || bytes.HasPrefix(content, []byte("\x00\x00\xfe\xff")) {
		return nil, "", &Problem{Reason: "is in UTF-32, which Python does not read; save it as UTF-8"}
	}
	if bytes.HasPrefix(content, []byte("\xff\xfe")) || bytes.HasPrefix(content, []byte("\xfe\xff")) {
		return nil, "", &Problem{Reason: "is in UTF-16, which Python does not read; save it as UTF-8"}
	}
	if at := bytes.IndexByte(content, 0); at >= 0 {
		return nil, "", &Problem{Line: lineAt(content, at), Reason: "has a NUL byte, so it is no Python source"}
	}
	cookie := cookieOf(content)
	if cookie == "" || isUTF8(cookie) {
		return decodeUTF8(content, cookie)
	}
	if bytes.HasPrefix(content, utf8BOM) {
		return nil, "", &Problem{Line: 1, Reason: fmt.Sprintf(
			"starts with the byte order mark of UTF-8 but its coding cookie says %s; remove one of the two", cookie)}
	}
	decoder := decoderOf(cookie)
	if decoder == nil {
		if isASCII(content) {
			return content, "", nil // the name does not matter for these bytes
		}
		return nil, "", &Problem{Line: 1, Unseen: true, Reason: fmt.Sprintf(
			"its coding cookie says %s, which lazyfix cannot decode; save it as UTF-8", cookie)}
	}
	text, err := decoder.NewDecoder().Bytes(content)
	if err != nil || bytes.ContainsRune(text, utf8.RuneError) {
		return nil, "", &Problem{Reason: fmt.Sprintf("its coding cookie says %s, but its bytes are not valid in that", cookie)}
	}
	if bytes.Equal(text, content) {
		return content, "", nil
	}
	return text, cookie, nil
}

// decodeUTF8 checks a file that says, or does not deny, that it is UTF-8.
func decodeUTF8(content []byte, cookie string) ([]byte, string, *Problem) {
	if utf8.Valid(content) {
		return content, "", nil
	}
	at := 0
	for at < len(content) {
		r, size := utf8.DecodeRune(content[at:])
		if r == utf8.RuneError && size == 1 {
			break
		}
		at += size
	}
	line := lineAt(content, at)
	reason := fmt.Sprintf("not UTF-8 at line %d and no coding cookie; save it as UTF-8, or say what it is in its first line: # -*- coding: latin-1 -*-", line)
	if cookie != "" {
		reason = fmt.Sprintf("not UTF-8 at line %d though its coding cookie says %s; save it as UTF-8", line, cookie)
	}
	return nil, "", &Problem{Line: line, Reason: reason}
}

// cookieOf is the encoding that the first two lines declare, in lower case with dashes, or "".
func cookieOf(content []byte) string {
	rest := bytes.TrimPrefix(content, utf8BOM)
	for range 2 {
		end := bytes.IndexByte(rest, '\n') + 1
		if end == 0 {
			end = len(rest)
		}
		if found := cookieLine.FindSubmatch(rest[:end]); found != nil {
			return strings.ReplaceAll(strings.ToLower(string(found[1])), "_", "-")
		}
		if !notCode.Match(rest[:end]) {
			return ""
		}
		rest = rest[end:]
	}
	return ""
}

// isUTF8 knows the names that Python's tokenizer takes for UTF-8.
func isUTF8(cookie string) bool {
	return cookie == "utf8" || cookie == "u8" || cookie == "utf-8" || strings.HasPrefix(cookie, "utf-8-")
}

// decoderOf finds the encoding of a Python codec name, or nil. IANA comes first: the HTML index reads latin-1 as
// windows-1252, as browsers do and Python does not.
func decoderOf(cookie string) encoding.Encoding {
	name := cookie
	switch {
	case cookie == "latin-1", strings.HasPrefix(cookie, "latin-1-"), strings.HasPrefix(cookie, "iso-latin-1"):
		name = "iso-8859-1"
	case strings.HasPrefix(cookie, "cp125"):
		name = "windows-" + cookie[2:]
	case cookie == "cp932":
		name = "shift_jis"
	}
	// A few names have an underscore, shift_jis and ks_c_5601-1987 among them.
	for _, spelling := range []string{name, strings.Replace(name, "-", "_", 1)} {
		if found, err := ianaindex.IANA.Encoding(spelling); err == nil && found != nil {
			return found
		}
		if found, err := htmlindex.Get(spelling); err == nil {
			return found
		}
	}
	return nil
}

// loneReturn is the offset of the first carriage return without a line feed, or -1. Python ends a line there, the parser
// does not.
func loneReturn(text []byte) int {
	for at := 0; ; at++ {
		next := bytes.IndexByte(text[at:], '\r')
		if next < 0 {
			return -1
		}
		if at += next; at+1 == len(text) || text[at+1] != '\n' {
			return at
		}
	}
}

// withoutReturns has line feeds for them, so that lines are those of Python and offsets stay what they are.
func withoutReturns(text []byte) []byte {
	out := bytes.Clone(text)
	for at, b := range text {
		if b == '\r' && (at+1 == len(text) || text[at+1] != '\n') {
			out[at] = '\n'
		}
	}
	return out
}

func isASCII(content []byte) bool {
	for _, b := range content {
		if b >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

// lineAt is the 1-based line of an offset.
func lineAt(content []byte, offset int) int {
	return 1 + bytes.Count(content[:offset], []byte("\n"))
}
