package loadflow

import (
	"github.com/lazyfix/lazyfix/rewrite/internal/pymodule"
	"github.com/lazyfix/lazyfix/rewrite/internal/pysyntax"
)

// methodCall is `owner.name(...)`.
type methodCall struct {
	owner  value
	name   string
	callee value         // what the program itself defines by that name
	fn     pysyntax.Node // owner.name
	node   pysyntax.Node // the call
	args   *arguments
}

// holder is the expression of the owner.
func (x *interp) holder(c methodCall) pysyntax.Node { return x.t.Child(c.fn, pysyntax.FieldObject) }

// callMethod is what a method call gives. What the program itself defines goes first: a repository may well have a method called
// scalars.
func (x *interp) callMethod(n, fn pysyntax.Node, owner value, name string) value {
	c := methodCall{owner: owner, name: name, callee: x.member(owner, name, fn), fn: fn, node: n}
	if len(c.callee) == 0 {
		c.owner = x.ownerOf(owner, fn)
	}
	args := x.evalArguments(n)
	c.args = args
	x.filled(fn, name, args)
	if v, ok := x.methodByName(c); ok {
		return v
	}
	x.logged(fn, name, args, n)
	x.fastapiUsers(name, args, n)
	if name == "__subclasses__" {
		return x.subclassesOf(owner)
	}
	if v, ok := x.contextVar(x.holder(c), name, args); ok {
		return v
	}
	x.runLambdas(args, owner)
	out, known := x.ownMethods(c.callee, args, n)
	if known {
		x.savedByProtocol(c.callee, name, n)
		return x.besideOwn(join(out, x.calledBeside(c.callee, args, n)), c)
	}
	return x.otherMethod(out, c)
}

// methodByName is what methods of some names do and give, whoever has them; false where the call is one like any other.
func (x *interp) methodByName(c methodCall) (value, bool) {
	switch holder := x.holder(c); c.name {
	case "update", "start_polling", "run_polling":
		x.handInAll(holder, c.args)
		x.registerAll(holder, c.args)
	case "register":
		x.registerLater(c.owner, c.args)
	case "bind", "bind_partial":
		if v, ok := x.signatureBound(c.owner, c.args); ok {
			return v, true
		}
	case "split":
		if v, ok := x.splitPath(holder, c.owner, c.args); ok {
			return v, true
		}
	case "removeprefix", "removesuffix":
		if v, ok := x.strippedWords(c); ok {
			return v, true
		}
	case "partition":
		if v, ok := x.partition(holder, c.owner, c.args); ok {
			return v, true
		}
	case "select":
		if v, ok := x.writeOnlySelect(c.fn, c.node); ok {
			return v, true
		}
	case "get":
		key := pymodule.StringValue(x.t, c.args.node(0, "key"))
		if v := join(x.keptItem(holder, c.owner, key), x.handedTo(holder, key), x.viewed(c.owner, c.args, c.node)); len(v) > 0 {
			return v, true
		}
	case "items", "values":
		if len(c.callee) == 0 {
			x.viewedWhole(c.owner, c.node)
		}
	case "__new__":
		if made := x.newMade(c.args); len(c.callee) == 0 && len(made) > 0 {
			return made, true
		}
	case "__setattr__": // object.__setattr__(self, "order", order), as frozen classes and proxies do
		if len(c.args.posNodes) == 3 && len(c.callee) == 0 {
			x.setattr(c.args, pymodule.StringValue(x.t, c.args.posNodes[1]), c.node)
		}
	}
	return nil, false
}

// otherMethod is a method that the program does not define: of SQLAlchemy, of another library, of Python. What it gives comes to
// out.
func (x *interp) otherMethod(out value, c methodCall) value {
	owner, name, args, n := c.owner, c.name, c.args, c.node
	if name == "add_api_route" || name == "add_api_websocket_route" || name == "add_route" {
		x.addRoute(args.get(1, "endpoint"), args, n)
		return out
	}
	if name == "add_exception_handler" || name == "register_error_handler" {
		x.addHandler(args, n)
		return out
	}
	if v, ok := x.futureMethod(owner, name, args, n); ok {
		return v
	}
	if name == "add_done_callback" {
		x.taskDone(owner, args, n)
		return out
	}
	if v, ok := x.eventMethod(c); ok {
		return join(out, v)
	}
	if v, ok := x.hookCall(c); ok {
		return join(out, v)
	}
	if v, ok := x.retryingMethod(owner, name, args); ok {
		return v
	}
	x.registerCall(c)
	if name == "resolve" && hasMapping(owner) { // of the context of a template
		name = "get"
	}
	x.format(owner, x.holder(c), name, args, n)
	x.textLibrary(c)
	x.unstructured(name, args, n)
	out = join(out, x.madeName(n))
	if v, ok := x.templateMethod(owner, name, args, n); ok {
		return join(out, v)
	}
	if v, ok := x.containerCall(owner, name, args, n, c.fn); ok {
		out = join(out, v, x.mappedOver(owner, name, args, n))
	}
	if v, ok := x.optionCall(owner, name, args, n); ok {
		return join(out, v)
	}
	if v, ok := x.statementCall(owner, name, args, n); ok {
		return join(out, v)
	}
	if v := join(x.constructedSchema(owner, name, args), x.copiedSchema(owner, name, args)); len(v) > 0 {
		return join(out, v)
	}
	if v, ok := x.schemaCall(owner, name, args, n); ok {
		return join(out, v)
	}
	if x.dump(owner, x.holder(c), name, args, n) {
		return out
	}
	if name == "sqlmodel_update" {
		x.worksBySet(owner, x.holder(c), "", n)
	}
	if v, ok := x.sessionCall(owner, name, args, n); ok {
		return join(out, v)
	}
	if len(c.callee) > 0 {
		x.handedOn(args, n)
		return join(out, x.callSpelled(c.callee, args, n))
	}
	return x.unseenMethod(out, c)
}

// unseenMethod is a method of which nothing is known but its name and what it is given.
func (x *interp) unseenMethod(out value, c methodCall) value {
	owner, name, args, n := c.owner, c.name, c.args, c.node
	if len(templatesIn(args.all())) > 0 && x.renderCall(args, n) {
		return out
	}
	x.handedOut(name, args)
	if v, ok := x.mapped(name, args, n); ok {
		return join(out, v)
	}
	x.lambdasHanded(args, n)
	if v, ok := x.handedOn(args, n); ok {
		return join(out, v)
	}
	if v, ok := x.picked(name, args, n); ok {
		return join(out, v)
	}
	if v := join(x.givenOn(owner, name, args, n), x.resultMethod(owner, name, args, n)); len(v) > 0 {
		return join(out, v)
	}
	out = join(out, x.inheritedQuery(owner, name, args, n), x.loadedByKey(owner, name, n), x.lookedUp(owner, name, args, n), x.fromContainer(name, args, n), x.opened(owner, name))
	if len(out) == 0 {
		return join(x.schemaBeside(owner, args, n), x.handsOn(name, args))
	}
	return join(out, x.callSpelled(nil, args, n))
}
