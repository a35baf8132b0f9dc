package pyedit

import (
	"slices"
	"strings"

	"github.com/lazyfix/lazyfix/edits"
	"github.com/lazyfix/lazyfix/rewrite/internal/pysyntax"
)

// statement is a chain without .options(...) and its surroundings.
type statement struct {
	t          *pysyntax.Tree
	root, last pysyntax.Node   // the first and the last call of the chain
	dots       []pysyntax.Node // the calls behind root, those that execute too
	whole      pysyntax.Node   // the expression that these make
}

func newStatement(t *pysyntax.Tree, root, last pysyntax.Node, links []Link) statement {
	st := statement{t: t, root: root, last: last, whole: last}
	for _, link := range links {
		st.dots = append(st.dots, link.Call)
	}
	for {
		link, ok := linkOn(t, st.whole)
		if !ok {
			return st
		}
		st.dots = append(st.dots, link.Call)
		st.whole = link.Call
	}
}

func (st statement) addOptions(options []string, s Style) []edits.Edit {
	source, end := st.t.Source(), st.t.End(st.last)
	link := ".options(" + join(options) + ")"
	if dot := leadingDot(st.t, append([]pysyntax.Node{st.root}, st.dots...)...); dot >= 0 {
		indent := indentation(source, dot)
		return []edits.Edit{linkLine(source, end, dot, fittingOptions(options, indent, s), s.Newline)}
	}
	inline := edits.Edit{Start: end, End: end, New: link}
	line := string(source[lineStart(source, end):end]) + link + string(source[end:lineEnd(source, end)])
	if long := !s.fits(line); long || st.spansLines() {
		if r, ok := st.room(s); ok && s.Width > 0 {
			return st.wrap(r, options, s)
		}
		if long {
			inline.New = wrappedOptions(options, indentation(source, end), s)
		}
	}
	return []edits.Edit{inline}
}

// fittingOptions is the link for a line of its own.
func fittingOptions(options []string, indent string, s Style) string {
	if link := ".options(" + join(options) + ")"; s.fits(indent + link) {
		return link
	}
	return wrappedOptions(options, indent, s)
}

// wrappedOptions is the link with one option a line. The trailing comma keeps formatters from joining them again.
func wrappedOptions(options []string, indent string, s Style) string {
	return ".options(" + s.Newline + lines(options, indent+s.Indent, s) + indent + ")"
}

func (st statement) spansLines() bool {
	return strings.Contains(st.t.Text(st.whole), "\n")
}

// room is where a chain can be written over several lines.
type room struct {
	indent           string // of the links
	opening, closing string // what is inserted around the chain; empty when it stands on lines of its own already
}

// room is on the lines that the chain has to itself inside brackets, directly inside the brackets around it, or inside
// new ones, where it is all of the right side of an assignment or of what is returned. A chain of a single link gets
// no new brackets, nor is it split, as black has it.
func (st statement) room(s Style) (room, bool) {
	t, source := st.t, st.t.Source()
	start, stop := t.Start(st.whole), t.End(st.whole)
	base := indentation(source, start)
	r := room{indent: base + s.Indent, opening: s.Newline + base + s.Indent, closing: s.Newline + base}
	if st.spansLines() && (len(st.dots) == 0 || !st.movable()) {
		return r, false
	}
	parent := t.Parent(st.whole)
	switch {
	case t.Is(parent, pysyntax.ArgumentList, pysyntax.ParenthesizedExpression, pysyntax.List, pysyntax.Tuple):
		q, ok := sequenceOf(t, parent)
		if ok && len(st.dots) > 0 && beginsLine(source, start) {
			return room{indent: base}, true
		}
		return r, ok && q.open == start && q.close == stop
	case t.Kind(parent) == pysyntax.ReturnStatement,
		t.Kind(parent) == pysyntax.Assignment && t.Field(st.whole) == pysyntax.FieldRight:
		r.opening, r.closing = "("+r.opening, r.closing+")"
		return r, len(st.dots) > 0
	}
	return r, false
}

