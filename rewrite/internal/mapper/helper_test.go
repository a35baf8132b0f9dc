package mapper

import (
	"fmt"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"

	"github.com/lazyfix/lazyfix/rewrite/internal/pymodule"
	"github.com/lazyfix/lazyfix/rewrite/internal/pysyntax"
)

// index builds the index of the Python files of an archive.
func index(t testing.TB, files []txtar.File) (*pymodule.Graph, *Index) {
	t.Helper()
	parser := pysyntax.NewParser()
	defer parser.Close()
	var modules []*pymodule.Module
	for _, f := range files {
		if !strings.HasSuffix(f.Name, ".py") {
			continue
		}
		tree, err := parser.Parse(f.Data)
		if err != nil {
			t.Fatalf("%s: %v", f.Name, err)
		}
		if tree.HasError(tree.Root()) {
			t.Fatalf("%s does not parse, line %d", f.Name, tree.Line(tree.FirstError()))
		}
		modules = append(modules, pymodule.Extract(f.Name, tree))
	}
	g := pymodule.Link(modules)
	return g, Build(g)
}

// show prints everything of an index, one fact a line.
func show(g *pymodule.Graph, ix *Index) string {
	var b strings.Builder
	for _, m := range g.Modules {
		for _, c := range m.Classes {
			if known := ix.Class(c); known != nil && known.Mapped {
				fmt.Fprintf(&b, "mapped %s:%s\n", m.Path, c.Qual)
			}
		}
	}
	for _, r := range ix.Relationships {
		fmt.Fprintln(&b, showRelationship(r))
	}
	for _, f := range ix.Factories {
		t := f.Module.Tree
		fmt.Fprintf(&b, "factory %s:%d %s expire=%s", f.Module.Path, t.Line(f.Call), f.Kind, dash(t.Text(f.Expire)))
		if f.Options != pysyntax.Nil {
			fmt.Fprintf(&b, " options in line %d", t.Line(f.Options))
		}
		if f.Locked != "" {
			fmt.Fprintf(&b, " locked: %s", f.Locked)
		}
		fmt.Fprintln(&b)
	}
	return b.String()
}

func showRelationship(r *Relationship) string {
	target := "?"
	if r.Target != nil {
		target = r.Target.Module.Path + ":" + r.Target.Qual
	}
	many := "one"
	if r.Many {
		many = "many"
	}
	form := [...]string{"", " sqlmodel", " backref"}[r.Form]
	out := fmt.Sprintf("%s:%d %s.%s -> %s %s %s%s", r.Module.Path, r.Module.Tree.Line(r.Call), r.Owner.Qual, r.Name, many, target, r.Lazy, form)
	if r.LazyNode != pysyntax.Nil {
		out += " lazy=" + r.Module.Tree.Text(r.LazyNode)
	}
	if r.Locked != "" {
		out += " locked: " + r.Locked
	}
	return out
}

func dash(s string) string {
	if s == "" {
		return "-"
	}
	return s
}
