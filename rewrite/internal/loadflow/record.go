package loadflow

import (
	"slices"
	"strings"
)

// maxEntries bounds the keys of a dictionary that are told apart.
const maxEntries = 64

// entry is what a dictionary has under a key that the program spells out.
type entry struct {
	name  string
	value value
}

// record is a dictionary whose keys are known, one or more of them: {"order": order, "items": items}. The other keys have
// rest. The mapping's elem is all of it, for whoever does not ask for a key.
func (t *table) record(entries []entry, key, rest value) value {
	slices.SortStableFunc(entries, func(a, b entry) int { return strings.Compare(a.name, b.name) })
	out := entries[:0:0]
	for _, e := range entries { // of two with one name the later one counts
		e.value = t.held(e.value)
		if n := len(out); n > 0 && out[n-1].name == e.name {
			out[n-1] = e
		} else {
			out = append(out, e)
		}
	}
	out, rest = fewerSaturated(out, rest)
	rest = t.held(rest)
	all := rest
	var id strings.Builder
	id.WriteByte('D')
	key.writeID(&id)
	rest.writeID(&id)
	for _, e := range out {
		if e.name != ofObject {
			all = join(all, e.value)
		}
		id.WriteString(e.name)
		id.WriteByte('=')
		e.value.writeID(&id)
	}
	if len(out) == 0 || len(out) > maxEntries {
		return t.mapping(key, all)
	}
	return one(t.atom(&atom{kind: mapping, more: &more{key: t.held(key), elem: all, entries: out, rest: rest}}, id.String()))
}

// maxSaturated bounds the keys of a dictionary that are told apart though what they have was too much for a value.
const maxSaturated = 3

// fewerSaturated has what has lost something to a bound among the other keys, where there is more of it than maxSaturated: nobody knows
// all that one of them has, and to keep each apart took minutes in programs where all comes together in the parameters of a job.
func fewerSaturated(entries []entry, rest value) ([]entry, value) {
	saturated := func(e entry) bool { return hasDropped(e.value) }
	n := 0
	for _, e := range entries {
		if saturated(e) {
			n++
		}
	}
	if n <= maxSaturated {
		return entries, rest
	}
	for _, e := range entries {
		if saturated(e) && e.name != ofObject {
			rest = join(rest, e.value)
		}
	}
	return slices.DeleteFunc(entries, func(e entry) bool { return saturated(e) && e.name != ofObject }), rest
}

// byName is a row or a named tuple as a dictionary.
func (t *table) byName(row *atom) value {
	var entries []entry
	var rest value
	for i, v := range row.elems {
		if i < len(row.names) && row.names[i] != "" {
			entries = append(entries, entry{row.names[i], v})
		} else {
			rest = join(rest, v)
		}
	}
	return t.record(entries, nil, rest)
}

// under is what a mapping has under a key.
func (a *atom) under(name string) value {
	if a.entries == nil {
		return a.elem
	}
	if v, known := a.entry(name); known {
		return v
	}
	return a.rest
}

// parts are the entries of all dictionaries in v, and what the keys that are not known have. A key of several
// dictionaries has the values of all.
func parts(v value) (entries []entry, rest value) {
	at := map[string]int{}
	for _, a := range v {
		if a.kind != mapping {
			continue
		}
		if a.entries == nil {
			rest = join(rest, a.elem)
			continue
		}
		rest = join(rest, a.rest)
		for _, e := range a.entries {
			if i, ok := at[e.name]; ok {
				entries[i].value = join(entries[i].value, e.value)
			} else {
				at[e.name] = len(entries)
				entries = append(entries, e)
			}
		}
	}
	return entries, rest
}

// with is the dictionaries in v after more entries were set: they take the place of what was there.
func (t *table) with(v value, more []entry, key, rest value) value {
	entries, old := parts(v)
	entries = slices.Clone(entries)
	for _, e := range more {
		at := slices.IndexFunc(entries, func(o entry) bool { return o.name == e.name })
		if at >= 0 {
			entries[at] = e
		} else {
			entries = append(entries, e)
		}
	}
	return t.record(entries, key, join(old, rest))
}
