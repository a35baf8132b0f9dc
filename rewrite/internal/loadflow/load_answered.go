package loadflow

import (
	"slices"
	"strings"

	"github.com/lazyfix/lazyfix/rewrite/internal/pymodule"
	"github.com/lazyfix/lazyfix/rewrite/internal/pysyntax"
)

// A function of the program may answer what is loaded:
//
//	def is_loaded(self, name):
//	    return name not in inspect(self).unloaded
//
// Then a call of it says so of what it is called with. Each of its results must say so, but those that are the other answer.

// answered are the attributes that are loaded if a call gives a true value, or if it gives a false one.
func (q loadAsked) answered(call pysyntax.Node, holds bool) []string {
	var out []string
	if q.callees == nil {
		return nil
	}
	for i, f := range q.callees(call) {
		var keys []string
		for _, key := range q.ofFunction(f, holds) {
			if key = q.passed(f, call, key); key != "" {
				keys = append(keys, key)
			}
		}
		if i > 0 { // whichever is called
			keys = slices.DeleteFunc(keys, func(key string) bool { return !slices.Contains(out, key) })
		}
		out = keys
	}
	return out
}

// ofFunction are the attributes of its parameters that are loaded if a function gives a true value, or a false one.
func (q loadAsked) ofFunction(f *pymodule.Function, holds bool) []string {
	t := f.Module.Tree
	inner := loadAsked{t: t, fn: f, depth: q.depth, callees: func(call pysyntax.Node) []*pymodule.Function { return ownCallee(f, call) }}
	if !holds && !endsByReturn(f) || bindsParameter(f) {
		return nil
	}
	var out []string
	first := true
	for n := range t.Within(f.Body) {
		if t.Kind(n) != pysyntax.ReturnStatement || t.Enclosing(n, pysyntax.FunctionDefinition, pysyntax.Lambda) != f.Node {
			continue
		}
		given := t.First(n)
		if t.Is(given, pysyntax.False, pysyntax.None) && holds || t.Kind(given) == pysyntax.True && !holds {
			continue
		}
		keys := inner.isLoaded(given, holds)
		if !first {
			keys = slices.DeleteFunc(keys, func(key string) bool { return !slices.Contains(out, key) })
		}
		if out, first = keys, false; len(out) == 0 {
			return nil
		}
	}
	return out
}

// endsByReturn reports whether the last statement of a function is a return: else it may give None.
func endsByReturn(f *pymodule.Function) bool {
	t := f.Module.Tree
	return t.Kind(t.Last(f.Body)) == pysyntax.ReturnStatement
}

// ownCallee is the method of self, or the function of its module, that a function calls.
func ownCallee(f *pymodule.Function, call pysyntax.Node) []*pymodule.Function {
	t := f.Module.Tree
	fn := t.Child(call, pysyntax.FieldFunction)
	var found *pymodule.Function
	switch {
	case t.Kind(fn) == pysyntax.Identifier:
		for _, other := range f.Module.Functions {
			if other.Qual == t.Text(fn) {
				found = other
			}
		}
	case f.Class != nil && isMethod(f) && t.Text(t.Child(fn, pysyntax.FieldObject)) == f.Params[0].Name:
		found = f.Class.Methods[t.Text(t.Child(fn, pysyntax.FieldAttribute))]
	}
	if found == nil || found == f {
		return nil
	}
	return []*pymodule.Function{found}
}

// passed is what a key of a called function's parameters means at the call, "" where the call does not spell it.
func (q loadAsked) passed(f *pymodule.Function, call pysyntax.Node, key string) string {
	at := strings.LastIndexByte(key, '.')
	holder, name := key[:at], strings.TrimSuffix(key[at+1:], "?")
	root, rest, more := strings.Cut(holder, ".")
	own, dotted := pymodule.DottedName(q.t, q.given(f, call, root))
	if !dotted {
		return ""
	}
	if more {
		own += "." + rest
	}
	if variable, ok := strings.CutPrefix(name, "*"); ok {
		name = q.name(q.given(f, call, variable))
	}
	return asKey(own, name)
}

// given is what a call passes for a parameter of a function, Nil for what is none.
func (q loadAsked) given(f *pymodule.Function, call pysyntax.Node, param string) pysyntax.Node {
	i := f.ParamIndex(param)
	if i < 0 {
		return pysyntax.Nil
	}
	return argumentOrSelf(q.t, f, i, call)
}
