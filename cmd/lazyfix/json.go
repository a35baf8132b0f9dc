package main

import (
	"encoding/json"
	"io"

	"github.com/lazyfix/lazyfix/rewrite"
)

// jsonVersion is the version of the report's structure. It grows when something is removed or changes its meaning; new
// keys may come at any time.
const jsonVersion = 1

// The report as JSON. The structure is written out here, apart from package rewrite's types, so that those can change
// without breaking who reads it. Lines and columns are 1-based, columns in bytes; lists are never null.
type (
	jsonReport struct {
		Version  int           `json:"version"`
		Root     string        `json:"root"` // absolute; names are relative to it
		Findings []jsonFinding `json:"findings"`
		Problems []jsonProblem `json:"problems"`
		Changes  []string      `json:"changes"` // names of files that --write would write, or was to
		Written  []string      `json:"written"` // those that --write did write
		Stats    jsonStats     `json:"stats"`
	}
	jsonFinding struct {
		Rule string `json:"rule"`
		jsonPlace
		Scope      string     `json:"scope"`       // qualified name of the function or class around it; "" at module level
		LoaderPath string     `json:"loader_path"` // that it is about; "" where there is none
		Message    string     `json:"message"`
		Advice     string     `json:"advice,omitempty"`
		Why        []jsonStep `json:"why"`      // from the read to the query
		Fixable    bool       `json:"fixable"`  // by --write
		Unsafe     bool       `json:"unsafe"`   // by --write --unsafe only
		Recorded   bool       `json:"recorded"` // a run recorded it, and it is not derived
	}
	jsonPlace struct {
		File   string `json:"file"`
		Line   int    `json:"line"`
		Column int    `json:"column"`
	}
	jsonStep struct {
		jsonPlace
		Text string `json:"text"`
	}
	jsonProblem struct {
		File    string `json:"file"`
		Line    int    `json:"line,omitempty"`
		Reason  string `json:"reason"`
		Warning bool   `json:"warning"`
	}
	jsonStats struct {
		Files         int `json:"files"`
		Lines         int `json:"lines"`
		Classes       int `json:"classes"`
		Relationships int `json:"relationships"`
		Factories     int `json:"factories"`
		Queries       int `json:"queries"`
		Functions     int `json:"functions"`
	}
)

// writeJSON prints the report. written are the names of the files that were.
func writeJSON(out io.Writer, result *rewrite.Result, written []string) error {
	st := result.Stats
	r := jsonReport{
		Version: jsonVersion, Root: result.Root, Findings: []jsonFinding{}, Problems: []jsonProblem{}, Changes: []string{},
		Written: append([]string{}, written...),
		Stats:   jsonStats{st.Files, st.Lines, st.Classes, st.Relationships, st.Factories, st.Queries, st.Functions},
	}
	for _, f := range result.Findings {
		why := []jsonStep{}
		for _, step := range f.Why {
			why = append(why, jsonStep{jsonPlace(step.Place), step.Text})
		}
		r.Findings = append(r.Findings, jsonFinding{f.Rule, jsonPlace(f.Place), f.Scope, f.LoaderPath, f.Message, f.Advice, why, f.Fixable, f.Unsafe, f.Recorded})
	}
	for _, p := range result.Problems {
		r.Problems = append(r.Problems, jsonProblem{p.Path, p.Line, p.Reason, p.Warning})
	}
	for _, c := range result.Changes {
		r.Changes = append(r.Changes, c.Name)
	}
	return encode(out, r)
}

func encode(out io.Writer, v any) error {
	encoder := json.NewEncoder(out)
	encoder.SetEscapeHTML(false) // -> and < in messages
	encoder.SetIndent("", "  ")
	return encoder.Encode(v)
}
