package loadflow_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/lazyfix/lazyfix/rewrite/internal/loadflow"
	"github.com/lazyfix/lazyfix/rewrite/internal/mapper"
	"github.com/lazyfix/lazyfix/rewrite/internal/pymodule"
	"github.com/lazyfix/lazyfix/rewrite/internal/pysyntax"
)

func TestDebug(t *testing.T) {
	dir := os.Getenv("FLOW")
	if dir == "" {
		return
	}
	var mods []*pymodule.Module
	p := pysyntax.NewParser()
	filepath.Walk(dir, func(path string, info os.FileInfo, err error) error {
		if strings.HasSuffix(path, ".py") && info.Mode().IsRegular() {
			src, _ := os.ReadFile(path)
			tree, err := p.Parse(src)
			if err != nil {
				return nil
			}
			rel, _ := filepath.Rel(dir, path)
			mods = append(mods, pymodule.Extract(rel, tree))
		}
		return nil
	})
	g := pymodule.Link(mods)
	ix := mapper.Build(g)
	f, err := loadflow.Analyze(context.Background(), g, ix, loadflow.Settings{Jobs: 2})
	if err != nil {
		t.Fatal(err)
	}
	fmt.Println("relationships", len(ix.Relationships), "factories", len(ix.Factories), "units", f.Units, "settled", f.Settled, "sites", f.Sites)
	for _, d := range f.Demands {
		fmt.Printf("%s:%d kind %d generic %v param %q\n", d.Site.Module.Path, d.Site.Module.Tree.Line(d.Site.Node), d.Site.Kind, d.Site.Generic, d.Site.Param)
		for _, n := range d.Needs {
			for _, s := range n.Steps {
				fmt.Printf(" %s.%s(%s)", s.Class.Name, s.Rel.Name, s.Loader)
			}
			fmt.Println()
			for _, h := range n.Why {
				fmt.Printf("      %s:%d %s\n", h.Module.Path, h.Module.Tree.Line(h.Node), h.Text)
			}
		}
	}
	for _, u := range f.Undecided {
		fmt.Printf("undecided %s:%d %s: %s\n", u.Why[0].Module.Path, u.Why[0].Module.Tree.Line(u.Why[0].Node), u.Why[0].Text, u.Reason)
	}
}
