package main

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"path"
	"slices"
	"strings"

	"github.com/lazyfix/lazyfix/cmd/lazyfix/internal/traceback"
	"github.com/lazyfix/lazyfix/rewrite"
)

const tracebackHelp = `Usage: lazyfix from-traceback FILE|- [path...]

Reads a failed lazy load (MissingGreenlet, DetachedInstanceError, or "is not
available due to lazy=") from a traceback of Python or pytest, a log with one,
or an event of Sentry as JSON, and proposes the edit that cures it: first the
way from the read to its query, then a patch, so that

  lazyfix from-traceback log.txt | git apply

makes it. Or it says why it has none. Of several failures the last counts. The
program is what the paths hold, without any the repository of the working
folder.
@flags

Exit code: 0 there is an edit, 1 there is none, or no such failure in the file,
2 wrong usage.
`

// fromTraceback is the command of that name. The traceback is the first of the paths.
func (p program) fromTraceback(ctx context.Context, args []string, out *bufio.Writer) (ending, error) {
	args, err := permute(args, newApp(out, p.stderr, nil, p.rules).Flags)
	if err != nil {
		return ending{}, err
	}
	first := slices.Index(args, "--") + 1
	if first == 0 || first == len(args) {
		return ending{}, usagef("from-traceback: want a file with a traceback, or - for standard input")
	}
	var text []byte
	if args[first] == stdinPath {
		text, err = readAll(ctx, p.stdin)
	} else {
		text, err = os.ReadFile(args[first])
	}
	if err != nil {
		return ending{}, fmt.Errorf("from-traceback: %w", err)
	}
	return p.withSettings(ctx, p.cure(traceback.Parse(text)), slices.Delete(args, first, first+1), out)
}

// cure is the command on what was read.
func (p program) cure(failures []traceback.Failure) command {
	return func(ctx context.Context, s settings, out *bufio.Writer) (ending, error) {
		if slices.Contains(s.options.Paths, stdinPath) {
			return ending{}, usagef("from-traceback takes one path -, the traceback")
		}
		if err := refuseOthers("from-traceback", s.given); err != nil {
			return ending{}, err
		}
		if len(failures) == 0 {
			fmt.Fprintln(p.stderr, "from-traceback: there is no MissingGreenlet, DetachedInstanceError or \"is not available due to lazy=\" in it")
			return ending{remain: true}, nil
		}
		if len(s.options.Paths) == 0 {
			s.options.Paths = []string{programHere()}
		}
		s.options.Select, s.options.Ignore = nil, nil
		result, err := p.watch(ctx, s)
		if err != nil {
			return ending{}, err
		}
		c := curer{explainer{newReporter(p.stdout, out, s, result.Root), sources{root: result.Root}}, result}
		failure, at := c.last(failures)
		c.heading(failure, at)
		fixes, why := c.find(failure, at)
		if len(fixes) == 0 {
			fmt.Fprintln(out, why)
			return ending{remain: true}, nil
		}
		return ending{}, p.propose(ctx, c, s, out, fixes)
	}
}

// programHere is the repository of the working folder, or the folder itself.
func programHere() string {
	here, err := os.Getwd()
	if err != nil {
		return "."
	}
	if root := repositoryOf(here); root != "" {
		return root
	}
	return "."
}

// curer finds the edit for a failure.
type curer struct {
	explainer
	result *rewrite.Result
}

// frame is a frame in a file of the program.
type frame struct {
	traceback.Frame
	name string // of the file
}

// last is the last failure that has a frame in the program, with those frames, innermost first; else the last of all.
// SQLAlchemy 2.1 tells of one twice, and only then names the program.
func (c curer) last(failures []traceback.Failure) (traceback.Failure, []frame) {
	for _, f := range slices.Backward(failures) {
		var at []frame
		for _, one := range slices.Backward(f.Frames) {
			if name := c.nameOf(one.File); name != "" {
				at = append(at, frame{c.moved(one, name), name})
			}
		}
		if len(at) > 0 {
			return f, at
		}
	}
	return failures[len(failures)-1], nil
}

// nameOf is the file of the program that a traceback calls so, "" where there is none. The program may have run in another
// folder, a container say: the name that shares the most last parts with the path counts, if these are two or all.
func (c curer) nameOf(file string) string {
	parts := strings.Split(path.Clean(file), "/")
	if strings.Contains(file, "/site-packages/") || strings.Contains(file, "/dist-packages/") {
		return ""
	}
	best, shared, ambiguous := "", 0, false
	for _, name := range c.result.Names {
		names := strings.Split(name, "/")
		n := 0
		for n < len(parts) && n < len(names) && parts[len(parts)-1-n] == names[len(names)-1-n] {
			n++
		}
		if n < 2 && n < len(names) && n < len(parts) {
			continue
		}
		if n > shared {
			best, shared, ambiguous = name, n, false
		} else if n == shared {
			ambiguous = true
		}
	}
	if ambiguous {
		return ""
	}
	return best
}

// moved is the frame with the line of today: that of the only line of the file that reads as the frame's did, where the
// frame's own line reads otherwise.
func (c curer) moved(f traceback.Frame, name string) traceback.Frame {
	if f.Code == "" || strings.TrimSpace(c.sources.line(name, f.Line)) == f.Code {
		return f
	}
	same := c.sources.find(name, f.Code)
	if len(same) == 1 {
		f.Line = same[0]
	}
	return f
}

func (c curer) heading(f traceback.Failure, at []frame) {
	text := string(f.Kind)
	if attr := attrOf(f, at); attr != "" {
		text += " for " + strings.TrimPrefix(f.Class+"."+attr, ".")
	}
	if len(at) > 0 {
		text += fmt.Sprintf(" at %s:%d", c.show(at[0].name), at[0].Line)
		if at[0].Function != "" {
			text += " in " + at[0].Function
		}
	}
	fmt.Fprintln(c.out, c.paint(c.head, printable(text)))
}

// attrOf is the attribute that was read, "" where nothing says.
func attrOf(f traceback.Failure, at []frame) string {
	if f.Attr == "" && len(at) > 0 {
		return at[0].MarkedAttr()
	}
	return f.Attr
}

// propose prints the ways and the patch of fixes. More than one is for a read that could have had its object from more
// than one query.
func (p program) propose(ctx context.Context, c curer, s settings, out *bufio.Writer, fixes []int) error {
	if len(fixes) > 1 {
		fmt.Fprintf(c.out, "%d queries can have given the object; each gets what is read.\n", len(fixes))
	}
	for _, n := range fixes {
		f := c.result.Findings[c.result.Fixes[n].Findings[0]]
		f.Fixable = false // the patch is below
		c.finding(f)
	}
	made, err := c.result.Only(ctx, fixes)
	if err != nil {
		return err
	}
	writePatch(c.painter, c.out, made.Changes)
	if hint := applyHint(made.Root, made.Changes); hint != "" {
		p.say(s, out, printable(hint))
	}
	return nil
}
