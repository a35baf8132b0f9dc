package mapper

import (
	"github.com/lazyfix/lazyfix/rewrite/internal/pymodule"
	"github.com/lazyfix/lazyfix/rewrite/internal/pysyntax"
)

// AttrKind is what an attribute is that is no relationship.
type AttrKind uint8

// The kinds of attribute.
const (
	None     AttrKind = iota // not an attribute that is known
	Column                   // a column, column_property, composite, deferred: loaded with its object
	Property                 // @property, @cached_property: its body runs on the instance
	Method                   // its body runs when it is called; class and static methods too
	Hybrid                   // hybrid_property: as Property on an instance
	Proxy                    // association_proxy: see Proxied
	Synonym                  // see SynonymOf
)

type attr struct {
	kind   AttrKind
	first  string // Proxy: the relationship; Synonym: the attribute meant
	second string // Proxy: the attribute of the target
}

// Other says what a name of c is that is no relationship.
func (ix *Index) Other(c *pymodule.Class, name string) AttrKind { return ix.attr(c, name).kind }

// Proxied is what an association proxy reads: the relationship of c, and the attribute of its target.
func (ix *Index) Proxied(c *pymodule.Class, name string) (relationship, attribute string, ok bool) {
	a := ix.attr(c, name)
	return a.first, a.second, a.kind == Proxy
}

// SynonymOf is the name that a synonym stands for.
func (ix *Index) SynonymOf(c *pymodule.Class, name string) (string, bool) {
	a := ix.attr(c, name)
	return a.first, a.kind == Synonym
}

func (ix *Index) attr(c *pymodule.Class, name string) attr {
	if v := ix.views[c]; v != nil {
		return v.others[name]
	}
	return attr{}
}

// others are the attributes in the body of c that are no relationships.
func (b *builder) others(c *pymodule.Class) map[string]attr {
	out := map[string]attr{}
	for name, f := range c.Methods {
		if b.own[c][name] == nil {
			out[name] = b.method(f)
		}
	}
	for _, v := range c.Fields {
		if b.own[c][v.Name] != nil {
			continue
		}
		// Whatever a body assigns hides what its bases have (`owner = None` takes a mixin's relationship away).
		if a := b.field(classPlace(c), v); a.kind != None || v.Value != pysyntax.Nil {
			out[v.Name] = a
		}
	}
	return out
}

func (b *builder) method(f *pymodule.Function) attr {
	t := f.Module.Tree
	for _, d := range f.Decorators {
		switch lastName(t, t.Callee(d)) {
		case "hybrid_property":
			return attr{kind: Hybrid}
		case "property", "cached_property", "memoized_property", "getter", "abstractproperty", "computed_field":
			return attr{kind: Property}
		case "declared_attr", "directive", "cascading":
			for n := range b.returned(f) {
				if a := b.value(functionPlace(f), n); a.kind != None {
					return a
				}
			}
			return attr{kind: Column}
		}
	}
	return attr{kind: Method}
}

func (b *builder) field(at place, v *pymodule.Variable) attr {
	if v.Value != pysyntax.Nil {
		if a := b.value(at, v.Value); a.kind != None {
			return a
		}
	}
	if v.Annotation != pysyntax.Nil {
		// A bare `order: Mapped[Order]` tells a type checker of a relationship that stands elsewhere.
		if a := b.annotation(at, v.Annotation); a.wrapper == "Mapped" && (a.target == "" || b.named(v.Class, at, a.target) == nil) {
			return attr{kind: Column}
		}
		if v.Value == pysyntax.Nil && b.below(v.Class).sqlmodel {
			return attr{kind: Column}
		}
	}
	return attr{}
}

// value tells the calls that make an attribute.
func (b *builder) value(at place, n pysyntax.Node) attr {
	t := at.m.Tree
	n = b.unwrap(at, n)
	if t.Kind(n) != pysyntax.Call {
		return attr{}
	}
	external := b.external(at, t.Child(n, pysyntax.FieldFunction))
	if external == "" {
		return attr{}
	}
	c := readCall(at, n)
	text := func(position int, name string) string {
		s, _ := b.constant(at, c.arg(position, name))
		return s
	}
	switch pymodule.Last(external) {
	case "Column", "mapped_column", "column_property", "deferred", "composite", "query_expression", "Field":
		return attr{kind: Column}
	case "association_proxy":
		return attr{kind: Proxy, first: text(0, "target_collection"), second: text(1, "attr")}
	case "synonym":
		return attr{kind: Synonym, first: text(0, "name")}
	case "hybrid_property":
		return attr{kind: Hybrid}
	}
	return attr{}
}
