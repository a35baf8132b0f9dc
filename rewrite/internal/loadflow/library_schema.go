package loadflow

import (
	"slices"
	"strings"

	"github.com/lazyfix/lazyfix/rewrite/internal/pymodule"
	"github.com/lazyfix/lazyfix/rewrite/internal/pysyntax"
)

// A function of a library that is not among the files may make a schema of an object: type_validate_python(OrderOut, order). Given
// both, it is taken to do so where the schema can be made of objects at all, and its name does not say that it does something else:
// mocks, loggers and registries are given a class and an object, too.

var makesOf = []string{"valid", "convert", "struct", "serial", "transform", "dump", "parse", "adapt", "from_", "to_", "as_", "map", "build", "make"}

// schemaBeside reads what schemas in a call to something unknown say of the objects beside them, and gives instances of them: of a
// function, or of a method of an owner that nothing is known of.
func (x *interp) schemaBeside(owner value, args *arguments, at pysyntax.Node) value {
	name := strings.ToLower(pymodule.Last(x.t.Text(x.t.Child(at, pysyntax.FieldFunction))))
	if len(owner) > 0 || len(args.pos)+len(args.kw) < 2 || strings.HasPrefix(name, "assert") ||
		!slices.ContainsFunc(makesOf, func(word string) bool { return strings.Contains(name, word) }) {
		return nil
	}
	var schemas []*atom
	given := slices.Clone(args.pos)
	for _, e := range args.entries() {
		given = append(given, e.value)
	}
	for _, v := range given {
		for _, a := range v {
			if x.isMadeOfObjects(a) {
				schemas = append(schemas, a)
			}
		}
	}
	if len(schemas) == 0 {
		return nil
	}
	var out value
	for _, v := range given {
		if !hasObject(v) {
			continue
		}
		v = join(v, x.elements(v))
		for _, a := range schemas {
			if a.kind == typeRef {
				out = join(out, x.convert(v, one(a), at))
				continue
			}
			x.readAs(v, a, at)
			out = join(out, one(x.a.t.instance(a.class, a.args)))
		}
	}
	return out
}

// isMadeOfObjects reports whether a value is a schema that can be made of an object, or a type that has one: OrderOut, list[OrderOut],
// TypeAdapter(OrderOut).
func (x *interp) isMadeOfObjects(a *atom) bool {
	switch a.kind {
	case classRef:
		return x.a.isSchema(a.class) && !x.a.isMapped(pymodule.Symbol{Class: a.class}) && x.readsAttributes(a.class)
	case typeRef:
		return slices.ContainsFunc(x.schemasIn(x.a.parseType(a.name), typeScope{mod: a.symbol.Module}), x.readsAttributes)
	}
	return false
}
