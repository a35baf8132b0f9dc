package main

import (
	"context"
	"fmt"
	"slices"

	"github.com/lazyfix/lazyfix/edits"
	"github.com/lazyfix/lazyfix/rewrite"
)

// commit writes the changes of a result: of no file what makes reads raise where what loads for them cannot be written. So
// the files are tried first, and those with such edits come last, which holds for a run that is killed halfway, too. It
// gives the result that was written.
func commit(ctx context.Context, result *rewrite.Result) (done *rewrite.Result, written []string, failed []edits.Outcome, err error) {
	shut := map[string]string{}
	for i, o := range edits.Check(result.Changes) {
		if o.Err != nil {
			shut[result.Changes[i].Name] = "cannot be written"
			failed = append(failed, o)
		}
	}
	blocked := false
	if len(shut) > 0 {
		open, err := result.Unwritten(ctx, func(name string) string { return shut[name] })
		if ctx.Err() != nil {
			return result, nil, nil, ctx.Err()
		}
		if blocked = err != nil; !blocked { // else files changed meanwhile, and what needs others is left
			result = open
		}
	}
	raises := map[string]bool{}
	for _, fix := range result.Fixes {
		for _, i := range fix.Findings {
			if f := result.Findings[i]; f.Fixable && len(fix.Needs) > 0 {
				raises[f.File] = true
			}
		}
	}
	var first, last []edits.Change
	for _, c := range result.Changes {
		switch {
		case shut[c.Name] != "":
		case raises[c.Name]:
			last = append(last, c)
		default:
			first = append(first, c)
		}
	}
	written, more := split(first, edits.Commit(first))
	failed = append(failed, more...)
	if blocked || len(more) > 0 {
		for _, c := range last {
			why := fmt.Errorf("%s: not written: it makes reads raise, and %s was to load for some", c.Path, failed[len(failed)-1].Path)
			failed = append(failed, edits.Outcome{Path: c.Path, Err: why})
		}
		last = nil
	}
	behind, more := split(last, edits.Commit(last))
	written = append(written, behind...)
	slices.Sort(written)
	return result, written, append(failed, more...), nil
}
