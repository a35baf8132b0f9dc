package loadflow

import (
	"slices"

	"github.com/lazyfix/lazyfix/rewrite/internal/pysyntax"
)

// maxAdded bounds the columns that are added to a statement after its site. A loop adds any number of them, and the same statement
// with one more would be another one: in each round of the loop, and of those that call it. Nothing is known of such a column, no more
// than of a place behind the last one, so that what is over the bound says something only of a row that is counted from its end.
const maxAdded = 2

// added are the entities of a statement with n more behind them: those that come to a statement after its site. Their objects are of
// the same site but cannot be given options, so that they count as nothing known.
func added(ents []Entity, n int) []Entity {
	there := 0
	for i := len(ents) - 1; i > 0 && ents[i].Class == nil; i-- {
		there++
	}
	ents = slices.Clone(ents)
	for ; n > 0 && there < maxAdded; n-- {
		ents = append(ents, Entity{Expr: pysyntax.Nil})
		there++
	}
	return ents
}
