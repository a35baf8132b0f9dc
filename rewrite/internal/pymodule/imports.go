package pymodule

import (
	"strings"

	"github.com/lazyfix/lazyfix/rewrite/internal/pysyntax"
)

func (x *extractor) imports(n pysyntax.Node, at place) {
	for _, r := range importRefs(x.t, n) {
		r.typeOnly = at.typeOnly
		if at.fn != nil && at.class == nil {
			at.fn.Locals[r.as] = true
			continue // bound when the function is interpreted: see ImportsOf
		}
		x.m.refs = append(x.m.refs, r)
		if !at.typeOnly {
			x.m.imports = append(x.m.imports, r)
		}
		if r.name == "*" {
			if at.class == nil {
				x.m.wildcards = append(x.m.wildcards, r)
			}
			continue
		}
		if at.scope != nil {
			at.bind(r.as, binding{kind: bindImport, imp: r})
		}
	}
}

// importRefs reads one import statement.
func importRefs(t *pysyntax.Tree, n pysyntax.Node) []*importRef {
	var out []*importRef
	if t.Kind(n) == pysyntax.ImportStatement {
		for c := range t.Children(n) {
			name, alias := aliased(t, c)
			r := &importRef{module: name, as: alias, whole: alias != ""}
			if alias == "" {
				r.as, _, _ = strings.Cut(name, ".")
			}
			out = append(out, r)
		}
		return out
	}
	level, module := 0, ""
	from := t.Child(n, pysyntax.FieldModuleName)
	if t.Kind(from) == pysyntax.RelativeImport {
		for c := range t.Children(from) {
			if t.Kind(c) == pysyntax.ImportPrefix {
				level = strings.Count(t.Text(c), ".")
			} else {
				module = dotted(t.Text(c))
			}
		}
	} else {
		module = dotted(t.Text(from))
	}
	for c := range t.Children(n) {
		if c == from {
			continue
		}
		r := &importRef{level: level, module: module}
		if t.Kind(c) == pysyntax.WildcardImport {
			r.name = "*"
		} else {
			r.name, r.as = aliased(t, c)
			if r.as == "" {
				r.as = r.name
			}
		}
		out = append(out, r)
	}
	return out
}

func aliased(t *pysyntax.Tree, n pysyntax.Node) (name, alias string) {
	if t.Kind(n) == pysyntax.AliasedImport {
		return dotted(t.Text(t.Child(n, pysyntax.FieldName))), t.Text(t.Child(n, pysyntax.FieldAlias))
	}
	return dotted(t.Text(n)), ""
}

// dotted takes the white space out of a dotted name: `a . b` is legal Python.
func dotted(s string) string {
	if strings.ContainsAny(s, " \t\r\n\\") {
		return strings.Join(strings.FieldsFunc(s, func(r rune) bool { return strings.ContainsRune(" \t\r\n\\", r) }), "")
	}
	return s
}

// ImportsOf says what an import statement inside a function of m binds.
func (g *Graph) ImportsOf(m *Module, statement pysyntax.Node) map[string]Symbol {
	out := map[string]Symbol{}
	for name, all := range g.ImportMeanings(m, statement) {
		out[name] = all[0]
	}
	return out
}

// ImportMeanings is ImportsOf with what each name may mean instead: see Meanings. None of the lists is empty.
func (g *Graph) ImportMeanings(m *Module, statement pysyntax.Node) map[string][]Symbol {
	out := map[string][]Symbol{}
	for _, r := range importRefs(m.Tree, statement) {
		if r.name == "*" {
			continue
		}
		first, others := onAll(func(w *ways) Symbol { return g.resolveImport(m, r, 0, w) })
		out[r.as] = append([]Symbol{first}, others...)
	}
	return out
}
