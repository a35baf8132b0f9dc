package loadflow

import (
	"slices"

	"github.com/lazyfix/lazyfix/rewrite/internal/pymodule"
	"github.com/lazyfix/lazyfix/rewrite/internal/pysyntax"
)

// A view's class may name the decorators of what answers its requests:
//
//	class Members(MethodView):
//	    decorators = [with_project]            # Flask, Quart, Sanic
//
//	class Members(Resource):
//	    method_decorators = {"get": [with_project]}   # Flask-RESTful
//
// The framework calls them with it, bound to an object, or with a function that calls it with what it is called with itself.

// decoratorLists are the attributes that name them.
var decoratorLists = []string{"decorators", "method_decorators"}

// decorateView calls the decorators that a class names with its handlers, inherited ones too. Where they stand in a list is not
// looked at: each may get what another made.
func (x *interp) decorateView(c *pymodule.Class, n pysyntax.Node) {
	if c.Module.Test() || !slices.ContainsFunc(x.a.g.MRO(c), func(b pymodule.Base) bool { return b.Class == nil && b.External != "" }) {
		return
	}
	for _, name := range decoratorLists {
		if x.a.classMember(c, name).Kind != pymodule.VariableSymbol {
			continue
		}
		named := x.classMember(x.a.t.classRef(c, typeArgs{}, false), name)
		for _, handler := range append([]string{"dispatch_request"}, verbs...) {
			f, decorators := x.method(c, handler), decoratorsFor(named, handler)
			if f == nil || len(decorators) == 0 {
				continue
			}
			view := one(x.a.t.funcRef(f, one(x.a.t.instance(c, typeArgs{})), nil))
			made := x.callDecorators(decorators, view, n)
			if len(decorators) > 1 {
				x.callDecorators(decorators, made, n)
			}
		}
	}
}

// decoratorsFor are the decorators of one handler: those under its verb where a dict says for which they are.
func decoratorsFor(named value, handler string) value {
	var own value
	for _, a := range named {
		if a.kind != mapping {
			own = join(own, one(a))
			continue
		}
		entries, others := parts(value{a})
		if under, known := entryOf(entries, handler); known {
			others = under
		}
		own = join(own, others)
	}
	return slices.DeleteFunc(flattenTo(own, instance), func(a *atom) bool {
		return a.kind != funcRef && a.kind != classRef && a.kind != instance
	})
}

// callDecorators calls each decorator with each function.
func (x *interp) callDecorators(decorators, functions value, n pysyntax.Node) value {
	var out value
	for _, f := range functions {
		out = join(out, x.callValue(decorators, &arguments{pos: []value{one(f)}, posNodes: []pysyntax.Node{n}}, n))
	}
	return slices.DeleteFunc(slices.Clone(out), func(a *atom) bool { return a.kind != funcRef && a.kind != instance })
}
