package main

import (
	"os"
	"os/exec"
	"runtime/debug"
	"slices"
	"strings"
	"testing"
)

// What each shell offers, with the script that it gets from us; the last word is the one at the cursor.
var offers = []struct{ line, want string }{
	{"lazyfix --la", "--lazy"},
	{"lazyfix app --write-b", "--write-baseline"},
	{"lazyfix --lazy r", "raise raise_on_sql"},
	{"lazyfix --format s", "sarif"},
	{"lazyfix --eager m", "move"},
	{"lazyfix --select exp", "expire-on-commit"},
	{"lazyfix rev", "review"},
	{"lazyfix review --allow", "--allow-dirty"},
	{"lazyfix review --writ", ""},
	{"lazyfix sweep --ou", "--out"},
	{"lazyfix rule implicit", "implicit-lazy"},
	{"lazyfix completion z", "zsh"},
	{"lazyfix app swee", ""}, // a path, no command
}

func offered(t *testing.T, shell, script string) string {
	t.Helper()
	path, err := exec.LookPath(shell)
	if err != nil {
		t.Skipf("no %s here", shell)
	}
	cmd := exec.CommandContext(t.Context(), path, "-c", script)
	cmd.Dir = t.TempDir() // without files, whose names would be offered too
	cmd.Env = append(os.Environ(), "HOME="+cmd.Dir)
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%s: %v\n%s", shell, err, out)
	}
	words := strings.Fields(string(out))
	slices.Sort(words)
	return strings.Join(words, " ")
}

func TestCompletion(t *testing.T) {
	t.Run("bash", func(t *testing.T) {
		for _, o := range offers {
			words := strings.Fields(o.line)
			script := "eval \"$(lazyfix completion bash)\"; COMP_WORDS=(" + o.line + "); COMP_CWORD=" + string(rune('0'+len(words)-1)) +
				`; _lazyfix; printf '%s\n' "${COMPREPLY[@]}"`
			if got := offered(t, "bash", script); got != o.want {
				t.Errorf("%s: %q, want %q", o.line, got, o.want)
			}
		}
	})
	t.Run("zsh", func(t *testing.T) {
		for _, o := range offers {
			words := strings.Fields(o.line)
			// zsh itself leaves out what does not begin with the word at the cursor.
			script := `compdef() { :; }; _files() { :; }; compadd() { print -l -- "${(@M)found:#$cur*}"; }; eval "$(lazyfix completion zsh)"; ` +
				"words=(" + o.line + "); CURRENT=" + string(rune('0'+len(words))) + "; cur=${words[CURRENT]}; _lazyfix"
			if got := offered(t, "zsh", script); got != o.want {
				t.Errorf("%s: %q, want %q", o.line, got, o.want)
			}
		}
	})
	t.Run("fish", func(t *testing.T) {
		// The library's script knows flags and commands, not values.
		for _, o := range []struct{ line, want string }{{"lazyfix --la", "--lazy"}, {"lazyfix rev", "review"}, {"lazyfix sweep --ou", "--out"}, {"lazyfix review --writ", ""}} {
			got := offered(t, "fish", `lazyfix completion fish | source; complete -C "`+o.line+`" | string split -f1 \t; true`)
			if got != o.want {
				t.Errorf("%s: %q, want %q", o.line, got, o.want)
			}
		}
	})
}

func TestCompletionUsage(t *testing.T) {
	realRun(t, "completion").expect(t, 2, "", "completion: want one of bash, zsh, fish")
	realRun(t, "completion", "tcsh").expect(t, 2, "", "completion: want one of bash, zsh, fish")
	realRun(t, "completion", "--help").expect(t, 0, completionHelp, "")
	realRun(t, "man", "x").expect(t, 2, "", "man takes nothing")
	realRun(t, "man", "--help").expect(t, 0, manHelp, "")
}

func TestManNamesEachFlagAndCommand(t *testing.T) {
	page := strings.ReplaceAll(realRun(t, "man").out, `\-`, "-")
	for _, f := range append(allFlags(), sweepFlags()...) {
		if !strings.Contains(page, "--"+f.Names()[0]) {
			t.Errorf("the page does not name --%s", f.Names()[0])
		}
		if usage, ok := f.(interface{ GetUsage() string }); !ok || usage.GetUsage() == "" {
			t.Errorf("--%s has no description", f.Names()[0])
		}
	}
	for name := range commandHelp {
		text := helpOf(name)
		if !strings.Contains(page, ".SH "+name+"\n") {
			t.Errorf("the page does not name %s", name)
		}
		for line := range strings.Lines(text) {
			if len(line) > 81 {
				t.Errorf("the help of %s has a line of %d: %s", name, len(line)-1, line)
			}
		}
		if n := strings.Count(text, "\n"); n > 23 {
			t.Errorf("the help of %s has %d lines", name, n)
		}
	}
	if groff, err := exec.LookPath("groff"); err == nil {
		cmd := exec.CommandContext(t.Context(), groff, "-man", "-Tascii", "-ww", "-z")
		cmd.Stdin = strings.NewReader(realRun(t, "man").out)
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Errorf("groff: %v\n%s", err, out)
		}
	}
}

func TestVersion(t *testing.T) {
	for _, test := range []struct {
		info debug.BuildInfo
		want string
	}{
		{debug.BuildInfo{Main: debug.Module{Version: "v1.2.3"}}, "1.2.3"},
		{debug.BuildInfo{Main: debug.Module{Version: "(devel)"}}, "dev"},
		{debug.BuildInfo{Settings: []debug.BuildSetting{{Key: "vcs.revision", Value: "0123456789abcdef"}, {Key: "vcs.modified", Value: "true"}}}, "dev-0123456789ab+"},
		{debug.BuildInfo{Settings: []debug.BuildSetting{{Key: "vcs.revision", Value: "0123456789abcdef"}, {Key: "vcs.modified", Value: "false"}}}, "dev-0123456789ab"},
	} {
		if got := versionOf(&test.info); got != test.want {
			t.Errorf("got %s, want %s", got, test.want)
		}
	}
}
