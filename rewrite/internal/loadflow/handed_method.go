package loadflow

import (
	"strings"

	"github.com/lazyfix/lazyfix/rewrite/internal/pymodule"
	"github.com/lazyfix/lazyfix/rewrite/internal/pysyntax"
)

// Rules that read a program by names ask which method one is that is handed to something, call(self.orders.get): get() is the method
// of many classes. It is told where the object in front is known on each way through the code. A parameter without an annotation is
// not, whatever the calls that are seen pass in, nor is a Protocol or an ABC, which a class may fit without a word.

// methodAt is a place where a method is handed on.
type methodAt struct {
	mod  *pymodule.Module
	node pysyntax.Node
}

// MethodsAt are the methods that an attribute may be which is an argument, an element or what a name is given. Known is false where it
// may be another.
func (f *Flow) MethodsAt(m *pymodule.Module, n pysyntax.Node) (methods []*pymodule.Function, known bool) {
	methods = f.handed[methodAt{m, n}]
	return methods, len(methods) > 0
}

// noteMethods notes what methods an attribute is that is not called, nil where it may be anything else.
func (x *interp) noteMethods(n pysyntax.Node, v value) {
	t := x.t
	if !t.Is(t.Parent(n), pysyntax.ArgumentList, pysyntax.KeywordArgument, pysyntax.List, pysyntax.Tuple, pysyntax.Set, pysyntax.Assignment) ||
		!x.a.allMethods()[t.Text(t.Child(n, pysyntax.FieldAttribute))] {
		return
	}
	methods, seen := x.out.handed[n]
	for _, a := range v {
		if a.kind != funcRef || a.fn == nil || a.fn.Class == nil || x.fitsWithoutBase(a.fn.Class) {
			v = nil
			break
		}
	}
	if seen && methods == nil || len(v) == 0 || x.isBareParameter(n) {
		methods = nil
	} else {
		for _, a := range v {
			methods = appendOnce(methods, a.fn)
		}
	}
	if x.out.handed == nil {
		x.out.handed = map[pysyntax.Node][]*pymodule.Function{}
	}
	x.out.handed[n] = methods
}

// isBareParameter reports whether a dotted name begins with a parameter that has no annotation.
func (x *interp) isBareParameter(n pysyntax.Node) bool {
	root, _, _ := strings.Cut(x.t.Text(n), ".")
	for f := x.u.key.fn; f != nil; f = f.Outer {
		if i := f.ParamIndex(root); i >= 0 {
			return f.Params[i].Annotation == pysyntax.Nil && (i > 0 || f.Class == nil)
		}
	}
	return false
}

// allHanded are these methods, of all ways together.
func (p *propagation) allHanded(ids []string) map[methodAt][]*pymodule.Function {
	out := map[methodAt][]*pymodule.Function{}
	for _, id := range ids {
		u := p.a.units[id]
		for n, methods := range u.out.handed {
			key := methodAt{u.key.mod, n}
			before, seen := out[key]
			if methods == nil || seen && before == nil {
				out[key] = nil
				continue
			}
			for _, m := range methods {
				before = appendOnce(before, m)
			}
			out[key] = before
		}
	}
	return out
}
