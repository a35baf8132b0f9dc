package sweep

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"strings"
	"sync"
	"testing"
	"time"
)

const good = `{"version": 1, "findings": [{"rule": "noload", "fixable": true}, {"rule": "noload"}, {"rule": "undecided-read"}],
"problems": [{"warning": true}, {"warning": false}], "changes": ["a.py"], "stats": {"files": 3, "lines": 9, "relationships": 2, "queries": 1}}`

// tree makes repositories of which each has the script that stands for its run; $1 is the file for the patch.
func tree(t *testing.T, scripts map[string]string) (dir string, repos []Repo) {
	t.Helper()
	dir = t.TempDir()
	var named []string
	for name, script := range scripts {
		path := filepath.Join(dir, name)
		if script != "" {
			if err := os.MkdirAll(path, 0o755); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(filepath.Join(path, "run"), []byte(script), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		named = append(named, path)
	}
	repos, err := List(named)
	if err != nil {
		t.Fatal(err)
	}
	return dir, repos
}

type heard struct {
	sync.Mutex
	ran, skipped []string
}

func (h *heard) options(dir string, repos []Repo) Options {
	return Options{
		Repos: repos, Out: filepath.Join(dir, "out"), Jobs: 3, Timeout: time.Minute, Settings: "1",
		Command: func(ctx context.Context, patch string) *exec.Cmd {
			return exec.CommandContext(ctx, "sh", "./run", patch)
		},
		Progress: func(l Line, _ int, skipped bool) {
			h.Lock()
			defer h.Unlock()
			if skipped {
				h.skipped = append(h.skipped, l.Name)
			} else {
				h.ran = append(h.ran, l.Name)
			}
		},
	}
}

const patch = `printf 'diff --git a/a.py b/a.py\n--- a/a.py\n+++ b/a.py\n@@ -1,2 +1,3 @@\n--- sql\n+x\n+y\n z\n' > $1` + "\n"

func TestSweep(t *testing.T) {
	dir, repos := tree(t, map[string]string{
		"good":   patch + "echo '" + good + "'; exit 1",
		"panic":  "echo 'panic: index out of range' >&2; echo 'goroutine 1' >&2; exit 2",
		"usage":  "echo 'lazyfix: lazyfix.toml: there is no key' >&2; echo 'lazyfix --help lists what there is.' >&2; exit 2",
		"killed": "kill -SEGV $$",
		"half":   ": > $1; echo '{\"version\"'",
		"gone":   "",
	})
	h := &heard{}
	lines, err := Run(t.Context(), h.options(dir, repos))
	if err != nil {
		t.Fatal(err)
	}
	failed := map[string]string{}
	for _, l := range lines {
		if l.Failed != "" {
			failed[l.Name] = l.Failed
			continue
		}
		l.Seconds = 0
		want := Line{Repository: filepath.Join(dir, "good"), Name: "good", Settings: "1", Files: 3, Lines: 9, Relationships: 2, Queries: 1,
			Findings: 2, Fixable: 1, Undecided: 1, Errors: 1, Changed: 1, Added: 2, Removed: 1, Rules: map[string]int{"noload": 2, "undecided-read": 1}}
		if !reflect.DeepEqual(l, want) {
			t.Errorf("got  %+v\nwant %+v", l, want)
		}
	}
	for name, want := range map[string]string{
		"panic": "exit status 2: panic: index out of range", "usage": "exit status 2: lazyfix: lazyfix.toml: there is no key",
		"killed": "crashed: signal: segmentation fault", "half": "its report: unexpected end of JSON input: it said nothing", "gone": "there is no such folder",
	} {
		if failed[name] != want {
			t.Errorf("%s: %q, want %q", name, failed[name], want)
		}
	}
	var names []string
	entries, err := os.ReadDir(filepath.Join(dir, "out"))
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		names = append(names, e.Name())
	}
	if got := strings.Join(names, " "); got != "good.json good.patch panic.stderr sweep.jsonl usage.stderr" {
		t.Errorf("the output has %s", got)
	}
	table := Table(lines)
	if !strings.Contains(table, "all 1\n\n5 failed:\n  gone: there is no such folder\n") || strings.Count(table, "good\n") != 1 {
		t.Errorf("%s", table)
	}
}

func TestSweepGoesOn(t *testing.T) {
	ok := patch + "echo '" + good + "'"
	dir, repos := tree(t, map[string]string{"a": ok, "b": ok, "bad": "exit 2", "edited": ok})
	for _, r := range repos {
		if r.Name != "b" {
			for _, args := range [][]string{{"init", "-q"}, {"add", "."}, {"-c", "user.name=A", "-c", "user.email=a@b.c", "commit", "-qm", "one"}} {
				if out, err := exec.Command("git", append([]string{"-C", r.Path}, args...)...).CombinedOutput(); err != nil {
					t.Fatalf("%v %s", err, out)
				}
			}
		}
	}
	if err := os.WriteFile(filepath.Join(dir, "edited", "new.py"), nil, 0o644); err != nil {
		t.Fatal(err)
	}
	run := func(change func(*Options), wantSkipped string) string {
		t.Helper()
		h := &heard{}
		o := h.options(dir, repos)
		o.Jobs = 1
		change(&o)
		lines, err := Run(t.Context(), o)
		if err != nil || len(lines) != len(o.Repos) {
			t.Fatalf("%d lines, %v", len(lines), err)
		}
		skipped := map[string]bool{}
		for _, name := range h.skipped {
			skipped[name] = true
		}
		var got []string
		for _, name := range []string{"a", "b", "bad", "edited"} {
			if skipped[name] {
				got = append(got, name)
			}
		}
		if strings.Join(got, " ") != wantSkipped || len(h.ran)+len(h.skipped) != len(o.Repos) {
			t.Errorf("skipped %v, want %s", got, wantSkipped)
		}
		text, err := os.ReadFile(filepath.Join(o.Out, linesFile))
		if err != nil || strings.Count(string(text), "\n") != 4 {
			t.Errorf("%v:\n%s", err, text)
		}
		return string(text)
	}
	same := func(*Options) {}
	run(same, "")
	run(same, "a b")
	run(func(o *Options) { o.Settings = "2" }, "")
	run(func(o *Options) { o.Again = true }, "")
	if err := os.Remove(filepath.Join(dir, "out", "a.patch")); err != nil {
		t.Fatal(err)
	}
	run(same, "b")
	run(func(o *Options) { o.Repos = o.Repos[:1]; o.Settings = "3" }, "") // the lines of the others stay
	// A kill in the middle of a line.
	file := filepath.Join(dir, "out", linesFile)
	text := run(func(o *Options) { o.Settings = "4" }, "")
	if err := os.WriteFile(file, []byte(text+`{"repository": "/cut`), 0o644); err != nil {
		t.Fatal(err)
	}
	run(func(o *Options) { o.Settings = "4" }, "a b")
}

func TestSweepIsBoundInTime(t *testing.T) {
	dir, repos := tree(t, map[string]string{"endless": "echo begun >&2; exec sleep 1000"})
	h := &heard{}
	o := h.options(dir, repos)
	o.Timeout = 200 * time.Millisecond
	lines, err := Run(t.Context(), o)
	if err != nil || lines[0].Failed != "stopped after 200ms" {
		t.Errorf("%v: %+v", err, lines)
	}
	// One that is interrupted leaves no line: it is not done.
	ctx, cancel := context.WithCancel(t.Context())
	o.Timeout = time.Hour
	o.Out = filepath.Join(dir, "other")
	o.Command = func(ctx context.Context, patch string) *exec.Cmd {
		cancel()
		return exec.CommandContext(ctx, "sleep", "1000")
	}
	if _, err := Run(ctx, o); err == nil {
		t.Error("no error of an interrupted sweep")
	}
	if _, err := os.Stat(filepath.Join(o.Out, linesFile)); err == nil {
		t.Error("an interrupted run has a line")
	}
}

func TestList(t *testing.T) {
	dir := t.TempDir()
	for _, name := range []string{"anna/shop", "bert/shop", "solo"} {
		if err := os.MkdirAll(filepath.Join(dir, name), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	list := filepath.Join(dir, "list.txt")
	if err := os.WriteFile(list, []byte("# ours\n\nanna/shop\n "+filepath.Join(dir, "bert/shop")+"\r\nanna/shop\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	repos, err := List([]string{filepath.Join(dir, "solo"), list, filepath.Join(dir, "solo", ".")})
	if err != nil {
		t.Fatal(err)
	}
	want := []Repo{{filepath.Join(dir, "solo"), "solo"}, {filepath.Join(dir, "anna/shop"), "anna+shop"}, {filepath.Join(dir, "bert/shop"), "bert+shop"}}
	if !reflect.DeepEqual(repos, want) {
		t.Errorf("got %+v, want %+v", repos, want)
	}
}
