package loadflow

import (
	"github.com/lazyfix/lazyfix/rewrite/internal/pymodule"
	"github.com/lazyfix/lazyfix/rewrite/internal/pysyntax"
)

// readRoot reads as a schema that is one value says: class Orders(RootModel[list[OrderOut]]), or __root__: list[OrderOut] of
// Pydantic 1. False for a schema with fields.
func (x *interp) readRoot(v value, c *pymodule.Class, at pysyntax.Node, depth int) bool {
	root := x.a.roots.get(c, func() *schemaType { return x.a.rootOf(c) })
	if root.typ == nil {
		return false
	}
	if hasObject(v) {
		v = join(v, x.modelValidatorsOf(v, c, at))
		v = join(v, x.fieldValidators(v, c, "root", at))
	}
	x.readSchema(v, root.typ, *root.scope, at, depth+1)
	return true
}

// rootOf is the type of a schema's one value, without a type where it has fields.
func (a *analysis) rootOf(c *pymodule.Class) *schemaType {
	for base := range a.g.Lineage(c) {
		if text := rootType(base); text != "" {
			return &schemaType{a.parseType(text), &typeScope{mod: base.Module, class: base}}
		}
	}
	return &schemaType{}
}

// rootType is the type of a schema's one value as its class spells it, "" where that has fields.
func rootType(c *pymodule.Class) string {
	t := c.Module.Tree
	for _, base := range c.Bases {
		if t.Is(base, pysyntax.Subscript, pysyntax.GenericType) && pymodule.Last(t.Text(t.First(base))) == "RootModel" {
			text := t.Text(base)
			return text[len(t.Text(t.First(base)))+1 : len(text)-1]
		}
	}
	for _, name := range []string{"root", "__root__"} {
		if f := c.Field(name); f != nil && f.Annotation != pysyntax.Nil && (name == "__root__" || isRootModel(c)) {
			return t.Text(f.Annotation)
		}
	}
	return ""
}

// isRootModel reports whether a class names RootModel among its bases, without a type.
func isRootModel(c *pymodule.Class) bool {
	for _, base := range c.Bases {
		if pymodule.Last(c.Module.Tree.Text(base)) == "RootModel" {
			return true
		}
	}
	return false
}
