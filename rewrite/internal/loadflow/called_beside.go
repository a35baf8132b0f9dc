package loadflow

import (
	"slices"

	"github.com/lazyfix/lazyfix/rewrite/internal/pysyntax"
)

// calledBeside is what an attribute gives that holds something else beside functions of the program, where it is called: an
// attrgetter() in one column and a lambda in the next, an instance with a __call__.
//
//	COLUMNS = [Column("customer", attrgetter("customer.name")), Column("items", lambda order: len(order.items))]
//	[column.value(order) for column in COLUMNS]
func (x *interp) calledBeside(callee value, args *arguments, at pysyntax.Node) value {
	others := slices.DeleteFunc(slices.Clone(callee), func(a *atom) bool {
		return a.kind != instance && (a.kind != external || !isCallable(a))
	})
	return x.callValue(others, args, at)
}
