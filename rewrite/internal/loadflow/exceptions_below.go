package loadflow

import "github.com/lazyfix/lazyfix/rewrite/internal/pymodule"

// Who handles an exception mostly names a base of what is raised:
//
//	raise OutOfStock(order)          @app.exception_handler(Refused)
//	                                 async def refused(request, exc): return [i.id for i in exc.order.items]
//
// Nobody is seen to pass it, as one does the argument of a function, so that the base says all that is known of it: its attributes are
// those that the exceptions below it keep, too.

// exceptionsAbove are the exceptions of the program that others are below, with these.
func (a *analysis) exceptionsAbove() map[*pymodule.Class][]*pymodule.Class {
	out := map[*pymodule.Class][]*pymodule.Class{}
	for _, m := range a.g.Modules {
		for _, c := range m.Classes {
			if below := a.g.Subclasses(c); len(below) > 0 && a.isException(c) {
				out[c] = below
			}
		}
	}
	return out
}

// heldBelow is what the exceptions below the class of an instance keep in an attribute. One that is seen to be made is none of them.
func (x *interp) heldBelow(a *atom, name string) value {
	if len(a.entries) > 0 {
		return nil
	}
	var out value
	for _, c := range x.a.exceptionBases()[a.class] {
		out = join(out, x.field(c, name))
	}
	return out
}
