// Package traceback reads what a lazy load that failed leaves behind.
//
// In: text with a Python traceback (as the interpreter prints it, as pytest does in its long, short and native styles, in a
// log between other lines, or in an event of Sentry as JSON). Out: the failures in it, each with the frames on the way to
// it. Which file of a program a frame is in, it does not know.
package traceback

import (
	"bytes"
	"regexp"
	"strings"
)

// Kind is what SQLAlchemy complained of.
type Kind string

// The kinds; the values are the names of the exceptions as people know them.
const (
	Greenlet Kind = "MissingGreenlet"
	Detached Kind = "DetachedInstanceError"
	Raises   Kind = "InvalidRequestError" // not available due to lazy=
)

// Frame is one line of a traceback.
type Frame struct {
	File     string // as it says, with slashes
	Line     int
	Function string // "" where it does not say
	Code     string // the source line, trimmed; "" where it does not say
	Mark     string // the part of Code that it points at; "" where it does not say
}

// Failure is one lazy load that failed.
type Failure struct {
	Kind    Kind
	Class   string // of the object, "" where the message does not say
	Attr    string // that was read, "" where neither the message nor the mark of a frame says
	Expired bool   // an attribute that a commit or rollback expired was refreshed
	Message string
	Frames  []Frame // outermost first
}

// Parse finds the failures in a text, in their order. There are none where it has no such exception.
func Parse(text []byte) []Failure {
	if trimmed := bytes.TrimSpace(text); len(trimmed) > 0 && (trimmed[0] == '{' || trimmed[0] == '[') {
		if found := parseJSON(trimmed); len(found) > 0 {
			return found
		}
	}
	return parseText(strings.ReplaceAll(string(text), "\r\n", "\n"))
}

var (
	raises   = regexp.MustCompile(`'(?:(\w+)\.)?(\w+)' is not available due to lazy='\w+'`)
	detached = regexp.MustCompile(`(?:Parent i|I)nstance <(\w+) at 0x[0-9a-f]+> is not bound to a Session; (?:lazy load operation of attribute '(\w+)'|(attribute refresh operation))`)
	greenlet = regexp.MustCompile(`greenlet_spawn has not been called; can't call await_\w*\(\)`)
)

// failureOf reads a message; nil where it is of another failure.
func failureOf(message string, frames []Frame) *Failure {
	f := &Failure{Message: message, Frames: frames}
	if m := raises.FindStringSubmatch(message); m != nil {
		f.Kind, f.Class, f.Attr = Raises, m[1], m[2]
		return f
	}
	if m := detached.FindStringSubmatch(message); m != nil {
		f.Kind, f.Class, f.Attr, f.Expired = Detached, m[1], m[2], m[3] != ""
		return f
	}
	if !greenlet.MatchString(message) {
		return nil
	}
	f.Kind = Greenlet
	for _, frame := range frames {
		f.Expired = f.Expired || frame.Function == "_load_expired"
	}
	return f
}

var marked = regexp.MustCompile(`\.\s*(\w+)\s*$`)

// MarkedAttr is the attribute that the frame points at, "" where it points at none.
func (f Frame) MarkedAttr() string {
	if m := marked.FindStringSubmatch(f.Mark); m != nil {
		return m[1]
	}
	return ""
}
