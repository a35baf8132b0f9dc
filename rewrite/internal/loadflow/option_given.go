package loadflow

import "slices"

// optionsMeet reports whether a call of the function that reads passes loader options for the beginning of the path, which
// the function hands on to its query. An option there would be a second loader of it.
func (p *propagation) optionsMeet(w *wanted) bool {
	o, callee := w.origin, w.unit
	if !o.opts.comeBy(callee) {
		return false
	}
	loaded, _ := p.a.loadedSteps(w.path, o)
	whole := loaded == w.path.len()
	for _, id := range sortedKeys(p.a.callers[callee.id]) {
		for _, e := range p.a.callers[callee.id][id] {
			if p.idle[id] || e.mod.Test() && !o.site.Module.Test() {
				continue
			}
			x := p.caller(p.a.units[id], e)
			if given := x.substituteOptions(o.opts, callee, e.args, e.node); given.covers(w.path.steps()[0].rels, o.opts, whole) {
				return true
			}
		}
	}
	return false
}

// covers reports whether options have a loader for a relationship; besides those of a query where these load all of what is read. Such a
// read needs nothing of the calls. It stays where the query's other ways lack it, for which a call gives nothing either: they must
// not get a second loader.
func (o *optionSet) covers(rels string, own *optionSet, besides bool) bool {
	if !besides {
		return o.covered()[rels] != ""
	}
	return slices.ContainsFunc(o.atoms(), func(a *atom) bool {
		return a.kind == option && a.opt.path != nil && a.opt.path.steps()[0].rels == rels && !slices.Contains(own.atoms(), a)
	})
}
