package loadflow

import "github.com/lazyfix/lazyfix/rewrite/internal/pysyntax"

// What retries may be called with the function, where it decorates one mostly:
//
//	order = await AsyncRetrying(stop=stop_after_attempt(3))(load, session, 1)
//	order = await retry(stop=stop_after_attempt(3))(load)(session, 1)
//
// So is any decorator of a library that a call makes.

// retries is the name of what Tenacity's AsyncRetrying() gives.
const retries = "lazyfix tenacity.AsyncRetrying()"

func isRetrying(a *atom) bool { return a.kind == external && a.name == retries }

func retryingMade(x *interp, _ *arguments, _ pysyntax.Node) value {
	return one(x.a.t.external(retries))
}

// retryMade is @retry of a function at once, or the decorator that retry(stop=...) gives, of which nothing is known.
func retryMade(x *interp, args *arguments, n pysyntax.Node) value {
	v, _ := x.decoratedUnseen(args, n)
	return v
}

// retryingMethod is a method of AsyncRetrying(); false for any other.
func (x *interp) retryingMethod(owner value, name string, args *arguments) (value, bool) {
	if len(owner) != 1 || !isRetrying(owner[0]) {
		return nil, false
	}
	switch name {
	case "copy":
		return owner, true
	case "wraps":
		return args.get(0, "f"), true
	}
	return nil, false
}

// retried is a call of it, which hands all arguments on, by name too: loader options for a session's get() go there.
func (x *interp) retried(args *arguments, n pysyntax.Node) value {
	if called := x.quiet(x.t.Child(n, pysyntax.FieldFunction)); len(called) == 1 && isRetrying(called[0]) && len(args.pos) > 0 {
		if v := args.pos[0]; len(v) == 1 && isSessionMethod(v[0]) && x.holdsMethod(args.node(0, ""), v[0]) {
			return x.runMethod(methodOf(v[0]), behindMethod(args, 0), n, "")
		}
	}
	v, _ := x.handedOn(args, n)
	return v
}

// callUnseen is a call of what a call of a library gives: with a function and what it is called with, or as a decorator.
func (x *interp) callUnseen(args *arguments, n pysyntax.Node) (value, bool) {
	if v, ok := x.decoratedUnseen(args, n); ok {
		return v, true
	}
	return x.handedOn(args, n)
}

// decoratedUnseen is a function as it is, where a decorator gets it alone.
func (x *interp) decoratedUnseen(args *arguments, n pysyntax.Node) (value, bool) {
	if len(args.pos) != 1 || len(args.kw) > 0 || len(args.star) > 0 || x.hasSplat(n) {
		return nil, false
	}
	v := args.pos[0]
	return v, x.isCallback(v)
}
