package loadflow

import (
	"github.com/lazyfix/lazyfix/rewrite/internal/pymodule"
	"github.com/lazyfix/lazyfix/rewrite/internal/pysyntax"
)

// serialise is a return of an endpoint: the framework reads the fields of its response model.
func (x *interp) serialise(v value, at pysyntax.Node) {
	f := x.u.key.fn
	if f == nil || len(x.a.watch) == 0 && !hasObject(v) && !x.hasSchema(v) {
		return
	}
	x.resolved(v, at)
	x.readNodes(v, at)
	endpoint := false
	for _, d := range f.Decorators {
		t := x.t
		if x.transfer(v, d, at) {
			return
		}
		x.readConnection(v, d, at)
		if x.a.resolves(x.m, d) && f.Returns != pysyntax.Nil {
			x.readSchema(v, x.a.parseType(t.Text(f.Returns)), typeScope{mod: x.m, class: f.Class, fn: f.Outer}, at, 0)
			return
		}
		if t.Kind(d) != pysyntax.Call || t.Kind(t.Child(d, pysyntax.FieldFunction)) != pysyntax.Attribute && !litestarRoute(t, d) {
			continue
		}
		if model, given := x.modelOf(d); model != pysyntax.Nil || len(given) > 0 {
			x.readDecorated(v, model, given, at)
			return
		}
		endpoint = endpoint || isRoute(pymodule.Last(t.Text(t.Child(d, pysyntax.FieldFunction))))
	}
	if endpoint && (f.Returns == pysyntax.Nil || pymodule.Last(x.t.Text(f.Returns)) == "Any") {
		x.publish(v, at)
		x.watchEscape(v, at, "is returned by an endpoint without a response model", false)
		x.readDataclass(v, false, at)
	}
	if endpoint && f.Returns != pysyntax.Nil {
		x.readSchema(v, x.a.parseType(x.t.Text(f.Returns)), typeScope{mod: x.m}, at, 0)
	}
}

func litestarRoute(t *pysyntax.Tree, d pysyntax.Node) bool {
	switch t.Text(t.Child(d, pysyntax.FieldFunction)) {
	case "get", "post", "put", "patch", "delete":
		return true
	}
	return false
}
