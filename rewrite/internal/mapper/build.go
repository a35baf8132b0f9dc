package mapper

import (
	"bytes"
	"sort"

	"github.com/lazyfix/lazyfix/rewrite/internal/pymodule"
	"github.com/lazyfix/lazyfix/rewrite/internal/pysyntax"
)

// Index is everything that mapper found. It is immutable.
type Index struct {
	Relationships []*Relationship // sorted by module, then offset of Call, then name
	Factories     []*Factory      // sorted by module, then offset of Call
	Use           Use

	classes map[*pymodule.Class]*Class
	views   map[*pymodule.Class]*view
}

// view is what the attributes of a class are, inherited ones included.
type view struct {
	relationships map[string]*Relationship
	all           []*Relationship
	others        map[string]attr
	keys          []foreignKey // of the class and its bases, nearest first
	tables        []string     // what its table may be called
}

// Class is what is known of c, nil when it has nothing to do with SQLAlchemy.
func (ix *Index) Class(c *pymodule.Class) *Class { return ix.classes[c] }

// Relationship is the relationship that an attribute of c is: its own, one of its bases or mixins, or one that a backref
// elsewhere makes. It is nil when the attribute is none.
func (ix *Index) Relationship(c *pymodule.Class, name string) *Relationship {
	if v := ix.views[c]; v != nil {
		return v.relationships[name]
	}
	return nil
}

// All are the relationships of c, inherited ones included, sorted by name.
func (ix *Index) All(c *pymodule.Class) []*Relationship {
	if v := ix.views[c]; v != nil {
		return v.all
	}
	return nil
}

type builder struct {
	names
	ix         *Index
	standings  map[*pymodule.Class]standing
	imperative map[*pymodule.Class]bool
	tables     map[*pymodule.Class]table // of these
	mappers    map[mapperName]*pymodule.Class
	known      map[*pymodule.Class]bool // has a relationship of its own, or is below or above a mapped class
	registry   map[string][]*pymodule.Class
	users      map[*pymodule.Class][]*pymodule.Class // the mapped classes below a class
	keys       map[*pymodule.Class][]foreignKey
	calls      map[*Relationship]call // what relationship() of each says besides lazy
	own        map[*pymodule.Class]map[string]*Relationship
	backs      map[*pymodule.Class]map[string]*Relationship
}

// Build reads the whole program.
func Build(g *pymodule.Graph) *Index {
	b := &builder{
		names:      names{g: g, imports: map[*pymodule.Function]map[string]pymodule.Symbol{}, making: map[*pymodule.Variable]bool{}},
		ix:         &Index{classes: map[*pymodule.Class]*Class{}, views: map[*pymodule.Class]*view{}},
		standings:  map[*pymodule.Class]standing{},
		imperative: map[*pymodule.Class]bool{},
		tables:     map[*pymodule.Class]table{},
		mappers:    map[mapperName]*pymodule.Class{},
		known:      map[*pymodule.Class]bool{},
		registry:   map[string][]*pymodule.Class{},
		users:      map[*pymodule.Class][]*pymodule.Class{},
		keys:       map[*pymodule.Class][]foreignKey{},
		calls:      map[*Relationship]call{},
		own:        map[*pymodule.Class]map[string]*Relationship{},
		backs:      map[*pymodule.Class]map[string]*Relationship{},
	}
	imperative := b.findImperative()
	b.findMapped()
	b.readBodies()
	b.readImperative(imperative)
	b.backrefs()
	b.makeViews()
	b.factories()
	b.use()
	b.sort()
	return b.ix
}

// findMapped fills the registry and says of every class that takes part what it is.
func (b *builder) findMapped() {
	for _, m := range b.g.Modules {
		for _, c := range m.Classes {
			if !b.mapped(c) {
				if s := b.below(c); s.root != "" || s.isRoot {
					b.learn(c)
				}
				continue
			}
			if !typeOnly(c) {
				b.registry[c.Name] = append(b.registry[c.Name], c)
			}
			for base := range b.g.Lineage(c) {
				b.learn(base)
				if base != c {
					b.users[base] = append(b.users[base], c)
				}
			}
			b.learn(c).Mapped = true
		}
	}
}

func (b *builder) learn(c *pymodule.Class) *Class {
	b.known[c] = true
	out := b.ix.classes[c]
	if out == nil {
		out = &Class{}
		b.ix.classes[c] = out
	}
	return out
}

