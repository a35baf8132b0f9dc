package loadflow

import (
	"slices"
	"strings"

	"github.com/lazyfix/lazyfix/rewrite/internal/pymodule"
	"github.com/lazyfix/lazyfix/rewrite/internal/pysyntax"
)

// expiring are the columns of a class that an UPDATE leaves to be read again, and by what: those with an SQL onupdate, and those
// that are Computed(), which an INSERT fetches (measured on 2.0 and 2.1 with aiosqlite). A Python function as onupdate gives its
// value before the statement.
func (a *analysis) expiring(c *pymodule.Class) map[string]string {
	if got, ok := a.onupdate.Load(c); ok {
		return got.(map[string]string)
	}
	out := map[string]string{}
	for base := range a.g.Lineage(c) {
		for _, f := range base.Fields {
			if c.Field(f.Name) != nil && base != c || f.Value == pysyntax.Nil {
				continue
			}
			if by := computedBy(f.Module.Tree, f.Value); by != "" {
				out[f.Name] = by
			}
		}
	}
	if a.fetchesDefaults(c) {
		clear(out)
	}
	a.onupdate.Store(c, out)
	return out
}

// fetchesDefaults reports whether an UPDATE of a class reads what the database computes: eager_defaults of its mapper.
func (a *analysis) fetchesDefaults(c *pymodule.Class) bool {
	for base := range a.g.Lineage(c) {
		if mapperArgument(base, "eager_defaults") == "True" {
			return true
		}
	}
	return false
}

// computedBy is what says of a column that the database computes it on UPDATE, "" for nothing.
func computedBy(t *pysyntax.Tree, column pysyntax.Node) string {
	for c := range t.Within(column) {
		if t.Kind(c) == pysyntax.Call && pymodule.Last(t.Text(t.Child(c, pysyntax.FieldFunction))) == "Computed" {
			return byComputed
		}
		if t.Kind(c) != pysyntax.KeywordArgument {
			continue
		}
		v := t.Child(c, pysyntax.FieldValue)
		switch t.Text(t.Child(c, pysyntax.FieldName)) {
		case "server_onupdate":
			return byOnUpdate
		case "onupdate":
			if t.Kind(v) != pysyntax.Call {
				continue
			}
			fn := t.Text(t.Child(v, pysyntax.FieldFunction))
			if fn == "text" || strings.HasSuffix(fn, ".text") || strings.HasPrefix(fn, "func.") || strings.Contains(fn, ".func.") {
				return byOnUpdate
			}
		case "sa_column_kwargs":
			if text := t.Text(v); strings.Contains(text, `"onupdate": func.`) || strings.Contains(text, "'onupdate': func.") {
				return byOnUpdate
			}
		}
	}
	return ""
}

// setColumnLater notes a column that is set: what the next flush expires then. It gives the object as it is from here on.
func (x *interp) setColumnLater(a *atom, name string, computed bool) *atom {
	x.noteWrite(a, name)
	s, from := history(a.origin)
	before, row := s.computed, s.flushed || from != fromNew
	if s.computed = withoutWord(s.computed, name); computed && !x.a.fetchesDefaults(a.class) {
		s.computed = bothSets(s.computed, name)
		x.noteSet(a, name, setsComputed)
	}
	if s.computed == before && (!row || s.changed || s.computed == "" && len(x.a.expiring(a.class)) == 0 && !x.a.queries(a.class)) {
		return a
	}
	s.changed = s.changed || row
	if a.origin.kind != fromSave {
		s.reloaded = false
	}
	changed := x.noted(a, s)
	x.transform(func(b *atom, _ string) *atom {
		if b != a {
			return b
		}
		return changed
	})
	return changed
}

// computes reports whether a column was set to an SQL expression.
func (s saved) computes(column string) bool {
	return slices.Contains(strings.Split(s.computed, ","), column)
}

// computedOf are the columns of an object that were set to SQL expressions.
func computedOf(a *atom) string {
	s, _ := history(a.origin)
	return s.computed
}

// withoutWord is a list of words, "a,b", without one.
func withoutWord(list, word string) string {
	words := strings.Split(list, ",")
	return strings.Join(slices.DeleteFunc(words, func(w string) bool { return w == word }), ",")
}

// isComputed reports whether an expression is one of SQL: func.now(), text("..."), Order.count + 1. An UPDATE or INSERT that
// sets a column to it leaves the column to be read again (measured on 2.0 and 2.1 with aiosqlite).
func (x *interp) isComputed(n pysyntax.Node) bool {
	t := x.t
	switch t.Kind(n) {
	case pysyntax.Call:
		return slices.ContainsFunc(x.quiet(t.Child(n, pysyntax.FieldFunction)), func(a *atom) bool {
			return a.kind == external && isSQLAlchemy(a.name) && (strings.Contains(a.name, ".func.") || pymodule.Last(a.name) == "text")
		})
	case pysyntax.BinaryOperator:
		for c := range t.Children(n) {
			if t.Kind(c) != pysyntax.Attribute {
				continue
			}
			owner := classOf(x.quiet(t.Child(c, pysyntax.FieldObject)))
			if owner != nil && x.a.ix.Class(owner) != nil && x.a.isColumn(owner, t.Text(t.Child(c, pysyntax.FieldAttribute))) {
				return true
			}
		}
	}
	return false
}

// isColumn reports whether a class attribute is a column, and no constant: by its annotation, or by what it is set to.
func (a *analysis) isColumn(c *pymodule.Class, name string) bool {
	f := a.bodyField(c, name)
	if f == nil {
		return false
	}
	t := f.Module.Tree
	made := pymodule.Last(t.Text(t.Child(f.Value, pysyntax.FieldFunction)))
	typed := f.Annotation != pysyntax.Nil && !typedAs(t, f.Annotation, "ClassVar") && !typedAs(t, f.Annotation, "Final")
	return typed || strings.HasSuffix(strings.ToLower(made), "column") || made == "column_property"
}

// bodyField is what a class, or the first of its bases that does, binds to a name in its body; nil without.
func (a *analysis) bodyField(c *pymodule.Class, name string) *pymodule.Variable {
	for base := range a.g.Lineage(c) {
		if f := base.Field(name); f != nil {
			return f
		}
	}
	return nil
}

// readColumn notes a read of a column that the session expired.
func (x *interp) readColumn(a *atom, name string, at pysyntax.Node) {
	if x.awaiting != "" || spawnsAround(x.t, at) != "" { // it loads what has expired
		return
	}
	for o := a.origin; o != nil && o.prefix == nil && a.path == nil; o = o.inner {
		switch o.kind {
		case fromRefresh:
			if slices.Contains(o.loaded, name) {
				return
			}
		case fromSave:
			computed := (o.saved.flushed || o.saved.updated) && o.saved.computes(name)
			by := x.flushedAway(o, a.class, name)
			if o.saved.hasExpired(name) || computed || by != "" {
				x.out.stale = append(x.out.stale, &read{origin: o, mod: x.m, node: at, text: a.class.Name + "." + name, by: by})
			}
			return
		case fromParam:
			if o == a.origin {
				x.noteRead(a, name, at)
			}
			return
		}
	}
}
