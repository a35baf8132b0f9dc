package loadflow

import (
	"strings"

	"github.com/lazyfix/lazyfix/rewrite/internal/pymodule"
	"github.com/lazyfix/lazyfix/rewrite/internal/pysyntax"
)

// A list of names may be handed on to what reads an attribute by each of them:
//
//	def values(row, names): return [getattr(row, name) for name in names]
//	def dump(row, names): return dict(zip(names, values(row, names)))
//
// The names that a call of dump() spells are a part of its context, as they are of values(). Of a function that loads by each,
// selectinload(getattr(self.model, name)), they are options: see option_told.go.
//
// What a function sets its parameter to, names = names or ["items"], is what the name holds there: a word that was given is beside it,
// until the name is set to something else. Not so of a function that loads by each: by which of them it loads one call would say, and
// what another reads of the same query would count as loaded.
//
// Limits: a method is one of the class at hand; what another object has by that name may take anything.

// listTakers are the parameters that are handed to where attributes are read by each in a list.
type listTakers map[*pymodule.Function]map[int]bool

func (a *analysis) findListTakers() listTakers {
	readers, out := listTakers{}, listTakers{}
	for _, f := range a.g.Functions {
		t := f.Module.Tree
		for n := range t.Within(f.Body) {
			if t.Kind(n) != pysyntax.Identifier {
				continue
			}
			if i := plainParam(f, t.Text(n)); i >= 0 && readsEach(t, n, f.Body) && !loadsByName(t, f.Body) {
				readers.add(f, i)
			}
		}
	}
	if len(readers) == 0 {
		return out
	}
	for range maxHanded {
		more := false
		for _, f := range a.g.Functions {
			t := f.Module.Tree
			for n := range t.Within(f.Body) {
				arg := n
				if up := t.Parent(n); t.Kind(up) == pysyntax.ListSplat && t.Is(t.Parent(up), pysyntax.List, pysyntax.Tuple) { // [*names, "items"]
					arg = t.Parent(up)
				}
				if t.Kind(n) != pysyntax.Identifier || !t.Is(t.Parent(arg), pysyntax.ArgumentList, pysyntax.KeywordArgument) {
					continue
				}
				if i := plainParam(f, t.Text(n)); i >= 0 && !out[f][i] && a.handsTo(f, arg, readers) {
					out.add(f, i)
					readers.add(f, i)
					more = true
				}
			}
		}
		if !more {
			break
		}
	}
	return out
}

func (k listTakers) add(f *pymodule.Function, i int) {
	if k[f] == nil {
		k[f] = map[int]bool{}
	}
	k[f][i] = true
}

// handsTo reports whether an argument goes to one of some parameters.
func (a *analysis) handsTo(f *pymodule.Function, arg pysyntax.Node, readers listTakers) bool {
	t := f.Module.Tree
	call := t.Enclosing(arg, pysyntax.Call)
	callee := a.calledFrom(f, t.Text(t.Child(call, pysyntax.FieldFunction)))
	for i := range readers[callee] {
		if argumentFor(t, callee, i, call) == arg {
			return true
		}
	}
	return false
}

// calledFrom is the function that a call in f names: one of a module, or a method of its own class. Nil for any other.
func (a *analysis) calledFrom(f *pymodule.Function, name string) *pymodule.Function {
	if own, method, ok := strings.Cut(name, "."); ok && (own == "self" || own == "cls") {
		if f.Class == nil {
			return nil
		}
		return a.classMember(f.Class, method).Function
	}
	return a.g.ResolveIn(f.Module, nil, f, name).Function
}

// loadsByName reports whether a loader is given what getattr() gives.
func loadsByName(t *pysyntax.Tree, body pysyntax.Node) bool {
	for n := range t.Within(body) {
		if t.Kind(n) != pysyntax.Call || !IsLoader(pymodule.Last(t.Text(t.Child(n, pysyntax.FieldFunction)))) {
			continue
		}
		if strings.Contains(t.Text(t.Child(n, pysyntax.FieldArguments)), "getattr(") {
			return true
		}
	}
	return false
}

// namesInLists are the elements of the lists in v, [rest] if rest else [], beside the words in it.
func (x *interp) namesInLists(v value, at pysyntax.Node) value {
	var words, lists value
	for _, a := range v {
		switch {
		case a.kind == collection, a.kind == tuple:
			lists = append(lists, a)
		case isWord(a):
			words = append(words, a)
		default:
			return v
		}
	}
	if len(lists) == 0 {
		return v
	}
	return join(words, x.iterate(lists, at))
}
