package main

import (
	"slices"
	"strings"

	"github.com/urfave/cli/v2"
)

// ofEachRun are the flags that say what is analysed, and how: sweep hands them on to its runs.
var ofEachRun = []string{"select", "ignore", "lazy", "eager", "to-one", "unsafe", "exclude", "force-exclude", "no-ignore", "no-cache", "baseline"}

// ofOneAnswer are those of a command that looks at a whole program to say something of it: rules and baselines choose among
// findings, of which it prints none.
var ofOneAnswer = []string{"lazy", "eager", "to-one", "unsafe", "exclude", "force-exclude", "no-ignore", "no-cache", "evidence", "color", "jobs"}

// flagsOf are the flags that each command takes of those that a run without one has. Help, man page and completions list
// them, and any other is refused: ignored, it would seem to work.
func flagsOf(command string) []string {
	switch command {
	case "review":
		return append(slices.Clone(ofEachRun), "evidence", "allow-dirty", "color", "jobs")
	case "explain", "from-traceback":
		return ofOneAnswer
	case "evidence":
		return append(slices.Clone(ofOneAnswer), "format", "quiet")
	case "sweep":
		return append(slices.Clone(ofEachRun), "jobs", "quiet")
	case "lsp":
		return append(slices.DeleteFunc(slices.Clone(ofEachRun), func(name string) bool { return name == "no-cache" }), "jobs")
	}
	return nil
}

// helpOf is the text of --help behind a command, "" for none: its own, with the flags where it says @flags.
func helpOf(command string) string {
	var flags []string
	for _, name := range flagsOf(command) {
		flags = append(flags, "--"+name)
	}
	line, lines := "", ""
	for word := range strings.FieldsSeq("As without " + command + ": " + strings.Join(flags, ", ") + ".") {
		if line != "" && len(line)+1+len(word) > 79 {
			lines += line + "\n"
			line = ""
		}
		line = strings.TrimLeft(line+" "+word, " ")
	}
	return strings.Replace(commandHelp[command], "@flags", lines+line, 1)
}

// refuseOthers refuses flags that were given to a command and that it does not take. Own are those that no other run has.
func refuseOthers(command string, given []string, own ...cli.Flag) error {
	takes := slices.Clone(flagsOf(command))
	for _, f := range own {
		takes = append(takes, f.Names()...)
	}
	for _, name := range given {
		switch name { // the library names a flag and its alias
		case "j":
			name = "jobs"
		case "q":
			name = "quiet"
		}
		if !slices.Contains(takes, name) {
			return usagef("%s takes no --%s; lazyfix %s --help lists what it takes", command, name, command)
		}
	}
	return nil
}
