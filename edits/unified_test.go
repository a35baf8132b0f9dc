package edits

import (
	"bytes"
	"fmt"
	"regexp"
	"strings"
	"testing"
)

// change plans edits of one file and returns its change.
func change(t testing.TB, name, content string, list ...Edit) Change {
	t.Helper()
	p := NewPlan()
	addFile(t, p, name, content)
	if err := p.Add(Fix{ID: "test", Files: []FileEdits{{name, list}}}); err != nil {
		t.Fatal(err)
	}
	changes := p.Changes()
	if len(changes) != 1 {
		t.Fatalf("%d changes, want one", len(changes))
	}
	return changes[0]
}

// swap is the edit that replaces the only occurrence of old in content.
func swap(t testing.TB, content, old, new string) Edit {
	t.Helper()
	if strings.Count(content, old) != 1 {
		t.Fatalf("%q occurs %d times in %q", old, strings.Count(content, old), content)
	}
	at := strings.Index(content, old)
	return Edit{at, at + len(old), new}
}

const ten = "1\n2\n3\n4\n5\n6\n7\n8\n9\n10\n"

func TestUnified(t *testing.T) {
	tests := []struct {
		name    string
		content string
		edits   []Edit
		context int
		want    string // without the header
	}{
		{"inside a line", "a\nb\nc\n", []Edit{{2, 3, "x"}}, 3, "@@ -1,3 +1,3 @@\n a\n-b\n+x\n c\n"},
		{"context is cut", ten, []Edit{{8, 9, "x"}}, 1, "@@ -4,3 +4,3 @@\n 4\n-5\n+x\n 6\n"},
		{"insertion of a line", "a\nb\n", []Edit{{2, 2, "x\n"}}, 3, "@@ -1,2 +1,3 @@\n a\n+x\n b\n"},
		{"insertion at the start", "a\n", []Edit{{0, 0, "x\n"}}, 3, "@@ -1 +1,2 @@\n+x\n a\n"},
		{"insertion at the end", "a\n", []Edit{{2, 2, "x\n"}}, 3, "@@ -1 +1,2 @@\n a\n+x\n"},
		{"insertion at the end, without newline", "a\n", []Edit{{2, 2, "x"}}, 3, "@@ -1 +1,2 @@\n a\n+x\n\\ No newline at end of file\n"},
		{"line added after one without newline", "a\nb", []Edit{{3, 3, "\nx"}}, 3,
			"@@ -1,2 +1,3 @@\n a\n-b\n\\ No newline at end of file\n+b\n+x\n\\ No newline at end of file\n"},
		{"final newline added", "a\nb", []Edit{{3, 3, "\n"}}, 3, "@@ -1,2 +1,2 @@\n a\n-b\n\\ No newline at end of file\n+b\n"},
		{"final newline removed", "a\nb\n", []Edit{{3, 4, ""}}, 3, "@@ -1,2 +1,2 @@\n a\n-b\n+b\n\\ No newline at end of file\n"},
		{"context without final newline", "a\nb", []Edit{{0, 1, "x"}}, 3, "@@ -1,2 +1,2 @@\n-a\n+x\n b\n\\ No newline at end of file\n"},
		{"empty file", "", []Edit{{0, 0, "a\nb\n"}}, 3, "@@ -0,0 +1,2 @@\n+a\n+b\n"},
		{"empty file, without newline", "", []Edit{{0, 0, "a"}}, 3, "@@ -0,0 +1 @@\n+a\n\\ No newline at end of file\n"},
		{"everything deleted", "a\nb", []Edit{{0, 3, ""}}, 3, "@@ -1,2 +0,0 @@\n-a\n-b\n\\ No newline at end of file\n"},
		{"a line deleted", "a\nb\nc\n", []Edit{{2, 4, ""}}, 3, "@@ -1,3 +1,2 @@\n a\n-b\n c\n"},
		{"lines joined", "a\nb\nc\n", []Edit{{1, 2, ""}}, 3, "@@ -1,3 +1,2 @@\n-a\n-b\n+ab\n c\n"},
		{"a line loses its end to the next", "a\nb\nc\n", []Edit{{0, 2, "x"}}, 3, "@@ -1,3 +1,2 @@\n-a\n-b\n+xb\n c\n"},
		{"insertion at a line start, without newline", "a\nb\n", []Edit{{2, 2, "x"}}, 3, "@@ -1,2 +1,2 @@\n a\n-b\n+xb\n"},
		{"carriage returns belong to the line", "a\r\nb\r\n", []Edit{{3, 4, "x"}}, 3, "@@ -1,2 +1,2 @@\n a\r\n-b\r\n+x\r\n"},
		{"a lone carriage return ends no line", "a\rb\nc\n", []Edit{{4, 5, "x"}}, 3, "@@ -1,2 +1,2 @@\n a\rb\n-c\n+x\n"},
		{"any bytes", "\xef\xbb\xbfa\xff\n\x00\n", []Edit{{3, 4, "\xfe"}}, 3, "@@ -1,2 +1,2 @@\n-\xef\xbb\xbfa\xff\n+\xef\xbb\xbf\xfe\xff\n \x00\n"},
		{"two edits in one line", "abc\nd\n", []Edit{{0, 1, "x"}, {2, 3, "y"}}, 3, "@@ -1,2 +1,2 @@\n-abc\n+xby\n d\n"},
		{"edits in two neighbouring lines", "a\nb\nc\n", []Edit{{0, 1, "x"}, {3, 3, "y"}}, 3, "@@ -1,3 +1,3 @@\n-a\n-b\n+x\n+by\n c\n"},
		{"whole lines, then a neighbour", "a\nb\nc\n", []Edit{{0, 2, "x\n"}, {3, 3, "y"}}, 3, "@@ -1,3 +1,3 @@\n-a\n-b\n+x\n+by\n c\n"},
		{"unchanged lines inside an edit are trimmed", "a\nb\nc\nd\ne\n", []Edit{{0, 10, "x\nb\nc\nd\ny\n"}}, 3,
			"@@ -1,5 +1,5 @@\n-a\n+x\n b\n c\n d\n-e\n+y\n"},
		{"what is trimmed may part a hunk", "a\nb\nc\nd\ne\n", []Edit{{0, 10, "x\nb\nc\nd\ny\n"}}, 1,
			"@@ -1,2 +1,2 @@\n-a\n+x\n b\n@@ -4,2 +4,2 @@\n d\n-e\n+y\n"},
		{"contexts that touch merge", ten, []Edit{{2, 3, "x"}, {8, 9, "y"}}, 1, "@@ -1,6 +1,6 @@\n 1\n-2\n+x\n 3\n 4\n-5\n+y\n 6\n"},
		{"contexts apart do not", ten, []Edit{{2, 3, "x"}, {10, 11, "y"}}, 1,
			"@@ -1,3 +1,3 @@\n 1\n-2\n+x\n 3\n@@ -5,3 +5,3 @@\n 5\n-6\n+y\n 7\n"},
		{"later hunks are shifted", ten, []Edit{{0, 0, "x\nx\n"}, {8, 10, ""}, {16, 17, "y"}}, 1,
			"@@ -1 +1,3 @@\n+x\n+x\n 1\n@@ -4,3 +6,2 @@\n 4\n-5\n 6\n@@ -8,3 +9,3 @@\n 8\n-9\n+y\n 10\n"},
		{"no context", ten, []Edit{{4, 4, "x\n"}, {8, 10, ""}}, 0, "@@ -2,0 +3 @@\n+x\n@@ -5 +5,0 @@\n-5\n"},
		{"negative context is none", "a\nb\n", []Edit{{0, 1, "x"}}, -1, "@@ -1 +1 @@\n-a\n+x\n"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			c := change(t, "dir/a.py", tt.content, tt.edits...)
			want := "diff --git a/dir/a.py b/dir/a.py\n--- a/dir/a.py\n+++ b/dir/a.py\n" + tt.want
			if got := string(c.Unified(tt.context)); got != want {
				t.Errorf("got\n%s\nwant\n%s", got, want)
			}
			r := newRepo(t)
			r.write("dir/a.py", c.Content)
			args := []string{"apply"}
			if tt.context <= 0 {
				args = append(args, "--unidiff-zero")
			}
			r.git(c.Unified(tt.context), args...)
			if got := r.read("dir/a.py"); !bytes.Equal(got, c.New) {
				t.Errorf("git apply gives %q, want %q", got, c.New)
			}
		})
	}
}

