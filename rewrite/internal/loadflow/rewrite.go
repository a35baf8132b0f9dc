package loadflow

import "slices"

// rewrite replaces the objects, statements and options in v, whatever containers they stand in. The function answers for
// those kinds only, and the same for one atom each time.
func (a *analysis) rewrite(v value, f func(*atom) []*atom) value {
	return (&rewriter{t: a.t, replace: f}).value(v)
}

// rewriter replaces atoms in values. Containers that stand in a value many times are gone through once.
type rewriter struct {
	t       *table
	replace func(*atom) []*atom
	stays   func(*atom) bool // what holds nothing to replace, nil where nobody knows
	done    map[*atom]rewritten
}

type rewritten struct {
	out       value
	unchanged bool
}

// minKept is how many atoms a container comes by at least that is kept in done: smaller ones are as fast gone through.
const minKept = 8

func (r *rewriter) value(v value) value {
	var out []*atom
	changed := false
	for i, x := range v {
		if !x.holds.change || r.stays != nil && r.stays(x) {
			if changed {
				out = append(out, x)
			}
			continue
		}
		next, same := r.atom(x)
		if !same && !changed {
			changed = true
			out = append(out, v[:i]...)
		}
		switch {
		case !same:
			out = append(out, next...)
		case changed:
			out = append(out, x)
		}
	}
	if !changed {
		return v
	}
	return valueOf(out)
}

// atom is what stands for one atom then; unchanged where that is the atom itself.
func (r *rewriter) atom(x *atom) (out value, unchanged bool) {
	if x.holds.size < minKept {
		return r.inside(x)
	}
	if known, ok := r.done[x]; ok {
		return known.out, known.unchanged
	}
	out, unchanged = r.inside(x)
	if r.done == nil {
		r.done = map[*atom]rewritten{}
	}
	r.done[x] = rewritten{out, unchanged}
	return out, unchanged
}

func (r *rewriter) inside(x *atom) (out value, unchanged bool) {
	switch x.kind {
	case object, statement, option, optionParam:
		next := r.replace(x)
		return next, len(next) == 1 && next[0] == x
	case collection:
		if e := r.value(x.elem); !same(e, x.elem) {
			return r.t.collection(e), false
		}
	case resultRows:
		if e := r.value(x.elem); !same(e, x.elem) {
			return r.t.rows(e), false
		}
	case mapping:
		return r.mapping(x)
	case instance:
		if entries, unchanged := r.entries(x.entries); !unchanged {
			return one(r.t.made(x.class, x.args, entries)), false
		}
	case tuple:
		elems := make([]value, len(x.elems))
		changed := false
		for i, e := range x.elems {
			elems[i] = r.value(e)
			changed = changed || !same(e, elems[i])
		}
		if changed {
			return r.t.tuple(elems, x.names), false
		}
	case funcRef:
		if s := r.value(x.self); !same(s, x.self) {
			f := r.t.funcRef(x.fn, s, x.unit)
			if len(x.elems)+len(x.entries) > 0 {
				f = r.t.boundTo(f, x.elems, x.entries)
			}
			return one(f), false
		}
	}
	return nil, true
}

func (r *rewriter) mapping(x *atom) (out value, unchanged bool) {
	key := r.value(x.key)
	if x.entries == nil {
		if e := r.value(x.elem); !same(e, x.elem) || !same(key, x.key) {
			return r.t.mapping(key, e), false
		}
		return nil, true
	}
	rest := r.value(x.rest)
	entries, unchanged := r.entries(x.entries)
	if unchanged && same(key, x.key) && same(rest, x.rest) {
		return nil, true
	}
	return r.t.record(entries, key, rest), false
}

// entries are the entries of a dictionary or of an instance then.
func (r *rewriter) entries(entries []entry) (out []entry, unchanged bool) {
	for i, e := range entries {
		next := r.value(e.value)
		if out == nil && !same(next, e.value) {
			out = slices.Clone(entries)
		}
		if out != nil {
			out[i].value = next
		}
	}
	if out == nil {
		return entries, true
	}
	return out, false
}
