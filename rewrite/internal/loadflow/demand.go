package loadflow

import (
	"cmp"
	"slices"
	"strings"

	"github.com/lazyfix/lazyfix/rewrite/internal/mapper"
	"github.com/lazyfix/lazyfix/rewrite/internal/pymodule"
	"github.com/lazyfix/lazyfix/rewrite/internal/pysyntax"
)

// Flow is what the analysis found: what each query must load, and the reads whose query it did not find.
type Flow struct {
	Demands   []*Demand    // sorted by place
	Undecided []*Undecided // sorted by place
	Unloaded  []*Unloaded  // sorted by place
	Expired   []*Expired   // sorted by place
	Blind     []*Blind     // sorted by place
	Awaited   []Awaited    // sorted by place
	Unnamed   []*Unnamed   // sorted by place
	Sites     int
	// Settled is false when the fixpoint was cut at a bound: then reads may be missing.
	Settled bool
	// Failed are the functions that lazyfix itself could not get through, and the reads that it could not carry to their
	// queries, by a defect of its own.
	Failed []Failure
	// Holds are why relationships of Settings.Watch must stay loaded by their models, beyond what Demands and Undecided say.
	Holds []Hold
	// Recorded is what became of Settings.Recorded, in that order.
	Recorded []Outcome

	// LeftEmpty are the relationships of Settings.Forgets that would answer nothing under noload though a query loads them.
	LeftEmpty map[*mapper.Relationship]LeftEmpty
	// Asked are the places that ask whether something is loaded, which all is under noload.
	Asked []Asked
	// Unknown are the attributes with the name of a relationship that has noload, of an object that is not known.
	Unknown []Hold
	// Works is what the program has the unit of work do.
	Works []Work
	// Reached are the reads that lead to queries, with Settings.Reached; in no order.
	Reached []*Reached

	calls          map[*Site]Calls
	callers        map[*Site][]Caller
	handed         map[methodAt][]*pymodule.Function
	again, keeping func(map[*mapper.Relationship]bool) (*Flow, error)
}

// Failure is a function that could not be interpreted.
type Failure struct {
	Module *pymodule.Module
	Node   pysyntax.Node
	What   string
}

// Demand is what one query must load and does not.
type Demand struct {
	Site   *Site
	Entity int
	Joins  bool // with Settings.Joins: a joined load may be added to its statement
	// Mixed: by what the instance was given whose method it is, the call queries another model, too.
	Mixed bool
	// Own is the query of the demand's own model behind a call on the way that gives statements of several, nil where there is none.
	Own     *Site
	Beside  []*Site // others of its model that the call gives
	Needs   []*Need // sorted by path; none is the beginning of another
	Options []*Option
}

// Root is the class of the entity that the paths start at, nil where the statement does not say.
func (d *Demand) Root() *pymodule.Class {
	if d.Entity < len(d.Site.Entities) {
		return d.Site.Entities[d.Entity].Class
	}
	return nil
}

// Need is a loader path that a query lacks.
type Need struct {
	Steps []Step
	// Loaded counts the leading steps that options or the model load already.
	Loaded int
	Why    []Hop
	// Recorded: a run recorded it, and it is not derived.
	Recorded bool
	// More is the same path on another way to the query, where more of it is loaded: what can be done where this cannot.
	More *Need
	// Published is where an endpoint without a response model, its Text, returns the object, and so shows what is loaded for another
	// function.
	Published *Hop
	// Polymorphic is which subclasses' rows the query loads, where the first step is one of a subclass of what it selects.
	Polymorphic Polymorphic
	// Forgotten: the session answers the read but for the strategy that the first step has or comes to have: see Settings.Forgets. Only
	// of Unloaded.
	Forgotten bool
	// Since is what happened to an object that a query gave, NewObject where it is a new one. Only of Unloaded.
	Since Change
}

// Step is one relationship of a loader path.
type Step struct {
	Class *pymodule.Class // the class that it is read from, for the spelling
	Rel   *mapper.Relationship
	Again bool // repeats without end
	// Loader is the loader that the query has for this step already, or, ByModel, what the model itself does; "" when
	// neither loads it.
	Loader  string
	ByModel bool
}

// Column is the column that is needed, nil where it is a relationship.
func (n *Need) Column() *mapper.Relationship { return columnOf(n.Steps) }

// Column is the column that is read, nil where it is a relationship.
func (u *Undecided) Column() *mapper.Relationship { return columnOf(u.Steps) }

func columnOf(steps []Step) *mapper.Relationship {
	if last := steps[len(steps)-1].Rel; last.IsColumn() {
		return last
	}
	return nil
}

// Hop is one place on the way from a read to its query, the read first.
type Hop struct {
	Module *pymodule.Module
	Node   pysyntax.Node
	Text   string
}

// Option is a loader option that the query has got.
type Option struct {
	Steps  []Step // Loader is set
	Module *pymodule.Module
	Func   *pymodule.Function
	Node   pysyntax.Node // the outermost call of the option's expression
	// Default: the query has it because the call brings no options of its own.
	Default bool
}

