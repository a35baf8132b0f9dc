package loadflow

import (
	"github.com/lazyfix/lazyfix/rewrite/internal/pymodule"
	"github.com/lazyfix/lazyfix/rewrite/internal/pysyntax"
)

// substitute is what a callee returns, with its parameters replaced by this call's arguments, and with queries that only
// this call makes concrete taken as made here.
func (x *interp) substitute(ret value, callee *unitKey, args []value, call pysyntax.Node) value {
	return x.a.rewrite(ret, func(a *atom) []*atom {
		switch a.kind {
		case object:
			return x.substituteObject(a, callee, args, call)
		case statement:
			return x.substituteStatement(a, callee, args, call)
		case optionParam:
			if a.unit.id == callee.id && a.param < len(args) {
				return x.under(a.opt, optionsIn(args[a.param]))
			}
		}
		return []*atom{a}
	})
}

func optionsIn(v value) []*atom {
	var out []*atom
	for _, a := range flatten(v) {
		if a.kind == option || a.kind == optionParam {
			out = append(out, a)
		}
	}
	return out
}

// under puts options under a prefix, if there is one.
func (x *interp) under(prefix *loaderOption, options []*atom) []*atom {
	if prefix == nil {
		return options
	}
	var out []*atom
	for _, a := range options {
		if n := x.underOne(prefix, a); n != nil {
			out = append(out, n)
		}
	}
	return out
}

func (x *interp) underOne(prefix *loaderOption, a *atom) *atom {
	if a.kind == optionParam {
		if a.opt != nil {
			return nil
		}
		return x.a.t.optionParamUnder(a, prefix)
	}
	if a.opt.path == nil {
		return nil
	}
	p, ok := x.a.t.extend(prefix.path, a.opt.path)
	if !ok {
		return nil
	}
	return x.a.t.option(&loaderOption{
		root: prefix.root, path: p, loaders: append(append([]string(nil), prefix.loaders...), a.opt.loaders...),
		mod: a.opt.mod, fn: a.opt.fn, node: a.opt.node,
	})
}

func (x *interp) substituteObject(a *atom, callee *unitKey, args []value, call pysyntax.Node) []*atom {
	o := a.origin
	switch o.kind {
	case fromParam:
		if o.unit.id != callee.id || o.param >= len(args) {
			return []*atom{a}
		}
		var out []*atom
		for _, b := range flatten(args[o.param]) {
			if b.kind != object {
				continue
			}
			if a.path == nil {
				if x.a.related(b.class, a.class) {
					out = append(out, b)
				}
			} else if x.a.related(b.class, a.path.steps()[0].class) {
				if p, ok := x.a.t.extend(b.path, a.path); ok {
					out = append(out, x.a.t.object(a.class, b.origin, p))
				}
			}
		}
		if len(out) == 0 {
			return []*atom{x.a.t.object(a.class, x.a.t.typeOrigin(x.m, call), a.path)}
		}
		return out
	case fromStatement:
		if o.unit.id != callee.id || o.param >= len(args) {
			return []*atom{a}
		}
		var out []*atom
		for _, b := range flatten(args[o.param]) {
			if b.kind != statement || o.entity >= len(b.stmt.ents) {
				continue
			}
			c := a.class
			if a.path == nil && b.stmt.ents[o.entity].Class != nil {
				c = b.stmt.ents[o.entity].Class
			}
			s := *b.stmt
			s.opts = x.a.t.withOptions(s.opts, x.substituteOptions(o.opts, callee, args).atoms())
			out = append(out, x.a.t.object(c, x.a.t.entityOrigin(&s, o.entity), a.path))
		}
		if len(out) == 0 {
			return []*atom{x.a.t.object(a.class, x.a.t.typeOrigin(x.m, call), a.path)}
		}
		return out
	case fromSet, fromRefresh, fromNew:
		return x.substituteGiven(a, callee, args, call)
	case fromSite:
		site := x.concrete(o.site, o.opts, callee, call, false)
		opts := x.substituteOptions(o.opts, callee, args)
		if site != o.site || opts.text() != o.opts.text() {
			return []*atom{x.a.t.object(a.class, x.a.t.siteOrigin(site, o.entity, opts), a.path)}
		}
	}
	return []*atom{a}
}

