package rewrite

import (
	"fmt"
	"strings"

	"github.com/lazyfix/lazyfix/edits"
	"github.com/lazyfix/lazyfix/rewrite/internal/mapper"
	"github.com/lazyfix/lazyfix/rewrite/internal/pyedit"
	"github.com/lazyfix/lazyfix/rewrite/internal/pymodule"
	"github.com/lazyfix/lazyfix/rewrite/internal/pysyntax"
)

// backref makes the edits, inside of one argument, that give the other side of a relationship its strategy: a name
// becomes backref(name, lazy=...), backref() gets the keyword, a tuple the key (measured on 2.0 and 2.1: backref="a" leaves
// the reverse side at select; the other two set it).
func (p *program) backref(r *mapper.Relationship, value string, style pyedit.Style) ([]edits.Edit, []pyedit.Import, error) {
	t := r.Module.Tree
	if r.LazyNode != pysyntax.Nil {
		return []edits.Edit{{Start: t.Start(r.LazyNode), End: t.End(r.LazyNode), New: value}}, nil, nil
	}
	inner := style
	if !strings.Contains(t.Text(r.Call), "\n") {
		inner.Width = 0 // the line is wrapped at the relationship
	}
	switch t.Kind(r.Back) {
	case pysyntax.Call:
		e, err := pyedit.SetKeyword(t, r.Back, "lazy", value, inner)
		return e, nil, err
	case pysyntax.Tuple:
		keywords := t.Nth(r.Back, 1)
		if t.Kind(keywords) == pysyntax.Call { // dict(cascade="all")
			e, err := pyedit.SetKeyword(t, keywords, "lazy", value, inner)
			return e, nil, err
		}
		e, err := pyedit.AddToDict(t, keywords, style.String("lazy")+": "+value, inner)
		return e, nil, err
	case pysyntax.Other:
		return nil, nil, fmt.Errorf("it is made by a backref: write backref=backref(%q, lazy=%s) or spell both sides", r.Name, value)
	}
	function, imports := p.spellBackref(r)
	name := t.Text(r.Back)
	text := function + "(" + name + ", lazy=" + value + ")"
	if function == "" {
		text = "(" + name + ", {" + style.String("lazy") + ": " + value + "})"
	}
	return []edits.Edit{{Start: t.Start(r.Back), End: t.End(r.Back), New: text}}, imports, nil
}

// spellBackref says how a file speaks of backref(): as it does of relationship(), `orm.relationship` beside
// `orm.backref`; "" when the name means something else there, for which the tuple serves.
func (p *program) spellBackref(r *mapper.Relationship) (string, []pyedit.Import) {
	const name = "backref"
	m, t := r.Module, r.Module.Tree
	function := t.Child(r.Call, pysyntax.FieldFunction)
	if dotted, ok := pymodule.DottedName(t, function); ok && t.Kind(function) == pysyntax.Attribute && pymodule.Last(dotted) == "relationship" {
		return strings.TrimSuffix(dotted, "relationship") + name, nil
	}
	names := p.graph.ExternalNames(m)
	for _, module := range []string{"sqlalchemy.orm.", "sqlalchemy.orm.relationships."} {
		if known, ok := names[module+name]; ok && !boundBetween(m, r.Call, known) {
			return known, nil
		}
	}
	if p.graph.Resolve(m, name).Kind != pymodule.Unknown || boundBetween(m, r.Call, name) {
		return "", nil
	}
	return name, []pyedit.Import{{Module: "sqlalchemy.orm", Name: name}}
}

// boundBetween reports whether a class or function around a node binds a name itself.
func boundBetween(m *pymodule.Module, n pysyntax.Node, name string) bool {
	t := m.Tree
	for n = t.Parent(n); n != pysyntax.Nil; n = t.Parent(n) {
		switch t.Kind(n) {
		case pysyntax.FunctionDefinition:
			if f := m.FunctionAt(n); f != nil && hidden(f, name) {
				return true
			}
		case pysyntax.ClassDefinition:
			c := m.ClassAt(n)
			if c != nil && (c.Field(name) != nil || c.Methods[name] != nil || c.Nested[name] != nil) {
				return true
			}
		}
	}
	return false
}
