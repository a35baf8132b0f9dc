package loadflow

import (
	"strings"

	"github.com/lazyfix/lazyfix/rewrite/internal/pymodule"
	"github.com/lazyfix/lazyfix/rewrite/internal/pysyntax"
)

// spelled is an expression in its module, and in the class whose body it stands in.
type spelled struct {
	mod   *pymodule.Module
	class *pymodule.Class
	node  pysyntax.Node
}

// loadHere is the `load=` with which the service was made on which a call calls a method; false where that is not seen.
func (x *interp) loadHere(c *pymodule.Class, call pysyntax.Node) (defaultLoad, bool) {
	if maker, ok := x.madeFor(call); ok {
		return x.a.loadOf(c, maker, 0)
	}
	owner := x.t.Child(x.t.Child(call, pysyntax.FieldFunction), pysyntax.FieldObject)
	if f := x.u.key.fn; f != nil && x.t.Kind(owner) == pysyntax.Identifier && f.ParamIndex(x.t.Text(owner)) < 0 {
		return x.a.loadIn(c, f)
	}
	return defaultLoad{}, false
}

// madeFor is what makes the service on which a Litestar handler calls a method, where that is a parameter of the handler.
func (x *interp) madeFor(call pysyntax.Node) (spelled, bool) {
	t, f := x.t, x.u.key.fn
	owner := t.Child(t.Child(call, pysyntax.FieldFunction), pysyntax.FieldObject)
	if f == nil || t.Kind(owner) != pysyntax.Identifier || f.ParamIndex(t.Text(owner)) < 0 {
		return spelled{}, false
	}
	return x.handlerDependency(t.Text(owner))
}

// itemOf is what a dictionary of dependencies has under a name: of {..., **others}, others | more, a variable, and
// create_service_dependencies(Service, key="name").
func (a *analysis) itemOf(d spelled, name string, depth int) (found spelled, ok bool) {
	t := d.mod.Tree
	if depth > maxNesting || d.node == pysyntax.Nil {
		return spelled{}, false
	}
	in := func(n pysyntax.Node) (spelled, bool) { return a.itemOf(spelled{d.mod, d.class, n}, name, depth+1) }
	switch t.Kind(d.node) {
	case pysyntax.Dictionary:
		for item := range t.Children(d.node) { // the last one counts
			switch t.Kind(item) {
			case pysyntax.Pair:
				if pymodule.StringValue(t, t.Child(item, pysyntax.FieldKey)) == name {
					found, ok = spelled{d.mod, d.class, t.Child(item, pysyntax.FieldValue)}, true
				}
			case pysyntax.DictionarySplat:
				if more, has := in(t.First(item)); has {
					found, ok = more, true
				}
			}
		}
		return found, ok
	case pysyntax.BinaryOperator:
		if found, ok = in(t.Child(d.node, pysyntax.FieldRight)); ok {
			return found, ok
		}
		return in(t.Child(d.node, pysyntax.FieldLeft))
	case pysyntax.ParenthesizedExpression:
		return in(t.First(d.node))
	case pysyntax.Call:
		return d, pymodule.StringValue(t, t.Keyword(d.node, "key")) == name
	}
	if v := a.variable(d); v.Variable != nil {
		return a.itemOf(spelled{v.Variable.Module, nil, v.Variable.Value}, name, depth+1)
	}
	return spelled{}, false
}

// variable is what a name or a dotted name means.
func (a *analysis) variable(e spelled) pymodule.Symbol {
	name, dotted := pymodule.DottedName(e.mod.Tree, e.node)
	if !dotted {
		return pymodule.Symbol{}
	}
	return a.g.ResolveIn(e.mod, e.class, nil, name)
}

// loadOf is the `load=` with which a dependency makes a service of class c, node Nil for none: of create_service_provider(c,
// load=[...]), or of the one call in a function that makes one.
func (a *analysis) loadOf(c *pymodule.Class, e spelled, depth int) (defaultLoad, bool) {
	t := e.mod.Tree
	if depth > maxNesting {
		return defaultLoad{}, false
	}
	if t.Kind(e.node) == pysyntax.Call {
		first := spelled{e.mod, e.class, t.First(t.Child(e.node, pysyntax.FieldArguments))}
		fn, _ := pymodule.DottedName(t, t.Child(e.node, pysyntax.FieldFunction))
		switch pymodule.Last(fn) {
		case "Provide":
			return a.loadOf(c, first, depth+1)
		case "create_service_provider", "create_service_dependencies":
			s := a.variable(first)
			return defaultLoad{mod: e.mod, node: t.Keyword(e.node, "load")}, s.Class != nil && s.Class == c
		}
		return defaultLoad{}, false
	}
	switch s := a.variable(e); s.Kind {
	case pymodule.VariableSymbol:
		return a.loadOf(c, spelled{s.Variable.Module, nil, s.Variable.Value}, depth+1)
	case pymodule.FunctionSymbol:
		return a.loadIn(c, s.Function)
	}
	return defaultLoad{}, false
}

// loadIn is the `load=` of the one call in a function that makes a service: false for none, and for several.
func (a *analysis) loadIn(c *pymodule.Class, f *pymodule.Function) (found defaultLoad, ok bool) {
	t := f.Module.Tree
	for n := range t.Within(f.Body) {
		if t.Kind(n) != pysyntax.Call {
			continue
		}
		name, _ := pymodule.DottedName(t, t.Child(n, pysyntax.FieldFunction))
		if s := a.g.ResolveIn(f.Module, nil, f, strings.TrimSuffix(name, ".new")); s.Class == nil || s.Class != c {
			continue
		}
		if ok {
			return defaultLoad{}, false
		}
		found, ok = defaultLoad{mod: f.Module, node: t.Keyword(n, "load")}, true
	}
	return found, ok
}
