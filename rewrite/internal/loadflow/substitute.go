package loadflow

import (
	"cmp"
	"slices"

	"github.com/lazyfix/lazyfix/rewrite/internal/pymodule"
	"github.com/lazyfix/lazyfix/rewrite/internal/pysyntax"
)

// substitution puts a call's arguments in the place of the callee's parameters.
type substitution struct {
	x        *interp
	callee   *unitKey
	args     []value
	call     pysyntax.Node
	rewriter *rewriter
	done     map[*atom][]*atom // an object that was set to others, set in turn, holds the same atoms many times
}

// substitute is what a callee returns, with its parameters replaced by this call's arguments, and with queries that only
// this call makes concrete taken as made here.
func (x *interp) substitute(ret value, callee *unitKey, args []value, call pysyntax.Node) value {
	s := &substitution{x: x, callee: callee, args: args, call: call}
	return s.value(ret)
}

func (s *substitution) value(v value) value {
	for _, a := range v {
		if a.symbolic.by(s.callee.id) {
			if s.rewriter == nil {
				s.rewriter = &rewriter{t: s.x.a.t, replace: s.atom, stays: func(a *atom) bool { return !a.symbolic.by(s.callee.id) }}
			}
			return s.rewriter.value(v)
		}
	}
	return v
}

func (s *substitution) atom(a *atom) []*atom {
	if !a.symbolic.by(s.callee.id) {
		return []*atom{a}
	}
	if out, ok := s.done[a]; ok {
		return out
	}
	out := s.replace(a)
	if s.done == nil {
		s.done = map[*atom][]*atom{}
	}
	s.done[a] = out
	return out
}

