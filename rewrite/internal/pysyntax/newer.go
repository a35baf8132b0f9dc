package pysyntax

import (
	"bytes"
	"regexp"
)

// What Python 3.13 and 3.14 added and the grammar does not read: where a clause, a parameter list or a string begins. And two
// things that are older: a line that ends in a dot, before one that is indented less, and what a subscript spreads (3.11).
var (
	exceptClause   = regexp.MustCompile(`(?m)^[ \t]*except\*?[ \t]+`)
	typeParameters = regexp.MustCompile(`(?m)^[ \t]*(?:class|type|(?:async[ \t]+)?def)[ \t]+\w+[ \t]*\[`)
	endsInDot      = regexp.MustCompile(`(?m)^.*(?:\b[^\W\d]\w*|[)\]}"'])\.[ \t]*\r?\n`)
	templateString = regexp.MustCompile(`(?:^|[^\w'"])[rR]?([tT])[rR]?["']`)
)

// older is source with newer syntax spelled as the grammar knows it, byte for byte at the same offsets; nil where there is
// none. It is for the parser alone: the tree keeps the real source. What looks like such syntax in a string or a comment
// is spelled otherwise too, which changes no node.
//
//	except A, B, C:      except A| B| C:      (3.14)
//	t"{name}"            f"{name}"            (3.14)
//	class A[T = int]:    class A[T      ]:    (3.13)
//	f(bar.⏎baz)          f(bar. baz)          (any)
//	ul["a", *[b, c]]     ul["a",  [b, c]]     (3.11; the grammar reads *name alone there)
//
// A newer grammar is no way out: the binding's runtime reads ABI 14, and grammars with this syntax are made for 15.
func older(source []byte) []byte {
	out := bytes.Clone(source)
	for _, at := range exceptClause.FindAllIndex(source, -1) {
		separateExceptions(out[at[1]:])
	}
	for _, at := range typeParameters.FindAllIndex(source, -1) {
		blankDefaults(out[at[1]:])
	}
	for _, at := range endsInDot.FindAllIndex(source, -1) {
		joinAtDot(out[at[0]:at[1]])
	}
	for _, at := range templateString.FindAllSubmatchIndex(source, -1) {
		out[at[2]] = 'f'
	}
	blankStars(out)
	if bytes.Equal(out, source) {
		return nil
	}
	return out
}

// separateExceptions turns the commas of `A, B:` to `|`. A clause goes to its colon, on one line unless in brackets; with
// `as` it needs its parentheses in every Python.
func separateExceptions(clause []byte) {
	var commas []int
	end := scan(clause, func(i, depth int) bool {
		switch c := clause[i]; {
		case depth == 0 && c == ',':
			commas = append(commas, i)
		case depth == 0 && (c == ':' || c == '\n'):
			return false
		}
		return true
	})
	if end == len(clause) || clause[end] != ':' || bytes.Contains(clause[:end], []byte(" as ")) {
		return
	}
	for _, i := range commas {
		clause[i] = '|'
	}
}

// blankDefaults takes the defaults out of `T = int, *Ts = *tuple[int]]`, up to the bracket that closes the list.
func blankDefaults(list []byte) {
	inDefault := false
	scan(list, func(i, depth int) bool {
		switch c := list[i]; {
		case depth < 0:
			return false
		case depth == 0 && c == ',':
			inDefault = false
		case depth == 0 && c == '=':
			inDefault = true
		}
		if inDefault && list[i] != '\n' && list[i] != '\r' {
			list[i] = ' '
		}
		return true
	})
}

// joinAtDot takes the line break from a line that ends in a dot, where a bracket of the line is open there.
func joinAtDot(line []byte) {
	open := false
	scan(line, func(i, depth int) bool {
		switch line[i] {
		case '.':
			open = depth > 0
		case ' ', '\t', '\r':
		case '\n':
			if open {
				if line[i] = ' '; line[i-1] == '\r' {
					line[i-1] = ' '
				}
			}
		default:
			open = false
		}
		return true
	})
}

// blankStars takes the star from what is no name and is spread in a subscript. What was spread is one element then, which
// holds what they hold.
func blankStars(text []byte) {
	var subscript []bool // of each open bracket
	before := byte('\n') // what is no space
	scan(text, func(i, _ int) bool {
		switch c := text[i]; c {
		case '(', '[', '{':
			subscript = append(subscript, c == '[' && i > 0 && endsOperand(text[i-1]))
		case ')', ']', '}':
			subscript = subscript[:max(0, len(subscript)-1)]
		case '*':
			in := len(subscript) > 0 && subscript[len(subscript)-1]
			if in && (before == '[' || before == ',') && i+1 < len(text) && bytes.IndexByte([]byte(`[({"'`), text[i+1]) >= 0 {
				text[i] = ' '
			}
		}
		if c := text[i]; c != ' ' && c != '\t' && c != '\n' && c != '\r' {
			before = c
		}
		return true
	})
}

// endsOperand reports whether a bracket behind c is a subscript's, and no list's.
func endsOperand(c byte) bool {
	return c == '_' || c == ')' || c == ']' || c == '"' || c == '\'' || '0' <= c && c <= '9' || 'a' <= c|0x20 && c|0x20 <= 'z' || c >= 0x80
}

// scan shows visit each byte outside strings and comments with how many brackets are open there, a closing one at the
// depth outside it, until it says false, and gives that offset, or the length.
func scan(text []byte, visit func(i, depth int) bool) int {
	depth := 0
	for i := 0; i < len(text); i++ {
		c := text[i]
		switch c {
		case '#':
			for i+1 < len(text) && text[i+1] != '\n' {
				i++
			}
			continue
		case ')', ']', '}':
			depth--
		}
		if !visit(i, depth) {
			return i
		}
		switch c {
		case '(', '[', '{':
			depth++
		case '\'', '"':
			i = endOfString(text, i)
		}
	}
	return len(text)
}

// endOfString is the offset of the last quote of a string that begins at i, or of the line break that ends one too early.
func endOfString(text []byte, i int) int {
	quote, long := text[i:i+1], i+2 < len(text) && text[i+1] == text[i] && text[i+2] == text[i]
	if long {
		quote = text[i : i+3]
	}
	for i += len(quote); i < len(text); i++ {
		switch {
		case text[i] == '\\':
			i++
		case bytes.HasPrefix(text[i:], quote):
			return i + len(quote) - 1
		case text[i] == '\n' && !long:
			return i
		}
	}
	return len(text)
}
