package loadflow

import (
	"slices"
	"sort"
	"strconv"
	"strings"

	"github.com/lazyfix/lazyfix/rewrite/internal/pymodule"
	"github.com/lazyfix/lazyfix/rewrite/internal/pysyntax"
)

type originKind uint8

const (
	fromSite      originKind = iota // a query site
	fromParam                       // an object in an argument of the unit
	fromStatement                   // a result of the statement in an argument of the unit
	fromRefresh                     // an object after session.refresh(obj, [names]), or a query that loads as much: see preloaded.go
	fromSet                         // an object after obj.name = value
	fromNew                         // a constructor
	fromSave                        // an object after a session was told of it: see saved.go
	fromType                        // only an annotation says what it is
)

// origin is where an object comes from. Interned and immutable.
type origin struct {
	kind   originKind
	site   *Site
	opts   *optionSet // fromSite, fromStatement: the options that its statement has got
	unit   *unitKey   // fromParam, fromStatement
	param  int
	entry  string // fromParam: of a dictionary that is passed, under which key; "" for any
	entity int    // fromSite, fromStatement: which entity of the statement

	loaded []string // fromRefresh: attribute names
	by     loadedBy // fromRefresh
	given  []given  // fromSet, fromNew: relationships that the program itself has set, by name
	inner  *origin  // fromRefresh, fromSet, fromSave
	prefix *path    // fromRefresh, fromSet, fromSave: the object's path from inner
	saved  *saved   // fromSave

	mod  *pymodule.Module // fromNew, fromType, fromRefresh, fromSave: the place
	node pysyntax.Node

	symbolic *symbolic
	levels   uint8 // how deep objects stand in each other by what was set of it, 0 where nothing was: see upTo
	id       string
}

func (t *table) origin(o *origin, id string) *origin {
	id = shorten(id)
	return t.origins.get(id, func() *origin {
		o.id = id
		o.symbolic = symbolicOrigin(o)
		o.levels = o.countLevels()
		return o
	})
}

func (t *table) siteOrigin(s *Site, entity int, opts *optionSet) *origin {
	return t.origin(&origin{kind: fromSite, site: s, entity: entity, opts: opts},
		"s"+s.id+"#"+strconv.Itoa(entity)+opts.text())
}

func (t *table) paramOrigin(u *unitKey, param int) *origin {
	return t.params.get(paramKey{u.id, param}, func() *origin {
		return t.origin(&origin{kind: fromParam, unit: u, param: param}, "p"+u.id+"#"+strconv.Itoa(param))
	})
}

func (t *table) statementOrigin(u *unitKey, param, entity int, opts *optionSet) *origin {
	return t.origin(&origin{kind: fromStatement, unit: u, param: param, entity: entity, opts: opts},
		"q"+u.id+"#"+strconv.Itoa(param)+"."+strconv.Itoa(entity)+opts.text())
}

// given is a relationship of an object that was set, and to what.
type given struct {
	name  string
	value value
	mod   *pymodule.Module // where, for what is rekeyed
	node  pysyntax.Node
	made  bool // what it was set to was made in place, Order(customer=Customer(...)): no name holds it
	// sometimes: a way on which it was not set joined this one, see sometimes.go.
	sometimes bool
	// by is the unit whose callers say by a parameter which keys were set: see named_later.go.
	by    *unitKey
	param int
}

// maxChanges bounds how many objects that were set, saved or refreshed stand in each other's origins.
const maxChanges = 4

// maxOriginID bounds what is remembered of assignments: in a loop they could nest without end.
const maxOriginID = 2000

// withGiven is o for an object at path, after one more relationship was set: nil when that is too much to remember.
func (t *table) withGiven(o *origin, p *path, with given) *origin {
	n := &origin{kind: fromSet, inner: o, prefix: p}
	if p == nil && (o.kind == fromSet || o.kind == fromNew) {
		*n = *o
	}
	list := []given{with}
	for _, g := range n.given {
		if g.name != with.name && g.name != rekeyed+with.name && g.name != placedIn+with.name && g.name != spoiled+with.name && rekeyed+g.name != with.name { // the last one counts
			list = append(list, g)
		}
	}
	sort.Slice(list, func(i, j int) bool { return list[i].name < list[j].name })
	n.given = list
	return t.givenOrigin(n)
}

func (t *table) givenOrigin(n *origin) *origin {
	id := "n" + placeOf(n)
	if n.kind == fromSet {
		id = "e<" + n.inner.id + n.prefix.text() + ">"
	}
	for _, g := range n.given {
		id += g.name + "=" + g.value.id()
		if g.mod != nil {
			id += "@" + placeID(g.mod, g.node)
		}
		if g.by != nil {
			id += "%" + g.by.id
		}
		if g.made {
			id += "!"
		}
		if g.sometimes {
			id += "~"
		}
	}
	if len(id) > maxOriginID || n.nested() > maxChanges {
		return nil
	}
	return t.origin(n, id)
}