// readBodies collects the relationships that class bodies spell. Classes that are not known to be mapped are read too: a
// mixin may have its users outside the tree.
func (b *builder) readBodies() {
	for _, m := range b.g.Modules {
		for _, c := range m.Classes {
			for _, v := range c.Fields {
				if v.Value != pysyntax.Nil {
					at := classPlace(c)
					b.attribute(attributeValue{c, v.Name, at, v.Value, at, v.Annotation})
				}
			}
			if v := c.Field("__mapper_args__"); v != nil && v.Value != pysyntax.Nil {
				if p, ok := b.entries(classPlace(c), v.Value).values["properties"]; ok {
					b.properties(c, classPlace(c), p)
				}
			}
		}
		for _, f := range m.Functions {
			if f.Class != nil && len(f.Decorators) > 0 {
				b.declared(f)
			}
		}
	}
}

// add keeps a relationship with the call that says what it is. Of several definitions of one attribute (branches) the
// view shows one that does not load by itself: loading too much is better than too little.
func (b *builder) add(r *Relationship, c call, a annotation) {
	switch a.wrapper {
	case "DynamicMapped":
		r.Lazy, r.LazyNode, r.Locked = Dynamic, pysyntax.Nil, "the DynamicMapped annotation decides how it loads"
	case "WriteOnlyMapped":
		r.Lazy, r.LazyNode, r.Locked = WriteOnly, pysyntax.Nil, "the WriteOnlyMapped annotation decides how it loads"
	}
	b.learn(r.Owner)
	b.calls[r] = c
	r.Back, r.Says = pysyntax.Nil, b.says(c)
	r.ForeignKeyHere = !r.Many && b.direction(r, c) == manyToOne
	r.Beyond = b.beyond(r, c)
	b.ix.Relationships = append(b.ix.Relationships, r)
	if b.own[r.Owner] == nil {
		b.own[r.Owner] = map[string]*Relationship{}
	}
	if old := b.own[r.Owner][r.Name]; old == nil || old.Lazy.Eager() || !r.Lazy.Eager() {
		b.own[r.Owner][r.Name] = r
	}
}

// makeViews gives every known class its attributes, nearest first in the order of lookup.
func (b *builder) makeViews() {
	for c := range b.ix.classes {
		v := &view{relationships: map[string]*Relationship{}, others: map[string]attr{}}
		b.ix.views[c] = v
		for base := range b.g.Lineage(c) {
			b.fill(v, base)
			v.keys = append(v.keys, b.foreignKeys(base)...)
		}
		v.tables = b.tableNames(c)
		for _, r := range v.relationships {
			v.all = append(v.all, r)
		}
		sort.Slice(v.all, func(i, j int) bool { return v.all[i].Name < v.all[j].Name })
	}
}

// fill adds what one class of the lookup order defines and nothing before it did.
func (b *builder) fill(v *view, c *pymodule.Class) {
	others := b.others(c)
	for name, r := range b.own[c] {
		if _, hidden := v.others[name]; !hidden && v.relationships[name] == nil {
			v.relationships[name] = r
		}
	}
	for name, r := range b.backs[c] {
		if _, hidden := v.others[name]; !hidden && v.relationships[name] == nil {
			v.relationships[name] = r
		}
	}
	for name, o := range others {
		if _, hidden := v.others[name]; !hidden && v.relationships[name] == nil {
			v.others[name] = o
		}
	}
}

func (b *builder) sort() {
	rs := b.ix.Relationships
	sort.SliceStable(rs, func(i, j int) bool {
		x, y := rs[i], rs[j]
		if x.Module != y.Module {
			return x.Module.Index < y.Module.Index
		}
		if x.Call != y.Call {
			return x.Call < y.Call
		}
		if x.Form != y.Form {
			return x.Form < y.Form
		}
		if x.Owner != y.Owner {
			if x.Owner.Module != y.Owner.Module {
				return x.Owner.Module.Index < y.Owner.Module.Index
			}
			return x.Owner.Node < y.Owner.Node
		}
		return x.Name < y.Name
	})
	fs := b.ix.Factories
	sort.SliceStable(fs, func(i, j int) bool {
		if fs[i].Module != fs[j].Module {
			return fs[i].Module.Index < fs[j].Module.Index
		}
		return fs[i].Call < fs[j].Call
	})
}

// mentions reports whether the source of a module holds one of some words: most files hold none, and are not walked.
func mentions(m *pymodule.Module, words ...string) bool {
	for _, w := range words {
		if bytes.Contains(m.Tree.Source(), []byte(w)) {
			return true
		}
	}
	return false
}

// placeOf is where a node stands.
func placeOf(m *pymodule.Module, n pysyntax.Node) place {
	at := place{m: m}
	t := m.Tree
	for p := t.Parent(n); p >= 0; p = t.Parent(p) {
		switch t.Kind(p) {
		case pysyntax.FunctionDefinition:
			at.f = m.FunctionAt(p)
			return at
		case pysyntax.ClassDefinition:
			if at.c == nil {
				at.c = m.ClassAt(p)
			}
		}
	}
	return at
}
