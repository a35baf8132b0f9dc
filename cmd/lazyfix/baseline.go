package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"

	"github.com/lazyfix/lazyfix/cmd/lazyfix/internal/baseline"
	"github.com/lazyfix/lazyfix/rewrite"
)

// beyondBaseline is the result less what the baseline knows, which is neither shown nor written. Entries that nothing
// stands for are named on standard error. With --write-baseline the whole result counts: it is about to be written.
func (p program) beyondBaseline(ctx context.Context, s settings, result *rewrite.Result) (*rewrite.Result, error) {
	if s.baseline == "" || s.writeBaseline != "" {
		return result, nil
	}
	b, err := baseline.Read(s.baseline)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, usagef("%s: there is no file %s; --write-baseline %[2]s makes it", s.baselineFrom, s.baseline)
	}
	if err != nil {
		return nil, err
	}
	if !s.quiet {
		for _, k := range b.Stale(result.Findings, reached(s, result)) {
			fmt.Fprintf(p.stderr, "%s: stale: %s is no longer found; --write-baseline drops it\n", printable(s.baseline), printable(k.String()))
		}
	}
	known := b.Known(result.Findings)
	if !slices.Contains(known, true) {
		return result, nil
	}
	return result.Without(ctx, func(i int) bool { return known[i] })
}

// renewBaseline writes --write-baseline, where there is one: what remains after the run is known from now on. It returns
// what is left to report.
func (p program) renewBaseline(s settings, result *rewrite.Result, left []rewrite.Finding) ([]rewrite.Finding, error) {
	if s.writeBaseline == "" {
		return left, nil
	}
	old, err := baseline.Read(s.writeBaseline)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	if err := old.Renew(left, reached(s, result)).Write(s.writeBaseline); err != nil {
		return nil, fmt.Errorf("--write-baseline: %w", err)
	}
	if !s.quiet {
		fmt.Fprintf(p.stderr, "%s written: %s.\n", printable(s.writeBaseline), plural(len(left), "finding"))
	}
	return nil, nil
}

// reached says of which entries a run can tell whether they still hold: those of its rules in files that it read to their
// end, and those in files that are gone.
func reached(s settings, result *rewrite.Result) func(baseline.Key) bool {
	failed := map[string]bool{}
	for _, problem := range result.Problems {
		failed[problem.Path] = failed[problem.Path] || !problem.Warning
	}
	return func(k baseline.Key) bool {
		if _, read := slices.BinarySearch(result.Names, k.File); read {
			left := len(s.options.Select) > 0 && !slices.Contains(s.options.Select, k.Rule) || slices.Contains(s.options.Ignore, k.Rule)
			return !left && !failed[k.File]
		}
		_, err := os.Lstat(filepath.Join(result.Root, filepath.FromSlash(k.File)))
		return errors.Is(err, fs.ErrNotExist)
	}
}