// remade is an origin of a program with another inner one, or with other things set: o where that is too much to remember.
func (t *table) remade(o, with *origin) *origin {
	switch o.kind {
	case fromSave:
		return t.saveOrigin(o.mod, o.node, *o.saved, with.inner, with.prefix)
	case fromRefresh:
		return t.refreshOrigin(o.by, o.mod, o.node, o.loaded, with.inner, with.prefix)
	case fromSet, fromNew:
		if made := t.givenOrigin(with); made != nil {
			return made
		}
	}
	return o
}

// nested counts the assignments below an origin.
func (o *origin) nested() int {
	n := 0
	for ; o != nil; o = o.inner {
		n++
	}
	return n
}

func placeOf(o *origin) string {
	if o.mod == nil {
		return ""
	}
	return placeID(o.mod, o.node)
}

// placeID comes before those of places further down in the same file, whatever their digits: an edit moves all of them and keeps the
// order, so that a bound keeps the same ones in the next run.
func placeID(m *pymodule.Module, n pysyntax.Node) string {
	digits := strconv.Itoa(int(n))
	return strconv.Itoa(m.Index) + ":" + string(rune('a'+len(digits))) + digits
}

func (t *table) newOrigin(m *pymodule.Module, n pysyntax.Node) *origin {
	return t.places.get(placeKey{fromNew, m, n}, func() *origin {
		return t.origin(&origin{kind: fromNew, mod: m, node: n}, "n"+placeID(m, n))
	})
}

func (t *table) typeOrigin(m *pymodule.Module, n pysyntax.Node) *origin {
	return t.places.get(placeKey{fromType, m, n}, func() *origin {
		return t.origin(&origin{kind: fromType, mod: m, node: n}, "t"+placeID(m, n))
	})
}

// loadedBy is what loaded attributes of an object that was there.
type loadedBy string

// What loads them.
const (
	byRefresh loadedBy = ""  // session.refresh(order, ["items"]), where more names can go
	byQuery   loadedBy = "q" // a later query that fills the objects at hand: see preloaded.go
	byAwait   loadedBy = "a" // await order.awaitable_attrs.items: see awaited_load.go
)

func (t *table) refreshOrigin(by loadedBy, m *pymodule.Module, n pysyntax.Node, names []string, inner *origin, prefix *path) *origin {
	return t.origin(&origin{kind: fromRefresh, by: by, mod: m, node: n, loaded: names, inner: inner, prefix: prefix},
		"f"+string(by)+placeID(m, n)+strings.Join(names, ",")+"<"+inner.id+prefix.text()+">")
}

// SiteKind says what an option for the site looks like.
type SiteKind uint8

// The kinds of query site.
const (
	SelectSite SiteKind = iota // .options(...) on the chain that starts at Node
	GetSite                    // options=[...] of session.get(...)
	CallSite                   // a call that made a generic query concrete: the argument named Param
)

// Site is one place where a statement's entities are named.
type Site struct {
	Kind     SiteKind
	Module   *pymodule.Module
	Function *pymodule.Function // nil at module level
	Node     pysyntax.Node      // the call: select(...), query(...), get(...), or the repository's method
	Entities []Entity
	// Generic: the entity depends on the receiver or on an argument (select(self.model)): no option of one model goes here.
	Generic bool
	// Mixed: not even the call says which entity it is: the class was given to the instance. It is generic, for all calls.
	Mixed bool
	// ImportTime: it runs when its module is imported, where an option can break the mappers.
	ImportTime bool
	// Handed says why no option can be given at a GetSite that is no call of a session's get() by its name, "" where it can.
	Handed string
	// Param is the parameter of the called function that takes loader options, for CallSite; "" when it has none.
	Param string
	// ParamIndex is its place among the positional arguments of the call, -1 when it can only be given by name.
	ParamIndex int
	// Told is what Param takes where it takes no loader options: ByName or ByAttribute.
	Told string
	// Via is the generic site behind a CallSite: the query, or the call of what builds its statement in the called function.
	Via *Site
	// Through is the call on the way to Via in the called function, where that is not the query's own: it must hand the options on.
	Through *Site
	// Statement: a CallSite that gives a statement, so that .options(...) goes behind it.
	Statement bool
	// Lambda: its statement is kept by lambda_stmt(), and takes no options but in the lambdas that make it.
	Lambda bool

	within pysyntax.Node // the block at whose end its session is closed, 0 without one: see closed.go
	id     string
}

// Entity is one mapped class that a statement selects.
type Entity struct {
	Class *pymodule.Class // nil for a column or anything else
	Expr  pysyntax.Node   // as it is spelled at the site; Nil at a CallSite
	Name  string          // the name of the row's attribute
	Whole bool            // its rows have the columns of subclasses: see subclass_column.go
	Alias bool            // aliased(Order): it is spelled by its name, and never by the class
}

