package loadflow

import (
	"github.com/lazyfix/lazyfix/rewrite/internal/pymodule"
	"github.com/lazyfix/lazyfix/rewrite/internal/pysyntax"
)

// Dictionaries that a schema is made of, and those whose values are schemas. Of what an object's own __dict__ brings
// (object_dict.go) a schema reads what it has fields for, but for those that have a default.

// hasDefault reports whether a field need not be given: `= None`, Field([]), Field(default_factory=list), and not Field(...).
func hasDefault(f *pymodule.Variable) bool {
	t, v := f.Module.Tree, f.Value
	if t.Kind(v) == pysyntax.Call && pymodule.Last(t.Text(t.Child(v, pysyntax.FieldFunction))) == "Field" {
		if t.Keyword(v, "default") != pysyntax.Nil || t.Keyword(v, "default_factory") != pysyntax.Nil {
			return true
		}
		if v = t.First(t.Child(v, pysyntax.FieldArguments)); t.Kind(v) == pysyntax.KeywordArgument {
			return false
		}
	}
	return v != pysyntax.Nil && t.Kind(v) != pysyntax.Ellipsis
}

// readEntries is X.model_validate({"order": order}): each entry is read as the field of its key says.
func (x *interp) readEntries(dictionary pysyntax.Node, c *pymodule.Class, at pysyntax.Node) {
	for pair := range x.t.Children(dictionary) {
		key := pymodule.StringValue(x.t, x.t.Child(pair, pysyntax.FieldKey))
		if x.t.Kind(pair) != pysyntax.Pair || key == "" {
			continue
		}
		for base := range x.a.g.Lineage(c) {
			if f := base.Field(key); f != nil && f.Annotation != pysyntax.Nil {
				typ := x.a.parseType(f.Module.Tree.Text(f.Annotation))
				x.readSchema(x.quiet(x.t.Child(pair, pysyntax.FieldValue)), typ, typeScope{mod: f.Module, class: base}, at, 0)
				break
			}
		}
	}
}

// isDictionary reports whether a type is dict[str, Order] or its like.
func isDictionary(typ *pymodule.Type) bool {
	switch pymodule.Last(typ.Name) {
	case "dict", "Dict", "Mapping", "MutableMapping", "OrderedDict", "defaultdict", "DefaultDict":
		return typ.Kind == pymodule.TypeSubscript && len(typ.Args) == 2
	}
	return false
}

// dictionaryValues are the values of the dictionaries in v, whatever their keys.
func dictionaryValues(v value) value {
	entries, out := parts(v)
	for _, e := range entries {
		if e.name != ofObject {
			out = join(out, e.value)
		}
	}
	return out
}
