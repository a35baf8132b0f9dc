package rewrite

import (
	"slices"
	"strings"

	"github.com/lazyfix/lazyfix/rewrite/internal/loadflow"
	"github.com/lazyfix/lazyfix/rewrite/internal/pyedit"
	"github.com/lazyfix/lazyfix/rewrite/internal/pymodule"
	"github.com/lazyfix/lazyfix/rewrite/internal/pysyntax"
)

// A relationship of a subclass, read on objects that were queried as the base. Measured on SQLAlchemy 2.0 and 2.1:
// select(Base).options(selectinload(Sub.rel)) is no error and loads nothing; with selectin_polymorphic(Base, [Sub])
// beside it, it loads; so it does by session.get(Base, key, options=[...]). In a chain the step before goes to the subclass,
// selectinload(A.base.of_type(Sub)), which stands well beside selectinload(A.base) but not beside another loader of it.

// onSubclass reports whether the first relationship of a need is one that only subclasses of the entity have.
func (p *program) onSubclass(d *loadflow.Demand, need *loadflow.Need) bool {
	first := need.Steps[0]
	root := d.Root()
	return root != nil && first.Rel.Owner != nil && !p.graph.IsSubclass(root, first.Rel.Owner)
}

// subclassRefused says why the need of a subclass cannot be met, "" when it can or is none.
func (p *program) subclassRefused(d *loadflow.Demand, need *loadflow.Need) string {
	if !p.onSubclass(d, need) {
		return ""
	}
	entity := d.Site.Entities[d.Entity]
	why := "the relationship is one of a subclass of " + entity.Class.Name + ": it needs selectin_polymorphic or of_type"
	if need.Column() != nil {
		why = "the column is one of a subclass of " + entity.Class.Name + ": it needs selectin_polymorphic or with_polymorphic"
		if need.Column().IsLeftOut() {
			return "the column is one of a subclass of " + entity.Class.Name + ": it needs undefer() in a statement of that"
		}
	}
	if !p.graph.IsSubclass(need.Steps[0].Class, entity.Class) || need.Loaded > 0 && need.Polymorphic != loadflow.ItsSubclass {
		return why
	}
	if need.Column() != nil && need.Polymorphic != loadflow.NoSubclass && p.polymorphicList(d) == pysyntax.Nil {
		return "the selectin_polymorphic() of its query does not name " + need.Column().Owner.Name + ", and a second one is refused"
	}
	if need.Polymorphic == loadflow.OtherSubclass && p.polymorphicList(d) == pysyntax.Nil {
		return why + ", and the query has one for other subclasses"
	}
	if entity.Expr == pysyntax.Nil {
		return ""
	}
	name, ok := pymodule.DottedName(d.Site.Module.Tree, entity.Expr)
	if s := p.graph.ResolveIn(d.Site.Module, nil, d.Site.Function, name); !ok || s.Kind != pymodule.ClassSymbol {
		return why // an alias, or with_polymorphic(...), which is spelled in its own way
	}
	return ""
}

// polymorphicOption is the option that makes a statement load the rows of the subclasses whose relationships it is to
// load, "" when it does so already, or when one that is there comes to list them. A second one beside another would make the
// statement fail. Alone says that nothing else of the statement is edited.
func (p *program) polymorphicOption(a *action, t *target, alone bool) (option, why string) {
	var subs []string
	base, list := "", pysyntax.Nil
	for _, w := range t.wants {
		column := len(w.need.Steps) == 1 && w.need.Column() != nil && !w.need.Column().IsLeftOut() // what loads it already was asked by the class that has it
		if !p.onSubclass(w.demand, w.need) || w.need.Polymorphic == loadflow.ItsSubclass && !column {
			continue
		}
		list = p.polymorphicList(w.demand)
		entity, sub := w.demand.Root(), w.need.Steps[0].Class
		if column { // which a class between may have
			sub = w.need.Steps[0].Rel.Owner
		}
		for _, c := range []*pymodule.Class{entity, sub} {
			s, why := p.spellClass(t.module, t.function, t.node, c, "")
			if why != "" {
				return "", why
			}
			a.imports(t, s.top, s.local)
			if c == entity {
				base = s.text
			} else if !slices.Contains(subs, s.text) {
				subs = append(subs, s.text)
			}
		}
	}
	if len(subs) == 0 {
		return "", ""
	}
	slices.Sort(subs)
	if list != pysyntax.Nil {
		style := p.styles.of(t.module)
		if !alone {
			style.Width = 0 // two edits of one statement must not both wrap it
		}
		e, err := pyedit.AddToList(t.module.Tree, list, subs, style)
		if err != nil {
			return "", err.Error()
		}
		a.edits = append(a.edits, e...)
		return "", ""
	}
	s, why := p.spellLoader(t.module, t.function, t.node, "selectin_polymorphic")
	if why != "" {
		return "", why
	}
	a.imports(t, s.top, s.local)
	return s.text + "(" + base + ", [" + strings.Join(subs, ", ") + "])", ""
}

