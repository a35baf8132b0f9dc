package loadflow

import (
	"slices"
	"strings"

	"github.com/lazyfix/lazyfix/rewrite/internal/pymodule"
	"github.com/lazyfix/lazyfix/rewrite/internal/pysyntax"
)

// What a program keeps with the request or the application at hand, under a name: request.state.user of Starlette and
// Litestar, request.ctx.user of Sanic, g.user of Flask and Quart, request["user"] of aiohttp, app.state.clock,
// context.user_data["user"] of python-telegram-bot, session.info["user"]. Whatever is kept under a name anywhere is what is
// read under it; which middleware runs before which handler is not followed.

// kept is the key of what is kept under a name, here and in a Jinja environment (env.filters["price"] = price).
func kept(where, name string) fieldKey { return fieldKey{name: where + " " + name} }

// keptAt is what is kept under a key.
func (x *interp) keptAt(k fieldKey) value {
	x.out.usedFields[lookup{k.class, k.name}] = true
	return x.a.held[k]
}

// keepEntries keeps what the dictionaries in v have under their names.
func (x *interp) keepEntries(where string, v value) {
	entries, _ := parts(v)
	for _, e := range entries {
		x.put(kept(where, e.name), e.value)
	}
}

// keepAll keeps what a call like dict.update() is given, in dictionaries and by name.
func (x *interp) keepAll(where string, args *arguments) {
	x.keepEntries(where, join(args.pos...))
	for _, e := range args.entries() {
		x.put(kept(where, e.name), e.value)
	}
}

// keeper says what keeps attributes or items: "" for anything else, and for what the program itself knows better.
func (x *interp) keeper(holder pysyntax.Node, v value) string {
	t := x.t
	for _, a := range v {
		switch a.kind {
		case external:
			switch a.name {
			case "flask.g", "quart.g", "flask.globals.g", "quart.globals.g":
				return "g"
			case "flask.request", "quart.request", "flask.globals.request", "quart.globals.request":
				return "request"
			}
		case tuple: // a request by its annotation: see libraryType
			if !slices.Contains(a.names, "user") {
				return ""
			}
		case mapping: // what got items in this function
			if !x.cameUnknown(holder) {
				return ""
			}
		default:
			return ""
		}
	}
	if x.isRequest(holder) {
		return "request"
	}
	if x.m.Template && t.Kind(holder) == pysyntax.Identifier && t.Text(holder) == "g" {
		return "g"
	}
	if t.Kind(holder) == pysyntax.Identifier && t.Text(holder) == "app" {
		return "app"
	}
	if t.Kind(holder) != pysyntax.Attribute {
		return ""
	}
	object := t.Child(holder, pysyntax.FieldObject)
	switch name := t.Text(t.Child(holder, pysyntax.FieldAttribute)); {
	case name == "app" && x.isRequest(object):
		return "app"
	case name != "state" && name != "ctx":
	case x.isRequest(object):
		return "request." + name
	case pymodule.Last(t.Text(object)) == "app":
		return "app." + name
	}
	return ""
}

// cameUnknown reports whether a name is a parameter of which the callers tell nothing.
func (x *interp) cameUnknown(n pysyntax.Node) bool {
	i := x.paramNamed(n)
	return i >= 0 && x.u.key.given(i) == nil
}

// isRequest reports whether an expression is the request or connection at hand: a parameter by its annotation or, if it has
// none, by its name; or an attribute that is called request.
func (x *interp) isRequest(n pysyntax.Node) bool {
	t := x.t
	if t.Kind(n) == pysyntax.Attribute {
		return t.Text(t.Child(n, pysyntax.FieldAttribute)) == "request"
	}
	if t.Kind(n) != pysyntax.Identifier {
		return false
	}
	name := t.Text(n)
	if x.m.Template && name == "request" { // frameworks give it to every template
		return true
	}
	for f := x.u.key.fn; f != nil; f = f.Outer {
		i := f.ParamIndex(name)
		if i < 0 {
			continue
		}
		if f.Params[i].Annotation == pysyntax.Nil {
			switch name {
			case "request", "connection", "conn", "websocket":
				return true
			}
			return false
		}
		text, _, _ := strings.Cut(strings.Trim(t.Text(f.Params[i].Annotation), `"'`), "[")
		switch pymodule.Last(text) {
		case "Request", "HTTPConnection", "ASGIConnection", "WebSocket", "Websocket":
			return true
		}
		return false
	}
	return false
}

