package main

import (
	"fmt"
	"slices"

	"github.com/lazyfix/lazyfix/rewrite"
)

// minReaders is how many findings are told together by the place that they have in common.
const minReaders = 4

// byCause takes out of a list what several findings say of the same place in other functions: a rollback in a function that many call
// expires what each of them reads afterwards. JSON and SARIF have them where the reads are.
func byCause(findings []rewrite.Finding) (single []rewrite.Finding, caused [][]rewrite.Finding) {
	by := map[rewrite.Step][]rewrite.Finding{}
	var order []rewrite.Step
	for _, f := range findings {
		if cause, ok := causeOf(f); ok {
			if by[cause] == nil {
				order = append(order, cause)
			}
			by[cause] = append(by[cause], f)
		}
	}
	order = slices.DeleteFunc(order, func(s rewrite.Step) bool { return len(by[s]) < minReaders })
	for _, f := range findings {
		if cause, ok := causeOf(f); !ok || len(by[cause]) < minReaders {
			single = append(single, f)
		}
	}
	for _, cause := range order {
		caused = append(caused, by[cause])
	}
	return single, caused
}

// causeOf is the last step of a finding about what a session has expired, which no edit mends.
func causeOf(f rewrite.Finding) (rewrite.Step, bool) {
	if f.Rule != "unloaded-after-commit" || f.Fixable || f.Unsafe || len(f.Why) < 2 {
		return rewrite.Step{}, false
	}
	return f.Why[len(f.Why)-1], true
}

// caused prints findings under the place that they have in common, a line each.
func (r reporter) caused(all []rewrite.Finding) {
	cause, _ := causeOf(all[0])
	fmt.Fprintln(r.out, r.paint(r.place, r.where(cause.Place)), r.paint(r.rule, all[0].Rule), printable(cause.Text)+": "+plural(len(all), "place")+" read what that expired")
	if r.brief {
		return
	}
	for _, f := range all {
		fmt.Fprintln(r.out, r.paint(r.dim, "    "+r.where(f.Place)+" "+printable(f.Message)))
	}
	if advice := all[0].Advice; advice != "" {
		fmt.Fprintln(r.out, "    advice: "+printable(advice))
	}
}
