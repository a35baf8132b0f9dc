package loadflow

import "slices"

// meetShapes makes one of the instances, dictionaries and tuples of which the same attributes, keys or places are known,
// where ways meet: what happened to their objects on each of n ways would be 2^n of them.
func (t *table) meetShapes(v value) value {
	if len(v) < 2 {
		return v
	}
	var out []*atom
	for _, a := range v {
		i := slices.IndexFunc(out, a.sameShape)
		if i < 0 {
			out = append(out, a)
		} else {
			out[i] = t.both(out[i], a)
		}
	}
	if len(out) == len(v) {
		return v
	}
	return valueOf(out)
}

// sameShape reports whether two atoms differ at most in what is in them.
func (a *atom) sameShape(b *atom) bool {
	if a.kind != b.kind {
		return false
	}
	switch a.kind {
	case instance:
		return a.class == b.class && a.sameNames(b) && a.args.id() == b.args.id()
	case mapping:
		return a.sameNames(b)
	case tuple:
		return len(a.elems) == len(b.elems) && slices.Equal(a.names, b.names)
	}
	return false
}

// sameNames reports whether the same entries are known of two atoms, one at least.
func (a *atom) sameNames(b *atom) bool {
	return a.entries != nil && slices.EqualFunc(a.entries, b.entries, func(e, f entry) bool { return e.name == f.name })
}

// both is one atom for two of the same shape.
func (t *table) both(a, b *atom) *atom {
	meet := func(v, w value) value { return t.meetShapes(join(v, w)) }
	if a.kind == tuple {
		elems := make([]value, len(a.elems))
		for i, e := range a.elems {
			elems[i] = meet(e, b.elems[i])
		}
		return t.tuple(elems, a.names)[0]
	}
	entries := make([]entry, len(a.entries))
	for i, e := range a.entries {
		entries[i] = entry{e.name, meet(e.value, b.entries[i].value)}
	}
	if a.kind == instance {
		return t.made(a.class, a.args, entries)
	}
	return t.record(entries, join(a.key, b.key), meet(a.rest, b.rest))[0]
}
