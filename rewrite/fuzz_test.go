package rewrite_test

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"

	"github.com/lazyfix/lazyfix/rewrite"
	"github.com/lazyfix/lazyfix/rewrite/internal/pysyntax"
)

// FuzzRun takes any archive of Python files for a program: the fixtures, with bytes changed and with lines moved as script
// says, which leaves more of it Python. What comes out parses where what went in parsed, nothing is a defect of lazyfix,
// and a second run is empty.
func FuzzRun(f *testing.F) {
	for _, pattern := range []string{"programs/*.txtar", "rules/*/*.txtar", "mapper/*.txtar", "lazy/*.txtar"} {
		for _, path := range archives(f, "../fixtures/"+pattern) {
			for _, seed := range small(f, path) {
				f.Add(seed, []byte{})
			}
		}
	}
	f.Fuzz(func(t *testing.T, archive, script []byte) {
		files := pythonFiles(moveLines(archive, script))
		if len(files) == 0 || len(archive) > 1<<15 {
			return
		}
		dir := t.TempDir()
		if err := os.Mkdir(filepath.Join(dir, ".git"), 0o755); err != nil {
			t.Fatal(err)
		}
		write(t, dir, files)
		result := run(t, dir, 2)
		for _, p := range result.Problems {
			if strings.Contains(p.Reason, "report") {
				t.Errorf("%s:%d: %s", p.Path, p.Line, p.Reason)
			}
		}
		for _, c := range result.Changes {
			if parses(t, c.Content) && !parses(t, c.New) {
				t.Errorf("%s does not parse any more:\n%s\n-- which was:\n%s", c.Name, c.New, c.Content)
			}
		}
		put(t, dir, result.Changes...)
		again := run(t, dir, 2)
		for _, c := range again.Changes {
			t.Errorf("a second run changes %s:\n%s\n-- which the first made of it:\n%s\n-- finding\n%s", c.Name, c.New, c.Content, fixable(again))
		}
	})
}

// moveLines deletes, doubles, swaps and moves lines: an operation is four bytes, the first says which, two are a line, the
// last is how far away the other one is.
func moveLines(text, script []byte) []byte {
	lines := slices.Collect(bytes.Lines(text))
	for ; len(script) >= 4 && len(lines) > 0; script = script[4:] {
		at := (int(script[1])<<8 | int(script[2])) % len(lines)
		other := (at + int(script[3])) % len(lines)
		switch line := lines[at]; script[0] % 4 {
		case 0:
			lines = slices.Delete(lines, at, at+1)
		case 1:
			lines = slices.Insert(lines, at, line)
		case 2:
			lines[at], lines[other] = lines[other], lines[at]
		case 3:
			lines = slices.Insert(lines, other, line)
		}
	}
	return bytes.Join(lines, nil)
}

// small are the programs of an archive, a case each where it has cases: a small input is mutated to more effect.
func small(t testing.TB, path string) [][]byte {
	t.Helper()
	archive, err := txtar.ParseFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var shared, own []txtar.File
	for _, file := range archive.Files {
		switch {
		case !strings.HasSuffix(file.Name, ".py") || strings.HasSuffix(file.Name, ".want.py"):
		case strings.HasPrefix(file.Name, "shared/"):
			file.Name = strings.TrimPrefix(file.Name, "shared/")
			shared = append(shared, file)
		default:
			own = append(own, file)
		}
	}
	if !strings.Contains(filepath.ToSlash(path), "/rules/") {
		return [][]byte{txtar.Format(&txtar.Archive{Files: append(shared, own...)})}
	}
	var out [][]byte
	for _, file := range own {
		file.Name = "app.py"
		out = append(out, txtar.Format(&txtar.Archive{Files: append(shared[:len(shared):len(shared)], file)}))
	}
	return out
}

// pythonFiles are the files of an archive that can be written, by name.
func pythonFiles(archive []byte) map[string]string {
	files := map[string]string{}
	folders := map[string]bool{}
	for _, f := range txtar.Parse(archive).Files {
		name := filepath.ToSlash(filepath.Clean(f.Name))
		if !strings.HasSuffix(name, ".py") || !filepath.IsLocal(name) || len(name) > 100 || strings.ContainsRune(name, 0) || strings.HasPrefix(name, ".git/") {
			continue
		}
		files[name] = string(f.Data)
		for up := filepath.Dir(name); up != "."; up = filepath.Dir(up) {
			folders[up] = true
		}
	}
	for name := range folders {
		delete(files, name) // a file by the name of a folder
	}
	return files
}

func parses(t *testing.T, text []byte) bool {
	t.Helper()
	parser := pysyntax.NewParser()
	defer parser.Close()
	tree, err := parser.Parse(text)
	return err == nil && !tree.HasError(tree.Root())
}

func fixable(result *rewrite.Result) string {
	var b strings.Builder
	for _, f := range result.Findings {
		if f.Fixable {
			fmt.Fprintf(&b, "%s:%d %s %s\n", f.File, f.Line, f.Rule, f.Message)
		}
	}
	return b.String()
}
