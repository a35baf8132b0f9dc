package rewrite

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"github.com/lazyfix/lazyfix/edits"
	"github.com/lazyfix/lazyfix/rewrite/internal/mapper"
)

// Fix is what is done about some findings: wholly or not at all, in whichever files.
type Fix struct {
	Findings []int // of Result.Findings, ascending: those that it settles
	// Needs are those of Result.Fixes, ascending, that load for the reads which this one makes raise. Without them it is
	// still what the user may want, but code can fail that works today.
	Needs []int
}

// fixes finds what belongs together among the findings of r, which are sorted already. at is the action of each.
func (r *Result) fixes(at []*action) {
	index := map[*action]int{}
	for i, a := range at {
		if !a.changes() {
			continue
		}
		n, ok := index[a]
		if !ok {
			n = len(r.Fixes)
			index[a] = n
			r.Fixes = append(r.Fixes, Fix{})
			r.actions = append(r.actions, a)
		}
		r.Fixes[n].Findings = append(r.Fixes[n].Findings, i)
	}
	loads := map[*mapper.Relationship][]int{} // to the fixes that load it
	for n, a := range r.actions {
		for _, rel := range a.loads {
			loads[rel] = append(loads[rel], n)
		}
	}
	for n, a := range r.actions {
		for _, rel := range a.tightens {
			r.Fixes[n].Needs = append(r.Fixes[n].Needs, loads[rel]...)
		}
		slices.Sort(r.Fixes[n].Needs)
		r.Fixes[n].Needs = slices.Compact(r.Fixes[n].Needs)
	}
}

// Only is the result when no other fixes are made than those, by their index in Fixes. The findings stay, in number and
// order; those whose fix is not among them are not Fixable then. A result that came from the cache is found anew for it,
// until ctx ends; so it is for Without and Alone.
func (r *Result) Only(ctx context.Context, fixes []int) (*Result, error) {
	if err := r.whole(ctx); err != nil {
		return nil, err
	}
	p := *r.program
	p.problems = slices.Clone(r.loaded)
	out := *r
	out.Findings = slices.Clone(r.Findings)
	out.actions = make([]*action, len(r.actions))
	var made []*action
	for n, a := range r.actions {
		c := *a
		c.findings = slices.Clone(a.findings)
		out.actions[n] = &c
		if slices.Contains(fixes, n) {
			made = append(made, &c)
			continue
		}
		for _, i := range r.Fixes[n].Findings {
			out.Findings[i].Fixable = false
		}
	}
	var err error
	if out.Changes, err = p.plan(made); err != nil {
		return nil, err
	}
	out.Problems = p.problems
	for _, n := range fixes { // the plan may have refused one
		for k, i := range r.Fixes[n].Findings {
			out.Findings[i] = out.actions[n].findings[k]
		}
	}
	return &out, nil
}

// Without is the result when some findings, by their index, are of no concern: they are gone, and so are the fixes for
// nothing else. A fix that needs one of those is not made either, and its findings say so.
func (r *Result) Without(ctx context.Context, hidden func(int) bool) (*Result, error) {
	gone := func(fix int) bool {
		return !slices.ContainsFunc(r.Fixes[fix].Findings, func(i int) bool { return !hidden(i) })
	}
	var kept []int
	needing := map[int]int{} // fix to one that it needs and that is gone
	for n, f := range r.Fixes {
		if gone(n) {
			continue
		}
		if i := slices.IndexFunc(f.Needs, gone); i >= 0 {
			needing[n] = f.Needs[i]
			continue
		}
		kept = append(kept, n)
	}
	out, err := r.Only(ctx, kept)
	if err != nil {
		return nil, err
	}
	for n, need := range needing {
		at := r.Findings[r.Fixes[need].Findings[0]]
		for _, i := range r.Fixes[n].Findings {
			out.Findings[i].Advice = fmt.Sprintf("not edited: it would raise where %s:%d does not load it, which is left alone", at.File, at.Line)
		}
	}
	return out.drop(hidden, kept), nil
}

// Unwritten is the result when some files, by name, are not to be written. A fix that edits one is not made in any file, and
// no fix is that needs it. Their findings say what shut says of the file, "cannot be written"; "" is a file as any.
func (r *Result) Unwritten(ctx context.Context, shut func(name string) string) (*Result, error) {
	if err := r.whole(ctx); err != nil {
		return nil, err
	}
	made := func(fix int) bool {
		return slices.ContainsFunc(r.Fixes[fix].Findings, func(i int) bool { return r.Findings[i].Fixable })
	}
	why, needing := map[int]string{}, map[int]string{}
	for n, a := range r.actions {
		if !made(n) {
			continue
		}
		for _, part := range a.parts() {
			if said := shut(part.module.Path); said != "" {
				why[n] = fmt.Sprintf("not edited: %s %s", part.module.Path, said)
				needing[n] = "which " + said
			}
		}
	}
	var kept []int
	for n, f := range r.Fixes {
		if !made(n) {
			continue
		}
		if i := slices.IndexFunc(f.Needs, func(need int) bool { return why[need] != "" }); i >= 0 && why[n] == "" {
			at := r.Findings[r.Fixes[f.Needs[i]].Findings[0]]
			why[n] = fmt.Sprintf("not edited: it would raise where %s:%d does not load it, %s", at.File, at.Line, cmp.Or(needing[f.Needs[i]], "which is left alone"))
		}
		if why[n] == "" {
			kept = append(kept, n)
		}
	}
	out, err := r.Only(ctx, kept)
	if err != nil {
		return nil, err
	}
	for n, said := range why {
		for _, i := range r.Fixes[n].Findings {
			out.Findings[i].Advice = said
		}
	}
	return out, nil
}

// drop leaves the hidden findings and all but the kept fixes out of the lists.
func (r *Result) drop(hidden func(int) bool, kept []int) *Result {
	findings, fixes, actions := r.Findings, r.Fixes, r.actions
	r.Findings, r.Fixes, r.actions = nil, nil, nil
	place := make([]int, len(findings))
	for i, f := range findings {
		place[i] = len(r.Findings)
		if !hidden(i) {
			r.Findings = append(r.Findings, f)
		}
	}
	for _, n := range kept {
		var fix Fix
		for _, i := range fixes[n].Findings {
			if !hidden(i) {
				fix.Findings = append(fix.Findings, place[i])
			}
		}
		for _, need := range fixes[n].Needs {
			fix.Needs = append(fix.Needs, slices.Index(kept, need))
		}
		r.Fixes = append(r.Fixes, fix)
		r.actions = append(r.actions, actions[n].only(func(k int) bool { return !hidden(fixes[n].Findings[k]) }))
	}
	return r
}

// only is the action with some of its findings.
func (a *action) only(keep func(int) bool) *action {
	c := *a
	c.findings = nil
	for k, f := range a.findings {
		if keep(k) {
			c.findings = append(c.findings, f)
		}
	}
	return &c
}

// Alone are the changes of one fix, with the imports that it needs: what to show of it. They are not verified again.
func (r *Result) Alone(ctx context.Context, fix int) ([]edits.Change, error) {
	if err := r.whole(ctx); err != nil {
		return nil, err
	}
	return r.program.tryPlan([]*action{r.actions[fix].only(func(int) bool { return true })})
}
