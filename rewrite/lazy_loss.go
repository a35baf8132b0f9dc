package rewrite

import (
	"cmp"
	"fmt"
	"strings"

	"github.com/lazyfix/lazyfix/rewrite/internal/loadflow"
	"github.com/lazyfix/lazyfix/rewrite/internal/mapper"
	"github.com/lazyfix/lazyfix/rewrite/internal/pymodule"
	"github.com/lazyfix/lazyfix/rewrite/internal/pysyntax"
)

// losses knows where noload would lose data: it tells the unit of work that nothing is there, so that what is there is
// neither deleted nor let go, and what is taken away is not saved (measured on 2.0 and 2.1). The other strategies never do.
type losses struct {
	*program
	noload  bool
	changed map[string]string // attributes that are assigned, mutated or compared to None, by name: where
	sets    []loadflow.Work   // attributes that are set by names which are data
	deletes string            // where the program deletes an object by a session
	merges  string            // where it merges one
}

func (p *program) newLosses(lazy string) *losses {
	l := &losses{program: p, noload: lazy == "noload", changed: map[string]string{}}
	if !l.noload {
		return l
	}
	names := map[string]bool{}
	for _, r := range p.index.Relationships {
		names[r.Name] = true
	}
	l.worked()
	proxies := p.proxied(names)
	for _, m := range p.graph.Modules {
		t := m.Tree
		for i := range t.Len() {
			n := pysyntax.Node(i)
			if t.Kind(n) != pysyntax.Attribute {
				continue
			}
			name := t.Text(t.Child(n, pysyntax.FieldAttribute))
			if what := changeOf(t, n); what != "" && (names[name] || proxies[name] != nil) && !p.namesClass(m, n) {
				at := fmt.Sprintf("%s:%d %s", m.Path, t.Line(n), what)
				if names[name] {
					l.changed[name] = cmp.Or(l.changed[name], at)
				}
				for _, of := range proxies[name] {
					l.changed[of] = cmp.Or(l.changed[of], at+" by its proxy "+name)
				}
			}
			for method, at := range map[string]*string{"delete": &l.deletes, "merge": &l.merges} {
				if name == method && *at == "" && ofSession(t, n) {
					*at = fmt.Sprintf("%s:%d", m.Path, t.Line(n))
				}
			}
		}
	}
	return l
}

// namesClass reports whether an attribute is one of a class: `Order.items = relationship()` changes no object.
func (p *program) namesClass(m *pymodule.Module, n pysyntax.Node) bool {
	name, ok := pymodule.DottedName(m.Tree, m.Tree.Child(n, pysyntax.FieldObject))
	return ok && p.graph.ResolveIn(m, nil, m.FunctionAround(n), name).Kind == pymodule.ClassSymbol
}

// changeOf says how an attribute is changed or tested where it stands, "" when it is only read.
func changeOf(t *pysyntax.Tree, n pysyntax.Node) string {
	parent := t.Parent(n)
	switch t.Kind(parent) {
	case pysyntax.Assignment, pysyntax.AugmentedAssignment:
		if t.Field(n) == pysyntax.FieldLeft {
			return "assigns it"
		}
	case pysyntax.PatternList, pysyntax.TuplePattern:
		return "assigns it"
	case pysyntax.DeleteStatement:
		return "deletes it"
	case pysyntax.Subscript:
		outer := t.Parent(parent)
		if t.Field(n) == pysyntax.FieldValue && (t.Kind(outer) == pysyntax.DeleteStatement || t.Field(parent) == pysyntax.FieldLeft) {
			return "changes it"
		}
	case pysyntax.Attribute:
		switch t.Text(t.Child(parent, pysyntax.FieldAttribute)) {
		case "append", "extend", "insert", "remove", "pop", "clear", "add", "discard", "update", "sort":
			if t.Kind(t.Parent(parent)) == pysyntax.Call && t.Field(n) == pysyntax.FieldObject {
				return "changes it"
			}
		}
	case pysyntax.ComparisonOperator:
		for c := range t.Children(parent) {
			if t.Kind(c) == pysyntax.None {
				return "compares it to None"
			}
		}
	}
	return ""
}

// ofSession tells `session.delete(order)` from a repository's or a client's delete(id).
func ofSession(t *pysyntax.Tree, n pysyntax.Node) bool {
	if t.Kind(t.Parent(n)) != pysyntax.Call {
		return false
	}
	return loadflow.IsSession(t.Text(t.Child(n, pysyntax.FieldObject)))
}

// of says why a relationship must not get noload, "" when nothing is lost.
func (l *losses) of(r *mapper.Relationship) string {
	if !l.noload || r.Says["viewonly"] == "True" {
		return ""
	}
	const refused = "noload loses data here: "
	passive := r.Says["passive_deletes"] == "True" || r.Says["passive_deletes"] == "all"
	switch cascade := r.Says["cascade"]; {
	case r.Many && l.merges != "":
		return refused + "merging its owner (" + l.merges + ") does not take out what is gone"
	case r.Says["secondary"] != "":
		return refused + "the rows of " + r.Says["secondary"] + " stay when its owner is deleted"
	case l.changed[r.Name] != "":
		return refused + l.changed[r.Name]
	case l.setOf(r) != "":
		return refused + l.setOf(r)
	case r.Says["passive_updates"] == "False":
		return refused + "what is not loaded does not follow a key that changes (passive_updates=False)"
	case strings.Contains(cascade, "all"), strings.Contains(cascade, "delete"):
		if !passive {
			return refused + "its cascade deletes nothing that is not loaded"
		}
	case !r.Many && !r.ForeignKeyHere:
		return refused + "it is one-to-one, and the row that is replaced stays"
	case r.Many && !passive && l.deletes != "":
		return refused + "deleting its owner (" + l.deletes + ") does not let go of the rows that refer to it"
	}
	return ""
}

// warnOf says once what the chosen strategy does everywhere.
func (p *program) warnOf(lazy string, actions []*action) {
	written := 0
	for _, a := range actions {
		for _, f := range a.findings {
			if f.Fixable {
				written++
			}
		}
	}
	switch {
	case lazy == "noload":
		p.problems = append(p.problems, Problem{Path: ".", Warning: true, Reason: "--lazy noload: SQLAlchemy 2.1 deprecates it (\"produces incorrect results by returning None for related items\"); " +
			"it answers None or an empty list for what was not loaded, and with warnings as errors no mapper configures; raise_on_sql is safe"})
	case lazy == "raise" && written > 0:
		p.problems = append(p.problems, Problem{Path: ".", Warning: true, Reason: "--lazy raise: reads that need no SQL raise too, such as item.order behind selectinload(Order.items), " +
			"an object that the session holds, or a foreign key that is NULL; raise_on_sql lets these pass"})
	}
}
