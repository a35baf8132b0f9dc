package loadflow

import "github.com/lazyfix/lazyfix/rewrite/internal/pysyntax"

// prefixes are the methods behind operators before a value.
var prefixes = map[byte]string{'~': "__invert__", '-': "__neg__", '+': "__pos__"}

// unary is ~rule, -order: what the method behind it gives, where the class has one.
func (x *interp) unary(n pysyntax.Node) value {
	var v value
	for c := range x.t.Children(n) {
		v = join(v, x.eval(c))
	}
	if method := prefixes[x.t.Source()[x.t.Start(n)]]; method != "" && (hasInstance(v) || hasObject(v)) {
		return x.special(v, nil, n, method)
	}
	return nil
}

// awaitedOwn is what `await query` gives where the class of query has an __await__ of the program in place of it. Most give
// self._run().__await__(), which counts as what _run() gives.
func (x *interp) awaitedOwn(v value, n pysyntax.Node) value {
	if !x.defines(v, awaitMethod) {
		return v
	}
	var out value
	for _, a := range v {
		if a.kind == instance && x.method(a.class, awaitMethod[0]) != nil {
			out = join(out, x.special(one(a), nil, n, awaitMethod...))
		} else {
			out = join(out, one(a))
		}
	}
	return out
}

var awaitMethod = []string{"__await__"}
