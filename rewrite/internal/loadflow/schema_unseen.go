package loadflow

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/lazyfix/lazyfix/rewrite/internal/pymodule"
	"github.com/lazyfix/lazyfix/rewrite/internal/pysyntax"
)

// Objects may be handed to a schema of which nothing is in the tree: OrderOut.model_validate(order), where another package
// has OrderOut, or a module makes it when it runs. What it reads is not seen, and that is said. A schema that a variable
// holds is none of these: what that may be is followed, but where the variable is given what its class was given (isReflected).

// unseenSchema notes a call of a schema's method of which nothing is known.
func (x *interp) unseenSchema(v value, call pysyntax.Node) {
	name, ok := pymodule.DottedName(x.t, x.t.Child(x.t.Child(call, pysyntax.FieldFunction), pysyntax.FieldObject))
	switch {
	case ok && isClassName(name):
		x.unseenBy(v, name, call)
	case ok && x.isReflected(name):
		x.unnamed(v, call, "may read it by a schema that only running code knows", AllBehind)
		x.unseenAs(v, name+" is a schema that only running code knows", "load what it reads, or name the schema", call)
	}
}

// reflections are what code asks a generic schema by for the schema that it was given.
var reflections = []string{"model_fields", "__args__", "get_args(", "__pydantic_generic_metadata__", "__orig_class__", "get_type_hints("}

// isReflected reports whether a name of this function is a type that is looked up when the function runs:
// item = cls.model_fields["items"].annotation.__args__[0].
func (x *interp) isReflected(name string) bool {
	f := x.u.key.fn
	if f == nil {
		return false
	}
	for n := range assignments(x.t, f.Body, name) {
		value := x.t.Text(x.t.Child(n, pysyntax.FieldRight))
		if slices.ContainsFunc(reflections, func(by string) bool { return strings.Contains(value, by) }) {
			return true
		}
	}
	return false
}

// unseenModel notes a type that a response model or a field says and that stands nowhere. One of a library is most often
// none that reads objects.
func (x *interp) unseenModel(v value, typ *pymodule.Type, s typeScope, at pysyntax.Node) {
	if isClassName(typ.Name) && (s.class == nil || !slices.Contains(x.a.g.TypeParams(s.class), typ.Name)) {
		if s.class != nil && len(x.a.forwards().schemas[typ.Name]) > 1 {
			x.unnamed(v, at, "may read it by the schema "+typ.Name+", and several are called so", AllBehind)
			x.unseenAs(v, "several schemas are called "+typ.Name+", and nothing says which is meant", "load what it reads, or import the schema where it is named", at)
			return
		}
		x.unseenBy(v, typ.Name, at)
	}
}

func (x *interp) unseenBy(v value, schema string, at pysyntax.Node) {
	x.unnamed(v, at, "may read it by the schema "+schema+", which is not among the files", AllBehind)
	x.unseenAs(v, "nothing that was read has the schema "+schema, "load what it reads, or read the files that have it, too", at)
}

func (x *interp) unseenAs(v value, reason, advice string, at pysyntax.Node) {
	for _, c := range x.relatedClasses(flatten(v)) {
		x.out.blind = append(x.out.blind, &blind{x.m, at, reason, advice, c})
	}
}

// isClassName reports whether a dotted name ends as those of classes do.
func isClassName(name string) bool {
	first, _ := utf8.DecodeRuneInString(pymodule.Last(name))
	return unicode.IsUpper(first)
}
