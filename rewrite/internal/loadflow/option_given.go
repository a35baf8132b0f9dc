package loadflow

import "slices"

// optionsMeet reports whether a call of the function that reads passes loader options for the beginning of the path, which
// the function hands on to its query. An option there would be a second loader of it.
func (p *propagation) optionsMeet(w *wanted) bool {
	o, callee := w.origin, w.unit
	if !o.opts.comeBy(callee) {
		return false
	}
	first := w.path.steps()[0].rels
	for _, id := range sortedKeys(p.a.callers[callee.id]) {
		for _, e := range p.a.callers[callee.id][id] {
			if p.idle[id] || e.mod.Test() && !o.site.Module.Test() {
				continue
			}
			x := p.caller(p.a.units[id], e)
			if given := x.substituteOptions(o.opts, callee, e.args, e.node); given.hasBesides(o.opts, first) {
				return true
			}
		}
	}
	return false
}

// hasBesides reports whether options have a loader for a relationship besides those of a query. What these load needs nothing of the
// calls, and what they lack behind it is loaded where they stand: gone on to the calls for them alone, it would be missed there by the
// query's other ways, which must not get a second loader, and be asked of calls that may reach another class's override.
func (o *optionSet) hasBesides(own *optionSet, rels string) bool {
	return slices.ContainsFunc(o.atoms(), func(a *atom) bool {
		return a.kind == option && a.opt.path != nil && a.opt.path.steps()[0].rels == rels && !slices.Contains(own.atoms(), a)
	})
}
