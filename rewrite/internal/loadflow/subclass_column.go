package loadflow

import (
	"bytes"
	"slices"
	"strings"

	"github.com/lazyfix/lazyfix/rewrite/internal/mapper"
	"github.com/lazyfix/lazyfix/rewrite/internal/pymodule"
	"github.com/lazyfix/lazyfix/rewrite/internal/pysyntax"
)

// A query of a base gives objects of its subclasses, and loads the columns of the base alone: those that only a subclass has
// come by a lazy load of their own, whether it has a table or shares that of the base. What loads them is
// selectin_polymorphic(), of_type(), with_polymorphic(), or the subclass's polymorphic_load. A join to the subclass, undefer()
// and selectinload("*") do not, and of selectin_polymorphic() one path takes one (measured on 2.0 and 2.1, for session.get(), too).
//
// Such a column is the last step of a path, a mapper.FormColumn, and goes to the query as a relationship does. It goes alone, in
// a round of its own: no other read is lost or cut off for it. Where its object was new, set, refreshed, or comes from nowhere that
// is known, it is at its end, and nothing is said. Not followed: a second query that loads the rest of objects at hand.

// findLeavesColumns reports whether a program has such columns, and cannot load them as they are read: without asyncio that is a
// query each, and no error.
func (a *analysis) findLeavesColumns() bool {
	return a.ix.Use.Async && slices.ContainsFunc(a.g.Modules, func(m *pymodule.Module) bool {
		return bytes.Contains(m.Tree.Source(), []byte("polymorphic_on"))
	})
}

// subclassColumn is the column that objects of c have by a name, if a query of a base of c leaves it out; nil for any other.
func (a *analysis) subclassColumn(c *pymodule.Class, name string) *mapper.Relationship {
	return *a.columns.get(lookup{c, name}, func() **mapper.Relationship {
		r := a.findSubclassColumn(c, name)
		if r != nil && r.Owner != c {
			r = a.subclassColumn(r.Owner, name) // one for all below
		}
		return &r
	})
}

func (a *analysis) findSubclassColumn(c *pymodule.Class, name string) *mapper.Relationship {
	var owner *pymodule.Class // the highest that has it
	base, polymorphic := false, false
	for class := range a.g.Lineage(c) {
		polymorphic = polymorphic || saysInClass(class, "polymorphic_on")
		if m := a.ix.Class(class); m == nil || !m.Mapped {
			continue
		}
		switch a.classMember(class, name).Kind {
		case pymodule.VariableSymbol:
			if owner = class; saysInClass(owner, "polymorphic_load") {
				return nil
			}
		case pymodule.Unknown:
			base = true
		default:
			return nil
		}
		if saysInClass(class, "with_polymorphic") || saysInClass(class, "concrete") {
			return nil
		}
	}
	if owner == nil || !base || !polymorphic || !a.isMappedColumn(owner, name) {
		return nil
	}
	return &mapper.Relationship{Name: name, Owner: owner, Module: owner.Module, Form: mapper.FormColumn, Lazy: mapper.Select}
}

// isMappedColumn reports whether a class attribute is a column that is loaded with its class's others.
func (a *analysis) isMappedColumn(c *pymodule.Class, name string) bool {
	f := a.bodyField(c, name)
	if f == nil {
		return false
	}
	t := f.Module.Tree
	switch strings.ToLower(pymodule.Last(t.Text(t.Child(f.Value, pysyntax.FieldFunction)))) {
	case "deferred", "query_expression", "relationship":
		return false
	case "column", "mapped_column":
		return !defers(t, f.Value)
	}
	return typedAs(t, f.Annotation, "Mapped")
}

// readSubclassColumn notes a read of a column of a subclass, where the object may have been loaded as one of a base.
func (x *interp) readSubclassColumn(a *atom, name string, at pysyntax.Node) {
	if !x.a.leavesColumns() {
		return
	}
	r := x.a.subclassColumn(a.class, name)
	if r == nil || a.path.len() >= maxPath || x.a.givesWhole(a.path, r) || x.isGuarded(a, r, at) {
		return
	}
	x.out.columns = append(x.out.columns, &read{
		origin: a.origin, path: x.a.t.path(a.path, a.class, r, false), mod: x.m, node: at,
		text: "reads " + r.Owner.Name + "." + name + x.readBy.String(), awaiting: x.awaiting,
	})
}

// readColumnsBelow notes a read of what only subclasses of an object's class have as a column.
func (x *interp) readColumnsBelow(a *atom, name string, at pysyntax.Node) {
	for _, sub := range x.a.g.Subclasses(a.class) {
		if x.a.isDeferred(sub, name) {
			x.readLeftOut(x.a.t.object(sub, a.origin, a.path), name, at)
			break
		}
	}
	if !x.a.leavesColumns() {
		return
	}
	var owners []*pymodule.Class
	for _, sub := range x.a.g.Subclasses(a.class) {
		r := x.a.subclassColumn(sub, name)
		if r == nil || slices.Contains(owners, r.Owner) || len(owners) == maxOverrides {
			continue
		}
		owners = append(owners, r.Owner)
		x.readSubclassColumn(x.a.t.object(r.Owner, a.origin, a.path), name, at)
	}
}

