package loadflow

import (
	"slices"
	"strings"

	"github.com/lazyfix/lazyfix/rewrite/internal/pymodule"
	"github.com/lazyfix/lazyfix/rewrite/internal/pysyntax"
)

// What is called may be what a parameter is by default, or stand in it:
//
//	def table(rows, key=lambda order: order.customer.name): ...
//	RULES = {"edit": (has_items, mine)}
//	class Policy:
//	    def __init__(self, user, rules=RULES): ...
//
// A default is evaluated once, where its function is defined, and kept for the calls that give no argument. Of what the program
// puts later into such a list or dictionary nothing comes here: a call of the name knows it.

func defaultCallable(f *pymodule.Function, param int) fieldKey {
	return kept("called by default", defaultName(f, param))
}

// keepCallable keeps the default of a parameter of a function of a module or class, if there is anything in it that is called.
func (x *interp) keepCallable(f *pymodule.Function, param int, v value) {
	if f.Module.Tree.Is(f.Params[param].Default, pysyntax.Identifier, pysyntax.Attribute) && !slices.ContainsFunc(v, isKeptByName) {
		return // see ownDefault
	}
	if mayHoldCallables(f, param) && !hasObject(v) && slices.ContainsFunc(flatten(v), isCallable) {
		x.put(defaultCallable(f, param), v)
	}
}

// callableByDefault is what keepCallable kept.
func (x *interp) callableByDefault(f *pymodule.Function, param int) value {
	if param < 0 || !mayHoldCallables(f, param) {
		return nil
	}
	return x.keptAt(defaultCallable(f, param))
}

// mayHoldCallables reports whether a default is spelled as what may be called or hold what is: most are a number or None, and
// need not be asked for in each call.
func mayHoldCallables(f *pymodule.Function, param int) bool {
	t, n := f.Module.Tree, f.Params[param].Default
	switch t.Kind(n) {
	case pysyntax.Lambda, pysyntax.Identifier, pysyntax.Attribute, pysyntax.Call, pysyntax.ParenthesizedExpression:
		return true
	case pysyntax.List, pysyntax.Tuple, pysyntax.Dictionary, pysyntax.Set:
		return t.First(n) != pysyntax.Nil
	}
	return false
}

// isKeptByName reports whether it takes the evaluated value to know what a name that is a default means.
func isKeptByName(a *atom) bool { return a.kind != classRef && a.kind != funcRef && a.kind != instance }

// isCallable reports whether an atom is a function, or what a library makes of the name of an attribute, an item or a method.
func isCallable(a *atom) bool {
	return a.kind == funcRef || a.kind == external && (strings.HasPrefix(a.name, getsAttribute) || strings.HasPrefix(a.name, getsItem) ||
		strings.HasPrefix(a.name, callsMethod) || isBuiltin(a))
}
