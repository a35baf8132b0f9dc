package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"syscall"
	"time"

	"github.com/lazyfix/lazyfix/rewrite"
)

// The exit codes. Of several the worst wins. A run that a signal ended has another one: see stopped.
const (
	exitDone     = 0 // nothing to do, or all is written
	exitFindings = 1 // findings or undecided reads remain
	exitFailed   = 2 // usage, configuration, a file that could not be read, parsed or written
)

// Run is the program: args are without its name. It returns the exit code.
func Run(args []string, stdin io.Reader, stdout, stderr io.Writer) int {
	ctx := untilSignal()
	p := program{analyze: leaving(ctx, rewrite.Run, grace), rules: rewrite.Rules(), stdin: stdin, stdout: stdout, stderr: stderr, patience: patience}
	return p.run(ctx, args)
}

// stopped is why a run ended that got a signal.
type stopped struct{ signal os.Signal }

func (s stopped) Error() string { return s.signal.String() }

// exitStopped is the code by which shells know a program that a signal ended: 130 of Ctrl-C, 143 of SIGTERM.
func exitStopped(ctx context.Context) int {
	number := syscall.SIGINT
	var by stopped
	if errors.As(context.Cause(ctx), &by) {
		if n, ok := by.signal.(syscall.Signal); ok {
			number = n
		}
	}
	return 128 + int(number)
}

// program is what a run works with; tests put their own in.
type program struct {
	analyze        analysis
	rules          []rewrite.Rule
	stdin          io.Reader
	stdout, stderr io.Writer
	patience       time.Duration // how long a run may take before it shows how far it is
}

// ending is how a run ended that could start.
type ending struct {
	remain bool // findings or undecided reads remain
	failed bool // something was not read, parsed or written
}

// run is the one place that maps what happened to an exit code. The handler of the cli library is off (see newApp): it
// calls os.Exit inside the library, with codes of its own, before buffered output is written.
func (p program) run(ctx context.Context, args []string) int {
	out := bufio.NewWriter(p.stdout)
	end, err := p.dispatch(ctx, args, out)
	if flushed := out.Flush(); flushed != nil {
		err = errors.Join(err, fmt.Errorf("standard output: %w", flushed))
	}
	var usage usageError
	switch {
	case errors.As(err, &usage):
		fmt.Fprintf(p.stderr, "lazyfix: %v\n", err)
		if !strings.Contains(err.Error(), "--help") {
			fmt.Fprintln(p.stderr, "lazyfix --help lists what there is.")
		}
	case errors.Is(err, context.Canceled):
		fmt.Fprintln(p.stderr, "lazyfix: interrupted; nothing was written")
	case err != nil:
		fmt.Fprintf(p.stderr, "lazyfix: %v\n", err)
	}
	switch {
	case err != nil && ctx.Err() != nil:
		return exitStopped(ctx)
	case err != nil || end.failed:
		return exitFailed
	case end.remain:
		return exitFindings
	}
	return exitDone
}

// command is a command that reads settings, less its output.
type command func(context.Context, settings, *bufio.Writer) (ending, error)

// dispatch finds the command. A first word that names none is a path, so one called "rule" is written ./rule.
func (p program) dispatch(ctx context.Context, args []string, out *bufio.Writer) (ending, error) {
	first := ""
	if len(args) > 0 {
		first = args[0]
	}
	if first == "help" && len(args) == 1 {
		args = []string{"--help"}
	}
	if n := len(args) - 1; n >= 0 && args[n] == completeFlag {
		return ending{}, p.complete(ctx, args[:n], out)
	}
	if help := helpOf(first); help != "" && (slices.Contains(args, "-h") || slices.Contains(args, "--help")) {
		_, err := out.WriteString(help)
		return ending{}, err
	}
	switch first {
	case "rule":
		return ending{}, p.rule(args[1:], out)
	case "cache":
		return ending{}, p.cache(args[1:], out)
	case "completion":
		return ending{}, p.completion(args[1:], out)
	case "man":
		return ending{}, p.man(args[1:], out)
	case "sweep":
		return p.sweep(ctx, args[1:], out)
	case "lsp":
		return p.lsp(ctx, args[1:], out)
	case "explain":
		return p.withSettings(ctx, p.explain, args[1:], out)
	case "evidence":
		return p.evidence(ctx, args[1:], out)
	case "from-traceback":
		return p.fromTraceback(ctx, args[1:], out)
	case "review":
		return p.withSettings(ctx, p.review, args[1:], out)
	case sweepOne: // started by ourselves alone
		if len(args) > 1 {
			return p.withSettings(ctx, p.sweepOne(args[1]), args[2:], out)
		}
	}
	return p.withSettings(ctx, p.fix, args, out)
}

// commandHelp are the texts of --help behind a command, less the flags: see helpOf.
var commandHelp = map[string]string{
	"rule": ruleHelp, "explain": explainHelp, "review": reviewHelp, "sweep": sweepHelp, "completion": completionHelp, "man": manHelp,
	"from-traceback": tracebackHelp, "evidence": evidenceHelp, "cache": cacheHelp, "lsp": lspHelp,
}

// withSettings reads the settings from args and starts the command with them.
func (p program) withSettings(ctx context.Context, start command, args []string, out *bufio.Writer) (end ending, err error) {
	app := newApp(out, p.stderr, func(s settings) (err error) {
		for _, warning := range s.warnings {
			if !s.quiet {
				fmt.Fprintln(p.stderr, "lazyfix: warning: "+printable(warning))
			}
		}
		end, err = start(ctx, s, out)
		return err
	}, p.rules)
	if args, err = permute(args, app.Flags); err != nil {
		return end, err
	}
	err = app.RunContext(ctx, append([]string{app.Name}, args...))
	return end, err
}

// usageError is a command line or configuration that cannot be meant.
type usageError struct{ text string }

func (e usageError) Error() string { return e.text }

func usagef(format string, args ...any) error { return usageError{fmt.Sprintf(format, args...)} }
