package rewrite

import (
	"cmp"
	"slices"

	"github.com/lazyfix/lazyfix/rewrite/internal/pymodule"
	"github.com/lazyfix/lazyfix/rewrite/internal/pysyntax"
)

// scopes finds the function or class around a place: it names a finding whose line has moved. A module's are laid out when
// it is asked for first. Not for concurrent use.
type scopes struct {
	graph *pymodule.Graph
	lines map[*pymodule.Module][]string // by line, from 1
}

func newScopes(g *pymodule.Graph) *scopes {
	return &scopes{graph: g, lines: map[*pymodule.Module][]string{}}
}

// of is the qualified name of the innermost function or class around a place, "" at module level.
func (s *scopes) of(at Place) string {
	m := s.graph.ModuleAt(at.File)
	if m == nil {
		return ""
	}
	lines, ok := s.lines[m]
	if !ok {
		lines = scopesOf(m)
		s.lines[m] = lines
	}
	if at.Line < 0 || at.Line >= len(lines) {
		return ""
	}
	return lines[at.Line]
}

// scopesOf is the innermost scope at each line of a module: the one of fewest lines, of several on one line the class, or
// else the first.
func scopesOf(m *pymodule.Module) []string {
	type span struct {
		qual        string
		first, last int
	}
	var spans []span
	add := func(n pysyntax.Node, qual string) {
		spans = append(spans, span{qual, m.Tree.Line(n), m.Tree.LineAt(m.Tree.End(n))})
	}
	for _, c := range m.Classes {
		add(c.Node, c.Qual)
	}
	for _, f := range m.Functions {
		add(f.Node, f.Qual)
	}
	slices.SortStableFunc(spans, func(a, b span) int { return cmp.Compare(a.last-a.first, b.last-b.first) })
	lines := make([]string, m.Tree.LineCount()+1)
	for _, s := range slices.Backward(spans) { // the innermost last
		for line := s.first; line <= s.last; line++ {
			lines[line] = s.qual
		}
	}
	return lines
}
