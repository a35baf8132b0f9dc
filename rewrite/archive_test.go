package rewrite_test

import (
	"flag"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"golang.org/x/tools/txtar"
)

// update writes what lazyfix does into the archives. They say what is right, not what is: read every line of the
// difference before it is committed.
var update = flag.Bool("update", false, "write the results into the archives of fixtures/rules and fixtures/programs")

// program is the input of one run and what must come of it.
type program struct {
	name     string
	input    map[string]string
	want     map[string]string // the files that change, as they are afterwards
	findings string            // as listing has them
	unsafe   bool              // with the edits that can change meaning, which without this must be proposed and not made

	archive *archive
	place   func(file string) (input, want string) // the sections of a file; "" is the section of the findings
}

// readCases reads an archive of cases, each a program of one file:
//
//	shared/PATH    a file that each case has beside it
//	NAME.py        a case: it is app.py; a comment at its top says why it is as it is
//	NAME.want.py   what becomes of app.py; without this section it stays as it is
//	NAME.findings  all findings; without this section there is none
//
// The prose above all sections states the rule.
func readCases(t *testing.T, path string) []program {
	t.Helper()
	a := readArchive(t, path)
	shared := map[string]string{}
	for _, f := range a.files() {
		if name, ok := strings.CutPrefix(f.Name, "shared/"); ok {
			shared[name] = string(f.Data)
		}
	}
	var out []program
	used := 0
	for _, f := range a.files() {
		name, isPython := strings.CutSuffix(f.Name, ".py")
		if !isPython || strings.HasSuffix(name, ".want") || strings.HasPrefix(f.Name, "shared/") {
			continue
		}
		p := program{
			name: a.name + "/" + name, input: map[string]string{"app.py": string(f.Data)}, want: map[string]string{}, archive: a,
			place: func(file string) (input, want string) {
				switch file {
				case "":
					return name + ".py", name + ".findings"
				case "app.py":
					return name + ".py", name + ".want.py"
				}
				return "shared/" + file, "" // what all cases have must not change
			},
		}
		for file, text := range shared {
			p.input[file] = text
		}
		used++
		if want, ok := a.file(name + ".want.py"); ok {
			p.want["app.py"] = want
			used++
		}
		if findings, ok := a.file(name + ".findings"); ok {
			p.findings = findings
			used++
		}
		out = append(out, p)
	}
	if used+len(shared) != len(a.files()) {
		t.Fatalf("%s: a section belongs to no case", path)
	}
	return out
}

// readProgram reads an archive that is one program: PATH is a file of it, want/PATH what becomes of that, and the section
// findings has all findings.
func readProgram(t *testing.T, path string) program {
	t.Helper()
	a := readArchive(t, path)
	p := program{
		name: a.name, input: map[string]string{}, want: map[string]string{}, archive: a,
		place: func(file string) (input, want string) {
			if file == "" {
				return "", "findings"
			}
			return file, "want/" + file
		},
	}
	for _, f := range a.files() {
		name, wanted := strings.CutPrefix(f.Name, "want/")
		switch {
		case wanted:
			p.want[name] = string(f.Data)
		case name == "findings":
			p.findings = string(f.Data)
		default:
			p.input[name] = string(f.Data)
		}
	}
	for name, text := range p.want {
		if input, ok := p.input[name]; !ok || input == text {
			t.Fatalf("%s: want/%s is no file of the program that changes", path, name)
		}
	}
	return p
}

// archive is a text archive that the cases in it may update. Safe for concurrent use.
type archive struct {
	path, name string
	mu         sync.Mutex
	*txtar.Archive
}

func readArchive(t *testing.T, path string) *archive {
	t.Helper()
	parsed, err := txtar.ParseFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if len(strings.TrimSpace(string(parsed.Comment))) == 0 {
		t.Fatalf("%s does not open with its rule in prose", path)
	}
	seen := map[string]bool{}
	for _, f := range parsed.Files {
		if seen[f.Name] {
			t.Fatalf("%s has the section %s twice", path, f.Name)
		}
		seen[f.Name] = true
	}
	return &archive{path: path, name: strings.TrimSuffix(filepath.Base(path), ".txtar"), Archive: parsed}
}

// files are the sections, which an update of another case does not change.
func (a *archive) files() []txtar.File {
	a.mu.Lock()
	defer a.mu.Unlock()
	return slices.Clone(a.Files)
}

func (a *archive) file(name string) (string, bool) {
	for _, f := range a.files() {
		if f.Name == name {
			return string(f.Data), true
		}
	}
	return "", false
}

// update makes the sections of a program say what came out.
func (p program) update(t *testing.T, got map[string]string, findings string) {
	t.Helper()
	a := p.archive
	a.mu.Lock()
	defer a.mu.Unlock()
	for file := range p.input {
		input, want := p.place(file)
		if _, changed := got[file]; changed && want == "" {
			t.Errorf("%s is of all cases, and must not change", input)
			continue
		}
		a.set(input, want, got[file])
	}
	input, want := p.place("")
	a.set(input, want, findings)
	if err := os.WriteFile(a.path, txtar.Format(a.Archive), 0o644); err != nil {
		t.Fatal(err)
	}
}

// set gives a section its text, behind the section after (at the end for ""); no text means no section.
func (a *archive) set(after, name, text string) {
	if name == "" {
		return
	}
	named := func(name string) func(txtar.File) bool { return func(f txtar.File) bool { return f.Name == name } }
	at := slices.IndexFunc(a.Files, named(name))
	switch {
	case at >= 0 && text == "":
		a.Files = slices.Delete(a.Files, at, at+1)
	case at >= 0:
		a.Files[at].Data = []byte(text)
	case text != "":
		at = len(a.Files)
		if i := slices.IndexFunc(a.Files, named(after)); i >= 0 {
			at = i + 1
		}
		a.Files = slices.Insert(a.Files, at, txtar.File{Name: name, Data: []byte(text)})
	}
}
