package pyedit

import (
	"slices"
	"strings"

	"github.com/lazyfix/lazyfix/edits"
	"github.com/lazyfix/lazyfix/rewrite/internal/pysyntax"
)

// A line that gets too long is wrapped as black does it: at the outermost brackets that it has around the change. What
// they hold goes on one line of its own, when it has no trailing comma and fits there, else one item a line; an item
// that is too long even there is wrapped in turn, at the next brackets inside.

// level is a list around another on the same line.
type level struct {
	sequence
	item     int  // the one that holds the next level
	grouping bool // brackets around an expression: a comma would make a tuple
}

// levelsAround are the brackets around n that open and close on the line of n, the outermost first.
func levelsAround(t *pysyntax.Tree, n pysyntax.Node) []level {
	if strings.Contains(t.Text(n), "\n") {
		return nil
	}
	var out []level
	for inner, p := n, t.Parent(n); p != pysyntax.Nil; inner, p = p, t.Parent(p) {
		if strings.Contains(t.Text(p), "\n") || t.Is(p, pysyntax.Block, pysyntax.Lambda, pysyntax.Interpolation) {
			break
		}
		if !t.Is(p, pysyntax.ArgumentList, pysyntax.List, pysyntax.Tuple, pysyntax.Set, pysyntax.Dictionary, pysyntax.ParenthesizedExpression) {
			continue
		}
		q := sequence{source: t.Source(), open: t.Start(p) + 1, close: t.End(p) - 1}
		if c := t.Source()[q.open-1]; c != '(' && c != '[' && c != '{' {
			continue // a tuple without brackets
		}
		item := -1
		for c := range t.Children(p) {
			if c == inner {
				item = len(q.items)
			}
			q.items = append(q.items, span{t.Start(c), t.End(c)})
		}
		if item >= 0 {
			out = append(out, level{q, item, t.Kind(p) == pysyntax.ParenthesizedExpression})
		}
	}
	slices.Reverse(out)
	return out
}

// fit is insert for a list that is not written one item a line.
func (q sequence) fit(at int, texts []string, s Style) []edits.Edit {
	inline := q.inline(at, texts)
	if len(inline) == 0 || q.short(inline, s) {
		return inline
	}
	for i, l := range q.around {
		if !l.wrappable() {
			continue
		}
		if out := q.wrapLevel(i, indentation(q.source, q.open), at, texts, s); out != nil {
			return out
		}
	}
	if out := q.wrap(at, texts, indentation(q.source, q.open), s); out != nil {
		return out
	}
	return inline
}

// wrappable reports whether what follows the list on its line goes on with the brackets around it, or not at all: a
// bracket in the middle of an expression is not where black wraps a line.
func (l level) wrappable() bool {
	rest := string(l.source[l.close+1 : lineEnd(l.source, l.close)])
	trimmed := strings.TrimSpace(rest)
	return trimmed == "" || strings.ContainsRune("#)]},:.", rune(trimmed[0])) || strings.HasPrefix(rest, " as ")
}

// wrapLevel wraps the line at q.around[i], which starts on a line of the indentation base.
func (q sequence) wrapLevel(i int, base string, at int, texts []string, s Style) []edits.Edit {
	if i == len(q.around) {
		return q.wrap(at, texts, base, s)
	}
	l := q.around[i]
	first, last := l.items[0].start, l.items[len(l.items)-1].end
	indent := base + s.Indent
	inline := q.inline(at, texts)
	comma := l.comma(len(l.items)-1) >= 0
	if !comma && s.fits(indent+applied(q.source, first, last, inline)) {
		out := append([]edits.Edit{{Start: l.open, End: first, New: s.Newline + indent}}, inline...)
		return append(out, edits.Edit{Start: last, End: l.close, New: s.Newline + base})
	}
	tail := ","
	if l.grouping || len(l.items) == 1 && !comma { // the comma of (x,) makes a tuple of it
		tail = ""
	}
	item := l.items[l.item]
	if !s.fits(indent + applied(q.source, item.start, item.end, inline) + tail) {
		if inner := q.wrapLevel(i+1, indent, at, texts, s); inner != nil {
			inline = inner
		}
	}
	out := []edits.Edit{{Start: l.open, End: first, New: s.Newline + indent}}
	for n := range l.items[1:] {
		out = append(out, edits.Edit{Start: l.items[n].end, End: l.items[n+1].start, New: "," + s.Newline + indent})
	}
	out = append(out, inline...)
	return append(out, edits.Edit{Start: last, End: l.close, New: tail + s.Newline + base})
}

