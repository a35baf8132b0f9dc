package mapper

import (
	"github.com/lazyfix/lazyfix/rewrite/internal/pymodule"
	"github.com/lazyfix/lazyfix/rewrite/internal/pysyntax"
)

// makes tells the calls that make a relationship: of relationship() itself, and of what functools.partial makes of it,
// whose arguments are the preset:
//
//	relationship = partial(relationship, lazy="raise")
//
// For an attribute of a model a library's own relationship() is one, too: see library_relationship.go.
func (b *builder) makes(owner *pymodule.Class, at place, n pysyntax.Node) (form Form, preset *call, ok bool) {
	if form, ok = b.isRelationship(at, n); ok {
		return form, nil, true
	}
	if b.libraryRelationship(owner, at, n) {
		return FormCall, nil, true
	}
	if at.m.Tree.Kind(n) != pysyntax.Call {
		return 0, nil, false
	}
	s := b.node(at, at.m.Tree.Child(n, pysyntax.FieldFunction))
	if s.Kind != pymodule.VariableSymbol || s.Variable.Module.Tree.Kind(s.Variable.Value) != pysyntax.Call {
		return 0, nil, false
	}
	v := s.Variable
	t, made := v.Module.Tree, place{m: v.Module, c: v.Class}
	c := readCall(made, v.Value)
	if len(c.args) == 0 || b.external(made, t.Child(v.Value, pysyntax.FieldFunction)) != "functools.partial" {
		return 0, nil, false
	}
	maker := b.external(made, c.args[0])
	if t.Text(c.args[0]) == v.Name {
		maker = b.g.Imported(v.Module, v.Name).External
	}
	form, ok = formOf(maker)
	return form, &c, ok
}

// presetLazy takes lazy from a partial, where the call itself does not say it.
func (b *builder) presetLazy(r *Relationship, c call, preset *call) {
	if preset == nil || r.Lazy == Unknown || r.Locked != "" || c.keyword("lazy") != pysyntax.Nil {
		return
	}
	t := preset.at.m.Tree
	if r.Form == FormSQLModel {
		kwargs := preset.keyword("sa_relationship_kwargs")
		if kwargs == pysyntax.Nil || c.keyword("sa_relationship_kwargs") != pysyntax.Nil {
			return
		}
		e := b.entries(preset.at, kwargs)
		r.Locked = "a partial gives sa_relationship_kwargs"
		if v, ok := e.values["lazy"]; ok {
			r.Lazy = b.strategy(place{m: e.m}, v)
		} else if !e.whole {
			r.Lazy = Unknown
		}
		return
	}
	if v := preset.keyword("lazy"); v != pysyntax.Nil {
		r.Lazy = b.strategy(preset.at, v)
		return
	}
	for _, s := range preset.splats {
		r.Lazy, r.Locked = Unknown, "**"+t.Text(s)+" of a partial may hold lazy"
	}
}

// presetRest takes from a partial what else it says and the call does not: the target, and whether it is one or many.
func (b *builder) presetRest(r *Relationship, c call, preset *call, a annotation) {
	if preset == nil {
		return
	}
	target := preset.keyword("argument")
	if len(preset.args) > 1 {
		target = preset.args[1] // behind relationship itself
	}
	if target != pysyntax.Nil && (r.Target == nil || c.keyword("argument") == pysyntax.Nil) {
		r.Target = b.target(r.Owner, preset.at, target)
	}
	if a.known || c.keyword("uselist") != pysyntax.Nil || c.keyword("secondary") != pysyntax.Nil {
		return
	}
	said := *preset
	said.args = nil
	r.Many = b.many(r, said, a)
}
