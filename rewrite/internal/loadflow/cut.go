package loadflow

import (
	"fmt"

	"github.com/lazyfix/lazyfix/rewrite/internal/pymodule"
	"github.com/lazyfix/lazyfix/rewrite/internal/pysyntax"
)

// What a query's objects need need not end: methods that call each other over relationships (order.text() calls
// customer.text(), that one order.text()), or schemas that hold each other. Over models that all do so there are as many
// loader paths as ways, and a way may go round for ever. Hence a way goes once through each of them, and what it would read
// when it is there again is cut off. One relationship that leads back is no such way: node.parent.text() folds to a step that
// repeats. All that is cut off is carried to its queries, to be reported there.

// maxWays bounds the paths of one origin, the last resort: as many ways as these need no rounds.
const maxWays = 1000

// cut is why a want goes no further than its path.
type cut struct {
	kind   string
	reason string
	advice string
	behind bool // the path is followed, and what is behind it is not known
}

const loadByHand = "load as much of it as there is where the object is queried, or end the reads sooner"

func tooLong() *cut {
	return &cut{"long", fmt.Sprintf("lazyfix follows no more than %d relationships behind each other", maxPath), loadByHand, false}
}

func tooMany(p *path) *cut {
	return &cut{"many", fmt.Sprintf("more than %d loader paths start at %s, and lazyfix follows no more", maxWays, rootOf(p).Name), loadByHand, false}
}

// goesRound is for what comes back to itself by some steps.
func goesRound(what string, steps []*path) *cut {
	text := steps[0].class.Name
	for _, s := range steps {
		text += "." + s.rel.Name
	}
	return &cut{"round " + what, what + " comes back to itself by " + text + ", once or for ever; it is loaded for the first round", loadByHand, false}
}

func rootOf(p *path) *pymodule.Class {
	for p.up != nil {
		p = p.up
	}
	return p.class
}

// sameRun reports whether steps are one relationship alone, and whether rest has it not.
func sameRun(steps, rest []*path) bool {
	for _, s := range steps {
		if s.rel != steps[0].rel {
			return false
		}
	}
	for _, s := range rest {
		if s.rel == steps[0].rel {
			return false
		}
	}
	return true
}

// round looks at a path that starts at the parameter o, where the way of w may have been before: then the steps in between
// are a round. It gives them where they are not to be gone again, else the path, of which one relationship that leads back
// repeats.
func (t *table) round(w *wanted, o *origin, p *path) (whole *path, around []*path) {
	root := rootOf(p)
	var last, first *path // the paths with which the way was here
	for x := w; x != nil; x = x.from {
		if x.origin == o && rootOf(x.path) == root {
			if last == nil {
				last = x.path
			}
			first = x.path
		}
	}
	if last == nil || p.len() <= last.len() {
		return p, nil
	}
	steps := p.steps()
	around = steps[:p.len()-last.len()]
	word := steps[:max(p.len()-first.len(), len(around))]
	run := 0
	for run < len(word) && word[run].rel == around[0].rel {
		run++
	}
	if run < len(around) || !sameRun(around, word[run:]) {
		return p, around
	}
	for run < len(steps) && steps[run].rel == around[0].rel {
		run++
	}
	whole = t.path(nil, around[0].class, around[0].rel, true)
	if around[0].guarded {
		whole = t.guarded(whole)
	}
	for _, s := range steps[run:] {
		whole = t.path(whole, s.class, s.rel, s.again)
		if s.loose {
			whole = t.loose(whole)
		}
		if s.guarded {
			whole = t.guarded(whole)
		}
	}
	return whole, nil
}

// fit is as much of more behind p as the bounds allow.
func (t *table) fit(p, more *path) *path {
	for ; more != nil; more = more.up {
		if whole, ok := t.extend(p, more); ok && whole != nil {
			return whole
		}
	}
	return p
}

