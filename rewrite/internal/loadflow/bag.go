package loadflow

import "github.com/lazyfix/lazyfix/rewrite/internal/pymodule"

// What may be an object of many classes says nothing of any: who reads it means one of them, and which one is not to be
// seen.

// maxFieldClasses is how many mapped classes an attribute may hold objects of.
const maxFieldClasses = 12

// isBag reports whether an attribute holds objects of more: event.data, task.args.
func isBag(v value) bool { return len(classesIn(v, nil)) > maxFieldClasses }

// maxMade is how many mapped classes one call may make new objects of. Here a wrong guess would cost more than a query: a
// refresh with the names of another class's relationships fails.
const maxMade = 3

// withoutMade is what the methods give that a call may mean, without the new objects if each makes its own:
// creator.spec.build().
func (a *analysis) withoutMade(v value) value {
	isNew := func(x *atom) bool {
		_, from := history(x.origin)
		return x.path == nil && from == fromNew
	}
	if len(classesIn(v, isNew)) <= maxMade {
		return v
	}
	return a.rewrite(v, func(x *atom) []*atom {
		if x.kind == object && isNew(x) {
			return nil
		}
		return []*atom{x}
	})
}

// classesIn are the mapped classes of the objects in v, of those that only says, if it is given.
func classesIn(v value, only func(*atom) bool) map[*pymodule.Class]bool {
	classes := map[*pymodule.Class]bool{}
	for _, a := range flatten(v) {
		if a.kind == object && (only == nil || only(a)) {
			classes[a.class] = true
		}
	}
	return classes
}
