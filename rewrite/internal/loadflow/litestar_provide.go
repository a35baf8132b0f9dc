package loadflow

import (
	"bytes"
	"strings"

	"github.com/lazyfix/lazyfix/rewrite/internal/pymodule"
	"github.com/lazyfix/lazyfix/rewrite/internal/pysyntax"
)

// provider is what Litestar calls for a parameter of a handler: dependencies={"order": Provide(find_order)} of the handler,
// its controller, or a router or application.
func (x *interp) provider(param string) pymodule.Symbol {
	f, t := x.u.key.fn, x.t
	for _, d := range f.Decorators {
		if t.Kind(d) != pysyntax.Call || !litestarRoute(t, d) {
			continue
		}
		if s := x.a.provided(x.m, f.Class, t.Keyword(d, "dependencies"), param); s.Kind != pymodule.Unknown {
			return s
		}
		if f.Class != nil {
			if all := f.Class.Field("dependencies"); all != nil && all.Value != pysyntax.Nil {
				if s := x.a.provided(x.m, f.Class, all.Value, param); s.Kind != pymodule.Unknown {
					return s
				}
			}
		}
		return x.a.provides()[param]
	}
	return pymodule.Symbol{}
}

// provided is the function that a dictionary of providers has under a name.
func (a *analysis) provided(m *pymodule.Module, c *pymodule.Class, providers pysyntax.Node, name string) pymodule.Symbol {
	t := m.Tree
	f := itemOf(t, providers, name)
	if t.Kind(f) == pysyntax.Call { // Provide(f)
		f = t.First(t.Child(f, pysyntax.FieldArguments))
	}
	spelled, ok := pymodule.DottedName(t, f)
	if !ok {
		return pymodule.Symbol{}
	}
	return a.g.ResolveIn(m, c, nil, spelled)
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
				s := a.provided(m, nil, given, name)
				if old, known := out[name]; known && old.Function != s.Function {
					s = pymodule.Symbol{}
				}
				out[name] = s
			}
		}
	}
	return out
}
