package loadflow

import (
	"cmp"
	"regexp"
	"slices"
	"strings"

	"github.com/lazyfix/lazyfix/rewrite/internal/pymodule"
	"github.com/lazyfix/lazyfix/rewrite/internal/pysyntax"
)

// What is read by a name that only running code knows, of an object that a known query gives:
//
//	getattr(order, column)    text.format(order=order)    setattr(order, name, value)    attrgetter(*columns)
//	template.render(order=order), of a template that is not seen; a schema that is not among the files
//
// No query can be asked for it, and in asynchronous code it fails today. On a synchronous session it loads itself, so that whoever
// gives relationships a strategy that raises must know of it. Noted only where a program has sessions of both kinds.
//
// Limits: names of columns count as none of relationships, where the code says that they are; of an object that is given to a
// function of a library nothing is noted.

var (
	// listsColumns is what lists the columns of a model.
	listsColumns = regexp.MustCompile(`__table__|\.columns\b|column_attrs|primary_key|\.c\b|\bcolumns\(`)
	// schemaDump is what gives the fields of a schema as data.
	schemaDump = regexp.MustCompile(`\b(model_dump|dict|dump|asdict|_asdict|model_fields_set|__fields_set__)\b`)
)

// Unnamed is such a place, for one query that its objects come from.
type Unnamed struct {
	Site   *Site           // nil where no caller is known: then Module and Node say all
	Class  *pymodule.Class // of the object
	Module *pymodule.Module
	Node   pysyntax.Node
	What   string // "may read it by ...": goes on from the relationship's name
	Behind Behind
	// Sets: it sets attributes, which loads what a relationship had where that is not told by a key of the object.
	Sets bool
}

// Behind says how far such code may go on from what it reads.
type Behind uint8

// How far it goes.
const (
	NothingBehind Behind = iota
	OneBehind            // along a path: "customer.address.city", which no collection stands in
	AllBehind            // anywhere
)

// unnamedRead is what a unit noted of that.
type unnamedRead struct {
	of     *atom
	node   pysyntax.Node
	what   string
	behind Behind
	sets   bool
	by     []int // the parameters of the function that the name comes by
}

func (x *interp) unnamed(v value, at pysyntax.Node, what string, behind Behind) {
	if !x.a.mixedUse {
		return
	}
	for _, a := range flatten(v) {
		if a.kind == object {
			x.out.unnamed = append(x.out.unnamed, unnamedRead{of: a, node: at, what: what, behind: behind})
		}
	}
}

// unnamedAttribute is getattr(owner, name) of a name that nothing says.
func (x *interp) unnamedAttribute(owner value, args *arguments, at pysyntax.Node) {
	if !x.a.mixedUse || x.awaiting != "" || x.asksWhatIsLoaded() || x.namesColumn(args.posNodes[1]) {
		return
	}
	by, told := x.spelledNames(args.posNodes[1], 0)
	if told && len(by) == 0 {
		return
	}
	n := len(x.out.unnamed)
	x.unnamed(owner, at, "may read it by getattr(), of a name that only running code knows", x.goesOn(args.posNodes[0], at))
	for i := range x.out.unnamed[n:] {
		x.out.unnamed[n+i].by = by
	}
}

// unnamedSet is setattr(a, name, value) of a name that nothing says, but where a schema dumps it: what that gives is seldom what a
// relationship can be set to, and fails where it is not.
func (x *interp) unnamedSet(a *atom, args *arguments, at pysyntax.Node) {
	if !x.a.mixedUse || len(args.posNodes) < 2 || x.namesColumn(args.posNodes[1]) {
		return
	}
	by, told := x.spelledNames(args.posNodes[1], 0)
	if told && len(by) == 0 {
		return
	}
	for _, from := range x.namesFrom(args.posNodes[1]) {
		if schemaDump.MatchString(x.t.Text(from)) {
			return
		}
		for i := range x.namers(from) {
			by = append(by, i)
		}
	}
	x.out.unnamed = append(x.out.unnamed, unnamedRead{
		of: a, node: at, by: by, sets: true, what: "may set it by setattr(), of a name that only running code knows, which loads what it held",
	})
}

