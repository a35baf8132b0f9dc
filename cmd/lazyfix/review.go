package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/lazyfix/lazyfix/cmd/lazyfix/internal/baseline"
	"github.com/lazyfix/lazyfix/edits"
	"github.com/lazyfix/lazyfix/rewrite"
)

const reviewHelp = `Usage: lazyfix review [options] [path...]

Shows each change with the read that wants it, the way and the query, and asks:

  y  make it                      q  quit: make those said yes to
  n  do not make it               e  make it, and edit its files in $EDITOR
  a  make it and all that follow  ?  this list

A change is made as a whole, in all files that it is about. Those of queries
come first, then those that make relationships raise: where you left out what
loads for one of these, it says so. Files are written at the end, and with e.
@flags

Exit code: 0 nothing is left, 1 findings remain, 2 wrong usage or a failure.
`

const reviewKeys = "y make it, n do not, a it and all that follow, q quit and make those said yes to,\n" +
	"e make it and edit its files, ? this list\n"

// review is the command of that name.
func (p program) review(ctx context.Context, s settings, out *bufio.Writer) (ending, error) {
	if err := refuseOthers("review", s.given); err != nil {
		return ending{}, err
	}
	if slices.Contains(s.options.Paths, stdinPath) {
		return ending{}, usagef("review reads answers from standard input, so it takes no path -")
	}
	r := reviewer{program: p, settings: s, out: out, answers: bufio.NewReader(p.stdin), settled: map[string]bool{}}
	for {
		again, end, err := r.round(ctx)
		if errors.Is(err, context.Canceled) && len(r.written) > 0 {
			err = fmt.Errorf("interrupted; written before: %s", list(r.written))
		}
		if err != nil || !again {
			return end, err
		}
		r.later = true
		r.allowDirty = true // what is dirty now was asked for, or clean before
	}
}

// reviewer is one review. After e the program is read again, as anything can have changed: it goes on with what is not
// settled yet.
type reviewer struct {
	program
	settings
	out     *bufio.Writer
	answers *bufio.Reader
	settled map[string]bool // what was said no to, or edited: findings by key and message
	written []string
	made    int
	later   bool // not the first round
}

// round reads the program and asks about its changes. Again says that it has to be read anew.
func (r *reviewer) round(ctx context.Context) (again bool, end ending, err error) {
	result, err := r.watch(ctx, r.settings)
	if err != nil {
		return false, end, err
	}
	quiet := r.settings
	quiet.quiet = r.later // it was said in the first round
	if result, err = r.beyondBaseline(ctx, quiet, result); err != nil {
		return false, end, err
	}
	if !r.later {
		for _, problem := range result.Problems {
			fmt.Fprintln(r.stderr, problemLine(problem))
		}
	}
	end.failed = hasError(result.Problems)
	if !r.allowDirty {
		if err := refuseDirty(ctx, result.Changes); err != nil {
			return false, end, err
		}
	}
	accepted, edit, err := r.ask(ctx, result)
	if err != nil {
		return false, end, err
	}
	after, err := result.Only(ctx, accepted)
	if err != nil {
		return false, end, err
	}
	if err := ctx.Err(); err != nil {
		return false, end, err
	}
	after, written, failed, err := commit(ctx, after)
	if err != nil {
		return false, end, err
	}
	r.written = append(r.written, written...)
	for _, o := range failed {
		fmt.Fprintf(r.stderr, "%v\n", o.Err)
		end.failed = true
	}
	r.made += len(accepted)
	if edit != nil && len(failed) == 0 {
		_ = r.out.Flush()
		return true, end, r.edit(ctx, edit)
	}
	left := remaining(after.Findings)
	end.remain = len(left) > 0
	slices.Sort(r.written)
	r.written = slices.Compact(r.written)
	text := plural(r.made, "change") + " made in " + plural(len(r.written), "file")
	if len(result.Fixes) == 0 && r.made == 0 {
		text = "no changes to review"
	}
	if len(left) > 0 {
		text += "; " + plural(len(left), "finding") + pick(len(left), " remains", " remain")
	}
	r.say(r.settings, r.out, finish(text, result, r.settings))
	return false, end, nil
}

// ask goes through the fixes. Edit are the changes of the one to edit, which is accepted too: then the rest is for another
// round.
func (r *reviewer) ask(ctx context.Context, result *rewrite.Result) (accepted []int, edit []edits.Change, err error) {
	var open []int
	for n := range result.Fixes {
		if !r.isSettled(result, n) {
			open = append(open, n)
		}
	}
	// Queries first: what is said of them is known when a relationship is to raise that they load.
	slices.SortStableFunc(open, func(a, b int) int { return min(len(result.Fixes[a].Needs), 1) - min(len(result.Fixes[b].Needs), 1) })
	all := false
	for k, n := range open {
		if k > 0 && !all {
			fmt.Fprintln(r.out)
		}
		changes, err := result.Alone(ctx, n)
		if err != nil {
			return nil, nil, err
		}
		answer := "y"
		if !all {
			fmt.Fprintln(r.out, r.heading(k+1, len(open)))
			r.show(result, n, changes, accepted)
			if answer, err = r.answer(ctx); err != nil {
				return nil, nil, err
			}
		}
		switch answer {
		case "q":
			return accepted, nil, nil
		case "n":
			r.settle(result, n)
			continue
		case "a":
			all = true
		case "e":
			r.settle(result, n) // edited, it is the user's
			return append(accepted, n), changes, nil
		}
		accepted = append(accepted, n)
	}
	return accepted, nil, nil
}

// answer asks until there is one. The end of the input is q.
func (r *reviewer) answer(ctx context.Context) (string, error) {
	for {
		fmt.Fprint(r.out, r.painter().paint(r.painter().head, "Make this change [y,n,a,q,e,?]?")+" ")
		if err := r.out.Flush(); err != nil {
			return "", err
		}
		line, err := readLine(ctx, r.answers)
		if errors.Is(err, io.EOF) && line == "" {
			fmt.Fprintln(r.out)
			return "q", nil
		}
		if err != nil && !errors.Is(err, io.EOF) {
			return "", err
		}
		if answer := strings.ToLower(strings.TrimSpace(line)); slices.Contains([]string{"y", "n", "a", "q", "e"}, answer) {
			return answer, nil
		}
		fmt.Fprint(r.out, reviewKeys)
	}
}

// readLine waits for a line, or until ctx ends.
func readLine(ctx context.Context, in *bufio.Reader) (string, error) {
	type answer struct {
		line string
		err  error
	}
	done := make(chan answer, 1)
	go func() {
		line, err := in.ReadString('\n')
		done <- answer{line, err}
	}()
	select {
	case a := <-done:
		return a.line, a.err
	case <-ctx.Done():
		return "", ctx.Err()
	}
}

func settledKey(f rewrite.Finding) string { return baseline.KeyOf(f).String() + " " + f.Message }

// isSettled: all of a fix was decided in an earlier round.
func (r *reviewer) isSettled(result *rewrite.Result, n int) bool {
	return !slices.ContainsFunc(result.Fixes[n].Findings, func(i int) bool { return !r.settled[settledKey(result.Findings[i])] })
}

func (r *reviewer) settle(result *rewrite.Result, n int) {
	for _, i := range result.Fixes[n].Findings {
		r.settled[settledKey(result.Findings[i])] = true
	}
}
