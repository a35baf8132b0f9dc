package loadflow

import (
	"slices"

	"github.com/lazyfix/lazyfix/rewrite/internal/pymodule"
	"github.com/lazyfix/lazyfix/rewrite/internal/pysyntax"
)

// atImport reports whether a node runs when its module is imported: outside of functions, and of lambdas that are kept for
// later, under a name, in a container of them or by an object, or that make the default of a dataclass's field.
func (x *interp) atImport(n pysyntax.Node) bool {
	if x.u.key.fn.Def() != nil {
		return false
	}
	t := x.t
	for up := t.Enclosing(n, pysyntax.Lambda); up != pysyntax.Nil; {
		switch up = t.Parent(up); t.Kind(up) {
		case pysyntax.Pair, pysyntax.Dictionary, pysyntax.List, pysyntax.Tuple, pysyntax.ParenthesizedExpression:
		case pysyntax.KeywordArgument:
			if name := t.Text(t.Child(up, pysyntax.FieldName)); name == "default_factory" || name == "factory" {
				return false
			}
		case pysyntax.ArgumentList: // REPORTS = [Report("orders", lambda: select(Order))]
			if up = t.Parent(up); !x.onlyKeeps(up) {
				return true
			}
		case pysyntax.ForInClause: // {r.name: r for r in (Report(...), Report(...))}
			if up = t.Parent(up); !x.onlyGathers(up) {
				return true
			}
		default:
			return t.Kind(up) != pysyntax.Assignment
		}
	}
	return true
}

// onlyKeeps reports whether a call makes an object that keeps what it is given and runs none of it: of a class of the program whose
// constructor is that of a dataclass or a named tuple, or calls nothing. One that has properties to set, or a base of another
// library, may do more.
func (x *interp) onlyKeeps(call pysyntax.Node) bool {
	name, ok := pymodule.DottedName(x.t, x.t.Child(call, pysyntax.FieldFunction))
	if !ok {
		return false
	}
	c := x.a.g.ResolveIn(x.m, nil, nil, name).Class
	if c == nil || len(c.Keywords) > 0 || x.method(c, "__new__") != nil || x.method(c, "__post_init__") != nil || x.method(c, "__setattr__") != nil {
		return false
	}
	for _, b := range x.a.g.MRO(c) {
		if b.Class != nil && (len(b.Class.Setters) > 0 || len(b.Class.Decorators) > 0 && dataDecorator(b.Class) == pysyntax.Nil) {
			return false
		}
		if b.Class == nil && !slices.Contains([]string{"NamedTuple", "Generic", "Protocol", "ABC", "object"}, pymodule.Last(b.External)) {
			return false
		}
	}
	if f := x.method(c, "__init__"); f != nil {
		return len(f.Decorators) == 0 && !callsAnything(f.Module.Tree, f.Body)
	}
	return x.a.listsFields(c)
}

// onlyGathers reports whether a comprehension has no call but in what it goes over.
func (x *interp) onlyGathers(n pysyntax.Node) bool {
	if callsAnything(x.t, x.t.Child(n, pysyntax.FieldBody)) {
		return false
	}
	for c := range x.t.Children(n) {
		if x.t.Kind(c) == pysyntax.IfClause && callsAnything(x.t, c) {
			return false
		}
	}
	return true
}

func callsAnything(t *pysyntax.Tree, n pysyntax.Node) bool {
	for c := range t.Within(n) {
		if t.Kind(c) == pysyntax.Call {
			return true
		}
	}
	return false
}