// keptAttribute is what is kept under an attribute, nil for none: of a request itself only its user, and objects.
func (x *interp) keptAttribute(holder pysyntax.Node, owner value, name string) value {
	switch where := x.keeper(holder, owner); {
	case where == "", where == "app":
		return nil
	case where == "request" && name != "user":
		if v := x.keptAt(kept(where, name)); hasObject(v) {
			return v
		}
		return nil
	default:
		return x.keptAt(kept(where, name))
	}
}

// keepLifespan notes what the lifespan of an application yields: request.state has it.
func (x *interp) keepLifespan(v value) {
	if f := x.u.key.fn; f != nil && strings.Contains(f.Name, "lifespan") {
		x.keepEntries("request.state", v)
	}
}

// keepAttribute notes request.state.user = v.
func (x *interp) keepAttribute(holder pysyntax.Node, owner value, name string, v value) {
	if where := x.keeper(holder, owner); where != "" && where != "app" {
		x.put(kept(where, name), v)
	}
}

// keptItem is what is kept under a string: request["user"], request.app["clock"]. request.scope["user"] is request.user.
func (x *interp) keptItem(holder pysyntax.Node, owner value, name string) value {
	if where := x.itemKeeper(holder, owner); where != "" && name != "" {
		return x.keptAt(kept(where, name))
	}
	return nil
}

func (x *interp) keepItem(holder pysyntax.Node, owner value, name string, v value) {
	if where := x.itemKeeper(holder, owner); where != "" && name != "" {
		x.put(kept(where, name), v)
	}
}

func (x *interp) itemKeeper(holder pysyntax.Node, owner value) string {
	if x.isScopeState(holder) {
		return "request.state"
	}
	if where := x.keeper(holder, owner); where != "" {
		return where
	}
	if len(owner) > 0 {
		return ""
	}
	switch name := pymodule.Last(x.t.Text(holder)); name {
	case "scope":
		return "request"
	case "user_data", "chat_data", "bot_data": // of python-telegram-bot, between one update and the next
		return name
	case "info":
		if x.holdsSession(x.t.Child(holder, pysyntax.FieldObject)) {
			return "session.info"
		}
	}
	return ""
}

// isScopeState reports whether an expression is scope["state"], or scope.setdefault("state", {}): the request.state of an ASGI
// framework.
func (x *interp) isScopeState(n pysyntax.Node) bool {
	t := x.t
	var scope, key pysyntax.Node
	switch t.Kind(n) {
	case pysyntax.Subscript:
		scope, key = t.Child(n, pysyntax.FieldValue), t.Child(n, pysyntax.FieldSubscript)
	case pysyntax.Call:
		fn := t.Child(n, pysyntax.FieldFunction)
		if t.Text(t.Child(fn, pysyntax.FieldAttribute)) != "setdefault" {
			return false
		}
		scope, key = t.Child(fn, pysyntax.FieldObject), t.First(t.Child(n, pysyntax.FieldArguments))
	default:
		return false
	}
	return pymodule.Last(t.Text(scope)) == "scope" && pymodule.StringValue(t, key) == "state"
}

// keptByName is getattr(request.state, "user", None), and notes setattr(request.state, "user", user); false for any other
// call.
func (x *interp) keptByName(call pysyntax.Node, function string) (value, bool) {
	if function != "getattr" && function != "setattr" {
		return nil, false
	}
	list := x.t.Child(call, pysyntax.FieldArguments)
	holder, third := x.t.Nth(list, 0), x.t.Nth(list, 2)
	name := pymodule.StringValue(x.t, x.t.Nth(list, 1))
	if name == "" {
		return nil, false
	}
	owner := x.quiet(holder)
	if function == "setattr" {
		x.keepAttribute(holder, owner, name, x.quiet(third))
		return nil, false // of an object it sets an attribute
	}
	v := x.keptAttribute(holder, owner, name)
	if len(v) == 0 {
		return nil, false
	}
	return join(v, x.eval(third)), true
}