// givesWhole reports whether what a path leads to is of a class that has a column, and so loaded with it.
func (a *analysis) givesWhole(p *path, column *mapper.Relationship) bool {
	return p != nil && (p.rel.Target == nil || a.g.IsSubclass(p.rel.Target, column.Owner))
}

// column is the column that a path ends in, nil for a relationship.
func (p *path) column() *mapper.Relationship {
	if p == nil || !p.rel.IsColumn() {
		return nil
	}
	return p.rel
}

// pushAside pushes reads that units noted beside those of relationships, but for what loads itself by being awaited.
func (p *propagation) pushAside(ids []string, noted func(*outcome) []*read, back bool) {
	for _, id := range ids {
		u := p.a.units[id]
		if p.idle[id] {
			continue
		}
		for _, r := range noted(u.out) {
			if awaits(r) == "" {
				p.push(&wanted{origin: r.origin, path: r.path, read: r, unit: u.key, back: back})
			}
		}
	}
}

// followColumns carries the reads of columns to the queries.
func (p *propagation) followColumns(ids []string) error {
	p.pushAside(ids, func(out *outcome) []*read { return out.columns }, false)
	p.dead = nil
	if err := p.follow(); err != nil {
		return err
	}
	p.deadColumns()
	return nil
}

// columnEnds reports whether a want of a column is at its end on the way back: its object is no queried one, or was loaded whole
// since.
func (p *propagation) columnEnds(w *wanted) bool {
	if w.path.rel.Form != mapper.FormColumn {
		return p.leftOutEnds(w)
	}
	o := w.origin
	own := w.path.len() == 1 && o.prefix == nil
	switch {
	case w.maybe != nil || o.maybe() != nil || w.life.sync:
		return true
	case o.kind == fromSave:
		return o.saved.expired || own && o.saved.reloaded
	case o.kind == fromSet:
		return p.stale(w) != nil || p.stillGiven(w) && p.followGiven(w)
	case o.kind == fromNew:
		if p.stale(w) == nil && p.stillGiven(w) {
			p.followGiven(w)
		}
		return true
	}
	return o.kind == fromType
}

// columnLoaded reports whether the class of a query's objects, or of what a path leads to, has the column itself.
func (p *propagation) columnLoaded(w *wanted) bool {
	o := w.origin
	if w.path.rel.Form != mapper.FormColumn {
		return false // the query's options say, which loadedSteps asks
	}
	if w.path.up != nil {
		return p.a.givesWhole(w.path.up, w.path.rel)
	}
	if o.entity >= len(o.site.Entities) {
		return true
	}
	e := o.site.Entities[o.entity]
	return e.Class == nil || e.Whole || p.a.g.IsSubclass(e.Class, w.path.rel.Owner)
}

// otherSubclasses stands for the loader of a column where selectin_polymorphic() is there, for other classes.
const otherSubclasses = "selectin_polymorphic"

// loadColumn reports whether options load the column behind a path, or name why one more cannot: otherSubclasses, or what leaves it
// out on purpose.
func (a *analysis) loadColumn(up *path, column *mapper.Relationship, opts *optionSet, have coverage) (loaded bool, deliberate string) {
	if column.Form != mapper.FormColumn {
		return a.loadLeftOut(up, column, opts)
	}
	if OfType(have[up.rest()]) {
		return true, ""
	}
	for r := range opts.rows(up) {
		if r.by != "" {
			continue
		}
		if r.of == nil || r.of == column.Owner {
			return true, ""
		}
		deliberate = otherSubclasses
	}
	return false, deliberate
}

// rest are the relationships of a path, "" for none.
func (p *path) rest() string {
	if p == nil {
		return ""
	}
	return p.rels
}

// isWhole reports whether an entity of a statement is with_polymorphic(...), whose rows have the columns of subclasses. Which ones
// it is given is not looked at.
func (x *interp) isWhole(n pysyntax.Node) bool {
	t := x.t
	if t.Kind(n) == pysyntax.Identifier {
		if x.u.key.fn != nil {
			for _, v := range x.givenBy(n) {
				if t.Calls(v, "with_polymorphic") {
					return true
				}
			}
		}
		if s := x.a.g.Resolve(x.m, t.Text(n)); s.Kind == pymodule.VariableSymbol && s.Variable.Value != pysyntax.Nil {
			return s.Variable.Module.Tree.Calls(s.Variable.Value, "with_polymorphic")
		}
		return false
	}
	return t.Calls(n, "with_polymorphic")
}
