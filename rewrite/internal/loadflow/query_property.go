package loadflow

import (
	"github.com/lazyfix/lazyfix/rewrite/internal/pymodule"
	"github.com/lazyfix/lazyfix/rewrite/internal/pysyntax"
)

// queryOf is Order.query, which Flask-SQLAlchemy gives every model, and scoped_session.query_property() a base: a legacy query
// of the class. The site is the attribute.
func (x *interp) queryOf(a *atom, name string, at pysyntax.Node) value {
	if name != "query" || x.t.Kind(at) != pysyntax.Attribute {
		return nil
	}
	if m := x.a.ix.Class(a.class); m == nil || !m.Mapped {
		return nil
	}
	switch s := x.a.classMember(a.class, name); s.Kind {
	case pymodule.Unknown:
	case pymodule.VariableSymbol:
		t := s.Variable.Module.Tree
		if !t.Calls(s.Variable.Value, "query_property") {
			return nil
		}
	default:
		return nil
	}
	args := &arguments{pos: []value{one(a)}, posNodes: []pysyntax.Node{x.t.Child(at, pysyntax.FieldObject)}}
	return x.selectFrom(&Site{}, at, args, true)
}
