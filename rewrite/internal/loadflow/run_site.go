package loadflow

import (
	"slices"
	"strings"

	"github.com/lazyfix/lazyfix/rewrite/internal/pymodule"
	"github.com/lazyfix/lazyfix/rewrite/internal/pysyntax"
)

// A builder that serves many models may give its statement among other things:
//
//	query, count, cursor = connection_query(info, Order)
//	orders = await session.scalars(query)
//
// No option can stand behind that call. It goes behind the statement's name where it is run. So it does where the statement is
// made when its module is imported, and an option there could break the mappers:
//
//	ACTIVE = select(Order).where(Order.active)
//
//	orders = await session.scalars(ACTIVE.limit(10))

// runStatement is session.execute(stmt) and its like.
func (x *interp) runStatement(name string, first value, args *arguments, n pysyntax.Node) (value, bool) {
	var out value
	known := false
	for _, a := range first {
		if a.kind == statement {
			known = true
			s := *a.stmt
			s.site = x.siteWhereRun(s.site, first, args.node(0, "statement"))
			if x.a.t.joins && x.streams(name, n) {
				x.barJoins(&s, n)
			}
			if x.a.t.joins && !x.onSession(n) {
				x.joinless(&s)
			}
			out = join(out, x.execute(&s, name))
		}
	}
	if known {
		x.insertedByKey(args)
	}
	return x.preload(n, x.populated(n, out)), known
}

// siteWhereRun is the site for a statement where it is run: the expression that is run, if what made it takes no options; else
// site. Given is all that the expression may be.
func (x *interp) siteWhereRun(site *Site, given value, expression pysyntax.Node) *Site {
	name := chainStart(x.t, expression)
	if site == nil || x.u.key.fn.Def() == nil || name == pysyntax.Nil {
		return site
	}
	run := *site
	switch {
	case site.Kind == CallSite && !site.Statement && site.Param == "" && !site.ImportTime && site.Module == x.m &&
		site.Function == x.u.key.fn.Def() && name == expression:
	case site.ImportTime && site.Kind == SelectSite && site.spellsClasses() && x.isConstant(name, site):
		run.Kind, run.ImportTime = CallSite, false
	default:
		return site
	}
	for _, a := range given {
		if a.kind != statement || a.stmt.site == nil || !slices.EqualFunc(a.stmt.site.Entities, site.Entities, func(a, b Entity) bool { return a.Class == b.Class }) {
			return site // an option of the one breaks the other
		}
	}
	if x.setToUnknown(name) {
		return site
	}
	run.Module, run.Function, run.Node, run.Statement, run.ParamIndex = x.m, x.u.key.fn.Def(), name, true, -1
	run.Entities = slices.Clone(run.Entities)
	for i := range run.Entities {
		run.Entities[i].Expr = pysyntax.Nil
	}
	return x.a.t.site(&run)
}

// chainStart is the name on which methods are called, or that stands alone: ACTIVE, self.stmt of self.stmt.limit(10). Nil for
// anything else.
func chainStart(t *pysyntax.Tree, n pysyntax.Node) pysyntax.Node {
	for t.Kind(n) == pysyntax.Call {
		fn := t.Child(n, pysyntax.FieldFunction)
		if t.Kind(fn) != pysyntax.Attribute {
			return pysyntax.Nil
		}
		n = t.Child(fn, pysyntax.FieldObject)
	}
	if !t.Is(n, pysyntax.Identifier, pysyntax.Attribute) {
		return pysyntax.Nil
	}
	return n
}

// spellsClasses reports whether all entities are spelled as their classes: an option for an alias needs the alias.
func (s *Site) spellsClasses() bool {
	return !slices.ContainsFunc(s.Entities, func(e Entity) bool {
		return e.Class == nil || pymodule.Last(s.Module.Tree.Text(e.Expr)) != e.Class.Name
	})
}

// isConstant reports whether a name is the one statement that a module or a class binds to it, and nothing else ever is: a parameter,
// a local name, or an attribute that a subclass or a method sets may be a statement of another model.
func (x *interp) isConstant(name pysyntax.Node, site *Site) bool {
	first, attribute, _ := strings.Cut(x.t.Text(name), ".")
	if c := x.u.key.fn.Def().Class; c != nil && (first == "self" || first == "cls") {
		return site.isIn(x.a.classMember(c, attribute)) && !slices.ContainsFunc(x.a.g.Family(c), func(sub *pymodule.Class) bool {
			return sub != c && (sub.Methods[attribute] != nil || slices.ContainsFunc(sub.Fields, func(v *pymodule.Variable) bool { return v.Name == attribute })) ||
				setsAttribute(sub, attribute)
		})
	}
	if x.u.key.fn.Binds(first) {
		return false
	}
	s, others := x.a.g.Meanings(x.m, nil, x.u.key.fn, x.t.Text(name))
	return len(others) == 0 && site.isIn(s)
}

// isIn reports whether a query stands in what a variable is bound to.
func (s *Site) isIn(of pymodule.Symbol) bool {
	v := of.Variable
	return v != nil && v.Module == s.Module && v.Value != pysyntax.Nil && s.Module.Tree.Contains(v.Value, s.Node)
}

// setsAttribute reports whether an attribute is set in a class, of whatever object.
func setsAttribute(c *pymodule.Class, attribute string) bool {
	t := c.Module.Tree
	for n := range t.Within(c.Node) {
		if t.Kind(n) == pysyntax.Attribute && t.Text(t.Child(n, pysyntax.FieldAttribute)) == attribute && t.Field(n) == pysyntax.FieldLeft {
			return true
		}
	}
	return false
}

// setToUnknown reports whether a name is given anything in the function that is not known to be a statement: it may be another
// model's, or text().
func (x *interp) setToUnknown(name pysyntax.Node) bool {
	f := x.u.key.fn
	if f == nil || x.t.Kind(name) != pysyntax.Identifier {
		return false
	}
	for n := range assignments(x.t, f.Body, x.t.Text(name)) {
		v := x.quiet(x.t.Child(n, pysyntax.FieldRight))
		if len(v) == 0 || slices.ContainsFunc(v, func(a *atom) bool { return a.kind != statement }) {
			return true
		}
	}
	return false
}
