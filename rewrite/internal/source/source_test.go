package source

import (
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"

	"github.com/lazyfix/lazyfix/rewrite/internal/pysyntax"
)

type loaded struct {
	root     string
	files    []File
	names    []string
	problems []Problem
}

func load(t *testing.T, o Options) loaded {
	t.Helper()
	root, files, problems, err := Load(context.Background(), o)
	if err != nil {
		t.Fatal(err)
	}
	out := loaded{root: root, files: files, problems: problems}
	for _, f := range files {
		out.names = append(out.names, f.Name)
	}
	return out
}

// expect checks the names and, for each problem, its path and a part of its reason; "~" before the path means a warning.
func (l loaded) expect(t *testing.T, names []string, problems ...string) {
	t.Helper()
	if !slices.Equal(l.names, names) {
		t.Errorf("files %q, want %q", l.names, names)
	}
	for i, p := range l.problems {
		got := p.Path + ": " + p.Reason
		if p.Warning {
			got = "~" + got
		}
		if i >= len(problems) {
			t.Errorf("unexpected problem %q", got)
			continue
		}
		path, part, _ := strings.Cut(problems[i], ": ")
		if !strings.HasPrefix(got, path+": ") || !strings.Contains(got, part) {
			t.Errorf("problem %q, want %q", got, problems[i])
		}
	}
	if len(problems) > len(l.problems) {
		t.Errorf("missing problems %q", problems[len(l.problems):])
	}
}

func TestWalkSkips(t *testing.T) {
	dir := tree(t, map[string]string{
		"app/a.py": "", "app/notes.txt": "", "app/stub.pyi": "", "app/.hidden/x.py": "", ".venv/x.py": "", "env/pyvenv.cfg": "", "env/lib/x.py": "",
		"node_modules/x.py": "", "app/__pycache__/x.py": "", "lib/site-packages/x.py": "", "venv/x.py": "", "pkg.py/inside.py": "",
	})
	load(t, Options{Paths: []string{dir}}).expect(t, []string{"app/a.py", "pkg.py/inside.py", "venv/x.py"})
	t.Chdir(dir)
	load(t, Options{}).expect(t, []string{"app/a.py", "pkg.py/inside.py", "venv/x.py"})
	// Named paths are read whatever they are.
	l := load(t, Options{Paths: []string{"env", "app/.hidden", "app/notes.txt", "app/stub.pyi", ".venv/x.py", "app/a.py", "./app/../app/a.py"}})
	l.expect(t, []string{".venv/x.py", "app/.hidden/x.py", "app/a.py", "app/notes.txt", "app/stub.pyi", "env/lib/x.py"})
	if l.root != dir || l.files[2].Path != "app/a.py" {
		t.Errorf("root %q, path %q", l.root, l.files[2].Path)
	}
}

