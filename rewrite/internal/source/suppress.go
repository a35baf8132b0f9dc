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

	Comments []Comment // `# lazyfix: ignore`, one a line, by line
}

// Comment silences a line.
type Comment struct {
	Line  int      // 1-based
	All   bool     // it is for every rule: there are no brackets
	Rules []string // else those that it is for
	Words []string // what stands right behind it where the brackets are missing: names of rules, or of a reason the first word
}

var (
	ignoreComment = regexp.MustCompile(`#\s*lazyfix:\s*ignore\b(?:\s*\[([^\]]*)\]|[\s:=(]*([\w-]+(?:\s*,\s*[\w-]+)*))?`)
	skipComment   = regexp.MustCompile(`(?m)^[ \t]*#\s*lazyfix:\s*skip-file\b`)
	marker        = []byte("lazyfix:")
)

// Suppressed says whether a comment on the line (1-based) is for this rule, or the file says skip-file.
func (s Suppressions) Suppressed(line int, rule string) bool {
	if s.SkipFile {
		return true
	}
	i, found := slices.BinarySearchFunc(s.Comments, line, func(c Comment, line int) int { return c.Line - line })
	return found && (s.Comments[i].All || slices.Contains(s.Comments[i].Rules, rule))
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
		if found := ignoreComment.FindSubmatch(raw); found != nil {
			s.Comments = append(s.Comments, Comment{Line: line, All: found[1] == nil, Rules: words(found[1]), Words: words(found[2])})
		}
	}
	return s
}

// words are those that commas separate.
func words(text []byte) (list []string) {
	for one := range strings.SplitSeq(string(text), ",") {
		if one = strings.TrimSpace(one); one != "" {
			list = append(list, one)
		}
	}
	return list
}
