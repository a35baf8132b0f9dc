package pymodule

import (
	"sort"
	"strings"
)

// Spellings are the names by which code in m can speak of class c at run time, at module level: the shortest first.
// Names that are there for type checkers alone are left out: see AtRunTime.
func (g *Graph) Spellings(m *Module, c *Class) []string {
	var out []string
	for name, b := range m.scope.names {
		if b.typeOnly || m.deleted[name] {
			continue
		}
		switch s := g.follow(m, b, 0, nil); s.Kind {
		case ClassSymbol:
			if s.Class == c {
				out = append(out, name)
			}
		case ModuleSymbol:
			if s.Module != nil && s.Module != m {
				if got := g.lookup(s.Module, c.Name, 0, nil); got.Kind == ClassSymbol && got.Class == c && g.gives(s.Module, c.Name) {
					out = append(out, name+"."+c.Name)
				}
			}
		}
	}
	if _, bound := m.scope.names[c.Name]; !bound && g.binds(m, c.Name, nil) { // by import *
		if got := g.lookup(m, c.Name, 0, nil); got.Kind == ClassSymbol && got.Class == c {
			out = append(out, c.Name)
		}
	}
	sort.Slice(out, func(i, j int) bool {
		di, dj := strings.Count(out[i], "."), strings.Count(out[j], ".")
		if di != dj {
			return di < dj
		}
		if (out[i] == c.Name) != (out[j] == c.Name) {
			return out[i] == c.Name
		}
		return out[i] < out[j]
	})
	return out
}

// ExternalNames are the names that m binds, at module level and at run time, to a name of a library: by the library's
// dotted name. Of several the first in the order of the alphabet counts. They are found once, and nobody may change them.
func (g *Graph) ExternalNames(m *Module) map[string]string {
	m.externals.once.Do(func() { m.externals.names = g.externalNames(m) })
	return m.externals.names
}

func (g *Graph) externalNames(m *Module) map[string]string {
	out := map[string]string{}
	for name, b := range m.scope.names {
		if b.imp == nil || b.typeOnly || m.deleted[name] {
			continue
		}
		if s := g.follow(m, b, 0, nil); s.Kind == ExternalSymbol {
			if old, ok := out[s.External]; !ok || name < old {
				out[s.External] = name
			}
		}
	}
	return out
}

// ImportedFrom is the module text of an import statement of m that already takes names from where class c is defined or
// re-exported at run time, "" when there is none: `from .models import Order` gives ".models".
func (g *Graph) ImportedFrom(m *Module, c *Class) string {
	best := ""
	for _, r := range m.imports {
		if r.name == "" || r.name == "*" {
			continue
		}
		key, ok := g.importKey(m, r)
		if !ok || g.byKey[key] == nil || g.byKey[key] == m || key != c.Module.Key && !g.isPackage(key) {
			continue // a module that merely imports the class is no place to take it from
		}
		if got := g.lookup(g.byKey[key], c.Name, 0, nil); got.Kind != ClassSymbol || got.Class != c || !g.gives(g.byKey[key], c.Name) {
			continue
		}
		text := strings.Repeat(".", r.level) + r.module
		if key == c.Module.Key {
			return text
		}
		if best == "" {
			best = text
		}
	}
	return best
}
