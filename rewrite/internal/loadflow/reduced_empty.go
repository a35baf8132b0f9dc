package loadflow

import "github.com/lazyfix/lazyfix/rewrite/internal/pysyntax"

// withoutStart is what a function of reduce() gives, without objects that it would have from a start that spells an empty container:
// reduce(lambda lines, order: lines + order.items, orders, []) gives lines of orders alone, though the first call has none of them.
func (x *interp) withoutStart(given value, start, call pysyntax.Node) value {
	t := x.t
	empty := t.Is(start, pysyntax.List, pysyntax.Tuple, pysyntax.Set, pysyntax.Dictionary) && t.First(start) == pysyntax.Nil
	if !empty && t.Kind(start) == pysyntax.Call && t.First(t.Child(start, pysyntax.FieldArguments)) == pysyntax.Nil {
		switch t.Text(t.Child(start, pysyntax.FieldFunction)) {
		case "list", "set", "dict", "tuple":
			empty = true
		}
	}
	if !empty {
		return given
	}
	unknown := x.a.t.typeOrigin(x.m, call)
	return x.a.rewrite(given, func(a *atom) []*atom {
		if a.kind == object && a.origin == unknown {
			return nil
		}
		return []*atom{a}
	})
}