func TestUnifiedWithoutChange(t *testing.T) {
	c := Change{Baseline: Baseline{Name: "a.py", Content: []byte("a\n")}, New: []byte("a\n")}
	if got := c.Unified(3); got != nil {
		t.Errorf("got %q", got)
	}
}

// An edit too long for the diff library keeps its equal head and tail, but not
// the equal line in its middle.
func TestUnifiedOfAVeryLongEdit(t *testing.T) {
	var old, replaced strings.Builder
	for i := range maxDiffed {
		fmt.Fprintf(&old, "%d\n", i)
		if i == maxDiffed/2 {
			fmt.Fprintf(&replaced, "%d\n", i)
			continue
		}
		fmt.Fprintf(&replaced, "new %d\n", i)
	}
	content := "head\n" + old.String() + "tail\n"
	c := change(t, "a.py", content, Edit{0, len(content), "head\n" + replaced.String() + "tail\n"})
	got := string(c.Unified(1))
	want := fmt.Sprintf("@@ -1,%[1]d +1,%[1]d @@\n head\n-0\n-1\n", maxDiffed+2)
	if !strings.Contains(got, want) || !strings.HasSuffix(got, fmt.Sprintf("+new %d\n tail\n", maxDiffed-1)) {
		t.Errorf("the patch begins %.120q and ends %q", got, got[len(got)-40:])
	}
	if middle := fmt.Sprintf("+new %d\n+%d\n+new %d\n", maxDiffed/2-1, maxDiffed/2, maxDiffed/2+1); !strings.Contains(got, middle) {
		t.Errorf("the patch lacks %q: the library was asked", middle)
	}
	r := newRepo(t)
	r.write("a.py", c.Content)
	r.git([]byte(got), "apply")
	if !bytes.Equal(r.read("a.py"), c.New) {
		t.Errorf("git apply gives something else")
	}
}

