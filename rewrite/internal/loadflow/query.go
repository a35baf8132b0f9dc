package loadflow

import (
	"cmp"
	"slices"

	"github.com/lazyfix/lazyfix/rewrite/internal/pymodule"
	"github.com/lazyfix/lazyfix/rewrite/internal/pysyntax"
)

// sameStatement are the methods that give a statement of the same entities.
var sameStatement = map[string]bool{
	"where": true, "filter": true, "filter_by": true, "order_by": true, "group_by": true, "having": true, "limit": true,
	"offset": true, "distinct": true, "join": true, "outerjoin": true, "join_from": true, "outerjoin_from": true,
	"select_from": true, "with_for_update": true, "execution_options": true, "correlate": true, "correlate_except": true,
	"params": true, "prefix_with": true, "suffix_with": true, "with_hint": true, "slice": true, "fetch": true,
	"enable_eagerloads": true, "populate_existing": true, "yield_per": true, "autoflush": true, "from_statement": true,
	"with_statement_hint": true, "values": true, "on_conflict_do_update": true, "on_conflict_do_nothing": true,
	"add_cte": true, "enable_assertions": true, "with_session": true, "set_label_style": true, "tuples": true,
	"reset_joinpoint": true, "execution_option": true,
}

// isSQLAlchemy reports whether an imported name is one of SQLAlchemy's, or of a library that re-exports it.
func isSQLAlchemy(name string) bool {
	for _, p := range []string{"sqlalchemy.", "sqlmodel.", "sqlalchemy_utils.", "flask_sqlalchemy.", "advanced_alchemy.", "litestar."} {
		if len(name) > len(p) && name[:len(p)] == p {
			return true
		}
	}
	return false
}

// selectCall is select(A, B), query(A) or insert(A).returning(A): the statement and its query site.
func (x *interp) selectCall(n pysyntax.Node, args *arguments, query bool) value {
	for i, v := range args.pos {
		// self.model of a class that is made for many models: which one it is here, nobody can say, but one it is.
		if mixed := x.mappedClasses(v); mixed > 1 && mixed <= maxFieldClasses {
			var out value
			for _, a := range v {
				if a.kind != classRef {
					continue
				}
				with := *args
				with.pos = slices.Clone(args.pos)
				with.pos[i] = one(a)
				out = join(out, x.selectFrom(&Site{Generic: true, Mixed: true}, n, &with, query))
			}
			return out
		}
	}
	return x.selectFrom(&Site{}, n, args, query)
}

// selectFrom is selectCall where each entity is one class at most. Site has what else is known of the statement. Of
// select(*entities) one class is told: which one stands where, nobody can say.
func (x *interp) selectFrom(site *Site, n pysyntax.Node, args *arguments, query bool) value {
	site.Kind, site.Module, site.Function, site.Node, site.ImportTime = SelectSite, x.m, x.u.key.fn.Def(), n, x.atImport(n)
	site.within = x.sessionBlock(n)
	values := args.pos
	if x.mappedClasses(args.star) > 0 {
		values = append(slices.Clone(values), args.star)
	}
	for i, v := range values {
		ent := Entity{Expr: pysyntax.Nil}
		if x.mappedClasses(v) > 1 { // too many to tell apart, or a second one
			x.manyModels(v, n)
			site.Entities = append(site.Entities, ent)
			continue
		}
		for _, a := range v {
			if a.kind != classRef {
				continue
			}
			m := x.a.ix.Class(a.class)
			if m == nil || !m.Mapped && len(x.a.ix.All(a.class)) == 0 {
				continue
			}
			ent = Entity{Class: a.class, Expr: pysyntax.Nil, Name: a.class.Name, Alias: a.args.alias || ent.Alias}
			if i < len(args.pos) {
				ent.Expr, ent.Name, ent.Whole = args.posNodes[i], x.entityName(args.posNodes[i]), x.isWhole(args.posNodes[i])
			}
			if a.bound && x.serves(a.class) {
				site.Generic = true
			}
		}
		site.Entities = append(site.Entities, ent)
	}
	return x.a.t.statement(&stmt{
		site: x.a.t.site(site), ents: site.Entities, query: query, opts: x.a.t.withOptions(nil, join(x.withoutOptions(n), x.barsItself(n))),
	})
}

