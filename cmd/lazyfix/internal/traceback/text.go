package traceback

import (
	"regexp"
	"strconv"
	"strings"
)

var (
	// A prefix can be a log's, or the bars of an exception group.
	plainFrame  = regexp.MustCompile(`^(.*?)File "([^"]+)", line (\d+)(?:, in (.+?))?\s*$`)
	pytestFrame = regexp.MustCompile(`^(\S[^:]*\.py):(\d+): (?:in (\S+)|\w*)\s*$`)
	// SQLAlchemy 2.1 wraps it: StatementError: (sqlalchemy.exc.MissingGreenlet) greenlet_spawn has not ...
	exception = regexp.MustCompile(`(?:^|[\s|.(])(?:MissingGreenlet|DetachedInstanceError|InvalidRequestError)[:)] (.*)$`)
	carets    = regexp.MustCompile(`^[\s|]*[~^]*\^+[~^]*\s*$`)
	// What begins a traceback of its own.
	begins = regexp.MustCompile(`Traceback \(most recent call last\):|^_{3,} .* _{3,}$|^={3,} `)
	// pydantic says which field it could not read in the line before.
	field = regexp.MustCompile(`^\s*(?:\w+\.)*(\w+)\s*$`)
	// FastAPI says it in one line.
	location = regexp.MustCompile(`'loc': \(([^)]*)\)[^}]*Error extracting attribute: `)
	lastName = regexp.MustCompile(`'(\w+)'[^']*$`)
)

func parseText(text string) []Failure {
	var found []Failure
	var frames []Frame
	add := func(f Frame) {
		// FastAPI names the endpoint below the message, pytest the place of the raise.
		if frames == nil && len(found) > 0 {
			last := &found[len(found)-1]
			last.Frames = append(last.Frames, f)
			return
		}
		frames = append(frames, f)
	}
	lines := strings.Split(text, "\n")
	for i, line := range lines {
		switch {
		case begins.MatchString(line):
			frames = []Frame{}
		case plainFrame.MatchString(line):
			m := plainFrame.FindStringSubmatch(line)
			add(frameOf(m[2], m[3], m[4], code(lines[i+1:], m[1])))
		case pytestFrame.MatchString(line):
			m := pytestFrame.FindStringSubmatch(line)
			f := frameOf(m[1], m[2], m[3], code(lines[i+1:], ""))
			if m[3] == "" { // the long style has the source before it
				f.Code, f.Mark = codeBefore(lines[:i]), ""
			}
			add(f)
		default:
			if f := failureIn(lines, i, frames); f != nil {
				found = append(found, *f)
				frames = nil
			}
		}
	}
	return found
}

// failureIn is the failure that line i tells of, nil where it tells of none.
func failureIn(lines []string, i int, frames []Frame) *Failure {
	m := exception.FindStringSubmatch(lines[i])
	if m == nil {
		return nil
	}
	f := failureOf(m[1], frames)
	if f == nil || f.Attr != "" || !strings.Contains(lines[i], "Error extracting attribute: ") {
		return f
	}
	if m := location.FindStringSubmatch(lines[i]); m != nil {
		if m := lastName.FindStringSubmatch(m[1]); m != nil {
			f.Attr = m[1]
		}
	} else if i > 0 {
		if m := field.FindStringSubmatch(lines[i-1]); m != nil {
			f.Attr = m[1]
		}
	}
	return f
}

func frameOf(file, line, function string, source [2]string) Frame {
	n, _ := strconv.Atoi(line) // digits; too many make line 0, which is nowhere
	return Frame{File: strings.ReplaceAll(file, `\`, "/"), Line: n, Function: function, Code: source[0], Mark: source[1]}
}

// code is the source under a frame, which is indented by more than the frame with its prefix, and the part of it that carets
// point at.
func code(after []string, prefix string) (source [2]string) {
	if len(after) == 0 || !strings.HasPrefix(after[0], prefix+" ") || isFrame(after[0]) {
		return source
	}
	source[0] = strings.TrimSpace(after[0][len(prefix):])
	if len(after) > 1 && carets.MatchString(after[1]) {
		start, end := strings.IndexAny(after[1], "~^"), strings.LastIndexAny(after[1], "~^")+1
		if start < len(after[0]) {
			source[1] = after[0][start:min(end, len(after[0]))]
		}
	}
	return source
}

func isFrame(line string) bool { return plainFrame.MatchString(line) || pytestFrame.MatchString(line) }

// codeBefore is the line that pytest marks with > above a place.
func codeBefore(before []string) string {
	for i := len(before) - 1; i >= 0; i-- {
		if text, ok := strings.CutPrefix(before[i], ">"); ok {
			return strings.TrimSpace(text)
		}
		if isFrame(before[i]) || strings.HasPrefix(before[i], "_ _") {
			break
		}
	}
	return ""
}
