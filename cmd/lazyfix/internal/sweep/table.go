package sweep

import (
	"fmt"
	"strings"
	"text/tabwriter"
)

// Table shows the lines, their sum, and what failed.
func Table(lines []Line) string {
	var out strings.Builder
	w := tabwriter.NewWriter(&out, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(w, "files\trelationships\tfindings\tfixable\tundecided\terrors\tfiles changed\tadded\tremoved\tseconds\t  repository")
	row := func(l Line) {
		fmt.Fprintf(w, "%d\t%d\t%d\t%d\t%d\t%d\t%d\t%d\t%d\t%.1f\t  %s\n",
			l.Files, l.Relationships, l.Findings, l.Fixable, l.Undecided, l.Errors, l.Changed, l.Added, l.Removed, l.Seconds, l.Name)
	}
	sum := Line{}
	failed := 0
	for _, l := range lines {
		if l.Failed != "" {
			failed++
			continue
		}
		row(l)
		sum.Files += l.Files
		sum.Relationships += l.Relationships
		sum.Findings += l.Findings
		sum.Fixable += l.Fixable
		sum.Undecided += l.Undecided
		sum.Errors += l.Errors
		sum.Changed += l.Changed
		sum.Added += l.Added
		sum.Removed += l.Removed
		sum.Seconds += l.Seconds
	}
	sum.Name = fmt.Sprintf("all %d", len(lines)-failed)
	row(sum)
	_ = w.Flush() // to memory
	if failed > 0 {
		fmt.Fprintf(&out, "\n%d failed:\n", failed)
	}
	for _, l := range lines {
		if l.Failed != "" {
			fmt.Fprintf(&out, "  %s: %s\n", l.Name, l.Failed)
		}
	}
	return out.String()
}