// entityName is the name of an entity in a row: of the class, or of an alias that has one, aliased(Order, name="placed").
func (x *interp) entityName(n pysyntax.Node) string {
	name := pymodule.Last(x.t.Text(n))
	if x.t.Kind(n) == pysyntax.Identifier && x.u.key.fn != nil {
		if given := x.givenBy(n); len(given) > 0 {
			n = given[0]
		}
	}
	if x.t.Kind(n) == pysyntax.Call {
		name = cmp.Or(pymodule.StringValue(x.t, x.t.Keyword(n, "name")), name)
	}
	return name
}

// queryMade is Query(Order, session), Query([Order, Customer]): the class itself called, where session.query() does it mostly.
func (x *interp) queryMade(n pysyntax.Node, args *arguments) value {
	of := &arguments{}
	node := args.node(0, "entities")
	if x.t.Is(node, pysyntax.List, pysyntax.Tuple) {
		for c := range x.t.Children(node) {
			if v := x.quiet(c); x.t.Is(c, pysyntax.ListSplat, pysyntax.ParenthesizedListSplat) {
				of.star = join(of.star, x.elements(v))
			} else {
				of.pos, of.posNodes = append(of.pos, v), append(of.posNodes, c)
			}
		}
		return x.selectCall(n, of, true)
	}
	for _, a := range args.get(0, "entities") {
		if a.kind == collection || a.kind == tuple {
			of.star = join(of.star, x.elements(one(a)))
		}
	}
	if len(of.star) == 0 {
		of.pos, of.posNodes = []value{args.get(0, "entities")}, []pysyntax.Node{node}
	}
	return x.selectCall(n, of, true)
}

// manyModels notes that a query is for one of so many classes that no read of its objects can be followed.
func (x *interp) manyModels(v value, n pysyntax.Node) {
	for _, a := range v {
		if a.kind == classRef && len(x.a.ix.All(a.class)) > 0 {
			x.out.blind = append(x.out.blind, &blind{
				x.m, n, "the query is for whichever of many models is given", "load what is read where the model is known", a.class,
			})
			return
		}
	}
}

// mappedClasses counts the mapped classes that a value may be.
func (x *interp) mappedClasses(v value) int {
	var seen []*pymodule.Class // of which an alias may be there, too
	for _, a := range v {
		if a.kind == classRef && x.a.ix.Class(a.class) != nil && !slices.Contains(seen, a.class) {
			seen = append(seen, a.class)
		}
	}
	return len(seen)
}

// statementCall is a method of a statement.
func (x *interp) statementCall(owner value, name string, args *arguments, n pysyntax.Node) (value, bool) {
	var out, applied []*atom
	known := false
	for _, a := range owner {
		if a.kind != statement {
			continue
		}
		if !known && name == "options" {
			applied = x.appliedOptions(n)
		}
		known = true
		s := *a.stmt
		barred := x.a.t.joins && (barsJoins[name] || name == "execution_options" && x.streams(name, n) || x.saysText(name, n))
		if barred {
			x.barJoins(&s, n)
		}
		if name == "from_statement" || name == "returning" {
			x.takesRows(&s, n)
		}
		switch {
		case name == "options":
			s.opts = x.a.t.withOptions(s.opts, applied)
			out = append(out, x.a.t.statement(&s)...)
		case name == "add_criteria" || name == "spoil": // of a statement that lambdas make
			out = append(out, x.criteria(a, args)...)
		case name == "with_only_columns":
			out = append(out, x.selectCall(n, args, s.query)...)
		case name == "returning":
			out = append(out, x.returning(&s, args)...)
		case name == "add_columns" || name == "add_entity":
			s.ents = added(s.ents, len(args.pos))
			out = append(out, x.a.t.statement(&s)...)
		case (barred || name == "from_statement") && sameStatement[name]:
			out = append(out, x.a.t.statement(&s)...)
		case sameStatement[name]:
			out = append(out, a)
		case s.query:
			out = append(out, x.queryResult(&s, name)...)
		}
	}
	return valueOf(out), known
}

// returning is insert(A).returning(A): the statement's entities are those that it returns.
func (x *interp) returning(s *stmt, args *arguments) value {
	if s.site == nil {
		return nil
	}
	selected := x.selectCall(s.site.Node, args, false)[0].stmt
	site := *selected.site
	site.Module, site.Function, site.Node = s.site.Module, s.site.Function, s.site.Node
	n := *s
	n.site, n.ents = x.a.t.site(&site), selected.ents
	return x.a.t.statement(&n)
}

