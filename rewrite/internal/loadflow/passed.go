package loadflow

import "slices"

// What callers pass to functions, between the rounds: flow.go keeps the rounds.

// mergeEdges renews the calls that a unit makes. Callees that get other arguments now are stale.
func (a *analysis) mergeEdges(id string, old, out *outcome) {
	calls := map[string][]*edge{}
	for _, e := range out.edges {
		if !a.add(e.callee) { // many asked for the last one at once: the next run finds another
			a.mark(a.units[id])
		}
		calls[e.callee.id] = append(calls[e.callee.id], e)
	}
	for _, e := range old.edges {
		if callee := e.callee.id; calls[callee] == nil && a.callers[callee][id] != nil {
			delete(a.callers[callee], id)
			a.stale[callee] = true
		}
	}
	for callee, edges := range calls {
		m := a.callers[callee]
		if m == nil {
			m = map[string][]*edge{}
			a.callers[callee] = m
		}
		if !keepAbstract(m[id], edges) {
			a.stale[callee] = true
		}
		m[id] = edges
	}
}

// keepAbstract takes over what is known of the calls before; false when the calls are others now.
func keepAbstract(old, edges []*edge) bool {
	if len(old) != len(edges) {
		return false
	}
	all := true
	for i, e := range edges {
		if slices.EqualFunc(old[i].args, e.args, same) {
			e.seen = old[i].seen
		} else {
			all = false
		}
	}
	return all
}

// passArguments tells the callees whose callers changed what their parameters may be.
func (a *analysis) passArguments() {
	for calleeID := range a.stale {
		callee := a.units[calleeID]
		if callee == nil || callee.key.fn == nil {
			continue
		}
		key := callee.key
		params, blank := make([]value, len(key.fn.Params)), make([]bool, len(key.fn.Params))
		callers := a.callers[calleeID]
		for _, caller := range sortedKeys(callers) {
			for _, e := range callers[caller] {
				for i, v := range a.seen(e, callee) {
					if len(v) == 0 && !e.mod.Test() {
						blank[i] = true
					}
					if e.mod.Test() && !key.mod.Test() {
						v = withoutFakes(v)
					}
					params[i] = join(params[i], v)
				}
			}
		}
		for i := range params {
			params[i] = a.t.flat(params[i])
			if callee.runs > maxRuns {
				params[i] = a.widened(callee.params[i], params[i], callee.runs)
			}
		}
		for i := range params {
			if !callee.dirty && (a.heeds(callee, i, params[i]) || callee.heedsBlank(i, blank)) {
				a.mark(callee)
				break
			}
		}
		callee.params, callee.blank = params, blank
	}
	clear(a.stale)
}

// seen is what a callee sees of a call's arguments.
func (a *analysis) seen(e *edge, callee *unit) []value {
	if e.seen == nil {
		e.seen = make([]value, min(len(e.args), len(callee.params)))
		for i, v := range e.args[:len(e.seen)] {
			switch {
			case len(v) == 0:
			case callee.provided != nil && same(callee.provided[i].from, v):
				e.seen[i] = callee.provided[i].to
			default:
				e.seen[i] = a.abstract(v, callee.key, i)
			}
		}
	}
	return e.seen
}

// abstracted is a value, and what the unit that gets it sees of it.
type abstracted struct{ from, to value }

// abstractProvided is abstract for what a framework gives to a parameter of a unit, which is often the same and large: a
// fixture's dictionary of all test data.
func (a *analysis) abstractProvided(v value, u *unit, param int) value {
	if u.provided == nil {
		u.provided = make([]abstracted, len(u.params))
	}
	if p := &u.provided[param]; !same(p.from, v) {
		*p = abstracted{v, a.abstract(v, u.key, param)}
	}
	return u.provided[param].to
}

// abstract is what a callee sees of an argument: its types, with the parameter itself as the origin of its objects. Those of a
// dictionary whose keys are known are told apart by them: a template that reads page.user reads nothing of page.users.
func (a *analysis) abstract(v value, key *unitKey, param int) value {
	v = useful(a.t.flat(v))
	whole := a.t.paramOrigin(key, param)
	var out value
	for _, x := range v {
		if x.kind != mapping || len(x.entries) < 2 && !isObjectDict(x) {
			out = append(out, a.abstractTo(one(x), whole)...)
			continue
		}
		entries := make([]entry, len(x.entries))
		for i, e := range x.entries {
			from := whole
			if hasObject(e.value) {
				from = a.t.entryOrigin(key, param, e.name)
			}
			entries[i] = entry{e.name, a.abstractTo(e.value, from)}
		}
		out = append(out, a.t.record(entries, a.abstractTo(x.key, whole), a.abstractTo(x.rest, whole))...)
	}
	return valueOf(out)
}

// abstractTo gives the objects in a part of an argument an origin.
func (a *analysis) abstractTo(v value, from *origin) value {
	key, param := from.unit, from.param
	return a.rewrite(v, func(x *atom) []*atom {
		switch x.kind {
		case object:
			return []*atom{a.t.object(x.class, from, nil)}
		case statement:
			s := *x.stmt
			s.site, s.unit, s.param, s.opts = nil, key, param, nil
			return a.t.statement(&s)
		case option, optionParam:
			return []*atom{a.t.optionParam(key, param)}
		}
		return nil
	})
}
