package loadflow

import (
	"cmp"
	"slices"

	"github.com/lazyfix/lazyfix/rewrite/internal/pysyntax"
)

// A helper may go on from a loader that it is given, or make the first step where it is given none:
//
//	def then(parent, relation):
//		if parent:
//			return parent.joinedload(relation)
//		return joinedload(relation)
//
// What the parameter brings has the step behind it then, which each call spells out. A loader is true: what is made where the
// parameter is None stands in its place, and a call that brings a loader has none of it.

// steppedOn are the loaders that parameters bring with a step behind them. A step that is not known may be any: the whole cannot
// be followed.
func (x *interp) steppedOn(brought value, name string, args *arguments, n pysyntax.Node) value {
	var out, steps value
	if name == "options" {
		out = brought
		for _, a := range args.all() {
			steps = join(steps, valueOf(optionsIn(one(a))))
		}
	} else {
		steps = x.loaderCall(name, nil, args, n)
	}
	for _, s := range steps {
		if s.kind != option {
			steps = nil
			break
		}
	}
	if len(steps) == 0 {
		return join(out, one(x.notFollowed(n)))
	}
	for _, p := range brought {
		for _, s := range steps {
			out = join(out, one(x.a.t.optionParamWith(p, p.opt, s.opt.behind(x.a.t, p.then))))
		}
	}
	return out
}

// notFollowed stands for a loader of which lazyfix does not know where it leads.
func (x *interp) notFollowed(n pysyntax.Node) *atom {
	return x.a.t.option(&loaderOption{mod: x.m, fn: x.u.key.fn.Def(), node: n, wild: unseenOption, begins: x.lazyAsked(n)})
}

// behind is option o as the further steps of base, one that cannot be followed where they are too many. Without a base it is o.
func (o *loaderOption) behind(t *table, base *loaderOption) *loaderOption {
	if base == nil {
		n := *o
		n.instead, n.first = nil, false
		return t.option(&n).opt
	}
	p, ok := t.spelled(base.path, o.path)
	if !ok {
		return t.option(&loaderOption{mod: o.mod, fn: o.fn, node: o.node, wild: unseenOption}).opt
	}
	return t.option(&loaderOption{
		root: cmp.Or(base.root, o.root), path: p, loaders: slices.Concat(base.loaders, o.loaders), rows: base.rows, wild: o.wild,
		mod: o.mod, fn: o.fn, node: o.node, unless: cmp.Or(base.unless, o.unless),
	}).opt
}

// withStep puts a step behind what an argument brought for a parameter. One that begins at another class than the loader leads
// to is another call's.
func (x *interp) withStep(options []*atom, step *loaderOption) []*atom {
	if step == nil {
		return options
	}
	var out []*atom
	for _, a := range options {
		switch {
		case a.kind == optionParam:
			out = append(out, x.a.t.optionParamWith(a, a.opt, step.behind(x.a.t, a.then)))
		case a.opt.wild == unseenOption:
			out = append(out, a)
		case a.opt.path == nil || step.path == nil || x.leadsToOwner(a.opt.path, step.path):
			out = append(out, x.a.t.optionOf(step.behind(x.a.t, a.opt)))
		}
	}
	return out
}

func (x *interp) leadsToOwner(p, next *path) bool {
	target := p.rel.Target
	return target == nil || x.a.related(target, next.steps()[0].class)
}

// startsLoaders is the parameter that is None where a loader is made: a helper has asked for it. -1 for none.
func (x *interp) startsLoaders() int {
	f := x.u.key.fn
	if f == nil {
		return -1
	}
	for i, p := range f.Params {
		if x.startsFrom(i) && !slices.ContainsFunc(x.env[p.Name], isOptionParam) {
			return i
		}
	}
	return -1
}

// withoutLoader evaluates an expression where a condition holds or does not: the parameter that it says to be None brings no loader.
func (x *interp) withoutLoader(condition pysyntax.Node, holds bool, n pysyntax.Node) value {
	name, when := isNone(x.t, condition)
	before, known := x.env[name]
	if when != holds || !known || !x.startsFrom(x.paramCalled(name)) {
		return x.eval(n)
	}
	x.env[name] = dropping(before, isOptionParam)
	v := x.eval(n)
	x.env[name] = before
	return v
}

// startsFrom reports whether a helper makes loaders by what its parameter brings, and never sets that to something else.
func (x *interp) startsFrom(param int) bool {
	f := x.u.key.fn
	return param >= 0 && (hasOption(x.u.params[param]) || takesOptions(x.t, f.Params[param])) &&
		!x.a.usesOf(f)[param].set && x.a.makesLoaders(f)
}

// asOf reports whether two statements are one query, or what one parameter brings: there b has but the options more that come by
// another parameter, `if options: query = query.options(*options)`.
func (s *stmt) asOf(b *stmt) bool {
	if s.site != nil || b.site != nil {
		return s.site == b.site
	}
	brought := func(a *atom) bool {
		return isOptionParam(a) || a.kind == option && a.opt.unless != "" || slices.Contains(s.opts.atoms(), a)
	}
	return s.unit.is(b.unit) && s.param == b.param && !slices.ContainsFunc(b.opts.atoms(), func(a *atom) bool { return !brought(a) })
}

func isOptionParam(a *atom) bool { return a.kind == optionParam }
