package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"slices"
	"strings"

	"github.com/lazyfix/lazyfix/cmd/lazyfix/internal/sarif"
	"github.com/lazyfix/lazyfix/edits"
	"github.com/lazyfix/lazyfix/internal/nearest"
	"github.com/lazyfix/lazyfix/rewrite"
)

// undecidedRule is the rule of reads without a query. They are shown and counted apart.
const undecidedRule = "undecided-read"

// fix is the command without a name: it analyzes, and then reports, prints the patch, or writes. out gets what was asked
// for and nothing else; all other words go to p.stderr.
func (p program) fix(ctx context.Context, s settings, out *bufio.Writer) (ending, error) {
	if slices.Contains(s.options.Paths, stdinPath) {
		content, err := readAll(ctx, p.stdin)
		if err != nil {
			return ending{}, fmt.Errorf("standard input: %w", err)
		}
		s.options.Stdin = content
	}
	if err := noCommand(s.options.Paths); err != nil {
		return ending{}, err
	}
	result, err := p.watch(ctx, s)
	if err != nil {
		return ending{}, err
	}
	if result, err = p.beyondBaseline(ctx, s, result); err != nil {
		return ending{}, err
	}
	for _, problem := range result.Problems {
		if !problem.Warning || !s.quiet {
			fmt.Fprintln(p.stderr, problemLine(problem))
		}
	}
	end := ending{remain: len(result.Findings) > 0 || len(result.Changes) > 0, failed: hasError(result.Problems)}
	switch s.mode {
	case dryRun:
		writePatch(newPainter(p.stdout, s.color), out, result.Changes)
		if hint := applyHint(result.Root, result.Changes); hint != "" {
			p.say(s, out, printable(hint))
		}
		if hint := submoduleHint(result.Root, result.Changes); hint != "" {
			p.say(s, out, printable(hint))
		}
		p.say(s, out, summary(result, s))
		return end, nil
	case write:
		return p.write(ctx, s, out, result, end)
	}
	if s.writeBaseline != "" {
		if _, err := p.renewBaseline(s, result, result.Findings); err != nil {
			return end, err
		}
		end.remain = false
		if result, err = result.Without(ctx, func(int) bool { return true }); err != nil {
			return end, err
		}
	}
	if s.mode == check && !s.forMachines() {
		if !s.quiet {
			fmt.Fprintln(out, summary(result, s))
		}
		return end, nil
	}
	err = p.show(ctx, s, out, result, nil)
	if s.mode == report {
		p.say(s, out, summary(result, s))
	}
	return end, err
}

