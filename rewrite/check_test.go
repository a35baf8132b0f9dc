package rewrite_test

import (
	"bytes"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/lazyfix/lazyfix/rewrite"
)

// check is what holds for every program, always: the findings and the new files are those that the archive has, whatever
// the number of workers; only files with a fixable finding change, and each of them does; a second run changes nothing
// and says what the first one left. What comes out must compile, which out checks for all programs at once.
func (p program) check(t *testing.T, out *outputs) {
	t.Helper()
	dir := t.TempDir()
	// Names are relative to the repository, so make the folder one, whatever folder the test is in.
	if err := os.Mkdir(filepath.Join(dir, ".git"), 0o755); err != nil {
		t.Fatal(err)
	}
	write(t, dir, p.input)
	result := p.run(t, dir, 1)
	if p.unsafe {
		p.checkProposed(t, result, run(t, dir, 0))
	}
	if parallel := p.run(t, dir, 4); !reflect.DeepEqual(said(result), said(parallel)) {
		t.Errorf("with 4 workers the result is another one:\n-- 1:\n%s-- 4:\n%s", listing(result.Findings), listing(parallel.Findings))
	}
	if len(result.Problems) > 0 {
		t.Errorf("problems: %v", result.Problems)
	}

	got := map[string]string{}
	for _, c := range result.Changes {
		got[c.Name] = string(c.New)
	}
	if *update {
		p.update(t, got, listing(result.Findings))
	} else {
		if findings := listing(result.Findings); findings != p.findings {
			t.Errorf("findings:\n%s-- want:\n%s", findings, p.findings)
		}
		p.compare(t, got)
	}

	fixable := map[string]bool{}
	for _, f := range result.Findings {
		if f.Fixable {
			fixable[f.File] = true
		}
	}
	if with, changed := slices.Sorted(maps.Keys(fixable)), slices.Sorted(maps.Keys(got)); !slices.Equal(with, changed) {
		t.Errorf("fixable findings are in %v, and %v change", with, changed)
	}

	write(t, dir, got)
	after := p.run(t, dir, 0)
	for _, c := range after.Changes {
		t.Errorf("a second run changes %s:\n%s", c.Name, c.New)
	}
	if now, left := messages(after.Findings), messages(slices.DeleteFunc(result.Findings, func(f rewrite.Finding) bool { return f.Fixable })); !slices.Equal(now, left) {
		t.Errorf("a second run finds:\n%s\n-- the first one left:\n%s", strings.Join(now, "\n"), strings.Join(left, "\n"))
	}
	for name, text := range p.input {
		if strings.HasSuffix(name, ".py") {
			out.add(t.Name()+" as it is: "+name, text)
		}
	}
	for name, text := range got {
		out.add(t.Name()+" afterwards: "+name, text)
	}
}

func (p program) compare(t *testing.T, got map[string]string) {
	t.Helper()
	for name, text := range got {
		switch want, ok := p.want[name]; {
		case !ok:
			t.Errorf("%s must stay as it is, and becomes:\n%s", name, text)
		case text != want:
			t.Errorf("%s becomes:\n%s-- want:\n%s", name, text, want)
		}
	}
	for name := range p.want {
		if _, ok := got[name]; !ok {
			t.Errorf("%s stays as it is, and must become:\n%s", name, p.want[name])
		}
	}
}

// said is all that a result tells; what it keeps for itself has the settings in it.
func said(r *rewrite.Result) []any {
	var out []any
	v := reflect.ValueOf(*r)
	for i := range v.NumField() {
		if v.Type().Field(i).IsExported() {
			out = append(out, v.Field(i).Interface())
		}
	}
	return out
}

// run runs a program, with the options that the prose of its archive names.
func (p program) run(t *testing.T, dir string, jobs int) *rewrite.Result {
	t.Helper()
	var o rewrite.Options
	if strings.Contains(string(p.archive.Comment), "\nOptions:") {
		o = optionsOf(t, p.archive)
	}
	o.Unsafe = o.Unsafe || p.unsafe
	return runIn(t, dir, jobs, o)
}

// checkProposed: what needs --unsafe is found without it, and says so.
func (p program) checkProposed(t *testing.T, unsafe, safe *rewrite.Result) {
	t.Helper()
	if got, want := messages(safe.Findings), messages(unsafe.Findings); !slices.Equal(got, want) {
		t.Errorf("without --unsafe it finds:\n%s\n-- with it:\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	for i, f := range safe.Findings {
		if f.Fixable || f.Unsafe != unsafe.Findings[i].Fixable {
			t.Errorf("%s:%d %s: fixable %v, unsafe %v", f.File, f.Line, f.Message, f.Fixable, f.Unsafe)
		}
	}
	if len(safe.Changes) > 0 {
		t.Errorf("it changes %s without --unsafe", safe.Changes[0].Name)
	}
}

func run(t *testing.T, dir string, jobs int) *rewrite.Result {
	t.Helper()
	return runIn(t, dir, jobs, rewrite.Options{})
}

func runIn(t *testing.T, dir string, jobs int, o rewrite.Options) *rewrite.Result {
	t.Helper()
	o.Paths, o.Jobs = []string{dir}, jobs
	result, err := rewrite.Run(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	return result
}

func write(t testing.TB, dir string, files map[string]string) {
	t.Helper()
	for name, text := range files {
		path := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

// listing is how an archive has findings: "FILE:LINE RULE MESSAGE", and below it "  ADVICE" where there is any.
func listing(findings []rewrite.Finding) string {
	var b strings.Builder
	for _, f := range findings {
		fmt.Fprintf(&b, "%s:%d %s %s\n", f.File, f.Line, f.Rule, f.Message)
		if f.Advice != "" {
			fmt.Fprintf(&b, "  %s\n", f.Advice)
		}
	}
	return b.String()
}

// messages are findings without their places, which edits above them move.
func messages(findings []rewrite.Finding) []string {
	out := make([]string, len(findings))
	for i, f := range findings {
		out[i] = f.File + " " + f.Rule + " " + f.Message
	}
	slices.Sort(out)
	return out
}

// outputs collects the new files of many programs, for one run of Python: to start it for each would take longer than
// all else.
type outputs struct {
	mu    sync.Mutex
	names []string
	texts []string
}

func (o *outputs) add(name, text string) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.names, o.texts = append(o.names, name), append(o.texts, text)
}

// compileAll reads its standard input: for each file a line "NAME", one with the number of its bytes, and the bytes.
const compileAll = `
import sys
data = sys.stdin.buffer
while name := data.readline():
    try:
        compile(data.read(int(data.readline())), name.decode().strip(), "exec", dont_inherit=True)
    except (SyntaxError, ValueError) as e:
        print(name.decode().strip(), e)
`

// compile holds everything that came out against CPython's own compiler: a parser alone accepts a keyword that stands
// twice.
func (o *outputs) compile(t *testing.T) {
	t.Helper()
	var in bytes.Buffer
	for i, text := range o.texts {
		fmt.Fprintf(&in, "%s\n%d\n%s", o.names[i], len(text), text)
	}
	cmd := exec.CommandContext(t.Context(), "python3", "-c", compileAll)
	cmd.Stdin = &in
	out, err := cmd.CombinedOutput()
	if err != nil || len(out) > 0 {
		t.Errorf("Python does not compile: %v\n%s", err, out)
	}
}
