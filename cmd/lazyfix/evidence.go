package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strings"

	"github.com/lazyfix/lazyfix/internal/smallfile"
	"github.com/lazyfix/lazyfix/rewrite"
)

const evidenceHelp = `Usage: lazyfix evidence FILE [path...]

Compares what a run of the program recorded with what lazyfix derives: loader
paths that it missed, with the way from the read to the query; those that both
know; and those that the run never came by. FILE is from

  pytest --lazyfix-record=FILE

with lazyfix from PyPI in the environment. It writes nothing: lazyfix --evidence
FILE with --write or --dry-run makes the options of both. The program is what
the paths hold, without any the repository of the working folder.
@flags

Exit code: 0 lazyfix derives all that was recorded, 1 not all, 2 wrong usage.
`

// readEvidence reads what runs recorded; nil where no file is named.
func readEvidence(files []string) (*rewrite.Evidence, error) {
	if len(files) == 0 {
		return nil, nil
	}
	var all rewrite.Evidence
	for _, name := range files {
		f, _, err := smallfile.Open(name)
		if errors.Is(err, fs.ErrNotExist) {
			return nil, usagef("there is no evidence %s; pytest --lazyfix-record=%[1]s makes it", name)
		}
		if err != nil {
			return nil, fmt.Errorf("evidence: %w", err)
		}
		err = all.Read(printable(name), f)
		if err = errors.Join(err, f.Close()); err != nil {
			return nil, err
		}
	}
	return &all, nil
}

// evidence is the command of that name. The file is the first of the paths.
func (p program) evidence(ctx context.Context, args []string, out *bufio.Writer) (ending, error) {
	args, err := permute(args, newApp(out, p.stderr, nil, p.rules).Flags)
	if err != nil {
		return ending{}, err
	}
	first := slices.Index(args, "--") + 1
	if first == 0 || first == len(args) {
		return ending{}, usagef("evidence: want a file that pytest --lazyfix-record wrote")
	}
	return p.withSettings(ctx, p.compare(args[first]), slices.Delete(args, first, first+1), out)
}

// compare is the command on the file.
func (p program) compare(file string) command {
	return func(ctx context.Context, s settings, out *bufio.Writer) (ending, error) {
		switch {
		case file == stdinPath || slices.Contains(s.options.Paths, stdinPath):
			return ending{}, usagef("evidence does not read standard input")
		case s.format != "text" && s.format != "json":
			return ending{}, usagef("evidence --format %s: want text or json", s.format)
		}
		if err := refuseOthers("evidence", s.given); err != nil {
			return ending{}, err
		}
		recorded, err := readEvidence(append([]string{file}, s.evidence...))
		if err != nil {
			return ending{}, err
		}
		s.options.Evidence = recorded
		if len(s.options.Paths) == 0 {
			s.options.Paths = []string{programHere()}
		}
		return p.compared(ctx, s, out)
	}
}

// compared analyzes and prints the comparison.
func (p program) compared(ctx context.Context, s settings, out *bufio.Writer) (ending, error) {
	s.options.Select, s.options.Ignore = nil, nil
	result, err := p.watch(ctx, s)
	if err != nil {
		return ending{}, err
	}
	for _, problem := range result.Problems {
		if !problem.Warning { // what is stale is among the statuses
			fmt.Fprintln(p.stderr, problemLine(problem))
		}
	}
	counts := map[rewrite.EvidenceStatus]int{}
	for _, e := range result.Evidence {
		counts[e.Status]++
	}
	end := ending{remain: counts[rewrite.RecordedOnly]+counts[rewrite.NoQuery]+counts[rewrite.Stale] > 0, failed: hasError(result.Problems)}
	if s.forMachines() {
		return end, writeEvidence(out, result)
	}
	newReporter(p.stdout, out, s, result.Root).evidence(result.Evidence, counts)
	p.say(s, out, evidenceSummary(counts))
	return end, nil
}

