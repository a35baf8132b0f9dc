package loadflow

import (
	"github.com/lazyfix/lazyfix/rewrite/internal/pymodule"
	"github.com/lazyfix/lazyfix/rewrite/internal/pysyntax"
)

// loaders are the functions that make a loader option or append a step to one; true for those that load.
var loaders = map[string]bool{
	"selectinload": true, "joinedload": true, "subqueryload": true, "immediateload": true, "contains_eager": true,
	"defaultload": false, "lazyload": false, "noload": false, "raiseload": false,
}

// columnOptions change columns and leave a loader path as it is.
var columnOptions = map[string]bool{
	"load_only": true, "defer": true, "undefer": true, "undefer_group": true, "with_expression": true,
	"selectin_polymorphic": true, "set_relationship_strategy": true,
}

// loaderCall is selectinload(Order.items, ...), or a step that is appended to the options in base.
func (x *interp) loaderCall(loader string, base value, args *arguments, n pysyntax.Node) value {
	var out []*atom
	for _, b := range startingPoints(base) {
		if columnOptions[loader] {
			if b != nil {
				out = append(out, x.a.t.option(&loaderOption{root: b.root, path: b.path, loaders: b.loaders, mod: x.m, fn: x.u.key.fn, node: n}))
			}
			continue
		}
		o := &loaderOption{mod: x.m, fn: x.u.key.fn, node: n}
		if b != nil {
			o.root, o.path, o.loaders = b.root, b.path, append([]string(nil), b.loaders...)
		}
		if len(args.posNodes) > 0 && pymodule.StringValue(x.t, args.posNodes[0]) == "*" {
			o.wild = loader
			out = append(out, x.a.t.option(o))
			continue
		}
		known := true
		for _, v := range args.pos {
			step := relOf(v)
			if step == nil {
				known = false
				break
			}
			if o.root == nil {
				o.root = step.class
			}
			p, ok := x.a.t.extend(o.path, step.path)
			if !ok {
				known = false
				break
			}
			o.path = p
			for len(o.loaders) < p.len() {
				o.loaders = append(o.loaders, loader)
			}
		}
		if _, deep := args.kw["recursion_depth"]; deep && o.path != nil {
			o.path = x.a.t.path(o.path.up, o.path.class, o.path.rel, true)
		}
		if known && o.path != nil {
			out = append(out, x.a.t.option(o))
		}
	}
	return valueOf(out)
}

// startingPoints are the options that a step is appended to, or nothing once.
func startingPoints(base value) []*loaderOption {
	if base == nil {
		return []*loaderOption{nil}
	}
	var out []*loaderOption
	for _, a := range base {
		if a.kind == option {
			out = append(out, a.opt)
		}
	}
	return out
}

func relOf(v value) *atom {
	for _, a := range v {
		if a.kind == relRef {
			return a
		}
	}
	return nil
}

// optionCall is a method of a loader option: the next step, or .options(a, b) with several next steps.
func (x *interp) optionCall(owner value, name string, args *arguments, n pysyntax.Node) (value, bool) {
	has := false
	for _, a := range owner {
		has = has || a.kind == option
	}
	if !has {
		return nil, false
	}
	if _, ok := loaders[name]; ok || columnOptions[name] {
		return x.loaderCall(name, owner, args, n), true
	}
	if name != "options" {
		return owner, true
	}
	var out value
	for _, b := range startingPoints(owner) {
		// The option's expression ends here now: what is appended to it goes behind .options(...).
		out = join(out, one(x.a.t.option(&loaderOption{root: b.root, path: b.path, loaders: b.loaders, mod: x.m, fn: x.u.key.fn, node: n})))
		for _, a := range flatten(args.all()) {
			if a.kind != option || a.opt.path == nil {
				continue
			}
			p, ok := x.a.t.extend(b.path, a.opt.path)
			if !ok {
				continue
			}
			o := &loaderOption{
				root: b.root, path: p, loaders: append(append([]string(nil), b.loaders...), a.opt.loaders...),
				mod: x.m, fn: x.u.key.fn, node: a.opt.node,
			}
			out = join(out, one(x.a.t.option(o)))
		}
	}
	return out, true
}

// coverage says what loader, if any, options and the model give to each path.
type coverage map[string]string

// covered lays out a set of options: path id -> loader. A path under `.options()` of its parent counts with it.
func (o *optionSet) covered() coverage {
	out := coverage{}
	for _, a := range o.atoms() {
		if a.kind != option || a.opt.path == nil {
			continue
		}
		for i, s := range a.opt.path.steps() {
			if i < len(a.opt.loaders) {
				if _, ok := out[s.rels]; !ok || loaders[a.opt.loaders[i]] {
					out[s.rels] = a.opt.loaders[i]
				}
			}
		}
	}
	return out
}

// wildcard is the loader of a wildcard option at the root: raiseload("*").
func (o *optionSet) wildcard() string {
	for _, a := range o.atoms() {
		if a.kind == option && a.opt.wild != "" && a.opt.path == nil {
			return a.opt.wild
		}
	}
	return ""
}
