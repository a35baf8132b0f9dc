package loadflow

import (
	"slices"

	"github.com/lazyfix/lazyfix/rewrite/internal/pymodule"
	"github.com/lazyfix/lazyfix/rewrite/internal/pysyntax"
)

// modelValidators runs the validators of a schema that get the whole object before its fields are read, for what they give.
func (x *interp) modelValidators(objects []*atom, c *pymodule.Class, at pysyntax.Node) value {
	var given value
	for _, o := range objects {
		if o.kind == object {
			given = join(given, one(o))
		}
	}
	return x.modelValidatorsOf(given, c, at)
}

// modelValidatorsOf runs them with one value.
func (x *interp) modelValidatorsOf(given value, c *pymodule.Class, at pysyntax.Node) value {
	if len(given) == 0 {
		return nil
	}
	var out value
	for _, f := range x.validators(c) {
		d := f.Decorator("model_validator")
		if d == pysyntax.Nil {
			if d = f.Decorator("root_validator"); d == pysyntax.Nil {
				continue
			}
			if mode := keywordText(f.Module.Tree, d, "pre"); mode != "True" {
				continue
			}
		} else if mode := keywordText(f.Module.Tree, d, "mode"); mode != "before" && mode != "wrap" {
			continue
		}
		out = join(out, x.runValidator(f, c, given, at))
	}
	return out
}

// fieldValidators runs the validators of a field that get what was read before it is checked, for what they give to be checked
// in its place: nothing is, behind mode="plain".
func (x *interp) fieldValidators(got value, c *pymodule.Class, field string, at pysyntax.Node) value {
	var out value
	for _, f := range x.validators(c) {
		t, mode := f.Module.Tree, ""
		d := f.Decorator("field_validator")
		if d == pysyntax.Nil {
			if d = f.Decorator("validator"); d == pysyntax.Nil || keywordText(t, d, "pre") != "True" {
				continue
			}
		} else if mode = keywordText(t, d, "mode"); mode != "before" && mode != "wrap" && mode != "plain" {
			continue
		}
		if !isFor(t, d, field) {
			continue
		}
		if made := x.runValidator(f, c, got, at); mode != "plain" {
			out = join(out, made)
		}
	}
	return out
}

// checksAfter reports whether a method is a validator of a field that gets what was checked: the default.
func checksAfter(m *pymodule.Function, field string) bool {
	t := m.Module.Tree
	if d := m.Decorator("field_validator"); d != pysyntax.Nil {
		mode := keywordText(t, d, "mode")
		return (mode == "" || mode == "after") && isFor(t, d, field)
	}
	d := m.Decorator("validator")
	return d != pysyntax.Nil && keywordText(t, d, "pre") != "True" && isFor(t, d, field)
}

// isFor reports whether a decorator names a field.
func isFor(t *pysyntax.Tree, decorator pysyntax.Node, field string) bool {
	for a := range t.Children(t.Child(decorator, pysyntax.FieldArguments)) {
		if name := pymodule.StringValue(t, a); name == field || name == "*" {
			return true
		}
	}
	return false
}

// holdsObjects reports whether a field of a type holds what it is read from as it is: owner: Any, owner: Owner. Of any other
// type something is made of it.
func (x *interp) holdsObjects(typ *pymodule.Type, s typeScope) bool {
	return x.holdsAny(typ, s, map[string]bool{})
}

// holdsAny goes through each name once: Json = Union[str, list["Json"]] leads back to itself.
func (x *interp) holdsAny(typ *pymodule.Type, s typeScope, seen map[string]bool) bool {
	if typ != nil && typ.Kind == pymodule.TypeName {
		if seen[typ.Name] {
			return false
		}
		seen[typ.Name] = true
	}
	typ, s = x.spelledOut(typ, s)
	if typ == nil {
		return false
	}
	if typ.Kind == pymodule.TypeName {
		if name := pymodule.Last(typ.Name); name == "Any" || name == "object" {
			return true
		}
		sym := x.a.g.ResolveIn(s.mod, s.class, s.fn, typ.Name)
		return sym.Kind == pymodule.ClassSymbol && x.a.isMapped(sym)
	}
	args := typ.Args
	if pymodule.Last(typ.Name) == "Annotated" {
		args = args[:min(1, len(args))]
	}
	return slices.ContainsFunc(args, func(arg *pymodule.Type) bool { return x.holdsAny(arg, s, seen) })
}

// heldByField notes what a field holds as it is. The methods of the schema find it there, and what the field is checked by once it
// is read, or serialised by, gets it.
func (x *interp) heldByField(got value, c *pymodule.Class, f schemaField, at pysyntax.Node) {
	x.store(c, f.Name, got)
	x.runMarks(got, f.marks, at, "AfterValidator", "PlainSerializer", "WrapSerializer")
	for _, m := range x.validators(c) {
		if checksAfter(m, f.Name) {
			x.runValidator(m, c, got, at)
		}
		if d := m.Decorator("field_serializer"); d != pysyntax.Nil && isFor(m.Module.Tree, d, f.Name) {
			x.call(m, one(x.a.t.instance(c, typeArgs{})), &arguments{pos: []value{got}, more: true}, at)
		}
	}
}

// validators are the methods of a schema and its bases that have a decorator, of one name the nearest.
func (x *interp) validators(c *pymodule.Class) []*pymodule.Function {
	var out []*pymodule.Function
	seen := map[string]bool{}
	for base := range x.a.g.Lineage(c) {
		for _, name := range sortedKeys(base.Methods) {
			if f := base.Methods[name]; !seen[name] {
				seen[name] = true
				if len(f.Decorators) > 0 {
					out = append(out, f)
				}
			}
		}
	}
	return out
}

// runValidator calls a validator as Pydantic does: the class is bound, whether it says classmethod or not.
func (x *interp) runValidator(f *pymodule.Function, c *pymodule.Class, given value, at pysyntax.Node) value {
	args := &arguments{pos: []value{given}}
	if isMethod(f) {
		return x.call(f, one(x.a.t.classRef(c, typeArgs{}, true)), args, at)
	}
	return x.call(f, nil, args, at)
}

// keywordText is a keyword argument of a call: what a string says, else its text.
func keywordText(t *pysyntax.Tree, call pysyntax.Node, name string) string {
	return stringOrText(t, t.Keyword(call, name))
}

// stringOrText is what a string says, of anything else its text.
func stringOrText(t *pysyntax.Tree, n pysyntax.Node) string {
	if s := pymodule.StringValue(t, n); s != "" {
		return s
	}
	return t.Text(n)
}

// itemOf is the value that a dictionary display has under a string, Nil when it spells none.
func itemOf(t *pysyntax.Tree, dictionary pysyntax.Node, key string) pysyntax.Node {
	for pair := range t.Children(dictionary) {
		if t.Kind(pair) == pysyntax.Pair && pymodule.StringValue(t, t.Child(pair, pysyntax.FieldKey)) == key {
			return t.Child(pair, pysyntax.FieldValue)
		}
	}
	return pysyntax.Nil
}
