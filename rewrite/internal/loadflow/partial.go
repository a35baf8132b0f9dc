package loadflow

import "slices"

// boundTo is functools.partial(f, ...) of a function: it goes on as a function whose first positional arguments are given.
// Those that hold what a caller passed are left empty, since they reached their parameters when the partial was made; so
// are arguments by name, and functions that are bound themselves, which chains of handlers would nest without end.
func (t *table) boundTo(f *atom, given []value) *atom {
	elems := append([]value(nil), f.elems...)
	id := f.id
	for _, v := range given {
		if len(elems) == len(f.fn.Params) {
			break
		}
		if v.symbolic() != nil || slices.ContainsFunc(flatten(v), func(a *atom) bool { return a.kind == funcRef }) {
			v = nil
		}
		elems = append(elems, v)
		id += "|" + v.id()
	}
	with := *f.more
	with.elems = elems
	return t.atom(&atom{kind: funcRef, more: &with}, id)
}

// behind are the arguments of a call behind those that a partial has given already.
func (a *arguments) behind(given []value) *arguments {
	if len(given) == 0 {
		return a
	}
	out := *a
	out.pos = append(append([]value(nil), given...), a.pos...)
	out.posNodes = nil // they would not be those of pos
	return &out
}

// partial is functools.partial(f, ...).
func (x *interp) partial(args *arguments) value {
	var out []*atom
	for _, a := range args.get(0, "") {
		if a.kind == funcRef && len(args.pos) > 1 {
			a = x.a.t.boundTo(a, args.pos[1:])
		}
		out = append(out, a)
	}
	return valueOf(out)
}
