package mapper

import (
	"github.com/lazyfix/lazyfix/rewrite/internal/pymodule"
	"github.com/lazyfix/lazyfix/rewrite/internal/pysyntax"
)

// isRelationship tells the calls that make a relationship; ok is false for any other call.
func (b *builder) isRelationship(at place, n pysyntax.Node) (form Form, ok bool) {
	t := at.m.Tree
	if t.Kind(n) != pysyntax.Call {
		return 0, false
	}
	return formOf(b.external(at, t.Child(n, pysyntax.FieldFunction)))
}

// formOf is the form of relationship that a function of a library makes.
func formOf(external string) (form Form, ok bool) {
	switch {
	case external == "":
		return 0, false
	case fromSQLAlchemy(external, "relationship"), fromSQLAlchemy(external, "dynamic_loader"):
		return FormCall, true
	case external == "sqlmodel.Relationship" || external == "sqlmodel.main.Relationship":
		return FormSQLModel, true
	}
	return 0, false
}

// attributeValue is what an attribute of a class is set to, and the annotation of the attribute, Nil for none. Each stands at a place
// of its own.
type attributeValue struct {
	owner   *pymodule.Class
	name    string
	at      place
	value   pysyntax.Node
	typedAt place
	typed   pysyntax.Node
}

// attribute keeps what an attribute is set to when it is a relationship.
func (b *builder) attribute(v attributeValue) {
	at, value := v.at, b.unwrap(v.at, v.value)
	t := at.m.Tree
	switch t.Kind(value) {
	case pysyntax.ConditionalExpression:
		for c := range t.Children(value) {
			v.value = c
			b.attribute(v)
		}
		return
	case pysyntax.Call:
	default:
		return
	}
	form, preset, ok := b.makes(v.owner, at, value)
	if !ok {
		v.value = value
		b.helped(v)
		return
	}
	r := &Relationship{Name: v.name, Owner: v.owner, Module: at.m, Call: value, Form: form, Lazy: Select, LazyNode: pysyntax.Nil}
	c := readCall(at, value)
	if form == FormSQLModel {
		c = b.sqlmodel(r, c)
	} else {
		b.readLazy(r, c)
	}
	b.presetLazy(r, c, preset)
	a := b.annotation(v.typedAt, v.typed)
	b.readTarget(r, c, a, v.typedAt)
	if r.Target == nil && b.libraryRelationship(v.owner, at, value) {
		return
	}
	r.Many = b.many(r, c, a)
	b.presetRest(r, c, preset, a)
	if fromSQLAlchemy(b.external(at, t.Child(value, pysyntax.FieldFunction)), "dynamic_loader") {
		r.Lazy, r.Locked = Dynamic, "dynamic_loader() decides how it loads"
	}
	b.add(r, c, a)
}

// sqlmodel reads Relationship(...) and answers the call that says the rest: itself with the keywords of
// sa_relationship_kwargs, or the inner relationship().
func (b *builder) sqlmodel(r *Relationship, c call) call {
	t := c.at.m.Tree
	if inner := b.unwrap(c.at, c.keyword("sa_relationship")); inner != pysyntax.Nil && t.Kind(inner) != pysyntax.None {
		if _, ok := b.isRelationship(c.at, inner); ok {
			r.Form, r.Call = FormCall, inner
			c = readCall(c.at, inner)
			b.readLazy(r, c)
		} else {
			r.Lazy, r.Locked = Unknown, "sa_relationship= is no relationship() call that stands here"
		}
		return c
	}
	merged := call{at: c.at, node: c.node, keywords: map[string]pysyntax.Node{}}
	for k, v := range c.keywords {
		merged.keywords[k] = v
	}
	if link, ok := c.keywords["link_model"]; ok {
		merged.keywords["secondary"] = link
	}
	if args := c.keyword("sa_relationship_args"); t.Is(args, pysyntax.List, pysyntax.Tuple) {
		merged.args = []pysyntax.Node{pysyntax.Nil} // SQLModel puts the target of the annotation first
		for a := range t.Children(args) {
			merged.args = append(merged.args, a)
		}
	}
	if len(c.splats) > 0 {
		r.Locked = "** arguments may hold sa_relationship_kwargs"
	}
	kwargs := c.keyword("sa_relationship_kwargs")
	if kwargs == pysyntax.Nil || t.Kind(kwargs) == pysyntax.None {
		return merged
	}
	e := b.entries(c.at, kwargs)
	if e.m == c.at.m {
		for k, v := range e.values {
			merged.keywords[k] = v
		}
	}
	if v, ok := e.values["lazy"]; ok {
		r.Lazy = b.strategy(place{m: e.m, c: c.at.c, f: c.at.f}, v)
		if e.m == c.at.m {
			r.LazyNode = v
		}
	}
	switch _, explicit := e.values["lazy"]; {
	case !e.whole && !explicit:
		r.Locked = "sa_relationship_kwargs= may hold lazy"
	case !e.inline:
		r.Locked = "sa_relationship_kwargs= is a dictionary that others may share"
	}
	return merged
}

