package main_test

import (
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// TestFAQ: what docs/faq.md shows is what SQLAlchemy does, in each version.
func TestFAQ(t *testing.T) {
	page, err := filepath.Abs(filepath.Join(repository, "docs", "faq.md"))
	if err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(page)
	if err != nil {
		t.Fatal(err)
	}
	blocks := strings.Count(string(text), "\n```python\n")
	if blocks < 10 {
		t.Fatalf("only %d blocks", blocks)
	}
	for _, python := range environments(t) {
		t.Run("SQLAlchemy "+python.sqlalchemy, func(t *testing.T) {
			t.Parallel()
			script, err := filepath.Abs(filepath.Join(fixtures, "faq.py"))
			if err != nil {
				t.Fatal(err)
			}
			if out, ok := python.run(t, t.TempDir(), "", script, page); !ok || !strings.Contains(out, "\n"+strconv.Itoa(blocks)+" blocks\n") && !strings.HasPrefix(out, strconv.Itoa(blocks)+" blocks\n") {
				t.Errorf("%s", out)
			}
		})
	}
}
