package main

import (
	"io"
	"slices"
	"strings"

	"github.com/urfave/cli/v2"

	"github.com/lazyfix/lazyfix/rewrite"
)

// help is all of --help: it fits a screen, which the library's own does not. A test compares it with the flags.
const help = `lazyfix makes Python code on SQLAlchemy safe for async.

Usage: lazyfix [options] [path...]    report what it finds; writes nothing
       lazyfix review [path...]       shows each change, and asks
       lazyfix explain FILE:LINE      the way from a read to its query
       lazyfix rule|from-traceback|evidence|sweep|lsp|cache|completion|man

  --dry-run               print the changes as a patch for git apply
  --write                 make the changes; path - goes to standard output
  --check                 one line and the exit code, for CI
  --select, --ignore R    run only, or not, the rules R (comma separated)
  --lazy VALUE            raise_on_sql, raise or noload; --to-one joinedload
  --eager move            queries load, not models; --unsafe: what is not safe
  --allow-dirty           write what git does not have, or not as it is, too
  --exclude PATTERN       leave out, as in .gitignore; --force-exclude: also
                          where it is named; --no-ignore: read what it leaves
  --baseline FILE         leave alone what FILE knows; --write-baseline FILE
  --format FORMAT         of the report: text, json, sarif or github
  --stdin-filename FILE   what - is; --evidence FILE: what a run recorded
  --color WHEN  auto, always, never  -j, --jobs N  files at once; 0: one a core
  -q, --quiet  no ways, no summary   --no-cache   -h, --help   -v, --version

Exit code: 0 all done, 1 findings remain, 2 wrong usage or a file that failed.
`

// newApp describes the flags to the library and hands what it read to action.
func newApp(out, errors io.Writer, action func(settings) error, rules []rewrite.Rule) *cli.App {
	return &cli.App{
		Name:                  "lazyfix",
		Version:               versionText(),
		CustomAppHelpTemplate: help,
		HideHelpCommand:       true,
		Writer:                out,
		ErrWriter:             errors,
		// program.run owns the exit codes.
		ExitErrHandler: func(*cli.Context, error) {},
		OnUsageError:   func(_ *cli.Context, err error, _ bool) error { return usageError{err.Error()} },
		// A comma can stand in a pattern; --select and --ignore split their own.
		DisableSliceFlagSeparator: true,
		Flags: []cli.Flag{
			&cli.BoolFlag{Name: "dry-run", Usage: "print the changes as a patch"},
			&cli.BoolFlag{Name: "write", Usage: "make the changes"},
			&cli.BoolFlag{Name: "check", Usage: "one line and the exit code"},
			&cli.StringSliceFlag{Name: "select", Usage: "run only these rules"},
			&cli.StringSliceFlag{Name: "ignore", Usage: "leave out these rules"},
			&cli.BoolFlag{Name: "unsafe", Usage: "also change what could change the code's meaning"},
			&cli.StringFlag{Name: "lazy", Usage: "what relationships get: raise_on_sql, raise or noload"},
			&cli.StringFlag{Name: "eager", Usage: "of what models load: keep it, or move it to the queries"},
			&cli.StringFlag{Name: "to-one", Usage: "how queries load single objects: selectinload or joinedload"},
			&cli.StringSliceFlag{Name: "exclude", Usage: "leave out, as in .gitignore"},
			&cli.BoolFlag{Name: "force-exclude", Usage: "leave it out even where a path is named"},
			&cli.BoolFlag{Name: "no-ignore", Usage: "read what .gitignore and .ignore leave out"},
			&cli.BoolFlag{Name: "allow-dirty", Usage: "write what git does not have, or not as it is, too"},
			&cli.StringFlag{Name: "stdin-filename", Usage: "what the path - is to be taken for", TakesFile: true},
			&cli.StringFlag{Name: "format", Value: formats[0], Usage: "of the report: text, json, sarif or github"},
			&cli.StringFlag{Name: "baseline", Usage: "leave alone what this file knows", TakesFile: true},
			&cli.StringFlag{Name: "write-baseline", Usage: "make this file know what remains", TakesFile: true},
			&cli.StringSliceFlag{Name: "evidence", Usage: "use what a run of the program recorded, too", TakesFile: true},
			&cli.BoolFlag{Name: "no-cache", Usage: "neither take results of earlier runs nor keep this one"},
			&cli.StringFlag{Name: "color", Value: "auto", Usage: "auto, always or never"},
			&cli.IntFlag{Name: "jobs", Aliases: []string{"j"}, Usage: "files at once; 0, the default, is one a core"},
			&cli.BoolFlag{Name: "quiet", Aliases: []string{"q"}, Usage: "no ways back, no summary, no warnings"},
		},
		Action: func(c *cli.Context) error {
			s, err := readSettings(c, rules)
			if err != nil {
				return err
			}
			return action(s)
		},
	}
}

// permute puts the flags before the paths, with a -- between, as the library wants them: it takes `src --write` for two
// paths. It knows which flags take the next word, splits -j4, and refuses a flag that is none.
func permute(args []string, flags []cli.Flag) ([]string, error) {
	known := map[string]bool{"help": false, "h": false, "version": false, "v": false} // to: takes a value
	var names []string
	for _, f := range flags {
		valued, ok := f.(cli.DocGenerationFlag)
		for _, name := range f.Names() {
			known[name] = ok && valued.TakesValue()
			if len(name) > 1 {
				names = append(names, name)
			}
		}
	}
	var front, paths []string
	for i := 0; i < len(args); i++ {
		arg := args[i]
		switch {
		case arg == "--":
			paths = append(paths, args[i+1:]...)
			i = len(args)
			continue
		case arg == "-" || !strings.HasPrefix(arg, "-"):
			paths = append(paths, arg)
			continue
		}
		name, _, inline := strings.Cut(strings.TrimPrefix(strings.TrimPrefix(arg, "-"), "-"), "=")
		takesValue, found := known[name]
		if !found && len(name) > 1 && !strings.HasPrefix(arg, "--") && known[name[:1]] {
			front = append(front, "-"+name[:1], arg[2:]) // -j4
			continue
		}
		if !found {
			return nil, usagef("there is no flag %s%s", arg, suggest(name, names, "--"))
		}
		if name == "help" || name == "h" {
			return []string{arg}, nil // the library would look for help on the path
		}
		front = append(front, arg)
		if takesValue && !inline {
			if i++; i == len(args) {
				return nil, usagef("%s needs a value", arg)
			}
			front = append(front, args[i])
		}
	}
	return slices.Concat(front, []string{"--"}, paths), nil
}
