package rewrite_test

import (
	"fmt"
	"os"
	"path/filepath"
	"sync/atomic"
	"testing"

	"github.com/lazyfix/lazyfix/edits"
)

// checkInterrupted: a write that was cut between two files is completed by the next run. Files are written in the order
// of the changes, so there are as many cuts as files.
func checkInterrupted(t *testing.T, files map[string]string) (cuts int64) {
	t.Helper()
	dir := t.TempDir()
	if err := os.Mkdir(filepath.Join(dir, ".git"), 0o755); err != nil {
		t.Fatal(err)
	}
	write(t, dir, files)
	whole := run(t, dir, 0).Changes
	for cut := 1; cut < len(whole); cut++ {
		write(t, dir, files)
		put(t, dir, whole[:cut]...)
		rest := run(t, dir, 0)
		put(t, dir, rest.Changes...)
		for _, c := range whole {
			got, err := os.ReadFile(filepath.Join(dir, filepath.FromSlash(c.Name)))
			if err != nil {
				t.Fatal(err)
			}
			if string(got) != string(c.New) {
				t.Errorf("cut behind %s, %s becomes:\n%s\n-- in one run it becomes:\n%s\n-- findings of the second run:\n%s", whole[cut-1].Name, c.Name, got, c.New, listing(rest.Findings))
			}
		}
		cuts++
	}
	return cuts
}

func put(t *testing.T, dir string, changes ...edits.Change) {
	t.Helper()
	for _, c := range changes {
		write(t, dir, map[string]string{c.Name: string(c.New)})
	}
}

func TestInterruptedWrites(t *testing.T) {
	var cuts atomic.Int64
	t.Run("of", func(t *testing.T) {
		interruptAll(t, &cuts)
	})
	if cuts.Load() < 30 {
		t.Errorf("only %d cuts: too few programs change several files", cuts.Load())
	}
}

func interruptAll(t *testing.T, cuts *atomic.Int64) {
	for _, path := range archives(t, "../fixtures/programs/*.txtar") {
		p := readProgram(t, path)
		t.Run(p.name, func(t *testing.T) {
			t.Parallel()
			cuts.Add(checkInterrupted(t, p.input))
		})
	}
	for seed := range uint64(20) {
		t.Run(fmt.Sprint("seed ", seed), func(t *testing.T) {
			t.Parallel()
			cuts.Add(checkInterrupted(t, generate(seed, 40)))
		})
	}
}
