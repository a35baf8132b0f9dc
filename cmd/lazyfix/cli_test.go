package main

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
	"golang.org/x/text/encoding/charmap"
)

// TestMain lets the archives run this program as the command lazyfix.
func TestMain(m *testing.M) {
	// No test is to see what another one, or the user's own runs, have found. Archives about the cache name a folder.
	if filepath.Base(os.Args[0]) != "lazyfix" {
		dir, err := os.UserCacheDir()
		if err == nil && os.Getenv("GOCACHE") == "" { // some tests build this program
			err = os.Setenv("GOCACHE", filepath.Join(dir, "go-build"))
		}
		if err = errors.Join(err, os.Setenv("XDG_CACHE_HOME", os.DevNull)); err != nil {
			panic(err)
		}
	}
	testscript.Main(m, map[string]func(){
		"lazyfix": func() { os.Exit(Run(os.Args[1:], os.Stdin, os.Stdout, os.Stderr)) },
	})
}

// TestCommandLine runs the archives of fixtures/cli. Two commands are ours: `exits N COMMAND...` is exec with the exit
// code that must come, and `latin1 FILE...` recodes files, as the archives themselves are UTF-8.
func TestCommandLine(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir:                 "../../fixtures/cli",
		RequireExplicitExec: true,
		RequireUniqueNames:  true,
		Setup: func(env *testscript.Env) error {
			env.Setenv("GIT_CONFIG_NOSYSTEM", "1")
			env.Setenv("GIT_AUTHOR_NAME", "A")
			env.Setenv("GIT_AUTHOR_EMAIL", "a@example.com")
			env.Setenv("GIT_COMMITTER_NAME", "A")
			env.Setenv("GIT_COMMITTER_EMAIL", "a@example.com")
			return nil
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){"exits": exits, "latin1": latin1},
	})
}

func exits(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: exits CODE COMMAND [args...]")
	}
	want, err := strconv.Atoi(args[0])
	ts.Check(err)
	got := 0
	err = ts.Exec(args[1], args[2:]...)
	var exit *exec.ExitError
	if errors.As(err, &exit) {
		got = exit.ExitCode()
	} else {
		ts.Check(err)
	}
	if got != want {
		ts.Fatalf("exit code %d, want %d", got, want)
	}
}

func latin1(ts *testscript.TestScript, _ bool, args []string) {
	for _, name := range args {
		text, err := charmap.ISO8859_1.NewEncoder().String(ts.ReadFile(name))
		ts.Check(err)
		ts.Check(os.WriteFile(ts.MkAbs(name), []byte(text), 0o644))
	}
}
