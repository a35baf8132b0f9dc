package loadflow

import "slices"

// weakref.ref(order) gives the order when it is called: a tuple of one, with a name that no attribute has, so that it goes where
// containers go. weakref.proxy(order) stands for it. That it may be gone is left out.

const isWeakRef = "<weakref>"

func (t *table) weakRef(v value) value {
	if len(v) == 0 {
		return nil
	}
	return t.tuple([]value{v}, []string{isWeakRef})
}

// weakTarget is what a weak reference leads to, nothing of any other tuple.
func weakTarget(a *atom) value {
	if a.kind == tuple && slices.Contains(a.names, isWeakRef) {
		return a.elems[0]
	}
	return nil
}
