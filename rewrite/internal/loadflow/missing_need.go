package loadflow

import "strings"

// lacking are the paths that the objects of a query need, of all that its readers want.
type lacking struct {
	p        *propagation
	d        *Demand
	have     coverage // of every variant of the statement
	repeated map[string]bool
	needs    map[string]*Need
}

func (l *lacking) add(w *wanted, loaded int) {
	a := l.p.a
	path := a.withoutModelEager(a.t.fold(w.path, l.repeated), loaded, l.have, w.origin)
	old, known := l.needs[path.rels]
	if known && loaded == old.Loaded && (!old.Recorded || w.recorded != nil) || path.len() <= loaded {
		return
	}
	need := &Need{
		Steps: a.stepsOf(path, w.origin, l.have), Loaded: loaded, Why: l.p.hops(w, l.d.Site), Recorded: w.recorded != nil,
		Polymorphic: a.subclassRows(path.steps()[0], l.d.Root(), w.origin, nil),
	}
	switch {
	case !known || old.Recorded && w.recorded == nil:
		l.needs[path.rels] = need
	case loaded < old.Loaded:
		need.More, l.needs[path.rels] = old, need
	case w.recorded == nil && (old.More == nil || loaded > old.More.Loaded):
		old.More = need
	}
}

// keptBack is a want of which the query loads some steps, and the next one only where a flag is set, which is not so here.
type keptBack struct {
	*wanted
	loaded int
}

// addKept adds what is kept back for one reader where another one makes the query load it for all: the next run would find it
// loaded, and want what stands behind. Else it is reported, and nothing is read behind it.
func (l *lacking) addKept(kept []keptBack) {
	var added []keptBack
	for _, w := range kept {
		if l.getsAnyway(w.path.steps()[w.loaded].rels) {
			added = append(added, w)
		} else if w.loaded+1 == w.path.len() {
			l.p.undecided(w.wanted, l.d.Site, "its query loads it only if "+short(w.origin.opts.unless())+", which is not so here", "ask the query for it, or load it there for all")
		}
	}
	for _, w := range added {
		l.add(w.wanted, w.loaded)
	}
}

func (l *lacking) getsAnyway(path string) bool {
	for needed, need := range l.needs {
		if (needed == path || goesOn(needed, path)) && need.Loaded <= strings.Count(path, "/")-1 {
			return true
		}
	}
	return false
}
