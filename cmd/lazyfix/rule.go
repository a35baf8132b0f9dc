package main

import (
	"fmt"
	"io"
	"strings"

	"github.com/lazyfix/lazyfix/rewrite"
)

const ruleHelp = `Usage: lazyfix rule          the rules, a line each
       lazyfix rule NAME     what one does, why, and how safe it is
`

// rule is the command of that name: the list of the rules, or all about one.
func (p program) rule(args []string, out io.Writer) error {
	if len(args) > 0 && (args[0] == "-h" || args[0] == "--help") {
		_, err := io.WriteString(out, ruleHelp)
		return err
	}
	if len(args) > 0 && strings.HasPrefix(args[0], "-") {
		return usagef("rule: there is no flag %s; it takes the name of a rule", args[0])
	}
	if len(args) > 1 {
		return usagef("rule takes one name")
	}
	if len(args) == 0 {
		writeRules(out, p.rules)
		return nil
	}
	for _, r := range p.rules {
		if r.Name == args[0] {
			writeRule(out, r)
			return nil
		}
	}
	return checkRules(args, p.rules, "rule")
}

func writeRules(out io.Writer, rules []rewrite.Rule) {
	width := 0
	for _, r := range rules {
		width = max(width, len(r.Name))
	}
	for _, r := range rules {
		fmt.Fprintf(out, "%-*s  %-6s  %s\n", width, r.Name, r.Safety, r.Summary)
	}
}

func writeRule(out io.Writer, r rewrite.Rule) {
	fmt.Fprintf(out, "%s (%s)\n\n%s\n\n%s\n", r.Name, r.Safety, r.Summary, strings.TrimSpace(r.Doc))
	for _, example := range []struct{ title, code string }{{"Before", r.Before}, {"After", r.After}} {
		code := strings.Trim(example.code, "\n")
		if code == "" {
			continue
		}
		fmt.Fprintf(out, "\n%s:\n\n", example.title)
		for line := range strings.SplitSeq(code, "\n") {
			fmt.Fprintln(out, strings.TrimRight("    "+line, " "))
		}
	}
}
