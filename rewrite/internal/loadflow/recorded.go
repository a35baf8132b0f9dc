package loadflow

import (
	"cmp"
	"fmt"

	"github.com/lazyfix/lazyfix/rewrite/internal/pymodule"
)

// Recorded is a lazy load that a run of the program recorded. It names where a statement was executed, which is not where
// it is written: the calls at that line lead to the query sites. Then it is one more read of theirs.
type Recorded struct {
	Query []Spot // the places that led to the statement, innermost first; empty where no code of the program did
	Read  []Spot // those that led to the read, innermost first; one at least
	Steps []Step // Class and Rel; from the root entity
	NoWay string // why Query is not to be followed, or not further; "" mostly
}

// Spot is a line of a module, in a function.
type Spot struct {
	Module   *pymodule.Module
	Line     int
	Function string // its qualified name, or all that is known of it
}

// Outcome is what became of a recorded load.
type Outcome struct {
	Status Status
	Sites  []*Site // its query sites
	Why    []Hop   // from the read to the query
	Reason string
}

// Status says how a recorded load and what is derived stand to each other.
type Status uint8

// The statuses.
const (
	Lost    Status = iota // no query site was found
	ByTests               // test code alone reads it
	Loaded                // its queries load it already
	Derived               // it is derived too
	Unseen                // it is not derived
)

// followRecorded carries what was recorded to its queries, after all that is derived: of what is both, the derived way is
// kept.
func (p *propagation) followRecorded(all []found) error {
	for i := range all {
		f := &all[i]
		path, ok := p.recordedPath(f)
		if !ok {
			continue
		}
		at := f.Read[0]
		for _, h := range f.hits {
			r := &read{origin: h.origin, path: path, mod: at.Module, node: nodeAt(at, path.rel.Name), text: "reads " + path.class.Name + "." + path.rel.Name}
			p.push(&wanted{origin: h.origin, path: path, read: r, unit: h.unit, recorded: f.Recorded})
		}
	}
	return p.follow()
}

// recordedPath is the path of a recorded load, which the bounds of a path may forbid. The reverse of a step, which the
// session answers as a rule, is a step like others here: it was seen to need one.
func (p *propagation) recordedPath(f *found) (out *path, ok bool) {
	for _, s := range f.Steps {
		if out != nil && IsReverse(out.rel, s.Rel) {
			out = p.a.t.path(out, s.Class, s.Rel, false)
		} else if out, ok = p.a.t.step(out, s.Class, s.Rel); !ok {
			return nil, false
		}
	}
	return out, true
}

// outcomes says what became of each recorded load. What has no query is undecided.
func (p *propagation) outcomes(all []found) []Outcome {
	out := make([]Outcome, len(all))
	for i := range all {
		f := &all[i]
		path, ok := p.recordedPath(f)
		o := &out[i]
		o.Why = recordedHops(f.Recorded, nil)
		switch {
		case f.Read[0].Module.Test() && !anyTest(f.hits):
			o.Status = ByTests
		case len(f.hits) == 0 || !ok:
			o.Reason = cmp.Or(f.NoWay, "no query of the program is known at "+spotText(f.Query))
			p.lost(f, o)
		default:
			for _, h := range f.hits {
				o.Sites = append(o.Sites, h.origin.site)
			}
			o.Status = p.statusOf(f, path)
			o.Why = recordedHops(f.Recorded, o.Sites[0])
		}
	}
	return out
}

func anyTest(hits []hit) bool {
	for _, h := range hits {
		if h.origin.site.Module.Test() {
			return true
		}
	}
	return false
}

func (p *propagation) statusOf(f *found, path *path) Status {
	loaded := true
	for _, h := range f.hits {
		n, _ := p.a.loadedSteps(path, h.origin)
		loaded = loaded && n == path.len()
	}
	if loaded {
		return Loaded
	}
	for _, h := range f.hits {
		for _, w := range p.bySite[siteKey{h.origin.site, h.origin.entity}] {
			if w.recorded == nil && (w.path.rels == path.rels || goesOn(w.path.rels, path.rels)) {
				return Derived
			}
		}
	}
	return Unseen
}

// lost reports a recorded load that no query was found for, unless its read is reported already.
func (p *propagation) lost(f *found, o *Outcome) {
	last := f.Steps[len(f.Steps)-1].Rel
	for _, u := range p.unknown {
		if u.Why[0].Module == o.Why[0].Module && u.Why[0].Node == o.Why[0].Node && u.Steps[len(u.Steps)-1].Rel == last {
			return
		}
	}
	p.unknown = append(p.unknown, &Undecided{Why: o.Why, Steps: f.Steps, Reason: o.Reason, Advice: "load it where the object is queried", Recorded: true})
}

func spotText(spots []Spot) string {
	if len(spots) == 0 {
		return "the place of its statement"
	}
	return fmt.Sprintf("%s:%d", spots[0].Module.Path, spots[0].Line)
}
