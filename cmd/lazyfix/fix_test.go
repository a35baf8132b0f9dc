package main

import (
	"bytes"
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/lazyfix/lazyfix/edits"
	"github.com/lazyfix/lazyfix/rewrite"
)

// shouting stands for the analysis: in the files that are named (and standard input) it finds each line "quiet" and makes
// it "LOUD", finds "risky", which it only edits with --unsafe, and "lost", which nobody can settle.
func shouting(_ context.Context, o rewrite.Options) (*rewrite.Result, error) {
	r := &rewrite.Result{Stats: rewrite.Stats{Files: len(o.Paths), Relationships: 2}}
	plan := edits.NewPlan()
	for _, path := range o.Paths {
		content, name := o.Stdin, o.StdinName
		if path != stdinPath {
			var err error
			if content, err = os.ReadFile(path); err != nil {
				r.Problems = append(r.Problems, rewrite.Problem{Path: path, Reason: "does not exist"})
				continue
			}
			name = filepath.ToSlash(path)
		}
		if err := plan.AddFile(edits.Baseline{Path: path, Name: name, Content: content, Mode: 0o644}); err != nil {
			return nil, err
		}
		offset, number := 0, 0
		for line := range strings.Lines(string(content)) {
			number++
			f := rewrite.Finding{Place: rewrite.Place{File: name, Line: number, Column: 1}}
			edit := edits.Edit{Start: offset, End: offset + len(strings.TrimRight(line, "\r\n")), New: "LOUD"}
			offset += len(line)
			switch strings.TrimSpace(line) {
			case "quiet":
				f.Rule, f.Message, f.Fixable = "shout", "is quiet", true
			case "risky":
				f.Rule, f.Message, f.Fixable, f.Unsafe = "shout", "is risky", o.Unsafe, true
			case "lost":
				f.Rule, f.Message = undecidedRule, "is lost"
			default:
				continue
			}
			r.Findings = append(r.Findings, f)
			if f.Fixable {
				if err := plan.Add(edits.Fix{ID: name, Files: []edits.FileEdits{{Path: path, Edits: []edits.Edit{edit}}}}); err != nil {
					return nil, err
				}
			}
		}
	}
	r.Changes = plan.Changes()
	return r, nil
}

type ended struct {
	code        int
	out, errors string
}

func start(t *testing.T, stdin string, args ...string) ended {
	t.Helper()
	var out, errors bytes.Buffer
	p := program{analyze: shouting, rules: []rewrite.Rule{{Name: "shout", Safety: "safe", Summary: "Raise the voice."}}, stdin: strings.NewReader(stdin), stdout: &out, stderr: &errors}
	return ended{p.run(t.Context(), args), out.String(), errors.String()}
}

// expect compares standard output, and looks for a part of standard error ("" means that it must be empty).
func (e ended) expect(t *testing.T, code int, out, errors string) {
	t.Helper()
	if e.code != code || e.out != out || !strings.Contains(e.errors, errors) || errors == "" && e.errors != "" {
		t.Errorf("exit code %d, want %d\n-- stdout:\n%s-- want:\n%s-- stderr:\n%s-- want:\n%s", e.code, code, e.out, out, e.errors, errors)
	}
}

