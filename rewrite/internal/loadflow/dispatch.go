package loadflow

import (
	"strings"

	"github.com/lazyfix/lazyfix/rewrite/internal/pymodule"
	"github.com/lazyfix/lazyfix/rewrite/internal/pysyntax"
)

// registered are the functions that a @singledispatch function of the same module goes on to.
func registered(f *pymodule.Function) []*pymodule.Function {
	if len(f.Decorators) == 0 || f.Decorator("singledispatch") == pysyntax.Nil && f.Decorator("singledispatchmethod") == pysyntax.Nil {
		return nil
	}
	var out []*pymodule.Function
	for _, g := range f.Module.Functions {
		for _, d := range g.Decorators {
			text, _, _ := strings.Cut(g.Module.Tree.Text(d), "(")
			if text == f.Name+".register" && g.Class == f.Class {
				out = append(out, g)
			}
		}
	}
	return out
}