// wrap wraps the line at the list itself; nil when the list has another form than one line, or its items one line and
// its brackets others.
func (q sequence) wrap(at int, texts []string, base string, s Style) []edits.Edit {
	if len(q.items) == 0 {
		return q.wrapEmpty(texts, base, s)
	}
	first, last := q.items[0].start, q.items[len(q.items)-1].end
	if strings.ContainsAny(string(q.source[first:last]), "\n#") {
		return nil
	}
	before, behind := q.source[q.open:first], q.source[last:q.close]
	if strings.ContainsAny(string(before)+string(behind), "#\\") {
		return nil
	}
	hugged := strings.Contains(string(before), "\n") && strings.Contains(string(behind), "\n")
	if !hugged && strings.Contains(string(before)+string(behind), "\n") {
		return nil
	}
	comma := q.comma(len(q.items)-1) >= 0
	indent := base + s.Indent
	if hugged {
		indent = indentation(q.source, first)
	} else if inline := q.inline(at, texts); !comma && s.fits(indent+applied(q.source, first, last, inline)) {
		out := append([]edits.Edit{{Start: q.open, End: first, New: s.Newline + indent}}, inline...)
		return append(out, edits.Edit{Start: last, End: q.close, New: s.Newline + base})
	}
	return q.explode(at, texts, base, indent, hugged, s)
}

// wrapEmpty is wrap for a list that holds nothing.
func (q sequence) wrapEmpty(texts []string, base string, s Style) []edits.Edit {
	text := s.Newline + base + s.Indent + join(texts) + s.Newline + base
	if !s.fits(base + s.Indent + join(texts)) {
		text = s.Newline + lines(texts, base+s.Indent, s) + base
	}
	return []edits.Edit{{Start: q.open, End: q.open, New: text}}
}

// explode writes a one-line list with the new texts one item a line.
func (q sequence) explode(at int, texts []string, base, indent string, hugged bool, s Style) []edits.Edit {
	first, last := q.items[0].start, q.items[len(q.items)-1].end
	line := s.Newline + indent
	out := slices.Clone(q.changed)
	if !hugged {
		out = append(out, edits.Edit{Start: q.open, End: first, New: line})
	}
	added := strings.Join(foldedLines(texts, indent, s), ","+line)
	if at == 0 && added != "" {
		out = append(out, edits.Edit{Start: first, End: first, New: added + "," + line})
	}
	for i := range q.items[1:] {
		gap := "," + line
		if i+1 == at && added != "" {
			gap += added + "," + line
		}
		out = append(out, edits.Edit{Start: q.items[i].end, End: q.items[i+1].start, New: gap})
	}
	tail := ","
	if at == len(q.items) && added != "" {
		tail += line + added + ","
	}
	switch comma := q.comma(len(q.items) - 1); {
	case !hugged:
		out = append(out, edits.Edit{Start: last, End: q.close, New: tail + s.Newline + base})
	case comma >= 0:
		out = append(out, edits.Edit{Start: last, End: comma + 1, New: tail})
	default:
		out = append(out, edits.Edit{Start: last, End: last, New: tail})
	}
	return out
}

// short reports whether the lines of a list on one line fit the style after the edits.
func (q sequence) short(list []edits.Edit, s Style) bool {
	from, to := lineStart(q.source, list[0].Start), lineEnd(q.source, list[len(list)-1].End)
	for _, line := range strings.Split(applied(q.source, from, to, list), "\n") {
		if !s.fits(strings.TrimSuffix(line, "\r")) {
			return false
		}
	}
	return true
}

// applied is source[from:to] after edits that lie in it, in ascending order.
func applied(source []byte, from, to int, list []edits.Edit) string {
	var b strings.Builder
	at := from
	for _, e := range list {
		if e.Start < from || e.End > to {
			continue
		}
		b.Write(source[at:e.Start])
		b.WriteString(e.New)
		at = e.End
	}
	b.Write(source[at:to])
	return b.String()
}
