package main

import (
	"bufio"
	"context"
	"io"
	"slices"
	"time"

	"github.com/urfave/cli/v2"

	"github.com/lazyfix/lazyfix/cmd/lazyfix/internal/lsp"
	"github.com/lazyfix/lazyfix/rewrite"
)

const lspHelp = `Usage: lazyfix lsp [options]

Serves an editor on standard input and output, by the Language Server Protocol:
what is found in the workspace, the way from each read to its query, and fixes
as code actions. It reads the whole workspace when a file is opened or saved.
docs/editors.md says how to set up editors.

The configuration is that of the workspace. --stdio, which some editors add,
means nothing.
@flags

Exit code: 0 the editor said goodbye, 1 it went without, 2 wrong usage.
`

// lspDelay is how long nothing must have happened before a program is analysed: editors open and save many files at once.
const lspDelay = 300 * time.Millisecond

func lspFlags() []cli.Flag {
	return []cli.Flag{&cli.BoolFlag{Name: "stdio", Usage: "means nothing: there is no other way"}}
}

// lsp is the command of that name. Settings are read for each analysis anew, from the configuration of the folder, which
// may have changed; an error in it goes to the editor.
func (p program) lsp(ctx context.Context, args []string, out *bufio.Writer) (end ending, err error) {
	app := newApp(out, p.stderr, nil, p.rules)
	app.Flags = append(app.Flags, lspFlags()...)
	app.Action = func(c *cli.Context) error {
		if c.Args().Len() > 0 {
			return usagef("lsp takes no paths: the editor names the workspace")
		}
		if err := refuseOthers("lsp", c.LocalFlagNames(), lspFlags()...); err != nil {
			return err
		}
		clean, err := lsp.Serve(c.Context, p.stdin, p.stdout, lsp.Options{
			Version: versionText(), Analyze: p.forEditor(args), Delay: lspDelay, Log: p.stderr,
		})
		end.remain = !clean // the protocol wants 1
		return err
	}
	front, err := permute(args, app.Flags)
	if err != nil {
		return end, err
	}
	err = app.RunContext(ctx, append([]string{app.Name}, front...))
	return end, err
}

// forEditor analyses a folder with the flags of the command line.
func (p program) forEditor(args []string) func(context.Context, string, map[string][]byte) (*rewrite.Result, error) {
	args = slices.DeleteFunc(slices.Clone(args), func(arg string) bool { return arg == "--stdio" || arg == "--" })
	return func(ctx context.Context, folder string, open map[string][]byte) (result *rewrite.Result, err error) {
		_, err = p.withSettings(ctx, func(ctx context.Context, s settings, _ *bufio.Writer) (ending, error) {
			s.quiet = true
			// Fixes are chosen from the result one by one, which one that was kept on disk cannot.
			s.options.Cache, s.options.Open = "", open
			found, err := p.analyze(ctx, s.options)
			if err == nil {
				result, err = p.beyondBaseline(ctx, s, found)
			}
			return ending{}, err
		}, append(slices.Clone(args), folder), bufio.NewWriter(io.Discard))
		return result, err
	}
}
