package pyedit

import (
	"fmt"
	"strings"

	"github.com/lazyfix/lazyfix/edits"
	"github.com/lazyfix/lazyfix/rewrite/internal/pysyntax"
)

// AddOptions makes edits that add loader options, each a line of Python source, to the statement whose chain starts at
// root, the call of select(...) or .query(...). They become arguments of the chain's last .options(...), or a new last
// link: on its own line where the chain is written so, else on the same line, else wrapped as black does. Options that
// stand there in the same words are left out.
func AddOptions(t *pysyntax.Tree, root pysyntax.Node, options []string, s Style) ([]edits.Edit, error) {
	s = s.complete(t)
	last, links := Chain(t, root)
	if t.Kind(root) != pysyntax.Call || t.HasError(last) {
		return nil, fmt.Errorf("line %d: the statement does not parse", t.Line(root))
	}
	if t.Enclosing(root, pysyntax.Interpolation) != pysyntax.Nil {
		s.Width = 0 // before Python 3.12 an f-string may not hold a line end
	}
	existing := pysyntax.Nil
	var lists []pysyntax.Node
	for _, link := range links {
		if link.Name == "options" {
			existing = link.Call
			lists = append(lists, t.Child(link.Call, pysyntax.FieldArguments))
		}
	}
	options = missing(t, options, lists...)
	if len(options) == 0 {
		return nil, nil
	}
	if existing != pysyntax.Nil {
		arguments, err := argumentsOf(t, existing)
		if err != nil {
			return nil, err
		}
		return arguments.insert(len(arguments.items), options, s), nil
	}
	return newStatement(t, root, last, links).addOptions(options, s), nil
}

// Deepen makes the edit that appends a link to a loader option: joinedload(A.b) and `.selectinload(B.c)` make
// joinedload(A.b).selectinload(B.c).
func Deepen(t *pysyntax.Tree, option pysyntax.Node, suffix string) []edits.Edit {
	for t.Kind(option) == pysyntax.ParenthesizedExpression && t.First(option) != pysyntax.Nil {
		option = t.First(option)
	}
	if !strings.HasPrefix(suffix, ".") {
		suffix = "." + suffix
	}
	if dot := leadingDot(t, option); dot >= 0 {
		return []edits.Edit{linkLine(t.Source(), t.End(option), dot, suffix, newlineOf(t.Source()))}
	}
	return []edits.Edit{{Start: t.End(option), End: t.End(option), New: suffix}}
}

// linkLine puts a link on its own line behind a call that ends at end, aligned with the link whose dot is given.
func linkLine(source []byte, end, dot int, link, newline string) edits.Edit {
	line := newline + indentation(source, dot) + link
	if continued(source, dot) {
		return edits.Edit{Start: end, End: end, New: ` \` + line}
	}
	if behind := lineEnd(source, end); isQuiet(source[end:behind]) {
		end = behind
	}
	return edits.Edit{Start: end, End: end, New: line}
}

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
		if !s.fits(indent + link) {
			link = wrappedOptions(options, indent, s)
		}
		return []edits.Edit{linkLine(source, end, dot, link, s.Newline)}
	}
	line := string(source[lineStart(source, end):end]) + link + string(source[end:lineEnd(source, end)])
	if s.fits(line) {
		return []edits.Edit{{Start: end, End: end, New: link}}
	}
	if wrapped := st.wrap(options, s); wrapped != nil {
		return wrapped
	}
	return []edits.Edit{{Start: end, End: end, New: wrappedOptions(options, indentation(source, end), s)}}
}

// wrappedOptions is the link with one option a line. The trailing comma keeps formatters from joining them again.
func wrappedOptions(options []string, indent string, s Style) string {
	return ".options(" + s.Newline + lines(options, indent+s.Indent, s) + indent + ")"
}

// wrap puts a one-line chain on lines of its own: where it stands alone inside the brackets around it or is all of the
// right side of an assignment or of what is returned (these get brackets); nil where there is no such place.
func (st statement) wrap(options []string, s Style) []edits.Edit {
	t, source := st.t, st.t.Source()
	start, stop, end := t.Start(st.whole), t.End(st.whole), t.End(st.last)
	if strings.ContainsAny(string(source[start:stop]), "\n") {
		return nil
	}
	base := indentation(source, start)
	indent := base + s.Indent
	opening, closing := s.Newline+indent, s.Newline+base
	parent := t.Parent(st.whole)
	switch {
	case t.Is(parent, pysyntax.ArgumentList, pysyntax.ParenthesizedExpression, pysyntax.List, pysyntax.Tuple):
		q, ok := sequenceOf(t, parent)
		if ok && beginsLine(source, start) && len(st.dots) > 0 {
			return st.split(options, base, "", s)
		}
		if !ok || q.open != start || q.close != stop {
			return nil
		}
	case t.Kind(parent) == pysyntax.ReturnStatement,
		t.Kind(parent) == pysyntax.Assignment && t.Field(st.whole) == pysyntax.FieldRight:
		if len(st.dots) == 0 {
			return nil // black takes no new brackets for a single link
		}
		opening, closing = "("+opening, closing+")"
	default:
		return nil
	}
	link := ".options(" + join(options) + ")"
	out := []edits.Edit{{Start: start, End: start, New: opening}}
	if !s.fits(indent + string(source[start:end]) + link + string(source[end:stop])) {
		return append(out, st.split(options, indent, closing, s)...)
	}
	return append(out, edits.Edit{Start: end, End: end, New: link}, edits.Edit{Start: stop, End: stop, New: closing})
}

// split is the edits behind the opening bracket that put one link a line; a single link stays behind root.
func (st statement) split(options []string, indent, closing string, s Style) []edits.Edit {
	end, stop := st.t.End(st.last), st.t.End(st.whole)
	if len(st.dots) == 0 {
		return []edits.Edit{
			{Start: end, End: end, New: wrappedOptions(options, indent, s)},
			{Start: stop, End: stop, New: closing},
		}
	}
	link := ".options(" + join(options) + ")"
	if !s.fits(indent + link) {
		link = wrappedOptions(options, indent, s)
	}
	placed := false
	var out []edits.Edit
	for _, call := range st.dots {
		dot := dotOf(st.t, call)
		if dot >= end && !placed {
			out = append(out, edits.Edit{Start: end, End: end, New: s.Newline + indent + link})
			placed = true
		}
		out = append(out, edits.Edit{Start: dot, End: dot, New: s.Newline + indent})
	}
	if !placed {
		out = append(out, edits.Edit{Start: end, End: end, New: s.Newline + indent + link})
	}
	return append(out, edits.Edit{Start: stop, End: stop, New: closing})
}

func join(texts []string) string { return strings.Join(texts, ", ") }

// shortened is text on one line, cut for a message.
func shortened(text string) string {
	text = strings.Join(strings.Fields(text), " ")
	if runes := []rune(text); len(runes) > 60 {
		return string(runes[:60]) + "…"
	}
	return text
}