// noCommand refuses paths that do not exist and are commands: one in the wrong place, or the first where it is misspelled, or
// is one of the flags that other tools have as commands.
func noCommand(paths []string) error {
	for i, path := range paths {
		if _, err := os.Lstat(path); err == nil || path == stdinPath {
			continue
		}
		if commandHelp[path] != "" {
			return usagef("%s is a command, and comes first: lazyfix %s ...", path, path)
		}
		if i > 0 || strings.ContainsAny(path, `./\`) { // it is meant to be a path
			continue
		}
		flags := []string{"check", "dry-run", "write"}
		near, prefix := nearest.Name(path, append(slices.Sorted(maps.Keys(commandHelp)), flags...)), "lazyfix "
		if slices.Contains(flags, near) {
			prefix += "--"
		}
		if near != "" {
			return usagef("there is no file or folder %s, and no command (did you mean %s%s?)", path, prefix, near)
		}
	}
	return nil
}

// show prints the findings in the format that was asked for. written are the names of the files that were.
func (p program) show(ctx context.Context, s settings, out io.Writer, result *rewrite.Result, written []string) error {
	switch s.format {
	case "json":
		return writeJSON(out, result, written)
	case "sarif":
		return sarif.Write(ctx, out, result, p.rules, versionText())
	case "github":
		writeGitHub(out, result, result.Findings)
	default:
		newReporter(p.stdout, out, s, result.Root).report(result.Findings)
	}
	return nil
}

// write makes the changes. What remains afterwards is reported.
func (p program) write(ctx context.Context, s settings, out *bufio.Writer, result *rewrite.Result, end ending) (ending, error) {
	if slices.Contains(s.options.Paths, stdinPath) {
		return p.writeStdin(s, out, result, end)
	}
	if !s.allowDirty {
		if err := refuseDirty(ctx, result.Changes); err != nil {
			return end, err
		}
	}
	if err := ctx.Err(); err != nil {
		return end, err
	}
	result, written, failed, err := commit(ctx, result)
	if err != nil {
		return end, err
	}
	left := remaining(result.Findings)
	end.failed = end.failed || len(failed) > 0
	if len(failed) == 0 {
		if left, err = p.renewBaseline(s, result, left); err != nil {
			return end, err
		}
	}
	end.remain = len(left) > 0
	after := *result
	after.Findings, after.Fixes = moved(left, result.Changes, written), nil
	err = p.show(ctx, s, out, &after, written)
	if !s.forMachines() && len(failed) == 0 {
		newReporter(p.stdout, out, s, result.Root).advised(moved(result.Findings, result.Changes, written), len(left) > 0)
	}
	if len(failed) > 0 {
		_ = out.Flush()
		fmt.Fprintf(p.stderr, "not written:\n")
		for _, o := range failed {
			fmt.Fprintf(p.stderr, "  %v\n", o.Err)
		}
		fmt.Fprintf(p.stderr, "written: %s\n", list(written))
	}
	p.say(s, out, writtenSummary(result, left, len(written), s))
	return end, err
}

// writeStdin prints what the path - would become; nothing, so that no editor takes half a file, where it failed. The
// report goes to standard error.
func (p program) writeStdin(s settings, out *bufio.Writer, result *rewrite.Result, end ending) (ending, error) {
	if s.forMachines() {
		return end, usagef("--format %s: --write with the path - prints the new text", s.format)
	}
	if s.writeBaseline != "" {
		return end, usagef("--write-baseline: --write with the path - changes no file")
	}
	if end.failed {
		return end, errors.New("standard input was not rewritten")
	}
	text, changed := s.options.Stdin, 0
	for _, change := range result.Changes {
		if change.Path == stdinPath {
			text, changed = change.New, 1
		}
	}
	left := remaining(result.Findings)
	end.remain = len(left) > 0
	if !s.quiet {
		newReporter(p.stderr, p.stderr, s, result.Root).report(left)
	}
	_, err := out.Write(text)
	p.say(s, out, writtenSummary(result, left, changed, s))
	return end, err
}

// readAll reads to the end, or until ctx ends: someone may sit before a terminal that lazyfix waits for.
func readAll(ctx context.Context, in io.Reader) ([]byte, error) {
	type answer struct {
		content []byte
		err     error
	}
	done := make(chan answer, 1)
	go func() {
		content, err := io.ReadAll(in)
		done <- answer{content, err}
	}()
	select {
	case a := <-done:
		return a.content, a.err
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// say prints a summary, unless the user wants none. What it sums up comes first, as a terminal shows both. An error of
// out stays with it until run looks.
func (p program) say(s settings, out *bufio.Writer, text string) {
	_ = out.Flush()
	if !s.quiet {
		fmt.Fprintln(p.stderr, text)
	}
}

// split is what was written, by name, and what was not.
func split(changes []edits.Change, outcomes []edits.Outcome) (written []string, failed []edits.Outcome) {
	for i, o := range outcomes {
		if o.Written {
			written = append(written, changes[i].Name)
		} else {
			failed = append(failed, o)
		}
	}
	return written, failed
}

// remaining are the findings that the changes do not settle.
func remaining(findings []rewrite.Finding) []rewrite.Finding {
	return slices.DeleteFunc(slices.Clone(findings), func(f rewrite.Finding) bool { return f.Fixable })
}

func hasError(problems []rewrite.Problem) bool {
	return slices.ContainsFunc(problems, func(p rewrite.Problem) bool { return !p.Warning })
}

func list(names []string) string {
	if len(names) == 0 {
		return "nothing"
	}
	return strings.Join(names, ", ")
}
