package loadflow

import (
	"strconv"
	"strings"

	"github.com/lazyfix/lazyfix/rewrite/internal/pysyntax"
)

// What a called function does to columns of its arguments says what is read of what has expired, and what a flush expires:
//
//	order.touch()                 # self.number += 1: the next flush expires what has an SQL onupdate
//	await session.commit()
//	return as_dict(order)         # reads order.updated_at
//
// Of what a parameter brings a function notes the columns that an UPDATE may leave to be read again, and one more: a rollback
// expires all alike. Such a read is said at the call.
//
// Limits: what the function reads of a parameter once it has flushed, refreshed or expired something of it is its own.

// noteRead notes that a column is read of an object as a parameter brought it.
func (x *interp) noteRead(a *atom, name string, at pysyntax.Node) {
	if a.path != nil || a.origin.unit.id != x.u.key.id || x.u.key.fn == nil || !x.isStored(a, name) {
		return
	}
	param := strconv.Itoa(a.origin.param) + ":"
	queried, _ := x.a.queriedColumn(a.class, name)
	if x.a.expiring(a.class)[name] == "" && !queried {
		for _, read := range strings.Split(x.out.effect.reads, ",") {
			if other, ok := strings.CutPrefix(read, param); ok && x.a.expiring(a.class)[other] == "" {
				return
			}
		}
	}
	x.out.effect.reads = bothSets(x.out.effect.reads, param+name)
}

// isStored reports whether an attribute is a column, or is computed by one.
func (x *interp) isStored(a *atom, name string) bool {
	queried, _ := x.a.queriedColumn(a.class, name)
	return queried || x.a.isColumn(a.class, name)
}

// readArguments reads what a called function reads of the caller's objects.
func (x *interp) readArguments(reads string, args []value, n pysyntax.Node) {
	if reads == "" || x.awaiting != "" || spawnsIn(x.t, n) != "" {
		return
	}
	for _, read := range strings.Split(reads, ",") {
		param, name, _ := strings.Cut(read, ":")
		i, _ := strconv.Atoi(param)
		if i >= len(args) {
			continue
		}
		for _, a := range args[i] {
			if a.kind == object && a.path == nil && x.isStored(a, name) {
				x.readColumn(a, name, n)
			}
		}
	}
}

// noteWrite notes that a column of what a parameter brought is set, or what sets one.
func (x *interp) noteWrite(a *atom, name string) {
	if name == anyColumn || x.a.isColumn(a.class, name) || x.a.ix.Relationship(a.class, name) != nil {
		x.out.effect.writes |= x.parameters(one(a))
	}
}

// writeArguments sets a column of the caller's objects.
func (x *interp) writeArguments(v value) {
	for _, a := range flatten(v) {
		if a.kind == object && a.path == nil {
			x.setColumnLater(a, anyColumn, false)
		}
	}
}
