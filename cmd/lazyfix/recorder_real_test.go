package main_test

import (
	"path/filepath"
	"testing"
)

// withRecorder is the environment with the Python package of the wheel, which is not installed in it.
func (e environment) withRecorder(t *testing.T) environment {
	t.Helper()
	path, err := filepath.Abs(filepath.Join(repository, "packaging", "pypi"))
	if err != nil {
		t.Fatal(err)
	}
	e.variables = []string{"PYTHONPATH=" + path}
	return e
}

// record runs a suite with the recorder's plugin.
func (e environment) record(t *testing.T, dir, databaseURL, file string, args ...string) suite {
	t.Helper()
	return e.withRecorder(t).pytest(t, dir, databaseURL, append(args, "-p", "lazyfix.pytest_plugin", "--lazyfix-record="+file)...)
}

// TestRecorder runs the recorder's own suite, fixtures/evidence, on each SQLAlchemy, and what of it is asynchronous on
// PostgreSQL too.
func TestRecorder(t *testing.T) {
	for _, python := range environments(t) {
		for _, database := range []string{"sqlite", "postgres"} {
			t.Run("SQLAlchemy "+python.sqlalchemy+" "+database, func(t *testing.T) {
				t.Parallel()
				url, tests, least := "", "test", 27
				if database == "postgres" {
					url, tests, least = python.postgres(t), "greenlet or raise or detached", 6
				}
				got := python.withRecorder(t).pytest(t, copyTree(t, filepath.Join(fixtures, "evidence")), url, "-k", tests)
				if got.failed+got.errors > 0 || got.passed < least {
					t.Errorf("%s", got.output)
				}
			})
		}
	}
}