// folder makes the files in a new working folder.
func folder(t *testing.T, files map[string]string) {
	t.Helper()
	t.Chdir(t.TempDir())
	for name, content := range files {
		if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, []byte(content), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

func content(t *testing.T, name string) string {
	t.Helper()
	b, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func git(t *testing.T, args ...string) {
	t.Helper()
	args = append([]string{"-c", "user.name=A", "-c", "user.email=a@example.com"}, args...)
	if out, err := exec.Command("git", args...).CombinedOutput(); err != nil {
		t.Fatalf("git %s: %v\n%s", strings.Join(args, " "), err, out)
	}
}

const patch = `diff --git a/a.py b/a.py
--- a/a.py
+++ b/a.py
@@ -1,2 +1,2 @@
-quiet
+LOUD
 rest
`

func TestModes(t *testing.T) {
	folder(t, map[string]string{"a.py": "quiet\nrest\n", "none.py": "rest\n", "lost.py": "lost\nquiet\n", "risky.py": "risky\n"})
	start(t, "", "a.py").expect(t, 1, "a.py:1:1 shout is quiet [--write]\n", "1 finding in 1 file, 1 can be written with --write. 1 file, 2 relationships.\n")
	start(t, "", "none.py").expect(t, 0, "", "No findings. 1 file, 2 relationships.\n")
	start(t, "", "a.py", "-q").expect(t, 1, "a.py:1:1 shout is quiet [--write]\n", "")
	start(t, "", "a.py", "--dry-run").expect(t, 1, patch, "1 finding in 1 file")
	start(t, "", "a.py", "--dry-run", "-q").expect(t, 1, patch, "")
	start(t, "", "none.py", "--dry-run").expect(t, 0, "", "No findings")
	start(t, "", "a.py", "lost.py", "--check").expect(t, 1, "2 findings in 2 files, 2 can be written with --write; 1 undecided read. 2 files, 2 relationships.\n", "")
	start(t, "", "none.py", "--check").expect(t, 0, "No findings. 1 file, 2 relationships.\n", "")
	start(t, "", "a.py", "--check", "-q").expect(t, 1, "", "")
	start(t, "", "risky.py").expect(t, 1, "risky.py:1:1 shout is risky [--write --unsafe]\n", "1 finding in 1 file, 1 more with --write --unsafe. ")
	start(t, "", "a.py", "gone.py").expect(t, 2, "a.py:1:1 shout is quiet [--write]\n", "gone.py: error: does not exist\n1 error; 1 finding in 1 file, 1 can be written with --write. ")
	if content(t, "a.py") != "quiet\nrest\n" {
		t.Error("a report wrote")
	}

	start(t, "", "a.py", "--write").expect(t, 0, "", "1 file written. 1 file, 2 relationships.\n")
	start(t, "", "a.py", "--write").expect(t, 0, "", "Nothing to write. 1 file, 2 relationships.\n")
	start(t, "", "risky.py", "--write").expect(t, 1, "risky.py:1:1 shout is risky [--write --unsafe]\n", "Nothing to write; 1 finding remains, 1 can be written with --unsafe. ")
	start(t, "", "risky.py", "--write", "--unsafe").expect(t, 0, "", "1 file written. ")
	start(t, "", "lost.py", "--write").expect(t, 1,
		"Undecided reads: no query that loads for them was found, or it cannot be edited.\nlost.py:1:1 undecided-read is lost\n", "1 file written; 1 undecided read remains. ")
	if content(t, "a.py")+content(t, "risky.py")+content(t, "lost.py") != "LOUD\nrest\nLOUD\nlost\nLOUD\n" {
		t.Error("not written")
	}
	start(t, "", "a.py", "gone.py", "--write").expect(t, 2, "", "gone.py: error: does not exist\n1 error; nothing to write. ")
}

func TestFailedWrite(t *testing.T) {
	folder(t, map[string]string{"a.py": "quiet\n", "b.py": "quiet\n", "c.py": "quiet\n"})
	p := func(ctx context.Context, o rewrite.Options) (*rewrite.Result, error) {
		r, err := shouting(ctx, o)
		if e := os.WriteFile("b.py", []byte("typed meanwhile\n"), 0o644); e != nil {
			t.Fatal(e)
		}
		return r, err
	}
	var out, errors bytes.Buffer
	code := program{analyze: p, stdout: &out, stderr: &errors}.run(t.Context(), []string{"--write", "a.py", "b.py", "c.py"})
	ended{code, out.String(), errors.String()}.expect(t, 2, "", "not written:\n  b.py: not written: the file changed since it was read")
	if !strings.Contains(errors.String(), "\nwritten: a.py, c.py\n2 files written") {
		t.Errorf("stderr: %s", errors.String())
	}
	if got := content(t, "a.py") + content(t, "b.py") + content(t, "c.py"); got != "LOUD\ntyped meanwhile\nLOUD\n" {
		t.Errorf("got %q", got)
	}
}

func TestUncommittedChangesAreRefused(t *testing.T) {
	folder(t, map[string]string{"clean.py": "quiet\n", "dirty.py": "old\n", "staged.py": "old\n", "a b/*.py": "old\n", "other.py": "old\n"})
	git(t, "init", "-q")
	git(t, "add", ".")
	git(t, "commit", "-qm", "one")
	for _, name := range []string{"dirty.py", "staged.py", "a b/*.py", "other.py", "new.py"} {
		if err := os.WriteFile(name, []byte("quiet\n"), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	git(t, "add", "staged.py")
	all := []string{"clean.py", "dirty.py", "staged.py", "a b/*.py", "--write"}
	start(t, "", all...).expect(t, 2, "", "lazyfix: nothing was written: git has uncommitted changes in\n  a b/*.py\n  dirty.py\n  staged.py\ncommit or stash")
	if content(t, "clean.py") != "quiet\n" {
		t.Error("clean.py was written although the run was refused")
	}
	start(t, "", append(all, "new.py")...).expect(t, 2, "", "in\n  a b/*.py\n  dirty.py\n  staged.py\nand no copy (untracked) of\n  new.py\ncommit all")
	start(t, "", "clean.py", "new.py", "--write").expect(t, 2, "", "git has no copy (untracked) of\n  new.py\nadd and commit")
	// No other dirty file matters.
	start(t, "", "clean.py", "--write").expect(t, 0, "", "1 file written")
	// From a folder below, the names are relative to that.
	t.Chdir("a b")
	start(t, "", "*.py", "--write").expect(t, 2, "", "uncommitted changes in\n  *.py\n")
	t.Chdir("..")
	start(t, "", append(all, "--allow-dirty")...).expect(t, 0, "", "3 files written")
	// No git in PATH.
	folder(t, map[string]string{"a.py": "quiet\n"})
	t.Setenv("PATH", "")
	start(t, "", "a.py", "--write").expect(t, 0, "", "1 file written")
}

// TestUntrackedFiles: git has no copy of what would be overwritten, in a new folder and in a repository within one too. One
// that is not to be changed does not matter, nor one that is ignored.
func TestUntrackedFiles(t *testing.T) {
	folder(t, map[string]string{"a.py": "quiet\n", "new/deep/b.py": "quiet\n", "new/rest.py": "rest\n", "inner/c.py": "quiet\n", "build/d.py": "quiet\n"})
	git(t, "init", "-q")
	git(t, "init", "-q", "inner")
	if err := os.WriteFile(".gitignore", []byte("build/\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	git(t, "add", "a.py")
	git(t, "commit", "-qm", "one")
	start(t, "", "--write", "a.py", "new/deep/b.py", "inner/c.py").expect(t, 2, "",
		"nothing was written: git has no copy (untracked) of\n  new/deep/b.py\n  inner/c.py\nadd and commit what is to be kept, or give --allow-dirty\n")
	if content(t, "a.py")+content(t, "new/deep/b.py")+content(t, "inner/c.py") != "quiet\nquiet\nquiet\n" {
		t.Error("written although the run was refused")
	}
	start(t, "", "--write", "a.py", "new/rest.py", "build/d.py").expect(t, 0, "", "2 files written")
	start(t, "", "--write", "--allow-dirty", "new/deep/b.py", "inner/c.py").expect(t, 0, "", "2 files written")
}

func TestGitThatFailsIsNotPassedOver(t *testing.T) {
	folder(t, map[string]string{"a.py": "quiet\n", ".git": "gitdir: nowhere\n"})
	start(t, "", "a.py", "--write").expect(t, 2, "", "nothing was written: git cannot say what is uncommitted")
	start(t, "", "a.py", "--write", "--allow-dirty").expect(t, 0, "", "1 file written")
}

func TestStandardInput(t *testing.T) {
	folder(t, map[string]string{"a.py": "quiet\nrest\n"})
	name := "--stdin-filename=a.py"
	start(t, "quiet\nrest\n", "-", name, "--dry-run").expect(t, 1, patch, "1 finding")
	start(t, "quiet\nrest", "-", name).expect(t, 1, "a.py:1:1 shout is quiet [--write]\n", "1 finding")
	start(t, "quiet\nrest", "-", name, "--write").expect(t, 0, "LOUD\nrest", "1 file written")
	start(t, "rest\r\n", "--write", name, "-").expect(t, 0, "rest\r\n", "Nothing to write")
	start(t, "lost\nquiet\n", "--write", name, "-").expect(t, 1, "lost\nLOUD\n", "a.py:1:1 undecided-read is lost\n1 file written; 1 undecided read remains")
	start(t, "quiet\n", "--write", name, "-", "a.py").expect(t, 2, "", "takes no other path")
	start(t, "quiet\n", "--write", name, "-", "--format", "json").expect(t, 2, "", "prints the new text")
	start(t, "", "a.py", name).expect(t, 2, "", "--stdin-filename is for the path -")
	start(t, "", "-", "-").expect(t, 2, "", "named twice")
	if content(t, "a.py") != "quiet\nrest\n" {
		t.Error("the file of that name was written")
	}
}

type full struct{}

func (full) Write([]byte) (int, error) { return 0, os.ErrClosed }

func TestStandardOutputThatFails(t *testing.T) {
	folder(t, map[string]string{"a.py": "quiet\n"})
	var errors bytes.Buffer
	p := program{analyze: shouting, stdout: full{}, stderr: &errors}
	if code := p.run(t.Context(), []string{"--dry-run", "a.py"}); code != 2 || !strings.Contains(errors.String(), "standard output: file already closed") {
		t.Errorf("exit code %d, %s", code, errors.String())
	}
}

func TestInterrupted(t *testing.T) {
	folder(t, map[string]string{"a.py": "quiet\n"})
	ctx, cancel := context.WithCancel(t.Context())
	stop := func(ctx context.Context, o rewrite.Options) (*rewrite.Result, error) {
		r, _ := shouting(ctx, o)
		cancel()
		return r, nil
	}
	var errors bytes.Buffer
	p := program{analyze: stop, stdout: &bytes.Buffer{}, stderr: &errors}
	if code := p.run(ctx, []string{"--write", "a.py"}); code != 130 || !strings.Contains(errors.String(), "interrupted; nothing was written") {
		t.Errorf("exit code %d, %s", code, errors.String())
	}
	if content(t, "a.py") != "quiet\n" {
		t.Error("written")
	}
}

// TestSignals: a run that a signal ends has the code that shells know of it.
func TestSignals(t *testing.T) {
	for sent, want := range map[os.Signal]int{os.Interrupt: 130, syscall.SIGTERM: 143} {
		cmd := exec.Command("lazyfix", "-") // which waits for its standard input
		stdin, err := cmd.StdinPipe()
		if err != nil {
			t.Fatal(err)
		}
		var said bytes.Buffer
		cmd.Stderr = &said
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		time.Sleep(500 * time.Millisecond) // until it listens
		if err := cmd.Process.Signal(sent); err != nil {
			t.Fatal(err)
		}
		_ = cmd.Wait()
		_ = stdin.Close()
		if code := cmd.ProcessState.ExitCode(); code != want || !strings.Contains(said.String(), "interrupted; nothing was written") {
			t.Errorf("%v: exit code %d, want %d\n%s", sent, code, want, said.String())
		}
	}
}
