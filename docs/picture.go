package main

import (
	"bytes"
	"fmt"
	"html"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"unicode/utf8"
)

// picture is what lazyfix review shows of one change to the sample app, in the colours of a terminal, as an SVG. It is a
// real run, and a test fails when the program shows something else.
func picture(place string) (string, error) {
	said, err := review()
	if err != nil {
		return "", err
	}
	const prompt = "Make this change [y,n,a,q,e,?]?"
	for shown := range strings.SplitSeq(said, prompt) {
		_, shown, _ = strings.Cut(shown, "\n") // what stands behind the last prompt
		if strings.Contains(shown, place+"\x1b") {
			return svg("lazyfix review .", strings.TrimLeft(shown, "\n")+prompt+"\x1b[0m y")
		}
	}
	return "", fmt.Errorf("lazyfix review shows no change at %s:\n%s", place, said)
}

// review says no to all changes of a copy of the sample app, and gives what was shown.
func review() (string, error) {
	root, err := exec.Command("go", "list", "-m", "-f", "{{.Dir}}").Output()
	if err != nil {
		return "", fmt.Errorf("go list: %w", err)
	}
	dir, err := os.MkdirTemp("", "lazyfix-picture")
	if err != nil {
		return "", err
	}
	defer func() { _ = os.RemoveAll(dir) }()
	program, app := filepath.Join(dir, "lazyfix"), filepath.Join(dir, "shop")
	build := exec.Command("go", "build", "-o", program, "./cmd/lazyfix")
	build.Dir = strings.TrimSpace(string(root))
	if out, err := build.CombinedOutput(); err != nil {
		return "", fmt.Errorf("go build: %w\n%s", err, out)
	}
	if err := os.CopyFS(app, os.DirFS(filepath.Join(build.Dir, "fixtures", "sample_app"))); err != nil {
		return "", err
	}
	if err := os.Mkdir(filepath.Join(app, ".git"), 0o755); err != nil { // its names begin here
		return "", err
	}
	run := exec.Command(program, "review", "--no-cache", "--allow-dirty", "--color", "always", ".")
	run.Dir = app
	run.Stdin = strings.NewReader(strings.Repeat("n\n", 1000))
	var out, errors bytes.Buffer
	run.Stdout, run.Stderr = &out, &errors
	if err := run.Run(); err != nil && run.ProcessState.ExitCode() != 1 { // 1: something is left to do
		return "", fmt.Errorf("lazyfix review: %w\n%s", err, errors.Bytes())
	}
	return out.String(), nil
}

// The sizes of a character, and the colours of a dark terminal by their numbers.
const (
	charWidth, lineHeight, margin = 7.8, 18.0, 16.0
	background, foreground        = "#0d1117", "#e6edf3"
)

var colours = map[string]string{"31": "#ff7b72", "32": "#7ee787", "33": "#e3b341", "36": "#79c0ff"}

// look is how text looks until the next escape sequence.
type look struct {
	colour               string
	bold, faint, reverse bool
}

var escape = regexp.MustCompile("\x1b\\[([0-9;]*)m")

// svg draws a command and what it printed. An escape sequence that it does not know is an error: the picture would lie.
func svg(command, printed string) (string, error) {
	var body strings.Builder
	wide := 0
	lines := append([]string{"$ " + command}, strings.Split(strings.TrimSuffix(printed, "\n"), "\n")...)
	for row, line := range lines {
		column, now := 0, look{colour: foreground}
		text := func(piece string) {
			if piece != "" {
				now.draw(&body, row, column, piece)
			}
			column += utf8.RuneCountInString(piece)
			wide = max(wide, column)
		}
		at := 0
		for _, m := range escape.FindAllStringSubmatchIndex(line, -1) {
			text(line[at:m[0]])
			at = m[1]
			for code := range strings.SplitSeq(line[m[2]:m[3]], ";") {
				if err := now.set(code); err != nil {
					return "", err
				}
			}
		}
		text(line[at:])
	}
	width, height := float64(wide)*charWidth+2*margin, float64(len(lines))*lineHeight+2*margin
	return fmt.Sprintf(`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %.0f %.0f" width="%.0f" height="%.0f" `+
		`font-family="ui-monospace, SFMono-Regular, Menlo, Consolas, monospace" font-size="13" xml:space="preserve" style="white-space:pre">
<title>%s</title>
<rect width="100%%" height="100%%" rx="8" fill="%s"/>
%s</svg>
`, width, height, width, height, html.EscapeString(command), background, body.String()), nil
}

func (l *look) set(code string) error {
	switch code {
	case "0", "":
		*l = look{colour: foreground}
	case "1":
		l.bold = true
	case "2":
		l.faint = true
	case "7":
		l.reverse = true
	default:
		colour, known := colours[code]
		if !known {
			return fmt.Errorf("the escape sequence %s is not known", code)
		}
		l.colour = colour
	}
	return nil
}

// draw gives each piece its place and length, so that columns hold whatever font there is.
func (l look) draw(out *strings.Builder, row, column int, piece string) {
	x, y := margin+float64(column)*charWidth, margin+float64(row)*lineHeight
	width := float64(utf8.RuneCountInString(piece)) * charWidth
	fill, more := l.colour, ""
	if l.reverse {
		fmt.Fprintf(out, `<rect x="%.1f" y="%.1f" width="%.1f" height="%.1f" fill="%s"/>`+"\n", x, y, width, lineHeight, l.colour)
		fill = background
	}
	if strings.TrimSpace(piece) == "" {
		return
	}
	if l.bold {
		more += ` font-weight="bold"`
	}
	if l.faint {
		more += ` fill-opacity="0.6"`
	}
	fmt.Fprintf(out, `<text x="%.1f" y="%.1f" textLength="%.1f" fill="%s"%s>%s</text>`+"\n",
		x, y+lineHeight-5, width, fill, more, html.EscapeString(piece))
}
