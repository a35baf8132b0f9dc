package loadflow

import (
	"slices"
	"strings"

	"github.com/lazyfix/lazyfix/rewrite/internal/pymodule"
	"github.com/lazyfix/lazyfix/rewrite/internal/pysyntax"
)

// unjoinable marks, among a statement's options, that it does what a joined load does not go with (facts of SQLAlchemy): it
// locks rows, and PostgreSQL locks none of the nullable side of a join; it groups by columns or leaves out duplicates, of
// which a join adds columns; it streams; its columns are said by another statement; or it has text (raw_text.go).
const unjoinable = "|"

// barsJoins are the methods of statements that do so.
var barsJoins = map[string]bool{
	"with_for_update": true, "distinct": true, "group_by": true, "having": true, "from_statement": true, "yield_per": true,
	"returning": true, "with_only_columns": true,
}

// barJoins marks a statement that a method, or its execution, has made one that takes no joined load.
func (x *interp) barJoins(s *stmt, n pysyntax.Node) {
	if x.a.t.joins {
		s.opts = x.a.t.withOptions(s.opts, one(x.a.t.option(&loaderOption{mod: x.m, fn: x.u.key.fn.Def(), node: n, wild: unjoinable})))
	}
}

// joinless notes that something runs a statement that takes no joined load, be its objects read there or not: the option would go to
// the one place that makes all variants of the statement.
//
//	stmt = select(Order)
//	if lock:
//	    return (await session.scalars(stmt.with_for_update())).all()
func (x *interp) joinless(s *stmt) {
	if x.a.t.joins {
		x.out.joinless = append(x.out.joinless, s)
	}
}

// onSession reports whether a call runs its statement by a session. A connection gives the columns of a join with those of the
// entity, and what else a statement is given to may run it by one.
func (x *interp) onSession(call pysyntax.Node) bool {
	receiver := x.t.Child(x.t.Child(call, pysyntax.FieldFunction), pysyntax.FieldObject)
	f := x.u.key.fn.Def()
	if receiver == pysyntax.Nil || !x.holdsSession(receiver) {
		return false
	}
	if f == nil || x.t.Kind(receiver) != pysyntax.Identifier {
		return true
	}
	name := x.t.Text(receiver)
	if i := f.ParamIndex(name); i >= 0 {
		annotation := x.t.Text(f.Params[i].Annotation)
		return annotation == "" || saysSession(annotation) || !strings.Contains(annotation, "Connection") &&
			!strings.Contains(annotation, "Engine") && !strings.Contains(annotation, "Database")
	}
	return !givesConnection(x.t, f.Body, name)
}

// givesConnection reports whether a name in a function is a connection by what is called for it: engine.connect(), engine.begin(),
// session.connection().
func givesConnection(t *pysyntax.Tree, body pysyntax.Node, name string) bool {
	for made := range madeFor(t, body, name) {
		if t.Kind(made) == pysyntax.Await {
			made = t.First(made)
		}
		called := t.Text(t.Child(made, pysyntax.FieldFunction))
		switch pymodule.Last(called) {
		case "connect", "connection", "raw_connection":
			return true
		case "begin":
			if !makesSession(called) {
				return true
			}
		}
	}
	return false
}

// handsOn is statementThrough, whose code may run the statement by whatever it has.
func (x *interp) handsOn(name string, args *arguments) value {
	out := statementThrough(name, args)
	for _, a := range out {
		x.joinless(a.stmt)
	}
	return out
}

// joinlessSites are the places of the statements that something runs that takes no joined load.
func (p *propagation) joinlessSites(ids []string) map[string]bool {
	if !p.a.t.joins {
		return nil
	}
	out, seen := map[string]bool{}, map[givenKey]bool{}
	var todo []*stmt
	for _, id := range ids {
		todo = append(todo, p.a.units[id].out.joinless...)
	}
	for len(todo) > 0 {
		s := todo[len(todo)-1]
		todo = todo[:len(todo)-1]
		if s.site != nil {
			out[placeID(s.site.Module, s.site.Node)] = true
			continue
		}
		key := givenKey{s.unit.id, s.param}
		if seen[key] {
			continue
		}
		seen[key] = true
		for _, edges := range p.a.callers[s.unit.id] {
			for _, e := range edges {
				if s.param >= len(e.args) {
					continue
				}
				for _, a := range flatten(e.args[s.param]) {
					if a.kind == statement {
						todo = append(todo, a.stmt)
					}
				}
			}
		}
	}
	return out
}

type givenKey struct {
	unit  string
	param int
}

// streams reports whether a statement is executed row by row.
func (x *interp) streams(name string, n pysyntax.Node) bool {
	return strings.HasPrefix(name, "stream") || x.t.Spells(x.t.Child(n, pysyntax.FieldArguments), "yield_per")
}

// joinable reports whether a joined load may be added.
func (o *optionSet) joinable() bool {
	for _, a := range o.atoms() {
		if a.kind == option && a.opt.wild == unjoinable {
			return false
		}
	}
	return true
}

// givenRows marks, among a statement's options, that its rows are those of another statement, or what it changed:
//
//	select(Order).from_statement(text("SELECT ..."))    insert(Order).values(...).returning(Order)
//
// SQLAlchemy adds nothing to it: neither lazy="joined" nor "subquery" of a model, nor the options of these names, load anything
// there, and say nothing. All other loaders do (measured on 2.1).
const givenRows = "/"

// takesRows marks a statement as one of given rows.
func (x *interp) takesRows(s *stmt, n pysyntax.Node) {
	s.opts = x.a.t.withOptions(s.opts, one(x.a.t.option(&loaderOption{mod: x.m, fn: x.u.key.fn.Def(), node: n, wild: givenRows})))
}

// addsNothing reports whether the last step of a path is to be loaded in the SELECT of a statement whose rows are given, by a
// loader that adds to it.
func (a *analysis) addsNothing(p *path, loader string, have coverage, o *origin) bool {
	if loader = Bare(loader); loader != "joinedload" && loader != "subqueryload" {
		return false
	}
	for s := p.up; s != nil; s = s.up {
		if !a.joins(s, have) {
			return false
		}
	}
	return slices.ContainsFunc(o.opts.atoms(), func(a *atom) bool { return a.kind == option && a.opt.wild == givenRows })
}
