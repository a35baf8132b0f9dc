package loadflow

import (
	"slices"

	"github.com/lazyfix/lazyfix/rewrite/internal/mapper"
	"github.com/lazyfix/lazyfix/rewrite/internal/pymodule"
	"github.com/lazyfix/lazyfix/rewrite/internal/pysyntax"
)

// A generic repository is often told by name what to load: get(id, load_relations=["items"]), where it says
//
//	for name in load_relations:
//		query = query.options(selectinload(getattr(self.model, name)))
//
// A string in a list that names a relationship of some mapped class is an option for it, of every such class: only that of
// the query's own entity says something there. The parameter takes names, and no loader options. In getattr(order, name)
// such a string is what is read.

// byName is the mark of a parameter that takes names.
const byName = "names"

// namedRelationships are relationships by their names.
func namedRelationships(ix *mapper.Index) map[string][]*mapper.Relationship {
	out := map[string][]*mapper.Relationship{}
	for _, r := range ix.Relationships {
		if r.Owner != nil {
			out[r.Name] = append(out[r.Name], r)
		}
	}
	return out
}

// relationshipNamed are the options for a string among others.
func (x *interp) relationshipNamed(n pysyntax.Node) value {
	var out []*atom
	for _, r := range x.a.named[pymodule.StringValue(x.t, n)] {
		if p, ok := x.a.t.step(nil, r.Owner, r); ok {
			out = append(out, x.a.t.option(&loaderOption{
				root: r.Owner, path: p, loaders: []string{"selectinload" + particular}, mod: x.m, fn: x.u.key.fn.Def(), node: n, byName: true,
			}))
		}
	}
	return valueOf(out)
}

// attributesByName is getattr(owner, name) of a name that is not spelled there: what is loaded by it where the owner is a
// class, what is read where it is an object. False when the name is not known.
func (x *interp) attributesByName(owner, name value, at pysyntax.Node) (value, bool) {
	var options []*atom
	read := map[string]bool{}
	for _, a := range name {
		if a.kind == optionParam || isByName(a) {
			options = append(options, a)
		}
		if isByName(a) {
			read[a.opt.path.rel.Name] = true
		}
	}
	if !slices.ContainsFunc(owner, func(a *atom) bool { return a.kind != classRef }) {
		return valueOf(x.a.t.takenByName(options)), len(options) > 0
	}
	var out value
	for _, name := range sortedKeys(read) {
		out = join(out, x.member(owner, name, at))
	}
	return out, len(read) > 0
}

func isByName(a *atom) bool { return a.kind == option && a.opt.byName }

// takenByName marks parameters as those that take names.
func (t *table) takenByName(atoms []*atom) []*atom {
	var out []*atom
	for _, a := range atoms {
		if a.kind == optionParam && a.name == "" && a.opt == nil {
			a = t.atom(&atom{kind: optionParam, more: &more{unit: a.unit, param: a.param, name: byName}}, a.id+"@")
		}
		out = append(out, a)
	}
	return out
}