// ofType reports whether the step behind step i is one of a subclass of what step i leads to.
func (p *program) ofType(need *loadflow.Need, i int) bool {
	if i+1 >= len(need.Steps) {
		return false
	}
	target, next := need.Steps[i].Rel.Target, need.Steps[i+1]
	return target != nil && !next.Rel.IsColumn() && next.Rel.Owner != nil && next.Class != target && p.graph.IsSubclass(next.Class, target) &&
		!p.graph.IsSubclass(target, next.Rel.Owner)
}

// treeOfSubclass is the step of a need that repeats and of whose objects only a subclass has the next step, -1 for none. No option
// loads that: with of_type() recursion_depth ends at the first level, and behind selectinload(Node.children, recursion_depth=-1)
// File.revisions is an error (measured on 2.0 and 2.1).
func (p *program) treeOfSubclass(need *loadflow.Need) int {
	for i, s := range need.Steps {
		if s.Again && p.ofType(need, i) {
			return i
		}
	}
	return -1
}

// typeOf is the name that the last loader of an option goes to by of_type(), where that is an alias: what it loads has the
// alias's attributes (measured on SQLAlchemy 2.0 and 2.1). "" for anything else, with whether that is a class: behind of_type(Sub) a
// relationship of the base would be loaded for rows of that subclass only.
func (p *program) typeOf(m *pymodule.Module, f *pymodule.Function, option pysyntax.Node) (alias string, isClass bool) {
	t := m.Tree
	for t.Kind(option) == pysyntax.Call && !loadflow.IsLoader(pymodule.Last(t.Text(t.Child(option, pysyntax.FieldFunction)))) {
		option = t.Child(t.Child(option, pysyntax.FieldFunction), pysyntax.FieldObject) // .load_only(...) behind it
	}
	inner := t.First(t.Child(option, pysyntax.FieldArguments))
	if t.Kind(inner) != pysyntax.Call || t.Text(t.Child(t.Child(inner, pysyntax.FieldFunction), pysyntax.FieldAttribute)) != "of_type" {
		return "", false
	}
	of := t.First(t.Child(inner, pysyntax.FieldArguments))
	if p.isAlias(m, f, of) {
		return t.Text(of), false
	}
	name, ok := pymodule.DottedName(t, of)
	return "", ok && p.graph.ResolveIn(m, nil, f, name).Kind == pymodule.ClassSymbol
}

// isAlias reports whether an expression is a name that is given an alias, and nothing else.
func (p *program) isAlias(m *pymodule.Module, f *pymodule.Function, name pysyntax.Node) bool {
	t := m.Tree
	if t.Kind(name) != pysyntax.Identifier {
		return false
	}
	alias := false
	for n := range t.Within(t.Root()) {
		if t.Kind(n) != pysyntax.Assignment || t.Text(t.Child(n, pysyntax.FieldLeft)) != t.Text(name) {
			continue
		}
		if around := m.FunctionAround(n); around != nil && around != f {
			continue
		}
		right := t.Child(n, pysyntax.FieldRight)
		if t.Kind(right) != pysyntax.Call {
			return false
		}
		external := p.external(m, f, t.Child(right, pysyntax.FieldFunction))
		if last := pymodule.Last(external); !strings.HasPrefix(external, "sqlalchemy.") || last != "with_polymorphic" && last != "aliased" {
			return false
		}
		alias = true
	}
	return alias
}
