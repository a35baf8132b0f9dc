package main

import (
	"fmt"
	"io"
	"strings"
	"unicode"

	"github.com/lazyfix/lazyfix/rewrite"
)

// writeReport prints the findings, one paragraph a file, and the undecided reads after them:
//
//	app/repo.py:12:5 missing-eager-load Order.items is read but not loaded [--write]
//	    app/routes.py:30:9 reads Order.items
//	    -> app/repo.py:12:5 returned by OrderRepository.get
//	    advice: ...
func writeReport(p painter, out io.Writer, findings []rewrite.Finding) {
	var undecided []rewrite.Finding
	file := ""
	for _, f := range findings {
		if f.Rule == undecidedRule {
			undecided = append(undecided, f)
			continue
		}
		if file != "" && f.File != file {
			fmt.Fprintln(out)
		}
		file = f.File
		writeFinding(p, out, f)
	}
	if len(undecided) == 0 {
		return
	}
	if file != "" {
		fmt.Fprintln(out)
	}
	fmt.Fprintln(out, p.paint(p.head, "Undecided reads: no query that loads for them was found, or it cannot be edited."))
	for _, f := range undecided {
		writeFinding(p, out, f)
	}
}

func writeFinding(p painter, out io.Writer, f rewrite.Finding) {
	fmt.Fprintf(out, "%s %s %s", p.paint(p.place, place(f.Place)), p.paint(p.rule, f.Rule), printable(f.Message))
	switch {
	case f.Fixable:
		fmt.Fprint(out, " ", p.paint(p.dim, "[--write]"))
	case f.Unsafe:
		fmt.Fprint(out, " ", p.paint(p.dim, "[--write --unsafe]"))
	}
	fmt.Fprintln(out)
	for i, step := range f.Why {
		arrow := "-> "
		if i == 0 {
			arrow = ""
		}
		fmt.Fprintln(out, p.paint(p.dim, "    "+arrow+place(step.Place)+" "+printable(step.Text)))
	}
	if f.Advice != "" {
		fmt.Fprintln(out, "    advice: "+printable(f.Advice))
	}
}

func place(at rewrite.Place) string {
	return fmt.Sprintf("%s:%d:%d", printable(at.File), at.Line, at.Column)
}

// problemLine is a problem as compilers write theirs.
func problemLine(p rewrite.Problem) string {
	at, level := printable(p.Path), "error"
	if p.Line > 0 {
		at = fmt.Sprintf("%s:%d", at, p.Line)
	}
	if p.Warning {
		level = "warning"
	}
	return fmt.Sprintf("%s: %s: %s", at, level, printable(p.Reason))
}

// printable keeps what a file name or a piece of source can hold from steering the terminal, and on one line.
func printable(text string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsControl(r) {
			return unicode.ReplacementChar
		}
		return r
	}, text)
}
