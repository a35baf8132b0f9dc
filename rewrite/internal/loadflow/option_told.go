package loadflow

import (
	"slices"

	"github.com/lazyfix/lazyfix/rewrite/internal/mapper"
	"github.com/lazyfix/lazyfix/rewrite/internal/pymodule"
	"github.com/lazyfix/lazyfix/rewrite/internal/pysyntax"
)

// A generic repository is often told what to load by names, get(id, load_relations=["items"]), or by the attributes
// themselves, get(id, Order.items), where it says
//
//	for name in load_relations:
//		query = query.options(selectinload(getattr(self.model, name)))
//
// A string in a list that names a relationship of some mapped class is an option for it, of every such class: only that of
// the query's own entity says something there. So is an attribute in a list. The parameter takes names or attributes, and
// no loader options. In getattr(order, name) such a string is what is read, and so is a word (word.go).

// What a parameter takes that says what to load and is no loader option.
const (
	ByName      = "names"
	ByAttribute = "attributes"
)

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

// told are the options for a string or an attribute, whose value is v, among others.
func (x *interp) told(n pysyntax.Node, v value) value {
	switch x.t.Kind(n) {
	case pysyntax.String:
		name := pymodule.StringValue(x.t, n)
		if first, _, _, ok := x.a.cutPath(name); ok && x.a.isRead(first) { // a path, which no loader option takes
			return one(x.a.t.word(name))
		}
		if len(x.a.named[name]) == 0 && x.a.isReadAlone(name) {
			return one(x.a.t.word(name))
		}
		return join(x.toldBy(name, n), x.toldMethod(name))
	case pysyntax.Attribute:
		if a := relOf(v); a != nil && a.path.len() == 1 {
			return x.toldOf(a.class, a.path.rel, n)
		}
	}
	return nil
}

// toldBy are the options for the name of relationships.
func (x *interp) toldBy(name string, n pysyntax.Node) value {
	var out value
	for _, r := range x.a.named[name] {
		out = join(out, x.toldOf(r.Owner, r, n))
	}
	return out
}

func (x *interp) toldOf(c *pymodule.Class, r *mapper.Relationship, n pysyntax.Node) value {
	p, ok := x.a.t.step(nil, c, r)
	if !ok {
		return nil
	}
	return one(x.a.t.option(&loaderOption{
		root: c, path: p, loaders: []string{"selectinload" + particular}, mod: x.m, fn: x.u.key.fn.Def(), node: n, told: true,
	}))
}

// attributesByName is getattr(owner, name) of a name that is not spelled there: what is loaded by it where the owner is a
// class, what is read where it is an object. False when the name is not known.
func (x *interp) attributesByName(owner, name value, at pysyntax.Node) (value, bool) {
	read := map[string]bool{}
	words := append(wordsIn(name), x.namesOfMembers(name)...)
	if len(words) > 0 && x.awaiting == "" && x.asksWhatIsLoaded() {
		return nil, true
	}
	for _, word := range words {
		read[word] = true
	}
	if len(read) == 0 && !slices.ContainsFunc(owner, func(a *atom) bool { return a.kind != classRef }) {
		options := x.a.t.toldBy(ByName, toldOptions(name))
		return valueOf(options), len(options) > 0
	}
	for _, a := range name {
		if isTold(a) {
			read[a.opt.path.rel.Name] = true
		}
	}
	x.fieldsByName(name, read)
	var out value
	for _, name := range sortedKeys(read) {
		out = join(out, x.member(owner, name, at))
	}
	return out, len(read) > 0
}

func isTold(a *atom) bool { return a.kind == option && a.opt.told }

// toldOptions are what in v says what to load: what stands in a list, or what a parameter brings.
func toldOptions(v value) []*atom {
	var out []*atom
	for _, a := range v {
		if a.kind == optionParam || isTold(a) {
			out = append(out, a)
		}
	}
	return out
}

// toldBy marks parameters by what they take.
func (t *table) toldBy(what string, atoms []*atom) []*atom {
	var out []*atom
	for _, a := range atoms {
		if a.kind == optionParam && a.name == "" && a.opt == nil && a.then == nil {
			a = t.atom(&atom{kind: optionParam, more: &more{unit: a.unit, param: a.param, name: what}}, a.id+"@"+what)
		}
		out = append(out, a)
	}
	return out
}
