package loadflow

import (
	"slices"

	"github.com/lazyfix/lazyfix/rewrite/internal/pymodule"
)

// takenFor reports whether a class that is handed where a Protocol is asked for has its methods, whatever their parameters are called,
// and is none of those that a call of the protocol is followed to as it is.
func (a *analysis) takenFor(c, protocol *pymodule.Class) bool {
	return a.g.TakesAlike(c, protocol) && !slices.Contains(a.g.Subclasses(protocol), c)
}

// A dependency that looks up by a name that only running code knows gives anything of where it looks, and the annotation says what
// of it: service: OrderService = Inject(OrderService), where Inject() ends in getattr(container, name).

// asProtocol leaves of what a framework gives to a parameter what its annotation, a Protocol, can mean; all, where nothing that has the
// methods is among it.
func (a *analysis) asProtocol(declared, given value) value {
	if len(declared) != 1 || declared[0].kind != instance || len(given) < 2 || !a.g.IsProtocol(declared[0].class) {
		return given
	}
	protocol := declared[0].class
	fits := func(b *atom) bool {
		return a.related(b.class, protocol) || a.g.TakesAlike(b.class, protocol) || slices.Contains(a.g.Subclasses(protocol), b.class)
	}
	if !slices.ContainsFunc(given, func(b *atom) bool { return b.kind == instance && b.class != protocol && fits(b) }) {
		return given
	}
	return dropping(given, func(b *atom) bool { return b.kind == instance && !fits(b) })
}