// movable reports whether the lines of the chain can be indented and broken at its dots: no string goes over a line
// end, and no white space or comment stands at a dot.
func (st statement) movable() bool {
	t := st.t
	for n := range t.Within(st.whole) {
		if t.Is(n, pysyntax.String, pysyntax.LineContinuation) && strings.Contains(t.Text(n), "\n") {
			return false
		}
	}
	for _, call := range st.dots {
		attribute := t.Child(call, pysyntax.FieldFunction)
		if dotOf(t, call) != t.End(t.Child(attribute, pysyntax.FieldObject)) ||
			dotOf(t, call)+1 != t.Start(t.Child(attribute, pysyntax.FieldAttribute)) {
			return false
		}
	}
	return true
}

// wrap adds the options to a chain that has room: on one line of its own if it fits there, else one link a line.
func (st statement) wrap(r room, options []string, s Style) []edits.Edit {
	t, source := st.t, st.t.Source()
	start, stop, end := t.Start(st.whole), t.End(st.whole), t.End(st.last)
	link := ".options(" + join(options) + ")"
	out := []edits.Edit{{Start: start, End: start, New: r.opening}}
	closing := edits.Edit{Start: stop, End: stop, New: r.closing}
	switch {
	case !st.spansLines() && s.fits(r.indent+string(source[start:end])+link+string(source[end:stop])):
		out = append(out, edits.Edit{Start: end, End: end, New: link})
	case len(st.dots) == 0:
		out = append(out, edits.Edit{Start: end, End: end, New: wrappedOptions(options, r.indent, s)})
	default:
		out = append(out, st.split(r, options, s)...)
	}
	return slices.DeleteFunc(append(out, closing), func(e edits.Edit) bool { return e.Start == e.End && e.New == "" })
}

// split puts one link a line.
func (st statement) split(r room, options []string, s Style) []edits.Edit {
	end := st.t.End(st.last)
	line := s.Newline + r.indent
	added := edits.Edit{Start: end, End: end, New: line + fittingOptions(options, r.indent, s)}
	placed := false
	out := st.joinArguments(st.root, st.t.Start(st.root), r.indent, s)
	for _, call := range st.dots {
		dot := dotOf(st.t, call)
		if dot >= end && !placed {
			out = append(out, added)
			placed = true
		}
		out = append(out, edits.Edit{Start: dot, End: dot, New: line})
		out = append(out, st.joinArguments(call, dot, r.indent, s)...)
	}
	if !placed {
		out = append(out, added)
	}
	if r.opening != "" {
		out = append(out, st.indentLines(out, s)...)
	}
	return out
}

// joinArguments puts arguments that stand on one line between the brackets, without a trailing comma, on the line of
// the call, where they fit there. The line starts at from.
func (st statement) joinArguments(call pysyntax.Node, from int, indent string, s Style) []edits.Edit {
	q, ok := sequenceOf(st.t, st.t.Child(call, pysyntax.FieldArguments))
	if !ok || len(q.items) == 0 || q.comma(len(q.items)-1) >= 0 {
		return nil
	}
	first, last := q.items[0].start, q.items[len(q.items)-1].end
	body := string(q.source[first:last])
	if strings.Contains(body, "\n") || !isBlank(q.source[q.open:first]) || !isBlank(q.source[last:q.close]) ||
		!s.fits(indent+string(q.source[from:q.open])+body+")") {
		return nil
	}
	out := []edits.Edit{{Start: q.open, End: first}, {Start: last, End: q.close}}
	return slices.DeleteFunc(out, func(e edits.Edit) bool { return e.Start == e.End })
}

// indentLines moves the lines of the chain one level in, but those whose start is in an edit already.
func (st statement) indentLines(made []edits.Edit, s Style) []edits.Edit {
	source := st.t.Source()
	var out []edits.Edit
	for at := nextLine(source, st.t.Start(st.whole)); at < st.t.End(st.whole); at = nextLine(source, at) {
		replaced := slices.ContainsFunc(made, func(e edits.Edit) bool { return e.Start < at && at <= e.End })
		if !replaced && !isBlank(source[at:lineEnd(source, at)]) {
			out = append(out, edits.Edit{Start: at, End: at, New: s.Indent})
		}
	}
	return out
}
