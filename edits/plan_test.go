package edits

import (
	"errors"
	"reflect"
	"strings"
	"testing"
)

// fix is a fix in the one file of planFor.
func fix(id string, list ...Edit) Fix {
	return Fix{ID: id, Files: []FileEdits{{Path: "a.py", Edits: list}}}
}

func planFor(t testing.TB, content string) *Plan {
	t.Helper()
	p := NewPlan()
	addFile(t, p, "a.py", content)
	return p
}

func addFile(t testing.TB, p *Plan, path, content string) {
	t.Helper()
	if err := p.AddFile(Baseline{Path: path, Name: path, Content: []byte(content), Mode: 0o644}); err != nil {
		t.Fatal(err)
	}
}

// result returns the new bytes of the plan's only file.
func result(t testing.TB, p *Plan, old string) string {
	t.Helper()
	switch changes := p.Changes(); len(changes) {
	case 0:
		return old
	case 1:
		return string(changes[0].New)
	default:
		t.Fatalf("%d changes, want one", len(changes))
		return ""
	}
}

func TestPlanMerges(t *testing.T) {
	const text = "0123456789"
	tests := []struct {
		name  string
		fixes []Fix
		want  string
	}{
		{"apart", []Fix{fix("A", Edit{8, 9, "b"}), fix("B", Edit{0, 1, "a"})}, "a1234567b9"},
		{"equal replacements once", []Fix{fix("A", Edit{2, 4, "x"}), fix("B", Edit{2, 4, "x"}, Edit{9, 9, "!"})}, "01x45678!9"},
		{"equal insertions once", []Fix{fix("A", Edit{5, 5, ", a"}), fix("B", Edit{5, 5, ", a"})}, "01234, a56789"},
		{"equal insertions at two offsets both", []Fix{fix("A", Edit{5, 5, "a"}), fix("B", Edit{6, 6, "a"})}, "01234a5a6789"},
		{"equal insertions of one fix both", []Fix{fix("A", Edit{5, 5, "a"}, Edit{5, 5, "a"})}, "01234aa56789"},
		{"as many as the fix with the most has", []Fix{fix("A", Edit{5, 5, "a"}), fix("B", Edit{5, 5, "a"}, Edit{5, 5, "a"})}, "01234aa56789"},
		{"different insertions in the order of Add", []Fix{fix("A", Edit{5, 5, "b"}), fix("B", Edit{5, 5, "a"})}, "01234ba56789"},
		{"a new insertion goes behind the merged one", []Fix{fix("A", Edit{5, 5, "a"}, Edit{5, 5, "b"}), fix("B", Edit{5, 5, "a"}, Edit{5, 5, "c"})}, "01234abc56789"},
		{"insertion at the start of another's replacement", []Fix{fix("A", Edit{3, 5, "x"}), fix("B", Edit{3, 3, "i"})}, "012ix56789"},
		{"insertion at the end of another's replacement", []Fix{fix("A", Edit{5, 5, "i"}), fix("B", Edit{3, 5, "x"})}, "012xi56789"},
		{"replacement between two insertions", []Fix{fix("A", Edit{3, 3, "i"}, Edit{5, 5, "j"}), fix("B", Edit{3, 5, "x"})}, "012ixj56789"},
		{"one fix wraps what another replaces", []Fix{fix("A", Edit{3, 3, "f("}, Edit{5, 5, ")"}), fix("B", Edit{3, 5, "x"})}, "012f(x)56789"},
		{"the same wrapping once", []Fix{fix("A", Edit{3, 3, "f("}, Edit{5, 5, ")"}), fix("B", Edit{0, 0, "i"}, Edit{3, 3, "f("}, Edit{5, 5, ")"})}, "i012f(34)56789"},
		{"nested wrappings with different ends", []Fix{fix("A", Edit{2, 2, "f("}, Edit{8, 8, ")"}), fix("B", Edit{3, 3, "g("}, Edit{7, 7, ")"})}, "01f(2g(3456)7)89"},
		{"a path named twice in a fix", []Fix{{ID: "A", Files: []FileEdits{{"a.py", []Edit{{5, 5, "b"}}}, {"a.py", []Edit{{5, 5, "a"}, {0, 1, ""}}}}}}, "1234ba56789"},
		{"a fix without edits", []Fix{fix("A"), {ID: "B"}}, text},
		{"a replacement by itself", []Fix{fix("A", Edit{2, 4, "23"})}, text},
		{"edits that cancel out", []Fix{fix("A", Edit{2, 3, ""}, Edit{3, 3, "2"})}, text},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			p := planFor(t, text)
			for _, f := range tt.fixes {
				if err := p.Add(f); err != nil {
					t.Fatal(err)
				}
			}
			if got := result(t, p, text); got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
			if changes := p.Changes(); tt.want == text && len(changes) != 0 {
				t.Errorf("nothing changes, but the plan has %v", changes)
			}
		})
	}
}

