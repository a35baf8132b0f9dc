package pyedit

import "strings"

// foldedLines are new items that stand alone on their lines, with those that are too long broken as black breaks them: a chain
// of three or more calls before each link, one of two inside its last brackets, a list one element a line. No string in
// them may hold a bracket or a comma.
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
	if head, elements, ok := listIn(text); ok { // with a trailing comma, which keeps formatters from joining them again
		return head + "[" + s.Newline + lines(elements, indent+s.Indent, s) + indent + "]"
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

// listIn takes a list apart that is a whole item, `[a, b(c, d)]`, or the value of one, `options=[a]`, whose head is
// `options=`. An empty list is none to break.
func listIn(text string) (head string, elements []string, ok bool) {
	open := strings.IndexByte(text, '[')
	if open < 0 || len(text) < open+3 || strings.ContainsAny(text[:open], "({. ") {
		return "", nil, false
	}
	depth, from := 0, open+1
	for i := open; i < len(text); i++ {
		switch text[i] {
		case '(', '[', '{':
			depth++
		case ')', ']', '}':
			if depth--; depth == 0 && i != len(text)-1 {
				return "", nil, false // more stands behind it
			}
		case ',':
			if depth == 1 {
				elements = append(elements, strings.TrimSpace(text[from:i]))
				from = i + 1
			}
		}
	}
	return text[:open], append(elements, strings.TrimSpace(text[from:len(text)-1])), depth == 0
}