func (x *interp) entity(s *stmt, i int) value {
	if i >= len(s.ents) || s.ents[i].Class == nil {
		return nil
	}
	return one(x.a.t.object(s.ents[i].Class, x.a.t.entityOrigin(s, i), nil))
}

// row is one result row.
func (x *interp) row(s *stmt) value {
	elems := make([]value, len(s.ents))
	names := make([]string, len(s.ents))
	for i := range s.ents {
		elems[i], names[i] = x.entity(s, i), s.ents[i].Name
	}
	return x.a.t.tuple(elems, names)
}

// rowOrEntity is what a Query, or SQLModel's exec, gives for each row.
func (x *interp) rowOrEntity(s *stmt) value {
	if len(s.ents) == 1 {
		return x.entity(s, 0)
	}
	return x.row(s)
}

func (x *interp) queryResult(s *stmt, name string) value {
	if !s.opts.joinable() {
		x.joinless(s)
	}
	switch name {
	case "all", "unique":
		return x.a.t.collection(x.rowOrEntity(s))
	case "first", "one", "one_or_none", "get", "get_or_404", "first_or_404", "one_or_404":
		return x.rowOrEntity(s)
	case "scalar":
		return x.entity(s, 0)
	case "paginate":
		return x.pageWith(x.a.t.collection(x.rowOrEntity(s)))
	}
	return nil
}

// executors are the methods, of sessions and of whatever wraps them, that run a statement.
var executors = map[string]bool{
	"execute": true, "scalars": true, "scalar": true, "stream": true, "stream_scalars": true, "exec": true,
	"scalar_one": true, "scalar_one_or_none": true, "fetch_all": true, "fetch_one": true,
	"first_or_404": true, "one_or_404": true, // Flask-SQLAlchemy
}

// sessionCall is a method of a session. The receiver's type is rarely known, so what tells is a statement, a mapped
// class or an object among the arguments.
func (x *interp) sessionCall(owner value, name string, args *arguments, n pysyntax.Node) (value, bool) {
	first := args.get(0, "statement")
	if len(first) == 0 {
		first = args.get(0, "entity")
	}
	switch {
	case executors[name]:
		return x.runStatement(name, first, args, n)
	case name == "get" || name == "get_one" || name == "get_or_404":
		return x.getCall(first, args, n)
	case name == "query", name == "select": // db.select(Order) of Flask-SQLAlchemy
		for _, v := range args.pos {
			for _, a := range v {
				if a.kind == classRef && x.a.ix.Class(a.class) != nil {
					return x.selectCall(n, args, name == "query"), true
				}
			}
		}
	case name == "merge":
		x.works(Merges, first, n)
		if hasObject(first) {
			return x.merged(first, args, n), true
		}
	case name == "add", name == "add_all", name == "flush", name == "commit", name == "rollback", name == "delete", name == "expire", name == "expire_all", name == "close",
		name == "expunge", name == "expunge_all":
		if name == "delete" {
			x.works(Deletes, first, n)
		}
		if len(owner) == 0 || owner[0].kind != collection && owner[0].kind != mapping {
			x.sessionEvent(name, args, n)
		}
	case name == "refresh":
		x.sessionEvent(name, args, n)
		x.refresh(args, n)
	case name == "paginate":
		return x.page(args)
	case name == "run_sync" && isThread(x.t, x.t.Child(n, pysyntax.FieldFunction)):
		rest := *args
		rest.pos, rest.posNodes = args.pos[min(1, len(args.pos)):], args.posNodes[min(1, len(args.posNodes)):]
		return x.callValue(first, &rest, n), true
	case name == "run_sync":
		if len(args.posNodes) > 0 && x.t.Kind(args.posNodes[0]) == pysyntax.Lambda {
			return x.apply(args.posNodes[0], nil), true
		}
		rest := &arguments{pos: append([]value{nil}, args.pos[min(1, len(args.pos)):]...), posNodes: args.posNodes, kw: args.kw, kwNodes: args.kwNodes}
		return x.callValue(first, rest, n), true
	}
	return nil, false
}

func (x *interp) execute(s *stmt, name string) value {
	if !s.opts.joinable() {
		x.joinless(s)
	}
	switch name {
	case "execute", "stream":
		return x.a.t.rows(x.row(s))
	case "scalars", "stream_scalars":
		return x.a.t.collection(x.entity(s, 0))
	case "exec", "fetch_all":
		return x.a.t.collection(x.rowOrEntity(s))
	}
	return x.entity(s, 0)
}

