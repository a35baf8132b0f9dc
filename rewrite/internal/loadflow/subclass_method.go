package loadflow

import (
	"slices"

	"github.com/lazyfix/lazyfix/rewrite/internal/pymodule"
	"github.com/lazyfix/lazyfix/rewrite/internal/pysyntax"
)

// methodsBelow are the methods by a name that subclasses of an object's class have and it does not, and what their properties give:
// node.latest, where only files have one. Which of them the object is of nobody asks, as of a method that subclasses override.
func (x *interp) methodsBelow(a *atom, name string, at pysyntax.Node) value {
	if m := x.a.ix.Class(a.class); m == nil || !m.Mapped {
		return nil
	}
	var out value
	found := 0
	for _, sub := range x.a.g.Subclasses(a.class) {
		s := x.a.classMember(sub, name)
		if s.Kind != pymodule.FunctionSymbol && s.Kind != pymodule.VariableSymbol || sub.Module.Test() && !x.m.Test() || !x.isHighest(sub, a.class, name) {
			continue
		}
		if found++; found > maxOverrides {
			break
		}
		as := x.a.t.object(sub, a.origin, a.path)
		if s.Kind == pymodule.FunctionSymbol {
			out = join(out, x.objectMember(as, name, at))
		} else if v, ok := x.proxied(as, name, at); ok {
			out = join(out, v)
		}
	}
	return out
}

// isHighest reports whether no class between one and its base has a member by a name.
func (x *interp) isHighest(c, base *pymodule.Class, name string) bool {
	return !slices.ContainsFunc(x.a.g.MRO(c), func(b pymodule.Base) bool {
		return b.Class != nil && b.Class != c && b.Class != base && x.a.g.IsSubclass(b.Class, base) && x.a.classMember(b.Class, name).Kind != pymodule.Unknown
	})
}
