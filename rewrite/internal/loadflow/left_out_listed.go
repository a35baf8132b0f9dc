package loadflow

import (
	"slices"
	"strings"

	"github.com/lazyfix/lazyfix/rewrite/internal/pymodule"
	"github.com/lazyfix/lazyfix/rewrite/internal/pysyntax"
)

// Columns that a query leaves out are read by names that a list spells, which is gone through where they are read:
//
//	row = {}
//	for name in ("id", "status"):  # or FIELDS, a constant of the module
//		row[name] = getattr(order, name)
//
// Names of columns are no words that are followed (word.go): most strings of a program are the name of some column, and each word that is
// passed on makes a context. A name that the function spells once more is most likely what it passes over.

// readListedNames notes these reads.
func (x *interp) readListedNames(owner value, name, at pysyntax.Node) {
	if !x.a.mayLeaveOut() || !hasObject(owner) || x.asksWhatIsLoaded() {
		return
	}
	names := x.namesGoneThrough(name)
	if len(names) == 0 {
		return
	}
	skipped, body := x.passedOver(name, at), x.t.Text(x.u.key.fn.Body)
	for _, each := range names {
		if slices.Contains(skipped, each) || strings.Count(body, `"`+each+`"`)+strings.Count(body, "'"+each+"'") > 1 {
			continue
		}
		for _, a := range owner {
			if a.kind == object {
				x.readLeftOut(a, each, at)
			}
		}
	}
}

// namesGoneThrough are the strings of the list that a loop or a comprehension gives to a name, where nothing else does.
func (x *interp) namesGoneThrough(name pysyntax.Node) []string {
	t, f := x.t, x.u.key.fn
	if f == nil || t.Kind(name) != pysyntax.Identifier || f.ParamIndex(t.Text(name)) >= 0 {
		return nil
	}
	given := slices.DeleteFunc(bindings(f, t.Text(name)), func(n pysyntax.Node) bool {
		return t.Kind(t.Child(n, pysyntax.FieldLeft)) == pysyntax.Subscript // row[name] = ...
	})
	if len(given) != 1 || !t.Is(given[0], pysyntax.ForStatement, pysyntax.ForInClause) || t.Kind(t.Child(given[0], pysyntax.FieldLeft)) != pysyntax.Identifier {
		return nil
	}
	m, list := x.m, t.Child(given[0], pysyntax.FieldRight)
	if t.Kind(list) == pysyntax.Identifier {
		if f.Binds(t.Text(list)) {
			return nil
		}
		v := x.a.g.ResolveAt(m, list).Variable
		if v == nil {
			return nil
		}
		m, list = v.Module, v.Value
	}
	if !m.Tree.Is(list, pysyntax.List, pysyntax.Tuple, pysyntax.Set) {
		return nil
	}
	var out []string
	for each := range m.Tree.Children(list) {
		if said := pymodule.StringValue(m.Tree, each); said != "" {
			out = append(out, said)
		}
	}
	return out
}
