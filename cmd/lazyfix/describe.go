package main

import (
	"fmt"
	"io"
	"slices"

	"github.com/urfave/cli/v2"

	"github.com/lazyfix/lazyfix/rewrite"
)

const description = `Gives relationships a loader strategy that fails by name, async session factories
expire_on_commit=False, and queries the loader options for what is read from
their objects, wherever in the program that is.

Without --dry-run or --write it reports and writes nothing. Give it the whole
program: what reads an object is often not in the folder that queries it.

The nearest lazyfix.toml, or the table tool.lazyfix of pyproject.toml, may have
the keys %s; flags win.

It ends with 0 where nothing is to do or all is written, 1 where findings or
undecided reads remain, and 2 for wrong usage or configuration, or a file that
could not be read, parsed or written; with 130 by Ctrl-C, and 143 by SIGTERM.
`

// described is the program as the cli library describes one, for the man page and the completions; it runs nothing. The
// library's own help is not used: it does not fit a screen.
func described(out io.Writer, rules []rewrite.Rule) *cli.App {
	app := newApp(out, io.Discard, nil, rules)
	app.Usage = "makes Python code on SQLAlchemy safe for async"
	app.UsageText = "lazyfix [OPTIONS] [PATH...]\nlazyfix COMMAND [OPTIONS] [ARGUMENT...]"
	app.Description = fmt.Sprintf(description, list(configKeys()))
	app.EnableBashCompletion = true
	command := func(name, usage string, own ...cli.Flag) *cli.Command {
		takes := flagsOf(name)
		flags := slices.DeleteFunc(slices.Clone(app.Flags), func(f cli.Flag) bool { return !slices.Contains(takes, f.Names()[0]) })
		return &cli.Command{Name: name, Usage: usage, UsageText: helpOf(name), Flags: append(flags, own...), HideHelp: true}
	}
	app.Commands = []*cli.Command{
		command("review", "shows each change, and asks"),
		command("explain", "the way from a read to its query"),
		command("from-traceback", "the edit that cures a failed lazy load"),
		command("evidence", "what a run recorded beside what lazyfix derives"),
		command("rule", "what the rules do"),
		command("sweep", "runs on many repositories", sweepFlags()...),
		command("lsp", "serves an editor", lspFlags()...),
		command("cache", "where results are kept, and emptying it"),
		command("completion", "prints a script that completes words in a shell"),
		command("man", "prints the man page"),
	}
	return app
}