// substituteGiven replaces what stands inside the origin of an object that was set, refreshed or made in the callee.
func (x *interp) substituteGiven(a *atom, callee *unitKey, args []value, call pysyntax.Node) []*atom {
	o := *a.origin
	o.given = nil
	for _, g := range a.origin.given {
		o.given = append(o.given, given{g.name, x.substitute(g.value, callee, args, call)})
	}
	if o.kind == fromNew {
		if len(o.given) == 0 {
			return []*atom{a}
		}
		if n := x.a.t.givenOrigin(&o); n != nil {
			return []*atom{x.a.t.object(a.class, n, a.path)}
		}
		return []*atom{a}
	}
	class := a.class
	if a.path != nil {
		class = a.path.steps()[0].class
	}
	var out []*atom
	for _, b := range x.substituteObject(x.a.t.object(class, o.inner, o.prefix), callee, args, call) {
		n := o
		n.inner, n.prefix = b.origin, b.path
		var made *origin
		if o.kind == fromRefresh {
			made = x.a.t.refreshOrigin(o.mod, o.node, o.loaded, n.inner, n.prefix)
		} else {
			made = x.a.t.givenOrigin(&n)
		}
		if made != nil {
			out = append(out, x.a.t.object(a.class, made, a.path))
		} else if p, ok := x.a.t.extend(b.path, a.path); ok {
			out = append(out, x.a.t.object(a.class, b.origin, p))
		}
	}
	return out
}

func (x *interp) substituteStatement(a *atom, callee *unitKey, args []value, call pysyntax.Node) []*atom {
	s := *a.stmt
	s.opts = x.substituteOptions(s.opts, callee, args)
	if s.site == nil {
		if s.unit.id != callee.id || s.param >= len(args) {
			return []*atom{a}
		}
		var out []*atom
		for _, b := range flatten(args[s.param]) {
			if b.kind == statement {
				n := *b.stmt
				n.opts = x.a.t.withOptions(n.opts, s.opts.atoms())
				if len(s.ents) > len(n.ents) {
					n.ents = s.ents
				}
				out = append(out, x.a.t.statement(&n)...)
			}
		}
		return out
	}
	s.site = x.concrete(a.stmt.site, a.stmt.opts, callee, call, true)
	return x.a.t.statement(&s)
}

func (x *interp) substituteOptions(o *optionSet, callee *unitKey, args []value) *optionSet {
	if o == nil {
		return nil
	}
	var out []*atom
	changed := false
	for _, a := range o.list {
		if a.kind == optionParam && a.unit.id == callee.id && a.param < len(args) {
			out = append(out, x.under(a.opt, optionsIn(args[a.param]))...)
			changed = true
		} else {
			out = append(out, a)
		}
	}
	if !changed {
		return o
	}
	return x.a.t.optionSet(out)
}

// concrete is the site for a query that a call brings: the call itself where it is the call that says which class is
// meant (select(self.model)), or where the called function takes loader options from its caller; else the query's own.
func (x *interp) concrete(s *Site, opts *optionSet, callee *unitKey, call pysyntax.Node, isStatement bool) *Site {
	param, index := "", -1
	for _, a := range opts.atoms() {
		if a.kind == optionParam && a.unit.id == callee.id {
			param = callee.fn.Params[a.param].Name
			if callee.fn.Params[a.param].Kind == pymodule.Plain {
				index = a.param
				if isMethod(callee.fn) {
					index--
				}
			}
			if callee.fn.Params[a.param].Kind == pymodule.Star {
				param = "*" + param
			}
		}
	}
	// A statement that a helper gives is made the caller's too: other callers may not need what this one reads. An
	// awaited call gives no statement before it is awaited.
	if !s.Generic && (param == "" || isStatement) && (!isStatement || callee.fn.Async || x.t.Kind(call) != pysyntax.Call) {
		return s
	}
	site := &Site{
		Kind: CallSite, Module: x.m, Function: x.u.key.fn, Node: call, Generic: !x.u.key.closed(), Via: s,
		Param: param, ParamIndex: index, Statement: isStatement, ImportTime: x.u.key.fn == nil,
	}
	if s.Kind == CallSite && s.Via != nil {
		site.Via = s.Via
	}
	for _, e := range s.Entities {
		site.Entities = append(site.Entities, Entity{Class: e.Class, Expr: pysyntax.Nil, Name: e.Name})
	}
	return x.a.t.site(site)
}

// related reports whether an object of class a can be one of class b.
func (a *analysis) related(x, y *pymodule.Class) bool {
	return x == y || a.g.IsSubclass(x, y) || a.g.IsSubclass(y, x)
}
