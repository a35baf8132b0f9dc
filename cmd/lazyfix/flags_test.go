package main

import (
	"io"
	"slices"
	"strings"
	"testing"

	"github.com/urfave/cli/v2"
)

func allFlags() []cli.Flag {
	return newApp(io.Discard, io.Discard, nil, nil).Flags
}

func TestPermute(t *testing.T) {
	for _, test := range []struct{ given, want string }{
		{"", "--"},
		{"src --write", "--write -- src"},
		{"--write src", "--write -- src"},
		{"src --exclude gen lib -q", "--exclude gen -q -- src lib"},
		{"src --exclude=gen", "--exclude=gen -- src"},
		{"src --exclude --write", "--exclude --write -- src"}, // a value flag takes its next word
		{"src -j 4", "-j 4 -- src"},
		{"-j4 src", "-j 4 -- src"},
		{"src -- --write -q", "-- src --write -q"},
		{"- --dry-run", "--dry-run -- -"},
		{"src -write", "-write -- src"},
		{"--write=false src", "--write=false -- src"},
		{"src --write -h lib", "-h"},
	} {
		got, err := permute(strings.Fields(test.given), allFlags())
		if err != nil || strings.Join(got, " ") != test.want {
			t.Errorf("%q: got %q, %v; want %q", test.given, got, err, test.want)
		}
	}
	for given, want := range map[string]string{
		"--wirte":     "there is no flag --wirte (did you mean --write?)",
		"-z":          "there is no flag -z",
		"-=x":         "there is no flag -=x",
		"--=x":        "there is no flag --=x",
		"src --lazy":  "--lazy needs a value",
		"src -j":      "-j needs a value",
		"--exlude=x":  "there is no flag --exlude=x (did you mean --exclude?)",
		"--qqq src":   "there is no flag --qqq",
		"-q4 src":     "there is no flag -q4",
		"--é --write": "there is no flag --é",
	} {
		if _, err := permute(strings.Fields(given), allFlags()); err == nil || err.Error() != want {
			t.Errorf("%q: error %v, want %q", given, err, want)
		}
	}
}

// The help is written by hand, so that it fits a screen of 80 by 24 with the prompt after it.
func TestHelpNamesEachFlagAndFits(t *testing.T) {
	for _, f := range allFlags() {
		for _, name := range f.Names() {
			dashes := "--"
			if len(name) == 1 {
				dashes = "-"
			}
			if !strings.Contains(help, dashes+name) {
				t.Errorf("the help does not name %s%s", dashes, name)
			}
		}
	}
	lines := slices.Collect(strings.Lines(help))
	if len(lines) > 23 {
		t.Errorf("the help has %d lines", len(lines))
	}
	for _, line := range lines {
		if len(line) > 80 {
			t.Errorf("the help has a line of %d: %s", len(line)-1, line)
		}
	}
	if strings.Contains(help, "{{") {
		t.Error("the help is a template")
	}
}