func TestExclude(t *testing.T) {
	dir := tree(t, map[string]string{"app/a.py": "", "app/gen/b.py": "", "gen/c.py": "", "app/sub/d.py": "", "ap*/e.py": ""})
	git(t, dir, "init", "-q")
	t.Chdir(filepath.Join(dir, "app"))
	up := []string{".."}
	all := []string{"ap*/e.py", "app/a.py", "app/gen/b.py", "app/sub/d.py", "gen/c.py"}
	for _, test := range []struct {
		exclude []string
		without []string
	}{
		{nil, nil},
		{[]string{"gen"}, []string{"app/gen/b.py", "gen/c.py"}},
		{[]string{"/gen"}, []string{"app/gen/b.py"}}, // a slash means: relative to the working folder
		{[]string{"../gen/"}, []string{"gen/c.py"}},
		{[]string{"sub/*.py"}, []string{"app/sub/d.py"}},
		{[]string{"*.py", "!a.py"}, []string{"ap*/e.py", "app/gen/b.py", "app/sub/d.py", "gen/c.py"}},
		{[]string{"../**/d.py"}, []string{"app/sub/d.py"}},
	} {
		want := slices.DeleteFunc(slices.Clone(all), func(n string) bool { return slices.Contains(test.without, n) })
		l := load(t, Options{Paths: up, Exclude: test.exclude})
		if !slices.Equal(l.names, want) || l.root != dir {
			t.Errorf("%q: got %q, want %q", test.exclude, l.names, want)
		}
	}
	// A working folder with a special character in its name is not a pattern.
	t.Chdir(filepath.Join(dir, "ap*"))
	load(t, Options{Paths: []string{"../app"}, Exclude: []string{"/a.py", "*/a.py"}}).expect(t, []string{"app/a.py", "app/gen/b.py", "app/sub/d.py"})

	t.Chdir(dir)
	named := Options{Paths: []string{"app/gen/b.py", "gen"}, Exclude: []string{"gen"}}
	load(t, named).expect(t, []string{"app/gen/b.py", "gen/c.py"})
	named.ForceExclude = true
	load(t, named).expect(t, nil)
	if _, _, _, err := Load(context.Background(), Options{Exclude: []string{"[a"}}); err == nil || !strings.Contains(err.Error(), "[a") {
		t.Errorf("malformed pattern: error %v", err)
	}
}

func TestNothing(t *testing.T) {
	load(t, Options{Paths: []string{t.TempDir()}}).expect(t, nil)
}

func TestBadInput(t *testing.T) {
	dir := tree(t, map[string]string{
		"good.py": "x = 1\n", "latin.py": "a = 1\nb = '\xe9'\n", "nul.py": "a\nb\x00", "utf16.py": "\xff\xfea\x00", "utf16be.py": "\xfe\xff\x00a",
		"utf32.py": "\xff\xfe\x00\x00a\x00\x00\x00", "book.ipynb": "{}",
		"lying.py": "# coding: utf-8\n\nb = '\xe9'\n", "odd.py": "# coding: klingon\nb = '\xe9'\n",
	})
	t.Chdir(dir)
	write(t, "big.py", strings.Repeat("x = 1\n", pysyntax.MaxSize/6+1))
	for link, target := range map[string]string{"broken.py": "gone.py", "loop.py": "loop2.py", "loop2.py": "loop.py", "dir.py": "."} {
		if err := os.Symlink(target, link); err != nil {
			t.Fatal(err)
		}
	}
	if err := syscall.Mkfifo("pipe.py", 0o644); err != nil {
		t.Fatal(err)
	}
	found := []string{
		"big.py: is larger than 16 MiB", "broken.py: is a broken symbolic link: its target gone.py does not exist",
		"latin.py: not UTF-8 at line 2 and no coding cookie", "loop.py: leads back to itself", "loop2.py: leads back to itself",
		"lying.py: not UTF-8 at line 3 though its coding cookie says utf-8", "nul.py: has a NUL byte",
		"odd.py: says klingon, which lazyfix cannot decode", "~pipe.py: is a named pipe", "utf16.py: is in UTF-16", "utf16be.py: is in UTF-16",
		"utf32.py: is in UTF-32",
	}
	load(t, Options{}).expect(t, []string{"good.py"}, found...)

	// Named, a pipe is an error and a missing path is too.
	load(t, Options{Paths: []string{"good.py", "gone.py", "loop.py", "broken.py", "pipe.py", "good.py/x", "book.ipynb"}}).expect(t, []string{"good.py"},
		"book.ipynb: is a notebook: not read", "broken.py: is a broken symbolic link", "gone.py: does not exist", "good.py/x: not a directory", "loop.py: leads back to itself", "pipe.py: is a named pipe, not a file")
}

