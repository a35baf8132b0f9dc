package loadflow

import (
	"slices"
	"strconv"
	"strings"

	"github.com/lazyfix/lazyfix/rewrite/internal/pymodule"
	"github.com/lazyfix/lazyfix/rewrite/internal/pysyntax"
)

// Fields of attrs have functions that the generated constructor calls: converter= gets the argument and gives what the attribute
// becomes, then validator= and the methods under @name.validator get the object, the attribute and that value.
//
//	lines: list = attrs.field(converter=lambda items: [i.product.name for i in items], validator=[not_empty])
//
// They run where the constructor is called (measured on attrs 25), and are taken to run for what is given there alone: a converter
// gets a default, too, and attrs.define has both run again where the attribute is set.

// attrsHook is the key of what one field, by the call that makes it, converts or validates with, the i-th of several.
func attrsHook(kind string, m *pymodule.Module, made pysyntax.Node, i int) fieldKey {
	return kept("attrs "+kind+" "+strconv.Itoa(i), placeID(m, made))
}

// maxHooks is how many converters or validators of one field are followed.
const maxHooks = 8

// attrsField is attrs.field(converter=..., validator=...), which gives the default.
func attrsField(x *interp, args *arguments, n pysyntax.Node) value {
	for _, kind := range []string{"converter", "validator"} {
		for i, hook := range x.attrsHooks(args.kwNodes[kind], 0) {
			if i < maxHooks {
				x.put(attrsHook(kind, x.m, n, i), x.quiet(hook))
			}
		}
	}
	return fieldDefault(x, args, n)
}

// attrsHooks are the functions that an argument spells, in order: f, [f, g], pipe(f, optional(g)).
func (x *interp) attrsHooks(n pysyntax.Node, depth int) []pysyntax.Node {
	within := pysyntax.Nil
	switch x.t.Kind(n) {
	case pysyntax.List, pysyntax.Tuple:
		within = n
	case pysyntax.Call:
		switch pymodule.Last(x.t.Text(x.t.Child(n, pysyntax.FieldFunction))) {
		case "pipe", "optional", "and_", "or_", "Converter":
			within = x.t.Child(n, pysyntax.FieldArguments)
		}
	}
	if within == pysyntax.Nil || depth > maxNesting {
		if n == pysyntax.Nil {
			return nil
		}
		return []pysyntax.Node{n}
	}
	var out []pysyntax.Node
	for c := range x.t.Children(within) {
		if x.t.Kind(c) != pysyntax.KeywordArgument && x.t.Kind(c) != pysyntax.Comment {
			out = append(out, x.attrsHooks(c, depth+1)...)
		}
	}
	return out
}

// hooksOf are the functions of one kind that a field of a class has, in order.
func (x *interp) hooksOf(c *pymodule.Class, field, kind string) []value {
	f := x.a.classMember(c, field).Variable
	if f == nil || f.Module.Tree.Kind(f.Value) != pysyntax.Call {
		return nil
	}
	var out []value
	for i := range maxHooks {
		if hook := x.keptAt(attrsHook(kind, f.Module, f.Value, i)); len(hook) > 0 { // of a library's nothing is known
			out = append(out, hook)
		}
	}
	return out
}

// attrsConverted are the arguments of a constructor as the converters of the fields make them.
func (x *interp) attrsConverted(c *pymodule.Class, args *arguments, n pysyntax.Node) *arguments {
	if !x.ofAttrs(c) {
		return args
	}
	out := *args
	out.pos, out.kw = slices.Clone(args.pos), map[string]value{}
	convert := func(field string, v value) value {
		for _, hook := range x.hooksOf(c, field, "converter") {
			v = x.callValue(hook, &arguments{pos: []value{v}}, n)
		}
		return v
	}
	for i, field := range x.a.dataFields(c) {
		if i < len(out.pos) && len(args.star) == 0 {
			out.pos[i] = convert(field, out.pos[i])
		}
	}
	for _, name := range sortedKeys(args.kw) {
		out.kw[name] = convert(x.attrsName(c, name), args.kw[name])
	}
	return &out
}

// attrsValidated runs the validators of the fields with what they were given.
func (x *interp) attrsValidated(made *atom, args *arguments, n pysyntax.Node) {
	c := made.class
	if !x.ofAttrs(c) {
		return
	}
	for i, field := range x.a.dataFields(c) {
		given := args.get(i, strings.TrimLeft(field, "_"))
		if len(given) == 0 {
			continue
		}
		for _, hook := range x.hooksOf(c, field, "validator") {
			x.callValue(hook, &arguments{pos: []value{one(made), nil, given}}, n)
		}
		for _, f := range x.validators(c) {
			if f.Decorator(field+".validator") != pysyntax.Nil {
				x.call(f, one(made), &arguments{pos: []value{nil, given}}, n)
			}
		}
	}
}

// attrsName is the field that an argument of a constructor is for: that of _name is called name.
func (x *interp) attrsName(c *pymodule.Class, argument string) string {
	if x.a.classMember(c, argument).Kind == pymodule.Unknown && x.a.classMember(c, "_"+argument).Kind != pymodule.Unknown {
		return "_" + argument
	}
	return argument
}

// ofAttrs reports whether a class may be one of attrs.
func (x *interp) ofAttrs(c *pymodule.Class) bool {
	for base := range x.a.g.Lineage(c) {
		if d := dataDecorator(base); d != pysyntax.Nil && pymodule.Last(base.Module.Tree.Text(base.Module.Tree.Callee(d))) != "dataclass" {
			return true
		}
	}
	return false
}
