package rewrite

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/lazyfix/lazyfix/edits"
)

// TestBadFixAlone: where what comes out would not parse, the guilty fix is dropped, in all its files, and no other.
func TestBadFixAlone(t *testing.T) {
	files := map[string]string{"a.py": "a = 1\nb = 2\nc = 3\nd = 4\n", "b.py": "x = 1\ny = 2\n", "c.py": "import sqlalchemy\n"}
	edit := func(at int, text string) []edits.Edit { return []edits.Edit{{Start: at, End: at + 1, New: text}} }
	for _, bad := range []int{0, 1, 2, 3, 4} { // the place of the bad fix among the good ones
		dir := t.TempDir()
		for name, text := range files {
			if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		p, err := read(t.Context(), Options{Paths: []string{dir}})
		if err != nil {
			t.Fatal(err)
		}
		if err := p.analyze(t.Context()); err != nil {
			t.Fatal(err)
		}
		a, b := p.graph.Modules[0], p.graph.Modules[1]
		var actions []*action
		for line := range 4 {
			actions = append(actions, &action{module: a, findings: []Finding{{Rule: "good", Fixable: true}}, edits: edit(line*6+4, "9")})
		}
		actions = append(actions, &action{module: b, findings: []Finding{{Rule: "good", Fixable: true}}, edits: edit(4, "9")})
		guilty := &action{
			module: a, findings: []Finding{{Rule: "bad", Fixable: true}}, edits: edit(0, "f(k=1, k=2); a"),
			also: []elsewhere{{module: b, edits: edit(10, "8")}},
		}
		actions = append(actions[:bad], append([]*action{guilty}, actions[bad:]...)...)
		changes, err := p.plan(actions)
		if err != nil {
			t.Fatal(err)
		}
		got := map[string]string{}
		for _, c := range changes {
			got[filepath.Base(c.Name)] = string(c.New)
		}
		if got["a.py"] != "a = 9\nb = 9\nc = 9\nd = 9\n" || got["b.py"] != "x = 9\ny = 2\n" {
			t.Errorf("the bad fix at %d: %q", bad, got)
		}
		for _, a := range actions {
			if a.findings[0].Fixable != (a != guilty) {
				t.Errorf("the bad fix at %d: %+v", bad, a.findings[0])
			}
		}
		if len(p.problems) != 1 || p.problems[0].Warning || !strings.Contains(p.problems[0].Reason, "the keyword k twice") {
			t.Errorf("the bad fix at %d: problems %+v", bad, p.problems)
		}
	}
}
