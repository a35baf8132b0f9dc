package loadflow

import (
	"slices"
	"strings"

	"github.com/lazyfix/lazyfix/rewrite/internal/pymodule"
	"github.com/lazyfix/lazyfix/rewrite/internal/pysyntax"
)

// registered are the functions that a @singledispatch function of the same module goes on to, with the text of the class
// that each is for, "" where its annotation says so.
func registered(f *pymodule.Function) map[*pymodule.Function]string {
	if len(f.Decorators) == 0 || f.Decorator("singledispatch") == pysyntax.Nil && f.Decorator("singledispatchmethod") == pysyntax.Nil {
		return nil
	}
	out := map[*pymodule.Function]string{}
	for _, g := range f.Module.Functions {
		for _, d := range g.Decorators {
			text, class, _ := strings.Cut(g.Module.Tree.Text(d), "(")
			if text == f.Name+".register" && g.Class == f.Class {
				out[g] = strings.TrimSuffix(class, ")")
			}
		}
	}
	return out
}

// dispatched calls those of them that fit the first argument.
func (x *interp) dispatched(f *pymodule.Function, self value, args *arguments, n pysyntax.Node) value {
	variants := registered(f)
	var out value
	for _, g := range f.Module.Functions { // in order
		class, ok := variants[g]
		if !ok || len(args.pos) == 0 {
			continue
		}
		first := len(self)
		if first < len(g.Params) && class == "" {
			class = g.Module.Tree.Text(g.Params[first].Annotation)
		}
		only := *args
		only.pos = slices.Clone(args.pos)
		if c := x.a.g.ResolveIn(g.Module, g.Class, nil, class).Class; c != nil {
			only.pos[0] = slices.DeleteFunc(slices.Clone(args.pos[0]), func(a *atom) bool { return a.kind == object && !x.a.related(a.class, c) })
		}
		if len(only.pos[0]) > 0 {
			out = join(out, x.callBound(g, self, x.bindArguments(g, self, &only), n, nil))
		}
	}
	return out
}
