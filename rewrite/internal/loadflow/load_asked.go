package loadflow

import (
	"slices"
	"strings"

	"github.com/lazyfix/lazyfix/rewrite/internal/pymodule"
	"github.com/lazyfix/lazyfix/rewrite/internal/pysyntax"
)

// What a condition says of which attributes are loaded, by the ways in which SQLAlchemy is asked for that without loading:
//
//	"items" in order.__dict__, vars(order), inspect(order).dict
//	"items" not in inspect(order).unloaded
//	inspect(order).attrs.items.loaded_value is not NO_VALUE
//	order.__dict__.get("items")
//
// and by functions that answer so: def is_loaded(self, name): return name in self.__dict__. What stands under a name counts where
// the function gives that name one value: state = inspect(order). Read from the source alone, as the values of all these are
// nobody else's business: a value of its own for the state of an object would have to be carried through containers and calls.

// maxAsked bounds how deep conditions lead into each other, by names and by functions.
const maxAsked = 6

// loadAsked reads the conditions of one function.
type loadAsked struct {
	t       *pysyntax.Tree
	fn      *pymodule.Function // nil at module level
	callees func(call pysyntax.Node) []*pymodule.Function
	depth   int
}

// loadAsked reads the conditions of a function outside of what it is run with: what it calls is known by its name.
func (a *analysis) loadAsked(f *pymodule.Function) loadAsked {
	t := f.Module.Tree
	return loadAsked{t: t, fn: f, callees: func(call pysyntax.Node) []*pymodule.Function {
		return a.answering(pymodule.Last(t.Text(t.Callee(call))))
	}}
}

// isLoaded are the attributes that are loaded if a condition holds, or if it does not: "order.items?", and "order.*name?" where a
// name says which one.
func (q loadAsked) isLoaded(n pysyntax.Node, holds bool) []string {
	if q.depth++; q.depth > maxAsked || n == pysyntax.Nil {
		return nil
	}
	t := q.t
	switch t.Kind(n) {
	case pysyntax.ParenthesizedExpression:
		return q.isLoaded(t.First(n), holds)
	case pysyntax.NotOperator:
		return q.isLoaded(t.Child(n, pysyntax.FieldArgument), !holds)
	case pysyntax.Identifier:
		return q.isLoaded(q.named(n), holds)
	case pysyntax.BooleanOperator:
		l, r := t.Child(n, pysyntax.FieldLeft), t.Child(n, pysyntax.FieldRight)
		left, right := q.isLoaded(l, holds), q.isLoaded(r, holds)
		if isAnd(t, n) == holds {
			return append(left, right...)
		}
		return slices.DeleteFunc(left, func(key string) bool { return !slices.Contains(right, key) })
	case pysyntax.ComparisonOperator:
		return q.compared(n, holds)
	case pysyntax.Call:
		if key := q.gotFromDict(n); key != "" && holds {
			return []string{key}
		}
		return q.answered(n, holds)
	}
	return nil
}

// isAnd reports whether a BooleanOperator is `and`.
func isAnd(t *pysyntax.Tree, n pysyntax.Node) bool {
	return between(t, t.Child(n, pysyntax.FieldLeft), t.Child(n, pysyntax.FieldRight)) == "and"
}

// between is what stands between two operands.
func between(t *pysyntax.Tree, left, right pysyntax.Node) string {
	return strings.Join(strings.Fields(strings.Trim(string(t.Source()[t.End(left):t.Start(right)]), "() \n")), " ")
}

// compared is "items" in order.__dict__, and its like.
func (q loadAsked) compared(n pysyntax.Node, holds bool) []string {
	t := q.t
	sides := slices.Collect(t.Children(n))
	if len(sides) != 2 {
		return nil
	}
	left, right := sides[0], sides[1]
	operator := between(t, left, right)
	negated := operator == "not in" || operator == "is not" || operator == "!="
	var key string
	switch operator {
	case "in", "not in":
		of, loaded := q.named(right), true
		holder := q.dictOf(of)
		if holder == "" {
			holder, loaded = q.unloadedOf(of), false
		}
		key, negated = asKey(holder, q.name(left)), negated == loaded
	case "is", "is not", "==", "!=":
		switch pymodule.Last(t.Text(right)) {
		case "NO_VALUE":
			key = q.valueOf(left)
		case "None":
			key = q.gotFromDict(q.named(left))
		}
		negated = !negated
	}
	if key == "" || negated == holds {
		return nil
	}
	return []string{key}
}

// asKey is how it is kept that an attribute of what holder spells is loaded: a key of no name, but one that goes where attributes
// of the holder are forgotten (env.go).
func asKey(holder, name string) string {
	if holder == "" || name == "" {
		return ""
	}
	return holder + "." + name + "?"
}

// name is the name of an attribute: what a string says, or behind * what a variable does.
func (q loadAsked) name(n pysyntax.Node) string {
	if q.t.Kind(n) == pysyntax.Identifier {
		return "*" + q.t.Text(n)
	}
	return pymodule.StringValue(q.t, n)
}

