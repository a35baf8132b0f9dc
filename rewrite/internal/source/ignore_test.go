package source

import (
	"context"
	"fmt"
	"math/rand"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// tree is a set of files, from slash path to content, under a new folder without symbolic links in its path.
func tree(t *testing.T, files map[string]string) string {
	t.Helper()
	dir, err := filepath.EvalSymlinks(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	for name, content := range files {
		write(t, filepath.Join(dir, filepath.FromSlash(name)), content)
	}
	return dir
}

func write(t *testing.T, path, content string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(content), 0o644); err != nil {
		t.Fatal(err)
	}
}

// git runs the real git, without the settings of the user.
func git(t *testing.T, dir string, args ...string) string {
	t.Helper()
	cmd := exec.Command("git", args...)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "GIT_CONFIG_GLOBAL=/dev/null", "GIT_CONFIG_SYSTEM=/dev/null", "XDG_CONFIG_HOME="+dir+"/none")
	cmd.Stderr = os.Stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("git %s: %v", strings.Join(args, " "), err)
	}
	return string(out)
}

// seenByGit are the Python files that git would add.
func seenByGit(t *testing.T, dir string) []string {
	t.Helper()
	out := git(t, dir, "ls-files", "-z", "--others", "--cached", "--exclude-standard", "--", "*.py")
	names := strings.FieldsFunc(out, func(r rune) bool { return r == 0 })
	slices.Sort(names)
	return slices.Compact(names)
}

// paths are the files in which patterns are tried. None is hidden: git has no opinion on those.
var paths = []string{
	"a.py", "b.py", "ab.py", "foo bar.py", "a/a.py", "a/b.py", "a/b/a.py", "a/b/c/d.py", "b/a/x.py", "build/x.py",
	"src/build/x.py", "src/a/build.py", "x[1].py", "{a,b}.py", "#a.py", "!a.py", "sp .py", "deep/one/two/three/a.py",
}

var ignoreFiles = []string{
	"a.py", "/a.py", "a", "a/", "/a/", "a/b", "a/b/", "/a/b.py", "*.py", "*.py\n!a.py", "a/*\n!a/b.py", "a\n!a/b.py", "/*\n!/a",
	"**/a.py", "**/b/a.py", "a/**", "a/**/\n", "a/**/d.py", "**", "**/", "a/**\n!a/b/", "**/build", "build/", "src/build", "b*/",
	"?.py", "[ab].py", "[!a].py", "[^a].py", "[a-c]*.py", "x[[]1].py", `x\[1\].py`, "x[1].py", "{a,b}.py", "{a,b}*", "[[:lower:]].py",
	"[]x].py", "[", "a[", "foo bar.py", "foo\\ bar.py", "a.py   ", "a.py\\ ", "# a.py", `\#a.py`, `\!a.py`, "!a.py", "\na.py\n\n", "a.py\r\nb.py\r\n",
	"\xef\xbb\xbfa.py", "a.py\\", "deep/**/a.py", "deep/*/a.py", "deep/*/*/*/a.py", "deep/**/two/**/a.py", "deep/**two/**", "/", "//", "a//b.py", "***", "a/***",
	"*/b.py", "*/*.py", "/*/*.py", ".", "./a.py", "../a.py", "*a*", "a*b.py", "*.p[xyz]", "[[:digit:]].py", "sp\\ .py", "a**.py", "**b.py", "a/b**",
}

