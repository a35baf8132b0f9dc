package main_test

import (
	"bytes"
	"errors"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"
)

// TestPatchIsWhatIsWritten holds the preview to the deed, over every input of the fixtures, the sample app and files that
// are odd in every way a file can be: what `git apply` makes of the output of --dry-run is what --write makes, byte for
// byte and with the same modes; --dry-run itself writes nothing and prints nothing else; and a second run has nothing to
// do.
func TestPatchIsWhatIsWritten(t *testing.T) {
	binary := buildLazyfix(t)
	for name, files := range trees(t) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			checkPatch(t, binary, files)
		})
	}
}

// file is one to write, with the mode that it has.
type file struct {
	text string
	mode fs.FileMode
}

// trees are the inputs, a repository each.
func trees(t *testing.T) map[string]map[string]file {
	t.Helper()
	out := map[string]map[string]file{"odd files": oddFiles(t), "sample app": {}}
	for name, text := range snapshot(t, copySampleApp(t)) {
		out["sample app"][name] = file{text, 0o644}
	}
	for _, pattern := range []string{"rules/*/*.txtar", "programs/*.txtar", "cases/*.txtar", "mapper/*.txtar"} {
		paths, err := filepath.Glob(filepath.Join(fixtures, pattern))
		if err != nil || len(paths) == 0 {
			t.Fatalf("no archive %s: %v", pattern, err)
		}
		for _, path := range paths {
			files := unpack(t, path)
			if len(files) > 0 {
				out[strings.TrimPrefix(filepath.ToSlash(path), fixtures+"/")] = files
			}
		}
	}
	return out
}

// unpack gives the Python files of an archive, whatever its form: what is wanted of a file is as good an input.
func unpack(t *testing.T, path string) map[string]file {
	t.Helper()
	archive, err := txtar.ParseFile(path)
	if err != nil {
		t.Fatal(err)
	}
	files := map[string]file{}
	for _, f := range archive.Files {
		if strings.HasSuffix(f.Name, ".py") {
			files[strings.TrimPrefix(f.Name, "shared/")] = file{string(f.Data), 0o644}
		}
	}
	return files
}

// checkPatch runs both ways on one tree.
func checkPatch(t *testing.T, binary lazyfix, files map[string]file) {
	t.Helper()
	previewed, written := repositoryOf(t, files), repositoryOf(t, files)

	before := snapshotWithModes(t, previewed)
	patch := binary.run(t, previewed, "--dry-run", "--quiet")
	if now := changedFiles(before, snapshotWithModes(t, previewed)); now != nil {
		t.Errorf("--dry-run wrote %v", now)
	}
	checkOnlyPatch(t, patch.stdout)
	wrote := binary.run(t, written, "--write", "--quiet")
	if patch.stderr != wrote.stderr {
		t.Errorf("--dry-run says\n%s--write says\n%s", patch.stderr, wrote.stderr)
	}
	if patch.stdout == "" {
		if now := changedFiles(before, snapshotWithModes(t, written)); now != nil {
			t.Errorf("the patch is empty, and --write wrote %v", now)
		}
		return
	}
	if wantCode := map[bool]int{false: 1, true: 2}[strings.Contains(patch.stderr, ": error: ")]; patch.code != wantCode {
		t.Errorf("--dry-run ends with %d, want %d\n%s", patch.code, wantCode, patch.stderr)
	}

	git(t, previewed, patch.stdout, "apply", "--whitespace=nowarn", "-")
	applied, done := snapshotWithModes(t, previewed), snapshotWithModes(t, written)
	for _, name := range changedFiles(applied, done) {
		t.Errorf("%s: git apply and --write differ\n-- git apply, %v:\n%q\n-- --write, %v:\n%q",
			name, applied[name].mode, applied[name].text, done[name].mode, done[name].text)
	}
	for name := range done {
		if done[name].mode != files[name].mode {
			t.Errorf("%s had mode %v, and has %v", name, files[name].mode, done[name].mode)
		}
	}

	again := binary.run(t, written, "--dry-run", "--quiet")
	if again.stdout != "" {
		t.Errorf("a second run has a patch:\n%s", again.stdout)
	}
	binary.run(t, written, "--write", "--quiet", "--allow-dirty")
	if now := changedFiles(done, snapshotWithModes(t, written)); now != nil {
		t.Errorf("a second run wrote %v", now)
	}
}

var patchLine = regexp.MustCompile(`^(diff --git "?a/|--- "?a/|\+\+\+ "?b/|@@ -\d|[ +-]|\\ No newline at end of file\n$)`)

// checkOnlyPatch looks for what git apply passes over: words between the patches.
func checkOnlyPatch(t *testing.T, text string) {
	t.Helper()
	if text != "" && !strings.HasSuffix(text, "\n") {
		t.Errorf("the patch does not end with a line end: %q", text)
	}
	for line := range strings.Lines(text) {
		if !patchLine.MatchString(line) {
			t.Errorf("standard output has a line that is no patch: %q", line)
		}
	}
}

// repositoryOf is a new git repository with the files committed.
func repositoryOf(t *testing.T, files map[string]file) string {
	t.Helper()
	dir := t.TempDir()
	for name, f := range files {
		path := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(f.text), f.mode); err != nil {
			t.Fatal(err)
		}
		if err := os.Chmod(path, f.mode); err != nil { // the umask may have taken bits
			t.Fatal(err)
		}
	}
	git(t, dir, "", "init", "--quiet")
	git(t, dir, "", "add", "--all", "--force")
	git(t, dir, "", "commit", "--quiet", "--message", "as it is")
	return dir
}

// git runs the real one, without the settings of whoever runs the tests: autocrlf alone would spoil them.
func git(t *testing.T, dir, stdin string, args ...string) {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), "git", append([]string{"-c", "user.name=A", "-c", "user.email=a@example.com"}, args...)...)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "GIT_CONFIG_NOSYSTEM=1", "GIT_CONFIG_GLOBAL="+os.DevNull)
	cmd.Stdin = strings.NewReader(stdin)
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("git %s: %v\n%s\n%s", strings.Join(args, " "), err, out, stdin)
	}
}

type ended struct {
	code           int
	stdout, stderr string
}

// run starts lazyfix in a folder.
func (l lazyfix) run(t *testing.T, dir string, args ...string) ended {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), string(l), args...)
	var stdout, stderr bytes.Buffer
	cmd.Dir, cmd.Stdout, cmd.Stderr = dir, &stdout, &stderr
	err := cmd.Run()
	e := ended{stdout: stdout.String(), stderr: stderr.String()}
	if exit := (*exec.ExitError)(nil); errors.As(err, &exit) {
		e.code = exit.ExitCode()
	} else if err != nil {
		t.Fatal(err)
	}
	return e
}

// snapshotWithModes is the content and mode of each file below dir, without git's own.
func snapshotWithModes(t *testing.T, dir string) map[string]file {
	t.Helper()
	out := map[string]file{}
	for name, text := range snapshot(t, dir) {
		if strings.HasPrefix(name, ".git/") {
			continue
		}
		info, err := os.Stat(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		out[name] = file{text, info.Mode()}
	}
	return out
}

func changedFiles(before, after map[string]file) []string {
	flat := func(files map[string]file) map[string]string {
		out := map[string]string{}
		for name, f := range files {
			out[name] = f.mode.String() + f.text
		}
		return out
	}
	return changed(flat(before), flat(after))
}
