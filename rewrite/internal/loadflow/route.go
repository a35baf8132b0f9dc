package loadflow

import (
	"slices"

	"github.com/lazyfix/lazyfix/rewrite/internal/pymodule"
	"github.com/lazyfix/lazyfix/rewrite/internal/pysyntax"
)

// Routes that code makes, where no decorator spells what is made of the result:
//
//	router.add_api_route("/orders", list_orders, response_model=list[OrderRead])
//	router.get("/orders", response_model=model)(list_orders)
//	@router.get("/orders", **documented)

// verbs are HTTP's methods as views name what answers them, and routers what makes a route for them.
var verbs = []string{"get", "post", "put", "patch", "delete", "head", "options", "trace"}

// isRoute reports whether a method of a router makes a route of the function that is given to what it returns.
func isRoute(method string) bool {
	switch method {
	case "api_route", "route", "websocket":
		return true
	}
	return slices.Contains(verbs, method)
}

// addRoute reads what an endpoint gives as the response model among the route's arguments says, or as its own annotation
// does.
func (x *interp) addRoute(endpoint value, route *arguments, n pysyntax.Node) {
	given := x.callValue(endpoint, &arguments{more: true}, n)
	model, models := route.node(-1, "response_model"), route.kw["response_model"]
	if model != pysyntax.Nil && x.t.Kind(model) != pysyntax.None || len(models) > 0 {
		x.readModel(given, model, models, n)
		return
	}
	for _, a := range endpoint {
		if a.kind == funcRef && a.fn.Returns != pysyntax.Nil {
			x.readSchema(given, x.a.parseType(a.fn.Module.Tree.Text(a.fn.Returns)), typeScope{mod: a.fn.Module}, n, 0)
		}
	}
}

// addCalled is router.get("/orders")(list_orders).
func (x *interp) addCalled(fn pysyntax.Node, args *arguments, n pysyntax.Node) {
	made := x.t.Child(fn, pysyntax.FieldFunction)
	if x.t.Kind(made) == pysyntax.Attribute && isRoute(x.t.Text(x.t.Child(made, pysyntax.FieldAttribute))) {
		x.addRoute(args.get(0, "func"), x.evalArguments(fn), n)
	}
}

// modelOf is the response model of a route: how it is spelled, or what **arguments bring.
func (x *interp) modelOf(route pysyntax.Node) (pysyntax.Node, value) {
	if model := x.t.Keyword(route, "response_model"); model != pysyntax.Nil {
		return model, nil
	}
	for c := range x.t.Children(x.t.Child(route, pysyntax.FieldArguments)) {
		if x.t.Kind(c) == pysyntax.DictionarySplat {
			entries, _ := parts(x.quiet(c))
			for _, e := range entries {
				if e.name == "response_model" {
					return pysyntax.Nil, e.value
				}
			}
		}
	}
	return pysyntax.Nil, nil
}

// readModel reads what a response model says: as it is spelled, or, without a spelling, the types that were given for it.
// In a function that makes routes for a model and its schema, a name in it may be a variable:
//
//	def routes(model, schema):
//	    @router.get("/", response_model=list[schema])
func (x *interp) readModel(v value, model pysyntax.Node, given value, at pysyntax.Node) {
	if model != pysyntax.Nil && x.isVariable(model) {
		given = slices.DeleteFunc(slices.Clone(x.quiet(model)), func(a *atom) bool { return a.kind != classRef && a.kind != typeRef })
	}
	if len(given) > 0 || model == pysyntax.Nil {
		x.readTypes(v, given, at)
		return
	}
	typ := x.a.parseType(x.t.Text(model))
	s := typeScope{mod: x.m, class: x.class, fn: x.u.key.fn, types: map[string]schemaType{}}
	var bind func(t *pymodule.Type)
	bind = func(t *pymodule.Type) {
		if t.Kind == pymodule.TypeName && x.isBound(t.Name) {
			if c := classOf(x.name(t.Name)); c != nil {
				s.types[t.Name] = typeOfClass(c)
			}
		}
		for _, arg := range t.Args {
			bind(arg)
		}
	}
	bind(typ)
	x.readSchema(v, typ, s, at, 0)
}

// readDecorated is readModel of a decorator, which stands in the scope around the function: a module that it names is none of
// the function's own names, order.OrderOut no matter what the body calls order.
func (x *interp) readDecorated(v value, model pysyntax.Node, given value, at pysyntax.Node) {
	own := x.env
	x.env = env{}
	x.readModel(v, model, given, at)
	x.env = own
}

// isVariable reports whether a model is spelled by a local name or an attribute of an object.
func (x *interp) isVariable(model pysyntax.Node) bool {
	t := x.t
	for t.Kind(model) == pysyntax.Attribute {
		model = t.Child(model, pysyntax.FieldObject)
	}
	return t.Kind(model) == pysyntax.Identifier && x.isBound(t.Text(model))
}

// isBound reports whether a name is a variable of this function or one around it.
func (x *interp) isBound(name string) bool {
	_, local := x.env[name]
	return local || x.u.key.ownerOf(name) != nil
}

// readTypes reads as schemas and types say that are values.
func (x *interp) readTypes(v, types value, at pysyntax.Node) {
	for _, a := range types {
		switch a.kind {
		case classRef:
			x.readAs(v, a, at)
		case typeRef:
			x.readSchema(v, x.a.parseType(a.name), typeScope{mod: a.symbol.Module}, at, 0)
		}
	}
}