// TestIgnoreAsGit gives each ignore file a folder of its own in one repository, so that one run of git judges all.
func TestIgnoreAsGit(t *testing.T) {
	all := slices.Clone(ignoreFiles)
	random := rand.New(rand.NewSource(1)) //nolint:gosec // the same patterns at every run
	tokens := []string{"a", "b", "c", "x", "*", "**", "/", "/", "?", "[ab]", "[!a]", "!", ".py", ".py", "build", "src", `\`, "{", " ", "deep", "\n"}
	for range 400 {
		var line strings.Builder
		for range 1 + random.Intn(6) {
			line.WriteString(tokens[random.Intn(len(tokens))])
		}
		all = append(all, line.String())
	}
	files := map[string]string{}
	for i, content := range all {
		folder := fmt.Sprintf("case%d/", i)
		files[folder+".gitignore"] = content
		for _, name := range paths {
			files[folder+name] = ""
		}
	}
	dir := tree(t, files)
	git(t, dir, "init", "-q")
	want := seenByGit(t, dir)
	got := load(t, Options{Paths: []string{dir}}).names
	bad := 0
	for i, content := range all {
		folder := fmt.Sprintf("case%d/", i)
		g, w := beneath(got, folder), beneath(want, folder)
		if !slices.Equal(g, w) {
			bad++
			t.Errorf("%q:\n lazyfix %q\n git     %q", content, g, w)
		}
	}
	if len(want) < 1000 || bad > 0 {
		t.Errorf("%d of %d ignore files differ; git sees %d files", bad, len(all), len(want))
	}
}

func beneath(names []string, folder string) []string {
	var out []string
	for _, name := range names {
		if rest, found := strings.CutPrefix(name, folder); found {
			out = append(out, rest)
		}
	}
	return out
}

func TestIgnoreNestedAsGit(t *testing.T) {
	dir := tree(t, map[string]string{
		".gitignore": "gen_*.py\n/only_root.py\nlogs/\n", ".git-is-made-below": "",
		"only_root.py": "", "app/only_root.py": "", "gen_a.py": "", "app/gen_b.py": "", "app/logs/x.py": "",
		"app/.gitignore": "!gen_b.py\n/local.py\n", "app/local.py": "", "app/sub/local.py": "", "app/sub/gen_b.py": "",
		"app/sub/.gitignore": "*\n!keep.py\n", "app/sub/keep.py": "", "app/sub/drop.py": "", "excluded.py": "", "app/excluded.py": "",
	})
	git(t, dir, "init", "-q")
	write(t, filepath.Join(dir, ".git", "info", "exclude"), "excluded.py\n")
	if got, want := load(t, Options{Paths: []string{dir}}).names, seenByGit(t, dir); !slices.Equal(got, want) {
		t.Errorf("got %q\nwant %q", got, want)
	}
	// From below, the files above still hold.
	want := slices.DeleteFunc(seenByGit(t, dir), func(n string) bool { return !strings.HasPrefix(n, "app/") })
	if got := load(t, Options{Paths: []string{filepath.Join(dir, "app")}}).names; !slices.Equal(got, want) {
		t.Errorf("from app: got %q\nwant %q", got, want)
	}
}

func TestIgnoreInWorktree(t *testing.T) {
	dir := tree(t, map[string]string{"repo/a.py": "", "repo/.gitignore": "b.py\n"})
	repo, other := filepath.Join(dir, "repo"), filepath.Join(dir, "other")
	git(t, repo, "init", "-q")
	git(t, repo, "add", ".")
	git(t, repo, "-c", "user.name=n", "-c", "user.email=e@example.com", "commit", "-qm", "one")
	git(t, repo, "worktree", "add", "-q", other)
	write(t, filepath.Join(repo, ".git", "info", "exclude"), "c.py\n")
	for _, name := range []string{"b.py", "c.py", "d.py"} {
		write(t, filepath.Join(other, name), "")
	}
	got := load(t, Options{Paths: []string{other}})
	if want := seenByGit(t, other); !slices.Equal(got.names, want) || got.root != other {
		t.Errorf("root %s: got %q, want %q", got.root, got.names, want)
	}
}

// What git has is read though .gitignore names it, and nothing beside it: as git, which would not add that.
func TestTrackedButIgnored(t *testing.T) {
	dir := tree(t, map[string]string{
		".gitignore": "models/\nlocal.py\nlib/\n", ".ignore": "lib/ignored.py\n", "a.py": "", "local.py": "", "models/order.py": "", "models/sub/item.py": "",
		"lib/__pycache__/x.py": "", "lib/ignored.py": "", "lib/a.py": "",
	})
	git(t, dir, "init", "-q")
	git(t, dir, "add", "--force", ".")
	write(t, filepath.Join(dir, "models", "untracked.py"), "")
	write(t, filepath.Join(dir, "models", "new", "untracked.py"), "")
	asked := 0
	tracked := func(_ context.Context, repository string) []string {
		asked++
		return strings.FieldsFunc(git(t, repository, "ls-files", "-z", "-c", "-i", "--exclude-standard"), func(r rune) bool { return r == 0 })
	}
	got := load(t, Options{Paths: []string{dir}, Tracked: tracked}).names
	if want := []string{"a.py", "lib/a.py", "local.py", "models/order.py", "models/sub/item.py"}; !slices.Equal(got, want) || asked != 1 {
		t.Errorf("got %q, want %q; asked %d times, want 1", got, want, asked)
	}
	if got := load(t, Options{Paths: []string{dir}}).names; !slices.Equal(got, []string{"a.py"}) {
		t.Errorf("without Tracked: got %q", got)
	}
	if got := load(t, Options{Paths: []string{dir}, Exclude: []string{"models"}, Tracked: tracked}).names; slices.Contains(got, "models/order.py") {
		t.Errorf("--exclude does not hold: got %q", got)
	}
}

// The precedence of ripgrep: any .ignore before any .gitignore, and a pattern with ! shows a hidden file.
func TestDotIgnore(t *testing.T) {
	dir := tree(t, map[string]string{
		".ignore": "a.py\n!b.py\n!.shown.py\n", ".gitignore": "b.py\n", "a.py": "", "b.py": "", "c.py": "", ".shown.py": "", ".hidden.py": "",
		"sub/.gitignore": "!a.py\n", "sub/a.py": "",
	})
	git(t, dir, "init", "-q")
	want := []string{".shown.py", "b.py", "c.py"}
	if got := load(t, Options{Paths: []string{dir}}).names; !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
	want = []string{"a.py", "b.py", "c.py", "sub/a.py"}
	if got := load(t, Options{Paths: []string{dir}, NoIgnore: true}).names; !slices.Equal(got, want) {
		t.Errorf("NoIgnore: got %q, want %q", got, want)
	}
}

// A repository in a repository is not under the rules of the outer one.
func TestNestedRepository(t *testing.T) {
	dir := tree(t, map[string]string{".gitignore": "x.py\n", "x.py": "", "inner/x.py": "", "inner/.gitignore": "y.py\n", "inner/y.py": ""})
	git(t, dir, "init", "-q")
	git(t, filepath.Join(dir, "inner"), "init", "-q")
	if got := load(t, Options{Paths: []string{dir}}).names; !slices.Equal(got, []string{"inner/x.py"}) {
		t.Errorf("got %q", got)
	}
}
