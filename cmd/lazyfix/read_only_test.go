package main_test

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// TestReadOnly: what the user may not write is named and stays, a file as well as what is in a folder; the rest is
// written. Root may write everything, so then the run is nobody's.
func TestReadOnly(t *testing.T) {
	binary := buildLazyfix(t)
	files := map[string]file{"app/one.py": {small, 0o644}, "app/shut.py": {small, 0o444}, "locked/two.py": {small, 0o644}, "z.py": {small, 0o644}}
	dir := repositoryOf(t, files)
	cmd := exec.CommandContext(t.Context(), string(binary), "--write", ".")
	if os.Getuid() == 0 {
		const nobody = 65534
		cmd.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: nobody, Gid: nobody}}
		for _, at := range []string{dir, filepath.Dir(dir), filepath.Dir(string(binary))} {
			if err := os.Chmod(at, 0o777); err != nil {
				t.Fatal(err)
			}
		}
		err := filepath.WalkDir(dir, func(path string, _ os.DirEntry, err error) error {
			if err != nil {
				return err
			}
			return os.Chown(path, nobody, nobody)
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Chmod(filepath.Join(dir, "locked"), 0o555); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.Chmod(filepath.Join(dir, "locked"), 0o755) }) // to be removable
	before := snapshotWithModes(t, dir)

	var stderr bytes.Buffer
	cmd.Dir, cmd.Stderr = dir, &stderr
	cmd.Env = append(os.Environ(), "HOME="+dir)
	_ = cmd.Run()
	if cmd.ProcessState.ExitCode() != 2 {
		t.Errorf("exit code %d, want 2", cmd.ProcessState.ExitCode())
	}
	for _, want := range []string{
		"app/shut.py: not written: it is read-only for this user (mode 0444): chmod u+w it", "locked/two.py: not written: ", "permission denied",
		"written: app/one.py, z.py\n",
	} {
		if !strings.Contains(stderr.String(), want) {
			t.Errorf("standard error has no %q:\n%s", want, &stderr)
		}
	}
	if got := strings.Join(changedFiles(before, snapshotWithModes(t, dir)), " "); got != "app/one.py z.py" {
		t.Errorf("wrote %q", got)
	}
}