func (s *substitution) replace(a *atom) []*atom {
	switch a.kind {
	case object:
		return s.object(a)
	case statement:
		return s.statement(a)
	case optionParam:
		if a.unit.id == s.callee.id && a.param < len(s.args) {
			return s.x.brought(a, s.args[a.param])
		}
	case option:
		if a.opt.instead.is(s.callee) && a.opt.param < len(s.args) {
			return s.x.insteadOf(a, s.callee, s.args[a.opt.param], s.call)
		}
	}
	return []*atom{a}
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

// brought are the options that an argument brings for a parameter.
func (x *interp) brought(param *atom, arg value) []*atom {
	options := optionsIn(arg)
	if param.name != "" {
		options = x.a.t.toldBy(param.name, options)
	}
	return x.under(param.opt, x.withStep(options, param.then))
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
	switch {
	case a.opt.wild == unseenOption:
		return a
	case a.opt.path == nil && len(a.opt.rows) == 0:
		return nil
	}
	p, ok := x.a.t.spelled(prefix.path, a.opt.path)
	if !ok {
		return nil
	}
	rows := prefix.rows
	for _, r := range a.opt.rows {
		if at, ok := x.a.t.spelled(prefix.path, r.at); ok {
			rows = append(slices.Clip(rows), rowsSaid{at, r.of, r.by, r.names})
		}
	}
	return x.a.t.option(&loaderOption{
		root: prefix.root, rows: rows, path: p, loaders: append(append([]string(nil), prefix.loaders...), a.opt.loaders...),
		mod: a.opt.mod, fn: a.opt.fn, node: a.opt.node, unless: cmp.Or(prefix.unless, a.opt.unless),
	})
}

func (s *substitution) object(a *atom) []*atom {
	x, callee, args, call := s.x, s.callee, s.args, s.call
	o := a.origin
	switch o.kind {
	case fromParam:
		if o.unit.id != callee.id || o.param >= len(args) {
			return []*atom{a}
		}
		var out []*atom
		known := o.lackedBy(args[o.param])
		for _, b := range o.passedAs(args[o.param]) {
			known = known || b.kind == object || b.kind == instance
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
		if !known {
			return []*atom{x.a.t.object(a.class, x.a.t.typeOrigin(x.m, call), a.path)}
		}
		return out // nothing where it is another caller that passes objects of that class
	case fromStatement:
		if o.unit.id != callee.id || o.param >= len(args) {
			return []*atom{a}
		}
		var out []*atom
		known := false
		for _, b := range flatten(args[o.param]) {
			if b.kind != statement || o.entity >= len(b.stmt.ents) {
				continue
			}
			c := a.class
			switch entity := b.stmt.ents[o.entity].Class; {
			case entity == nil && s.ofCallers(a):
				known = true // a column here, an object for another caller
				continue
			case entity != nil && a.path == nil:
				c = entity
			case entity != nil && !x.a.related(entity, a.path.steps()[0].class):
				known = true
				continue
			}
			n := *b.stmt
			n.opts = x.a.t.withOptions(n.opts, x.substituteOptions(o.opts, callee, args, call).atoms())
			out = append(out, x.a.t.object(c, x.a.t.entityOrigin(&n, o.entity), a.path))
		}
		if len(out) == 0 && !known {
			return []*atom{x.a.t.object(a.class, x.a.t.typeOrigin(x.m, call), a.path)}
		}
		return out
	case fromSet, fromRefresh, fromNew, fromSave:
		return s.given(a)
	case fromSite:
		site := x.concrete(o.site, o.opts, callee, call, false)
		opts := x.substituteOptions(o.opts, callee, args, call)
		if site != o.site || opts.text() != o.opts.text() {
			return []*atom{x.a.t.object(a.class, x.a.t.siteOrigin(site, o.entity, opts), a.path)}
		}
	}
	return []*atom{a}
}

// ofCallers reports whether an object is known by the statements that callers pass: the callee says nothing of its class.
func (s *substitution) ofCallers(a *atom) bool {
	u := s.x.a.units[s.callee.id]
	if u == nil {
		return false
	}
	class := a.class
	if a.path != nil {
		class = a.path.steps()[0].class
	}
	for _, b := range flatten(u.params[a.origin.param]) {
		if b.kind == statement && a.origin.entity < len(b.stmt.ents) && b.stmt.ents[a.origin.entity].Class == class {
			return true
		}
	}
	return false
}

// given replaces what stands inside the origin of an object that was set, refreshed or made in the callee.
func (s *substitution) given(a *atom) []*atom {
	x := s.x
	o := *a.origin
	changed := false
	if said := s.said(o.given); len(said) < len(o.given) {
		o.given, changed = said, true
	}
	if said, some := s.namedHere(a, o.given); some {
		o.given, changed = said, true
	}
	for i, g := range o.given {
		v := s.value(g.value)
		if !changed && !same(v, g.value) {
			changed = true
			o.given = slices.Clone(o.given)
		}
		if changed {
			o.given[i].value = x.a.upTo(v, maxGivenLevels)
		}
	}
	if o.kind == fromNew {
		if !changed {
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
	for _, b := range s.atom(x.a.t.object(class, o.inner, o.prefix)) {
		var made *origin
		switch {
		case o.kind == fromSave:
			made = x.substituteSaved(a.origin, s.callee, b.origin, b.path, s.call)
		case !changed && b.origin == o.inner && b.path == o.prefix:
			made = a.origin
		case o.kind == fromSet && len(o.given) == 0: // the call says no name
		case o.kind == fromRefresh:
			made = x.a.t.refreshOrigin(o.by, o.mod, o.node, o.loaded, b.origin, b.path)
		default:
			n := o
			n.inner, n.prefix = b.origin, b.path
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

func (s *substitution) statement(a *atom) []*atom {
	x, callee, args := s.x, s.callee, s.args
	st := *a.stmt
	st.opts = x.substituteOptions(st.opts, callee, args, s.call)
	if st.site == nil {
		if st.unit.id != callee.id || st.param >= len(args) {
			return []*atom{a}
		}
		var out []*atom
		for _, b := range flatten(args[st.param]) {
			if b.kind != statement {
				continue
			}
			n := *b.stmt
			n.opts, n.folded = x.a.t.withOptions(n.opts, st.opts.atoms()), n.folded || st.folded
			if len(st.ents) > len(n.ents) {
				n.ents = st.ents
			} else if n.opts == b.stmt.opts && n.folded == b.stmt.folded { // most often it is what it was
				out = append(out, b)
				continue
			}
			out = append(out, x.a.t.statement(&n)...)
		}
		return out
	}
	st.site = x.concrete(a.stmt.site, a.stmt.opts, callee, s.call, true)
	if st.site == a.stmt.site && st.opts == a.stmt.opts {
		return []*atom{a}
	}
	return x.a.t.statement(&st)
}

func (x *interp) substituteOptions(o *optionSet, callee *unitKey, args []value, call pysyntax.Node) *optionSet {
	if o == nil {
		return nil
	}
	var out []*atom
	changed := false
	for _, a := range o.list {
		if a.kind == optionParam && a.unit.id == callee.id && a.param < len(args) {
			out = append(out, x.brought(a, args[a.param])...)
			changed = true
		} else if a.kind == option && a.opt.instead.is(callee) && a.opt.param < len(args) {
			out = append(out, x.insteadOf(a, callee, args[a.opt.param], call)...)
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
	param, index, told := "", -1, ""
	for _, a := range opts.atoms() {
		if a.kind == optionParam && a.unit.id == callee.id && a.then == nil && (param == "" || told != "") && // options rather than names
			callee.fn.Params[a.param].Kind != pymodule.StarStar { // else of a keyword that nobody knows
			told = a.name
			param = callee.fn.Params[a.param].Name
			if callee.fn.Params[a.param].Kind == pymodule.Plain {
				index = a.param
				if isMethod(callee.fn) && x.unboundAt != call {
					index--
				}
			}
			if callee.fn.Params[a.param].Kind == pymodule.Star {
				param = "*" + param
			}
		}
	}
	// A statement that a helper gives is made the caller's too: other callers may not need what this one reads. An
	// awaited call gives no statement before it is awaited, and a constructor, or a method that calls one, gives what keeps it.
	isStatement = isStatement && !s.Lambda && x.givesStatement(callee)
	if s.Mixed || !s.Generic && (param == "" || isStatement) && (!isStatement || callee.fn.Async || x.t.Kind(call) != pysyntax.Call) {
		return s
	}
	site := &Site{
		Kind: CallSite, Module: x.m, Function: x.u.key.fn.Def(), Node: call, Via: s,
		Generic: !x.u.key.calls() || s.Generic && (!x.u.key.closed() || x.givesForOthers(s, callee)),
		Param:   param, ParamIndex: index, Told: told, Statement: isStatement, ImportTime: x.atImport(call),
	}
	if s.Kind == CallSite && s.Via != nil && (isStatement || !s.Statement) { // else it is this one that callers may add to
		site.Via, site.Through = s.Via, s
		for way, n := s, 0; way != nil; way, n = way.Through, n+1 {
			if way.Module == x.m && way.Node == call || n == maxThrough { // it calls itself
				site.Through = way.Through
				break
			}
		}
	}
	for _, e := range s.Entities {
		site.Entities = append(site.Entities, Entity{Class: e.Class, Expr: pysyntax.Nil, Name: e.Name, Alias: e.Alias})
	}
	return x.a.t.site(site)
}

// givesForOthers reports whether a method gives the statement, or the objects, of the class that self.model is here, and that of another below.
func (x *interp) givesForOthers(s *Site, callee *unitKey) bool {
	return callee.recv != nil && callee.recv == x.u.key.recv && slices.ContainsFunc(s.Entities, func(e Entity) bool {
		return e.Class != nil && x.serves(e.Class)
	})
}

// maxThrough bounds the calls on the way from a call to its query.
const maxThrough = 4

// givesStatement reports whether what a function returns may be a statement itself.
func (x *interp) givesStatement(callee *unitKey) bool {
	u := x.a.units[callee.id]
	return u != nil && slices.ContainsFunc(u.out.ret, func(a *atom) bool { return a.kind == statement })
}

// related reports whether an object of class x can be one of class y.
func (a *analysis) related(x, y *pymodule.Class) bool {
	return x == y || a.g.IsSubclass(x, y) || a.g.IsSubclass(y, x)
}
