package mapper

import (
	"github.com/lazyfix/lazyfix/rewrite/internal/pymodule"
	"github.com/lazyfix/lazyfix/rewrite/internal/pysyntax"
)

// helped reads an attribute whose value comes from a function of the tree that returns a relationship():
//
//	items = children("Item")
//
// Where the function hands lazy on, by a parameter of that name or by **options, the outer call takes it; otherwise the
// inner one does, for all who call the function.
func (b *builder) helped(owner *pymodule.Class, name string, at place, value pysyntax.Node, typedAt place, typed pysyntax.Node) {
	s := b.node(at, at.m.Tree.Child(value, pysyntax.FieldFunction))
	if s.Kind != pymodule.FunctionSymbol || s.Function.Class != nil {
		return
	}
	f := s.Function
	inner := functionPlace(f)
	outer := readCall(at, value)
	for n := range b.returned(f) {
		n = b.unwrap(inner, n)
		form, ok := b.isRelationship(inner, n)
		if !ok || form != FormCall {
			continue
		}
		c := readCall(inner, n)
		r := &Relationship{Name: name, Owner: owner, Module: f.Module, Call: n, Form: form, Lazy: Select, LazyNode: pysyntax.Nil}
		b.helpedLazy(r, f, c, outer)
		a := b.annotation(typedAt, typed)
		b.helpedTarget(r, f, c, outer, a, typedAt)
		r.Many = b.many(r, c, a)
		b.add(r, c, a)
		return
	}
}

// helpedLazy decides which of the two calls says lazy=.
func (b *builder) helpedLazy(r *Relationship, f *pymodule.Function, c, outer call) {
	t := f.Module.Tree
	if v, ok := c.keywords["lazy"]; ok {
		i := f.ParamIndex(t.Text(v))
		if i < 0 {
			b.readLazy(r, c)
			return
		}
		r.Module, r.Call = outer.at.m, outer.node
		switch given := outer.arg(-1, f.Params[i].Name); {
		case given != pysyntax.Nil && f.Params[i].Name == "lazy":
			r.Lazy, r.LazyNode = b.strategy(outer.at, given), given
		case i < len(outer.args):
			r.Lazy, r.LazyNode = b.strategy(outer.at, outer.args[i]), outer.args[i]
		case f.Params[i].Default != pysyntax.Nil && len(outer.splats) == 0:
			r.Lazy = b.strategy(functionPlace(f), f.Params[i].Default)
			if f.Params[i].Name != "lazy" {
				r.Locked = f.Name + "() decides on lazy"
			}
		default:
			r.Lazy, r.Locked = Unknown, f.Name+"() decides on lazy"
		}
		return
	}
	for _, s := range c.splats {
		if i := f.ParamIndex(t.Text(s)); i >= 0 && f.Params[i].Kind == pymodule.StarStar {
			r.Module, r.Call = outer.at.m, outer.node
			b.readLazy(r, outer)
			return
		}
	}
	b.readLazy(r, c)
}

// helpedTarget finds the target, which is mostly a parameter of the function.
func (b *builder) helpedTarget(r *Relationship, f *pymodule.Function, c, outer call, a annotation, typedAt place) {
	argument := c.arg(0, "argument")
	if i := f.ParamIndex(f.Module.Tree.Text(argument)); i >= 0 {
		if n := outer.arg(i, f.Params[i].Name); n != pysyntax.Nil {
			r.Target = b.target(r.Owner, outer.at, n)
		}
		if r.Target == nil && a.target != "" {
			r.Target = b.named(r.Owner, typedAt, a.target)
		}
		return
	}
	b.readTarget(r, c, a, typedAt)
}
