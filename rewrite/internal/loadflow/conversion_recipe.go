package loadflow

import (
	"bytes"

	"github.com/lazyfix/lazyfix/rewrite/internal/pymodule"
	"github.com/lazyfix/lazyfix/rewrite/internal/pysyntax"
)

// What adaptix is told beside the types, in the recipe of a converter, and cattrs by its hooks:
//
//	link_function(lambda order: order.customer.name, P[OrderOut].customer_name)  # the field is what the function gives
//	link(P[Order].customer, P[OrderOut].customer_name)                           # the field is read from another attribute
//	coercer(Product, str, lambda product: product.category.name)                 # what the attribute gives, a Product, becomes a str
//	converter.register_unstructure_hook(Item, lambda item: item.product.name)
//
// Whose recipe it stands in is not asked: it says the class of what it is for.

// readsByRecipe reports whether a program uses adaptix or cattrs.
func readsByRecipe(g *pymodule.Graph) bool {
	for _, m := range g.Modules {
		if text := m.Tree.Source(); bytes.Contains(text, []byte("adaptix")) || bytes.Contains(text, []byte("cattr")) {
			return true
		}
	}
	return false
}

// recipe is the key of what is said for a field of a class or, without one, for the class.
func recipe(kind string, c *pymodule.Class, field string) fieldKey {
	return fieldKey{class: c, name: "recipe " + kind + " " + field}
}

// predicate is the class and the field of P[OrderOut].customer_name; nil for any other expression.
func (x *interp) predicate(n pysyntax.Node) (c *pymodule.Class, field string) {
	of := x.t.Child(n, pysyntax.FieldObject)
	if x.t.Kind(n) != pysyntax.Attribute || x.t.Kind(of) != pysyntax.Subscript {
		return nil, ""
	}
	return classOf(x.quiet(x.t.Child(of, pysyntax.FieldSubscript))), x.t.Text(x.t.Child(n, pysyntax.FieldAttribute))
}

// linkedFunction is link_function(f, P[OrderOut].customer_name).
func linkedFunction(x *interp, args *arguments, _ pysyntax.Node) value {
	if c, field := x.predicate(args.node(1, "dst")); c != nil {
		x.put(recipe("function", c, field), args.get(0, "func"))
	}
	return nil
}

// linked is link(P[Order].customer, P[OrderOut].customer_name, coercer=f).
func linked(x *interp, args *arguments, _ pysyntax.Node) value {
	_, source := x.predicate(args.node(0, "src"))
	if c, field := x.predicate(args.node(1, "dst")); c != nil && source != "" {
		x.put(recipe("source", c, field), one(x.a.t.word(source)))
		x.put(recipe("coercer", c, field), args.kw["coercer"])
	}
	return nil
}

// coerced is coercer(Product, str, f).
func coerced(x *interp, args *arguments, _ pysyntax.Node) value {
	if c := classOf(args.get(0, "src")); c != nil {
		x.put(recipe("class", c, ""), args.get(2, "func"))
	}
	return nil
}

// readByRecipe reads from an object what recipes say of a field that a class reads from it, beside what that field is called. Got
// is what it found by its name.
func (x *interp) readByRecipe(o *atom, c *pymodule.Class, f schemaField, got []value, at pysyntax.Node) []value {
	if !x.a.readsByRecipe() || o.kind != object {
		return got
	}
	if functions := x.keptAt(recipe("function", c, f.Name)); len(functions) > 0 {
		x.callValue(functions, &arguments{pos: []value{one(o)}, more: true}, at)
	}
	for _, source := range wordsIn(x.keptAt(recipe("source", c, f.Name))) {
		v := x.member(one(o), source, at)
		if hook := x.keptAt(recipe("coercer", c, f.Name)); hasObject(v) && len(hook) > 0 {
			x.callValue(hook, &arguments{pos: []value{v}, more: true}, at)
		}
		got = append(got, v)
	}
	for _, v := range got {
		x.hooked("class", v, at)
	}
	return got
}

// hooked calls what is said of the classes of the objects in v.
func (x *interp) hooked(kind string, v value, at pysyntax.Node) {
	for _, a := range encoded(v) {
		for base := range x.a.g.Lineage(a.class) {
			if hook := x.keptAt(recipe(kind, base, "")); len(hook) > 0 {
				x.callValue(hook, &arguments{pos: []value{one(a)}, more: true}, at)
				break
			}
		}
	}
}
