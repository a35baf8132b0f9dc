package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"strconv"
	"strings"
	"time"

	"github.com/urfave/cli/v2"

	"github.com/lazyfix/lazyfix/cmd/lazyfix/internal/sweep"
)

const sweepHelp = `Usage: lazyfix sweep [options] --out DIR REPOSITORY...

Runs lazyfix on many repositories and writes to none of them. A repository is a
folder, or a line of a file that is named (relative to it; # begins a comment).
DIR gets NAME.patch, NAME.json and, in sweep.jsonl, a line of statistics for
each; a table of all goes to standard output. A run that crashes or takes too
long is named, and stops no other. What was interrupted goes on when started
again: a repository is not run again while its revision, the options and
lazyfix are the same, unless it failed or is no clean work tree of git.

  --repos FILE|DIR   the same as naming it       --out DIR       where to write
  --timeout TIME     for each (10m)              --again         run all anew
  -j, --jobs N       repositories at once        -q, --quiet     no progress
                     (0: one a core)

Each run starts in the folder, and so has the configuration there.
@flags

Exit code: 0 nothing is found anywhere, 1 something is, 2 wrong usage, a run
that failed, or a file that could not be read or parsed.
`

// sweepFlags are those that sweep has beside the ones of each run.
func sweepFlags() []cli.Flag {
	return []cli.Flag{
		&cli.StringSliceFlag{Name: "repos", Usage: "a folder, or a file with one a line", TakesFile: true},
		&cli.StringFlag{Name: "out", Usage: "the folder to write to", TakesFile: true},
		&cli.DurationFlag{Name: "timeout", Value: 10 * time.Minute, Usage: "for each repository"},
		&cli.BoolFlag{Name: "again", Usage: "run what is done, too"},
	}
}

// sweep is the command of that name.
func (p program) sweep(ctx context.Context, args []string, out *bufio.Writer) (end ending, err error) {
	app := newApp(out, p.stderr, nil, p.rules)
	app.Flags = append(app.Flags, sweepFlags()...)
	app.Action = func(c *cli.Context) error {
		end, err = p.sweepAll(c, out)
		return err
	}
	if args, err = permute(args, app.Flags); err != nil {
		return end, err
	}
	return end, app.RunContext(ctx, append([]string{app.Name}, args...))
}

func (p program) sweepAll(c *cli.Context, out *bufio.Writer) (end ending, err error) {
	handedOn, err := p.handedOn(c)
	if err != nil {
		return end, err
	}
	if c.String("out") == "" {
		return end, usagef("sweep: --out DIR says where to write")
	}
	repos, err := sweep.List(append(c.StringSlice("repos"), c.Args().Slice()...))
	if err != nil {
		return end, err
	}
	if len(repos) == 0 {
		return end, usagef("sweep: name repositories, or a file that has one a line")
	}
	jobs := c.Int("jobs")
	if jobs == 0 {
		jobs = runtime.GOMAXPROCS(0)
	}
	jobs = min(jobs, len(repos))
	// Fewer repositories than cores: each run may use more than one.
	handedOn = append(handedOn, "--jobs="+strconv.Itoa(max(1, runtime.GOMAXPROCS(0)/max(jobs, 1))))
	self, err := os.Executable()
	if err != nil {
		return end, err
	}
	lines, err := sweep.Run(c.Context, sweep.Options{
		Repos: repos, Out: c.String("out"), Jobs: jobs, Timeout: c.Duration("timeout"), Again: c.Bool("again"),
		Settings: strings.Join(append([]string{versionText()}, handedOn[:len(handedOn)-1]...), " "), // not the jobs
		Command: func(ctx context.Context, patch string) *exec.Cmd {
			cmd := exec.CommandContext(ctx, self, append([]string{sweepOne, patch}, handedOn...)...)
			cmd.Args[0] = os.Args[0] // as we were called
			return cmd
		},
		Progress: func(l sweep.Line, n int, skipped bool) {
			if !c.Bool("quiet") {
				fmt.Fprintln(p.stderr, progress(l, n, len(repos), skipped))
			}
		},
	})
	if errors.Is(err, context.Canceled) {
		return end, errors.New("interrupted; the same command goes on where it stopped")
	}
	if err != nil {
		return end, err
	}
	for _, l := range lines {
		end.failed = end.failed || l.Failed != "" || l.Errors > 0
		end.remain = end.remain || l.Findings+l.Undecided > 0
	}
	_, err = out.WriteString(printableLines(sweep.Table(lines)))
	return end, err
}

