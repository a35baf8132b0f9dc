package main

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"

	"github.com/lazyfix/lazyfix/edits"
	"github.com/lazyfix/lazyfix/rewrite"
)

func sample() *rewrite.Result {
	at := func(file string, line, column int) rewrite.Place {
		return rewrite.Place{File: file, Line: line, Column: column}
	}
	return &rewrite.Result{
		Root: "/root",
		Findings: []rewrite.Finding{
			{Rule: "implicit-lazy", Place: at("app/models.py", 10, 5), Message: "Order.items has no lazy strategy", Fixable: true},
			{Rule: "missing-eager-load", Place: at("app/models.py", 30, 1), Message: "Order.items is read but not loaded", Unsafe: true, Advice: "load it <here>",
				Why: []rewrite.Step{{Place: at("app/api.py", 3, 9), Text: "reads Order.items"}, {Place: at("app/models.py", 30, 1), Text: "returned by\nget"}}},
			{Rule: undecidedRule, Place: at("app/models.py", 40, 2), Message: "Order.user"},
			{Rule: "noload", Place: at("app/other\x1b.py", 1, 1), Message: "is noload"},
		},
		Problems: []rewrite.Problem{{Path: "bad.py", Line: 3, Reason: "does not parse"}, {Path: "old.py", Reason: "is in latin-1", Warning: true}},
		Changes:  []edits.Change{{Baseline: edits.Baseline{Name: "app/models.py"}}},
		Stats:    rewrite.Stats{Files: 143, Relationships: 1},
	}
}

func reporterTo(out *bytes.Buffer, color string) reporter {
	return newReporter(out, out, settings{color: color}, "")
}

