package rewrite

import (
	"slices"
	"strings"

	"github.com/lazyfix/lazyfix/rewrite/internal/pymodule"
	"github.com/lazyfix/lazyfix/rewrite/internal/pysyntax"
)

// A test may put a function in the place of a method, where nothing but the call or the assignment says so: of a class,
//
//	monkeypatch.setattr(OrderRepo, "get", fake_get)
//	with patch.object(OrderRepo, "get", new=fake_get): ...
//	monkeypatch.setattr("app.repos.OrderRepo.get", fake_get)
//	OrderRepo.get = fake_get
//
// or of an object that stands for one:
//
//	repo.get = fake_get
//	repo.get.side_effect = lambda key: orders[key]
//	SimpleNamespace(get=AsyncMock(side_effect=fake_get))
//
// What is called with a mock takes anything, but not what the mock calls.

// patched is a function that a test puts in the place of a method.
type patched struct {
	name   string          // of the class, where a string names it
	class  *pymodule.Class // nil where it is not known
	object string          // what is given it, where it is no class: as it is written, without what stands before its last dot
	method string
	fake   *pymodule.Function
}

// patchedFakes are the functions that tests put in the place of a method, of its class or of one below.
func (p *program) patchedFakes(f *pymodule.Function) []*pymodule.Function {
	var out []*pymodule.Function
	for _, by := range p.patched() {
		if by.method == f.Name && p.canTake(by.fake, p.optionsParameter(f)) && (f.Async || !by.fake.Async) && p.patches(by, f) && !slices.Contains(out, by.fake) {
			out = append(out, by.fake)
		}
	}
	return out
}

// patchedSessions are the functions that tests put in the place of a session's method.
func (p *program) patchedSessions(method string) []*pymodule.Function {
	var out []*pymodule.Function
	for _, by := range p.patched() {
		if by.class == nil && isSessionName(by.object) && by.method == method && p.canTake(by.fake, "options") && positional(by.fake) >= 2 && !slices.Contains(out, by.fake) {
			out = append(out, by.fake)
		}
	}
	return out
}

// canTake reports whether a fake can be given a parameter of a name, and needs it.
func (p *program) canTake(fake *pymodule.Function, name string) bool {
	return fake.ParamIndex(name) < 0 && keywords(fake) < 0 && len(fake.Decorators) == 0 && !usesName(fake, name) && p.editable(fake.Module, fake.Node) == ""
}

// patches reports whether a method is replaced for its class, or for one below: where only an object is known, it is called as the
// class is, or what it is given takes what the method does.
func (p *program) patches(by patched, f *pymodule.Function) bool {
	c := f.Class
	switch {
	case c == nil:
		return false
	case by.class != nil:
		return p.graph.IsSubclass(by.class, c) || p.graph.IsSubclass(c, by.class)
	case by.name != "":
		return slices.ContainsFunc(p.graph.Family(c), func(c *pymodule.Class) bool { return c.Name == by.name })
	case positional(by.fake) != positional(f):
		return false
	}
	own := withoutSelf(by.fake)
	for i, param := range withoutSelf(f) {
		if i >= len(own) || own[i].Name != param.Name {
			return p.calledAfter(by.object, c)
		}
	}
	return true
}

// calledAfter reports whether a word of an object's name is one of its class's, or of one below it: store of OrderStore.
func (p *program) calledAfter(object string, c *pymodule.Class) bool {
	return slices.ContainsFunc(strings.Split(strings.ToLower(object), "_"), func(word string) bool {
		return len(word) >= 4 && slices.ContainsFunc(p.graph.Family(c), func(c *pymodule.Class) bool {
			return strings.Contains(strings.ToLower(c.Name), strings.TrimSuffix(word, "s"))
		})
	})
}

func withoutSelf(f *pymodule.Function) []pymodule.Param {
	if len(f.Params) > 0 && (f.Params[0].Name == "self" || f.Params[0].Name == "cls") {
		return f.Params[1:]
	}
	return f.Params
}

// positional is how many arguments a function takes by position, without self.
func positional(f *pymodule.Function) int {
	n := 0
	for _, param := range withoutSelf(f) {
		if param.Kind == pymodule.Plain {
			n++
		}
	}
	return n
}

func findPatches(g *pymodule.Graph) []patched {
	var out []patched
	for _, m := range g.Modules {
		t := m.Tree
		if !m.Test() {
			continue
		}
		for n := range t.Within(t.Root()) {
			if !t.Is(n, pysyntax.Call, pysyntax.Assignment) {
				continue
			}
			r := replacement{g, m, t, m.FunctionAround(n)}
			if t.Kind(n) == pysyntax.Call {
				out = append(out, r.byCall(n)...)
			} else {
				out = append(out, r.byAssignment(n)...)
			}
		}
	}
	return out
}

// replacement reads what a place in a test puts in the place of methods.
type replacement struct {
	graph  *pymodule.Graph
	module *pymodule.Module
	tree   *pysyntax.Tree
	around *pymodule.Function
}

