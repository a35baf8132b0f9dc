package loadflow

import (
	"strings"

	"github.com/lazyfix/lazyfix/rewrite/internal/pysyntax"
)

// ownTypes are the classes that get_args(self.__orig_bases__[0]) gives in a method of a generic class, or the __args__ of
// such an expression: those that the class of self stands for its type parameters. nil for any other expression.
func (x *interp) ownTypes(n pysyntax.Node) value {
	k := x.u.key
	if text := x.t.Text(n); k.recv == nil || k.fn == nil || k.fn.Class == nil || !strings.Contains(text, "__orig_bases__") && !strings.Contains(text, "__orig_class__") {
		return nil
	}
	for _, b := range x.a.g.MRO(k.recv) {
		if b.Class != k.fn.Class {
			continue
		}
		params := x.a.paramsOf(k.recv, k.args, b)
		var elems []value
		for _, name := range x.a.g.TypeParams(b.Class) {
			var elem value
			if c := params[name]; c != nil {
				elem = one(x.a.t.classRef(c, typeArgs{}, true))
			}
			elems = append(elems, elem)
		}
		return x.a.t.tuple(elems, nil)
	}
	return nil
}