// getCall is session.get(Order, id, options=[...]). Without a key it is the get() of a container of services.
func (x *interp) getCall(first value, args *arguments, n pysyntax.Node) (value, bool) {
	if _, keyed := args.kwNodes["ident"]; !keyed && len(args.posNodes) < 2 && !x.hasSplat(n) {
		return nil, false
	}
	return x.getFrom(first, "", args, n)
}

// getFrom is getCall of any arguments. Handed says why none can be given options, "" where they can.
func (x *interp) getFrom(first value, handed string, args *arguments, n pysyntax.Node) (value, bool) {
	var out value
	known := false
	several := x.mappedClasses(first)
	if several > maxFieldClasses {
		x.manyModels(first, n)
		return nil, false
	}
	for _, a := range first {
		if a.kind != classRef {
			continue
		}
		if m := x.a.ix.Class(a.class); m == nil || !m.Mapped {
			continue
		}
		known = true
		site := &Site{Generic: several > 1 || a.bound && x.serves(a.class), Mixed: several > 1, Handed: handed}
		site.Entities = []Entity{{Class: a.class, Expr: args.node(0, "entity"), Name: a.class.Name}}
		out = join(out, x.got(site, args, n))
	}
	return x.populated(n, out), known
}

// got is what a call of a session gives that queries one object, and takes its loader options by `options`. Site has the entity
// and what else is known of it.
func (x *interp) got(site *Site, args *arguments, n pysyntax.Node) value {
	site.Kind, site.Module, site.Function, site.Node, site.ImportTime = GetSite, x.m, x.u.key.fn.Def(), n, x.atImport(n)
	site.within = x.sessionBlock(n)
	return x.entity(&stmt{site: x.a.t.site(site), ents: site.Entities, opts: x.a.t.withOptions(nil, join(args.kw["options"], x.withoutOptions(n)))}, 0)
}

// withoutOptions are the parameters for loader options that are empty where a query runs: the one in the else of
// `if options: ... else: session.get(self.model, key)`. A call that needs options passes some, and has the other query, which
// is the same but for them.
func (x *interp) withoutOptions(n pysyntax.Node) value {
	f, t := x.u.key.fn, x.t
	if f == nil {
		return nil
	}
	var out value
	up := t.Enclosing(n, pysyntax.IfStatement, pysyntax.FunctionDefinition)
	for ; t.Kind(up) == pysyntax.IfStatement; up = t.Enclosing(up, pysyntax.IfStatement, pysyntax.FunctionDefinition) {
		i := f.ParamIndex(t.Text(t.Child(up, pysyntax.FieldCondition)))
		if i >= 0 && takesOptions(t, f.Params[i]) && t.Contains(t.Child(up, pysyntax.FieldAlternative), n) &&
			sameButOptions(t, up, f.Params[i].Name) {
			out = join(out, one(x.a.t.optionParam(x.u.key, i)))
		}
	}
	return out
}

// refresh is session.refresh(obj, ["items"]): from here on the name holds an object whose attributes are loaded. With
// refresh(order.customer, ["addresses"]) it is the order that is known to have them.
func (x *interp) refresh(args *arguments, n pysyntax.Node) {
	names := args.node(1, "attribute_names")
	if names == pysyntax.Nil {
		x.watchRefresh(args.get(0, "instance"))
	}
	holder, under := x.heldAt(args.node(0, "instance"))
	if names == pysyntax.Nil || holder == "" {
		return
	}
	var loaded []string
	for c := range x.t.Children(names) {
		if s := pymodule.StringValue(x.t, c); s != "" {
			loaded = append(loaded, under+s)
		}
	}
	if len(loaded) == 0 {
		return
	}
	x.joinSaved() // it flushes first
	var out []*atom
	for _, a := range x.env[holder] {
		if a.kind == object && (a.origin.kind != fromRefresh || a.origin.mod != x.m || a.origin.node != n) { // not once more in a loop
			x.forgetSet(a, loaded)
			a = x.a.t.object(a.class, x.a.t.refreshOrigin(byRefresh, x.m, n, loaded, a.origin, a.path), nil)
		}
		out = append(out, a)
	}
	x.env[holder] = valueOf(out)
}