func (r replacement) byCall(call pysyntax.Node) []patched {
	t := r.tree
	switch name := pymodule.Last(t.Text(t.Child(call, pysyntax.FieldFunction))); {
	case name == "setattr", name == "object", name == "patch":
		return r.byPatch(call)
	case name == "SimpleNamespace", isMock(name):
		var out []patched
		for c := range t.Children(t.Child(call, pysyntax.FieldArguments)) {
			if fake := r.fake(t.ArgumentValue(c)); t.Kind(c) == pysyntax.KeywordArgument && fake != nil {
				out = append(out, patched{method: t.Text(t.Child(c, pysyntax.FieldName)), class: r.spec(call), object: r.holder(call), fake: fake})
			}
		}
		return out
	}
	return nil
}

// byPatch is what setattr(), patch() and patch.object() put somewhere.
func (r replacement) byPatch(call pysyntax.Node) []patched {
	t := r.tree
	args := t.Child(call, pysyntax.FieldArguments)
	at, method, by := t.Nth(args, 0), pymodule.StringValue(t, t.Nth(args, 1)), t.Nth(args, 2)
	out := patched{method: method}
	if whole := pymodule.StringValue(t, at); whole != "" {
		i := strings.LastIndexByte(whole, '.')
		if i < 0 {
			return nil
		}
		out.name, out.method, by = pymodule.Last(whole[:i]), whole[i+1:], t.Nth(args, 1)
	} else {
		out.class, out.object = r.owner(at)
	}
	for _, keyword := range []string{"new", "side_effect"} {
		if given := t.Keyword(call, keyword); given != pysyntax.Nil {
			by = given
		}
	}
	out.fake = r.fake(t.ArgumentValue(by))
	if out.fake == nil || out.method == "" {
		return nil
	}
	return []patched{out}
}

// byAssignment is what an assignment puts in the place of a method, or has the mock do that stands there.
func (r replacement) byAssignment(n pysyntax.Node) []patched {
	t := r.tree
	left, fake := t.Child(n, pysyntax.FieldLeft), r.fake(t.Child(n, pysyntax.FieldRight))
	if t.Kind(left) != pysyntax.Attribute || fake == nil {
		return nil
	}
	if t.Text(t.Child(left, pysyntax.FieldAttribute)) == "side_effect" {
		left = t.Child(left, pysyntax.FieldObject)
	}
	out := patched{method: t.Text(t.Child(left, pysyntax.FieldAttribute)), fake: fake}
	out.class, out.object = r.owner(t.Child(left, pysyntax.FieldObject))
	return []patched{out}
}

// fake is the function that an expression is, or that a mock calls.
func (r replacement) fake(n pysyntax.Node) *pymodule.Function {
	t := r.tree
	switch t.Kind(n) {
	case pysyntax.Lambda:
		return r.module.FunctionAt(n)
	case pysyntax.Identifier:
		return r.graph.ResolveIn(r.module, nil, r.around, t.Text(n)).Function
	case pysyntax.Call:
		if by := t.Keyword(n, "side_effect"); by != pysyntax.Nil && isMock(pymodule.Last(t.Text(t.Child(n, pysyntax.FieldFunction)))) {
			return r.fake(by)
		}
	}
	return nil
}

// owner is the class that something is, or the class of an object and how it is called.
func (r replacement) owner(n pysyntax.Node) (*pymodule.Class, string) {
	t := r.tree
	if c := r.graph.ResolveIn(r.module, nil, r.around, t.Text(n)).Class; c != nil {
		return c, ""
	}
	object := pymodule.Last(t.Text(n))
	if r.around == nil || t.Kind(n) != pysyntax.Identifier {
		return nil, object
	}
	if i := r.around.ParamIndex(object); i >= 0 {
		return r.graph.ResolveIn(r.module, nil, r.around, t.Text(r.around.Params[i].Annotation)).Class, object
	}
	for a := range t.Within(r.around.Body) {
		if made := t.Child(a, pysyntax.FieldRight); t.Kind(a) == pysyntax.Assignment && t.Text(t.Child(a, pysyntax.FieldLeft)) == object && t.Kind(made) == pysyntax.Call {
			if c := r.graph.ResolveIn(r.module, nil, r.around, t.Text(t.Child(made, pysyntax.FieldFunction))).Class; c != nil {
				return c, object
			}
			return r.spec(made), object
		}
	}
	return nil, object
}

// spec is the class that a mock is made of: create_autospec(OrderRepo), AsyncMock(spec=OrderRepo).
func (r replacement) spec(call pysyntax.Node) *pymodule.Class {
	t := r.tree
	by := t.Nth(t.Child(call, pysyntax.FieldArguments), 0)
	for _, keyword := range []string{"spec", "spec_set"} {
		if given := t.Keyword(call, keyword); given != pysyntax.Nil {
			by = given
		}
	}
	if !t.Is(by, pysyntax.Identifier, pysyntax.Attribute) {
		return nil
	}
	return r.graph.ResolveIn(r.module, nil, r.around, t.Text(by)).Class
}

// holder is how the object that a call makes is called: what it is assigned to.
func (r replacement) holder(call pysyntax.Node) string {
	t := r.tree
	if around := t.Parent(call); t.Kind(around) == pysyntax.Assignment {
		return pymodule.Last(t.Text(t.Child(around, pysyntax.FieldLeft)))
	}
	return ""
}

func isMock(name string) bool {
	return name == "create_autospec" || strings.HasSuffix(name, "Mock")
}
