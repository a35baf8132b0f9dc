package rewrite_test

import (
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"testing"

	"github.com/lazyfix/lazyfix/rewrite"
)

// BenchmarkRun is a whole run, reading the files included, over programs of functions that query, read and call each
// other. allocs/function and B/function tell growth apart from size: they should be about the same in both.
func BenchmarkRun(b *testing.B) {
	for _, functions := range []int{1_000, 10_000} {
		b.Run(fmt.Sprintf("functions=%d", functions), func(b *testing.B) {
			dir := b.TempDir()
			if err := os.Mkdir(filepath.Join(dir, ".git"), 0o755); err != nil {
				b.Fatal(err)
			}
			write(b, dir, generate(1, functions))
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			for b.Loop() {
				result, err := rewrite.Run(b.Context(), rewrite.Options{Paths: []string{dir}})
				if err != nil {
					b.Fatal(err)
				}
				if len(result.Changes) == 0 || len(result.Problems) > 0 {
					b.Fatalf("%d changes, problems: %v", len(result.Changes), result.Problems)
				}
			}
			runtime.ReadMemStats(&after)
			all := float64(functions) * float64(b.N)
			b.ReportMetric(float64(after.Mallocs-before.Mallocs)/all, "allocs/function")
			b.ReportMetric(float64(after.TotalAlloc-before.TotalAlloc)/all, "B/function")
		})
	}
}
