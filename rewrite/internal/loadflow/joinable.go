package loadflow

import (
	"strings"

	"github.com/lazyfix/lazyfix/rewrite/internal/pysyntax"
)

// unjoinable marks, among a statement's options, that it does what a joined load does not go with (facts of SQLAlchemy): it
// locks rows, and PostgreSQL locks none of the nullable side of a join; it groups by columns or leaves out duplicates, of
// which a join adds columns; it streams; or its columns are said by another statement.
const unjoinable = "|"

// barsJoins are the methods of statements that do so.
var barsJoins = map[string]bool{
	"with_for_update": true, "distinct": true, "group_by": true, "having": true, "from_statement": true, "yield_per": true,
	"returning": true, "with_only_columns": true,
}

// barJoins marks a statement that a method, or its execution, has made one that takes no joined load.
func (x *interp) barJoins(s *stmt, n pysyntax.Node) {
	if x.a.t.joins {
		s.opts = x.a.t.withOptions(s.opts, one(x.a.t.option(&loaderOption{mod: x.m, fn: x.u.key.fn.Def(), node: n, wild: unjoinable})))
	}
}

// streams reports whether a statement is executed row by row.
func (x *interp) streams(name string, n pysyntax.Node) bool {
	return strings.HasPrefix(name, "stream") || x.t.Spells(x.t.Child(n, pysyntax.FieldArguments), "yield_per")
}

// joinable reports whether a joined load may be added.
func (o *optionSet) joinable() bool {
	for _, a := range o.atoms() {
		if a.kind == option && a.opt.wild == unjoinable {
			return false
		}
	}
	return true
}
