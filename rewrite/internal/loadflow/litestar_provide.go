package loadflow

import (
	"github.com/lazyfix/lazyfix/rewrite/internal/pymodule"
	"github.com/lazyfix/lazyfix/rewrite/internal/pysyntax"
)

// provider is what Litestar calls for a parameter of a handler, and where that is said: the handler's or its controller's
// dependencies={"order": Provide(find_order)}. Those of routers and of the application are not seen.
func (x *interp) provider(param string) (value, pysyntax.Node) {
	f, t := x.u.key.fn, x.t
	for _, d := range f.Decorators {
		if t.Kind(d) != pysyntax.Call || !litestarRoute(t, d) {
			continue
		}
		for c := range t.Children(t.Child(d, pysyntax.FieldArguments)) {
			if t.Kind(c) == pysyntax.KeywordArgument && t.Text(t.Child(c, pysyntax.FieldName)) == "dependencies" {
				if v := x.provided(t.Child(c, pysyntax.FieldValue), param); len(v) > 0 {
					return v, f.Node
				}
			}
		}
		if f.Class == nil {
			continue
		}
		if all := f.Class.Field("dependencies"); all != nil && all.Value != pysyntax.Nil {
			return x.provided(all.Value, param), f.Node
		}
	}
	return nil, pysyntax.Nil
}

// provided is the function that a dictionary of providers has under a name.
func (x *interp) provided(providers pysyntax.Node, name string) value {
	t := x.t
	for pair := range t.Children(providers) {
		if t.Kind(pair) != pysyntax.Pair || pymodule.StringValue(t, t.Child(pair, pysyntax.FieldKey)) != name {
			continue
		}
		f := t.Child(pair, pysyntax.FieldValue)
		if t.Kind(f) == pysyntax.Call { // Provide(f)
			f = t.First(t.Child(f, pysyntax.FieldArguments))
		}
		if spelled, ok := pymodule.DottedName(t, f); ok {
			return x.symbol(x.a.g.ResolveIn(x.m, x.u.key.fn.Class, nil, spelled))
		}
	}
	return nil
}
