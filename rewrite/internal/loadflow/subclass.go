package loadflow

import (
	"iter"
	"slices"
	"strings"

	"github.com/lazyfix/lazyfix/rewrite/internal/mapper"
	"github.com/lazyfix/lazyfix/rewrite/internal/pymodule"
	"github.com/lazyfix/lazyfix/rewrite/internal/pysyntax"
)

// What the model of a subclass loads, Document.versions with lazy="selectin", it does not load for a query of the base:
// select(Node), session.get(Node, key) and selectinload(Box.nodes) give documents without versions. It does for
// lazy="immediate", with polymorphic_load= or with_polymorphic= in the models, and where the query says
// selectin_polymorphic(Node, [Document]), with_polymorphic(Node, ...) or of_type(Document). Measured on SQLAlchemy 2.0 and
// 2.1. Of two selectin_polymorphic() of one base, the statement fails.

// rowsSaid is what an option says of the rows behind a path: selectin_polymorphic(), of which subclass they are loaded whole, nil
// for any; load_only() and its like, which columns of which class (left_out.go).
type rowsSaid struct {
	at *path
	of *pymodule.Class

	by    string // "" is selectin_polymorphic
	names string // of columns, "id,name"; anyColumn where they cannot be seen, or for all
}

// polymorphicOption is selectin_polymorphic(Base, [Sub, ...]), or the method of the options in base by that name, with its
// classes. What is no list of names is any.
func (x *interp) polymorphicOption(base value, classes value, list, n pysyntax.Node) value {
	var out []*atom
	for _, b := range startingPoints(base) {
		o := &loaderOption{mod: x.m, fn: x.u.key.fn.Def(), node: n, unless: x.withheld}
		if b != nil {
			o = x.endingAt(b, n).opt
		}
		with := *o
		for _, c := range x.subclassesNamed(classes, list) {
			with.rows = append(slices.Clip(with.rows), rowsSaid{at: o.path, of: c})
		}
		out = append(out, x.a.t.option(&with))
	}
	return valueOf(out)
}

func (x *interp) subclassesNamed(classes value, list pysyntax.Node) []*pymodule.Class {
	var out []*pymodule.Class
	for _, a := range x.elements(classes) {
		if a.kind == classRef {
			out = append(out, a.class)
		}
	}
	if !x.t.Is(list, pysyntax.List, pysyntax.Tuple) || len(slices.Collect(x.t.Children(list))) != len(out) {
		return []*pymodule.Class{nil}
	}
	return out
}

// rows are what the options say of the objects at the end of a path, of the query's own where that is nil.
func (o *optionSet) rows(p *path) iter.Seq2[rowsSaid, *loaderOption] {
	return func(yield func(rowsSaid, *loaderOption) bool) {
		for _, a := range o.atoms() {
			if a.kind != option {
				continue
			}
			for _, r := range a.opt.rows {
				if r.at.rest() == p.rest() && !yield(r, a.opt) {
					return
				}
			}
		}
	}
}

// Polymorphic says what rows of subclasses a query loads with those of the base.
type Polymorphic uint8

// What it may load.
const (
	NoSubclass    Polymorphic = iota
	OtherSubclass             // by selectin_polymorphic, not those of the class in question
	ItsSubclass               // those, or what cannot be seen
)

// polymorphic says it of a class of the objects at the end of a path, of the query's own where that is nil.
func (o *optionSet) polymorphic(g *pymodule.Graph, p *path, c, owner *pymodule.Class) Polymorphic {
	out := NoSubclass
	for r := range o.rows(p) {
		if r.by != "" {
			continue
		}
		if r.of == nil || g.IsSubclass(c, r.of) && (owner == nil || g.IsSubclass(r.of, owner)) {
			return ItsSubclass
		}
		out = OtherSubclass
	}
	return out
}

// missesSubclass reports whether the model does not load the last step of a path although its lazy= says so, since that is of a
// subclass of what is queried.
func (a *analysis) missesSubclass(p *path, o *origin, have coverage) bool {
	if o == nil {
		return false
	}
	base := a.queried(o)
	if p.up != nil {
		base = p.up.rel.Target
		if strings.Contains(have[p.up.rels], ofType) {
			return false
		}
	}
	if base == nil || p.rel.Owner == nil || p.rel.Lazy == mapper.Immediate || !a.g.IsSubclass(p.class, base) || a.g.IsSubclass(base, p.rel.Owner) {
		return false
	}
	return a.subclassRows(p, base, o, p.up) != ItsSubclass
}

// subclassRows says which rows of subclasses models and a query load of the objects of class base at the end of a path, for what a
// step reads of them.
func (a *analysis) subclassRows(step *path, base *pymodule.Class, o *origin, at *path) Polymorphic {
	for up := range a.g.Lineage(step.class) {
		if base != nil && a.g.IsSubclass(up, base) && (saysInClass(up, "polymorphic_load") || saysInClass(up, "with_polymorphic")) {
			return ItsSubclass
		}
	}
	return o.opts.polymorphic(a.g, at, step.class, step.rel.Owner)
}

// queried is the class that a query names, nil where it is not known or names an alias.
func (a *analysis) queried(o *origin) *pymodule.Class {
	if o.kind != fromSite || o.entity >= len(o.site.Entities) {
		return nil
	}
	e := o.site.Entities[o.entity]
	if o.site.Kind == CallSite && o.site.Statement && o.site.Via == nil { // a constant of a module: it spells its classes
		return e.Class
	}
	name, ok := pymodule.DottedName(o.site.Module.Tree, e.Expr)
	if s := a.g.ResolveIn(o.site.Module, nil, o.site.Function, name); !ok || s.Kind != pymodule.ClassSymbol {
		return nil
	}
	return e.Class
}

// saysInClass reports whether a class spells a word, as a name or as a key.
func saysInClass(c *pymodule.Class, word string) bool {
	return c.Module.Tree.Spells(c.Node, word)
}
