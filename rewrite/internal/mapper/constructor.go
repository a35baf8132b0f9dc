package mapper

import (
	"strings"

	"github.com/lazyfix/lazyfix/rewrite/internal/pymodule"
	"github.com/lazyfix/lazyfix/rewrite/internal/pysyntax"
)

// constructor is what the __init__ of a subclass of AsyncSession makes of expire_on_commit. All false and empty: it
// takes it as AsyncSession does.
type constructor struct {
	decides  bool   // it says False, whatever it is called with
	defaults bool   // False, unless it is called with another value
	locked   string // why a caller must not give it
}

// constructor reads the __init__ methods of a class in the order of lookup, up to one that decides.
func (b *builder) constructor(c *pymodule.Class) constructor {
	if c == nil {
		return constructor{}
	}
	for class := range b.g.Lineage(c) {
		if class.Methods["__init__"] == nil {
			continue
		}
		if out := initOf(class.Methods["__init__"]); out != (constructor{}) {
			return out
		}
	}
	return constructor{}
}

func initOf(f *pymodule.Function) constructor {
	t := f.Module.Tree
	kwargs := ""
	for _, p := range f.Params {
		if p.Kind == pymodule.StarStar {
			kwargs = p.Name
		}
	}
	handed := pysyntax.Nil // what super().__init__(...) gets
	splat := false
	for n := range t.Within(f.Body) {
		switch t.Kind(n) {
		case pysyntax.Call:
			function := t.Child(n, pysyntax.FieldFunction)
			switch c := readCall(functionPlace(f), n); {
			case strings.HasSuffix(t.Text(function), ".__init__"):
				if v := c.keyword("expire_on_commit"); v != pysyntax.Nil {
					handed = v
				}
				splat = splat || len(c.splats) > 0
			case kwargs != "" && t.Text(function) == kwargs+".setdefault" && len(c.args) == 2 && isExpire(t, c.args[0]) &&
				t.Kind(c.args[1]) == pysyntax.False:
				return constructor{defaults: true}
			}
		case pysyntax.Assignment:
			left := t.Child(n, pysyntax.FieldLeft)
			if kwargs != "" && t.Kind(left) == pysyntax.Subscript && t.Text(t.Child(left, pysyntax.FieldValue)) == kwargs &&
				isExpire(t, t.Child(left, pysyntax.FieldSubscript)) && t.Kind(t.Child(n, pysyntax.FieldRight)) == pysyntax.False {
				return constructor{decides: true}
			}
		}
	}
	i := f.ParamIndex("expire_on_commit")
	switch {
	case t.Kind(handed) == pysyntax.False:
		return constructor{decides: true}
	case i >= 0 && t.Text(handed) == "expire_on_commit":
		return constructor{defaults: t.Kind(f.Params[i].Default) == pysyntax.False}
	case strings.Contains(t.Text(f.Node), "expire_on_commit"):
		return constructor{locked: f.Class.Name + ".__init__ handles expire_on_commit itself"}
	case kwargs == "" || !splat:
		return constructor{locked: f.Class.Name + ".__init__ takes no expire_on_commit"}
	}
	return constructor{}
}

func isExpire(t *pysyntax.Tree, n pysyntax.Node) bool {
	return t.Kind(n) == pysyntax.String && pymodule.StringValue(t, n) == "expire_on_commit"
}
