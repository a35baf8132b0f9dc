package loadflow

import (
	"slices"

	"github.com/lazyfix/lazyfix/rewrite/internal/pysyntax"
)

// unbound is a method that is read off its class, Order.total(order), map(Order.total, orders), {"total": Order.total}: its first
// argument is what it is called on. It gives the objects of its class among what that argument may be, and the arguments behind it;
// nothing where there is none: a class method gets its class, and a hybrid method of the class gets what its expression is made of.
func (x *interp) unbound(c *atom, args *arguments) (value, *arguments) {
	if len(c.self) == 0 || !isMethod(c.fn) || isClassMethod(c.fn) || c.fn.Decorator("hybrid_method") != pysyntax.Nil ||
		slices.ContainsFunc(c.self, func(s *atom) bool { return s.kind != classRef }) {
		return nil, nil
	}
	first, rest := args.star, *args
	if len(args.pos) > 0 {
		first, rest.pos = args.pos[0], args.pos[1:]
		rest.posNodes = args.posNodes[min(1, len(args.posNodes)):]
	}
	var self value
	for _, a := range first {
		switch {
		case a.kind != object && a.kind != instance:
		case x.a.g.IsSubclass(a.class, c.fn.Class):
			self = join(self, one(a))
		case a.kind == object && x.a.g.IsSubclass(c.fn.Class, a.class): // of a query of the base
			self = join(self, one(x.a.t.object(c.fn.Class, a.origin, a.path)))
		}
	}
	return self, &rest
}

// callUnbound calls such a method. Where its object is given by position, the others stand one further.
func (x *interp) callUnbound(c *atom, self value, args, rest *arguments, n pysyntax.Node) (out value) {
	before := x.unboundAt
	if len(args.pos) > 0 {
		x.unboundAt = n
	}
	for _, a := range self {
		out = join(out, x.callOuter(c.fn, one(a), rest, n, c.unit))
	}
	x.unboundAt = before
	return out
}
