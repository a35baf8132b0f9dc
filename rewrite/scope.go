package rewrite

import "github.com/lazyfix/lazyfix/rewrite/internal/pysyntax"

// scopeOf is the qualified name of the innermost function or class around a place, "" at module level: it names a
// finding whose line has moved.
func (p *program) scopeOf(at Place) string {
	m := p.graph.ModuleAt(at.File)
	if m == nil {
		return ""
	}
	name, size := "", m.Tree.LineCount()+1
	around := func(n pysyntax.Node, qual string) {
		first, last := m.Tree.Line(n), m.Tree.LineAt(m.Tree.End(n))
		if first <= at.Line && at.Line <= last && last-first < size {
			name, size = qual, last-first
		}
	}
	for _, c := range m.Classes {
		around(c.Node, c.Qual)
	}
	for _, f := range m.Functions {
		around(f.Node, f.Qual)
	}
	return name
}
