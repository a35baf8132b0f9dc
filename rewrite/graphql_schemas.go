package rewrite

import (
	"fmt"
	"path"
	"strings"

	"github.com/lazyfix/lazyfix/rewrite/internal/pymodule"
	"github.com/lazyfix/lazyfix/rewrite/internal/pysyntax"
	"github.com/lazyfix/lazyfix/rewrite/internal/sdl"
	"github.com/lazyfix/lazyfix/rewrite/internal/source"
)

// GraphQL schemas that are written as text are Ariadne's way. They stand in files of their own, or in strings of modules. What
// tests say of them is not of the program.

// isSchema reports whether a file that is no Python may have a GraphQL schema.
func isSchema(name string) bool {
	switch path.Ext(name) {
	case ".graphql", ".graphqls", ".gql":
		return true
	}
	return false
}

// parseSchemas makes one module of all schemas, in the order of their places; none where the program does not ask for any.
func (p *program) parseSchemas(modules []*pymodule.Module) []*pymodule.Module {
	asked := false
	for _, m := range modules {
		asked = asked || readsSchemas(m)
	}
	if !asked {
		return nil
	}
	var all sdl.Schema
	add := func(file, text string, line int) {
		if !sdl.Likely(text) {
			return
		}
		if in, err := all.Add(text); err != nil {
			p.problems = append(p.problems, Problem{
				Path: file, Line: line + max(in-1, 0), Reason: fmt.Sprintf("this GraphQL schema was not read: %v", err), Warning: true,
			})
		}
	}
	for _, f := range p.templates {
		if isSchema(f.Name) {
			add(f.Name, string(f.Text), 1)
		}
	}
	for _, m := range modules {
		if m.Test() || !sdl.Likely(string(m.Tree.Source())) {
			continue
		}
		for n := range m.Tree.Within(m.Tree.Root()) {
			if m.Tree.Kind(n) == pysyntax.String {
				add(m.Path, pymodule.StringValue(m.Tree, n), m.Tree.Line(n))
			}
		}
	}
	text := all.Python()
	if text == "" {
		return nil
	}
	parser := pysyntax.NewParser()
	defer parser.Close()
	tree, err := parser.Parse([]byte(text))
	if err != nil {
		p.problems = append(p.problems, Problem{Path: ".", Reason: "the GraphQL schemas were not read: " + err.Error(), Warning: true})
		return nil
	}
	m := pymodule.ExtractTemplate(sdl.Module, tree)
	p.byModule[m] = &source.File{Name: sdl.Module, WhyNot: "it is made of GraphQL schemas"}
	return []*pymodule.Module{m}
}

// readsSchemas reports whether a module may use a library that is given schemas as text.
func readsSchemas(m *pymodule.Module) bool {
	return strings.Contains(string(m.Tree.Source()), "ariadne")
}