// evidenceHeads say what the statuses mean.
var evidenceHeads = map[rewrite.EvidenceStatus]string{
	rewrite.RecordedOnly: "Recorded, not derived: lazyfix did not see these reads.",
	rewrite.NoQuery:      "Recorded, and no query is known for it.",
	rewrite.BothKnow:     "Derived and recorded.",
	rewrite.DerivedOnly:  "Derived, not recorded: the run did not come by.",
	rewrite.LoadedNow:    "Recorded, though its query loads it: since then, or the object was expired, or in the session before.",
	rewrite.OnlyTests:    "Recorded of the tests' own code.",
	rewrite.Stale:        "Stale: the code has changed since.",
	rewrite.Elsewhere:    "Recorded of what was not read.",
}

// evidence prints a comparison, a paragraph a status. The way is shown of what was not derived: the other ways are those of
// the report.
func (r reporter) evidence(all []rewrite.Evidenced, counts map[rewrite.EvidenceStatus]int) {
	var last rewrite.EvidenceStatus
	for _, e := range all {
		if e.Status != last {
			if last != "" {
				fmt.Fprintln(r.out)
			}
			last = e.Status
			fmt.Fprintf(r.out, "%s %d\n", r.paint(r.head, evidenceHeads[e.Status]), counts[e.Status])
		}
		kinds := ""
		if len(e.Kinds) > 0 {
			kinds = r.paint(r.dim, " ("+strings.Join(e.Kinds, ", ")+")")
		}
		where := "-"
		if e.File != "" {
			where = r.where(e.Place)
		}
		fmt.Fprintln(r.out, r.paint(r.place, where), printable(e.LoaderPath)+kinds)
		if e.Reason != "" {
			fmt.Fprintln(r.out, "    "+printable(e.Reason))
		}
		if !r.brief && (e.Status == rewrite.RecordedOnly || e.Status == rewrite.NoQuery) {
			r.way(rewrite.Finding{Place: e.Place, Why: e.Why})
		}
	}
}

func evidenceSummary(counts map[rewrite.EvidenceStatus]int) string {
	recorded := counts[rewrite.RecordedOnly] + counts[rewrite.NoQuery] + counts[rewrite.BothKnow] + counts[rewrite.LoadedNow]
	text := fmt.Sprintf("%s recorded: %d derived too, %d loaded by their queries, %d not derived; %d derived that no run came by",
		plural(recorded, "loader path"), counts[rewrite.BothKnow], counts[rewrite.LoadedNow],
		counts[rewrite.RecordedOnly]+counts[rewrite.NoQuery], counts[rewrite.DerivedOnly])
	if n := counts[rewrite.Stale]; n > 0 {
		text += fmt.Sprintf("; %d stale", n)
	}
	return text
}

// The comparison as JSON, written out here for the same reason as the report.
type (
	jsonEvidence struct {
		Version     int             `json:"version"`
		Root        string          `json:"root"`
		LoaderPaths []jsonEvidenced `json:"loader_paths"`
		Problems    []jsonProblem   `json:"problems"`
	}
	jsonEvidenced struct {
		Status rewrite.EvidenceStatus `json:"status"`
		jsonPlace
		LoaderPath string     `json:"loader_path"`
		Kinds      []string   `json:"kinds"`
		Why        []jsonStep `json:"why"`
		Reason     string     `json:"reason,omitempty"`
	}
)

func writeEvidence(out *bufio.Writer, result *rewrite.Result) error {
	r := jsonEvidence{Version: jsonVersion, Root: result.Root, LoaderPaths: []jsonEvidenced{}, Problems: []jsonProblem{}}
	for _, e := range result.Evidence {
		why := []jsonStep{}
		for _, step := range e.Why {
			why = append(why, jsonStep{jsonPlace(step.Place), step.Text})
		}
		r.LoaderPaths = append(r.LoaderPaths, jsonEvidenced{e.Status, jsonPlace(e.Place), e.LoaderPath, append([]string{}, e.Kinds...), why, e.Reason})
	}
	for _, p := range result.Problems {
		r.Problems = append(r.Problems, jsonProblem{p.Path, p.Line, p.Reason, p.Warning})
	}
	return encode(out, r)
}
