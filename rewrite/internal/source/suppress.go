package source

import (
	"bytes"
	"regexp"
	"slices"
	"strings"
)

// Suppressions are the comments of one file that tell lazyfix to be silent. They are found in the text, not in the
// tree: one that stands in a string counts too, which is harmless and cheap.
type Suppressions struct {
	// SkipFile is set by `# lazyfix: skip-file` on a line of its own, anywhere in the file: nothing in it is reported or
	// edited.
	SkipFile bool

	lines map[int][]string // 1-based line to rule names; empty names mean every rule
}

var (
	ignoreComment = regexp.MustCompile(`#\s*lazyfix:\s*ignore\b(?:\[([^\]]*)\])?`)
	skipComment   = regexp.MustCompile(`(?m)^[ \t]*#\s*lazyfix:\s*skip-file\b`)
	marker        = []byte("lazyfix:")
)

// Suppressed says whether the line (1-based) has `# lazyfix: ignore` or `# lazyfix: ignore[rule, ...]` with this rule, or
// the file says skip-file.
func (s Suppressions) Suppressed(line int, rule string) bool {
	if s.SkipFile {
		return true
	}
	names, found := s.lines[line]
	return found && (len(names) == 0 || slices.Contains(names, rule))
}

// suppressions reads the comments of a text.
func suppressions(text []byte) Suppressions {
	var s Suppressions
	if !bytes.Contains(text, marker) {
		return s
	}
	s.SkipFile = skipComment.Match(text)
	line := 0
	for raw := range bytes.Lines(text) {
		line++
		if !bytes.Contains(raw, marker) {
			continue
		}
		found := ignoreComment.FindSubmatch(raw)
		if found == nil {
			continue
		}
		if s.lines == nil {
			s.lines = map[int][]string{}
		}
		var names []string
		if found[1] != nil {
			names = []string{""} // `ignore[]` names no rule, and must not mean all of them
			for name := range strings.SplitSeq(string(found[1]), ",") {
				names = append(names, strings.TrimSpace(name))
			}
		}
		s.lines[line] = names
	}
	return s
}
