package main

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/lazyfix/lazyfix/rewrite"
)

const explainHelp = `Usage: lazyfix explain FILE:LINE [path...]

Says what lazyfix knows of a line, whether it is where an object is queried, on
its way, or where a relationship is read: each finding with the way from the
read back to the query, and the source of each step; of a read that no finding
shows, its queries, and whether they load it; of a query or a loader that no
finding shows, the ways of the reads that it loads for. The program is what the
paths hold, without any the repository of FILE.
@flags

Exit code: 0 explained, 1 nothing is known of the line, 2 wrong usage.
`

// spot is FILE:LINE as the user gave it. A column after it, as the report prints places, is passed over.
type spot struct {
	file string // as given
	line int    // 1-based
}

var spotForm = regexp.MustCompile(`^(.+?):(\d+)(?::\d+)?:?$`)

func parseSpot(text string) (spot, error) {
	m := spotForm.FindStringSubmatch(text)
	if m == nil {
		return spot{}, usagef("explain: %q: want FILE:LINE", text)
	}
	line, err := strconv.Atoi(m[2])
	if err != nil || line < 1 {
		return spot{}, usagef("explain: %q: lines count from 1", text)
	}
	if info, err := os.Stat(m[1]); err != nil || info.IsDir() {
		return spot{}, usagef("explain: %s: there is no such file", printable(m[1]))
	}
	return spot{m[1], line}, nil
}

// explain is the command of that name. s has the spot as its first path.
func (p program) explain(ctx context.Context, s settings, out *bufio.Writer) (ending, error) {
	paths := s.options.Paths
	switch {
	case len(paths) == 0:
		return ending{}, usagef("explain: want FILE:LINE")
	case slices.Contains(paths, stdinPath):
		return ending{}, usagef("explain does not read standard input")
	}
	if err := refuseOthers("explain", s.given); err != nil {
		return ending{}, err
	}
	at, err := parseSpot(paths[0])
	if err != nil {
		return ending{}, err
	}
	if paths = paths[1:]; len(paths) == 0 {
		paths = []string{programOf(at.file)}
	}
	// The file itself too, as it may be one that the walk leaves out. All rules: the question is what there is to know.
	s.options.Paths = append(slices.Clone(paths), at.file)
	s.options.Select, s.options.Ignore, s.options.Reads = nil, nil, true
	result, err := p.watch(ctx, s)
	if err != nil {
		return ending{}, err
	}
	name, err := nameIn(result.Root, at.file)
	if err != nil {
		return ending{}, err
	}
	for _, problem := range result.Problems {
		if problem.Path == name {
			fmt.Fprintln(p.stderr, problemLine(problem))
		}
	}
	e := explainer{newReporter(p.stdout, out, s, result.Root), sources{root: result.Root}}
	found := false
	for _, f := range result.Findings {
		if !meets(&f, name, at.line) {
			continue
		}
		if found {
			fmt.Fprintln(out)
		}
		found = true
		e.finding(f)
	}
	if !found && (e.reads(result, name, at.line) || e.loads(result, name, at.line)) {
		return ending{}, nil
	}
	if !found {
		e.nothing(result, name, at.line)
	}
	return ending{remain: !found}, nil
}

// programOf is the repository that holds the file; without one the working folder, or the file's own where it is not
// below that.
func programOf(file string) string {
	abs, err := filepath.Abs(file)
	if err != nil {
		return "."
	}
	dir := filepath.Dir(abs)
	if root := repositoryOf(dir); root != "" {
		return root
	}
	if here, err := filepath.Abs("."); err == nil {
		if rel, err := filepath.Rel(here, dir); err == nil && filepath.IsLocal(rel) {
			return "."
		}
	}
	return dir
}

// nameIn is the name that a result with this root has for the file.
func nameIn(root, file string) (string, error) {
	real, err := filepath.Abs(file)
	if err == nil {
		real, err = filepath.EvalSymlinks(real)
	}
	if err == nil {
		real, err = filepath.Rel(root, real)
	}
	return filepath.ToSlash(real), err
}

// meets: the finding, or a step of its way, is at the line; or a step of another way, which then takes the place of that.
func meets(f *rewrite.Finding, name string, line int) bool {
	here := func(at rewrite.Place) bool { return at.File == name && at.Line == line }
	through := func(way []rewrite.Step) bool {
		return slices.ContainsFunc(way, func(s rewrite.Step) bool { return here(s.Place) })
	}
	if here(f.Place) || through(f.Why) {
		return true
	}
	i := slices.IndexFunc(f.More, through)
	if i >= 0 {
		f.Why = f.More[i]
	}
	return i >= 0
}

// explainer prints findings at length.
type explainer struct {
	reporter
	sources sources
}

func (e explainer) finding(f rewrite.Finding) {
	fmt.Fprintln(e.out, e.paint(e.place, e.where(f.Place)), e.paint(e.rule, f.Rule), printable(f.Message)+e.mark(f))
	if len(f.Why) == 0 {
		e.source(f.Place)
	}
	e.way(f.Why)
	if f.Advice != "" {
		fmt.Fprintln(e.out, "  advice: "+printable(f.Advice))
	}
}

