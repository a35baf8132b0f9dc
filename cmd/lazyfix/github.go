package main

import (
	"fmt"
	"io"
	"strings"

	"github.com/lazyfix/lazyfix/rewrite"
)

// writeGitHub prints workflow commands, which GitHub Actions shows as annotations at the lines of a pull request. Names
// are relative to the root, which is the folder that a workflow checks out. GitHub shows ten warnings a step; SARIF has no
// such bound. What is so in all of the program is one.
func writeGitHub(out io.Writer, result *rewrite.Result, findings []rewrite.Finding) {
	for _, p := range result.Problems {
		level, line := "error", ""
		if p.Warning {
			level = "warning"
		}
		if p.Line > 0 {
			line = fmt.Sprintf(",line=%d", p.Line)
		}
		fmt.Fprintf(out, "::%s file=%s%s,title=lazyfix::%s\n", level, githubProperty(p.Path), line, githubMessage(p.Reason))
	}
	single, program := ofProgram(findings)
	for _, all := range program {
		fmt.Fprintf(out, "::warning title=%s::%s\n", githubProperty("lazyfix "+all[0].Rule), githubMessage(programText(all)))
	}
	for _, f := range single {
		text := f.Message
		for i, step := range f.Why {
			arrow := "<- "
			if i == 0 {
				arrow = ""
			}
			text += fmt.Sprintf("\n%s%s:%d:%d %s", arrow, step.File, step.Line, step.Column, step.Text)
		}
		if f.Advice != "" {
			text += "\nadvice: " + f.Advice
		}
		if f.Fixable {
			text += "\nlazyfix --write makes the change."
		}
		fmt.Fprintf(out, "::warning file=%s,line=%d,col=%d,title=%s::%s\n", githubProperty(f.File), f.Line, f.Column,
			githubProperty("lazyfix "+f.Rule), githubMessage(text))
	}
}

// The escapes of GitHub's own toolkit: a percent sign first, as the others make some.
var (
	githubData  = strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A")
	githubValue = strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A", ":", "%3A", ",", "%2C")
)

func githubMessage(text string) string  { return githubData.Replace(text) }
func githubProperty(text string) string { return githubValue.Replace(text) }
