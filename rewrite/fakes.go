package rewrite

import (
	"bytes"
	"regexp"
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
	return p.fakesOf.get(f, func() []*pymodule.Function {
		var out []*pymodule.Function
		for _, m := range p.graph.Modules {
			for _, c := range m.Classes {
				if fake := c.Methods[f.Name]; fake != nil && fake != f && !takesAnyKeyword(fake) && isFake(c) && p.canStandFor(fake, f) {
					out = append(out, fake)
				}
			}
		}
		return append(out, p.patchedFakes(f)...)
	})
}

// isFake reports whether a class is for tests: it stands in one, or is called so.
func isFake(c *pymodule.Class) bool { return c.Module.Test() || nameOfReal(c) != c.Name }

// fakeWords are what the name of a fake has beside that of what it stands for.
var fakeWords = regexp.MustCompile(`(?i)fake|stub|mock|dummy|(in_?)?memory|test`)

// nameOfReal is the name of a class without what says that it is a fake: OrderRepository of FakeOrderRepository.
func nameOfReal(c *pymodule.Class) string { return fakeWords.ReplaceAllString(c.Name, "") }

// canStandFor reports whether a method can be called in the place of another, and be given a parameter: its class is below the
// other's, or it is called after it, or after one below it, and has nothing but what that has.
func (p *program) canStandFor(fake, f *pymodule.Function) bool {
	if fake.Async != f.Async || len(fake.Decorators) > 0 || usesName(fake, p.optionsParameter(f)) || superCall(fake) != pysyntax.Nil ||
		p.editable(fake.Module, fake.Node) != "" {
		return false
	}
	for i, param := range fake.Params {
		switch {
		case i >= len(f.Params) && param.Default == pysyntax.Nil && param.Kind == pymodule.Plain:
			return false
		case i > 0 && i < len(f.Params) && param.Name != f.Params[i].Name && !fake.Class.Module.Test():
			return false
		}
	}
	return p.graph.IsSubclass(fake.Class, f.Class) || p.isNamedAfter(fake.Class, f.Class)
}

// isNamedAfter reports whether a class that has no base of a library is called after another, or one below it, and has nothing but
// what that has.
func (p *program) isNamedAfter(c, class *pymodule.Class) bool {
	name := strings.ToLower(nameOfReal(c))
	anyOf := name == "" && c.Module.Test() // class InMemory, which serves several
	if len(name) < 4 && !anyOf || slices.ContainsFunc(p.graph.MRO(c), func(b pymodule.Base) bool {
		return b.External != "" && !slices.Contains([]string{"Protocol", "ABC", "Generic", "object"}, pymodule.Last(b.External))
	}) {
		return false
	}
	return slices.ContainsFunc(p.graph.Family(class), func(real *pymodule.Class) bool {
		called := strings.ToLower(real.Name)
		if !anyOf && len(called) < 4 || !strings.Contains(called, name) && !strings.Contains(name, called) {
			return false
		}
		for method := range c.Methods {
			if !strings.HasPrefix(method, "_") && p.graph.ClassMember(real, method).Function == nil {
				return false
			}
		}
		return true
	})
}

// keywords is the index of a function's **kwargs, -1 without.
func keywords(f *pymodule.Function) int {
	return slices.IndexFunc(f.Params, func(p pymodule.Param) bool { return p.Kind == pymodule.StarStar })
}

// takesAnyKeyword reports whether a function takes whatever keyword it is given, and has no use for it but to hand it on to a
// function of its name: another would take options for a filter.
func takesAnyKeyword(f *pymodule.Function) bool {
	i := keywords(f)
	if i < 0 {
		return false
	}
	t := f.Module.Tree
	for n := range t.Within(f.Body) {
		if t.Kind(n) != pysyntax.Identifier || t.Text(n) != f.Params[i].Name {
			continue
		}
		splat := t.Parent(n)
		call := t.Parent(t.Parent(splat))
		if t.Kind(splat) != pysyntax.DictionarySplat || pymodule.Last(t.Text(t.Child(call, pysyntax.FieldFunction))) != f.Name {
			return false
		}
	}
	return true
}

// giveFakes gives each of some fakes the parameter.
func (p *program) giveFakes(fakes []*pymodule.Function, by parameter) ([]elsewhere, error) {
	var parts []elsewhere
	for _, fake := range fakes {
		taken, err := p.addToFake(fake, by)
		if err != nil {
			return nil, err
		}
		parts = append(parts, taken)
	}
	return parts, nil
}

// tellOfFakes says once of each fake that it takes options, and of what that does.
func (p *program) tellOfFakes(a *action, fakes []*pymodule.Function, real string, opened map[*pymodule.Function]bool) {
	for _, fake := range fakes {
		if opened[fake] {
			continue
		}
		opened[fake] = true
		a.findings = append(a.findings, Finding{
			Rule: "missing-eager-load", Place: p.place(fake.Module, fake.Node), Fixable: true,
			Message: fake.Qual + " takes loader options, as " + real + " does",
		})
	}
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
