package loadflow

import (
	"github.com/lazyfix/lazyfix/rewrite/internal/pymodule"
	"github.com/lazyfix/lazyfix/rewrite/internal/pysyntax"
)

// provider is what Litestar calls for a parameter of a handler: the handler's or its controller's
// dependencies={"order": Provide(find_order)}. Those of routers and of the application are not seen.
func (x *interp) provider(param string) pymodule.Symbol {
	f, t := x.u.key.fn, x.t
	for _, d := range f.Decorators {
		if t.Kind(d) != pysyntax.Call || !litestarRoute(t, d) {
			continue
		}
		if s := x.provided(t.Keyword(d, "dependencies"), param); s.Kind != pymodule.Unknown {
			return s
		}
		if f.Class == nil {
			continue
		}
		if all := f.Class.Field("dependencies"); all != nil && all.Value != pysyntax.Nil {
			return x.provided(all.Value, param)
		}
	}
	return pymodule.Symbol{}
}

// provided is the function that a dictionary of providers has under a name.
func (x *interp) provided(providers pysyntax.Node, name string) pymodule.Symbol {
	t := x.t
	f := itemOf(t, providers, name)
	if t.Kind(f) == pysyntax.Call { // Provide(f)
		f = t.First(t.Child(f, pysyntax.FieldArguments))
	}
	spelled, ok := pymodule.DottedName(t, f)
	if !ok {
		return pymodule.Symbol{}
	}
	return x.a.g.ResolveIn(x.m, x.u.key.fn.Class, nil, spelled)
}
