package loadflow

import (
	"bytes"

	"github.com/lazyfix/lazyfix/rewrite/internal/pymodule"
	"github.com/lazyfix/lazyfix/rewrite/internal/pysyntax"
)

// aiogram gives a handler's parameter what a middleware put into its data under that name: data["user"] = user,
// data.update(user=user), handler(event, {**data, "user": user}). So it does a filter's, which adds what it returns, and the
// next middleware finds it in its data. Which of them is before which handler is not followed.

// observers are what a router hands events to.
var observers = map[string]bool{
	"message": true, "edited_message": true, "channel_post": true, "edited_channel_post": true, "inline_query": true,
	"chosen_inline_result": true, "callback_query": true, "shipping_query": true, "pre_checkout_query": true, "poll": true,
	"poll_answer": true, "my_chat_member": true, "chat_member": true, "chat_join_request": true, "error": true, "errors": true,
	"message_reaction": true, "business_message": true,
}

// ofMiddleware reports whether an expression is a parameter of a middleware: its handler, or its data. A middleware is a
// class, or a function that a decorator says to be one: @router.message.middleware().
func (x *interp) ofMiddleware(n pysyntax.Node) bool {
	p := x.parameterNamed(n)
	if p == nil {
		return false
	}
	if f := x.u.key.fn; f.Class != nil {
		return f.ParamIndex(p.Name) > 0 && x.a.inherits(f.Class, "BaseMiddleware")
	}
	return x.decoratedBy(map[string]bool{"middleware": true, "outer_middleware": true})
}

// decoratedBy reports whether a decorator of this function is a method of these names, in a module that uses aiogram.
func (x *interp) decoratedBy(methods map[string]bool) bool {
	for _, d := range x.u.key.fn.Decorators {
		fn := x.t.Child(d, pysyntax.FieldFunction)
		if x.t.Kind(fn) == pysyntax.Attribute && methods[x.t.Text(x.t.Child(fn, pysyntax.FieldAttribute))] {
			return usesAiogram(x.m)
		}
	}
	return false
}

func usesAiogram(m *pymodule.Module) bool { return bytes.Contains(m.Tree.Source(), []byte("aiogram")) }

// isDispatcher reports whether an expression is the dispatcher, which gives what it holds to every handler: dp["users"] = users,
// dp.workflow_data.update(users=users), dp.start_polling(bot, users=users).
func (x *interp) isDispatcher(n pysyntax.Node) bool {
	name := pymodule.Last(x.t.Text(n))
	return (name == "dp" || name == "dispatcher" || name == "workflow_data") && usesAiogram(x.m)
}

// isGiven reports whether an expression is what a handler gets beside the parameters that it names: its **data, or the data of
// a handler that is a class.
func (x *interp) isGiven(n pysyntax.Node) bool {
	if p := x.parameterNamed(n); p != nil {
		return p.Kind == pymodule.StarStar && x.handlesUpdates()
	}
	f := x.u.key.fn
	return f != nil && f.Class != nil && x.t.Text(n) == "self.data" && x.a.inherits(f.Class, "MessageHandler", "CallbackQueryHandler", "BaseHandler")
}

// handIn notes data["user"] = v in a middleware, and dp["user"] = v.
func (x *interp) handIn(holder pysyntax.Node, name string, v value) {
	if name != "" && (x.ofMiddleware(holder) || x.isDispatcher(holder)) {
		x.put(kept("aiogram", name), v)
	}
}

// handInAll notes data.update(...) and handler(event, {...}) in a middleware, and what the dispatcher is given.
func (x *interp) handInAll(holder pysyntax.Node, args *arguments) {
	if !x.ofMiddleware(holder) && !x.isDispatcher(holder) {
		return
	}
	x.keepAll("aiogram", args)
}

// handedTo is data["user"], data.get("user") in a middleware, and in a handler that takes all.
func (x *interp) handedTo(holder pysyntax.Node, name string) value {
	if name == "" || !x.ofMiddleware(holder) && !x.isGiven(holder) {
		return nil
	}
	return x.keptAt(kept("aiogram", name))
}

// isFilter reports whether the unit is what aiogram calls of a filter.
func (x *interp) isFilter() bool {
	f := x.u.key.fn
	return f.Name == "__call__" && f.Class != nil && x.a.inherits(f.Class, "BaseFilter", "Filter")
}

// filtered notes what a filter gives to the handler.
func (x *interp) filtered() {
	if x.isFilter() {
		x.keepEntries("aiogram", x.returns)
	}
}

// handedIn is what middlewares hand in for a parameter of a handler.
func (x *interp) handedIn(param int) value {
	f := x.u.key.fn
	if !x.handlesUpdates() {
		return nil
	}
	v := x.keptAt(kept("aiogram", f.Params[param].Name))
	if len(v) == 0 {
		return nil
	}
	return x.passIn(v, f.Node, param)
}

// handlesUpdates reports whether aiogram calls the function: by a decorator of it, or since it is registered somewhere.
func (x *interp) handlesUpdates() bool {
	return x.isFilter() || x.decoratedBy(observers) || x.a.registeredHandlers()[x.u.key.fn]
}

// findHandlers are the functions of router.message.register(f, ...), and those that stand among the filters of a handler.
func (a *analysis) findHandlers() map[*pymodule.Function]bool {
	out := map[*pymodule.Function]bool{}
	for _, m := range a.g.Modules {
		if !usesAiogram(m) {
			continue
		}
		t := m.Tree
		for n := range t.Within(t.Root()) {
			if !registersHandlers(t, n) {
				continue
			}
			for c := range t.Children(t.Child(n, pysyntax.FieldArguments)) {
				if s := a.g.ResolveAt(m, c); s.Kind == pymodule.FunctionSymbol {
					out[s.Function] = true
				}
			}
		}
	}
	return out
}

// registersHandlers reports whether a node is router.message(...) or router.message.register(...).
func registersHandlers(t *pysyntax.Tree, n pysyntax.Node) bool {
	fn := t.Child(n, pysyntax.FieldFunction)
	if t.Kind(n) != pysyntax.Call || t.Kind(fn) != pysyntax.Attribute {
		return false
	}
	if t.Text(t.Child(fn, pysyntax.FieldAttribute)) == "register" {
		fn = t.Child(fn, pysyntax.FieldObject)
	}
	return t.Kind(fn) == pysyntax.Attribute && observers[t.Text(t.Child(fn, pysyntax.FieldAttribute))]
}