// TestPermissionDenied runs itself again as nobody where the user is root, who may read everything.
func TestPermissionDenied(t *testing.T) {
	if os.Getuid() == 0 {
		asNobody(t)
		return
	}
	dir := tree(t, map[string]string{"good.py": "", "closed.py": "", "locked/a.py": "", "app/.gitignore": "*", "app/a.py": ""})
	for _, name := range []string{"closed.py", "locked", "app/.gitignore"} {
		if err := os.Chmod(filepath.Join(dir, name), 0); err != nil {
			t.Fatal(err)
		}
	}
	t.Cleanup(func() { _ = os.Chmod(filepath.Join(dir, "locked"), 0o755) }) // to be removable
	t.Chdir(dir)
	load(t, Options{}).expect(t, []string{"app/a.py", "good.py"},
		"~app/.gitignore: this ignore file cannot be read", "closed.py: cannot be read: permission denied", "locked: cannot be read: permission denied")
}

func asNobody(t *testing.T) {
	t.Helper()
	dir := t.TempDir()
	binary, err := os.ReadFile(os.Args[0])
	if err == nil {
		err = os.WriteFile(filepath.Join(dir, "again"), binary, 0o755) //nolint:gosec // to be run by another user
	}
	for _, open := range []string{dir, filepath.Dir(dir)} {
		err = errors.Join(err, os.Chmod(open, 0o777))
	}
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(filepath.Join(dir, "again"), "-test.run=^"+t.Name()+"$", "-test.v")
	cmd.Dir, cmd.Env = dir, []string{"TMPDIR=" + dir}
	cmd.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: 65534, Gid: 65534}}
	out, err := cmd.CombinedOutput()
	if err != nil || !strings.Contains(string(out), "--- PASS: "+t.Name()) {
		t.Errorf("%v\n%s", err, out)
	}
}

func TestSymlinks(t *testing.T) {
	dir := tree(t, map[string]string{"in/real.py": "", "in/sub/other.py": "", "in/.hidden.py": "", "out/far.py": ""})
	t.Chdir(dir)
	for link, target := range map[string]string{
		"in/alias.py": "real.py", "in/sub/up.py": "../real.py", "in/far.py": "../out/far.py", "in/shown.py": ".hidden.py", "in/again": "sub", "in/up": "..", "link": "in",
	} {
		if err := os.Symlink(target, link); err != nil {
			t.Fatal(err)
		}
	}
	inside := []string{"in/real.py", "in/sub/other.py"}
	warnings := []string{"~in/far.py: is a symbolic link to out/far.py, which is not among the files", "~in/shown.py: .hidden.py"}
	load(t, Options{Paths: []string{"in"}}).expect(t, inside, warnings...)
	// Through a link that was named, the files have their real names.
	load(t, Options{Paths: []string{"link"}}).expect(t, inside, warnings...)
	// Two names, one file; and a link that was named is read as its target.
	l := load(t, Options{Paths: []string{"in/alias.py", "in/real.py", "link/real.py", "in/far.py"}})
	l.expect(t, []string{"in/real.py", "out/far.py"})
	if l.files[1].Path != filepath.Join(dir, "out", "far.py") {
		t.Errorf("path %q", l.files[1].Path)
	}
}

