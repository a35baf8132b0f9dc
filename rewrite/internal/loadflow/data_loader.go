package loadflow

import "github.com/lazyfix/lazyfix/rewrite/internal/pysyntax"

// loadedByKey is loader.load(key) of a DataLoader, Strawberry's or aiodataloader's: one of what its function gives for many
// keys, or a list of them for load_many. The function is its argument load_fn, or a method of its class.
func (x *interp) loadedByKey(owner value, name string, n pysyntax.Node) value {
	if name != "load" && name != "load_many" {
		return nil
	}
	var out value
	for _, a := range owner {
		switch a.kind {
		case funcRef:
			out = join(out, x.callValue(one(a), &arguments{more: true}, n))
		case instance:
			if f := x.method(a.class, "batch_load_fn"); f != nil && x.a.inherits(a.class, "DataLoader") {
				out = join(out, x.callMethods(a.class, f, one(a), &arguments{more: true}, n))
			}
		}
	}
	if name == "load" {
		return x.elements(out)
	}
	return out
}
