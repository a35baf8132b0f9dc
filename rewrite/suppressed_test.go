package rewrite_test

import (
	"strings"
	"testing"
)

// TestCommentsThatSilence: what is silent behind a comment, and what is said of the comment.
func TestCommentsThatSilence(t *testing.T) {
	for _, test := range []struct{ comment, warning, silent string }{
		{"", "", "no"},
		{"# lazyfix: ignore", "", "yes"},
		{"# lazyfix: ignore  # the tests need it", "", "yes"},
		{"# lazyfix: ignore missing rows are fine", "", "yes"},
		{"# lazyfix: ignore[expire-on-commit]", "", "yes"},
		{"# lazyfix: ignore [noload, expire-on-commit]", "", "yes"},
		{"# lazyfix: ignore[expire-on-comit]", `there is no rule "expire-on-comit" (did you mean expire-on-commit?); lazyfix rule lists them`, "no"},
		{"# lazyfix: ignore[xyz, expire-on-commit]", `there is no rule "xyz"; lazyfix rule lists them`, "yes"},
		{"# lazyfix: ignore[]", "names no rule, and silences none", "no"},
		{"# lazyfix: ignore expire-on-commit", "the brackets are missing; taken for ignore[expire-on-commit], for no other rule", "yes"},
		{"# lazyfix: ignore: expire-on-commit, noload", "taken for ignore[expire-on-commit, noload]", "yes"},
		{"# lazyfix: ignore noload", "taken for ignore[noload]", "no"},
		{"# lazyfix: ignore expire_on_commit", "silences every rule here; did you mean ignore[expire-on-commit]?", "yes"},
	} {
		dir := t.TempDir()
		write(t, dir, map[string]string{"a.py": "from sqlalchemy.ext.asyncio import async_sessionmaker\n\nmaker = async_sessionmaker()  " + test.comment + "\n"})
		r := run(t, dir, 0)
		said := ""
		for _, p := range r.Problems {
			if said += p.Reason; !p.Warning || p.Line != 3 || p.Path == "" {
				t.Errorf("%s: %+v", test.comment, p)
			}
		}
		if !strings.Contains(said, test.warning) || test.warning == "" && said != "" {
			t.Errorf("%s\nsays  %s\nwants %s", test.comment, said, test.warning)
		}
		if silent := map[int]string{0: "yes", 1: "no"}[len(r.Findings)]; silent != test.silent {
			t.Errorf("%s: silent %s, want %s", test.comment, silent, test.silent)
		}
	}
}
