package rewrite

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"github.com/lazyfix/lazyfix/rewrite/internal/loadflow"
	"github.com/lazyfix/lazyfix/rewrite/internal/mapper"
	"github.com/lazyfix/lazyfix/rewrite/internal/pyedit"
	"github.com/lazyfix/lazyfix/rewrite/internal/pysyntax"
)

// A column of a subclass, read on objects that were loaded as the base. Measured on SQLAlchemy 2.0 and 2.1, with selectinload,
// joinedload, subqueryload, contains_eager and defaultload before it: .selectin_polymorphic([Sub]) loads it, behind that loader or
// in an option of its own beside others of the path, but not in two. of_type(Sub) would load it, too, and leave out what
// polymorphic_load="inline" has other subclasses load.

// What a query leaves out of an object's own columns, undefer(Order.notes) loads, in an option of its own or behind a loader
// (loadflow/left_out.go).

// columnsBehind are the wants of columns behind one path, with the classes of subclasses' columns, and the columns that are left
// out, as they are spelled.
type columnsBehind struct {
	wants    []want
	classes  []string
	deferred []string
}

// addColumns spells what loads the columns of subclasses that wants of a target need: for the statement's own objects by
// polymorphicOption, for those behind relationships one option a path, with all classes.
func (p *program) addColumns(a *action, t *target, add *additions) (undecided []*action) {
	behind := map[string]*columnsBehind{}
	for _, w := range t.wants {
		switch {
		case w.need.Column() == nil, p.loadsItself(w):
		case w.need.Column().IsLeftOut() && len(w.need.Steps) == 1:
			if why := p.undefer(a, t, add, w); why != "" {
				undecided = append(undecided, p.undecidedNeed(w, why))
				continue
			}
			a.loaded(p, t, w)
		case len(w.need.Steps) == 1:
			add.rows = true
			a.loaded(p, t, w)
		case !w.need.Column().IsLeftOut() && p.comesByOfType(t, w):
			a.loaded(p, t, w)
		default:
			path := w.path[:strings.LastIndexByte(w.path, '.')]
			if behind[path] == nil {
				behind[path] = &columnsBehind{}
			}
			behind[path].wants = append(behind[path].wants, w)
		}
	}
	for _, path := range slices.Sorted(maps.Keys(behind)) {
		c := behind[path]
		first, why := c.wants[0], ""
		for _, w := range c.wants {
			first.loaded = min(first.loaded, w.loaded)
			s, cannot := p.spellColumnsClass(t, first, w.need.Column())
			if w.need.Column().IsLeftOut() && takenFrom(t) != pysyntax.Nil && inStatement(w.need.Steps[:len(w.need.Steps)-1]) {
				cannot = notSelected
			}
			if why = cmp.Or(why, cannot); why != "" {
				break
			}
			a.imports(t, s.top, s.local)
			if column := w.need.Column(); column.IsLeftOut() {
				c.deferred = append(c.deferred, s.text+"."+column.Name)
			} else if !slices.Contains(c.classes, s.text) {
				c.classes = append(c.classes, s.text)
			}
		}
		if why == "" {
			why = p.addColumnsBehind(a, t, add, first, c.link())
		} else if first.loaded < len(first.need.Steps)-1 { // what leads there is needed all the same
			why = cmp.Or(p.addBefore(a, t, add, first, ""), why)
		}
		if why != "" {
			for _, w := range c.wants {
				undecided = append(undecided, p.undecidedNeed(w, why))
			}
			p.addBeginnings(a, t, add, c.wants[:1])
			continue
		}
		for _, w := range c.wants {
			a.loaded(p, t, w)
		}
	}
	return undecided
}