// way prints the steps from a read to its query.
func (e explainer) way(steps []rewrite.Step) {
	for i, step := range steps {
		arrow := "<- "
		if i == 0 {
			arrow = ""
		}
		fmt.Fprintln(e.out, "  "+arrow+e.where(step.Place)+" "+printable(step.Text))
		e.source(step.Place)
	}
}

func (e explainer) source(at rewrite.Place) {
	if text := strings.TrimSpace(e.sources.line(at.File, at.Line)); text != "" {
		fmt.Fprintln(e.out, e.paint(e.dim, "       | "+printable(text)))
	}
}

var (
	attribute = regexp.MustCompile(`\.\s*([\pL_][\pL\pN_]*)`)
	silenced  = regexp.MustCompile(`#\s*lazyfix:\s*(ignore|skip-file)`)
)

// reads says of the reads in a line that no finding meets which queries their objects come from; false when there are none.
func (e explainer) reads(result *rewrite.Result, name string, line int) bool {
	found := false
	for _, r := range result.Reads {
		if r.File != name || r.Line != line {
			continue
		}
		if !found {
			fmt.Fprintf(e.out, "Nothing is reported of %s:%d.\n", printable(e.show(name)), line)
			e.source(r.Place)
		}
		found = true
		query := e.where(r.Query)
		if r.Loaded {
			fmt.Fprintf(e.out, ".%s is read of what is queried at %s, which loads it already.\n", r.Name, query)
		} else {
			fmt.Fprintf(e.out, ".%s is read of what is queried at %s; another read needs the same: lazyfix explain %s\n", r.Name, query, query)
		}
	}
	return found
}

// loads says of a query, or a loader, in a line that no finding meets what of the objects it loads is read, and the way from
// there; false where that is nothing. Of the reads of one relationship one is shown, as a finding does.
func (e explainer) loads(result *rewrite.Result, name string, line int) bool {
	type loaded struct {
		name  string
		query rewrite.Place
	}
	shown := map[loaded]bool{}
	for _, r := range result.Reads {
		if !r.Loaded || !leadsThrough(r, name, line) || shown[loaded{r.Name, r.Query}] {
			continue
		}
		if len(shown) == 0 {
			fmt.Fprintf(e.out, "Nothing is reported of %s:%d.\n", printable(e.show(name)), line)
			e.source(rewrite.Place{File: name, Line: line})
		}
		shown[loaded{r.Name, r.Query}] = true
		fmt.Fprintf(e.out, "What is queried at %s loads .%s already:\n", e.where(r.Query), r.Name)
		e.way(r.Why)
	}
	return len(shown) > 0
}

// leadsThrough: the line is on the way from a read to its query, or in a loader that the query has for it.
func leadsThrough(r rewrite.Read, name string, line int) bool {
	return slices.ContainsFunc(r.Why, func(s rewrite.Step) bool { return s.File == name && s.Line == line }) ||
		slices.ContainsFunc(r.Options, func(o [2]rewrite.Place) bool {
			return o[0].File == name && o[0].Line <= line && line <= o[1].Line
		})
}

// nothing says what stands at a line that no finding meets.
func (e explainer) nothing(result *rewrite.Result, name string, line int) {
	at := rewrite.Place{File: name, Line: line}
	shown := fmt.Sprintf("%s:%d", printable(e.show(name)), line)
	text := e.sources.line(name, line)
	fmt.Fprintf(e.out, "Nothing is known of %s.\n", shown)
	if strings.TrimSpace(text) == "" {
		fmt.Fprintln(e.out, "There is no code in this line.")
		return
	}
	e.source(at)
	said := false
	for _, m := range attribute.FindAllStringSubmatch(text, -1) {
		for _, r := range result.Relationships {
			if r.Name != m[1] {
				continue
			}
			said = true
			fmt.Fprintf(e.out, ".%s is the name of %s.%s, a relationship with lazy=%q (%s).\n", r.Name, r.Class, r.Name, r.Lazy, e.where(r.Place))
		}
	}
	switch {
	case silenced.MatchString(text):
		fmt.Fprintln(e.out, "A comment keeps lazyfix silent here.")
	case said:
		fmt.Fprintln(e.out, "If that is read here: no query that lazyfix follows leads to it. The object may be new, or one that the session holds, or one that lazyfix does not see.")
	default:
		fmt.Fprintln(e.out, "No attribute in it has the name of a relationship of this program.")
	}
}

// sources gives the lines of the program's files.
type sources struct{ root string }

// line is a line (1-based) of the file of that name, without its end; "" where there is none.
func (s sources) line(name string, number int) string {
	content, err := os.ReadFile(filepath.Join(s.root, filepath.FromSlash(name)))
	if err != nil {
		return ""
	}
	for line := range bytes.Lines(content) {
		if number--; number == 0 {
			return strings.ToValidUTF8(string(bytes.TrimRight(line, "\r\n")), "\ufffd")
		}
	}
	return ""
}

// find are the numbers of the lines (1-based) that read so, blanks around them apart.
func (s sources) find(name, text string) []int {
	content, err := os.ReadFile(filepath.Join(s.root, filepath.FromSlash(name)))
	if err != nil {
		return nil
	}
	var found []int
	number := 0
	for line := range bytes.Lines(content) {
		number++
		if strings.TrimSpace(string(line)) == text {
			found = append(found, number)
		}
	}
	return found
}
