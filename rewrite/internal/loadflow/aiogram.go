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

// ofMiddleware reports whether an expression is a parameter of a middleware: its handler, or its data.
func (x *interp) ofMiddleware(n pysyntax.Node) bool {
	f := x.u.key.fn
	return f != nil && f.Class != nil && x.t.Kind(n) == pysyntax.Identifier && f.ParamIndex(x.t.Text(n)) > 0 && x.a.inherits(f.Class, "BaseMiddleware")
}

// handIn notes data["user"] = v in a middleware.
func (x *interp) handIn(holder pysyntax.Node, name string, v value) {
	if name != "" && x.ofMiddleware(holder) {
		x.put(kept("aiogram", name), v)
	}
}

// handInAll notes data.update(...) and handler(event, {...}) in a middleware.
func (x *interp) handInAll(holder pysyntax.Node, args *arguments) {
	if !x.ofMiddleware(holder) {
		return
	}
	x.keepEntries("aiogram", join(args.pos...))
	for _, e := range args.entries() {
		x.put(kept("aiogram", e.name), e.value)
	}
}

// handedTo is data["user"], data.get("user") in a middleware.
func (x *interp) handedTo(holder pysyntax.Node, name string) value {
	if name == "" || !x.ofMiddleware(holder) {
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
	f, t := x.u.key.fn, x.t
	if x.isFilter() {
		return true
	}
	for _, d := range f.Decorators {
		fn := t.Child(d, pysyntax.FieldFunction)
		if t.Kind(fn) == pysyntax.Attribute && observers[t.Text(t.Child(fn, pysyntax.FieldAttribute))] && bytes.Contains(t.Source(), []byte("aiogram")) {
			return true
		}
	}
	return x.a.registeredHandlers()[f]
}

// findHandlers are the functions of router.message.register(f, ...).
func (a *analysis) findHandlers() map[*pymodule.Function]bool {
	out := map[*pymodule.Function]bool{}
	for _, m := range a.g.Modules {
		t := m.Tree
		if !bytes.Contains(t.Source(), []byte("aiogram")) || !bytes.Contains(t.Source(), []byte(".register(")) {
			continue
		}
		for i := range t.Len() {
			n := pysyntax.Node(i)
			fn := t.Child(n, pysyntax.FieldFunction)
			if t.Kind(n) != pysyntax.Call || t.Kind(fn) != pysyntax.Attribute || t.Text(t.Child(fn, pysyntax.FieldAttribute)) != "register" {
				continue
			}
			observer := t.Child(fn, pysyntax.FieldObject)
			name, dotted := pymodule.DottedName(t, t.First(t.Child(n, pysyntax.FieldArguments)))
			if t.Kind(observer) != pysyntax.Attribute || !observers[t.Text(t.Child(observer, pysyntax.FieldAttribute))] || !dotted {
				continue
			}
			around := m.FunctionAt(t.Enclosing(n, pysyntax.FunctionDefinition))
			if s := a.g.ResolveIn(m, nil, around, name); s.Kind == pymodule.FunctionSymbol {
				out[s.Function] = true
			}
		}
	}
	return out
}
