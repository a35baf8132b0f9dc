package rewrite_test

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/lazyfix/lazyfix/rewrite"
)

// TestRandomPrograms holds for programs that nobody thought of what every case is held to: the result does not depend on
// the number of workers or on the order of the files, a second run changes nothing, and what comes out compiles. A seed
// that failed is worth keeping.
func TestRandomPrograms(t *testing.T) {
	out := &outputs{}
	t.Run("seed", func(t *testing.T) {
		for seed := range uint64(40) {
			t.Run(fmt.Sprint(seed), func(t *testing.T) {
				t.Parallel()
				checkRandom(t, seed, out)
			})
		}
	})
	out.compile(t)
}

func checkRandom(t *testing.T, seed uint64, out *outputs) {
	dir := t.TempDir()
	if err := os.Mkdir(filepath.Join(dir, ".git"), 0o755); err != nil {
		t.Fatal(err)
	}
	files := generate(seed, 20+20*int(seed%3))
	write(t, dir, files)
	result := run(t, dir, 1)
	if len(result.Problems) > 0 {
		t.Errorf("problems: %v", result.Problems)
	}
	if len(result.Changes) == 0 {
		t.Error("nothing is found in the program")
	}
	same := func(name string, other *rewrite.Result) {
		t.Helper()
		if !reflect.DeepEqual(result.Findings, other.Findings) {
			t.Errorf("%s gives other findings:\n%s-- with one worker:\n%s", name, listing(other.Findings), listing(result.Findings))
		}
		if !reflect.DeepEqual(result.Changes, other.Changes) {
			t.Errorf("%s gives other changes", name)
		}
	}
	for _, jobs := range []int{2, 8} {
		same(fmt.Sprint(jobs, " workers"), run(t, dir, jobs))
	}
	paths := slices.Sorted(maps.Keys(files))
	rand.New(rand.NewPCG(seed, 1)).Shuffle(len(paths), func(i, j int) { paths[i], paths[j] = paths[j], paths[i] })
	for i, p := range paths {
		paths[i] = filepath.Join(dir, filepath.FromSlash(p))
	}
	shuffled, err := rewrite.Run(t.Context(), rewrite.Options{Paths: paths, Jobs: 2})
	if err != nil {
		t.Fatal(err)
	}
	same("the order "+strings.Join(paths, " "), shuffled)

	for _, c := range result.Changes {
		write(t, dir, map[string]string{c.Name: string(c.New)})
		out.add(fmt.Sprintf("seed %d: %s", seed, c.Name), string(c.New))
	}
	for _, c := range run(t, dir, 0).Changes {
		t.Errorf("a second run changes %s:\n%s\n-- which was:\n%s", c.Name, c.New, c.Content)
	}
}