func TestEncodings(t *testing.T) {
	dir := tree(t, map[string]string{
		"plain.py": "x = 'é'\n", "bom.py": "\xef\xbb\xbfx = 1\n", "latin.py": "#!/bin/python\n# vim: set fileencoding=latin_1 :\nx = '\xe9'\n",
		"ascii_latin.py": "# -*- coding: latin-1 -*-\r\nx = 1\r\n", "cp1252.py": "# coding=cp1252\nx = '\x80'\n", "late.py": "x = 1\n# coding: latin-1\n",
		"sjis.py": "# coding: shift_jis\nx = '\x82\xa0'\n", "empty.py": "", "klingon_ascii.py": "# coding: ascii\n", "jis.py": "# coding: iso-2022-jp\nx = '\x1b$B$\"\x1b(B'\n",
	})
	l := load(t, Options{Paths: []string{dir}, Jobs: 3})
	l.expect(t, []string{"ascii_latin.py", "bom.py", "cp1252.py", "empty.py", "jis.py", "klingon_ascii.py", "late.py", "latin.py", "plain.py", "sjis.py"},
		"~cp1252.py: is in cp1252: read, but not edited", "~jis.py: iso-2022-jp", "~latin.py: is in latin-1: read, but not edited", "~sjis.py: shift-jis")
	decoded := map[string]string{"cp1252.py": "x = '€'", "latin.py": "x = 'é'", "sjis.py": "x = 'あ'", "jis.py": "x = 'あ'"}
	for _, f := range l.files {
		part, foreign := decoded[f.Name]
		if f.Editable == foreign || !f.Editable && f.WhyNot == "" {
			t.Errorf("%s: editable %v, %q", f.Name, f.Editable, f.WhyNot)
		}
		if !foreign && string(f.Text) != string(f.Content) {
			t.Errorf("%s: offsets of the text are not those of the file", f.Name)
		}
		if foreign && !strings.Contains(string(f.Text), part) {
			t.Errorf("%s: text %q", f.Name, f.Text)
		}
		if f.Mode.Perm() != 0o644 {
			t.Errorf("%s: mode %v", f.Name, f.Mode)
		}
	}
}

// Python ends a line at a carriage return: so are the lines that are parsed, with the offsets of the file, which is not
// edited.
func TestLoneReturns(t *testing.T) {
	dir := tree(t, map[string]string{"mac.py": "a = 1\rb = 2\r# lazyfix: ignore\r", "mixed.py": "a = 1\r\nb = 2\n\r\nc = 3\rd = 4\r\n", "crlf.py": "a = 1\r\n\r\n"})
	l := load(t, Options{Paths: []string{dir}})
	l.expect(t, []string{"crlf.py", "mac.py", "mixed.py"}, "~mac.py: this line ends with a carriage return alone", "~mixed.py: not edited; give it line feeds")
	for i, want := range []struct {
		text string
		line int
	}{{"a = 1\r\n\r\n", 0}, {"a = 1\nb = 2\n# lazyfix: ignore\n", 1}, {"a = 1\r\nb = 2\n\r\nc = 3\nd = 4\r\n", 4}} {
		f := l.files[i]
		if string(f.Text) != want.text || f.Editable != (want.line == 0) {
			t.Errorf("%s: text %q, editable %v", f.Name, f.Text, f.Editable)
		}
		for _, p := range l.problems {
			if p.Path == f.Name && p.Line != want.line {
				t.Errorf("%s: line %d, want %d", f.Name, p.Line, want.line)
			}
		}
	}
	if !l.files[1].Suppress.Suppressed(3, "any") {
		t.Error("the comment on the third line is not seen")
	}
}

// The parser takes a byte order mark, so it need not be cut off and offsets stay those of the file.
func TestByteOrderMarkParses(t *testing.T) {
	p := pysyntax.NewParser()
	defer p.Close()
	parsed, err := p.Parse([]byte("\xef\xbb\xbfx = 1\n"))
	if err != nil || parsed.HasError(parsed.Root()) {
		t.Fatalf("error %v, or a tree with errors", err)
	}
	if first := parsed.Start(1); first != 3 {
		t.Errorf("the first statement starts at %d, want 3", first)
	}
}

func TestStdin(t *testing.T) {
	dir := tree(t, map[string]string{"repo/app/a.py": "on disk"})
	git(t, filepath.Join(dir, "repo"), "init", "-q")
	t.Chdir(dir)
	l := load(t, Options{Paths: []string{Stdin}, Stdin: []byte("x = 1\n")})
	l.expect(t, []string{"stdin.py"})
	if f := l.files[0]; f.Path != Stdin || string(f.Text) != "x = 1\n" || !f.Editable {
		t.Errorf("%+v", f)
	}
	// With a name it stands for that file, which is not read from disk as well.
	l = load(t, Options{Paths: []string{Stdin, "repo"}, Stdin: []byte("x = 1\n"), StdinName: "repo/app/a.py"})
	l.expect(t, []string{"app/a.py"})
	if l.root != filepath.Join(dir, "repo") || string(l.files[0].Text) != "x = 1\n" {
		t.Errorf("root %q, %q", l.root, l.files[0].Text)
	}
	load(t, Options{Paths: []string{Stdin}, Stdin: []byte("\xff")}).expect(t, nil, "stdin.py: not UTF-8 at line 1")
}

