package loadflow

import (
	"bytes"
	"slices"
	"strings"

	"github.com/lazyfix/lazyfix/rewrite/internal/pymodule"
	"github.com/lazyfix/lazyfix/rewrite/internal/pysyntax"
)

// provider is what Litestar calls for a parameter of a handler: dependencies={"order": Provide(find_order)} of the handler,
// its controller, or a router or application.
func (x *interp) provider(param string) pymodule.Symbol {
	if !x.handles() {
		return pymodule.Symbol{}
	}
	if d, ok := x.handlerDependency(param); ok {
		if s := x.a.providing(d, 0); s.Kind != pymodule.Unknown {
			return s
		}
	}
	return x.a.provides()[param]
}

// handles reports whether the function is a Litestar handler.
func (x *interp) handles() bool {
	return slices.ContainsFunc(x.u.key.fn.Decorators, func(d pysyntax.Node) bool {
		return x.t.Kind(d) == pysyntax.Call && litestarRoute(x.t, d)
	})
}

// handlerDependency is what the dependencies of a Litestar handler, or else of its controller, have under a name.
func (x *interp) handlerDependency(name string) (spelled, bool) {
	f := x.u.key.fn
	for _, d := range f.Decorators {
		if x.t.Kind(d) != pysyntax.Call || !litestarRoute(x.t, d) {
			continue
		}
		if found, ok := x.a.itemOf(spelled{x.m, f.Class, x.t.Keyword(d, "dependencies")}, name, 0); ok {
			return found, true
		}
		if f.Class == nil {
			continue
		}
		for base := range x.a.g.Lineage(f.Class) {
			if all := base.Field("dependencies"); all != nil {
				return x.a.itemOf(spelled{all.Module, base, all.Value}, name, 0)
			}
		}
	}
	return spelled{}, false
}

// providing is the function that a dependency names: f, Provide(f), or a variable that is one of them.
func (a *analysis) providing(d spelled, depth int) pymodule.Symbol {
	t := d.mod.Tree
	if depth > maxNesting {
		return pymodule.Symbol{}
	}
	if fn, _ := pymodule.DottedName(t, t.Child(d.node, pysyntax.FieldFunction)); pymodule.Last(fn) == "Provide" {
		return a.providing(spelled{d.mod, d.class, t.First(t.Child(d.node, pysyntax.FieldArguments))}, depth+1)
	}
	s := a.variable(d)
	if s.Kind == pymodule.VariableSymbol {
		return a.providing(spelled{s.Variable.Module, nil, s.Variable.Value}, depth+1)
	}
	return s
}

// outerProviders are what routers and applications provide, by the parameter's name: Router(dependencies={...}),
// app_config.dependencies.update({...}). Which handlers are below which router is not followed: a name that two of them
// provide differently is none.
func (a *analysis) outerProviders() map[string]pymodule.Symbol {
	out := map[string]pymodule.Symbol{}
	for _, m := range a.g.Modules {
		t := m.Tree
		if !bytes.Contains(t.Source(), []byte("litestar")) || !bytes.Contains(t.Source(), []byte("dependencies")) {
			continue
		}
		for n := range t.Within(t.Root()) {
			if t.Kind(n) != pysyntax.Call {
				continue
			}
			given := pysyntax.Nil
			switch fn, _ := pymodule.DottedName(t, t.Child(n, pysyntax.FieldFunction)); {
			case pymodule.Last(fn) == "Router" || pymodule.Last(fn) == "Litestar":
				given = t.Keyword(n, "dependencies")
			case strings.HasSuffix(fn, "dependencies.update"):
				given = t.First(t.Child(n, pysyntax.FieldArguments))
			}
			if given == pysyntax.Nil {
				continue
			}
			for pair := range t.Children(given) {
				name := pymodule.StringValue(t, t.Child(pair, pysyntax.FieldKey))
				if name == "" {
					continue
				}
				s := a.providing(spelled{m, nil, t.Child(pair, pysyntax.FieldValue)}, 0)
				if old, known := out[name]; known && old.Function != s.Function {
					s = pymodule.Symbol{}
				}
				out[name] = s
			}
		}
	}
	return out
}
