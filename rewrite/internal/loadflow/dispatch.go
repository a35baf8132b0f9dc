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
	if !dispatches(f) {
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
	out := x.dispatchedLater(f, self, args, n)
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

// registerLater is row.register(Order, order_row), without a decorator.
func (x *interp) registerLater(owner value, args *arguments) {
	for _, a := range owner {
		if a.kind == funcRef && len(args.pos) == 2 && dispatches(a.fn) {
			x.put(registeredAs(a.fn), x.a.t.tuple(args.pos, nil))
		}
	}
}

// dispatches reports whether a function goes on to others by the class of its first argument.
func dispatches(f *pymodule.Function) bool {
	return f.Decorator("singledispatch") != pysyntax.Nil || f.Decorator("singledispatchmethod") != pysyntax.Nil
}

// registeredAs is the key of what is registered so.
func registeredAs(f *pymodule.Function) fieldKey { return kept("dispatched", funcID(f)) }

// dispatchedLater calls those of them that fit the first argument.
func (x *interp) dispatchedLater(f *pymodule.Function, self value, args *arguments, n pysyntax.Node) value {
	if !dispatches(f) || len(args.pos) == 0 {
		return nil
	}
	var out value
	for _, pair := range x.keptAt(registeredAs(f)) {
		if pair.kind != tuple || len(pair.elems) != 2 {
			continue
		}
		for _, class := range pair.elems[0] {
			only := *args
			only.pos = slices.Clone(args.pos)
			only.pos[0] = slices.DeleteFunc(slices.Clone(args.pos[0]), func(a *atom) bool {
				return a.kind == object && class.kind == classRef && !x.a.related(a.class, class.class)
			})
			if len(only.pos[0]) == 0 {
				continue
			}
			for _, g := range pair.elems[1] {
				if g.kind == funcRef && len(g.self) == 0 && g.fn.Class != nil && len(self) > 0 {
					g = x.a.t.funcRef(g.fn, self, g.unit)
				}
				out = join(out, x.callValue(one(g), &only, n))
			}
		}
	}
	return out
}