func TestCancelled(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, _, _, err := Load(ctx, Options{Paths: []string{tree(t, map[string]string{"a.py": ""})}}); !errors.Is(err, context.Canceled) {
		t.Errorf("error %v", err)
	}
}

func TestSuppressions(t *testing.T) {
	s := suppressions([]byte("a\nb # lazyfix: ignore\nc  #lazyfix: ignore[one, two]  # why\nd # noqa # lazyfix: ignore[one]\ne # lazyfix: ignore[]\nf # lazyfix: ignored\n" +
		"g # lazyfix: skip-file\nh # lazyfix: ignore [one]\ni # lazyfix: ignore: one , two because\nj # lazyfix: ignore  # one\n"))
	if s.SkipFile {
		t.Error("skip-file after code must not count")
	}
	for _, test := range []struct {
		line int
		rule string
		want bool
	}{{1, "one", false}, {2, "one", true}, {3, "one", true}, {3, "two", true}, {3, "three", false}, {4, "one", true}, {4, "two", false}, {5, "one", false}, {6, "one", false}, {0, "", false},
		{8, "one", true}, {8, "two", false}, {9, "three", true}, {10, "one", true}} {
		if got := s.Suppressed(test.line, test.rule); got != test.want {
			t.Errorf("line %d, rule %s: %v", test.line, test.rule, got)
		}
	}
	if got := s.Comments[len(s.Comments)-2]; !slices.Equal(got.Words, []string{"one", "two"}) {
		t.Errorf("%+v", got)
	}
	skip := suppressions([]byte("x = 1\n    # lazyfix: skip-file\n"))
	if !skip.SkipFile || !skip.Suppressed(1, "any") {
		t.Error("skip-file on a line of its own")
	}
	dir := tree(t, map[string]string{"a.py": "# lazyfix: skip-file\n"})
	if f := load(t, Options{Paths: []string{dir}}).files[0]; f.Editable || !strings.Contains(f.WhyNot, "skip-file") {
		t.Errorf("%+v", f)
	}
}

func TestOpen(t *testing.T) {
	latin := "# coding: latin-1\nname = 'caf\xe9'\n"
	dir := tree(t, map[string]string{"a.py": "old = 1\n", "b.py": "kept = 1\n", "latin.py": latin})
	if err := os.Symlink("a.py", filepath.Join(dir, "link.py")); err != nil {
		t.Fatal(err)
	}
	open := map[string][]byte{
		filepath.Join(dir, "a.py"):     []byte("new = 1  # lazyfix: skip-file\r\n# lazyfix: skip-file\r\n"),
		filepath.Join(dir, "latin.py"): []byte("# coding: latin-1\nname = 'café'\n"),
		filepath.Join(dir, "new.py"):   []byte("unsaved = 1\n"),
	}
	l := load(t, Options{Paths: []string{filepath.Join(dir, "link.py"), filepath.Join(dir, "b.py"), filepath.Join(dir, "latin.py")}, Open: open})
	l.expect(t, []string{"a.py", "b.py", "latin.py"}, "~latin.py: is in latin-1")
	if got := l.files[0]; string(got.Content) != string(open[got.Real]) || !got.Suppress.SkipFile || got.Mode.Perm() == 0 {
		t.Errorf("what is open was not read: %q %v", got.Content, got.Mode)
	}
	if string(l.files[1].Content) != "kept = 1\n" || string(l.files[2].Content) != latin {
		t.Errorf("%q %q", l.files[1].Content, l.files[2].Content)
	}
}
