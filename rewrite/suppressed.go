package rewrite

import (
	"fmt"
	"slices"
	"strings"

	"github.com/lazyfix/lazyfix/internal/nearest"
	"github.com/lazyfix/lazyfix/rewrite/internal/source"
)

// heedComments reads the rules that the comments of a file name, and says which comments do not do what they seem to. One
// without brackets that begins with a rule is for that rule: most who write it mean no other. With any other words it is
// for all rules, as the words may be a reason.
func heedComments(f *source.File) []Problem {
	if f.Suppress.SkipFile {
		return nil
	}
	var names []string
	for _, r := range rules {
		names = append(names, r.Name)
	}
	var said []Problem
	for i := range f.Suppress.Comments {
		c := &f.Suppress.Comments[i]
		if c.All {
			c.Rules = slices.DeleteFunc(slices.Clone(c.Words), func(word string) bool { return !slices.Contains(names, word) })
			c.All = len(c.Rules) == 0
			if text := withoutBrackets(c, names); text != "" {
				said = append(said, Problem{Path: f.Name, Line: c.Line, Reason: text, Warning: true})
			}
			continue
		}
		for _, name := range c.Rules {
			if !slices.Contains(names, name) {
				hint := ""
				if near := nearest.Name(name, names); near != "" {
					hint = " (did you mean " + near + "?)"
				}
				text := fmt.Sprintf("# lazyfix: ignore: there is no rule %q%s; lazyfix rule lists them", name, hint)
				said = append(said, Problem{Path: f.Name, Line: c.Line, Reason: text, Warning: true})
			}
		}
		if len(c.Rules) == 0 {
			said = append(said, Problem{Path: f.Name, Line: c.Line, Reason: "# lazyfix: ignore[] names no rule, and silences none", Warning: true})
		}
	}
	return said
}

// withoutBrackets says what a comment without brackets does where that may not be what it was written for.
func withoutBrackets(c *source.Comment, names []string) string {
	if !c.All {
		return fmt.Sprintf("# lazyfix: ignore: the brackets are missing; taken for ignore[%s], for no other rule", strings.Join(c.Rules, ", "))
	}
	if len(c.Words) == 0 {
		return ""
	}
	word := c.Words[0]
	near := nearest.Name(word, names)
	asLong := max(len(word), len(near))-min(len(word), len(near)) <= 2
	if near == "" || !strings.ContainsAny(word, "-_") && !asLong { // the first word of a reason is near to a rule by chance
		return ""
	}
	return fmt.Sprintf("# lazyfix: ignore %s: silences every rule here; did you mean ignore[%s]?", word, near)
}
