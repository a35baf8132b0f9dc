package loadflow

import (
	"slices"
	"strings"

	"github.com/lazyfix/lazyfix/rewrite/internal/pymodule"
	"github.com/lazyfix/lazyfix/rewrite/internal/pysyntax"
)

// A field is read by its aliases. Where the object has none of them its own name is read, if the schema is populated by name as
// well: populate_by_name, validate_by_name, allow_population_by_field_name, or by_name=True at the call. Of a field without a
// default that is taken to be so, since the program would not run otherwise.

// fieldValues are what a field of a schema is read from, one for each of its aliases.
func (x *interp) fieldValues(o *atom, f schemaField, at pysyntax.Node) []value {
	out := x.valuesOf(o, f, f.sources, at)
	if o.kind != object || !f.named || slices.ContainsFunc(out, func(v value) bool { return len(v) > 0 }) ||
		slices.ContainsFunc(f.sources, func(s []string) bool { return x.hasAttribute(o.class, s[0]) }) {
		return out
	}
	return x.valuesOf(o, f, [][]string{{f.Name}}, at)
}

func (x *interp) valuesOf(o *atom, f schemaField, sources [][]string, at pysyntax.Node) []value {
	var out []value
	for _, source := range sources {
		var got value
		if o.kind == mapping && o.entries != nil {
			got = join(o.under(source[0]), o.under(f.Name))
			if !hasDefault(f.Variable) { // what it gives must not change
				got = join(got, x.readOfDict(o, source[0], at))
				if source[0] != f.Name {
					got = join(got, x.readOfDict(o, f.Name, at))
				}
			} else if isObjectDict(o) {
				got = join(got, x.readIfLoaded(o, source[0], at), x.readIfLoaded(o, f.Name, at))
			}
		} else if o.kind != mapping { // else: readUnkeyed
			got = x.member(one(o), source[0], at)
		}
		for _, next := range source[1:] {
			if isIndex(next) {
				got = x.elements(got)
			} else {
				got = x.member(got, next, at)
			}
		}
		out = append(out, got)
	}
	return out
}

// readByName reports whether a schema, or a base of it, says that it is populated by name.
func (a *analysis) readByName(c *pymodule.Class) bool {
	for base := range a.g.Lineage(c) {
		text := base.Module.Tree.Text(base.Node)
		if strings.Contains(text, "populate_by_name") || strings.Contains(text, "validate_by_name") || strings.Contains(text, "allow_population_by_field_name") {
			return true
		}
	}
	return false
}
