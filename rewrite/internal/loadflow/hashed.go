package loadflow

import "github.com/lazyfix/lazyfix/rewrite/internal/pysyntax"

// What stands in a set, or is a key of a dictionary, is hashed: {order}, {order: 1}, set(orders), seen.add(order), totals[order], and
// so are the elements of a tuple that does. Limit: the __eq__ that is asked where two hashes are the same is not followed.

// hashed runs the __hash__ of what is hashed.
func (x *interp) hashed(v value, at pysyntax.Node) {
	for _, a := range v {
		for _, e := range a.elems {
			if a.kind == tuple && hasObject(e) {
				x.special(e, nil, at, "__hash__")
			}
		}
	}
	x.special(v, nil, at, "__hash__")
}

// display is the collection that a list, a set or a comprehension makes.
func (x *interp) display(n pysyntax.Node, elem value) value {
	if x.t.Is(n, pysyntax.Set, pysyntax.SetComprehension) {
		x.hashed(elem, n)
	}
	return x.a.t.collection(elem)
}
