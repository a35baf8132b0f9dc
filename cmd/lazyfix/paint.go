package main

import (
	"bytes"
	"io"
	"slices"
	"strings"

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

// patch colours a unified diff line by line, the line ends left as they are. Where lines take the place of others, the
// words that differ stand out.
func (p painter) patch(patch []byte) []byte {
	var out bytes.Buffer
	header := true
	lines := slices.Collect(bytes.Lines(patch))
	for i := 0; i < len(lines); i++ {
		switch text := lines[i]; {
		case bytes.HasPrefix(text, []byte("@@")):
			header = false
			p.line(&out, p.at, text, nil)
		case header:
			p.line(&out, p.head, text, nil)
		case text[0] == '-' || text[0] == '+':
			removed := signed(lines[i:], '-')
			added := signed(lines[i+len(removed):], '+')
			p.replaced(&out, removed, added)
			i += len(removed) + len(added) - 1
		default:
			header = bytes.HasPrefix(text, []byte("diff "))
			if header {
				p.line(&out, p.head, text, nil)
			} else {
				out.Write(text)
			}
		}
	}
	return out.Bytes()
}

// signed are the first lines that begin with a sign, and what git says in between of a missing end of line.
func signed(lines [][]byte, sign byte) [][]byte {
	n := 0
	for n < len(lines) && (lines[n][0] == sign || n > 0 && lines[n][0] == '\\') {
		n++
	}
	return lines[:n]
}

// replaced colours lines and those that take their place.
func (p painter) replaced(out *bytes.Buffer, removed, added [][]byte) {
	inOld, inNew := edits.Words(unsigned(removed), unsigned(added))
	p.lines(out, p.minus, removed, inOld)
	p.lines(out, p.plus, added, inNew)
}

// unsigned is the text of lines of a patch.
func unsigned(lines [][]byte) string {
	var text strings.Builder
	for _, line := range lines {
		if line[0] != '\\' {
			text.Write(line[1:])
		}
	}
	return text.String()
}

// lines colours lines of one sign; spans are of their text without it.
func (p painter) lines(out *bytes.Buffer, style lipgloss.Style, lines [][]byte, spans []edits.Span) {
	at := 0
	for _, line := range lines {
		if line[0] == '\\' {
			out.Write(line)
			continue
		}
		var here []edits.Span
		for _, s := range spans {
			start, end := max(s.Start-at, 0), min(s.End-at, len(bytes.TrimRight(line[1:], "\r\n")))
			if start < end {
				here = append(here, edits.Span{Start: 1 + start, End: 1 + end})
			}
		}
		p.line(out, style, line, here)
		at += len(line) - 1
	}
}

// line colours one line, and emphasises the spans of it; its end is left as it is.
func (p painter) line(out *bytes.Buffer, style lipgloss.Style, line []byte, spans []edits.Span) {
	text := string(bytes.TrimRight(line, "\r\n"))
	at := 0
	for _, s := range spans {
		out.WriteString(p.paint(style, text[at:s.Start]))
		out.WriteString(p.paint(style.Reverse(true), text[s.Start:s.End]))
		at = s.End
	}
	out.WriteString(p.paint(style, text[at:]))
	out.Write(line[len(text):])
}
