package loadflow

import (
	"github.com/lazyfix/lazyfix/rewrite/internal/mapper"
	"github.com/lazyfix/lazyfix/rewrite/internal/pysyntax"
)

// writeOnlySelect is account.transactions.select() of a WriteOnlyMapped: a select() of what it holds, which takes loader
// options as any other. fn is the function of call n.
func (x *interp) writeOnlySelect(fn, n pysyntax.Node) (value, bool) {
	collection := x.t.Child(fn, pysyntax.FieldObject)
	if x.t.Kind(collection) != pysyntax.Attribute {
		return nil, false
	}
	name := x.t.Text(x.t.Child(collection, pysyntax.FieldAttribute))
	for _, a := range x.quiet(x.t.Child(collection, pysyntax.FieldObject)) {
		if a.kind != object {
			continue
		}
		if r := x.a.ix.Relationship(a.class, name); r != nil && r.Lazy == mapper.WriteOnly && r.Target != nil {
			target := one(x.a.t.classRef(r.Target, typeArgs{}, false))
			return x.selectFrom(&Site{}, n, &arguments{star: target}, false), true
		}
	}
	return nil, false
}

// dynamicQuery is account.transactions of a DynamicMapped, a legacy query of what it holds: account.transactions.statement is its
// select(). The site is the attribute. One in a template, or by getattr(), takes no options.
func (x *interp) dynamicQuery(r *mapper.Relationship, at pysyntax.Node) value {
	if r.Lazy != mapper.Dynamic || r.Target == nil || x.m.Template || x.t.Kind(at) != pysyntax.Attribute ||
		x.t.Text(x.t.Child(at, pysyntax.FieldAttribute)) != r.Name {
		return nil
	}
	return x.selectFrom(&Site{}, at, &arguments{star: one(x.a.t.classRef(r.Target, typeArgs{}, false))}, true)
}
