package main_test

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

// small is a file with one thing to write.
const small = "from sqlalchemy.ext.asyncio import async_sessionmaker\n\nsessions = async_sessionmaker()\n"

// manyFiles are hundreds, in several folders.
func manyFiles() map[string]file {
	files := map[string]file{}
	for i := range 300 {
		files[fmt.Sprintf("part%d/file%03d.py", i%10, i)] = file{fmt.Sprintf("# %d\n%s", i, small), 0o644}
	}
	return files
}

func rewritten(text string) string {
	return strings.Replace(text, "async_sessionmaker()", "async_sessionmaker(expire_on_commit=False)", 1)
}

// TestKilled kills --write with SIGKILL again and again, each time as soon as it has written some more files, and so at
// any point of the write that follows. Whenever that is, each file is wholly old or wholly new, what was new stays so, and
// nothing else is there but one temporary file. The run after it goes on, without --allow-dirty, until all is written and
// no temporary file is left.
func TestKilled(t *testing.T) {
	const kills = 200
	binary := buildLazyfix(t)
	files := manyFiles()
	names := make([]string, 0, len(files))
	for name := range files {
		names = append(names, name)
	}
	slices.Sort(names)
	random := rand.New(rand.NewPCG(6, 1))
	left := 0
	for done := 0; done < kills; {
		dir := repositoryOf(t, files)
		written := map[string]bool{}
		for len(written) < len(files) && done < kills {
			// Killed when the file so many names on is there: files are written in the order of their paths.
			waitFor := min(len(names)-1, len(written)+random.IntN(20))
			if killWhenWritten(t, binary, dir, filepath.Join(dir, names[waitFor])) {
				done++
			}
			left += checkKilled(t, dir, files, written)
		}
		end := binary.run(t, dir, "--write", ".")
		if end.code != 0 {
			t.Fatalf("the run after the kills ends with %d\n%s", end.code, end.stderr)
		}
		if temporary := checkKilled(t, dir, files, written); len(written) != len(files) || temporary > 0 {
			t.Fatalf("the run after the kills leaves %d of %d files, and %d temporary ones", len(files)-len(written), len(files), temporary)
		}
	}
	if left == 0 {
		t.Errorf("no kill left a temporary file: none hit a write, so nothing is shown")
	}
	t.Logf("%d kills left %d temporary files, and none in the end", kills, left)
}

// killWhenWritten starts a run and kills it when path is another file than before; false when the run ended by itself.
func killWhenWritten(t *testing.T, binary lazyfix, dir, path string) bool {
	t.Helper()
	before, err := os.Lstat(path)
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), string(binary), "--write", ".")
	var stderr bytes.Buffer
	cmd.Dir, cmd.Stderr = dir, &stderr
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- cmd.Wait() }()
	for {
		select {
		case err := <-ended:
			if err != nil {
				t.Fatalf("a run that nobody killed: %v\n%s", err, &stderr)
			}
			return false
		default:
		}
		if now, err := os.Lstat(path); err != nil {
			t.Fatalf("at some moment %s was not there: %v", path, err)
		} else if !os.SameFile(before, now) {
			if err := cmd.Process.Kill(); err != nil && err != os.ErrProcessDone {
				t.Fatal(err)
			}
			return strings.Contains(fmt.Sprint(<-ended), "killed")
		}
		time.Sleep(100 * time.Microsecond) // leave the core to the run
	}
}

// checkKilled looks at every file, notes those that are new, and returns the number of temporary files.
func checkKilled(t *testing.T, dir string, files map[string]file, written map[string]bool) (temporary int) {
	t.Helper()
	for name, now := range snapshotWithModes(t, dir) {
		was, known := files[name]
		switch {
		case !known && strings.HasPrefix(filepath.Base(name), ".lazyfix-") && strings.HasSuffix(name, ".tmp"):
			temporary++
		case !known:
			t.Fatalf("a file %s is left behind", name)
		case now == file{rewritten(was.text), was.mode}:
			written[name] = true
		case now != was || written[name]:
			t.Fatalf("%s is neither old nor new, or old again: %v %q", name, now.mode, now.text)
		}
	}
	if temporary > 1 {
		t.Fatalf("%d temporary files of one run", temporary)
	}
	return temporary
}

// TestTwoProcesses: two that write one tree at the same time end in what one alone would reach. A file that the other one
// had first is refused, and named.
func TestTwoProcesses(t *testing.T) {
	binary := buildLazyfix(t)
	files := manyFiles()
	for range 4 {
		dir := repositoryOf(t, files)
		ends := make(chan ended, 2)
		for range cap(ends) {
			go func() { ends <- binary.run(t, dir, "--write", "--allow-dirty", ".") }()
		}
		for range cap(ends) {
			end := <-ends
			if refused := strings.Contains(end.stderr, "not written"); end.code > 2 || (end.code == 2) != refused {
				t.Errorf("one of them ends with %d and says\n%s", end.code, end.stderr)
			}
		}
		written := map[string]bool{}
		if temporary := checkKilled(t, dir, files, written); len(written) != len(files) || temporary > 0 {
			t.Errorf("%d of %d files are written, and %d temporary ones left", len(written), len(files), temporary)
		}
	}
}