// named is the expression that a name stands for, the name itself where the function binds it in another way or more than once, or
// binds again what stands in the expression.
func (q loadAsked) named(n pysyntax.Node) pysyntax.Node {
	t := q.t
	if t.Kind(n) != pysyntax.Identifier || q.fn == nil || q.fn.ParamIndex(t.Text(n)) >= 0 {
		return n
	}
	bound := bindings(q.fn, t.Text(n))
	if len(bound) != 1 {
		return n
	}
	value := t.Child(bound[0], pysyntax.FieldRight)
	if t.Kind(bound[0]) == pysyntax.NamedExpression {
		value = t.Child(bound[0], pysyntax.FieldValue)
	} else if t.Kind(bound[0]) != pysyntax.Assignment || t.Kind(t.Child(bound[0], pysyntax.FieldLeft)) != pysyntax.Identifier {
		return n
	}
	for c := range t.Within(value) {
		if t.Kind(c) != pysyntax.Identifier || t.Field(c) == pysyntax.FieldAttribute {
			continue
		}
		times := len(bindings(q.fn, t.Text(c)))
		if q.fn.ParamIndex(t.Text(c)) >= 0 {
			times++
		}
		if times > 1 {
			return n
		}
	}
	if value == pysyntax.Nil {
		return n
	}
	return value
}

// gotFromDict is what order.__dict__.get("items") is the value of: with another default than None it says nothing.
func (q loadAsked) gotFromDict(n pysyntax.Node) string {
	t := q.t
	fn, given := t.Child(n, pysyntax.FieldFunction), t.Child(n, pysyntax.FieldArguments)
	if t.Kind(n) != pysyntax.Call || t.Text(t.Child(fn, pysyntax.FieldAttribute)) != "get" {
		return ""
	}
	if instead := t.Nth(given, 1); instead != pysyntax.Nil && t.Kind(instead) != pysyntax.None {
		return ""
	}
	return asKey(q.dictOf(q.named(t.Child(fn, pysyntax.FieldObject))), q.name(t.First(given)))
}

// dictOf is what holds the attributes that a dictionary has: order of order.__dict__, "" for any other expression.
func (q loadAsked) dictOf(n pysyntax.Node) string {
	t := q.t
	switch t.Kind(n) {
	case pysyntax.Attribute:
		of := t.Child(n, pysyntax.FieldObject)
		switch t.Text(t.Child(n, pysyntax.FieldAttribute)) {
		case "__dict__":
			holder, _ := pymodule.DottedName(t, of)
			return holder
		case "dict":
			return q.stateOf(of)
		}
	case pysyntax.Call:
		fn := t.Child(n, pysyntax.FieldFunction)
		if t.Text(t.Child(fn, pysyntax.FieldAttribute)) == "keys" {
			return q.dictOf(q.named(t.Child(fn, pysyntax.FieldObject)))
		}
		if name := pymodule.Last(t.Text(fn)); name == "vars" || name == "instance_dict" {
			return q.onlyArgument(n)
		}
	}
	return ""
}

// unloadedOf is order of inspect(order).unloaded.
func (q loadAsked) unloadedOf(n pysyntax.Node) string {
	if q.t.Text(q.t.Child(n, pysyntax.FieldAttribute)) != "unloaded" {
		return ""
	}
	return q.stateOf(q.t.Child(n, pysyntax.FieldObject))
}

// stateOf is order of inspect(order), instance_state(order), order._sa_instance_state, and a name for one of them. What the function
// is called does not matter: nothing else has .unloaded or .loaded_value.
func (q loadAsked) stateOf(n pysyntax.Node) string {
	t := q.t
	switch n = q.named(n); t.Kind(n) {
	case pysyntax.Attribute:
		if t.Text(t.Child(n, pysyntax.FieldAttribute)) == "_sa_instance_state" {
			holder, _ := pymodule.DottedName(t, t.Child(n, pysyntax.FieldObject))
			return holder
		}
	case pysyntax.Call:
		return q.onlyArgument(n)
	}
	return ""
}

// onlyArgument is the dotted name that is passed to a call, "" where anything else is.
func (q loadAsked) onlyArgument(call pysyntax.Node) string {
	args := slices.Collect(q.t.Children(q.t.Child(call, pysyntax.FieldArguments)))
	if len(args) == 0 {
		return ""
	}
	holder, _ := pymodule.DottedName(q.t, args[0])
	return holder
}

// valueOf is what inspect(order).attrs.items.loaded_value, and .attrs["items"].loaded_value, is the value of.
func (q loadAsked) valueOf(n pysyntax.Node) string {
	t := q.t
	n = q.named(n)
	if t.Text(t.Child(n, pysyntax.FieldAttribute)) != "loaded_value" {
		return ""
	}
	var attrs pysyntax.Node
	name := ""
	switch of := q.named(t.Child(n, pysyntax.FieldObject)); t.Kind(of) {
	case pysyntax.Attribute:
		attrs, name = t.Child(of, pysyntax.FieldObject), t.Text(t.Child(of, pysyntax.FieldAttribute))
	case pysyntax.Subscript:
		attrs, name = t.Child(of, pysyntax.FieldValue), q.name(t.Child(of, pysyntax.FieldSubscript))
	}
	if attrs = q.named(attrs); t.Text(t.Child(attrs, pysyntax.FieldAttribute)) != "attrs" {
		return ""
	}
	return asKey(q.stateOf(t.Child(attrs, pysyntax.FieldObject)), name)
}
