package traceback

import (
	"bytes"
	"encoding/json"
	"maps"
	"slices"
	"strings"
)

// An event has its exceptions under exception.values, and an export of the web API under entries; keys are in snake case or
// camel case. So they are looked for wherever they stand: an object with a value and a stacktrace.
type (
	sentryException struct {
		Value      string           `json:"value"`
		Stacktrace sentryStacktrace `json:"stacktrace"`
	}
	sentryStacktrace struct {
		Frames []sentryFrame `json:"frames"` // outermost first
	}
	sentryFrame struct {
		Filename    string  `json:"filename"`
		AbsPath     string  `json:"abs_path"`
		AbsPathAPI  string  `json:"absPath"`
		Line        int     `json:"lineno"`
		LineAPI     int     `json:"lineNo"`
		Function    string  `json:"function"`
		ContextLine string  `json:"context_line"`
		Context     [][]any `json:"context"` // of the API: pairs of number and line
	}
)

// parseJSON finds the failures in one JSON value, or in one a line, up to what is none.
func parseJSON(text []byte) []Failure {
	var found []Failure
	decoder := json.NewDecoder(bytes.NewReader(text))
	for {
		var value any
		if decoder.Decode(&value) != nil {
			return found
		}
		walk(value, &found)
	}
}

func walk(value any, found *[]Failure) {
	switch v := value.(type) {
	case []any:
		for _, one := range v {
			walk(one, found)
		}
	case map[string]any:
		if _, ok := v["stacktrace"].(map[string]any); ok {
			if f := exceptionOf(v); f != nil {
				*found = append(*found, *f)
			}
			return
		}
		for _, key := range sortedKeys(v) {
			walk(v[key], found)
		}
	}
}

func exceptionOf(object map[string]any) *Failure {
	text, err := json.Marshal(object)
	var e sentryException
	if err != nil || json.Unmarshal(text, &e) != nil {
		return nil
	}
	var frames []Frame
	for _, f := range e.Stacktrace.Frames {
		out := Frame{File: f.AbsPath, Line: f.Line + f.LineAPI, Function: f.Function, Code: strings.TrimSpace(f.ContextLine)}
		for _, path := range []string{f.AbsPathAPI, f.Filename} {
			if out.File == "" {
				out.File = path
			}
		}
		for _, pair := range f.Context {
			if len(pair) == 2 && pair[0] == float64(out.Line) {
				out.Code, _ = pair[1].(string)
				out.Code = strings.TrimSpace(out.Code)
			}
		}
		out.File = strings.ReplaceAll(out.File, `\`, "/")
		frames = append(frames, out)
	}
	lines := strings.Split(e.Value, "\n")
	for i := range lines { // pydantic's has more than one
		if f := failureIn(lines, i, frames); f != nil {
			return f
		}
	}
	return failureOf(e.Value, frames)
}

func sortedKeys(object map[string]any) []string { return slices.Sorted(maps.Keys(object)) }