// handedOn checks the flags, and gives those of each run back as arguments.
func (p program) handedOn(c *cli.Context) (args []string, err error) {
	if err := refuseOthers("sweep", c.LocalFlagNames(), sweepFlags()...); err != nil {
		return nil, err
	}
	if c.Int("jobs") < 0 {
		return nil, usagef("--jobs %d: want 1 or more, or 0 for one a core", c.Int("jobs"))
	}
	if c.Duration("timeout") <= 0 {
		return nil, usagef("--timeout %v: want more than nothing, as 90s or 10m", c.Duration("timeout"))
	}
	if err := errors.Join(checkValue("--lazy", c.String("lazy"), lazyValues), checkValue("--eager", c.String("eager"), eagerValues),
		checkValue("--to-one", c.String("to-one"), toOneValues), checkRules(splitNames(c.StringSlice("select")), p.rules, "--select"),
		checkRules(splitNames(c.StringSlice("ignore")), p.rules, "--ignore"),
		checkPatterns("--exclude", c.StringSlice("exclude")),
		checkSome(splitNames(c.StringSlice("select")), splitNames(c.StringSlice("ignore")), p.rules)); err != nil {
		return nil, err
	}
	for _, name := range ofEachRun {
		switch value := c.Value(name).(type) {
		case cli.StringSlice:
			for _, one := range value.Value() {
				args = append(args, "--"+name+"="+one)
			}
		default:
			if c.IsSet(name) {
				args = append(args, fmt.Sprintf("--%s=%v", name, value))
			}
		}
	}
	return args, nil
}

// sweepOne is the command that a sweep starts in each repository, and nobody else: the report of one run as JSON, and its
// patch in a file.
const sweepOne = "sweep-one"

func (p program) sweepOne(patch string) func(context.Context, settings, *bufio.Writer) (ending, error) {
	return func(ctx context.Context, s settings, out *bufio.Writer) (ending, error) {
		result, err := p.analyze(ctx, s.options)
		if err != nil {
			return ending{}, err
		}
		s.quiet = true // of the baseline
		if result, err = p.beyondBaseline(ctx, s, result); err != nil {
			return ending{}, err
		}
		if others := otherRepositories(result.Root, result.Changes); len(others) > 0 {
			result, err = result.Unwritten(ctx, func(name string) string {
				if others[name] == "" {
					return ""
				}
				return "is in another repository, " + others[name]
			})
			if err != nil {
				return ending{}, err
			}
		}
		f, err := os.Create(patch)
		if err != nil {
			return ending{}, err
		}
		file := bufio.NewWriter(f)
		writePatch(newPainter(p.stdout, "never"), file, result.Changes)
		if err := errors.Join(file.Flush(), f.Close()); err != nil {
			return ending{}, err
		}
		return ending{remain: len(result.Findings) > 0, failed: hasError(result.Problems)}, writeJSON(out, result, nil)
	}
}

func progress(l sweep.Line, n, of int, skipped bool) string {
	text := fmt.Sprintf("[%d/%d] %s: ", n, of, printable(l.Name))
	switch {
	case l.Failed != "":
		return text + "failed: " + printable(l.Failed)
	case skipped:
		return text + "done before"
	}
	text += plural(l.Findings, "finding") + fmt.Sprintf(", %d can be written", l.Fixable)
	if l.Undecided > 0 {
		text += "; " + plural(l.Undecided, "undecided read")
	}
	return text
}

// printableLines is printable, line by line.
func printableLines(text string) string {
	lines := strings.Split(text, "\n")
	for i := range lines {
		lines[i] = printable(lines[i])
	}
	return strings.Join(lines, "\n")
}
