package loadflow

import (
	"slices"
	"strconv"
)

// What a caller passes in a dictionary whose keys are spelled: send({"order": order, "note": note}).

// entryOrigin is that of the objects which the dictionary in an argument has under a key.
func (t *table) entryOrigin(u *unitKey, param int, entry string) *origin {
	return t.origin(&origin{kind: fromParam, unit: u, param: param, entry: entry}, "p"+u.id+"#"+strconv.Itoa(param)+"."+entry)
}

// passedAs are the atoms in an argument that are meant by an origin in the function that it is passed to.
func (o *origin) passedAs(argument value) []*atom {
	if o.entry == "" {
		return flatten(argument)
	}
	var out []*atom
	for _, a := range argument {
		if a.kind == mapping {
			out = append(out, flatten(a.under(o.entry))...)
		} else {
			out = append(out, flatten(one(a))...)
		}
	}
	return out
}

// lackedBy reports whether an argument is a dictionary that has no such key: it is another caller that passes one with it.
func (o *origin) lackedBy(argument value) bool {
	return o.entry != "" && len(argument) > 0 && !slices.ContainsFunc(argument, func(a *atom) bool {
		if a.kind != mapping || a.entries == nil || len(a.rest) > 0 || isObjectDict(a) {
			return true
		}
		_, has := a.entry(o.entry)
		return has
	})
}
