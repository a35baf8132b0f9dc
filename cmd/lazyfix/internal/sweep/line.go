package sweep

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// linesFile is the name of the statistics in the output.
const linesFile = "sweep.jsonl"

// Line is what is known of one repository after its run.
type Line struct {
	Repository string `json:"repository"` // absolute path
	Name       string `json:"name"`
	Revision   string `json:"revision,omitempty"` // of git; ends in + where the working tree has changes
	Settings   string `json:"settings"`           // the version of lazyfix, and its options
	Failed     string `json:"failed,omitempty"`   // why there is no result; "" where there is one

	Files         int            `json:"files"`
	Lines         int            `json:"lines"`
	Relationships int            `json:"relationships"`
	Queries       int            `json:"queries"`
	Findings      int            `json:"findings"` // without undecided reads
	Fixable       int            `json:"fixable"`
	Undecided     int            `json:"undecided"`
	Errors        int            `json:"errors"` // files that could not be read or parsed
	Changed       int            `json:"changed"`
	Added         int            `json:"added"` // lines of the patch
	Removed       int            `json:"removed"`
	Rules         map[string]int `json:"rules"`
	Seconds       float64        `json:"seconds"`
}

// report is what a sweep looks at in the JSON of one run.
type report struct {
	Version  int `json:"version"`
	Findings []struct {
		Rule    string `json:"rule"`
		Fixable bool   `json:"fixable"`
	} `json:"findings"`
	Problems []struct {
		Warning bool `json:"warning"`
	} `json:"problems"`
	Changes []string `json:"changes"`
	Stats   struct {
		Files         int `json:"files"`
		Lines         int `json:"lines"`
		Relationships int `json:"relationships"`
		Queries       int `json:"queries"`
	} `json:"stats"`
}

// fill takes the statistics from what a run left.
func (l *Line) fill(reportText, patch []byte) error {
	var r report
	if err := json.Unmarshal(reportText, &r); err != nil {
		return fmt.Errorf("its report: %w", err)
	}
	if r.Version == 0 {
		return fmt.Errorf("its report has no version")
	}
	l.Rules = map[string]int{}
	for _, f := range r.Findings {
		l.Rules[f.Rule]++
		if f.Rule == "undecided-read" {
			l.Undecided++
			continue
		}
		l.Findings++
		if f.Fixable {
			l.Fixable++
		}
	}
	for _, p := range r.Problems {
		if !p.Warning {
			l.Errors++
		}
	}
	l.Files, l.Lines, l.Relationships, l.Queries, l.Changed = r.Stats.Files, r.Stats.Lines, r.Stats.Relationships, r.Stats.Queries, len(r.Changes)
	header := true
	for line := range bytes.Lines(patch) {
		switch {
		case bytes.HasPrefix(line, []byte("diff ")):
			header = true
		case bytes.HasPrefix(line, []byte("@@")):
			header = false
		case !header && line[0] == '+':
			l.Added++
		case !header && line[0] == '-':
			l.Removed++
		}
	}
	return nil
}

// done says whether a run with these would give the same.
func (l Line) done(r Repo, revision, settings string) bool {
	return l.Failed == "" && l.Name == r.Name && l.Revision == revision && !strings.HasSuffix(revision, "+") && l.Settings == settings
}

// readLinesOf are the lines of an earlier sweep by repository. A line that a kill cut off is passed over.
func readLinesOf(out string) map[string]Line {
	content, _ := os.ReadFile(filepath.Join(out, linesFile)) // none yet
	lines := map[string]Line{}
	for text := range bytes.Lines(content) {
		var l Line
		if json.Unmarshal(text, &l) == nil && l.Repository != "" {
			lines[l.Repository] = l
		}
	}
	return lines
}

// appendLine adds a line as soon as it is known.
func appendLine(out string, l Line) error {
	f, err := os.OpenFile(filepath.Join(out, linesFile), os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o644)
	if err != nil {
		return err
	}
	text, err := json.Marshal(l)
	if err == nil {
		// The newline before ends a line that a kill cut off; empty lines are none.
		_, err = f.Write(slices.Concat([]byte("\n"), text, []byte("\n")))
	}
	if closed := f.Close(); err == nil {
		err = closed
	}
	return err
}

// writeLines leaves one line a repository, sorted by name: those of this sweep, and of earlier ones.
func writeLines(out string, all map[string]Line) error {
	var text bytes.Buffer
	for _, l := range sorted(all) {
		one, err := json.Marshal(l)
		if err != nil {
			return err
		}
		text.Write(append(one, '\n'))
	}
	temp := filepath.Join(out, linesFile+".tmp")
	if err := os.WriteFile(temp, text.Bytes(), 0o644); err != nil {
		return err
	}
	return os.Rename(temp, filepath.Join(out, linesFile))
}

func sorted(all map[string]Line) []Line {
	var lines []Line
	for _, l := range all {
		lines = append(lines, l)
	}
	slices.SortFunc(lines, func(a, b Line) int {
		return slices.Compare([]string{a.Name, a.Repository}, []string{b.Name, b.Repository})
	})
	return lines
}