func TestPlanConflicts(t *testing.T) {
	const text = "01\n3456789"
	tests := []struct {
		name   string
		first  Fix
		second Fix
		line   int
	}{
		{"overlap", fix("A", Edit{3, 6, "x"}), fix("B", Edit{5, 8, "y"}), 2},
		{"same range, other text", fix("A", Edit{3, 6, "x"}), fix("B", Edit{3, 6, "y"}), 2},
		{"same start, other end", fix("A", Edit{3, 6, "x"}), fix("B", Edit{3, 5, "x"}), 2},
		{"around", fix("A", Edit{4, 5, "x"}), fix("B", Edit{1, 8, "y"}), 1},
		{"replacement over an insertion", fix("A", Edit{4, 4, "x"}), fix("B", Edit{3, 6, "y"}), 2},
		{"insertion in a replacement", fix("A", Edit{3, 6, "x"}), fix("B", Edit{4, 4, "y"}), 2},
		{"a replacement by itself still holds its range", fix("A", Edit{3, 6, "345"}), fix("B", Edit{3, 6, "x"}), 2},
		{"behind many", fix("A", Edit{0, 0, "a"}, Edit{0, 1, "b"}, Edit{1, 1, "c"}, Edit{3, 6, "x"}, Edit{6, 6, "d"}), fix("B", Edit{5, 9, "y"}), 2},
		{"two wrappings with one end", fix("A", Edit{0, 0, "f("}, Edit{8, 8, ")"}), fix("B", Edit{4, 4, "g("}, Edit{8, 8, ")"}), 2},
		{"two wrappings with one start", fix("A", Edit{0, 0, "f("}, Edit{8, 8, ")"}), fix("B", Edit{0, 0, "f("}, Edit{6, 6, ")"}), 1},
		{"two wrappings that replace one opening", fix("A", Edit{0, 1, "f("}, Edit{8, 8, ")"}), fix("B", Edit{0, 1, "f("}, Edit{6, 6, ")"}), 1},
		{"an argument beside a closing bracket", fix("A", Edit{0, 0, "f("}, Edit{8, 8, ")"}), fix("B", Edit{8, 8, ", x"}), 2},
		{"a closing bracket beside an argument", fix("A", Edit{8, 8, ", x"}), fix("B", Edit{0, 0, "f("}, Edit{8, 8, ")"}), 2},
		{"equal insertions in opposite order", fix("A", Edit{4, 4, "x"}, Edit{4, 4, "y"}), fix("B", Edit{4, 4, "y"}, Edit{4, 4, "x"}), 2},
		{"an equal insertion after a new one", fix("A", Edit{4, 4, "x"}), fix("B", Edit{4, 4, "y"}, Edit{4, 4, "x"}), 2},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			p := planFor(t, text)
			if err := p.Add(tt.first); err != nil {
				t.Fatal(err)
			}
			before := p.Changes()
			err := p.Add(tt.second)
			var conflict *ConflictError
			if !errors.As(err, &conflict) {
				t.Fatalf("Add = %v, want a conflict", err)
			}
			if conflict.Path != "a.py" || conflict.Fix != "B" || conflict.Other != "A" || conflict.Line != tt.line {
				t.Errorf("conflict %+v, want B with A in a.py:%d", *conflict, tt.line)
			}
			if !reflect.DeepEqual(before, p.Changes()) {
				t.Errorf("the refused fix changed the plan")
			}
		})
	}
}

// A merge that splits a replacement where an insertion lies inside it makes
// `relationship(, back_populates="b"A)` of these two.
func TestPlanDoesNotSplitAReplacement(t *testing.T) {
	const text = `relationship("A", lazy="select")`
	keyword := fix("keyword", Edit{16, 16, `, back_populates="b"`})
	arguments := fix("arguments", Edit{13, 31, `A`})
	for _, order := range [][2]Fix{{keyword, arguments}, {arguments, keyword}} {
		p := planFor(t, text)
		if err := p.Add(order[0]); err != nil {
			t.Fatal(err)
		}
		alone := result(t, p, text)
		var conflict *ConflictError
		if err := p.Add(order[1]); !errors.As(err, &conflict) {
			t.Fatalf("%s after %s: %v, want a conflict; the plan gives %s", order[1].ID, order[0].ID, err, result(t, p, text))
		}
		if got := result(t, p, text); got != alone {
			t.Errorf("%s, want %s", got, alone)
		}
	}

	p := planFor(t, text)
	for _, f := range []Fix{arguments, fix("keyword", Edit{31, 31, `, back_populates="b"`})} {
		if err := p.Add(f); err != nil {
			t.Fatal(err)
		}
	}
	if got, want := result(t, p, text), `relationship(A, back_populates="b")`; got != want {
		t.Errorf("at the boundary: %s, want %s", got, want)
	}
}

