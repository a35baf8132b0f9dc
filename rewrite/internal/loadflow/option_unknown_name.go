package loadflow

import (
	"cmp"
	"slices"

	"github.com/lazyfix/lazyfix/rewrite/internal/pymodule"
	"github.com/lazyfix/lazyfix/rewrite/internal/pysyntax"
)

// A loader may name a relationship that no class of the program has: selectinload(Clip.links) of what a plugin sets, or of what a base
// of a library declares. Nobody knows where it leads, but it begins at the name that it spells: a loader of a path that begins at another
// name is no second one of the same path. What the class itself has by that name may be one more name of a relationship, a
// synonym or a hybrid property, which SQLAlchemy refuses beside it (measured on 2.1): such an option may load anything.

// unknownLoader stands for a loader that names a relationship lazyfix does not know, behind no other.
func (x *interp) unknownLoader(args *arguments, n pysyntax.Node) *atom {
	if len(args.posNodes) == 0 {
		return x.notFollowed(n)
	}
	return x.a.t.option(&loaderOption{
		mod: x.m, fn: x.u.key.fn.Def(), node: n, wild: unseenOption, begins: cmp.Or(x.unknownName(args.posNodes[0]), x.lazyAsked(n)),
	})
}

// unknownName is the name in Model.name, where each class that Model may be has nothing by that name; "" otherwise.
func (x *interp) unknownName(n pysyntax.Node) string {
	t := x.t
	if t.Kind(n) != pysyntax.Attribute {
		return ""
	}
	name, owner := t.Text(t.Child(n, pysyntax.FieldAttribute)), x.quiet(t.Child(n, pysyntax.FieldObject))
	if len(owner) == 0 || slices.ContainsFunc(owner, func(a *atom) bool {
		return a.kind != classRef || x.a.ix.Class(a.class) == nil || x.hasMember(a.class, name)
	}) {
		return ""
	}
	return name
}

// hasMember reports whether the body of a class or of one of its bases has a name.
func (x *interp) hasMember(c *pymodule.Class, name string) bool {
	for c := range x.a.g.Lineage(c) {
		if c.Methods[name] != nil || c.Field(name) != nil || c.Nested[name] != nil {
			return true
		}
	}
	return false
}

// mayBegin reports whether an option is one that lazyfix cannot follow and that may be a loader of a relationship by this name, or of a path
// that begins with it.
func (o *loaderOption) mayBegin(name string) bool {
	return o.wild == unseenOption && (o.begins == "" || o.begins == name)
}

// unseenBeside is such an option among those of a query for a path or a beginning of it, nil when there is none.
func (o *optionSet) unseenBeside(p *path) *loaderOption {
	first := p.steps()[0].rel.Name
	for _, a := range o.atoms() {
		if a.kind == option && a.opt.mayBegin(first) {
			return a.opt
		}
	}
	return nil
}

// unseenOfAll are the options that are not followed of all variants of a statement, to each of which what is written for one is added, too:
// of `for name in names: query = query.options(joinedload(getattr(Order, name)))` one variant has it, and one does not.
func unseenOfAll(ws []*wanted) []*loaderOption {
	var out []*loaderOption
	for _, w := range ws {
		for _, a := range w.origin.opts.atoms() {
			if a.kind == option && a.opt.wild == unseenOption {
				out = appendOnce(out, a.opt)
			}
		}
	}
	return out
}

// unseenFor is such an option for what is wanted, of its own variant first; nil when there is none.
func unseenFor(w *wanted, ofAll []*loaderOption) *loaderOption {
	if o := w.origin.opts.unseenBeside(w.path); o != nil || len(ofAll) == 0 {
		return o
	}
	first := w.path.steps()[0].rel.Name
	if i := slices.IndexFunc(ofAll, func(o *loaderOption) bool { return o.mayBegin(first) }); i >= 0 {
		return ofAll[i]
	}
	return nil
}

// goesOnUnseen are the loaders of owner with more steps behind them, where one of them is not followed: what is behind that begins where it does.
func (x *interp) goesOnUnseen(owner value) (value, bool) {
	unseen := (&optionSet{list: owner}).unseen()
	if unseen == nil {
		return nil, false
	}
	if slices.ContainsFunc(owner, func(a *atom) bool { return a.kind != option || a.opt.wild != unseenOption }) {
		return one(x.a.t.option(&loaderOption{mod: unseen.mod, fn: unseen.fn, node: unseen.node, wild: unseenOption})), true
	}
	return owner, true
}
