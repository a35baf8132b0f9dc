package loadflow

import (
	"strings"

	"github.com/lazyfix/lazyfix/rewrite/internal/pymodule"
	"github.com/lazyfix/lazyfix/rewrite/internal/pysyntax"
)

// A base has options for its subclasses to set, and some set none:
//
//	class Repository:
//		def __init__(self, session): self._options = []
//		async def all(self): return await self.session.scalars(select(self.model).options(*self._options))

// emptyOptions reports whether an expression is an attribute of self that the class at hand and those above it set to an empty list or
// nothing, and that no list of this name grows in.
func (x *interp) emptyOptions(n pysyntax.Node) bool {
	name, ok := pymodule.DottedName(x.t, n)
	attribute, own := strings.CutPrefix(name, "self.")
	if !ok || !own || x.u.key.recv == nil || x.a.growsInPlace(attribute) {
		return false
	}
	empty := false
	for base := range x.a.g.Lineage(x.u.key.recv) {
		t := base.Module.Tree
		for s := range t.Within(base.Node) {
			if t.Kind(s) != pysyntax.Attribute || t.Text(s) != name || t.Field(s) != pysyntax.FieldLeft {
				continue
			}
			given := t.Child(t.Parent(s), pysyntax.FieldRight)
			if t.Kind(t.Parent(s)) != pysyntax.Assignment || !isNothing(t, given) {
				return false
			}
			empty = true
		}
		if f := base.Field(attribute); f != nil && !isNothing(f.Module.Tree, f.Value) {
			return false
		}
	}
	return empty
}
