package loadflow

import (
	"strconv"
	"strings"

	"github.com/lazyfix/lazyfix/rewrite/internal/pysyntax"
)

// What a loop goes over is evaluated once, and a rollback in its body expires what the next round takes of it:
//
//	for job in (await session.scalars(select(Job))).all():
//		try:
//			await send(job.name)
//			await session.commit()
//		except SendError:
//			await session.rollback()
//
// So behind a rollback the environment has it too, under a key of its own. No other call of a session is done to it: what add() and
// commit() do to one object, they do not do to the next.

const overPrefix = "<over "

func overKey(loop pysyntax.Node) string { return overPrefix + strconv.Itoa(int(loop)) + ">" }

func isOver(key string) bool { return strings.HasPrefix(key, overPrefix) }

// overNow is what a loop goes over, in the round that begins.
func (x *interp) overNow(loop pysyntax.Node, over value) value {
	if len(x.env[onTheWay]) == 0 || !hasObject(over) {
		return over
	}
	key := overKey(loop)
	over = join(over, x.env[key])
	x.env[key] = over
	return over
}

// transformAll is transform of what loops go over, too.
func (x *interp) transformAll(change func(a *atom, holder string) *atom) {
	x.transform(change)
	if len(x.env[onTheWay]) == 0 { // then no loop has one
		return
	}
	for _, key := range sortedKeys(x.env) {
		if isOver(key) {
			x.env[key] = x.transformed(x.env[key], key, change, x.changing(key, change))
		}
	}
}

// overIn reports whether a block has a loop, and gives values to all names of objects that the loop goes over.
func (x *interp) overIn(block pysyntax.Node, key string, call pysyntax.Node) bool {
	t := x.t
	n, err := strconv.Atoi(strings.TrimSuffix(strings.TrimPrefix(key, overPrefix), ">"))
	if loop := pysyntax.Node(n); err == nil && t.Contains(block, loop) {
		for name := range t.Within(t.Child(loop, pysyntax.FieldRight)) {
			if t.Kind(name) == pysyntax.Identifier && hasObject(x.env[t.Text(name)]) && !x.bindsIn(block, t.Text(name), call) {
				return false
			}
		}
		return true
	}
	return false
}
