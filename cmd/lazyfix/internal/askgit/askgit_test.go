package askgit_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/lazyfix/lazyfix/cmd/lazyfix/internal/askgit"
)

// A repository that would run a program of its own whenever git compares a file: each of these ways is shown to work with
// plain git first.
func TestNothingOfARepositoryIsRun(t *testing.T) {
	t.Setenv("GIT_CONFIG_GLOBAL", os.DevNull)
	t.Setenv("GIT_CONFIG_NOSYSTEM", "1")
	for name, configure := range map[string][][]string{
		"monitor":         {{"core.fsmonitor", "SCRIPT"}},
		"clean filter":    {{"filter.evil.clean", "SCRIPT"}},
		"process filter":  {{"filter.evil.process", "SCRIPT"}},
		"required filter": {{"filter.e v.il.clean", "SCRIPT"}, {"filter.e v.il.required", "true"}},
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			run := func(args ...string) {
				t.Helper()
				out, err := exec.Command("git", append([]string{"-C", dir, "-c", "user.name=A", "-c", "user.email=a@example.com"}, args...)...).CombinedOutput()
				if err != nil {
					t.Fatalf("git %v: %v\n%s", args, err, out)
				}
			}
			write := func(name, text string, mode os.FileMode) string {
				t.Helper()
				path := filepath.Join(dir, name)
				if err := os.WriteFile(path, []byte(text), mode); err != nil {
					t.Fatal(err)
				}
				return path
			}
			run("init", "--quiet")
			write("a.py", "x = 1\n", 0o644)
			run("add", "a.py")
			run("commit", "--quiet", "--message", "a")
			ran := filepath.Join(dir, "ran")
			script := write("script", "#!/bin/sh\ntouch '"+ran+"'\ncat\n", 0o755)
			for _, setting := range configure {
				run("config", setting[0], strings.Replace(setting[1], "SCRIPT", script, 1))
			}
			if driver, found := strings.CutPrefix(configure[0][0], "filter."); found && !strings.Contains(driver, " ") {
				write(".gitattributes", "*.py filter="+driver[:strings.LastIndexByte(driver, '.')]+"\n", 0o644)
			} else if found {
				t.Log("no attribute can name it; only that it is taken is shown")
			}
			write("a.py", "x = 2\n", 0o644) // of the same size, so that git must look into it

			repository, err := askgit.Open(t.Context(), dir)
			if err != nil {
				t.Fatal(err)
			}
			out, err := repository.Output(t.Context(), "status", "--porcelain", "-z", "--untracked-files=no", "--", "a.py")
			if err != nil || string(out) != " M a.py\x00" {
				t.Errorf("git says %q, %v", out, err)
			}
			if _, err := os.Stat(ran); err == nil {
				t.Fatal("a program of the repository was run")
			}
			if name == "required filter" {
				return
			}
			_ = exec.Command("git", "-C", dir, "status").Run() // may well fail: the script is no real monitor or filter
			if _, err := os.Stat(ran); err != nil {
				t.Error("git alone does not run it either, so nothing is shown")
			}
		})
	}
}

func TestOpenOutsideARepository(t *testing.T) {
	repository, err := askgit.Open(t.Context(), t.TempDir())
	if err == nil {
		_, err = repository.Output(t.Context(), "rev-parse", "HEAD")
	}
	if err == nil || !strings.Contains(err.Error(), "not a git repository") {
		t.Errorf("error %v", err)
	}
}