// unnamedFormat is text.format(order=order) of a text that nothing says. Of what models load it is noted in every program.
func (x *interp) unnamedFormat(text value, args *arguments, at pysyntax.Node) {
	if len(text) == 0 {
		x.unnamed(args.all(), at, "may read it by format(), of a text that only running code knows", OneBehind)
		x.watchEscape(args.all(), at, "is given to format(), of a text that only running code knows", true)
	}
}

// allUnnamed leads what the units noted to the queries, sorted and each once.
func (p *propagation) allUnnamed(ids []string) ([]*Unnamed, error) {
	var out []*Unnamed
	once, ends := map[Unnamed]bool{}, map[cameFrom][]*origin{}
	for _, id := range ids {
		u := p.a.units[id]
		if p.idle[id] || len(u.out.unnamed) == 0 || p.forItself(u) {
			continue
		}
		type noted struct {
			of   *atom
			node pysyntax.Node
		}
		again := map[noted]bool{} // a loop is interpreted more than once
		for _, r := range u.out.unnamed {
			k := noted{r.of, r.node}
			if again[k] || spawnsAround(u.key.mod.Tree, r.node) != "" || len(p.a.ix.All(r.of.class)) == 0 || p.named(r, u.key.fn) {
				continue
			}
			again[k] = true
			from := cameFrom{r.of.origin, rootClass(r.of.path, r.of.class)}
			if _, known := ends[from]; !known { // many are read of one object
				if err := p.ctx.Err(); err != nil {
					return nil, err
				}
				ends[from] = nil
				p.comesFrom(from.origin, from.class, map[cameFrom]bool{}, func(o *origin) { ends[from] = append(ends[from], o) })
			}
			for _, o := range ends[from] {
				found := Unnamed{o.site, r.of.class, u.key.mod, r.node, r.what, r.behind, r.sets}
				if o.kind != fromNew && !once[found] {
					once[found] = true
					out = append(out, &found)
				}
			}
		}
	}
	slices.SortStableFunc(out, func(a, b *Unnamed) int {
		site := func(u *Unnamed) string {
			if u.Site == nil {
				return ""
			}
			return u.Site.id
		}
		return cmp.Or(strings.Compare(a.Module.Path, b.Module.Path), cmp.Compare(a.Node, b.Node), strings.Compare(classID(a.Class), classID(b.Class)), strings.Compare(site(a), site(b)))
	})
	return out, nil
}

// cameFrom is an origin of an object of a class.
type cameFrom struct {
	origin *origin
	class  *pymodule.Class
}

// rootClass is the class of what a path starts at that leads to an object of a class.
func rootClass(p *path, c *pymodule.Class) *pymodule.Class {
	if p == nil {
		return c
	}
	return rootOf(p)
}

// comesFrom goes back from what an object of a class is to what it, or what it is a part of, was in the end: of a query, new, or
// of a parameter that nobody is seen to pass anything to.
func (p *propagation) comesFrom(o *origin, c *pymodule.Class, seen map[cameFrom]bool, end func(*origin)) {
	if o == nil || seen[cameFrom{o, c}] {
		return
	}
	seen[cameFrom{o, c}] = true
	switch o.kind {
	case fromSet, fromRefresh, fromSave:
		p.comesFrom(o.inner, rootClass(o.prefix, c), seen, end)
	case fromParam:
		passed := p.passedTo(o)
		if len(passed) == 0 {
			end(o)
		}
		for _, b := range passed {
			if p.a.related(b.class, c) {
				p.comesFrom(b.origin, rootClass(b.path, b.class), seen, end)
			}
		}
	case fromStatement:
		for _, edges := range p.a.callers[o.unit.id] {
			for _, e := range edges {
				if o.param >= len(e.args) {
					continue
				}
				for _, b := range e.args[o.param] {
					if b.kind == statement && o.entity < len(b.stmt.ents) {
						p.comesFrom(p.a.t.entityOrigin(b.stmt, o.entity), c, seen, end)
					}
				}
			}
		}
	case fromSite:
		if o.site.Generic || o.site.Mixed || o.entity >= len(o.site.Entities) || o.site.Entities[o.entity].Class == nil ||
			p.a.related(o.site.Entities[o.entity].Class, c) {
			end(o)
		}
	default:
		end(o)
	}
}
