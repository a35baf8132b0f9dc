package rewrite

import (
	"cmp"
	"slices"

	"github.com/lazyfix/lazyfix/rewrite/internal/loadflow"
	"github.com/lazyfix/lazyfix/rewrite/internal/mapper"
)

// uncovered knows the relationships of which this run leaves a read that no query and no refresh loads for, and where: raise would
// forbid what the session answers there, and noload would hide what is there.
type uncovered struct {
	*program
	lazy string
	reads,
	ofNew map[*mapper.Relationship]string // by a query; of an object that no query gives
	refreshed map[*mapper.Relationship]string // why noload would keep what is loaded by its name from being so: see lazy_refreshed.go
	beside    map[*mapper.Relationship]string // reads by a query with options that are not followed: where both are
}

func (p *program) newUncovered(lazy string) *uncovered {
	u := &uncovered{p, lazy, map[*mapper.Relationship]string{}, map[*mapper.Relationship]string{}, nil, map[*mapper.Relationship]string{}}
	if lazy == string(mapper.RaiseOnSQL) {
		return u
	}
	u.findRefreshed(u.refreshesWritten())
	for _, read := range p.flow.Undecided {
		if read.Column() == nil { // the relationships on the way are reads of their own
			u.note(u.reads, read.Steps[len(read.Steps)-1:], read.Why[0], " reads it, and no query loads it for that")
			if read.Beside != nil {
				u.note(u.beside, read.Steps, *read.Beside, " does not load it for "+u.at(read.Why[0].Module, read.Why[0].Node))
			}
		}
	}
	for _, w := range p.unaskedNeeds() {
		if w.need.Column() == nil {
			u.note(u.reads, w.need.Steps[w.need.Loaded:], w.need.Why[0], " reads it, by a query that gets no loader option for it")
		}
	}
	for _, saved := range p.flow.Unloaded {
		for _, need := range saved.Needs {
			if !p.refreshes(saved, need) {
				u.note(u.ofNew, need.Steps[need.Loaded:], need.Why[0], " reads it of an object that must be refreshed first")
			}
		}
	}
	return u
}

func (u *uncovered) note(by map[*mapper.Relationship]string, steps []loadflow.Step, read loadflow.Hop, why string) {
	for _, s := range steps {
		by[s.Rel] = cmp.Or(by[s.Rel], u.at(read.Module, read.Node)+why)
	}
}

// softer is why a relationship gets raise_on_sql instead of raise or noload, "" where it does not: what the session answers without
// SQL, a to-one relationship, raises under raise alone, and what a query leaves empty under noload stays that for the next.
func (u *uncovered) softer(r *mapper.Relationship) string {
	if why := u.beside[r]; why != "" && u.lazy == string(mapper.Noload) { // it works where the option does load it
		return "not noload, under which it is empty where " + why
	}
	if e, left := u.flow.LeftEmpty[r]; left && u.lazy == string(mapper.Noload) {
		return "not noload, under which what " + u.at(e.Lacks.Module, e.Lacks.Node) + " leaves out stays empty when " +
			u.at(e.Loads.Module, e.Loads.Node) + " loads it in the same session"
	}
	if at := u.askedLoaded(r); at != "" {
		return "not noload, under which it is always loaded, and " + at + " asks whether it is"
	}
	if why := u.refreshed[r]; why != "" {
		return why
	}
	if r.Many || !r.ForeignKeyHere {
		return ""
	}
	if why := cmp.Or(u.reads[r], u.ofNew[r]); u.lazy == string(mapper.Raise) && why != "" {
		return "not raise, which forbids what the session answers without SQL: " + why
	}
	if u.lazy == string(mapper.Noload) && u.reads[r] != "" {
		return "not noload, under which what the session answers without SQL is None: " + u.reads[r]
	}
	return ""
}

// askedLoaded is where the program asks whether a relationship is loaded and noload would answer, "" where it does not.
func (u *uncovered) askedLoaded(r *mapper.Relationship) string {
	if u.lazy != string(mapper.Noload) {
		return ""
	}
	for _, a := range u.flow.Asked {
		if a.Name != "" && a.Name != r.Name {
			continue
		}
		if c := a.Function.Class; a.Self && c != nil && r.Owner != nil && !u.graph.IsSubclass(r.Owner, c) && !u.graph.IsSubclass(c, r.Owner) {
			continue
		}
		return u.at(a.Module, a.Node)
	}
	return ""
}

// hides is why a relationship must not get noload, "" when it may: a refresh does not load it then (measured on 2.0 and 2.1).
func (u *uncovered) hides(r *mapper.Relationship) string {
	if u.lazy != string(mapper.Noload) || u.ofNew[r] == "" {
		return ""
	}
	return u.ofNew[r] + ", and under noload a refresh loads nothing"
}

// refreshes reports whether this run writes the refresh that a need asks for.
func (p *program) refreshes(saved *loadflow.Unloaded, need *loadflow.Need) bool {
	if !p.options.Unsafe || !p.options.runs("unloaded-after-commit") || unreachable(need) != "" {
		return false
	}
	_, why := p.reloadPlace(saved)
	return why == ""
}

// unaskedNeeds are the needs that no query gets an option for in this run.
func (p *program) unaskedNeeds() []want {
	refused := map[*loadflow.Need]bool{}
	asks := p.options.runs("missing-eager-load")
	if asks {
		order, list := p.targets()
		for _, r := range list {
			refused[r.need] = true
		}
		for _, t := range order {
			for _, w := range t.wants {
				if !slices.ContainsFunc(w.need.Steps[:w.loaded], func(s loadflow.Step) bool { return loadflow.OfType(s.Loader) }) {
					continue
				}
				if _, why := p.optionFor(t, w); why != "" {
					refused[w.need] = true
				}
			}
		}
	}
	var out []want
	for _, d := range p.flow.Demands {
		for _, need := range d.Needs {
			if !asks || refused[need] {
				out = append(out, wantOf(d, need))
			}
		}
	}
	return out
}

// staysAnswered reports whether the session goes on answering what a need asks for: its relationship comes to have no strategy that
// forbids that.
func (p *program) staysAnswered() func(*loadflow.Need) bool {
	needed := slices.ContainsFunc(p.flow.Unloaded, func(u *loadflow.Unloaded) bool {
		return slices.ContainsFunc(u.Needs, func(n *loadflow.Need) bool { return n.Forgotten })
	})
	if !needed {
		return func(*loadflow.Need) bool { return false }
	}
	lazy, _ := p.options.lazy()
	u, held := p.newUncovered(lazy), p.newHeld()
	return func(n *loadflow.Need) bool {
		r := n.Steps[0].Rel
		if len(n.Steps) > n.Loaded {
			r = n.Steps[len(n.Steps)-1].Rel
		}
		return n.Forgotten && r.Lazy != mapper.Raise && (cmp.Or(u.softer(r), u.hides(r)) != "" || held.of(r) != "" && !p.options.Unsafe)
	}
}
