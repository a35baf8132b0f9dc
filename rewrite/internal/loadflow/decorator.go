package loadflow

import (
	"maps"
	"slices"

	"github.com/lazyfix/lazyfix/rewrite/internal/pymodule"
	"github.com/lazyfix/lazyfix/rewrite/internal/pysyntax"
)

// A decorator of the program is called with what it decorates, since it may keep that for others to call, or call a
// function with more than its callers give:
//
//	def with_user(handler):
//	    async def inner(message):
//	        async with async_session() as session:
//	            return await handler(message, user=await session.get(User, message.sender))
//	    return inner
//
// The name stays that of the function, whose result the wrapper may wrap in turn (wrapped_result.go). What a wrapper reads of the
// arguments on their way is followed, too: kwargs["user"].roles.

// decorators evaluates the decorators of a definition, in the order in which they stand.
func (x *interp) decorators(n pysyntax.Node) []value {
	var out []value
	for c := range x.t.Children(n) {
		if x.t.Kind(c) == pysyntax.Decorator {
			out = append(out, x.eval(x.t.First(c)))
		}
	}
	return out
}

// decorate calls the decorators of the program with the function or class that they decorate.
func (x *interp) decorate(v value, decorators []value, n pysyntax.Node) {
	decorated := v[0]
	if decorated.kind == funcRef {
		x.registerDecorated(decorated, decorators, n)
		x.handlesEvents(decorated)
	}
	marks := func(a *atom) bool { return a.kind == classRef || x.wrapsResult(a) }
	wraps := decorated.kind == funcRef && slices.ContainsFunc(decorators, func(d value) bool { return slices.ContainsFunc(d, marks) })
	if wraps {
		v = one(x.a.t.undecorated(decorated))
	}
	for i, d := range slices.Backward(decorators) {
		own := slices.DeleteFunc(slices.Clone(d), func(a *atom) bool { return a.kind != funcRef && a.kind != classRef && a.kind != instance })
		if wraps {
			x.tryResult(decorated.fn, i, own, n)
		}
		if len(own) == 0 {
			continue
		}
		for _, given := range oneByOne(v) {
			v = join(v, x.callValue(own, &arguments{pos: []value{given}, posNodes: []pysyntax.Node{n}}, n))
		}
	}
	if decorated.kind != funcRef || len(v) == 1 {
		return
	}
	x.put(wrapping(decorated.fn), slices.DeleteFunc(slices.Clone(v), func(a *atom) bool {
		return a.kind != funcRef && a.kind != instance || a.fn == decorated.fn
	}))
}

// oneByOne are the function that is decorated and what the decorators below one made of it: it gets the last, which may not be known,
// and calls each in a context of its own.
func oneByOne(v value) []value {
	if slices.ContainsFunc(v, func(a *atom) bool { return a.kind != funcRef }) {
		return []value{v}
	}
	out := make([]value, len(v))
	for i, a := range v {
		out[i] = one(a)
	}
	return out
}

// decoratedMember is an attribute of a function, of which decorators made an object of the program:
//
//	@Command
//	def lines(order): ...
//
//	lines.run(order)
func (x *interp) decoratedMember(f *atom, name string, at pysyntax.Node) value {
	if (name == "fget" || name == "func") && x.a.isProperty(f.fn) { // Order.total.fget(order)
		return one(f)
	}
	if len(f.fn.Decorators) == 0 || f.name == undecorated {
		return nil
	}
	var out value
	for _, a := range x.keptAt(wrapping(f.fn)) {
		if a.kind == instance {
			out = join(out, x.instanceMember(a, name, at))
		}
	}
	return out
}

// wrapping is the key of what decorators make of a function.
func wrapping(f *pymodule.Function) fieldKey { return kept("decorated", funcID(f)) }

// passWrappers gives what the parameters of this function bring to what its decorators made of it, by name as frameworks do,
// and by position. What that does to objects is not followed: it does most of it behind the function.
func (x *interp) passWrappers() {
	f := x.u.key.fn
	if len(f.Decorators) == 0 {
		return
	}
	wrappers := x.keptAt(wrapping(f))
	brings := func(p pymodule.Param) bool { return hasObject(x.env[p.Name]) }
	if len(wrappers) == 0 || !slices.ContainsFunc(f.Params, brings) {
		return
	}
	before, effect := maps.Clone(x.env), x.out.effect
	args := &arguments{kw: map[string]value{}}
	for _, p := range f.Params {
		if p.Kind == pymodule.Plain {
			args.pos = append(args.pos, x.env[p.Name])
		}
		if p.Kind == pymodule.Plain || p.Kind == pymodule.KeywordOnly {
			args.kw[p.Name] = x.env[p.Name]
		}
	}
	x.callValue(wrappers, &arguments{kw: args.kw}, f.Node)
	x.callValue(wrappers, &arguments{pos: args.pos}, f.Node)
	x.env, x.out.effect = before, effect
}

// withoutHandedOn are the arguments of a call without those that a wrapper hands on to the function that it wraps: they are
// the function's own, which passed them to the wrapper, and would come from nobody but each other.
func (x *interp) withoutHandedOn(f *pymodule.Function, bound []value) []value {
	if len(f.Decorators) == 0 || x.u.key.fn == nil || !slices.ContainsFunc(x.keptAt(wrapping(f)), func(a *atom) bool {
		return a.fn == x.u.key.fn || a.kind == instance && a.class == x.u.key.recv && x.u.key.fn.Name == "__call__"
	}) {
		return bound
	}
	out := make([]value, len(bound))
	for i, v := range bound {
		out[i] = x.a.rewrite(v, func(a *atom) []*atom {
			if a.kind == object && a.path == nil && a.origin.kind == fromParam && a.origin.unit.id == x.u.key.id {
				return nil
			}
			return []*atom{a}
		})
	}
	return out
}
