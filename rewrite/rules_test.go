package rewrite_test

import (
	"path/filepath"
	"testing"

	"github.com/lazyfix/lazyfix/rewrite"
)

// TestRules runs the archives of fixtures/rules: one folder a rule, in each archive one idea and many small cases. The
// form is in the comment of readCases.
func TestRules(t *testing.T) {
	out := &outputs{}
	t.Run("cases", func(t *testing.T) {
		for _, r := range rewrite.Rules() {
			t.Run(r.Name, func(t *testing.T) {
				acting, quiet := 0, 0
				for _, path := range archives(t, "../fixtures/rules/"+r.Name+"/*.txtar") {
					for _, p := range readCases(t, path) {
						p.unsafe = r.Safety == "unsafe"
						t.Run(p.name, func(t *testing.T) {
							t.Parallel()
							p.check(t, out)
						})
						switch {
						case len(p.want) > 0, r.Safety == "report" && p.findings != "":
							acting++
						case p.findings == "":
							quiet++
						}
					}
				}
				if acting == 0 || quiet < acting {
					t.Errorf("%d cases in which the rule acts and %d in which it is silent: want at least as many of these", acting, quiet)
				}
			})
		}
	})
	out.compile(t)
}

// TestPrograms runs the archives of fixtures/programs: each is a program of several files. The form is in the comment of
// readProgram.
func TestPrograms(t *testing.T) {
	out := &outputs{}
	t.Run("programs", func(t *testing.T) {
		for _, path := range archives(t, "../fixtures/programs/*.txtar") {
			p := readProgram(t, path)
			t.Run(p.name, func(t *testing.T) {
				t.Parallel()
				p.check(t, out)
			})
		}
	})
	out.compile(t)
}

func archives(t testing.TB, pattern string) []string {
	t.Helper()
	paths, err := filepath.Glob(pattern)
	if err != nil || len(paths) == 0 {
		t.Fatalf("no archive %s: %v", pattern, err)
	}
	return paths
}
