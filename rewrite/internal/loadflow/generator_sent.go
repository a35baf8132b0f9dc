package loadflow

import (
	"strings"

	"github.com/lazyfix/lazyfix/rewrite/internal/pymodule"
	"github.com/lazyfix/lazyfix/rewrite/internal/pysyntax"
)

// What is sent into a generator is what its yield gives, and what it returns is what `yield from` gives:
//
//	def saga(key):
//	    order = yield Order, key
//	    return [item.quantity for item in order.items]
//
//	model, key = steps.send(loaded)
//	loaded = await session.get(model, key)
//
// A generator is told by its function, wherever it is held. What StopIteration brings along is not followed.

// isGeneratorOf begins the name of a generator that is sent something or returns something; its function follows.
const isGeneratorOf = "generator()"

func generatorID(a *atom) (id string, ok bool) {
	if a.kind != external {
		return "", false
	}
	return strings.CutPrefix(a.name, isGeneratorOf)
}

func sentTo(id string) fieldKey     { return kept("sent", id) }
func returnedBy(id string) fieldKey { return kept("returned", id) }

// generatorMade is what a call of this function gives beside what it yields. It keeps what the function returns.
func (x *interp) generatorMade() value {
	f := x.u.key.fn
	if !f.Generator || !x.a.t.isSent(f) {
		return nil
	}
	x.put(returnedBy(funcID(f)), x.returns)
	return one(x.a.t.external(isGeneratorOf + funcID(f)))
}

func (t *table) isSent(f *pymodule.Function) bool {
	return *t.sentTo.get(f, func() *bool {
		sent := looksAtSent(f)
		return &sent
	})
}

// looksAtSent reports whether a generator looks at what is sent to it, or returns something.
func looksAtSent(f *pymodule.Function) bool {
	t := f.Module.Tree
	for n := range t.Within(f.Body) {
		switch t.Kind(n) {
		case pysyntax.Yield:
			if t.Kind(t.Parent(n)) != pysyntax.ExpressionStatement && t.Enclosing(n, pysyntax.FunctionDefinition, pysyntax.Lambda) == f.Node {
				return true
			}
		case pysyntax.ReturnStatement:
			if t.First(n) != pysyntax.Nil && t.Enclosing(n, pysyntax.FunctionDefinition, pysyntax.Lambda) == f.Node {
				return true
			}
		}
	}
	return false
}

func (x *interp) yield(n pysyntax.Node) value {
	t := x.t
	var v, from value
	for c := range t.Children(n) {
		v = join(v, x.eval(c))
		x.lost = x.lost || len(v) == 0 && t.Is(c, pysyntax.Call, pysyntax.Await, pysyntax.Identifier, pysyntax.Attribute)
	}
	if t.Start(n)+10 < t.End(n) && string(t.Source()[t.Start(n):t.Start(n)+10]) == "yield from" {
		from, v = v, x.iterate(v, n)
	}
	x.yields = join(x.yields, v)
	x.keepLifespan(v)
	x.serialise(v, n)
	return x.yieldGives(from)
}

// yieldGives is what `yield` gives, or `yield from` of what it goes on with.
func (x *interp) yieldGives(from value) value {
	f := x.u.key.fn
	if f == nil || !f.Generator || !x.a.t.isSent(f) {
		return nil
	}
	sent := x.keptAt(sentTo(funcID(f)))
	var out value
	inner := false
	for _, a := range from {
		if id, ok := generatorID(a); ok {
			inner = true
			x.put(sentTo(id), sent)
			out = join(out, x.keptAt(returnedBy(id)))
		}
	}
	if inner {
		return out
	}
	return sent
}

// send is generator.send(v), generator.asend(v): known where the owner is a generator that is sent something. It gives what is
// yielded next.
func (x *interp) send(owner value, name string, args *arguments) (given value, known bool) {
	if name != "send" && name != "asend" {
		return nil, false
	}
	for _, a := range owner {
		if id, ok := generatorID(a); ok {
			known = true
			x.put(sentTo(id), args.get(0, "value"))
		}
	}
	if known {
		given = x.elements(owner)
	}
	return given, known
}
