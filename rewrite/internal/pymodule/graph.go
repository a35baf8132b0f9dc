package pymodule

import (
	"sort"
	"strings"
)

// Graph is the whole program. It is immutable.
type Graph struct {
	Modules   []*Module
	Functions []*Function

	byKey      map[string]*Module
	folders    map[string]bool // every folder that holds a module, at any depth
	bySuffix   map[string][]*Module
	subclasses map[*Class][]*Class
	asks       map[*Class][]*Function // of a Protocol, its methods
	mro        map[*Class][]Base
	orders     map[*Class][]baseKey // while linking
	linked     bool
}

// Link makes the graph of modules.
func Link(modules []*Module) *Graph {
	g := &Graph{
		Modules: append([]*Module(nil), modules...), byKey: map[string]*Module{}, folders: map[string]bool{"": true},
		bySuffix: map[string][]*Module{}, subclasses: map[*Class][]*Class{}, mro: map[*Class][]Base{},
		orders: map[*Class][]baseKey{},
	}
	sort.Slice(g.Modules, func(i, j int) bool { return g.Modules[i].Path < g.Modules[j].Path })
	for i, m := range g.Modules {
		m.Index = i
		if !m.Template {
			g.addKey(m)
		}
		for _, f := range m.Functions {
			f.Index = len(g.Functions)
			g.Functions = append(g.Functions, f)
		}
	}
	for _, m := range g.Modules {
		for _, r := range m.refs {
			r.key, r.found = g.findImport(m, r)
			r.sought = true
		}
	}
	for _, m := range g.Modules {
		for _, c := range m.Classes {
			g.mro[c] = g.linearize(c)
		}
	}
	g.orders = nil
	for _, m := range g.Modules {
		for _, c := range m.Classes {
			for _, b := range g.mro[c][1:] {
				if b.Class != nil {
					g.subclasses[b.Class] = append(g.subclasses[b.Class], c)
				}
			}
		}
	}
	g.implement()
	g.linked = true
	return g
}

// addKey makes a module one that imports find.
func (g *Graph) addKey(m *Module) {
	g.byKey[m.Key] = m
	last := m.Key[strings.LastIndexByte(m.Key, '/')+1:]
	g.bySuffix[last] = append(g.bySuffix[last], m)
	for dir := parentKey(m.Key); dir != "" && !g.folders[dir]; dir = parentKey(dir) {
		g.folders[dir] = true
	}
	if m.Package {
		g.folders[m.Key] = true
	}
}

func parentKey(key string) string {
	if i := strings.LastIndexByte(key, '/'); i >= 0 {
		return key[:i]
	}
	return ""
}

// Subclasses are all classes below c, at any depth, in order of module and place; of a Protocol that no class names as its
// base, those that fit it.
func (g *Graph) Subclasses(c *Class) []*Class { return g.subclasses[c] }

// Family is c and its Subclasses, a list of the caller's own.
func (g *Graph) Family(c *Class) []*Class { return append([]*Class{c}, g.subclasses[c]...) }

// ModuleAt is the module at a path relative to the root, nil when there is none.
func (g *Graph) ModuleAt(path string) *Module {
	i := sort.Search(len(g.Modules), func(i int) bool { return g.Modules[i].Path >= path })
	if i < len(g.Modules) && g.Modules[i].Path == path {
		return g.Modules[i]
	}
	return nil
}

// Imports reports whether importing from would, at module level and at any depth, import to: whether a new import of
// from in to makes a cycle.
func (g *Graph) Imports(from, to *Module) bool {
	seen := map[*Module]bool{}
	var walk func(m *Module) bool
	walk = func(m *Module) bool {
		if m == to {
			return true
		}
		if seen[m] {
			return false
		}
		seen[m] = true
		for _, r := range m.imports {
			for _, next := range g.importedModules(m, r) {
				if walk(next) {
					return true
				}
			}
		}
		return false
	}
	return walk(from)
}

// importedModules are the modules that one import statement runs.
func (g *Graph) importedModules(m *Module, r *importRef) []*Module {
	var out []*Module
	key, ok := g.importKey(m, r)
	if !ok {
		if sub, found := g.namespaceMember(m, r); found && g.byKey[sub] != nil {
			return []*Module{g.byKey[sub]}
		}
		return nil
	}
	for k := key; k != ""; k = parentKey(k) {
		if mod := g.byKey[k]; mod != nil && mod != m {
			out = append(out, mod)
		}
	}
	if r.name != "" && r.name != "*" {
		if mod := g.byKey[join(key, r.name)]; mod != nil {
			out = append(out, mod)
		}
	}
	return out
}

func join(key, name string) string {
	if key == "" {
		return name
	}
	return key + "/" + name
}
