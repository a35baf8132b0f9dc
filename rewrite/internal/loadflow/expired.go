package loadflow

import (
	"slices"
	"strings"

	"github.com/lazyfix/lazyfix/rewrite/internal/pymodule"
	"github.com/lazyfix/lazyfix/rewrite/internal/pysyntax"
)

// expiring are the columns of a class that an UPDATE leaves to be read again: those with an SQL onupdate. A Python
// function as onupdate gives its value before the statement.
func (a *analysis) expiring(c *pymodule.Class) []string {
	if got, ok := a.onupdate.Load(c); ok {
		return got.([]string)
	}
	var out []string
	for _, b := range a.g.MRO(c) {
		if b.Class == nil {
			continue
		}
		if f := b.Class.Field("__mapper_args__"); f != nil {
			if text := strings.ReplaceAll(f.Module.Tree.Text(f.Node), "'", `"`); strings.Contains(text, `"eager_defaults": True`) {
				out = nil
				break
			}
		}
		for _, f := range b.Class.Fields {
			if c.Field(f.Name) != nil && b.Class != c || f.Value == pysyntax.Nil {
				continue
			}
			if t := f.Module.Tree; sqlOnUpdate(t, f.Value) && !slices.Contains(out, f.Name) {
				out = append(out, f.Name)
			}
		}
	}
	a.onupdate.Store(c, out)
	return out
}

// sqlOnUpdate reports whether a column says that the database computes it on UPDATE.
func sqlOnUpdate(t *pysyntax.Tree, column pysyntax.Node) bool {
	for c := range t.Within(column) {
		if t.Kind(c) != pysyntax.KeywordArgument {
			continue
		}
		v := t.Child(c, pysyntax.FieldValue)
		switch t.Text(t.Child(c, pysyntax.FieldName)) {
		case "server_onupdate":
			return true
		case "onupdate":
			if t.Kind(v) != pysyntax.Call {
				continue
			}
			fn := t.Text(t.Child(v, pysyntax.FieldFunction))
			if fn == "text" || strings.HasSuffix(fn, ".text") || strings.HasPrefix(fn, "func.") || strings.Contains(fn, ".func.") {
				return true
			}
		case "sa_column_kwargs":
			if text := t.Text(v); strings.Contains(text, `"onupdate": func.`) || strings.Contains(text, "'onupdate': func.") {
				return true
			}
		}
	}
	return false
}

// readColumn notes a read of a column that the session expired.
func (x *interp) readColumn(a *atom, name string, at pysyntax.Node) {
	for o := a.origin; o != nil && o.prefix == nil && a.path == nil; o = o.inner {
		switch o.kind {
		case fromRefresh:
			if slices.Contains(o.loaded, name) {
				return
			}
		case fromSave:
			if o.saved.expired || o.saved.updated && slices.Contains(x.a.expiring(a.class), name) {
				x.out.stale = append(x.out.stale, &read{origin: o, mod: x.m, node: at, text: a.class.Name + "." + name})
			}
			return
		}
	}
}
