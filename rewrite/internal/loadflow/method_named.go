package loadflow

import (
	"bytes"
	"slices"

	"github.com/lazyfix/lazyfix/rewrite/internal/pymodule"
	"github.com/lazyfix/lazyfix/rewrite/internal/pysyntax"
)

// A function may be told by a string which method it calls:
//
//	def run(plugin, hook, order):
//	    return getattr(plugin, hook)(order)
//
//	run(Tax(), "before_save", order)
//
// Any string that a call spells for such a parameter is a word (word.go), also where the parameter is a part of the name,
// f"can_{action}", or is handed on to such a function. By which parameters methods are called is read off the source, and functions
// that hand one on are known by the name of what they call: so a word may be told to a function that does nothing with it.

// maxNamedBy bounds how many functions hand such a name on to each other.
const maxNamedBy = 3

// namesMethod reports whether a method is called by the name that a parameter holds.
func (a *analysis) namesMethod(f *pymodule.Function, param int) bool {
	return slices.Contains(a.methodNames()[f], param)
}

// findMethodNames are the parameters by which methods are called, by function.
func findMethodNames(g *pymodule.Graph) map[*pymodule.Function][]int {
	out := map[*pymodule.Function][]int{}
	byName := map[string][]*pymodule.Function{} // those that were found last
	note := func(into map[string][]*pymodule.Function, f *pymodule.Function, name string) {
		if i := f.ParamIndex(name); i >= 0 && !slices.Contains(out[f], i) {
			out[f] = append(out[f], i)
			into[f.Name] = append(into[f.Name], f)
		}
	}
	eachCall(g, []string{"getattr"}, func(f *pymodule.Function, t *pysyntax.Tree, call pysyntax.Node) {
		if t.Text(t.Child(call, pysyntax.FieldFunction)) == "getattr" && isCalledLater(t, call) {
			for _, name := range namesWithin(t, t.Nth(t.Child(call, pysyntax.FieldArguments), 1)) {
				note(byName, f, name)
			}
		}
	})
	for range maxNamedBy {
		if len(byName) == 0 {
			break
		}
		next := map[string][]*pymodule.Function{}
		eachCall(g, sortedKeys(byName), func(f *pymodule.Function, t *pysyntax.Tree, call pysyntax.Node) {
			for _, callee := range byName[pymodule.Last(t.Text(t.Child(call, pysyntax.FieldFunction)))] {
				for _, i := range out[callee] {
					if arg := argumentFor(t, callee, i, call); t.Kind(arg) == pysyntax.Identifier {
						note(next, f, t.Text(arg))
					}
				}
			}
		})
		byName = next
	}
	return out
}

// eachCall goes through the calls of such names in functions of the program, outside of tests.
func eachCall(g *pymodule.Graph, names []string, do func(*pymodule.Function, *pysyntax.Tree, pysyntax.Node)) {
	for _, m := range g.Modules {
		t := m.Tree
		called := func(name string) bool { return bytes.Contains(t.Source(), []byte(name+"(")) }
		if m.Test() || m.Template || !slices.ContainsFunc(names, called) {
			continue
		}
		for _, f := range m.Functions {
			if len(f.Params) == 0 || f.Lambda() {
				continue
			}
			for n := range t.Within(f.Body) {
				if t.Kind(n) == pysyntax.Call {
					do(f, t, n)
				}
			}
		}
	}
}

// isCalledLater reports whether what a call gives is called, at once or by the name that is given it.
func isCalledLater(t *pysyntax.Tree, call pysyntax.Node) bool {
	up := t.Parent(call)
	if t.Kind(up) == pysyntax.Call {
		return t.Field(call) == pysyntax.FieldFunction
	}
	if !t.Is(up, pysyntax.Assignment, pysyntax.NamedExpression) {
		return false
	}
	name := t.Text(t.First(up))
	for n := range t.Within(t.Enclosing(call, pysyntax.FunctionDefinition)) {
		if t.Kind(n) == pysyntax.Call && t.Text(t.Child(n, pysyntax.FieldFunction)) == name {
			return true
		}
	}
	return false
}

// namesWithin are the bare names of which a string is made: hook, f"can_{action}", "on_" + kind.
func namesWithin(t *pysyntax.Tree, n pysyntax.Node) []string {
	switch t.Kind(n) {
	case pysyntax.Identifier:
		return []string{t.Text(n)}
	case pysyntax.String, pysyntax.BinaryOperator, pysyntax.Interpolation:
		var out []string
		for c := range t.Children(n) {
			out = append(out, namesWithin(t, c)...)
		}
		return out
	}
	return nil
}

// wordWithin is the word that an expression holds which is a part of a name, "" where it is not one alone.
func (x *interp) wordWithin(n pysyntax.Node) string {
	if x.t.Kind(n) != pysyntax.Identifier {
		return ""
	}
	v := x.quiet(n)
	if words := wordsIn(v); len(words) == 1 && len(v) == 1 {
		return words[0]
	}
	return ""
}
