package main

import (
	"fmt"
	"strings"

	"github.com/lazyfix/lazyfix/rewrite"
)

// counts are what the summaries say of findings.
type counts struct {
	findings, files, fixable, unsafe, undecided int
}

func count(findings []rewrite.Finding) counts {
	var c counts
	files := map[string]bool{}
	for _, f := range findings {
		if f.Rule == undecidedRule {
			c.undecided++
			continue
		}
		c.findings++
		files[f.File] = true
		switch {
		case f.Fixable:
			c.fixable++
		case f.Unsafe:
			c.unsafe++
		}
	}
	c.files = len(files)
	return c
}

// summary is the line that ends a run that wrote nothing.
func summary(result *rewrite.Result, s settings) string {
	if text := nothingRead(result, s); text != "" {
		return text
	}
	c := count(result.Findings)
	text := "no findings"
	if c.findings > 0 {
		text = plural(c.findings, "finding") + " in " + plural(c.files, "file")
	}
	if c.fixable > 0 {
		text += fmt.Sprintf(", %d can be written with --write", c.fixable)
	}
	if c.unsafe > 0 {
		text += fmt.Sprintf(", %d more with --write --unsafe", c.unsafe)
	}
	if c.undecided > 0 {
		text += "; " + plural(c.undecided, "undecided read")
	}
	return finish(text, result, s)
}

// writtenSummary is the line that ends --write; left is what remains.
func writtenSummary(result *rewrite.Result, left []rewrite.Finding, files int, s settings) string {
	if text := nothingRead(result, s); text != "" {
		return text
	}
	text := "nothing to write"
	if len(result.Changes) > 0 {
		text = plural(files, "file") + " written"
	}
	c := count(left)
	if c.findings > 0 {
		text += "; " + plural(c.findings, "finding") + pick(c.findings, " remains", " remain")
	}
	if c.unsafe > 0 {
		text += fmt.Sprintf(", %d can be written with --unsafe", c.unsafe)
	}
	if c.undecided > 0 {
		text += "; " + plural(c.undecided, "undecided read") + pick(c.undecided, " remains", " remain")
	}
	return finish(text, result, s)
}

// nothingRead is the sentence for a tree without Python files, else "".
func nothingRead(result *rewrite.Result, s settings) string {
	if result.Stats.Files > 0 || hasError(result.Problems) || len(result.Findings) > 0 {
		return ""
	}
	where := "here"
	if len(s.options.Paths) > 0 {
		where = "in " + printable(strings.Join(s.options.Paths, ", "))
	}
	return "No Python files " + where + ": nothing to do."
}

// finish adds what holds for the whole run, errors first, and makes it a sentence.
func finish(text string, result *rewrite.Result, s settings) string {
	errors := 0
	for _, p := range result.Problems {
		if !p.Warning {
			errors++
		}
	}
	if errors > 0 {
		text = plural(errors, "error") + "; " + text
	}
	text = strings.ToUpper(text[:1]) + text[1:] + ". " +
		plural(result.Stats.Files, "file") + ", " + plural(result.Stats.Relationships, "relationship") + "."
	if n := result.Stats.Eager; n > 0 && s.options.Eager != "move" {
		text += fmt.Sprintf(" %d %s loaded by %s: --eager move takes that to the queries.", n, pick(n, "is", "are"), pick(n, "its model", "their models"))
	}
	return text
}

func plural(n int, noun string) string {
	return fmt.Sprintf("%d %s", n, pick(n, noun, noun+"s"))
}

func pick(n int, one, many string) string {
	if n == 1 {
		return one
	}
	return many
}
