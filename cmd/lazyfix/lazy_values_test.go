package main_test

import (
	"path/filepath"
	"strings"
	"testing"
)

// TestLazyValues holds the table that `lazyfix rule implicit-lazy` prints against each SQLAlchemy.
func TestLazyValues(t *testing.T) {
	table, err := filepath.Abs(filepath.Join(repository, "rewrite", "lazy_values.txt"))
	if err != nil {
		t.Fatal(err)
	}
	for _, python := range environments(t) {
		output, ok := python.run(t, fixtures, "", "lazy_values.py", table)
		if !ok || strings.TrimSpace(output) != "6 rows" {
			t.Errorf("SQLAlchemy %s:\n%s", python.sqlalchemy, output)
		}
	}
}
