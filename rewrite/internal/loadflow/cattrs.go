package loadflow

import (
	"github.com/lazyfix/lazyfix/rewrite/internal/pymodule"
	"github.com/lazyfix/lazyfix/rewrite/internal/pysyntax"
)

// cattrs turns objects to dictionaries by a function for each class that is registered:
//
//	@converter.register_unstructure_hook
//	def order_hook(order: Order) -> dict: return {"customer": order.customer.name}
//
//	converter.unstructure(orders)
//
// What a class of attrs has in its fields goes the same way. Of which converter a hook is, is not asked.

// findUnstructureHooks are the functions under such a decorator, by the class of their parameter.
func (a *analysis) findUnstructureHooks() map[*pymodule.Class][]*pymodule.Function {
	out := map[*pymodule.Class][]*pymodule.Function{}
	for _, m := range a.g.Modules {
		for _, f := range m.Functions {
			if f.Decorator("register_unstructure_hook") == pysyntax.Nil || len(f.Params) == 0 {
				continue
			}
			if c := a.g.ResolveIn(m, nil, nil, m.Tree.Text(f.Params[0].Annotation)).Class; c != nil {
				out[c] = append(out[c], f)
			}
		}
	}
	return out
}

// unstructured is converter.register_unstructure_hook(Item, f), which is kept, and converter.unstructure(orders).
func (x *interp) unstructured(name string, args *arguments, at pysyntax.Node) {
	switch name {
	case "register_unstructure_hook":
		if c := classOf(args.get(0, "cls")); c != nil {
			x.put(recipe("unstructure", c, ""), args.get(1, "func"))
		}
	case "unstructure":
		if x.a.readsByRecipe() {
			x.unstructure(args.get(0, "obj"), at, 0)
		}
	}
}

func (x *interp) unstructure(v value, at pysyntax.Node, depth int) {
	x.hooked("unstructure", v, at)
	for _, a := range encoded(v) {
		for base := range x.a.g.Lineage(a.class) {
			for _, f := range x.a.unstructureHooks()[base] {
				x.call(f, nil, &arguments{pos: []value{one(a)}}, at)
			}
		}
		if a.kind == instance && depth < maxNesting {
			for _, field := range x.a.dataFields(a.class) {
				x.unstructure(x.member(one(a), field, at), at, depth+1)
			}
		}
	}
}
