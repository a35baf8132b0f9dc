package loadflow

import (
	"slices"

	"github.com/lazyfix/lazyfix/rewrite/internal/pymodule"
	"github.com/lazyfix/lazyfix/rewrite/internal/pysyntax"
)

// What a __getattr__ gives is often a function of its own around the method that has the name:
//
//	attr = getattr(self._target, name)
//	async def call(*args, **kwargs):
//	    log.info(name)
//	    return await attr(*args, **kwargs)
//	return call
//
// It forwards calls: who calls it gets what the method gives for the same arguments, so it counts as the method itself. Options
// belong to those calls then: in the function they would go to whatever methods others call through it.

// forwarding reports whether a function in a __getattr__ is returned by it and only gives what the method gives that it calls with what
// it is given itself.
func forwarding(t *pysyntax.Tree, def pysyntax.Node, f *pymodule.Function) bool {
	inner := f.Defs[t.Text(t.Child(def, pysyntax.FieldName))]
	if t.Kind(def) != pysyntax.FunctionDefinition || inner == nil || inner.Node != def || inner.Generator || !isReturned(t, inner, f) {
		return false
	}
	for _, d := range inner.Decorators {
		if t.Kind(d) != pysyntax.Call || pymodule.Last(t.Text(t.Child(d, pysyntax.FieldFunction))) != "wraps" {
			return false
		}
	}
	returns := false
	for n := range t.Within(inner.Body) {
		if t.Kind(n) != pysyntax.ReturnStatement {
			continue
		}
		given := t.First(n)
		if t.Enclosing(n, pysyntax.FunctionDefinition, pysyntax.Lambda) != def {
			return false
		}
		if t.Kind(given) == pysyntax.Identifier {
			given = onlyGiven(t, inner, t.Text(given))
		}
		if t.Kind(given) == pysyntax.Await {
			given = t.First(given)
		}
		if !isForwardedCall(t, given, inner, f) {
			return false
		}
		returns = true
	}
	return returns
}

// forwardsAny reports whether a __getattr__ forwards calls to what is spelled by self. Where nothing is known of that it is a session
// mostly, whose methods are told by their names at the call.
func forwardsAny(f *pymodule.Function) bool {
	for _, inner := range f.Defs {
		if forwarding(f.Module.Tree, inner.Node, f) && len(delegatesOf(f)) > 0 {
			return true
		}
	}
	return false
}

// isForwardedCall reports whether an expression is attr(*args, **kwargs), of what a function is given itself and nothing else.
func isForwardedCall(t *pysyntax.Tree, call pysyntax.Node, inner, f *pymodule.Function) bool {
	if t.Kind(call) != pysyntax.Call || len(inner.Params) != 2 || inner.Params[0].Kind != pymodule.Star || inner.Params[1].Kind != pymodule.StarStar {
		return false
	}
	i := 0
	for arg := range t.Children(t.Child(call, pysyntax.FieldArguments)) {
		if i > 1 || !t.Is(arg, pysyntax.ListSplat, pysyntax.DictionarySplat) || t.Text(t.First(arg)) != inner.Params[i].Name {
			return false
		}
		i++
	}
	fn := t.Child(call, pysyntax.FieldFunction)
	return i == 2 && (readsNameOf(t, fn, f) || t.Kind(fn) == pysyntax.Identifier && slices.Contains(namesGot(t, f), t.Text(fn)))
}

// onlyGiven is the only thing that a local name is given, Nil where there are several.
func onlyGiven(t *pysyntax.Tree, f *pymodule.Function, name string) pysyntax.Node {
	out := pysyntax.Nil
	for n := range t.Within(f.Body) {
		if t.Kind(n) != pysyntax.Identifier || t.Text(n) != name || !isTarget(t, n) && t.Kind(t.Parent(n)) != pysyntax.NamedExpression {
			continue
		}
		if out != pysyntax.Nil || t.Kind(t.Parent(n)) != pysyntax.Assignment {
			return pysyntax.Nil
		}
		out = t.Child(t.Parent(n), pysyntax.FieldRight)
	}
	return out
}

// isReturned reports whether a function returns one that stands in it, by its name.
func isReturned(t *pysyntax.Tree, inner, f *pymodule.Function) bool {
	for n := range t.Within(f.Body) {
		if t.Kind(n) == pysyntax.ReturnStatement && t.Text(t.First(n)) == inner.Name {
			return true
		}
	}
	return false
}

// namesGot are the local names of a __getattr__ for what it reads by the name that it is asked for.
func namesGot(t *pysyntax.Tree, f *pymodule.Function) []string {
	var out []string
	for n := range t.Within(f.Body) {
		if t.Kind(n) == pysyntax.Assignment && t.Kind(t.First(n)) == pysyntax.Identifier && readsNameOf(t, t.Child(n, pysyntax.FieldRight), f) {
			out = append(out, t.Text(t.First(n)))
		}
	}
	return out
}

// isForwarded reports whether calls are forwarded to what is read by the name that a __getattr__ is asked for, at once or by a name.
func isForwarded(t *pysyntax.Tree, read pysyntax.Node, f *pymodule.Function) bool {
	def := t.Enclosing(read, pysyntax.FunctionDefinition, pysyntax.Lambda)
	if def != f.Node {
		return forwarding(t, def, f)
	}
	if up := t.Parent(read); t.Kind(up) != pysyntax.Assignment || t.Kind(t.First(up)) != pysyntax.Identifier {
		return false
	}
	for _, inner := range f.Defs {
		if t.Names(inner.Body, t.Text(t.First(t.Parent(read)))) && forwarding(t, inner.Node, f) {
			return true
		}
	}
	return false
}
