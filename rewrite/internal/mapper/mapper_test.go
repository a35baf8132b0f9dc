package mapper

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"
)

// TestArchives holds every archive against what it says: the files of a small program, and in "want" everything that
// the index finds in it (and so nothing else). LAZYFIX_UPDATE=1 writes the archives anew; read the difference.
func TestArchives(t *testing.T) {
	archives, err := filepath.Glob("../../../fixtures/mapper/*.txtar")
	if err != nil || len(archives) == 0 {
		t.Fatalf("no archives: %v", err)
	}
	for _, path := range archives {
		t.Run(strings.TrimSuffix(filepath.Base(path), ".txtar"), func(t *testing.T) {
			a, err := txtar.ParseFile(path)
			if err != nil {
				t.Fatal(err)
			}
			got := show(index(t, a.Files))
			last := &a.Files[len(a.Files)-1]
			if last.Name != "want" {
				t.Fatal("the last file of the archive must be want")
			}
			if os.Getenv("LAZYFIX_UPDATE") != "" {
				last.Data = []byte(got)
				if err := os.WriteFile(path, txtar.Format(a), 0o644); err != nil {
					t.Fatal(err)
				}
				return
			}
			if want := string(last.Data); got != want {
				t.Errorf("got:\n%s\nwant:\n%s", got, want)
			}
		})
	}
}
