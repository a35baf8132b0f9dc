package loadflow

import (
	"github.com/lazyfix/lazyfix/rewrite/internal/pymodule"
	"github.com/lazyfix/lazyfix/rewrite/internal/pysyntax"
)

// A Depends(f) that a function of the program makes: user = require("admin"), Annotated[User, require("admin")], where require
// returns Depends(check). What such a call gives is check, as of Depends(check) itself.

// beside evaluates a call that stands where a dependency may: beside a type, or as a default. Where it makes one, others find it by
// how it is spelled.
func (x *interp) beside(n pysyntax.Node) value {
	v := x.eval(n)
	if x.makesDepends(n) {
		x.put(dependsOnCall(x.m, x.t.Text(n)), v)
	}
	return v
}

// makesDepends reports whether a call is of functions of the program that return a Depends(f).
func (x *interp) makesDepends(n pysyntax.Node) bool {
	if x.t.Kind(n) != pysyntax.Call {
		return false
	}
	fn := x.t.Child(n, pysyntax.FieldFunction)
	if name, ok := pymodule.DottedName(x.t, fn); !ok || isDepends(pymodule.Last(name)) {
		return false
	}
	for _, c := range x.eval(fn) {
		if f := x.signatureOf(c); f != nil && x.a.returnsDepends(f, 0) {
			return true
		}
	}
	return false
}

// maxDependsMade bounds the functions that return what another one makes.
const maxDependsMade = 3

// returnsDepends reports whether all that a function returns is Depends(f), or what another such function makes.
func (a *analysis) returnsDepends(f *pymodule.Function, depth int) bool {
	if f.Generator || len(f.Decorators) > 0 || depth > maxDependsMade {
		return false
	}
	t := f.Module.Tree
	found := false
	for n := range t.Within(f.Body) {
		if t.Kind(n) != pysyntax.ReturnStatement || t.Enclosing(n, pysyntax.FunctionDefinition, pysyntax.Lambda) != f.Node {
			continue
		}
		if found = a.isDependsCall(f.Module, f.Class, f, t.First(n), depth+1); !found {
			return false
		}
	}
	return found
}

// isDependsCall reports whether a node is Depends(f), or the call of a function that returns one.
func (a *analysis) isDependsCall(m *pymodule.Module, class *pymodule.Class, within *pymodule.Function, n pysyntax.Node, depth int) bool {
	t := m.Tree
	if n == pysyntax.Nil || t.Kind(n) != pysyntax.Call {
		return false
	}
	name, ok := pymodule.DottedName(t, t.Child(n, pysyntax.FieldFunction))
	if !ok {
		return false
	}
	if isDepends(pymodule.Last(name)) {
		return true
	}
	s := a.g.ResolveIn(m, class, within, name)
	return s.Kind == pymodule.FunctionSymbol && a.returnsDepends(s.Function, depth)
}
