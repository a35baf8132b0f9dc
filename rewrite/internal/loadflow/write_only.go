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
