package pymodule

import (
	"strings"
	"testing"

	"golang.org/x/tools/txtar"

	"github.com/lazyfix/lazyfix/rewrite/internal/pysyntax"
)

// link makes the graph of an archive of Python files.
func link(t testing.TB, archive string) *Graph {
	t.Helper()
	parser := pysyntax.NewParser()
	defer parser.Close()
	var modules []*Module
	for _, f := range txtar.Parse([]byte(archive)).Files {
		tree, err := parser.Parse(f.Data)
		if err != nil {
			t.Fatalf("%s: %v", f.Name, err)
		}
		if tree.HasError(tree.Root()) {
			t.Fatalf("%s does not parse", f.Name)
		}
		modules = append(modules, Extract(f.Name, tree))
	}
	return Link(modules)
}

// show prints a symbol: "class path:Qual", "var path:Name", "external dotted", ...
func (s Symbol) show() string {
	switch s.Kind {
	case ModuleSymbol:
		if s.Module == nil {
			return "folder " + s.Key
		}
		return "module " + s.Module.Path
	case ClassSymbol:
		return "class " + s.Class.Module.Path + ":" + s.Class.Qual
	case FunctionSymbol:
		return "function " + s.Function.Module.Path + ":" + s.Function.Qual
	case VariableSymbol:
		return "var " + s.Variable.Module.Path + ":" + s.Variable.Name
	case ExternalSymbol:
		return "external " + s.External
	}
	return "unknown"
}

func module(t testing.TB, g *Graph, path string) *Module {
	t.Helper()
	m := g.ModuleAt(path)
	if m == nil {
		t.Fatalf("no module %s", path)
	}
	return m
}

// class finds "path:Qual".
func class(t testing.TB, g *Graph, at string) *Class {
	t.Helper()
	path, qual, _ := strings.Cut(at, ":")
	for _, c := range module(t, g, path).Classes {
		if c.Qual == qual {
			return c
		}
	}
	t.Fatalf("no class %s", at)
	return nil
}
