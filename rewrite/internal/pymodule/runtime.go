package pymodule

import (
	"slices"
	"strings"

	"github.com/lazyfix/lazyfix/rewrite/internal/pysyntax"
)

// AtRunTime reports whether a dotted name of m, which Resolve knows, is bound when the program runs. It is there for type
// checkers alone where a module on its way binds it under TYPE_CHECKING, or takes it by `import *` from one that does; it is
// not there where one deletes it. What `import *` takes from a module whose __all__ is not seen to list it counts as not there.
func (g *Graph) AtRunTime(m *Module, name string) bool {
	first, rest, more := strings.Cut(name, ".")
	if !g.binds(m, first, nil) {
		return false
	}
	s := g.Resolve(m, first)
	for more && s.Kind == ModuleSymbol {
		first, rest, more = strings.Cut(rest, ".")
		if _, bound := g.bound(s.Module, first); bound && !g.gives(s.Module, first) {
			return false
		}
		s = g.member(s, first, 0, nil)
	}
	return true
}

// bound is how a module binds a name by itself.
func (g *Graph) bound(m *Module, name string) (binding, bool) {
	if m == nil {
		return binding{}, false
	}
	b, ok := m.scope.names[name]
	return b, ok
}

// gives reports whether `from m import name` works when the program runs, as far as m's own text and what it imports all of
// tell: a module with a __getattr__ gives what it likes.
func (g *Graph) gives(m *Module, name string) bool {
	return g.binds(m, name, nil) || m.scope.names["__getattr__"].fn != nil
}

// binds reports whether module m has a name of its own once it has run. It has not found the name in the modules past.
func (g *Graph) binds(m *Module, name string, past []*Module) bool {
	if m.deleted[name] {
		return false
	}
	if b, ok := m.scope.names[name]; ok && !b.typeOnly {
		return true
	}
	for _, r := range m.wildcards {
		if r.typeOnly {
			continue
		}
		key, ok := g.importKey(m, r)
		if !ok {
			if wildcardOf(r.module, name) {
				return true
			}
			continue
		}
		from := g.byKey[key]
		if from == nil || from == m || slices.Contains(past, from) || from.all == nil && strings.HasPrefix(name, "_") {
			continue
		}
		if from.all[name] || from.all == nil && !from.allOpen && g.binds(from, name, append(past, m)) {
			return true
		}
	}
	return false
}

// deletions notes the names that a `del` at module level takes away.
func (x *extractor) deletions(n pysyntax.Node) {
	for c := range x.t.Within(n) {
		if x.t.Kind(c) == pysyntax.Identifier && x.t.Is(x.t.Parent(c), pysyntax.DeleteStatement, pysyntax.ExpressionList, pysyntax.Tuple) {
			if x.m.deleted == nil {
				x.m.deleted = map[string]bool{}
			}
			x.m.deleted[x.t.Text(c)] = true
		}
	}
}
