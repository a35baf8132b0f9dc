package pylayout

import (
	"slices"
	"strings"
	"unicode/utf8"
)

// style is what a layout has to keep to.
type style struct {
	width  int
	indent string
	ruff   bool
}

// line is a line that may be split yet.
type line struct {
	leaves     []*leaf
	indent     string
	inside     bool // it is what brackets hold
	splitNow   bool // it is written one item a line
	magic      bool // a trailing comma in it wants that
	delimiters map[*leaf]int
	open       []*leaf
	depth      int
	loops      []int
	lambdas    []int
	previous   *leaf
	optionals  []*leaf // brackets that were not written when they were seen
}

func newLine(indent string) *line { return &line{indent: indent, delimiters: map[*leaf]int{}} }

// add appends a leaf; tracked ones count for delimiters and trailing commas.
func (n *line) add(l *leaf, tracked bool) {
	if tracked && n.mark(l) && n.trailingComma(l) {
		n.magic = true
	}
	n.leaves = append(n.leaves, l)
}

// mark is black's BracketTracker; false for a bracket whose partner is not on the line.
func (n *line) mark(l *leaf) bool {
	if l.kind == closing && len(n.open) == 0 {
		return false
	}
	if k := len(n.loops); k > 0 && n.loops[k-1] == n.depth && l.text == "in" && l.kind == name {
		n.depth--
		n.loops = n.loops[:k-1]
	}
	if k := len(n.lambdas); k > 0 && n.lambdas[k-1] == n.depth && l.text == ":" {
		n.depth--
		n.lambdas = n.lambdas[:k-1]
	}
	if l.kind == closing {
		n.depth--
		n.open = n.open[:len(n.open)-1]
		if l.text == "" {
			n.optionals = append(n.optionals, l)
		}
	}
	l.depth = n.depth
	if n.depth == 0 {
		if l.before > 0 && n.previous != nil {
			n.delimiters[n.previous] = l.before
		} else if l.after > 0 {
			n.delimiters[l] = l.after
		}
	}
	if l.kind == opening {
		n.open = append(n.open, l)
		n.depth++
		if l.text == "" {
			n.optionals = append(n.optionals, l)
		}
	}
	n.previous = l
	if l.kind == name && l.text == "lambda" {
		n.depth++
		n.lambdas = append(n.lambdas, n.depth)
	}
	if l.kind == name && l.loop {
		n.depth++
		n.loops = append(n.loops, n.depth)
	}
	return true
}

// trailingComma reports whether a comma that is meant to stay stands before a closing bracket.
func (n *line) trailingComma(l *leaf) bool {
	if l.kind != closing || len(n.leaves) == 0 || n.leaves[len(n.leaves)-1].text != "," {
		return false
	}
	return l.bracket == '{' || l.bracket == '[' && l.display || !single(l, n.leaves)
}

// explodes reports whether item i, a closing bracket, ends what a trailing comma writes one item a line.
func (n *line) explodes(i int) bool {
	l := n.leaves[i]
	return l.kind == closing && i > 0 && n.leaves[i-1].text == "," && (l.bracket != '(' || !single(l, n.leaves))
}

// single reports whether the brackets that end in l hold one element, and are no arguments.
func single(l *leaf, leaves []*leaf) bool {
	at := slices.Index(leaves, l.mate)
	if at < 0 {
		return false
	}
	commas := 0
	for _, inner := range leaves[at+1:] {
		if inner == l {
			break
		}
		if inner.text == "," && inner.depth == l.depth+1 {
			commas++
			if inner.argument {
				return false
			}
		}
	}
	return commas < 2
}

// priority is that of the most important delimiter, but for one behind a leaf; 0 when there is none.
func (n *line) priority(but *leaf) int {
	best := 0
	for l, p := range n.delimiters {
		if l != but && p > best {
			best = p
		}
	}
	return best
}

func (n *line) count(priority int) int {
	out := 0
	for _, p := range n.delimiters {
		if p == priority {
			out++
		}
	}
	return out
}

func (n *line) last() *leaf { return n.leaves[len(n.leaves)-1] }

// body is the text without comments behind it.
func (n *line) body() string {
	var b strings.Builder
	b.WriteString(n.indent)
	for i, l := range n.leaves {
		if i > 0 {
			b.WriteString(l.gap)
		}
		b.WriteString(l.text)
	}
	return b.String()
}

// isNote reports whether the line is a comment.
func (n *line) isNote() bool { return len(n.leaves) == 1 && n.leaves[0].kind == comment }

func (n *line) hasNote() bool {
	return slices.ContainsFunc(n.leaves, func(l *leaf) bool { return l.kind == comment })
}

func (n *line) oneLine() bool {
	return slices.ContainsFunc(n.leaves, func(l *leaf) bool { return l.oneLine })
}

// fits reports whether the line is short enough, less some characters. Ruff does not count comments for tools.
func (n *line) fits(s style, less int) bool {
	if n.hasNote() {
		return false
	}
	length := utf8.RuneCountInString(n.body())
	for _, l := range n.leaves {
		for _, c := range l.comments {
			if !s.ruff || !IsPragma(c) {
				length += 2 + utf8.RuneCountInString(c)
			}
		}
	}
	return length <= s.width-less
}

// pragmas are what comments for tools begin with.
var pragmas = []string{"noqa", "type:", "pyright:", "pylint:", "ruff:", "ty:", "mypy:", "pragma:", "lazyfix:", "nosec", "fmt:"}

// IsPragma reports whether a comment, from its # on, is one for a tool: # noqa: F821, # type: ignore.
func IsPragma(comment string) bool {
	text := strings.TrimSpace(strings.TrimLeft(comment, "#"))
	return slices.ContainsFunc(pragmas, func(prefix string) bool { return strings.HasPrefix(text, prefix) })
}

// length is that of a leaf on its line, with its comments.
func (l *leaf) length() int {
	out := utf8.RuneCountInString(l.gap) + utf8.RuneCountInString(l.text)
	for _, c := range l.comments {
		out += utf8.RuneCountInString(c)
	}
	return out
}

// copy is the line with leaves of its own.
func (n *line) copy() *line {
	copies := map[*leaf]*leaf{}
	out := newLine(n.indent)
	out.inside = n.inside
	for _, l := range n.leaves {
		c := *l
		copies[l] = &c
		if mate := copies[l.mate]; l.kind == closing && mate != nil {
			c.mate, mate.mate = mate, copies[l]
		}
		copies[l].mate = c.mate
		out.add(copies[l], true)
	}
	return out
}
