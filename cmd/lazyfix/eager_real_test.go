package main_test

import (
	"encoding/json"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// eagerCase is one app.py of fixtures/rules/eager-model, in three forms.
type eagerCase struct {
	name                 string
	before, after, naive string
}

var eagerValue = regexp.MustCompile(`lazy="(joined|selectin|subquery|immediate)"`)

// TestEagerMoveOnSQLAlchemy runs the cases of eager-model before and after: they must give the same. Where only the model
// is changed they must not, or the case shows nothing; that is also why those that stay do.
func TestEagerMoveOnSQLAlchemy(t *testing.T) {
	var cases []eagerCase
	var sources []map[string]string
	for _, path := range ruleArchives(t, "eager-model") {
		files, sections := readArchive(t, path)
		for _, f := range files {
			name, isPython := strings.CutSuffix(f.Name, ".py")
			if !isPython || strings.HasPrefix(name, "shared/") || strings.HasSuffix(name, ".want") || !strings.Contains(string(f.Data), "async def fill(") {
				continue
			}
			c := eagerCase{name: filepath.Base(path) + " " + name, before: string(f.Data), after: string(f.Data)}
			if want, changes := sections[name+".want.py"]; changes {
				c.after = want
			}
			c.naive = eagerValue.ReplaceAllString(c.before, `lazy="raise_on_sql"`)
			cases = append(cases, c)
			for _, app := range []string{c.before, c.after, c.naive} {
				sources = append(sources, map[string]string{"base": sections["shared/base.py"], "app": app})
			}
		}
	}
	in, err := json.Marshal(sources)
	if err != nil {
		t.Fatal(err)
	}
	for _, python := range environments(t) {
		t.Run("SQLAlchemy "+python.sqlalchemy, func(t *testing.T) {
			t.Parallel()
			got := runPython(t, python, "eager.py", in)
			for i, c := range cases {
				before, after, naive := got[3*i], got[3*i+1], got[3*i+2]
				if strings.Contains(before, "Error: ") || before != after {
					t.Errorf("%s: before %s, after %s\n%s", c.name, before, after, c.after)
				}
				if c.naive != c.before && naive == before {
					t.Errorf("%s: gives %s even where only the model changes", c.name, naive)
				}
			}
		})
	}
}
