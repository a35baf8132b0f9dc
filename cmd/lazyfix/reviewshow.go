package main

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"slices"

	"github.com/lazyfix/lazyfix/edits"
	"github.com/lazyfix/lazyfix/rewrite"
)

func (r *reviewer) painter() painter { return newPainter(r.stdout, r.color) }

func (r *reviewer) heading(n, of int) string {
	p := r.painter()
	return p.paint(p.head, fmt.Sprintf("Change %d of %d", n, of))
}

// show prints why a change is wanted, with the source of each step, and its hunks.
func (r *reviewer) show(result *rewrite.Result, n int, changes []edits.Change, accepted []int) {
	e := explainer{newReporter(r.stdout, r.out, r.settings, result.Root), sources{root: result.Root}}
	for k, i := range result.Fixes[n].Findings {
		f := result.Findings[i]
		f.Fixable = false // that it can be written is why we ask
		if k == 0 {
			e.finding(f)
			continue
		}
		text := "and " + f.Message
		if len(f.Why) > 0 && f.Why[0].Place != f.Place {
			text += ": " + e.where(f.Why[0].Place) + " " + f.Why[0].Text
		}
		fmt.Fprintln(r.out, "  "+printable(text))
	}
	for _, need := range result.Fixes[n].Needs {
		if !slices.Contains(accepted, need) {
			at := result.Findings[result.Fixes[need].Findings[0]]
			fmt.Fprintln(r.out, e.paint(e.minus, "  careful: you left out what loads it at "+e.where(at.Place)+"; what is read from there would raise"))
			break
		}
	}
	writePatch(e.painter, r.out, changes)
}

// edit opens the files of changes in the user's editor.
func (r *reviewer) edit(ctx context.Context, changes []edits.Change) error {
	editor := "vi"
	for _, name := range []string{"VISUAL", "EDITOR"} {
		if value := os.Getenv(name); value != "" {
			editor = value
			break
		}
	}
	args := []string{"-c", editor + ` "$@"`, "sh"}
	for _, c := range changes {
		args = append(args, c.Path)
	}
	cmd := exec.CommandContext(ctx, "sh", args...)
	cmd.Stdin, cmd.Stdout, cmd.Stderr = r.stdin, r.stdout, r.stderr
	if err := cmd.Run(); err != nil {
		return fmt.Errorf("%s: %w; the change is written, so edit it as you like and run lazyfix review again", editor, err)
	}
	return nil
}
