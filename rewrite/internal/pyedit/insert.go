package pyedit

import (
	"fmt"
	"strings"

	"github.com/lazyfix/lazyfix/edits"
	"github.com/lazyfix/lazyfix/rewrite/internal/pysyntax"
)

// StatementAround is the simple statement that a node is part of, Nil where it stands in the head of a compound one, or
// in one that ends the block (return, raise).
func StatementAround(t *pysyntax.Tree, n pysyntax.Node) pysyntax.Node {
	for up := t.Parent(n); up != pysyntax.Nil; n, up = up, t.Parent(up) {
		if t.Is(up, pysyntax.Block) || up == t.Root() {
			break
		}
	}
	if t.Kind(n) != pysyntax.ExpressionStatement {
		return pysyntax.Nil
	}
	return n
}

// InsertAfter puts statements of one line each behind a statement that stands alone on its lines.
func InsertAfter(t *pysyntax.Tree, statement pysyntax.Node, texts []string, s Style) ([]edits.Edit, error) {
	source := t.Source()
	start, end := t.Start(statement), t.End(statement)
	behind := lineEnd(source, end)
	if !beginsLine(source, start) || !isQuiet(source[end:behind]) {
		return nil, fmt.Errorf("line %d: other code stands on the line of the statement", t.Line(statement))
	}
	s = s.complete(t)
	var b strings.Builder
	for _, text := range texts {
		b.WriteString(s.Newline + indentation(source, start) + foldCall(text, indentation(source, start), s))
	}
	return []edits.Edit{{Start: behind, End: behind, New: b.String()}}, nil
}

// InsertAtEnd is InsertAfter for the last statement of a block, or before it where it is a return.
func InsertAtEnd(t *pysyntax.Tree, block pysyntax.Node, texts []string, s Style) ([]edits.Edit, error) {
	last := t.Last(block)
	if !t.Is(last, pysyntax.ReturnStatement) {
		return InsertAfter(t, last, texts, s)
	}
	start := t.Start(last)
	if !beginsLine(t.Source(), start) {
		return nil, fmt.Errorf("line %d: other code stands on the line of the statement", t.Line(last))
	}
	s = s.complete(t)
	var b strings.Builder
	indent := indentation(t.Source(), start)
	for _, text := range texts {
		b.WriteString(foldCall(text, indent, s) + s.Newline + indent)
	}
	return []edits.Edit{{Start: start, End: start, New: b.String()}}, nil
}

// foldCall is a call as black breaks one that is too long: its arguments on a line of their own.
func foldCall(text, indent string, s Style) string {
	open := strings.IndexByte(text, '(')
	if s.fits(indent+text) || open < 0 || !strings.HasSuffix(text, ")") || open == len(text)-2 {
		return text
	}
	line := s.Newline + indent
	return text[:open+1] + line + s.Indent + text[open+1:len(text)-1] + line + ")"
}
