package loadflow

import (
	"github.com/lazyfix/lazyfix/rewrite/internal/pymodule"
	"github.com/lazyfix/lazyfix/rewrite/internal/pysyntax"
)

// matchFields are the attributes that a class pattern asks for by place: those that the class or its nearest base names in
// __match_args__, else those of its generated constructor. One that is no literal names none.
func (a *analysis) matchFields(c *pymodule.Class) []string {
	said := a.bodyField(c, "__match_args__")
	if said == nil {
		return a.dataFields(c)
	}
	t := said.Module.Tree
	if !t.Is(said.Value, pysyntax.Tuple, pysyntax.List) {
		return nil
	}
	var out []string
	for n := range t.Children(said.Value) {
		if t.Kind(n) != pysyntax.Comment {
			out = append(out, pymodule.StringValue(t, n))
		}
	}
	return out
}
