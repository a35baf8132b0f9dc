package loadflow

import (
	"github.com/lazyfix/lazyfix/rewrite/internal/pymodule"
	"github.com/lazyfix/lazyfix/rewrite/internal/pysyntax"
)

// initSubclass calls the __init_subclass__ that a class inherits, with what its header says beside its bases:
// class Orders(Repository, model=Order).
func (x *interp) initSubclass(c *pymodule.Class, n pysyntax.Node) {
	for base := range x.a.g.Lineage(c) {
		if base == c {
			continue
		}
		f := base.Methods["__init_subclass__"]
		if f == nil {
			continue
		}
		args := &arguments{kw: map[string]value{}, kwNodes: map[string]pysyntax.Node{}}
		for _, name := range sortedKeys(c.Keywords) { // what is evaluated notes reads, in order
			args.kwNodes[name] = c.Keywords[name]
			args.kw[name] = x.eval(c.Keywords[name])
		}
		x.call(f, one(x.a.t.classRef(c, typeArgs{}, false)), args, n)
		return
	}
}

// subclassesOf is Check.__subclasses__().
func (x *interp) subclassesOf(owner value) value {
	var out value
	for _, a := range owner {
		if a.kind != classRef {
			continue
		}
		for _, c := range x.a.g.Subclasses(a.class) {
			out = join(out, one(x.a.t.classRef(c, typeArgs{}, false)))
		}
	}
	return x.a.t.collection(out)
}
