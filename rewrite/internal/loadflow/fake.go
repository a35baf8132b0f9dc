package loadflow

import (
	"slices"

	"github.com/lazyfix/lazyfix/rewrite/internal/pymodule"
)

// Tests put fakes in the place of what the program works with: a session that counts its calls, a repository that answers
// from a list. What the program does is understood without them.

// isFake reports whether a function or class of a test stands where the program's own code, which runs here, calls
// something.
func (x *interp) isFake(a *atom) bool { return !x.m.Test() && fromTest(a) }

// withoutFakes is v without instances of classes that tests define, and without their functions.
func withoutFakes(v value) value {
	if !slices.ContainsFunc(v, fromTest) {
		return v
	}
	return slices.DeleteFunc(slices.Clone(v), fromTest)
}

func fromTest(a *atom) bool {
	var m *pymodule.Module
	switch a.kind {
	case instance, classRef:
		m = a.class.Module
	case funcRef:
		m = a.fn.Module
	}
	return m != nil && m.Test()
}
