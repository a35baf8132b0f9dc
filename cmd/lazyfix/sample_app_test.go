package main_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// greenletError is in every output of SQLAlchemy's MissingGreenlet: 2.1 wraps the exception in a StatementError.
const greenletError = "greenlet_spawn has not been called"

// TestSampleApp holds lazyfix to its promise on a whole application: its suite fails with MissingGreenlet, then
// `lazyfix --write` runs, and the same suite passes, on each SQLAlchemy and each database.
func TestSampleApp(t *testing.T) {
	pythons := environments(t)
	binary := buildLazyfix(t)

	original := copySampleApp(t)
	rewritten := copySampleApp(t)
	untouched := snapshot(t, rewritten)
	binary.write(t, rewritten)
	once := snapshot(t, rewritten)

	t.Run("second run changes nothing", func(t *testing.T) {
		again := copyTree(t, rewritten)
		binary.write(t, again)
		if paths := changed(once, snapshot(t, again)); paths != nil {
			t.Errorf("a second run changed %v", paths)
		}
	})

	t.Run("only what must change", func(t *testing.T) {
		for _, path := range changed(untouched, once) {
			if !strings.HasPrefix(path, "app/") || !strings.HasSuffix(path, ".py") {
				t.Errorf("changed %s", path)
			}
		}
		for _, place := range []string{
			"app/formatting.py",
			"app/models/staff.py", // its one relationship is joined already
			"app/schemas.py",
			"app/reports.py:price_list",
			"app/reports.py:status_counts",
			"app/repositories/customers.py:CustomerRepository.order_counts",
			"app/repositories/orders.py:OrderRepository.count",
			"app/repositories/orders.py:OrderRepository.number_taken",
			"app/repositories/orders.py:OrderRepository.numbers",
			"app/repositories/products.py:ProductRepository.tag",
			"app/services/orders.py:OrderService.place",
		} {
			checkUntouched(t, place, untouched, once)
		}
	})

	for _, python := range pythons {
		t.Run("SQLAlchemy "+python.sqlalchemy, func(t *testing.T) {
			t.Parallel()
			for _, database := range []struct{ name, url string }{
				{"sqlite", ""},
				{"postgres", python.postgres(t)},
			} {
				t.Run(database.name, func(t *testing.T) {
					before := python.pytest(t, original, database.url)
					if before.passed == 0 || before.failed == 0 || before.errors != 0 || !strings.Contains(before.output, greenletError) {
						t.Fatalf("the untouched app must pass in part and fail with MissingGreenlet:\n%s", before.output)
					}
					after := python.pytest(t, rewritten, database.url)
					if after.failed != 0 || after.errors != 0 || after.passed != before.passed+before.failed {
						t.Errorf("after lazyfix %d of %d tests pass:\n%s", after.passed, before.passed+before.failed, after.output)
					}
				})
			}
		})
	}
}

// copySampleApp returns a fresh copy without what Python may have left in the original.
func copySampleApp(t *testing.T) string {
	t.Helper()
	dir := copyTree(t, filepath.Join(fixtures, "sample_app"))
	for path := range snapshot(t, dir) {
		if strings.Contains(path, "__pycache__/") || strings.Contains(path, ".pytest_cache/") {
			if err := os.Remove(filepath.Join(dir, path)); err != nil {
				t.Fatal(err)
			}
		}
	}
	return dir
}

func copyTree(t *testing.T, from string) string {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "copy")
	if err := os.CopyFS(dir, os.DirFS(from)); err != nil {
		t.Fatal(err)
	}
	return dir
}

// checkUntouched checks that a place is byte for byte what it was: "file.py", or "file.py:Class.function".
func checkUntouched(t *testing.T, place string, before, after map[string]string) {
	t.Helper()
	file, name, one := strings.Cut(place, ":")
	was, now := before[file], after[file]
	if one {
		was, now = definition(was, name), definition(now, name)
	}
	if was == "" {
		t.Errorf("%s: no such place to leave untouched", place)
	} else if was != now {
		t.Errorf("%s had to stay as it was, and is now:\n%s", place, now)
	}
}
