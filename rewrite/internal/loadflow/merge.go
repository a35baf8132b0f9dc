package loadflow

import "github.com/lazyfix/lazyfix/rewrite/internal/pysyntax"

// merged is session.merge(order): what it gives is in the session, what it was given is not. For a new object that has a
// row, it gives the object of that row, queried with the loader options of the call (measured on 2.0 and 2.1): nothing that
// was not set on the new one is loaded. Where the function flushes it, a refresh behind that loads for either.
func (x *interp) merged(v value, args *arguments, n pysyntax.Node) value {
	_, told := args.kw["load"]
	asks := !told && !x.flushedBehind(n)
	var queried value
	out := x.a.rewrite(v, func(a *atom) []*atom {
		if a.kind != object || a.path != nil {
			return []*atom{a}
		}
		if _, from := history(a.origin); from == fromNew && asks {
			queried = join(queried, x.mergedFromRow(a, args, n))
		}
		x.watchRefresh(one(a)) // of a row that is there, the model loads
		return []*atom{x.pending(a, "")}
	})
	return join(out, queried)
}

// flushedBehind reports whether the function flushes or commits further down.
func (x *interp) flushedBehind(n pysyntax.Node) bool {
	t := x.t
	around := t.Enclosing(n, pysyntax.FunctionDefinition)
	for c := range t.Within(around) {
		if c > n && t.Kind(c) == pysyntax.Call {
			switch t.Text(t.Child(t.Child(c, pysyntax.FieldFunction), pysyntax.FieldAttribute)) {
			case "flush", "commit":
				return true
			}
		}
	}
	return false
}

// mergedFromRow is the object of the row that a new object has already.
func (x *interp) mergedFromRow(made *atom, args *arguments, n pysyntax.Node) value {
	row := x.got(&Site{Generic: !x.u.key.closed(), Entities: []Entity{{Class: made.class, Expr: pysyntax.Nil, Name: made.class.Name}}}, args, n)
	return x.a.rewrite(row, func(a *atom) []*atom {
		o := a.origin
		for _, g := range made.origin.given {
			if next := x.a.t.withGiven(o, nil, given{name: g.name, value: g.value, made: g.made}); next != nil {
				o = next
			}
		}
		return []*atom{x.a.t.object(a.class, o, nil)}
	})
}
