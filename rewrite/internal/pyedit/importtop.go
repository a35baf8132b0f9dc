package pyedit

import (
	"strings"

	"github.com/lazyfix/lazyfix/edits"
	"github.com/lazyfix/lazyfix/rewrite/internal/pysyntax"
)

// blockAlone is import statements where none stands yet.
func blockAlone(fresh []newLine, indent string, s Style) string {
	head := placeAll(nil, fresh, s)
	return block(append(head, entry{section: head[len(head)-1].section}), indent, s)
}

// topOfFunction adds the first imports of a function: behind its docstring, else behind the line with the colon.
func topOfFunction(t *pysyntax.Tree, function, body pysyntax.Node, fresh []newLine, indent string, s Style) edits.Edit {
	at, rest := headEnd(t, function, body), t.First(body)
	if isDocstring(t, rest) {
		at, rest = statementLineEnd(t, rest), t.Nth(body, 1)
	}
	text := s.Newline + strings.TrimSuffix(blockAlone(fresh, indent, s), s.Newline)
	if following := nextLine(t.Source(), at); rest != pysyntax.Nil && !isBlank(t.Source()[following:lineEnd(t.Source(), following)]) {
		text += s.Newline // as black and ruff have it
	}
	return edits.Edit{Start: at, End: at, New: text}
}

// breakBody puts a body that stands on the line of its def below it, behind imports.
func breakBody(t *pysyntax.Tree, function, body pysyntax.Node, fresh []Import, s Style) edits.Edit {
	indent := indentation(t.Source(), t.Start(function)) + s.Indent
	text := blockAlone(importLines(fresh, indent, s), indent, s)
	return edits.Edit{Start: colonOf(t, function, body) + 1, End: t.Start(body), New: s.Newline + text + s.Newline + indent}
}

// headEnd is the end of the line with the colon of a def.
func headEnd(t *pysyntax.Tree, function, body pysyntax.Node) int {
	return lineEnd(t.Source(), colonOf(t, function, body))
}

func colonOf(t *pysyntax.Tree, function, body pysyntax.Node) int {
	from := t.End(t.Child(function, pysyntax.FieldParameters))
	if result := t.Child(function, pysyntax.FieldReturnType); result != pysyntax.Nil {
		from = t.End(result)
	}
	return find(t.Source(), from, t.Start(body), ':')
}

// topOfFile adds the first imports of a file: behind the docstring, else behind the comments that head the file.
func topOfFile(t *pysyntax.Tree, fresh []newLine, s Style) edits.Edit {
	source := t.Source()
	text := blockAlone(fresh, "", s)
	if first := t.First(t.Root()); first != pysyntax.Nil && isDocstring(t, first) {
		at := statementLineEnd(t, first)
		return behindHeader(source, at, text, s)
	}
	at, closed := headerEnd(source)
	if at > 0 && closed {
		return behindHeader(source, at, text, s)
	}
	if first := t.First(t.Root()); first != pysyntax.Nil {
		text += s.Newline
		if t.Is(first, pysyntax.FunctionDefinition, pysyntax.ClassDefinition, pysyntax.DecoratedDefinition) {
			text += s.Newline
		}
	}
	return edits.Edit{Start: at, End: at, New: text}
}

// behindHeader puts lines behind the end of a line, with a blank line on both sides.
func behindHeader(source []byte, at int, text string, s Style) edits.Edit {
	text = s.Newline + s.Newline + strings.TrimSuffix(text, s.Newline)
	if rest := strings.SplitN(string(source[at:]), "\n", 3); len(rest) > 1 && strings.TrimSpace(rest[1]) != "" {
		text += s.Newline
	}
	return edits.Edit{Start: at, End: at, New: text}
}

// headerEnd is where the comments end that belong to the file. When closed a blank line or the end of the file follows,
// and the offset is that of the line end; else comments go on that belong to the code (only a shebang and an encoding
// were passed over), and the offset is the start of a line.
func headerEnd(source []byte) (at int, closed bool) {
	const byteOrderMark = "\xef\xbb\xbf"
	if strings.HasPrefix(string(source), byteOrderMark) {
		at = len(byteOrderMark)
	}
	start, cookies := at, at
	for line := 0; start < len(source) && source[start] == '#'; line++ {
		at = lineEnd(source, start)
		start = nextLine(source, at)
		text := string(source[cookies:at])
		if line < 2 && (strings.HasPrefix(text, "#!") || strings.Contains(text, "coding")) {
			cookies = start
		}
	}
	if start >= len(source) || isBlank(source[start:lineEnd(source, start)]) {
		return at, true
	}
	return cookies, false
}

// nextLine is the start of the line behind a line end.
func nextLine(source []byte, end int) int {
	for end < len(source) && source[end] != '\n' {
		end++
	}
	return min(end+1, len(source))
}
