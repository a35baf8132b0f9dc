package rewrite

import (
	"slices"
	"strings"

	"github.com/lazyfix/lazyfix/rewrite/internal/pymodule"
	"github.com/lazyfix/lazyfix/rewrite/internal/pysyntax"
)

// A test may put a function in the place of a method, where nothing but the call says so:
//
//	monkeypatch.setattr(OrderRepo, "get", fake_get)
//	with patch.object(OrderRepo, "get", new=fake_get): ...
//	monkeypatch.setattr("app.repos.OrderRepo.get", fake_get)
//	OrderRepo.get = fake_get
//
// What is called with a mock takes anything. Methods of one object, setattr(repo, "get", fake_get), are not known.

// patched is a function that a test puts in the place of a method of a class: it names the class, or resolves to it.
type patched struct {
	name, method string
	class        *pymodule.Class // nil where a string names it
	fake         *pymodule.Function
}

// patchedFakes are the functions that tests put in the place of a method, of its class or of one below.
func (p *program) patchedFakes(f *pymodule.Function) []*pymodule.Function {
	var out []*pymodule.Function
	for _, by := range p.patched() {
		if by.method != f.Name || by.fake.Async != f.Async || by.fake.ParamIndex(optionsParameter(f)) >= 0 || keywords(by.fake) >= 0 ||
			len(by.fake.Decorators) > 0 || optionsParameter(by.fake) != optionsParameter(f) || p.editable(by.fake.Module, by.fake.Node) != "" {
			continue
		}
		if p.patches(by, f.Class) && !slices.Contains(out, by.fake) {
			out = append(out, by.fake)
		}
	}
	return out
}

// patches reports whether a method of a class is replaced for it, or for one below.
func (p *program) patches(by patched, c *pymodule.Class) bool {
	if by.class != nil {
		return p.graph.IsSubclass(by.class, c) || p.graph.IsSubclass(c, by.class)
	}
	return slices.ContainsFunc(append([]*pymodule.Class{c}, p.graph.Subclasses(c)...), func(c *pymodule.Class) bool { return c.Name == by.name })
}

func findPatches(g *pymodule.Graph) []patched {
	var out []patched
	for _, m := range g.Modules {
		t := m.Tree
		if !m.Test() {
			continue
		}
		for n := range t.Within(t.Root()) {
			switch t.Kind(n) {
			case pysyntax.Call:
				switch pymodule.Last(t.Text(t.Child(n, pysyntax.FieldFunction))) {
				case "setattr", "object", "patch":
					if by, ok := patchOf(g, m, n); ok {
						out = append(out, by)
					}
				}
			case pysyntax.Assignment:
				if by, ok := assignedOf(g, m, n); ok {
					out = append(out, by)
				}
			}
		}
	}
	return out
}

// assignedOf is what an assignment puts in the place of a method.
func assignedOf(g *pymodule.Graph, m *pymodule.Module, n pysyntax.Node) (patched, bool) {
	t := m.Tree
	left, right := t.Child(n, pysyntax.FieldLeft), t.Child(n, pysyntax.FieldRight)
	if t.Kind(left) != pysyntax.Attribute || t.Kind(right) != pysyntax.Identifier {
		return patched{}, false
	}
	around := m.FunctionAt(t.Enclosing(n, pysyntax.FunctionDefinition))
	class := g.ResolveIn(m, nil, around, t.Text(t.Child(left, pysyntax.FieldObject))).Class
	fake := g.ResolveIn(m, nil, around, t.Text(right)).Function
	return patched{class: class, method: t.Text(t.Child(left, pysyntax.FieldAttribute)), fake: fake}, class != nil && fake != nil
}

// patchOf is what a call puts in the place of a method.
func patchOf(g *pymodule.Graph, m *pymodule.Module, call pysyntax.Node) (patched, bool) {
	t := m.Tree
	args := t.Child(call, pysyntax.FieldArguments)
	around := m.FunctionAt(t.Enclosing(call, pysyntax.FunctionDefinition))
	target, method, at := t.Text(t.Nth(args, 0)), pymodule.StringValue(t, t.Nth(args, 1)), 2
	if whole := pymodule.StringValue(t, t.Nth(args, 0)); whole != "" {
		i := strings.LastIndexByte(whole, '.')
		if i < 0 {
			return patched{}, false
		}
		target, method, at = whole[:i], whole[i+1:], 1
	}
	by := t.Nth(args, at)
	if t.Kind(by) == pysyntax.KeywordArgument {
		by = t.ArgumentValue(by)
	}
	if t.Kind(by) != pysyntax.Identifier || method == "" {
		return patched{}, false
	}
	out := patched{name: pymodule.Last(target), method: method, fake: g.ResolveIn(m, nil, around, t.Text(by)).Function}
	if at == 2 {
		out.class = g.ResolveIn(m, nil, around, target).Class
	}
	return out, out.fake != nil && (at == 1 || out.class != nil)
}