// spellColumnsClass spells what a column behind a path is an attribute of: its class, or the alias that the loader of the path goes
// to by of_type(), where an option of the class is an ArgumentError (measured on 2.0 and 2.1).
func (p *program) spellColumnsClass(t *target, w want, column *mapper.Relationship) (spelling, string) {
	n := len(w.need.Steps) - 1
	before := w.need.Steps[n-1]
	if under := p.deepenable(t, w); column.IsLeftOut() && w.loaded == n && loadflow.OfType(before.Loader) && under != pysyntax.Nil {
		alias, isClass := p.typeOf(t.module, t.function, under)
		switch {
		case alias != "" && before.Rel.Target != nil && p.graph.IsSubclass(before.Rel.Target, column.Owner):
			return spelling{text: alias}, ""
		case !isClass:
			return spelling{}, behindOfType(w.need.Steps[:n])
		}
	}
	return p.spellClass(t.module, t.function, t.node, column.Owner, "")
}

// link is what goes behind the loader of the path.
func (c *columnsBehind) link() string {
	var links []string
	if len(c.classes) > 0 {
		slices.Sort(c.classes)
		links = append(links, "selectin_polymorphic(["+strings.Join(c.classes, ", ")+"])")
	}
	slices.Sort(c.deferred)
	for _, column := range slices.Compact(c.deferred) {
		links = append(links, "undefer("+column+")")
	}
	return strings.Join(links, ".")
}

// undefer adds the option for a column of the statement's own objects.
func (p *program) undefer(a *action, t *target, add *additions, w want) (why string) {
	if w.demand.Site.Told != "" {
		return "its query takes the names of relationships, and not those of columns"
	}
	var top, local []pyedit.Import
	root, _, why := p.rootOf(t, w, &top, &local)
	if why != "" {
		return why
	}
	function, why := p.spellLoader(t.module, t.function, t.node, "undefer")
	if why != "" {
		return why
	}
	column := w.need.Column().Name
	option := function.text + "(" + root + "." + column + ")"
	if why := p.undeferInner(t, add, root, column, option); why != "" {
		return why
	}
	a.imports(t, top, local)
	a.imports(t, function.top, function.local)
	add.options = append(add.options, option)
	return ""
}

// comesByOfType reports whether the option for a relationship of the same subclass has the column loaded, too.
func (p *program) comesByOfType(t *target, w want) bool {
	n := len(w.need.Steps) - 1
	return slices.ContainsFunc(t.wants, func(o want) bool {
		return samePrefix(o.need.Steps, w.need.Steps, n) && p.ofType(o.need, n-1) && o.need.Steps[n].Class == w.need.Column().Owner
	})
}

// addColumnsBehind adds the option whose last link is given: behind one that is there and ends where the column is, if it is the only
// one that goes there, or goes to an alias, since no other option can be spelled then.
func (p *program) addColumnsBehind(a *action, t *target, add *additions, w want, link string) (why string) {
	tree, under := t.module.Tree, p.deepenable(t, w)
	if under == pysyntax.Nil || w.loaded < len(w.need.Steps)-1 {
		return p.addBefore(a, t, add, w, "."+link)
	}
	several := len(add.deeper[under]) > 0 || tree.Text(tree.Child(tree.Child(under, pysyntax.FieldFunction), pysyntax.FieldAttribute)) == "options"
	if alias, _ := p.typeOf(t.module, t.function, under); several && (alias == "" || !strings.HasPrefix(link, "undefer(")) {
		return p.addBefore(a, t, add, w, "."+link)
	}
	add.deeper[under] = append(add.deeper[under], link)
	return ""
}

// addBefore adds an option for the relationships before the column, and what is given behind it.
func (p *program) addBefore(a *action, t *target, add *additions, w want, link string) (why string) {
	need := *w.need
	need.Steps = need.Steps[:len(need.Steps)-1]
	w.need, w.loaded = &need, min(w.loaded, len(need.Steps))
	o, why := p.optionFor(t, w)
	if why != "" {
		return why
	}
	o.text += link
	add.take(a, t, o)
	return ""
}

// loadsItself reports whether what a want lacks is a column that a synchronous query leaves out, which is no defect.
func (p *program) loadsItself(w want) bool {
	return w.need.Column().IsLeftOut() && p.syncSite(w.demand.Site)
}
