package rewrite

import (
	"bytes"
	"slices"
	"strings"

	"github.com/lazyfix/lazyfix/rewrite/internal/loadflow"
	"github.com/lazyfix/lazyfix/rewrite/internal/mapper"
	"github.com/lazyfix/lazyfix/rewrite/internal/pymodule"
	"github.com/lazyfix/lazyfix/rewrite/internal/pysyntax"
)

// A query that populates existing objects loads anew what its options reach, too, and drops what else was loaded of that (measured
// on 2.0 and 2.1). What an upsert gives are rows of objects that the caller holds already:
//
//	game = await get_game(session, key)   # loads game.rules
//	move = await upsert(session, values)  # ...returning(Move).execution_options(populate_existing=True)
//	move.game                             # is the game at hand; selectinload(Move.game) would drop its rules
//
// A select() that locks is written: there the options that it has are those that people put there for just these reads.

// repopulates reports whether the option for a need would do that: where its query is such an upsert, and more is loaded
// of what a to-one relationship leads to, anywhere in the program, than the option loads.
func (p *program) repopulates(site *loadflow.Site, need *loadflow.Need) bool {
	toOne := func(s loadflow.Step) bool { return !s.Rel.Many && s.Loader == "" }
	if !slices.ContainsFunc(need.Steps, toOne) || !site.Repopulates() {
		return false
	}
	for i, s := range need.Steps {
		if !toOne(s) || s.Rel.Target == nil {
			continue
		}
		var next *mapper.Relationship
		if i+1 < len(need.Steps) {
			next = need.Steps[i+1].Rel
		}
		for _, r := range p.index.All(s.Rel.Target) {
			if r != next && p.isLoaded(r) {
				return true
			}
		}
	}
	return false
}

// isLoaded reports whether a relationship is loaded by any query: an option spells it, or will.
func (p *program) isLoaded(r *mapper.Relationship) bool {
	for _, d := range p.flow.Demands {
		if slices.ContainsFunc(d.Needs, func(n *loadflow.Need) bool {
			return slices.ContainsFunc(n.Steps, func(s loadflow.Step) bool { return s.Rel == r })
		}) {
			return true
		}
	}
	return r.Owner != nil && slices.ContainsFunc(p.graph.Modules, func(m *pymodule.Module) bool { return p.spellsOption(m, r) })
}

// spellsOption reports whether a module has an option for a relationship: of its class, one above or below, or an alias.
func (p *program) spellsOption(m *pymodule.Module, r *mapper.Relationship) bool {
	t := m.Tree
	if !bytes.Contains(t.Source(), []byte("load(")) {
		return false
	}
	for call := range t.Within(t.Root()) {
		if t.Kind(call) != pysyntax.Call || !strings.HasSuffix(t.Text(t.Callee(call)), "load") {
			continue
		}
		for n := range t.Within(t.Child(call, pysyntax.FieldArguments)) {
			if t.Kind(n) != pysyntax.Attribute || t.Text(t.Child(n, pysyntax.FieldAttribute)) != r.Name {
				continue
			}
			c := p.graph.ResolveAt(m, t.Child(n, pysyntax.FieldObject)).Class
			if c == nil || p.graph.IsSubclass(c, r.Owner) || p.graph.IsSubclass(r.Owner, c) {
				return true
			}
		}
	}
	return false
}
