package pyedit

import "strings"

// foldedLines are new items that stand alone on their lines, with those that are too long broken as black breaks them: a chain
// of three or more calls before each link, one of two inside its last brackets.
func foldedLines(texts []string, indent string, s Style) []string {
	out := make([]string, len(texts))
	for i, text := range texts {
		out[i] = fold(text, indent, s)
	}
	return out
}

func fold(text, indent string, s Style) string {
	if s.fits(indent + text + ",") {
		return text
	}
	links := linksOf(text)
	line := s.Newline + indent
	switch len(links) {
	case 0:
		return text
	case 1:
		open := links[0] + strings.IndexByte(text[links[0]:], '(') + 1
		if open == links[0] || !strings.HasSuffix(text, ")") || open == len(text)-1 {
			return text
		}
		return text[:open] + line + s.Indent + text[open:len(text)-1] + line + ")"
	}
	var b strings.Builder
	from := 0
	for _, at := range links {
		b.WriteString(text[from:at] + line)
		from = at
	}
	return b.String() + text[from:]
}

// linksOf are the offsets of the dots behind a closed call, outside of all brackets: of `a(b.c).d(e.f)` the second dot.
func linksOf(text string) []int {
	var out []int
	depth := 0
	for i := range len(text) {
		switch text[i] {
		case '(', '[', '{':
			depth++
		case ')', ']', '}':
			depth--
		case '.':
			if depth == 0 && i > 0 && text[i-1] == ')' {
				out = append(out, i)
			}
		}
	}
	return out
}
