package loadflow

import (
	"strconv"
	"strings"

	"github.com/lazyfix/lazyfix/rewrite/internal/pymodule"
	"github.com/lazyfix/lazyfix/rewrite/internal/pysyntax"
)

// Python calls methods that no call spells: `if order` calls __bool__, `order in customer` __contains__, `a < b` and
// sorted() __lt__. They are run here where a class of the program defines them; what every object has reads nothing.

// special runs, of each object and instance in v, the first of some methods that its class has.
func (x *interp) special(v value, args []value, at pysyntax.Node, names ...string) value {
	var out value
	for _, a := range v {
		if a.kind != object && a.kind != instance {
			continue
		}
		for _, name := range names {
			if f := x.method(a.class, name); f != nil {
				out = join(out, x.callMethods(a.class, f, one(a), &arguments{pos: args}, at))
				break
			}
		}
	}
	return out
}

// itemOf is a subscript n of an instance: a field of a named tuple or a TypedDict, or what __getitem__ gives, or __missing__ of a
// dictionary beside what that has.
func (x *interp) itemOf(a *atom, index pysyntax.Node, key value, n pysyntax.Node) value {
	if a.kind == instance {
		if i, err := strconv.Atoi(x.t.Text(index)); err == nil && x.a.tupleFields(a.class) != nil {
			return x.nth(one(a), i, n)
		}
		if name := pymodule.StringValue(x.t, index); name != "" && x.a.inherits(a.class, "TypedDict") {
			return x.instanceMember(a, name, n)
		}
	}
	if x.method(a.class, "__getitem__") == nil {
		items := x.itemsOf(a)
		var out value
		if x.givesMissing(a) {
			out = x.calledForItem(a, "__missing__", index, key, n)
		}
		if name := pymodule.StringValue(x.t, index); name != "" && hasMapping(items) {
			return join(out, items[0].under(name))
		}
		return join(out, x.elements(items))
	}
	given := x.calledForItem(a, "__getitem__", index, key, n)
	if x.t.Kind(index) == pysyntax.Slice {
		given = x.slicedOwn(given)
	}
	return given
}

// tested asks whether v is true.
func (x *interp) tested(v value, at pysyntax.Node) {
	x.special(v, nil, at, "__bool__", "__len__")
}

// comparisons are the method behind a comparison, and the one behind it as its right side sees it.
var comparisons = map[string][2]string{
	"<": {"__lt__", "__gt__"}, "<=": {"__le__", "__ge__"}, ">": {"__gt__", "__lt__"}, ">=": {"__ge__", "__le__"},
	"==": {"__eq__", "__eq__"}, "!=": {"__ne__", "__ne__"},
}

// comparison is `a < b <= c`, `a in b`.
func (x *interp) comparison(n pysyntax.Node) {
	t := x.t
	before, left := pysyntax.Nil, value(nil)
	for c := range t.Children(n) {
		v := x.eval(c)
		if before != pysyntax.Nil && len(left)+len(v) > 0 {
			operator := strings.Join(strings.Fields(string(t.Source()[t.End(before):t.Start(c)])), " ")
			x.compared(operator, left, v, n)
		}
		if before != pysyntax.Nil && len(v) > 0 && strings.HasSuffix(between(t, before, c), "in") {
			x.askedFor(before, left, v, n)
		}
		before, left = c, v
	}
}

// compared asks the left side, and the right one where the left cannot say.
func (x *interp) compared(operator string, left, right value, at pysyntax.Node) {
	if operator == "in" || operator == "not in" {
		x.contained(left, right, at)
		return
	}
	methods, ok := comparisons[operator]
	if !ok {
		return
	}
	sides := [2][2]value{{left, right}, {right, left}}
	for i, side := range sides {
		names := []string{methods[i]}
		switch operator {
		case "==":
		case "!=":
			names = append(names, "__eq__")
		default: // functools.total_ordering makes all of one of them
			names = append(names, "__lt__", "__gt__", "__le__", "__ge__")
		}
		if x.defines(side[0], names) {
			x.special(side[0], []value{side[1]}, at, names...)
			return
		}
	}
}

// defines reports whether the class of something in v has one of some methods.
func (x *interp) defines(v value, names []string) bool {
	for _, a := range v {
		if a.kind != object && a.kind != instance {
			continue
		}
		for _, name := range names {
			if x.method(a.class, name) != nil {
				return true
			}
		}
	}
	return false
}

// contained is `member in holder`: what has no __contains__ is iterated, and what stands in a container is asked whether it
// is the member.
func (x *interp) contained(member, holder value, at pysyntax.Node) {
	for _, a := range holder {
		switch a.kind {
		case object, instance:
			if x.method(a.class, "__contains__") != nil {
				x.special(one(a), []value{member}, at, "__contains__")
			} else {
				x.iterate(one(a), at)
			}
		case collection, tuple, mapping:
			x.compared("==", x.iterate(one(a), at), member, at)
		}
	}
}

// ordered puts elements in order, by the key= of a call if it has one; at is where that may stand by position, or -1.
func (x *interp) ordered(elem value, args *arguments, at int, n pysyntax.Node) {
	if key := args.node(at, "key"); key != pysyntax.Nil {
		elem = x.apply(key, []value{elem})
	}
	x.compared("<", elem, elem, n)
}

// operators are the methods behind operators between two values.
var operators = map[string]string{
	"+": "__add__", "-": "__sub__", "*": "__mul__", "/": "__truediv__", "//": "__floordiv__", "%": "__mod__", "|": "__or__",
	"&": "__and__", "^": "__xor__", "@": "__matmul__", "**": "__pow__", "<<": "__lshift__", ">>": "__rshift__",
}