// onward has w go on at another origin, from which prefix leads to the object that it is of.
func (p *propagation) onward(w, next *wanted, prefix *path) {
	next.read, next.from, next.cut = w.read, w, w.cut
	if w.cut != nil {
		next.path = p.a.t.fit(prefix, w.path)
		p.push(next)
		return
	}
	whole, ok := p.a.t.extend(prefix, w.path)
	next.path = whole
	if ok && whole.len() < prefix.len()+w.path.len() {
		p.keepBack(w, next, prefix)
	}
	switch {
	case !ok:
		next.path = p.a.t.fit(prefix, w.path)
		p.cutOff(next, tooLong())
		return
	case whole != nil && next.origin.kind == fromParam:
		var around []*path
		if next.path, around = p.a.t.round(w, next.origin, whole); around != nil {
			p.cutOff(next, goesRound(next.origin.unit.fn.Qual+"()", around))
			return
		}
	}
	p.push(next)
}

// cutOff keeps a want that goes no further for when all others have gone their ways: one of them may be the same.
func (p *propagation) cutOff(w *wanted, c *cut) {
	if w.path != nil && w.read.path.column() == nil {
		p.hold(w, w.read.mod, w.read.node, "is read at the end of a way that is too long to follow", false)
		p.uncovers(w, "at the end of a way that is too long to follow")
		w.cut = c
		p.cuts = append(p.cuts, w)
	}
}

// followCuts carries what was cut off to its queries, one want of a kind for each origin.
func (p *propagation) followCuts() error {
	cuts := p.cuts
	p.cuts = nil
	for _, w := range cuts {
		whole := *w
		whole.cut = nil
		p.place(&whole)
		if w.cut.behind || p.seen[p.key(&whole)] == nil {
			p.push(w)
		}
	}
	return p.follow()
}

// reportCut says at a query what is cut off of that which its objects need, unless options load it all the same.
func (p *propagation) reportCut(w *wanted) {
	s := w.origin.site
	if n, _ := p.a.loadedSteps(w.path, w.origin); n == w.path.len() && !w.cut.behind || n < w.path.asked() {
		return
	}
	for path := range w.origin.opts.covered() {
		if w.cut.behind && goesOn(path, w.path.rels) {
			return
		}
	}
	at := " (of the query in " + s.Module.Path
	if s.Function != nil {
		at += ", " + s.Function.Qual
	}
	at += ")"
	p.unknown = append(p.unknown, &Undecided{
		Why: p.hops(w, s), Steps: p.a.stepsOf(w.path, w.origin, w.origin.opts.covered()), Site: s, Reason: w.cut.reason + at, Advice: w.cut.advice,
	})
}

// cutRead is a read that its own unit cut off.
type cutRead struct {
	*read
	*cut
}

// cutOff notes that no more is read of an object, and why.
func (x *interp) cutOff(a *atom, at pysyntax.Node, c *cut) {
	if a.kind == object && a.path != nil {
		text := "reads more of " + a.path.class.Name + "." + a.path.rel.Name
		c.behind = true
		x.out.cuts = append(x.out.cuts, cutRead{&read{origin: a.origin, path: a.path, mod: x.m, node: at, text: text}, c})
	}
}

// cutOffAll is cutOff of all objects in a value.
func (x *interp) cutOffAll(v value, at pysyntax.Node, c *cut) {
	for _, a := range flatten(v) {
		x.cutOff(a, at, c)
	}
}

// schemaRound is an object that is being read as a schema, for a field of the one before.
type schemaRound struct {
	class  *pymodule.Class
	object *atom
}

// schemaRound reports whether an object is not to be read as a schema: it was on the way here that one like it was read as
// that, and it is no tree of one relationship.
func (x *interp) schemaRound(o *atom, c *pymodule.Class, at pysyntax.Node) bool {
	if o.kind != object || o.path == nil {
		return false
	}
	var last, first *atom
	for i := len(x.rounds) - 1; i >= 0; i-- {
		if r := x.rounds[i]; r.class == c && r.object.origin == o.origin && r.object.class == o.class {
			if last == nil {
				last = r.object
			}
			first = r.object
		}
	}
	if last == nil || o.path.len() <= last.path.len() {
		return false
	}
	steps := o.path.steps()
	around := steps[last.path.len():]
	word := steps[min(first.path.len(), last.path.len()):]
	run := len(word)
	for run > 0 && word[run-1].rel == around[0].rel {
		run--
	}
	if len(word)-run >= len(around) && sameRun(around, word[:run]) {
		return false
	}
	x.cutOff(o, at, goesRound(c.Name, around))
	return true
}
