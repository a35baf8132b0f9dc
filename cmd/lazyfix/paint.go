package main

import (
	"bytes"
	"io"

	"github.com/charmbracelet/lipgloss"
	"github.com/muesli/termenv"

	"github.com/lazyfix/lazyfix/edits"
)

// patchContext is the number of unchanged lines around a change, as in git.
const patchContext = 3

// painter colours single lines for one writer. Off a terminal it gives back what it got, byte for byte: the renderer
// turns tabs to spaces, drops carriage returns and pads.
type painter struct {
	on                                      bool
	place, rule, dim, head, plus, minus, at lipgloss.Style
}

// newPainter judges the writer that the text ends up in; when is --color. NO_COLOR counts for "auto" alone.
func newPainter(w io.Writer, when string) painter {
	r := lipgloss.NewRenderer(w)
	switch when {
	case "always":
		r.SetColorProfile(termenv.ANSI)
	case "never":
		r.SetColorProfile(termenv.Ascii)
	}
	style := func() lipgloss.Style { return r.NewStyle().TabWidth(lipgloss.NoTabConversion) }
	colored := func(c string) lipgloss.Style { return style().Foreground(lipgloss.Color(c)) }
	return painter{
		on: r.ColorProfile() != termenv.Ascii, place: style().Bold(true), rule: colored("3"), dim: style().Faint(true),
		head: style().Bold(true), plus: colored("2"), minus: colored("1"), at: colored("6"),
	}
}

// paint colours a text without line ends.
func (p painter) paint(style lipgloss.Style, text string) string {
	if !p.on || text == "" {
		return text
	}
	return style.Render(text)
}

// writePatch prints the unified diff of all changes.
func writePatch(p painter, out io.Writer, changes []edits.Change) {
	for _, change := range changes {
		patch := change.Unified(patchContext)
		if p.on {
			patch = p.patch(patch)
		}
		_, _ = out.Write(patch) // program.run looks at what its buffer says
	}
}

// patch colours a unified diff line by line, the line ends left as they are.
func (p painter) patch(patch []byte) []byte {
	var out bytes.Buffer
	header := true
	for line := range bytes.Lines(patch) {
		text := bytes.TrimRight(line, "\r\n")
		var style lipgloss.Style
		switch {
		case bytes.HasPrefix(text, []byte("@@")):
			header, style = false, p.at
		case header:
			style = p.head
		case bytes.HasPrefix(text, []byte("+")):
			style = p.plus
		case bytes.HasPrefix(text, []byte("-")):
			style = p.minus
		default:
			out.Write(line)
			continue
		}
		out.WriteString(p.paint(style, string(text)))
		out.Write(line[len(text):])
	}
	return out.Bytes()
}
