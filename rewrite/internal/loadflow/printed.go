package loadflow

import (
	"slices"
	"strings"

	"github.com/lazyfix/lazyfix/rewrite/internal/pymodule"
	"github.com/lazyfix/lazyfix/rewrite/internal/pysyntax"
)

// An object that becomes text runs what its class has for that: f"{order}", str(order), print(order), "%s" % order.

var (
	formatMethods = []string{"__format__", "__str__", "__repr__"}
	stringMethods = []string{"__str__", "__repr__"}
	reprMethods   = []string{"__repr__"}
)

// printed runs the first of some methods that the class of an object has. Of what stands in a container __repr__ is asked.
// What such a method makes text of in its turn is not followed behind a relationship: models that print each other would be
// read over all ways between them.
func (x *interp) printed(v value, methods []string, n pysyntax.Node) {
	inside := x.u.key.fn != nil && slices.Contains(formatMethods, x.u.key.fn.Name)
	for _, a := range v {
		switch a.kind {
		case object, instance:
			if inside && a.path != nil {
				continue
			}
			x.special(one(a), nil, n, methods...)
			if !slices.ContainsFunc(methods, func(name string) bool { return x.method(a.class, name) != nil }) {
				x.readDataclass(one(a), true, n)
			}
		case collection, tuple:
			x.printedIn(a, n)
		}
	}
}

func (x *interp) printedIn(container *atom, n pysyntax.Node) {
	for _, a := range x.elements(one(container)) {
		if a.kind == object || a.kind == instance { // no containers in each other
			x.printed(one(a), reprMethods, n)
		}
	}
}

// printedBy is "%s of %s" % (order, order.customer), and "%(order)s" % {"order": order}.
func (x *interp) printedBy(v value, n pysyntax.Node) {
	for _, a := range v {
		switch a.kind {
		case tuple:
			for _, e := range a.elems {
				x.printed(e, stringMethods, n)
			}
		case mapping:
			x.printed(a.elem, stringMethods, n)
			for _, e := range a.entries {
				if e.name != ofObject {
					x.printed(e.value, stringMethods, n)
				}
			}
		default:
			x.printed(one(a), stringMethods, n)
		}
	}
}

// interpolated is {order} in an f-string.
func (x *interp) interpolated(n pysyntax.Node, v value) {
	methods := formatMethods
	switch x.t.Text(x.t.Child(n, pysyntax.FieldTypeConversion)) {
	case "!r", "!a":
		methods = reprMethods
	case "!s":
		methods = stringMethods
	}
	x.printed(v, methods, n)
}

// logged is logger.info("got %s", order): every argument behind the text becomes text.
func (x *interp) logged(fn pysyntax.Node, name string, args *arguments, n pysyntax.Node) {
	switch name {
	case "debug", "info", "warning", "error", "exception", "critical":
	default:
		return
	}
	if owner, ok := pymodule.DottedName(x.t, x.t.Child(fn, pysyntax.FieldObject)); ok && strings.Contains(strings.ToLower(pymodule.Last(owner)), "log") {
		for _, v := range args.pos {
			x.printed(v, stringMethods, n)
		}
	}
}