func TestPlanAllOrNothingAcrossFiles(t *testing.T) {
	p := NewPlan()
	for _, path := range []string{"c.py", "a.py", "b.py", "d.py"} {
		addFile(t, p, path, "0123456789")
	}
	if err := p.Add(fix("A", Edit{4, 6, "x"})); err != nil {
		t.Fatal(err)
	}
	whole := Fix{ID: "B", Files: []FileEdits{
		{"b.py", []Edit{{0, 1, "y"}}},
		{"a.py", []Edit{{5, 7, "y"}}},
		{"c.py", []Edit{{0, 1, "y"}}},
	}}
	var conflict *ConflictError
	if err := p.Add(whole); !errors.As(err, &conflict) || conflict.Path != "a.py" {
		t.Fatalf("Add = %v, want a conflict in a.py", err)
	}
	if got := p.Changes(); len(got) != 1 || got[0].Path != "a.py" || string(got[0].New) != "0123x6789" {
		t.Fatalf("changes %v, want only a.py with the first fix", got)
	}
	whole.Files[1].Edits[0] = Edit{7, 8, "y"}
	if err := p.Add(whole); err != nil {
		t.Fatal(err)
	}
	var paths []string
	for _, c := range p.Changes() {
		paths = append(paths, c.Path+" "+string(c.New))
	}
	if got, want := strings.Join(paths, ", "), "a.py 0123x6y89, b.py y123456789, c.py y123456789"; got != want {
		t.Errorf("changes %s, want %s", got, want)
	}
}

func TestPlanRefusesMalformedFixes(t *testing.T) {
	p := planFor(t, "0123456789")
	good := []Edit{{0, 1, "x"}}
	for want, f := range map[string]Fix{
		`fix "F": b.py: the plan does not know`:   {ID: "F", Files: []FileEdits{{"a.py", good}, {"b.py", good}}},
		`fix "F": a.py: edit of bytes 8 to 11`:    fix("F", Edit{0, 1, "x"}, Edit{8, 11, ""}),
		`fix "F": a.py: edit of bytes 4 to 3`:     fix("F", Edit{0, 1, "x"}, Edit{4, 3, ""}),
		`it overlaps the edit of bytes 2 to 5`:    fix("F", Edit{0, 1, "x"}, Edit{2, 5, "a"}, Edit{3, 3, "b"}),
		`bytes 0 to 1: it overlaps the edit of`:   {ID: "F", Files: []FileEdits{{"a.py", good}, {"a.py", good}}},
		`edit of bytes -1 to -1: the file has by`: fix("F", Edit{-1, -1, "x"}),
	} {
		err := p.Add(f)
		var conflict *ConflictError
		if err == nil || errors.As(err, &conflict) || !strings.Contains(err.Error(), want) {
			t.Errorf("Add = %v, want an error with %q that is no conflict", err, want)
		}
		if got := p.Changes(); len(got) != 0 {
			t.Fatalf("%q: the plan changed: %v", want, got)
		}
	}
}

func TestPlanAddFile(t *testing.T) {
	p := planFor(t, "text\n")
	if err := p.Add(fix("A", Edit{0, 4, "x"})); err != nil {
		t.Fatal(err)
	}
	addFile(t, p, "a.py", "text\n")
	if got := result(t, p, ""); got != "x\n" {
		t.Errorf("the same file again made it %q", got)
	}
	for want, b := range map[string]Baseline{
		"another name or content":  {Path: "a.py", Name: "a.py", Content: []byte("other\n")},
		"a.py: it is already":      {Path: "a.py", Name: "b.py", Content: []byte("text\n")},
		"as it calls a.py":         {Path: "/elsewhere/a.py", Name: "a.py"},
		`x: "/abs.py" cannot`:      {Path: "x", Name: "/abs.py"},
		`x: "../up.py" cannot`:     {Path: "x", Name: "../up.py"},
		`x: "a/./b.py" cannot`:     {Path: "x", Name: "a/./b.py"},
		`x: "" cannot stand in a`:  {Path: "x"},
		`x: "a\x00b" cannot stand`: {Path: "x", Name: "a\x00b"},
		"without a path":           {Name: "b.py"},
	} {
		if err := p.AddFile(b); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("AddFile(%q, %q) = %v, want an error with %q", b.Path, b.Name, err, want)
		}
	}
}

func TestPlanIsOrderedAndReusable(t *testing.T) {
	p := planFor(t, "0123456789")
	for _, f := range []Fix{fix("A", Edit{9, 10, "z"}), fix("B", Edit{4, 4, ""}, Edit{1, 2, "1"}), fix("C", Edit{2, 3, "c"}, Edit{2, 2, "b"})} {
		if err := p.Add(f); err != nil {
			t.Fatal(err)
		}
	}
	want := []Edit{{2, 2, "b"}, {2, 3, "c"}, {9, 10, "z"}}
	for range 2 {
		c := p.Changes()[0]
		if !reflect.DeepEqual(c.Edits, want) {
			t.Fatalf("edits %v, want %v", c.Edits, want)
		}
		if applied, err := Apply(c.Content, c.Edits); err != nil || string(applied) != string(c.New) {
			t.Fatalf("Apply gives %q, %v; New is %q", applied, err, c.New)
		}
	}
}