// readLazy reads lazy= of relationship() or backref().
func (b *builder) readLazy(r *Relationship, c call) {
	if v, ok := c.keywords["lazy"]; ok {
		r.Lazy, r.LazyNode = b.strategy(c.at, v), v
		return
	}
	for _, s := range c.splats {
		e := b.entries(c.at, s)
		v, explicit := e.values["lazy"]
		switch {
		case explicit:
			r.Lazy = b.strategy(place{m: e.m, c: c.at.c, f: c.at.f}, v)
			if e.inline && e.m == c.at.m {
				r.LazyNode = v
			} else {
				r.Locked = "lazy comes from **" + c.at.m.Tree.Text(s)
			}
		case !e.whole:
			r.Locked = "**" + c.at.m.Tree.Text(s) + " may hold lazy"
		}
	}
}

// strategy is the loader strategy that an expression means.
func (b *builder) strategy(at place, n pysyntax.Node) Strategy {
	switch at.m.Tree.Kind(n) {
	case pysyntax.True:
		return Select
	case pysyntax.False:
		return Joined
	case pysyntax.None:
		return Noload
	}
	s, ok := b.constant(at, n)
	if !ok {
		return Unknown
	}
	switch Strategy(s) {
	case Select, Joined, Selectin, Subquery, Immediate, Raise, RaiseOnSQL, Noload, Dynamic, WriteOnly:
		return Strategy(s)
	}
	return Unknown
}

func (b *builder) readTarget(r *Relationship, c call, a annotation, typedAt place) {
	argument := c.arg(0, "argument")
	if argument != pysyntax.Nil && c.at.m.Tree.Kind(argument) != pysyntax.None {
		r.Target = b.target(r.Owner, c.at, argument)
		if r.Target != nil {
			return
		}
	}
	if a.target != "" {
		r.Target = b.named(r.Owner, typedAt, a.target)
	}
}

// declared reads a @declared_attr method: every relationship() that it returns, through a local variable too.
func (b *builder) declared(f *pymodule.Function) {
	if !b.isDeclaredAttr(f) {
		return
	}
	t := f.Module.Tree
	at := functionPlace(f)
	for n := range b.returned(f) {
		if t.Kind(n) == pysyntax.Call || t.Kind(n) == pysyntax.ParenthesizedExpression || t.Kind(n) == pysyntax.ConditionalExpression {
			b.attribute(attributeValue{f.Class, f.Name, at, n, place{m: f.Module, c: f.Class}, f.Returns})
		}
	}
}

func (b *builder) isDeclaredAttr(f *pymodule.Function) bool {
	t := f.Module.Tree
	for _, d := range f.Decorators {
		name, ok := pymodule.DottedName(t, d)
		if !ok {
			continue
		}
		// The class body may define the very name that a later decorator uses; look from the module.
		s := b.name(place{m: f.Module, f: f.Outer}, name)
		for _, known := range []string{"declared_attr", "directive", "cascading", "declared_directive"} {
			if fromSQLAlchemy(s.External, known) {
				return true
			}
		}
	}
	return false
}

// returned yields what a function returns; a local variable stands for every value that it is given.
func (b *builder) returned(f *pymodule.Function) func(yield func(pysyntax.Node) bool) {
	t := f.Module.Tree
	return func(yield func(pysyntax.Node) bool) {
		for n := f.Body; n < t.SubtreeEnd(f.Body); n++ {
			switch t.Kind(n) {
			case pysyntax.FunctionDefinition, pysyntax.ClassDefinition, pysyntax.Lambda:
				n = t.SubtreeEnd(n) - 1
			case pysyntax.ReturnStatement:
				value := t.First(n)
				if t.Kind(value) != pysyntax.Identifier {
					if !yield(value) {
						return
					}
					continue
				}
				for _, v := range assigned(f, t.Text(value)) {
					if !yield(v) {
						return
					}
				}
			}
		}
	}
}

// assigned are the values that a function assigns to one of its names.
func assigned(f *pymodule.Function, name string) []pysyntax.Node {
	t := f.Module.Tree
	var out []pysyntax.Node
	for n := f.Body; n < t.SubtreeEnd(f.Body); n++ {
		switch t.Kind(n) {
		case pysyntax.FunctionDefinition, pysyntax.ClassDefinition:
			n = t.SubtreeEnd(n) - 1
		case pysyntax.Assignment:
			left, right := t.Child(n, pysyntax.FieldLeft), t.Child(n, pysyntax.FieldRight)
			if right != pysyntax.Nil && t.Kind(left) == pysyntax.Identifier && t.Text(left) == name {
				out = append(out, right)
			}
		}
	}
	return out
}