// A byte order mark, CRLF and the lack of a final newline, on both ways out.
func TestByteOrderMarkAndCRLFSurvive(t *testing.T) {
	const content = "\xef\xbb\xbfimport a\r\n\r\nx = relationship(\r\n    \"A\",\r\n)\r\nlast = 1"
	c := change(t, "a.py", content,
		swap(t, content, "import a", "import a, b"),
		swap(t, content, "\"A\",\r\n", "\"A\",\r\n    lazy=\"raise_on_sql\",\r\n"),
		swap(t, content, "last = 1", "last = 2"))
	const want = "\xef\xbb\xbfimport a, b\r\n\r\nx = relationship(\r\n    \"A\",\r\n    lazy=\"raise_on_sql\",\r\n)\r\nlast = 2"
	if string(c.New) != want {
		t.Fatalf("New is %q", c.New)
	}
	r := newRepo(t)
	r.write("a.py", c.Content)
	r.git(c.Unified(3), "apply")
	if got := r.read("a.py"); string(got) != want {
		t.Errorf("git apply gives %q", got)
	}
}

var oddNames = []string{
	"plain.py", "a b.py", " lead.py", "trail .py", "dir/sub dir/x.py", "-dash.py", "quote'.py", "quote\".py",
	"back\\slash.py", "tab\t.py", "tab \t and space.py", "new\nline.py", "return\r.py", "bell\a\b\v\f.py",
	"escape\x1b.py", "\x01.py", "delete\x7f.py", "größe.py", "モデル.py", "latin\xff.py", "a.py b/a.py", "b/a.py",
	"#hash.py", "{}.py", "~.py", "=>.py",
}

// Header and hunks are, but for the index line and the section after @@, what
// git diff prints for the same change.
func TestUnifiedIsWhatGitPrints(t *testing.T) {
	r := newRepo(t)
	var changes []Change
	for i, name := range oddNames {
		content := strings.Repeat("same\n", i) + "old\n" + ten
		if i%2 == 1 {
			content = strings.TrimSuffix(content, "\n")
		}
		changes = append(changes, change(t, name, content, swap(t, content, "old", "new"), Edit{len(content), len(content), "end"}))
		r.write(name, []byte(content))
	}
	r.git(nil, "add", "--all")
	section := regexp.MustCompile(`(?m)^(@@ .* @@).*$|^index .*\n`)
	var patch []byte
	for _, c := range changes {
		r.write(c.Name, c.New)
		want := section.ReplaceAllString(string(r.git(nil, "diff", "--no-color", "--", ":(literal)"+c.Name)), "$1")
		ours := c.Unified(3)
		if string(ours) != want {
			t.Errorf("%q: ours\n%s\ngit's\n%s", c.Name, ours, want)
		}
		patch = append(patch, ours...)
		r.write(c.Name, c.Content)
	}
	r.git(patch, "apply")
	for _, c := range changes {
		if got := r.read(c.Name); !bytes.Equal(got, c.New) {
			t.Errorf("%q: git apply gives %q, want %q", c.Name, got, c.New)
		}
	}
}

// git apply keeps the mode, also where the file is emptied.
func TestUnifiedKeepsMode(t *testing.T) {
	r := newRepo(t)
	c := change(t, "a.py", "a\n", Edit{0, 2, ""})
	r.write("a.py", c.Content)
	chmod(t, r.dir+"/a.py", 0o755)
	r.git(c.Unified(3), "apply")
	if got := modeOf(t, r.dir+"/a.py"); got != 0o755 {
		t.Errorf("mode %o", got)
	}
	if got := r.read("a.py"); len(got) != 0 {
		t.Errorf("content %q", got)
	}
}