// stmt is a statement on its way: its site (or the parameter that it came in by) and the options that it has got.
type stmt struct {
	site  *Site
	unit  *unitKey // the statement is an argument of this unit
	param int
	ents  []Entity
	opts  *optionSet
	query bool // a legacy Query: it is executed by .all() and its like

	// folded: it stands for others that differ by their options (statement_folded.go).
	folded bool
	kin    string // the same for all that differ by their options alone: their ids begin with it, so that they are neighbours in a value
	table  *table // it is interned in
}

func (t *table) statement(s *stmt) value {
	id := "S"
	if s.site != nil {
		id += s.site.id
	} else {
		id += "p" + s.unit.id + "#" + strconv.Itoa(s.param)
	}
	for _, e := range s.ents {
		id += "," + classID(e.Class)
	}
	if s.query {
		id += "Q"
	}
	s.kin, s.table = shortenTo(id, maxID/2-2), t
	id = s.kin + kinEnd + shortenTo(s.opts.text(), maxID/2)
	if s.folded {
		id = foldedID + id
	}
	s = t.stmts.get(id, func() *stmt { return s })
	return one(t.atom(&atom{kind: statement, more: &more{stmt: s}}, id))
}

// entityOrigin is where the objects of one entity of the statement come from.
func (t *table) entityOrigin(s *stmt, entity int) *origin {
	if s.site != nil {
		return t.siteOrigin(s.site, entity, s.opts)
	}
	return t.statementOrigin(s.unit, s.param, entity, s.opts)
}

// optionSet is a set of options that a statement has got: option and optionParam atoms.
type optionSet struct {
	list value
	id   string
}

func (o *optionSet) text() string {
	if o == nil {
		return ""
	}
	return o.id
}

func (o *optionSet) atoms() value {
	if o == nil {
		return nil
	}
	return o.list
}

// comeBy reports whether some of the options come by a parameter of a unit.
func (o *optionSet) comeBy(u *unitKey) bool {
	return slices.ContainsFunc(o.atoms(), func(a *atom) bool { return a.kind == optionParam && a.unit.id == u.id })
}

// optionSet is the set of atoms in any order. It has no bound, unlike a value: a path whose option is forgotten would be
// given a second loader.
func (t *table) optionSet(atoms []*atom) *optionSet {
	if len(atoms) == 0 {
		return nil
	}
	list := slices.SortedFunc(slices.Values(atoms), func(a, b *atom) int { return strings.Compare(a.id, b.id) })
	list = slices.DeleteFunc(slices.Compact(list), func(a *atom) bool { return a.kind == option && a.opt.wild == noOption })
	if len(list) == 0 {
		return nil
	}
	return &optionSet{list: list, id: "{" + value(list).id() + "}"}
}

func (t *table) withOptions(o *optionSet, more value) *optionSet {
	var add []*atom
	for _, a := range flatten(more) {
		if a.kind == option || a.kind == optionParam {
			add = append(add, a)
		}
	}
	if len(add) == 0 {
		return o
	}
	return t.optionSet(append(add, o.atoms()...))
}

// flatten yields the atoms of v and of whatever its containers hold, and instances as far as that is known.
func flatten(v value) []*atom { return flattenTo(v, noAtom) }

// flattenTo does not look into atoms of one kind.
func flattenTo(v value, closed atomKind) []*atom {
	var out []*atom
	var walk func(v value, depth int)
	walk = func(v value, depth int) {
		if depth > maxNesting+2 {
			return
		}
		for _, a := range v {
			out = append(out, a)
			switch a.kind {
			case closed:
			case collection, resultRows:
				walk(a.elem, depth+1)
			case mapping:
				walk(a.key, depth+1)
				walk(a.elem, depth+1)
			case tuple:
				for _, e := range a.elems {
					walk(e, depth+1)
				}
			case instance:
				for _, e := range a.entries {
					walk(e.value, depth+1)
				}
			}
		}
	}
	walk(v, 0)
	return out
}

// site interns a site: one a place and set of classes.
func (t *table) site(s *Site) *Site {
	s.id = placeID(s.Module, s.Node)
	for _, e := range s.Entities {
		s.id += "," + classID(e.Class)
		if e.Alias {
			s.id += "@"
		}
	}
	if s.Generic {
		s.id += "g"
	}
	if s.Mixed {
		s.id += "m"
	}
	if s.Statement {
		s.id += "S"
	}
	if s.Lambda {
		s.id += "L"
	}
	if s.Param != "" {
		s.id += "=" + s.Param
	}
	s.id += s.Told
	if s.Handed != "" {
		s.id += "h" + s.Handed
	}
	if s.Via != nil && s.Via.Statement {
		s.id += "<" + s.Via.id
	}
	if s.Through != nil {
		s.id += "<" + s.Through.id
	}
	return t.sites.get(s.id, func() *Site { return s })
}
