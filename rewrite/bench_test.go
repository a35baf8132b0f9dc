//go:build unix

package rewrite_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"syscall"
	"testing"
	"time"

	"github.com/lazyfix/lazyfix/rewrite"
)

// sizes are the functions of the programs that are measured.
var sizes = []int{1_000, 10_000, 100_000}

// BenchmarkRun is a whole run, reading the files included, over programs of functions that query, read and call each
// other. What is reported by function tells growth apart from size: it should be about the same in all.
func BenchmarkRun(b *testing.B) {
	for _, functions := range sizes {
		b.Run(fmt.Sprintf("functions=%d", functions), func(b *testing.B) {
			o := rewrite.Options{Paths: []string{generated(b, functions)}}
			perFunction(b, functions, func(ctx context.Context) error {
				result, err := rewrite.Run(ctx, o)
				if err == nil && (len(result.Changes) == 0 || len(result.Problems) > 0) {
					err = fmt.Errorf("%d changes, problems: %v", len(result.Changes), result.Problems)
				}
				return err
			})
		})
	}
}

// BenchmarkStage is each stage alone, over the same programs.
func BenchmarkStage(b *testing.B) {
	stages := []struct {
		name string
		run  func(*rewrite.Staged, context.Context) error
	}{
		{"parse", (*rewrite.Staged).Parse}, {"index", (*rewrite.Staged).Index}, {"flow", (*rewrite.Staged).Flow},
		{"plan", (*rewrite.Staged).Plan}, {"diff", (*rewrite.Staged).Diff},
	}
	for _, functions := range sizes {
		s, err := rewrite.NewStaged(b.Context(), rewrite.Options{Paths: []string{generated(b, functions)}})
		if err != nil {
			b.Fatal(err)
		}
		for _, stage := range stages {
			b.Run(fmt.Sprintf("%s/functions=%d", stage.name, functions), func(b *testing.B) {
				perFunction(b, functions, func(ctx context.Context) error { return stage.run(s, ctx) })
			})
		}
	}
}

// generated is a folder with a program of so many functions.
func generated(b *testing.B, functions int) string {
	dir := b.TempDir()
	if err := os.Mkdir(filepath.Join(dir, ".git"), 0o755); err != nil {
		b.Fatal(err)
	}
	write(b, dir, generate(1, functions))
	return dir
}

// perFunction measures f, and reports CPU time, that of the collector included, and memory by function of the program.
func perFunction(b *testing.B, functions int, f func(context.Context) error) {
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	start := cpuTime()
	for b.Loop() {
		if err := f(b.Context()); err != nil {
			b.Fatal(err)
		}
	}
	used := cpuTime() - start
	runtime.ReadMemStats(&after)
	all := float64(functions) * float64(b.N)
	b.ReportMetric(float64(used.Nanoseconds())/all, "cpu-ns/function")
	b.ReportMetric(float64(after.Mallocs-before.Mallocs)/all, "allocs/function")
	b.ReportMetric(float64(after.TotalAlloc-before.TotalAlloc)/all, "B/function")
	b.ReportMetric(0, "ns/op") // of the clock: it depends on the cores, and on what else runs on them
}

// cpuTime is what this process has used of all cores up to now.
func cpuTime() time.Duration {
	var u syscall.Rusage
	_ = syscall.Getrusage(syscall.RUSAGE_SELF, &u)
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