// Begins reports whether the first n steps of the option are those of a loader path.
func (o *Option) Begins(path []Step, n int) bool {
	if len(o.Steps) < n || len(path) < n {
		return false
	}
	for i := range n {
		if o.Steps[i].Rel != path[i].Rel {
			return false
		}
	}
	return true
}

// Undecided is a read whose query was not found, or is not one that can be edited.
type Undecided struct {
	Why    []Hop
	Steps  []Step
	Site   *Site // the query, when there is one that must not be edited
	Reason string
	Advice string
	// Deliberate is the loader by which the query keeps it from being loaded, whatever the model says; "" mostly.
	Deliberate string
	// Beside is an option of the query that is not followed and may load it, nil without one.
	Beside *Hop
	// Recorded: a run recorded it, and it is not derived.
	Recorded bool
}

// Blind is a place where objects of a mapped class go out of sight.
type Blind struct {
	Module *pymodule.Module
	Node   pysyntax.Node
	// Classes are those of all of them, by name. There is none where nothing says which they may be.
	Classes []*pymodule.Class
	Reason  string
	Advice  string
}

// blind collects what the units saw of that, once a place and reason: one call that renders gets all templates there are, and each
// that is not seen is another thing to look at.
func (p *propagation) blind(ids []string) []*Blind {
	seen := map[string]*Blind{}
	var out []*Blind
	for _, id := range ids {
		u := p.a.units[id]
		for _, b := range slices.Concat(u.out.blind, p.opaqueBlind(u)) {
			if b.mod.Test() || p.forItself(u) {
				continue
			}
			key := placeID(b.mod, b.node) + b.reason
			at := seen[key]
			if at == nil {
				at = &Blind{Module: b.mod, Node: b.node, Reason: b.reason, Advice: b.advice}
				seen[key] = at
				out = append(out, at)
			}
			if b.class != nil && !slices.Contains(at.Classes, b.class) {
				at.Classes = append(at.Classes, b.class)
			}
		}
	}
	for _, b := range out {
		slices.SortFunc(b.Classes, func(c, d *pymodule.Class) int {
			return cmp.Or(cmp.Compare(c.Name, d.Name), cmp.Compare(c.Module.Path, d.Module.Path))
		})
	}
	slices.SortStableFunc(out, func(b, c *Blind) int {
		return cmp.Or(cmp.Compare(b.Module.Path, c.Module.Path), cmp.Compare(b.Node, c.Node), cmp.Compare(b.Reason, c.Reason))
	})
	return out
}

// forItself reports whether a unit is only the function taken for itself, beside others that have callers: it says nothing.
func (p *propagation) forItself(u *unit) bool {
	return p.idle[u.key.id] || u.key.fn != nil && len(p.a.callers[u.key.id]) == 0 && p.calledElsewhere(u.key)
}

func lessHop(a, b Hop) bool {
	if a.Module != b.Module {
		return a.Module.Path < b.Module.Path
	}
	return a.Node < b.Node
}

// reportDead reports the reads that ended at a parameter or an annotation. A read that another way leads to a query is
// known, and so is one that another context of its function leads there: that one caller among several (often a test's
// fixture) is not seen says nothing about it.
func (p *propagation) reportDead() {
	p.decideMerged()
	known := map[string]bool{}
	for r := range p.decided {
		known[readID(r)] = true
	}
	for _, w := range p.dead {
		id := readID(w.read)
		p.hold(w, w.read.mod, w.read.node, "is read here of an object that comes from elsewhere than a known query", known[id] || w.test)
		if known[id] || w.test {
			continue
		}
		reason := "nothing that lazyfix follows says which query it comes from"
		if w.origin.kind != fromType {
			if isTest(w.origin.unit.fn) {
				continue
			}
			reason = "no caller of " + w.origin.unit.fn.Qual + " is known that passes a queried object"
		}
		p.undecided(w, nil, reason, "load it where the object is queried")
	}
}

// readID is what is read where, in whatever context.
func readID(r *read) string {
	steps := r.path.steps()
	return placeID(r.mod, r.node) + steps[len(steps)-1].rels
}

// isTest reports whether pytest calls the function: its arguments come from fixtures, and what they hold is no business
// of the program's queries.
func isTest(f *pymodule.Function) bool {
	return strings.HasPrefix(f.Name, "test") || f.Decorator("fixture") != pysyntax.Nil
}

// calledElsewhere reports whether another unit of the same function has callers: then this one, without, is only the
// function taken for itself.
func (p *propagation) calledElsewhere(k *unitKey) bool {
	for _, other := range p.a.contexts[k.fn] {
		if other != k && len(p.a.callers[other.id]) > 0 {
			return true
		}
	}
	return false
}

func (p *propagation) undecided(w *wanted, s *Site, reason, advice string) {
	p.uncovers(w, "of an object of which "+reason)
	key := placeID(w.read.mod, w.read.node) + w.path.steps()[w.path.len()-1].rels
	if p.once[key] || w.recorded == nil && awaits(w.read) != "" { // which loads it, whatever the query does
		return
	}
	p.once[key] = true
	p.unknown = append(p.unknown, &Undecided{Why: p.hops(w, s), Steps: p.a.stepsOf(w.path, w.origin, nil), Site: s, Reason: reason, Advice: advice, Recorded: w.recorded != nil})
}
