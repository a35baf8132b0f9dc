package loadflow

import (
	"slices"

	"github.com/lazyfix/lazyfix/rewrite/internal/pymodule"
	"github.com/lazyfix/lazyfix/rewrite/internal/pysyntax"
)

// Functions of libraries that make what a type says of an object, and read its attributes for that:
// msgspec.convert(order, OrderOut, from_attributes=True), Pydantic's parse_obj_as(OrderOut, order), Advanced Alchemy's
// to_schema(order, schema_type=OrderOut), adaptix's get_converter(Order, OrderOut)(order). The first three take schemas,
// adaptix and msgspec any class that lists its fields.

// conversion is a call of one of them; false when it is none. Name is the function's own name.
func (x *interp) conversion(name string, args *arguments, n pysyntax.Node) (value, bool) {
	switch name {
	case "convert":
		if args.node(1, "type") != pysyntax.Nil {
			return x.convert(args.get(0, "obj"), x.typesOf(args.node(1, "type"), args.get(1, "type")), n), true
		}
	case "parse_obj_as":
		return x.convert(args.get(1, "obj"), x.typesOf(args.node(0, "type_"), args.get(0, "type_")), n), true
	case "to_schema":
		data := args.get(0, "data")
		types := x.typesOf(args.node(-1, "schema_type"), args.get(-1, "schema_type"))
		if len(types) == 0 {
			return data, hasObject(data) // it is what it was, or a page of it
		}
		return x.convert(join(data, x.elements(data)), types, n), true
	case "get_converter":
		return x.typesOf(args.node(1, "dst"), args.get(1, "dst")), true
	}
	return nil, false
}

// convert reads from v what the types say, and gives instances of their classes.
func (x *interp) convert(v, types value, at pysyntax.Node) value {
	var out value
	for _, a := range types {
		if a.kind == classRef { // with its arguments
			x.readAs(v, a, at)
			out = join(out, one(x.a.t.instance(a.class, a.args)))
		}
		if a.kind != typeRef {
			continue
		}
		s := typeScope{mod: a.symbol.Module, origin: x.a.t.typeOrigin(x.m, at)}
		if a.symbol.Module == x.m {
			s.class, s.fn = x.class, x.u.key.fn
		}
		x.readSchema(v, x.a.parseType(a.name), s, at, 0)
		out = join(out, x.a.typeValue(x.a.parseType(a.name), s))
	}
	return slices.DeleteFunc(slices.Clone(out), func(a *atom) bool { return a.kind == object })
}

// convertedBy is a call of a function that adaptix writes, by what it takes and gives: @impl_converter.
func (x *interp) convertedBy(f *pymodule.Function, bound []value, at pysyntax.Node) {
	if len(f.Decorators) == 0 || len(bound) == 0 || f.Returns == pysyntax.Nil || f.Decorator("impl_converter") == pysyntax.Nil {
		return
	}
	x.convert(bound[0], x.a.t.typeRef(f.Module, f.Module.Tree.Text(f.Returns)), at)
}

// listsFields reports whether a class lists its fields: a dataclass, one of attrs, a NamedTuple or TypedDict.
func (a *analysis) listsFields(c *pymodule.Class) bool {
	if m := a.ix.Class(c); m != nil && m.Mapped {
		return false
	}
	return dataDecorator(c) != pysyntax.Nil || a.inherits(c, "NamedTuple", "TypedDict")
}
