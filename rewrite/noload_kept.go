package rewrite

import (
	"slices"
	"strings"

	"github.com/lazyfix/lazyfix/rewrite/internal/loadflow"
	"github.com/lazyfix/lazyfix/rewrite/internal/mapper"
)

// A relationship that keeps lazy="noload" answers [] or None today, wherever nobody loads it, and code may rely on that: an option
// for it changes what such code does. It gets none, and what reads it is reported. What an option of the query loads already is
// loaded as before, and so is what is read behind it.
//
// It keeps it where the rule noload does not run, a comment silences it, or it is held back: for a read without a query, for
// instance. With --lazy noload its user chose what it means, and each read is loaded.

// noloads are the relationships that keep noload, with why the rule does not change them, "" where nothing says so.
type noloads struct {
	of   *loadflow.Flow // with their needs taken out
	why  map[*mapper.Relationship]string
	lost []want // what would need them
}

// keepNoload takes the options for relationships that keep noload out of what queries lack. Fewer options may hold back another one.
func (p *program) keepNoload() {
	if p.noloads.of == p.flow && p.noloads.of != nil {
		return
	}
	p.noloads = noloads{why: map[*mapper.Relationship]string{}}
	if lazy, _ := p.options.lazy(); lazy == string(mapper.Noload) {
		return
	}
	for more := true; more; {
		more = false
		for r, why := range p.staysNoload() {
			if _, known := p.noloads.why[r]; !known {
				p.noloads.why[r], more = why, true
			}
		}
		if more {
			p.takeOutNeeds()
		}
	}
	p.noloads.of = p.flow
}

// staysNoload are the relationships that have noload and would keep it.
func (p *program) staysNoload() map[*mapper.Relationship]string {
	out := map[*mapper.Relationship]string{}
	for _, r := range p.index.Relationships {
		if r.Lazy == mapper.Noload {
			out[r] = ""
		}
	}
	if len(out) == 0 || !p.options.runs(noload.Name) {
		return out
	}
	for _, a := range checkNoload(p) {
		for i, f := range a.findings {
			if why, held := strings.CutPrefix(f.Advice, "not edited: "); held {
				out[a.of[i]] = why
			}
		}
		if p.keep(a, []rule{noload}) {
			for _, r := range a.tightens {
				delete(out, r)
			}
		}
	}
	return out
}

// takeOutNeeds shortens each need to what stands before a relationship that keeps noload.
func (p *program) takeOutNeeds() {
	flow := *p.flow
	flow.Demands = nil
	for _, d := range p.flow.Demands {
		cut := *d
		cut.Needs = nil
		for _, need := range d.Needs {
			n := p.firstNoload(need)
			if n < 0 {
				cut.Needs = append(cut.Needs, need)
				continue
			}
			p.noloads.lost = append(p.noloads.lost, wantOf(d, need))
			if n > need.Loaded {
				cut.Needs = append(cut.Needs, wantOf(d, need).beginning(n).need)
			}
		}
		if cut.Needs = longest(&cut); len(cut.Needs) > 0 {
			flow.Demands = append(flow.Demands, &cut)
		}
	}
	p.flow = &flow
}

// firstNoload is which step of a need is the first that nothing loads and that keeps noload, -1 where none is.
func (p *program) firstNoload(need *loadflow.Need) int {
	for i, s := range need.Steps {
		if _, kept := p.noloads.why[s.Rel]; kept && i >= need.Loaded && s.Loader == "" {
			return i
		}
	}
	return -1
}

// longest are the needs of a query without those that are the beginning of another.
func longest(d *loadflow.Demand) []*loadflow.Need {
	var out []*loadflow.Need
	for i, need := range d.Needs {
		path := pathKey(d, need)
		if !slices.ContainsFunc(d.Needs, func(other *loadflow.Need) bool { return strings.HasPrefix(pathKey(d, other), path+".") }) &&
			!slices.ContainsFunc(d.Needs[:i], func(other *loadflow.Need) bool { return pathKey(d, other) == path }) {
			out = append(out, need)
		}
	}
	return out
}

// emptyReads report what is read of relationships that keep noload.
func (p *program) emptyReads() []*action {
	var out []*action
	for _, w := range p.noloads.lost {
		s := w.need.Steps[p.firstNoload(w.need)]
		why := relationshipName(s.Rel) + " answers nothing, as it keeps lazy=\"noload\" (" + p.at(s.Rel.Module, s.Rel.Call) + ")"
		a := p.undecidedNeed(w, why)
		a.findings[0].Advice = "load it where the object is queried if it is to answer; an option works in spite of noload"
		a.loads = nil
		out = append(out, a)
	}
	return out
}
