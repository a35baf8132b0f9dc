package pylayout

import (
	"bytes"
	"slices"
	"strings"

	"github.com/lazyfix/lazyfix/edits"
)

// Style is how a file is written.
type Style struct {
	Width   int    // the longest line, in characters
	Indent  string // one level
	Newline string
	Ruff    bool // the project's formatter is ruff, not black
}

// Edits are list, edits of source in the order of [edits.Change], with the lines broken anew of the statements that black
// would have left as they are.
func Edits(source []byte, list []edits.Edit, s Style) []edits.Edit {
	before, ok := statements(source)
	if !ok {
		return list
	}
	var out []edits.Edit
	i := 0
	for _, old := range before {
		for i < len(list) && list[i].Start < old.start() {
			out = append(out, list[i])
			i++
		}
		from := i
		for i < len(list) && list[i].Start <= old.end() {
			i++
		}
		if from == i {
			continue
		}
		inside := list[from:i]
		if n := len(out); list[i-1].End <= old.end() && (n == 0 || out[n-1].End <= old.start()) {
			if laid := relaid(source, old, inside, s); laid != nil {
				inside = laid
			}
		}
		out = append(out, inside...)
	}
	return append(out, list[i:]...)
}

// relaid are the edits of one statement; nil where they stay as they are.
func relaid(source []byte, old statement, list []edits.Edit, s Style) []edits.Edit {
	if old.odd || old.off {
		return nil
	}
	start, end := old.start(), old.end()
	whole := string(source[start:end])
	same := old.leaves(source, func(at, _ int) int { return at })
	if same == nil {
		return nil
	}
	commas := trailingCommas(same)
	skip := directive(string(source[old.tokens[len(old.tokens)-1].start:end])) == "skip"
	oneLine := !strings.Contains(whole, "\n")
	if skip && !oneLine {
		return nil
	}
	keep := oneLine && old.ignored(source)
	if !skip {
		found := false
		for range 2 { // a project may use both, or not say which
			text, _ := layout(same, old.indent, s, keep)
			if found = text == whole; found {
				break
			}
			s.Ruff = !s.Ruff
			same = old.leaves(source, func(at, _ int) int { return at })
		}
		if !found {
			return nil
		}
	}
	changed, at := spliced(source, start, end, list)
	moved := func(from, to int) int { return at(from-len(old.indent), to-len(old.indent)) }
	fresh, ok := statements(append([]byte(old.indent), changed...))
	if !ok {
		return nil
	}
	n := slices.IndexFunc(fresh, func(f statement) bool { return moved(f.tokens[0].start, f.tokens[0].end) >= 0 })
	if n < 0 {
		return nil
	}
	for _, other := range slices.Concat(fresh[:n], fresh[n+1:]) {
		if slices.ContainsFunc(other.tokens, func(t token) bool { return moved(t.start, t.end) >= 0 }) {
			return nil
		}
	}
	text := append([]byte(old.indent), changed...)
	leaves := fresh[n].leaves(text, moved)
	if leaves == nil {
		return nil
	}
	leaves = withoutOwnCommas(leaves, commas)
	var laid string
	var places []place
	if skip {
		laid, places = render([]*line{{leaves: leaves}}, "\n")
	} else {
		laid, places = layout(leaves, old.indent, s, keep)
	}
	if laid == "" {
		return nil
	}
	head, tail := string(text[len(old.indent):fresh[n].start()]), string(text[fresh[n].end():])
	for i := range places {
		places[i].start += len(head)
		places[i].end += len(head)
	}
	return aligned(source, start, end, head+laid+tail, places)
}

// ignored reports whether a type checker is told to pass over the statement's last line.
func (s statement) ignored(source []byte) bool {
	last := s.tokens[len(s.tokens)-1]
	return last.kind == comment && strings.HasPrefix(strings.TrimLeft(string(source[last.start:last.end]), "# "), "type: ignore")
}

// trailingCommas are the opening brackets, by their place, before whose partner a comma stands.
func trailingCommas(leaves []*leaf) map[int]bool {
	out := map[int]bool{}
	for i, l := range leaves {
		if l.kind == closing && i > 0 && leaves[i-1].text == "," {
			out[l.mate.old] = true
		}
	}
	return out
}

