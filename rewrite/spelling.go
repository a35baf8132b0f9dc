package rewrite

import (
	"bytes"
	"maps"
	"slices"
	"strings"

	"github.com/lazyfix/lazyfix/rewrite/internal/loadflow"
	"github.com/lazyfix/lazyfix/rewrite/internal/pyedit"
	"github.com/lazyfix/lazyfix/rewrite/internal/pymodule"
	"github.com/lazyfix/lazyfix/rewrite/internal/pysyntax"
)

// spelling is the text of a name in a file, and what has to be imported for it.
type spelling struct {
	text  string
	top   []pyedit.Import // at module level
	local []pyedit.Import // in the function: a module-level import would make a cycle
}

// spellClass says how a function of m speaks of class c. Hint is a dotted expression that speaks of another class
// already: `m.Car` makes it `m.Maker`.
func (p *program) spellClass(m *pymodule.Module, f *pymodule.Function, at pysyntax.Node, c *pymodule.Class, hint string) (spelling, string) {
	if i := strings.LastIndexByte(hint, '.'); i > 0 {
		name := hint[:i+1] + c.Name
		if s := p.graph.Resolve(m, name); s.Kind == pymodule.ClassSymbol && s.Class == c && !hidden(f, name) && p.graph.AtRunTime(m, name) {
			return spelling{text: name}, ""
		}
	}
	for _, name := range p.graph.Spellings(m, c) {
		if !hidden(f, name) {
			return spelling{text: name}, ""
		}
	}
	if name := p.localName(m, f, at, c); name != "" {
		return spelling{text: name}, ""
	}
	if c.Outer != nil || c.Function != nil {
		return spelling{}, "class " + c.Qual + " cannot be imported here: it is not at the top level of its module"
	}
	if c.Module == m { // a name of this module that something hides
		return spelling{}, "the name " + c.Name + " means something else here"
	}
	// A schema of the same name is the usual reason for an alias.
	name, alias := c.Name, ""
	for _, try := range []string{c.Name, c.Name + "Model", "ORM" + c.Name, ""} {
		if name = try; try == "" {
			return spelling{}, "the name " + c.Name + " means something else here"
		}
		if !hidden(f, name) && !p.bound(m, name, c) {
			break
		}
	}
	if name != c.Name {
		alias = name
	}
	from := p.graph.ImportedFrom(m, c)
	if from == "" {
		var ok bool
		if from, ok = p.graph.ImportPath(m, c.Module); !ok {
			return spelling{}, "lazyfix does not know how to import " + c.Qual + " from " + c.Module.Path
		}
	}
	need := []pyedit.Import{{Module: from, Name: c.Name, Alias: alias}}
	if p.graph.Imports(c.Module, m) {
		return spelling{text: name, local: need}, ""
	}
	return spelling{text: name, top: need}, ""
}

// bound reports whether module m binds the name to anything but class c.
func (p *program) bound(m *pymodule.Module, name string, c *pymodule.Class) bool {
	s := p.graph.Resolve(m, name)
	return s.Kind != pymodule.Unknown && (s.Kind != pymodule.ClassSymbol || s.Class != c)
}

// hidden reports whether the function binds the first part of a name to something of its own.
func hidden(f *pymodule.Function, name string) bool {
	first, _, _ := strings.Cut(name, ".")
	return f.Binds(first)
}

// localName finds a class that the function itself imports before a place.
func (p *program) localName(m *pymodule.Module, f *pymodule.Function, at pysyntax.Node, c *pymodule.Class) string {
	return p.localImported(m, f, at, func(s pymodule.Symbol) bool { return s.Kind == pymodule.ClassSymbol && s.Class == c })
}

// localImported is the name under which the function itself imports, before a place and on every way to it, what is wanted; ""
// when it does not.
func (p *program) localImported(m *pymodule.Module, f *pymodule.Function, at pysyntax.Node, wanted func(pymodule.Symbol) bool) string {
	if f == nil {
		return ""
	}
	t := m.Tree
	for up := at; up != f.Body && up != pysyntax.Nil; up = t.Parent(up) {
		for n := range t.Children(t.Parent(up)) {
			if n >= up {
				break
			}
			if name := p.importedBy(m, n, wanted); name != "" {
				return name
			}
		}
	}
	return ""
}

// importedBy is the name under which an import imports what is wanted; "" when it does not.
func (p *program) importedBy(m *pymodule.Module, n pysyntax.Node, wanted func(pymodule.Symbol) bool) string {
	if m.Tree.Kind(n) != pysyntax.ImportFromStatement {
		return ""
	}
	imported := p.graph.ImportsOf(m, n)
	for _, name := range slices.Sorted(maps.Keys(imported)) {
		if wanted(imported[name]) {
			return name
		}
	}
	return ""
}

// spellLoader says how m speaks of a loader function: by its bare name, unless the file writes `orm.selectinload` or
// the like already.
func (p *program) spellLoader(m *pymodule.Module, f *pymodule.Function, at pysyntax.Node, loader string) (spelling, string) {
	names := p.graph.ExternalNames(m)
	wanted := func(s pymodule.Symbol) bool { return s.External == "sqlalchemy.orm."+loader }
	if name := p.localImported(m, f, at, wanted); name != "" {
		return spelling{text: name}, ""
	}
	need := []pyedit.Import{{Module: "sqlalchemy.orm", Name: loader}}
	if f != nil && f.Locals[loader] { // by an import in another branch, or behind the place
		for n := range m.Tree.Within(f.Body) {
			if p.importedBy(m, n, wanted) == loader {
				return spelling{text: loader, local: need}, ""
			}
		}
	}
	for _, module := range []string{"sqlalchemy.orm.", "sqlalchemy.orm.strategy_options."} {
		if name, ok := names[module+loader]; ok && !hidden(f, name) {
			return spelling{text: name}, ""
		}
	}
	for _, module := range []struct{ external, rest string }{{"sqlalchemy.orm", ""}, {"sqlalchemy", ".orm"}} {
		name, ok := names[module.external]
		if !ok || hidden(f, name) {
			continue
		}
		if prefix := name + module.rest + "."; p.writesLoaders(m, prefix) {
			return spelling{text: prefix + loader}, ""
		}
	}
	known := p.graph.Resolve(m, loader)
	if wanted(known) && !hidden(f, loader) { // by import *, or under TYPE_CHECKING
		if p.graph.AtRunTime(m, loader) {
			return spelling{text: loader}, ""
		}
		return spelling{text: loader, top: need}, ""
	}
	if hidden(f, loader) || known.Kind != pymodule.Unknown {
		return spelling{}, "the name " + loader + " means something else here"
	}
	return spelling{text: loader, top: need}, ""
}

// loaderPrefix is what may stand before loaders in a module.
type loaderPrefix struct {
	module *pymodule.Module
	prefix string
}

// writesLoaders reports whether a module calls a loader with such a prefix. Its text is searched once for each.
func (p *program) writesLoaders(m *pymodule.Module, prefix string) bool {
	return p.prefixed.get(loaderPrefix{m, prefix}, func() bool {
		return slices.ContainsFunc(loadflow.Loaders(), func(loader string) bool {
			return bytes.Contains(m.Tree.Source(), []byte(prefix+loader+"("))
		})
	})
}
