package rewrite

import (
	"bytes"
	"slices"
	"strings"

	"github.com/lazyfix/lazyfix/edits"
	"github.com/lazyfix/lazyfix/rewrite/internal/pyedit"
	"github.com/lazyfix/lazyfix/rewrite/internal/pymodule"
	"github.com/lazyfix/lazyfix/rewrite/internal/pysyntax"
)

// Tests put fakes in the place of repositories, below a base class of theirs or with none: a call that passes options would fail
// with one that takes none. So the fakes of a function that is opened take them, too, and have no use for them.

// fakes are the methods that stand for one in tests, and take no loader options.
func (p *program) fakes(f *pymodule.Function) []*pymodule.Function {
	if f.Class == nil {
		return nil
	}
	if found, ok := p.fakesOf[f]; ok {
		return found
	}
	var out []*pymodule.Function
	for _, m := range p.graph.Modules {
		for _, c := range m.Classes {
			if fake := c.Methods[f.Name]; fake != nil && fake != f && isFake(c) && p.canStandFor(fake, f) && !takesAnyKeyword(fake) {
				out = append(out, fake)
			}
		}
	}
	if p.fakesOf == nil {
		p.fakesOf = map[*pymodule.Function][]*pymodule.Function{}
	}
	p.fakesOf[f] = out
	return out
}

// isFake reports whether a class is for tests: it stands in one, or is called so.
func isFake(c *pymodule.Class) bool {
	name := strings.ToLower(c.Name)
	return c.Module.Test() || slices.ContainsFunc([]string{"fake", "stub", "mock", "dummy", "inmemory"}, func(word string) bool { return strings.Contains(name, word) })
}

// canStandFor reports whether a method can be called in the place of another, and be given a parameter: its class is below the
// other's, or has nothing but what that has, or one below it.
func (p *program) canStandFor(fake, f *pymodule.Function) bool {
	c := fake.Class
	if len(fake.Params) != len(f.Params) || len(fake.Decorators) > 0 || optionsParameter(fake) != optionsParameter(f) ||
		superCall(fake) != pysyntax.Nil || p.editable(fake.Module, fake.Node) != "" {
		return false
	}
	if p.graph.IsSubclass(c, f.Class) {
		return true
	}
	return slices.ContainsFunc(append([]*pymodule.Class{f.Class}, p.graph.Subclasses(f.Class)...), func(real *pymodule.Class) bool {
		for name := range c.Methods {
			if !strings.HasPrefix(name, "_") && p.graph.ClassMember(real, name).Function == nil {
				return false
			}
		}
		return true
	})
}

// takesAnyKeyword reports whether a function takes whatever keyword it is given.
func takesAnyKeyword(f *pymodule.Function) bool {
	return slices.ContainsFunc(f.Params, func(p pymodule.Param) bool { return p.Kind == pymodule.StarStar })
}

// addToFake gives a fake the parameter: without a type where its module knows nothing of SQLAlchemy.
func (p *program) addToFake(fake *pymodule.Function, by parameter) (elsewhere, error) {
	if p.withFakes == nil {
		p.withFakes = map[*pymodule.Module]bool{}
	}
	p.withFakes[fake.Module] = true
	if bytes.Contains(fake.Module.Tree.Source(), []byte("sqlalchemy")) {
		return p.addParameter(fake, by)
	}
	e, err := pyedit.AddKeywordParameter(fake.Module.Tree, fake.Node, by.name+"="+by.none, p.styles.of(fake.Module))
	return elsewhere{module: fake.Module, edits: e}, err
}

// fakesFirst orders changes for the write. Where it is cut, the next run opens the function, and calls get its options; but nothing
// in a function that is open tells that its fakes are not.
func (p *program) fakesFirst(changes []edits.Change) {
	rank := func(c edits.Change) int {
		if p.withFakes[p.graph.ModuleAt(c.Name)] {
			return 0
		}
		return 1
	}
	slices.SortStableFunc(changes, func(a, b edits.Change) int { return rank(a) - rank(b) })
}
