package loadflow

import (
	"strings"

	"github.com/lazyfix/lazyfix/rewrite/internal/pymodule"
	"github.com/lazyfix/lazyfix/rewrite/internal/pysyntax"
)

// defaultLoads are the services and repositories that load something by default: by a `load=` where they are made, or by
// what their class says. Advanced Alchemy merges that with the `load` of a call, and SQLAlchemy refuses a path with two
// loaders, so that their calls get none.
type defaultLoads map[*pymodule.Class]bool

func findDefaultLoads(g *pymodule.Graph) defaultLoads {
	out := defaultLoads{}
	for _, m := range g.Modules {
		t := m.Tree
		if !strings.Contains(string(t.Source()), "load") {
			continue
		}
		for _, c := range m.Classes {
			if c.Field("loader_options") != nil || c.Field("merge_loader_options") != nil {
				out.add(c)
				for outer := c.Outer; outer != nil; outer = outer.Outer { // class Repo in the service
					out.add(outer)
				}
			}
		}
		for i := range t.Len() {
			n := pysyntax.Node(i)
			if t.Kind(n) != pysyntax.KeywordArgument || t.Text(t.Child(n, pysyntax.FieldName)) != "load" {
				continue
			}
			call := t.Parent(t.Parent(n))
			if t.Kind(call) != pysyntax.Call {
				continue
			}
			around := m.FunctionAt(t.Enclosing(call, pysyntax.FunctionDefinition))
			resolve := func(e pysyntax.Node) {
				if name, ok := pymodule.DottedName(t, e); ok {
					for _, name := range []string{name, strings.TrimSuffix(name, ".new")} {
						if s := g.ResolveIn(m, nil, around, name); s.Kind == pymodule.ClassSymbol {
							out.add(s.Class)
						}
					}
				}
			}
			fn := t.Child(call, pysyntax.FieldFunction)
			resolve(fn)
			for a := range t.Children(t.Child(call, pysyntax.FieldArguments)) { // provide(UserService, load=[...])
				if t.Kind(a) == pysyntax.KeywordArgument {
					a = t.Child(a, pysyntax.FieldValue)
				}
				resolve(a)
			}
			if strings.HasPrefix(t.Text(fn), "super()") && around != nil && around.Class != nil {
				out.add(around.Class)
			}
		}
	}
	return out
}

func (d defaultLoads) add(c *pymodule.Class) { d[c] = true }

// has reports whether a service or repository, a base of it, or the repository that it says it works with is among them.
func (d defaultLoads) has(g *pymodule.Graph, c *pymodule.Class) bool {
	for _, b := range g.MRO(c) {
		if b.Class == nil {
			continue
		}
		if d[b.Class] {
			return true
		}
		if v := b.Class.Field("repository_type"); v != nil {
			if name, ok := pymodule.DottedName(v.Module.Tree, v.Value); ok {
				if s := g.ResolveIn(v.Module, b.Class, nil, name); s.Kind == pymodule.ClassSymbol && s.Class != c && d.has(g, s.Class) {
					return true
				}
			}
		}
	}
	return false
}
