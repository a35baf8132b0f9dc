package main

import (
	"fmt"
	"io"
	"path/filepath"
	"slices"
	"strings"
	"unicode"

	"github.com/lazyfix/lazyfix/rewrite"
)

// maxSteps is how many steps of a way the report shows; explain shows all.
const maxSteps = 6

// reporter writes findings for people.
type reporter struct {
	painter
	out   io.Writer
	brief bool                     // no ways, and what has none is counted
	show  func(name string) string // of a file of the result
}

// newReporter judges w, which out ends up in.
func newReporter(w, out io.Writer, s settings, root string) reporter {
	return reporter{newPainter(w, s.color), out, s.quiet, shownFrom(root)}
}

// shownFrom says how to name a file of a result with this root: relative to the working folder, as a terminal or an
// editor opens it. Patches and JSON keep the name relative to the root.
func shownFrom(root string) func(string) string {
	same := func(name string) string { return name }
	if root == "" {
		return same
	}
	here, err := filepath.Abs(".")
	if err == nil {
		here, err = filepath.EvalSymlinks(here)
	}
	if err != nil {
		return same
	}
	return func(name string) string {
		rel, err := filepath.Rel(here, filepath.Join(root, filepath.FromSlash(name)))
		if err != nil {
			return name
		}
		return filepath.ToSlash(rel)
	}
}

// report prints the findings, one paragraph a file, what many have from one place and what is so in all of the program once, and the
// undecided reads. Under a finding stands the way from the read back to the query; more findings of one rule at one place follow with
// "and":
//
//	app/repo.py:12:5 missing-eager-load loads Order.items [--write]
//	    app/routes.py:30:9 reads Order.items
//	    <- queried in OrderRepository.get
//	  and loads Order.customer
//	    ...
func (r reporter) report(findings []rewrite.Finding) {
	var decided, undecided []rewrite.Finding
	for _, f := range findings {
		if f.Rule == undecidedRule {
			undecided = append(undecided, f)
		} else {
			decided = append(decided, f)
		}
	}
	single, program := ofProgram(decided)
	single, caused := byCause(single)
	r.findings(single)
	for i, all := range caused {
		if (i > 0 || len(single) > 0) && !r.brief {
			fmt.Fprintln(r.out)
		}
		r.caused(all)
	}
	for i, all := range program {
		if i == 0 && len(single)+len(caused) > 0 && !r.brief {
			fmt.Fprintln(r.out)
		}
		fmt.Fprintln(r.out, r.paint(r.rule, all[0].Rule), printable(programText(all)))
	}
	if len(undecided) == 0 {
		return
	}
	if len(decided) > 0 {
		fmt.Fprintln(r.out)
	}
	fmt.Fprintln(r.out, r.paint(r.head, "Undecided reads: no query that loads for them was found, or it cannot be edited."))
	// Most have the same advice: it is said once for all of them.
	var advices []string
	for _, f := range undecided {
		if !slices.Contains(advices, f.Advice) {
			advices = append(advices, f.Advice)
		}
	}
	for _, advice := range advices {
		if advice != "" {
			fmt.Fprintln(r.out, "\n"+r.paint(r.head, "Advice: "+printable(advice)))
		}
		var same []rewrite.Finding
		for _, f := range undecided {
			if f.Advice == advice {
				f.Advice = ""
				same = append(same, f)
			}
		}
		r.findings(same)
	}
}

// advised prints what was written and has something to say all the same, apart from what stands above it.
func (r reporter) advised(findings []rewrite.Finding, above bool) {
	head := r.paint(r.head, "Written, and worth a look:") + "\n"
	if above {
		head = "\n" + head
	}
	for _, f := range findings {
		if !f.Fixable || f.Advice == "" {
			continue
		}
		fmt.Fprint(r.out, head)
		head = ""
		fmt.Fprintln(r.out, r.paint(r.place, r.where(f.Place)), printable(f.Message)+": "+printable(f.Advice))
	}
}

// findings prints a list, one paragraph a file where ways or numbers make them long.
func (r reporter) findings(findings []rewrite.Finding) {
	for i := 0; i < len(findings); {
		f := findings[i]
		if i > 0 && f.File != findings[i-1].File && !r.brief {
			fmt.Fprintln(r.out)
		}
		if n := countable(findings[i:]); r.brief && n > 1 {
			fmt.Fprintln(r.out, r.paint(r.place, printable(r.show(f.File))), r.paint(r.rule, f.Rule), plural(n, "finding")+r.mark(f))
			i += n
			continue
		}
		joined := i > 0 && f.Place == findings[i-1].Place && f.Rule == findings[i-1].Rule && !r.brief
		if joined {
			fmt.Fprint(r.out, "  and")
		} else {
			fmt.Fprint(r.out, r.paint(r.place, r.where(f.Place)), " ", r.paint(r.rule, f.Rule))
		}
		fmt.Fprint(r.out, " ", printable(f.Message))
		if !joined || r.mark(f) != r.mark(findings[i-1]) {
			fmt.Fprint(r.out, r.mark(f))
		}
		fmt.Fprintln(r.out)
		if !r.brief {
			r.way(f)
		}
		if f.Advice != "" {
			fmt.Fprintln(r.out, "    advice: "+printable(f.Advice))
		}
		i++
	}
}

// countable is how many of the first findings say the same of the same file, with no way and nothing to do by hand.
func countable(findings []rewrite.Finding) int {
	first := findings[0]
	for i, f := range findings {
		if f.File != first.File || f.Rule != first.Rule || !f.Fixable || f.Unsafe != first.Unsafe || len(f.Why) > 0 || f.Advice != "" {
			return i
		}
	}
	return len(findings)
}

// way prints the steps from the read back to the query. What the line above says already is left out: the read of an
// undecided one, and the place of the query of others.
func (r reporter) way(f rewrite.Finding) {
	if len(f.Why) == 2 && f.Why[0].Place != f.Place && f.Why[1].Place == f.Place {
		fmt.Fprintln(r.out, r.paint(r.dim, "    "+r.step(f.Why[0], f)+" <- "+r.step(f.Why[1], f)))
		return
	}
	hidden := len(f.Why) - maxSteps
	for i, step := range f.Why {
		text := r.step(step, f)
		if hidden > 1 && i >= maxSteps/2 && i < maxSteps/2+hidden {
			if i > maxSteps/2 {
				continue
			}
			text = fmt.Sprintf("... %d more: lazyfix explain %s:%d", hidden, printable(r.show(f.Why[0].File)), f.Why[0].Line)
		}
		switch {
		case i == 0 && step.Place == f.Place:
			continue
		case i > 0:
			text = "<- " + text
		}
		fmt.Fprintln(r.out, r.paint(r.dim, "    "+text))
	}
}

// step is one step of the way of f.
func (r reporter) step(s rewrite.Step, f rewrite.Finding) string {
	if s.Place == f.Place {
		return printable(s.Text)
	}
	return r.where(s.Place) + " " + printable(s.Text)
}

// mark says which flags make the change.
func (r reporter) mark(f rewrite.Finding) string {
	switch {
	case f.Fixable:
		return " " + r.paint(r.dim, "[--write]")
	case f.Unsafe:
		return " " + r.paint(r.dim, "[--write --unsafe]")
	}
	return ""
}

func (r reporter) where(at rewrite.Place) string {
	return fmt.Sprintf("%s:%d:%d", printable(r.show(at.File)), at.Line, at.Column)
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
