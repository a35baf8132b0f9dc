package pyedit

import (
	"strings"

	"github.com/lazyfix/lazyfix/edits"
	"github.com/lazyfix/lazyfix/rewrite/internal/pysyntax"
)

// PutInList makes the edits that put a value into a list with more elements: `options=opts` becomes
// `options=[*opts, selectinload(A.b)]`. First is how the value is written there: with the star, or without if it is one element.
// An argument of a call is wrapped as others are; a value over several lines stays as it is.
func PutInList(t *pysyntax.Tree, value pysyntax.Node, first string, elements []string, s Style) []edits.Edit {
	s = s.complete(t)
	elements = append([]string{first}, elements...)
	edit := edits.Edit{Start: t.Start(value), End: t.End(value), New: "[" + join(elements) + "]"}
	item := value
	if t.Kind(t.Parent(value)) == pysyntax.KeywordArgument {
		item = t.Parent(value)
	}
	q, ok := sequenceOf(t, t.Parent(item))
	if !ok || t.Kind(t.Parent(item)) != pysyntax.ArgumentList || strings.Contains(first, "\n") {
		return []edits.Edit{edit}
	}
	q.changed = []edits.Edit{edit}
	out := q.insert(len(q.items), nil, s)
	indent, alone := lineOf(q.source, out, t.Start(item))
	head := string(q.source[t.Start(item):edit.Start])
	for i := range out {
		if out[i] == edit && alone && !q.inString && !s.fits(indent+head+edit.New+",") {
			out[i].New = "[" + s.Newline + lines(elements, indent+s.Indent, s) + indent + "]"
		}
	}
	return out
}

// lineOf is the indentation of the line that begins at an offset after edits; ok is false where none begins there.
func lineOf(source []byte, list []edits.Edit, at int) (indent string, ok bool) {
	for _, e := range list {
		if i := strings.LastIndexByte(e.New, '\n'); e.End == at && i >= 0 && isBlank([]byte(e.New[i:])) {
			return e.New[i+1:], true
		}
	}
	return indentation(source, at), beginsLine(source, at)
}
