package rewrite_test

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/lazyfix/lazyfix/rewrite"
)

// TestStrategies runs the archives of fixtures/lazy: cases as readCases reads them, under the options that the comment of
// the archive says: "Options: lazy=raise unsafe".
func TestStrategies(t *testing.T) {
	out := &outputs{}
	for _, path := range archives(t, "../fixtures/lazy/*.txtar") {
		for _, p := range readCases(t, path) {
			t.Run(p.name, func(t *testing.T) {
				dir := t.TempDir()
				if err := os.Mkdir(filepath.Join(dir, ".git"), 0o755); err != nil {
					t.Fatal(err)
				}
				write(t, dir, p.input)
				o := optionsOf(t, p.archive)
				o.Paths = []string{dir}
				result, got := runWith(t, o)
				findings := withAdvice(result.Findings)
				if *update {
					p.update(t, got, findings)
				} else {
					p.compare(t, got)
					if findings != p.findings {
						t.Errorf("findings:\n%s-- want:\n%s", findings, p.findings)
					}
				}
				checkWarnings(t, o.Lazy, result.Problems)
				for name, text := range got {
					out.add(t.Name()+": "+name, text)
				}
				write(t, dir, got)
				if _, again := runWith(t, o); len(again) > 0 {
					t.Errorf("a second run changes %v", again)
				}
			})
		}
	}
	out.compile(t)
}

func optionsOf(t *testing.T, a *archive) rewrite.Options {
	t.Helper()
	_, line, ok := strings.Cut(string(a.Comment), "\nOptions:")
	if !ok {
		t.Fatalf("%s says no Options:", a.path)
	}
	line, _, _ = strings.Cut(line, "\n")
	var o rewrite.Options
	for _, word := range strings.Fields(line) {
		switch name, value, _ := strings.Cut(word, "="); name {
		case "lazy":
			o.Lazy = value
		case "eager":
			o.Eager = value
		case "to-one":
			o.ToOne = value
		case "unsafe":
			o.Unsafe = true
		default:
			t.Fatalf("%s: unknown option %q", a.path, word)
		}
	}
	return o
}

func runWith(t *testing.T, o rewrite.Options) (*rewrite.Result, map[string]string) {
	t.Helper()
	result, err := rewrite.Run(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]string{}
	for _, c := range result.Changes {
		got[c.Name] = string(c.New)
	}
	return result, got
}

// withAdvice prints the findings of the two rules about strategies; unlike other archives these have the advice of what is
// edited too, and what only --unsafe writes.
func withAdvice(findings []rewrite.Finding) string {
	var b strings.Builder
	for _, f := range findings {
		if f.Rule != "implicit-lazy" && f.Rule != "noload" {
			continue
		}
		fmt.Fprintf(&b, "%s:%d %s %s\n", f.File, f.Line, f.Rule, f.Message)
		if f.Advice != "" {
			fmt.Fprintf(&b, "  %s\n", f.Advice)
		}
		if f.Unsafe && !f.Fixable {
			fmt.Fprintln(&b, "  --unsafe writes it")
		}
	}
	return b.String()
}

// checkWarnings: noload always says that it is deprecated, raise what it forbids beyond raise_on_sql, once; raise_on_sql
// says nothing. A warning does not fail the run.
func checkWarnings(t *testing.T, lazy string, problems []rewrite.Problem) {
	t.Helper()
	want := map[string]string{"noload": "2.1 deprecates", "raise": "need no SQL"}[lazy]
	if want == "" && len(problems) == 0 {
		return
	}
	if len(problems) != 1 || want == "" || !problems[0].Warning || !strings.Contains(problems[0].Reason, want) {
		t.Errorf("with --lazy %q the problems are %v", lazy, problems)
	}
}

// TestRaiseWarnsOfWhatItWrites: where nothing is written there is nothing to warn of; noload warns all the same.
func TestRaiseWarnsOfWhatItWrites(t *testing.T) {
	dir := t.TempDir()
	write(t, dir, map[string]string{"app.py": "x = 1\n"})
	for lazy, want := range map[string]int{"": 0, "raise_on_sql": 0, "raise": 0, "noload": 1} {
		result, _ := runWith(t, rewrite.Options{Paths: []string{dir}, Lazy: lazy})
		if len(result.Problems) != want {
			t.Errorf("--lazy %s: %v", lazy, result.Problems)
		}
	}
}

// TestSelectAlone: without missing-eager-load no query gets an option, so that the read in a sync session holds the
// relationship back.
func TestSelectAlone(t *testing.T) {
	a := readArchive(t, "../fixtures/lazy/not_held.txtar")
	text, ok := a.file("gets_option.py")
	if !ok {
		t.Fatal("not_held.txtar has no case gets_option")
	}
	dir := t.TempDir()
	write(t, dir, map[string]string{"app.py": text})
	for _, o := range []rewrite.Options{{}, {Select: []string{"implicit-lazy"}}, {Ignore: []string{"missing-eager-load"}}} {
		o.Paths = []string{dir}
		result, _ := runWith(t, o)
		held := slices.ContainsFunc(result.Findings, func(f rewrite.Finding) bool { return f.Rule == "implicit-lazy" && !f.Fixable })
		if alone := len(o.Select)+len(o.Ignore) > 0; held != alone {
			t.Errorf("%v: held back is %v", o, held)
		}
	}
}