// withoutOwnCommas leaves out the trailing commas that an edit wrote and the old text had not: a formatter would take
// them for the wish to have one item a line. The comma of a tuple of one stays.
func withoutOwnCommas(leaves []*leaf, had map[int]bool) []*leaf {
	var out []*leaf
	for i, l := range leaves {
		if l.text == "," && l.old < 0 && i+1 < len(leaves) && leaves[i+1].kind == closing && !had[leaves[i+1].mate.old] {
			end := leaves[i+1]
			tuple := end.bracket == '(' && end.display && !slices.ContainsFunc(slices.Collect(topLevel(leaves[slices.Index(leaves, end.mate)+1:i])), func(l *leaf) bool { return l.text == "," })
			if !tuple {
				if len(l.comments) > 0 {
					leaves[i-1].comments = append(leaves[i-1].comments, l.comments...)
					leaves[i-1].oldNotes = append(leaves[i-1].oldNotes, l.oldNotes...)
				}
				continue
			}
		}
		out = append(out, l)
	}
	return out
}

// spliced is source[start:end] after the edits; at gives for a piece of it where the same stands in source, or -1.
func spliced(source []byte, start, end int, list []edits.Edit) (text []byte, at func(start, end int) int) {
	type piece struct{ from, to, old int }
	var pieces []piece
	last := start
	keep := func(to int) {
		if to > last {
			pieces = append(pieces, piece{len(text), len(text) + to - last, last})
			text = append(text, source[last:to]...)
		}
	}
	for _, e := range list {
		keep(e.Start)
		text = append(text, e.New...)
		last = e.End
	}
	keep(end)
	return text, func(from, to int) int {
		for _, p := range pieces {
			if p.from <= from && to <= p.to {
				return p.old + from - p.from
			}
		}
		return -1
	}
}

// place is where a piece of the old text stands in the new one.
type place struct{ start, end, old int }

// layout is the statement's text, and where what it holds of the old one stands; "" when it is not laid out.
func layout(leaves []*leaf, indent string, s Style, oneLine bool) (string, []place) {
	roles(leaves, s.Ruff)
	if leaves = withOptional(leaves, s.Ruff); leaves == nil {
		return "", nil
	}
	n := newLine(indent)
	for _, l := range leaves {
		n.add(l, true)
	}
	n.last().oneLine = oneLine
	lines := split(n, style{width: s.Width, indent: s.Indent, ruff: s.Ruff}, false)
	for _, l := range lines {
		notes := 0
		for _, leaf := range l.leaves {
			notes += len(leaf.comments)
		}
		if notes > 1 {
			return "", nil // comments of two lines have met
		}
	}
	return render(lines, s.Newline)
}

func render(lines []*line, newline string) (string, []place) {
	var b bytes.Buffer
	var places []place
	write := func(text string, old int) {
		if old >= 0 && text != "" {
			places = append(places, place{b.Len(), b.Len() + len(text), old})
		}
		b.WriteString(text)
	}
	for i, n := range lines {
		if i > 0 {
			b.WriteString(newline + n.indent)
		}
		for k, l := range n.leaves {
			if k > 0 && !(l.text == "" && l.kind == closing) {
				b.WriteString(l.gap)
			}
			write(l.text, l.old)
		}
		for _, l := range n.leaves {
			for k, c := range l.comments {
				b.WriteString("  ")
				write(c, l.oldNotes[k])
			}
		}
	}
	return b.String(), places
}

// aligned are the edits that make source[start:end] text, which holds the old pieces at places.
func aligned(source []byte, start, end int, text string, places []place) []edits.Edit {
	var out []edits.Edit
	change := func(from, to int, by string) {
		old := string(source[from:to])
		for old != "" && by != "" && old[0] == by[0] {
			old, by, from = old[1:], by[1:], from+1
		}
		for old != "" && by != "" && old[len(old)-1] == by[len(by)-1] {
			old, by, to = old[:len(old)-1], by[:len(by)-1], to-1
		}
		if old != by {
			out = append(out, edits.Edit{Start: from, End: to, New: by})
		}
	}
	from, at := start, 0
	for _, p := range places {
		if p.old < from {
			return []edits.Edit{{Start: start, End: end, New: text}}
		}
		change(from, p.old, text[at:p.start])
		from, at = p.old+p.end-p.start, p.end
	}
	change(from, end, text[at:])
	return out
}
