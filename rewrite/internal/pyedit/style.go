package pyedit

import (
	"slices"
	"strings"

	"github.com/lazyfix/lazyfix/rewrite/internal/pysyntax"
)

// DefaultWidth is the line length of black and ruff.
const DefaultWidth = 88

// Style is how a file is written.
type Style struct {
	Width   int    // the longest line, in characters; 0: lines are never wrapped
	Quote   byte   // '"' or '\''
	Indent  string // one level
	Newline string // "\n" or "\r\n"
	// FirstParty reports whether a top-level package is the project's own; nil: guessed from how the file's imports
	// stand. It decides only in which section a new import goes when none there is of the same package.
	FirstParty func(root string) bool
	Imports    ImportStyle
}

// ImportStyle is what the project's isort, or ruff in its place, is set to.
type ImportStyle struct {
	SingleLine bool     // each name has a line of its own
	Together   []string // modules whose names share a line all the same
	CombineAs  bool     // names with an alias stand among others
}

// single reports whether names of a module have lines of their own.
func (i ImportStyle) single(module string) bool {
	return i.SingleLine && !slices.Contains(i.Together, module)
}

// StyleOf measures quote, indentation and line end in the file. Width is what the project's formatter is set to; 0
// takes DefaultWidth.
func StyleOf(t *pysyntax.Tree, width int) Style {
	if width == 0 {
		width = DefaultWidth
	}
	return Style{Width: width, Quote: quoteOf(t), Indent: indentOf(t), Newline: newlineOf(t.Source())}
}

// complete fills in what the caller left empty.
func (s Style) complete(t *pysyntax.Tree) Style {
	if s.Newline == "" {
		s.Newline = newlineOf(t.Source())
	}
	if s.Indent == "" {
		s.Indent = indentOf(t)
	}
	if s.Quote == 0 {
		s.Quote = '"'
	}
	return s
}

// fits reports whether a line is short enough.
func (s Style) fits(line string) bool { return s.Width <= 0 || width(line) <= s.Width }

// String is a Python string literal of text, which may hold no quote, backslash or control character.
func (s Style) String(text string) string {
	return string(s.Quote) + text + string(s.Quote)
}

// quoteOf is the quote of most one-line strings. Triple quotes say nothing: docstrings are double everywhere.
func quoteOf(t *pysyntax.Tree) byte {
	single, double := 0, 0
	for n := range t.Within(t.Root()) {
		if t.Kind(n) != pysyntax.StringStart {
			continue
		}
		opening := strings.TrimLeft(t.Text(n), "rRbBfFuUtT")
		switch opening {
		case "'":
			single++
		case `"`:
			double++
		}
	}
	if single > double {
		return '\''
	}
	return '"'
}

// indentOf is the commonest step from a statement to its block, four spaces when there is none.
func indentOf(t *pysyntax.Tree) string {
	count := map[string]int{}
	best := "    "
	for n := range t.Within(t.Root()) {
		if t.Kind(n) != pysyntax.Block || !beginsLine(t.Source(), t.Start(n)) {
			continue
		}
		outer := indentation(t.Source(), t.Start(t.Parent(n)))
		step, below := strings.CutPrefix(indentation(t.Source(), t.Start(n)), outer)
		if !below || step == "" {
			continue
		}
		if count[step]++; count[step] > count[best] {
			best = step
		}
	}
	return best
}
