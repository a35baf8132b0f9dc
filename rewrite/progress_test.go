package rewrite_test

import (
	"sync"
	"testing"

	"github.com/lazyfix/lazyfix/rewrite"
)

// TestProgress holds that every stage is told of, and to its end; and that to listen changes nothing.
func TestProgress(t *testing.T) {
	dir := t.TempDir()
	files := generate(7, 60)
	write(t, dir, files)
	var mu sync.Mutex
	furthest := map[rewrite.Stage]rewrite.Progress{}
	o := rewrite.Options{Paths: []string{dir}, Jobs: 4}
	quiet, err := rewrite.Run(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	o.Progress = func(p rewrite.Progress) {
		mu.Lock()
		defer mu.Unlock()
		if p.Done > p.Total {
			t.Errorf("%+v", p)
		}
		if p.Done >= furthest[p.Stage].Done {
			furthest[p.Stage] = p
		}
	}
	told, err := rewrite.Run(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	for _, stage := range []rewrite.Stage{rewrite.Reading, rewrite.Parsing, rewrite.Following} {
		p := furthest[stage]
		if p.Total == 0 || p.Done != p.Total || stage != rewrite.Following && p.Total != len(files) {
			t.Errorf("%+v of %d files", p, len(files))
		}
	}
	if len(told.Findings) != len(quiet.Findings) {
		t.Errorf("%d findings, and %d without listening", len(told.Findings), len(quiet.Findings))
	}
}
