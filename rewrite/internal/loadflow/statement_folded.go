package loadflow

import "slices"

// A query builder keeps its statement in an attribute, and each of its methods may add options:
//
//	def with_items(self):
//	    self.query = self.query.options(selectinload(Order.items))
//	    return self
//
// The attribute then is the statement with any set of those options, as nothing says which methods were called: with n of them 2**n
// statements, each of which makes objects of its own.
//
// So what a value has of one statement by other options is folded where it is more than maxVariants: into what all of them have,
// and that with some of the options that only some have. Each step from a folded value to another one has fewer options in all of
// them, or more in some: there are twice as many steps as options at most, and not as many as sets of options.
//
// What was folded says of each relationship what the others said:
//   - not loaded by one of them: what all have does not load it either, so it is asked for
//   - kept from being loaded, left out, or loaded perhaps, by one: there is one with those options, so that is reported
//   - loaded by one: there is one with those options, so it is not given a second loader
//
// What gets lost is which options come together: {items.product} and {items.customer} both load items, and have no option in
// common. The query is then asked for an option too many.

// foldedID stands before the id of a folded statement, so that they come last in the order of keys but for dropped.
const foldedID = "}"

// kinEnd stands behind what all statements of one kin have in their ids.
const kinEnd = "|"

// foldStatements folds what a value has of one statement, where that is more than its bound, or was folded already: what was folded
// takes in all that comes to it, else the value would have it by turns.
func foldStatements(v value) value {
	folds := foldedKins(v)
	if len(v) <= maxVariants && folds == nil {
		return v
	}
	many := map[string]value{}
	for kin := range folds {
		many[kin] = nil
	}
	for i, n := 0, 0; i < len(v); i += n {
		n = alike(v[i:])
		if v[i].kind != statement {
			continue
		}
		kin := v[i].stmt.kin
		if before, ok := many[kin]; ok || n > maxVariants {
			many[kin] = append(before[:len(before):len(before)], v[i:i+n]...)
		}
	}
	var out []*atom
	for kin, variants := range many {
		if folded := variants[0].stmt.table.foldedOf(variants); same(folded, variants) {
			delete(many, kin)
		} else {
			out = append(out, folded...)
		}
	}
	if len(many) == 0 {
		return v
	}
	for _, a := range v {
		if a.kind != statement || many[a.stmt.kin] == nil {
			out = append(out, a)
		}
	}
	return inOrder(out)
}

// alike counts the statements at the beginning of v that differ by their options alone, and have been folded or not alike. It is one
// for what is no statement.
func alike(v value) int {
	first := v[0]
	if first.kind != statement {
		return 1
	}
	n := slices.IndexFunc(v, func(a *atom) bool {
		return a.kind != statement || a.stmt.kin != first.stmt.kin || a.stmt.folded != first.stmt.folded
	})
	if n < 0 {
		return len(v)
	}
	return n
}

// foldedKins are the kins that are folded in a value. Folded statements come last in it, but for dropped.
func foldedKins(v value) map[string]bool {
	if hasDropped(v) {
		v = v[:len(v)-1]
	}
	var out map[string]bool
	for ; len(v) > 0 && v[len(v)-1].id[0] == foldedID[0]; v = v[:len(v)-1] {
		if out == nil {
			out = map[string]bool{}
		}
		out[v[len(v)-1].stmt.kin] = true
	}
	return out
}

// foldedOf is what stands for statements that differ by their options alone. Values that hold the same ones are joined all the time.
func (t *table) foldedOf(variants value) value {
	return *t.folds.get(variants.id(), func() *value {
		v := folded(variants)
		return &v
	})
}

func folded(variants value) value {
	var some value
	seen := map[*atom]int{}
	for _, v := range variants {
		for _, o := range v.stmt.opts.atoms() {
			if seen[o]++; seen[o] == 1 {
				some = append(some, o)
			}
		}
	}
	var all, loading, not value
	var each []value
	for _, o := range some {
		switch {
		case seen[o] == len(variants):
			all = append(all, o)
		case o.kind == optionParam || o.opt.instead != nil || len(o.opt.rows) > 0:
			each = append(each, one(o))
		case o.keepsBack():
			not = append(not, o)
		default:
			loading = append(loading, o)
		}
	}
	var out []*atom
	for _, more := range append([]value{nil, loading, not}, each...) {
		s := *variants[0].stmt
		s.folded, s.opts = true, s.table.optionSet(slices.Concat(all, more))
		out = append(out, s.table.statement(&s)...)
	}
	return inOrder(out)
}

// keepsBack reports whether an option keeps something from being loaded, or nobody knows what it loads.
func (a *atom) keepsBack() bool {
	return a.opt.unless != "" || a.opt.wild == unseenOption || IsLoader(a.opt.wild) && !loads(a.opt.wild) ||
		slices.ContainsFunc(a.opt.loaders, func(l string) bool { return !loads(l) })
}
