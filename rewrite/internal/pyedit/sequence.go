package pyedit

import (
	"slices"
	"strings"

	"github.com/lazyfix/lazyfix/edits"
	"github.com/lazyfix/lazyfix/rewrite/internal/pysyntax"
)

// span is a half-open range of bytes.
type span struct{ start, end int }

// sequence is a comma-separated list between brackets: arguments, a list literal, imported names.
type sequence struct {
	source      []byte
	open, close int // the offset behind the opening bracket, and that of the closing one
	items       []span
	around      []level      // the brackets around it that stand on its line, the outermost first
	changed     []edits.Edit // of items, made in any case
	inString    bool         // in an f-string, which before Python 3.12 may not hold a line end
}

// sequenceOf reads the children of n, whose first and last bytes must be brackets; ok is false when they are not.
func sequenceOf(t *pysyntax.Tree, n pysyntax.Node) (q sequence, ok bool) {
	text := t.Text(n)
	if len(text) < 2 || !strings.ContainsRune("([{", rune(text[0])) || !strings.ContainsRune(")]}", rune(text[len(text)-1])) {
		return sequence{}, false
	}
	q = sequence{source: t.Source(), open: t.Start(n) + 1, close: t.End(n) - 1, inString: t.Enclosing(n, pysyntax.Interpolation) != pysyntax.Nil}
	for c := range t.Children(n) {
		q.items = append(q.items, span{t.Start(c), t.End(c)})
	}
	q.around = levelsAround(t, n)
	return q, true
}

// insert puts texts before item at; len(items) appends. The list keeps its form: what is written one a line stays so,
// with a trailing comma where there was one, and comments stay with the items before them. A one-line list that gets
// too long is wrapped as black does it.
func (q sequence) insert(at int, texts []string, s Style) []edits.Edit {
	if q.inString {
		s.Width = 0
	}
	switch {
	case len(q.items) == 0 && len(texts) == 0:
		return nil
	case len(q.items) == 0:
		return q.fill(texts, s)
	case q.vertical() && len(texts) == 0:
		return q.changed
	case q.vertical():
		return append(slices.Clone(q.changed), q.insertLines(at, texts, s)...)
	}
	return q.fit(at, texts, s)
}

// inline is the insertion and the changes on the lines where they are.
func (q sequence) inline(at int, texts []string) []edits.Edit {
	out := slices.Clone(q.changed)
	if len(texts) > 0 {
		out = append(out, q.insertInline(at, texts))
	}
	slices.SortStableFunc(out, func(a, b edits.Edit) int { return a.Start - b.Start })
	return out
}

func (q sequence) insertInline(at int, texts []string) edits.Edit {
	text := strings.Join(texts, ", ")
	if len(q.items) == 0 {
		return edits.Edit{Start: q.open, End: q.open, New: text}
	}
	if at == 0 {
		return edits.Edit{Start: q.items[0].start, End: q.items[0].start, New: text + ", "}
	}
	end := q.items[at-1].end
	return edits.Edit{Start: end, End: end, New: ", " + text}
}

// fill is insert for an empty list.
func (q sequence) fill(texts []string, s Style) []edits.Edit {
	if comment := find(q.source, q.open, q.close, '#'); comment >= 0 { // so the closing bracket begins a later line
		indent := indentation(q.source, q.open) + s.Indent
		if beginsLine(q.source, comment) {
			indent = indentation(q.source, comment)
		}
		start := lineStart(q.source, q.close)
		return []edits.Edit{{Start: start, End: start, New: lines(texts, indent, s)}}
	}
	if q.open != q.close {
		return []edits.Edit{q.insertInline(0, texts)}
	}
	return q.fit(0, texts, s)
}

// lines is each text with a comma on a line of its own.
func lines(texts []string, indent string, s Style) string {
	var b strings.Builder
	for _, text := range foldedLines(texts, indent, s) {
		b.WriteString(indent + text + "," + s.Newline)
	}
	return b.String()
}

// vertical reports whether the list is written one item a line. The first item may stand behind the bracket. A single
// item is a matter of taste: it is when something shows that more lines may follow.
func (q sequence) vertical() bool {
	for _, item := range q.items[1:] {
		if !beginsLine(q.source, item.start) {
			return false
		}
	}
	if len(q.items) > 1 {
		return true
	}
	item := q.items[0]
	if !beginsLine(q.source, item.start) {
		return false
	}
	spansLines := strings.Contains(string(q.source[item.start:item.end]), "\n")
	commented := strings.Contains(string(q.source[item.end:q.close]), "#")
	return spansLines || commented || q.comma(0) >= 0
}

// comma is the offset of the comma behind item i, -1 if there is none.
func (q sequence) comma(i int) int {
	to := q.close
	if i+1 < len(q.items) {
		to = q.items[i+1].start
	}
	return find(q.source, q.items[i].end, to, ',')
}

// insertLines is insert for a vertical list.
func (q sequence) insertLines(at int, texts []string, s Style) []edits.Edit {
	indent := q.indent(at)
	texts = foldedLines(texts, indent, s)
	if at == 0 {
		start := q.items[0].start
		var b strings.Builder
		for _, text := range texts {
			b.WriteString(text + "," + s.Newline + indent)
		}
		return []edits.Edit{{Start: start, End: start, New: b.String()}}
	}
	last := q.items[at-1]
	comma := q.comma(at - 1)
	anchor := last.end
	var out []edits.Edit
	separator := ","
	if comma >= 0 {
		anchor = comma + 1
	} else {
		out = append(out, edits.Edit{Start: anchor, End: anchor, New: ","})
		if len(q.items) > 1 || !beginsLine(q.source, q.close) {
			separator = "" // there was no trailing comma, and there is none again
		}
	}
	var b strings.Builder
	for i, text := range texts {
		b.WriteString(s.Newline + indent + text)
		if i+1 < len(texts) || separator != "" {
			b.WriteByte(',')
		}
	}
	end := lineEnd(q.source, anchor)
	if end > q.close || !isQuiet(q.source[anchor:end]) {
		end = anchor // code follows on this line: the closing bracket
	}
	if len(out) == 1 && end == anchor {
		out[0].New += b.String()
		return out
	}
	return append(out, edits.Edit{Start: end, End: end, New: b.String()})
}

// indent is the indentation that an item inserted before item at gets.
func (q sequence) indent(at int) string {
	if at > 0 && beginsLine(q.source, q.items[at-1].start) {
		return indentation(q.source, q.items[at-1].start)
	}
	for _, item := range q.items {
		if beginsLine(q.source, item.start) {
			return indentation(q.source, item.start)
		}
	}
	return indentation(q.source, q.open)
}