func TestReport(t *testing.T) {
	var out bytes.Buffer
	reporterTo(&out, "auto").report(sample().Findings)
	want := `app/models.py:10:5 implicit-lazy Order.items has no lazy strategy [--write]
app/models.py:30:1 missing-eager-load Order.items is read but not loaded [--write --unsafe]
    app/api.py:3:9 reads Order.items <- returned by` + "\ufffd" + `get
    advice: load it <here>

app/other` + "\ufffd" + `.py:1:1 noload is noload

Undecided reads: no query that loads for them was found, or it cannot be edited.
app/models.py:40:2 undecided-read Order.user
`
	if out.String() != want {
		t.Errorf("got:\n%s\nwant:\n%s", out.String(), want)
	}
	if got, want := summary(sample(), settings{}), "1 error; 3 findings in 2 files, 1 can be written with --write, 1 more with --write --unsafe; 1 undecided read. 143 files, 1 relationship."; got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	for i, want := range []string{"bad.py:3: error: does not parse", "old.py: warning: is in latin-1"} {
		if got := problemLine(sample().Problems[i]); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}

// TestReportOfOnePlace: more findings at one place stand under it, long ways are shortened, advice that several undecided
// reads share is said once, and -q leaves no ways.
func TestReportOfOnePlace(t *testing.T) {
	at := func(file string, line int) rewrite.Place { return rewrite.Place{File: file, Line: line, Column: 1} }
	step := func(file string, line int, text string) rewrite.Step {
		return rewrite.Step{Place: at(file, line), Text: text}
	}
	long := []rewrite.Step{step("api.py", 1, "reads Order.items")}
	for i := range 8 {
		long = append(long, step("api.py", 10+i, "passed to f"))
	}
	findings := []rewrite.Finding{
		{Rule: "implicit-lazy", Place: at("models.py", 1), Message: "A.b gets lazy", Fixable: true},
		{Rule: "implicit-lazy", Place: at("models.py", 2), Message: "A.c gets lazy", Fixable: true},
		{Rule: "implicit-lazy", Place: at("models.py", 3), Message: "A.d cannot", Advice: "do it"},
		{Rule: "missing-eager-load", Place: at("repo.py", 5), Message: "loads Order.items", Fixable: true, Why: append(long, step("repo.py", 5, "queried in get"))},
		{Rule: "missing-eager-load", Place: at("repo.py", 5), Message: "loads Order.user", Fixable: true,
			Why: []rewrite.Step{step("api.py", 2, "reads Order.user"), step("repo.py", 5, "queried in get")}},
		{Rule: undecidedRule, Place: at("api.py", 7), Message: "A.b is read", Advice: "load it",
			Why: []rewrite.Step{step("api.py", 7, "reads A.b"), step("api.py", 9, "passed to g")}},
		{Rule: undecidedRule, Place: at("api.py", 8), Message: "A.c is read", Advice: "take it out"},
		{Rule: undecidedRule, Place: at("web.py", 9), Message: "A.d is read", Advice: "load it"},
	}
	for _, test := range []struct {
		brief bool
		want  string
	}{{false, `models.py:1:1 implicit-lazy A.b gets lazy [--write]
models.py:2:1 implicit-lazy A.c gets lazy [--write]
models.py:3:1 implicit-lazy A.d cannot
    advice: do it

repo.py:5:1 missing-eager-load loads Order.items [--write]
    api.py:1:1 reads Order.items
    <- api.py:10:1 passed to f
    <- api.py:11:1 passed to f
    <- ... 4 more: lazyfix explain api.py:1
    <- api.py:16:1 passed to f
    <- api.py:17:1 passed to f
    <- queried in get
  and loads Order.user
    api.py:2:1 reads Order.user <- queried in get

Undecided reads: no query that loads for them was found, or it cannot be edited.

Advice: load it
api.py:7:1 undecided-read A.b is read
    <- api.py:9:1 passed to g

web.py:9:1 undecided-read A.d is read

Advice: take it out
api.py:8:1 undecided-read A.c is read
`}, {true, `models.py implicit-lazy 2 findings [--write]
models.py:3:1 implicit-lazy A.d cannot
    advice: do it
repo.py:5:1 missing-eager-load loads Order.items [--write]
repo.py:5:1 missing-eager-load loads Order.user [--write]

Undecided reads: no query that loads for them was found, or it cannot be edited.

Advice: load it
api.py:7:1 undecided-read A.b is read
web.py:9:1 undecided-read A.d is read

Advice: take it out
api.py:8:1 undecided-read A.c is read
`}} {
		var out bytes.Buffer
		newReporter(&out, &out, settings{quiet: test.brief}, "").report(findings)
		if out.String() != test.want {
			t.Errorf("brief %v: got:\n%s\nwant:\n%s", test.brief, out.String(), test.want)
		}
	}
}

func TestColor(t *testing.T) {
	var out bytes.Buffer
	reporterTo(&out, "always").report(sample().Findings)
	if !strings.Contains(out.String(), "\x1b[33mimplicit-lazy\x1b[0m") || !strings.HasPrefix(out.String(), "\x1b[1mapp/models.py:10:5\x1b[0m ") {
		t.Errorf("%q", out.String())
	}
	// A tab, a carriage return, and a line that looks like a header stay what they are.
	diff := "--- a/x\n+++ b/x\n@@ -1,2 +1,2 @@\n-\told\r\n+\tnew\r\n same\r\n--- x\n\\ No newline at end of file\n"
	got := string(newPainter(&out, "always").patch([]byte(diff)))
	want := "\x1b[1m--- a/x\x1b[0m\n\x1b[1m+++ b/x\x1b[0m\n\x1b[36m@@ -1,2 +1,2 @@\x1b[0m\n\x1b[31m-\told\x1b[0m\r\n\x1b[32m+\tnew\x1b[0m\r\n same\r\n\x1b[31m--- x\x1b[0m\n\\ No newline at end of file\n"
	if got != want {
		t.Errorf("got\n%q\nwant\n%q", got, want)
	}
	t.Setenv("CLICOLOR_FORCE", "1")
	if !newPainter(&out, "auto").on || newPainter(&out, "never").on {
		t.Error("--color never is to win")
	}
	t.Setenv("NO_COLOR", "1")
	if newPainter(&out, "auto").on || !newPainter(&out, "always").on {
		t.Error("NO_COLOR is for auto, --color always is to win")
	}
}

func TestJSON(t *testing.T) {
	var out bytes.Buffer
	if err := writeJSON(&out, sample(), []string{"app/models.py"}); err != nil {
		t.Fatal(err)
	}
	var got struct {
		Version  int
		Findings []struct {
			Rule, File, Message, Advice string
			Line, Column                int
			Why                         []struct{ File, Text string }
			Fixable, Unsafe             bool
		}
		Problems []struct {
			File    string
			Line    int
			Warning bool
		}
		Changes, Written []string
		Stats            map[string]int
	}
	decoder := json.NewDecoder(&out)
	if err := decoder.Decode(&got); err != nil {
		t.Fatal(err)
	}
	f := got.Findings[1]
	if got.Version != 1 || len(got.Findings) != 4 || f.File != "app/models.py" || f.Line != 30 || f.Why[0].Text != "reads Order.items" || f.Fixable || !f.Unsafe ||
		f.Advice != "load it <here>" || got.Problems[0].Line != 3 || !got.Problems[1].Warning || got.Changes[0] != got.Written[0] || got.Stats["files"] != 143 {
		t.Errorf("%+v", got)
	}
	out.Reset()
	if err := writeJSON(&out, &rewrite.Result{}, nil); err != nil || strings.Contains(out.String(), "null") {
		t.Errorf("%v, or a list is null: %s", err, out.String())
	}
}

func TestRule(t *testing.T) {
	rules := []rewrite.Rule{{Name: "noload", Summary: "Short.", Safety: "safe", Doc: "\nLong.\n", Before: "a = 1\n\nb = 2\n", After: "a = 2"}, {Name: "implicit-lazy", Summary: "Other.", Safety: "report"}}
	for _, test := range []struct{ args, want, wrong string }{
		{"", "noload         safe    Short.\nimplicit-lazy  report  Other.\n", ""},
		{"noload", "noload (safe)\n\nShort.\n\nLong.\n\nBefore:\n\n    a = 1\n\n    b = 2\n\nAfter:\n\n    a = 2\n", ""},
		{"nolod", "", `rule: there is no rule "nolod" (did you mean noload?); lazyfix rule lists them`},
		{"a b", "", "rule takes one name"},
		{"--all", "", "rule: there is no flag --all; it takes the name of a rule"},
		{"--help", ruleHelp, ""},
	} {
		var out bytes.Buffer
		err := program{rules: rules}.rule(strings.Fields(test.args), &out)
		wrong := ""
		if err != nil {
			wrong = err.Error()
		}
		if out.String() != test.want || wrong != test.wrong {
			t.Errorf("%q: %v\n%s", test.args, err, out.String())
		}
	}
}

// TestReportByCause: what a rollback in one place expires for several callers stands under that place, and for a few under each.
func TestReportByCause(t *testing.T) {
	expired := func(line int, cause string) rewrite.Finding {
		at := rewrite.Place{File: "api.py", Line: line, Column: 5}
		return rewrite.Finding{Rule: "unloaded-after-commit", Place: at, Message: "Order.id is read after a rollback, which expired it", Advice: "read it before",
			Why: []rewrite.Step{{Place: at, Text: "reads Order.id"}, {Place: rewrite.Place{File: cause, Line: 9, Column: 1}, Text: "rolled back here"}}}
	}
	var findings []rewrite.Finding
	for i := range minReaders {
		findings = append(findings, expired(10+i, "many.py"))
	}
	for i := range minReaders - 1 {
		findings = append(findings, expired(20+i, "few.py"))
	}
	var out bytes.Buffer
	reporterTo(&out, "auto").report(findings[:minReaders+1])
	want := `api.py:20:5 unloaded-after-commit Order.id is read after a rollback, which expired it
    <- few.py:9:1 rolled back here
    advice: read it before

many.py:9:1 unloaded-after-commit rolled back here: 4 places read what that expired
    api.py:10:5 Order.id is read after a rollback, which expired it
    api.py:11:5 Order.id is read after a rollback, which expired it
    api.py:12:5 Order.id is read after a rollback, which expired it
    api.py:13:5 Order.id is read after a rollback, which expired it
    advice: read it before
`
	if out.String() != want {
		t.Errorf("got:\n%s\nwant:\n%s", out.String(), want)
	}
	out.Reset()
	reporterTo(&out, "auto").report(findings[minReaders:])
	if strings.Contains(out.String(), "places") {
		t.Errorf("a few stand together:\n%s", out.String())
	}
}
