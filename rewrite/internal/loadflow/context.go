package loadflow

import (
	"fmt"
	"slices"

	"github.com/lazyfix/lazyfix/rewrite/internal/pymodule"
	"github.com/lazyfix/lazyfix/rewrite/internal/pysyntax"
)

// How many contexts one function may have, and what is understood without its own. What decides is the class of self, which a
// base of repositories has as many of as there are models, and the arguments, of which there may be any number.

// maxContexts bounds the units of one function that differ by what is given to it.
const maxContexts = 160

// maxReceivers bounds the units of one function, also where they differ by classes alone: that of self, or mapped ones that are
// given, fetch(session, Order). It bounds those of a decorator and of what it makes, too, which call one function each: all of a
// layer of the program may have one, and together they would be one table of functions. And those of what renders templates, of which
// one wrapper may have all that there are: see tellsTemplate.
const maxReceivers = 1024

// hasRoom reports whether a function may have one more context. One without any is always understood.
func (a *analysis) hasRoom(k *unitKey) bool {
	switch n := len(a.contexts[k.fn]); {
	case n < maxContexts, k.plain():
		return true
	case k.args.template == "" && len(k.args.given) == 0 && !slices.ContainsFunc(k.types, func(t paramAtom) bool { return !a.isModel(t.atom) }),
		k.decorates(), a.tellsTemplate(k):
		return n < maxReceivers
	}
	return false
}

// decorates reports whether a unit is a decorator's for one function that it decorates, or that of a function in such a one.
func (k *unitKey) decorates() bool {
	for ; k != nil; k = k.outer {
		if len(k.types) == 1 && k.types[0].atom.kind == funcRef {
			f := k.types[0].atom
			return len(f.fn.Decorators) > 0 || f.unit != nil && f.unit.decorates() // what a decorator below it made
		}
		if len(k.types) > 0 || !k.args.plain() {
			return false
		}
	}
	return false
}

// isModel reports whether an atom is a mapped class.
func (a *analysis) isModel(x *atom) bool {
	return x.kind == classRef && a.isMapped(pymodule.Symbol{Class: x.class})
}

// plain reports whether a unit is its function in no context, not even that of a subclass.
func (k *unitKey) plain() bool {
	return len(k.types) == 0 && k.args.plain() && k.outer == nil && (k.recv == nil || k.recv == k.fn.Class)
}

// fitting is a context, or the nearest that its function has room for; then asked is the one that was meant.
func (a *analysis) fitting(k *unitKey) (key, asked *unitKey) {
	if a.units[k.id] != nil || a.hasRoom(k) {
		return k, nil
	}
	if byClass := a.plainKey(k.fn, k.recv); a.units[byClass.id] != nil || a.hasRoom(byClass) {
		return byClass, k
	}
	return a.plainKey(k.fn, k.fn.Class), k
}

// inNoContext notes that a call is understood in a context that does not tell its models, where one that its function has no
// room for does.
func (x *interp) inNoContext(key, asked *unitKey, n pysyntax.Node) {
	if asked == nil {
		return
	}
	known := x.a.told(key)
	for _, c := range x.a.told(asked) {
		if slices.Contains(known, c) {
			continue
		}
		x.out.blind = append(x.out.blind, &blind{
			mod: x.m, node: n, class: c,
			reason: fmt.Sprintf("%s() is called for more models or with more functions than lazyfix tells apart (%d)", asked.fn.Qual, len(x.a.contexts[asked.fn])),
			advice: "load what is read of its result here, with a query of its own",
		})
	}
}
