package main_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestCascades holds what makes implicit-lazy safe: deleting, replacing, appending and merging leave the same rows in
// PostgreSQL, foreign keys enforced, with raise_on_sql as without it. The same suite fails for noload, which shows that
// it could.
func TestCascades(t *testing.T) {
	binary := buildLazyfix(t)
	models, err := os.ReadFile(filepath.Join(fixtures, "cascades", "models.py"))
	if err != nil {
		t.Fatal(err)
	}
	suite, err := os.ReadFile(filepath.Join(fixtures, "cascades", "test_states.py"))
	if err != nil {
		t.Fatal(err)
	}
	write := func(t *testing.T, after string) string {
		dir := t.TempDir()
		for name, text := range map[string]string{
			"before/models.py": string(models), "after/models.py": after, "test_states.py": string(suite),
		} {
			path := filepath.Join(dir, filepath.FromSlash(name))
			if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		return dir
	}
	dir := write(t, string(models))
	binary.write(t, filepath.Join(dir, "after"))
	rewritten, err := os.ReadFile(filepath.Join(dir, "after", "models.py"))
	if err != nil {
		t.Fatal(err)
	}
	for _, python := range environments(t) {
		t.Run("SQLAlchemy "+python.sqlalchemy, func(t *testing.T) {
			t.Parallel()
			url := python.postgres(t)
			safe := python.pytest(t, dir, url)
			if safe.passed < 200 || safe.failed > 0 || safe.errors > 0 {
				t.Errorf("raise_on_sql:\n%s", safe.output)
			}
			lossy := python.pytest(t, write(t, strings.ReplaceAll(string(rewritten), "raise_on_sql", "noload")), url)
			if lossy.failed == 0 {
				t.Errorf("noload should lose data:\n%s", lossy.output)
			}
			t.Logf("raise_on_sql: %d passed; noload: %d of them fail", safe.passed, lossy.failed)
		})
	}
}
