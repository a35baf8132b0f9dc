package loadflow

import (
	"github.com/lazyfix/lazyfix/rewrite/internal/pymodule"
	"github.com/lazyfix/lazyfix/rewrite/internal/pysyntax"
)

// What request.user and connection.user are: what the program's authentication gives. Litestar's JWTAuth and its like are
// told by retrieve_user_handler, its own middleware gives AuthenticationResult(user=...); Starlette's AuthenticationBackend
// returns it beside the credentials.

// authenticates notes the user that a call tells a framework of.
func (x *interp) authenticates(callee *atom, args *arguments, at pysyntax.Node) {
	if f := args.kw["retrieve_user_handler"]; len(f) > 0 {
		x.put(kept("request", "user"), x.callValue(f, &arguments{more: true}, at))
	}
	if callee.kind == external && pymodule.Last(callee.name) == "AuthenticationResult" {
		x.put(kept("request", "user"), args.get(0, "user"))
	}
}

// authenticated notes the user that a method of a backend returns.
func (x *interp) authenticated() {
	f := x.u.key.fn
	if f.Name != "authenticate" || f.Class == nil || !x.a.inherits(f.Class, "AuthenticationBackend") {
		return
	}
	for _, a := range x.returns {
		if a.kind == tuple && len(a.elems) == 2 {
			x.put(kept("request", "user"), a.elems[1])
		}
	}
}
