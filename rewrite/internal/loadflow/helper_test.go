package loadflow

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/lazyfix/lazyfix/rewrite/internal/mapper"
	"github.com/lazyfix/lazyfix/rewrite/internal/pymodule"
	"github.com/lazyfix/lazyfix/rewrite/internal/pysyntax"
)

// program is a parsed and linked program of a test.
type program struct {
	graph *pymodule.Graph
	index *mapper.Index
}

// parse links the files of a program, by path.
func parse(t *testing.T, files map[string]string) program {
	t.Helper()
	parser := pysyntax.NewParser()
	defer parser.Close()
	var modules []*pymodule.Module
	for _, name := range slices.Sorted(maps.Keys(files)) {
		tree, err := parser.Parse([]byte(files[name]))
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if tree.HasError(tree.Root()) {
			t.Fatalf("%s does not parse, line %d", name, tree.Line(tree.FirstError()))
		}
		modules = append(modules, pymodule.Extract(name, tree))
	}
	g := pymodule.Link(modules)
	return program{graph: g, index: mapper.Build(g)}
}

// class is the class of that name.
func (p program) class(t *testing.T, name string) *pymodule.Class {
	t.Helper()
	for _, m := range p.graph.Modules {
		for _, c := range m.Classes {
			if c.Name == name {
				return c
			}
		}
	}
	t.Fatalf("no class %s", name)
	return nil
}

// relationship is "Class.name", as the class has it: its own or an inherited one.
func (p program) relationship(t *testing.T, name string) (*pymodule.Class, *mapper.Relationship) {
	t.Helper()
	owner, attribute, _ := strings.Cut(name, ".")
	c := p.class(t, owner)
	r := p.index.Relationship(c, attribute)
	if r == nil {
		t.Fatalf("no relationship %s", name)
	}
	return c, r
}

// walk takes the steps "Class.name" one after the other; false when one of them leads nowhere.
func (p program) walk(t *testing.T, tab *table, start *path, steps ...string) (*path, bool) {
	t.Helper()
	at := start
	for _, s := range steps {
		c, r := p.relationship(t, s)
		next, ok := tab.step(at, c, r)
		if !ok {
			return nil, false
		}
		at = next
	}
	return at, true
}

// spell is a path for people: "books.chapters", "*" behind a step that repeats.
func spell(p *path) string {
	var out []string
	for _, s := range p.steps() {
		name := s.rel.Name
		if s.again {
			name += "*"
		}
		out = append(out, name)
	}
	return strings.Join(out, ".")
}

// show prints a flow, one fact a line: the sites with what they need, each need with its way; then what is undecided.
func show(f *Flow) string {
	var b strings.Builder
	way := func(why []Hop) {
		for _, h := range why {
			fmt.Fprintf(&b, "    %s:%d %s\n", h.Module.Path, h.Module.Tree.Line(h.Node), h.Text)
		}
	}
	for _, d := range f.Demands {
		if len(d.Needs) > 0 {
			fmt.Fprintf(&b, "%s:%d\n", d.Site.Module.Path, d.Site.Module.Tree.Line(d.Site.Node))
		}
		for _, n := range d.Needs {
			b.WriteString("  ")
			for i, s := range n.Steps {
				if i > 0 {
					b.WriteString(" > ")
				}
				fmt.Fprintf(&b, "%s.%s", s.Class.Name, s.Rel.Name)
				if s.Again {
					b.WriteString("*")
				}
				if s.ByModel {
					fmt.Fprintf(&b, "(%s by the model)", s.Loader)
				} else if s.Loader != "" {
					fmt.Fprintf(&b, "(%s)", s.Loader)
				}
			}
			fmt.Fprintf(&b, ", %d loaded\n", n.Loaded)
			way(n.Why)
		}
	}
	for _, u := range f.Undecided {
		fmt.Fprintf(&b, "undecided: %s\n", u.Reason)
		way(u.Why)
	}
	return b.String()
}
