package loadflow

import (
	"fmt"
	"strconv"

	"github.com/lazyfix/lazyfix/rewrite/internal/pymodule"
	"github.com/lazyfix/lazyfix/rewrite/internal/pysyntax"
)

// One want goes from an object to where the object came from, until it is at a query or at its end.

func (p *propagation) push(w *wanted) {
	if w.path == nil { // back at the object itself, by the reverse of the step before
		p.decide(w)
		return
	}
	p.place(w)
	key := p.key(w)
	if first := p.seen[key]; first != nil {
		p.merged.merge(w, first)
		return
	}
	if w.cut != nil && (w.test || w.maybe != nil) {
		return
	}
	if w.cut == nil && !w.back && w.path.column() == nil {
		from := wayKey{w.origin, rootOf(w.path)}
		if p.ways[from] == nil {
			p.ways[from] = map[*path]bool{}
		}
		if ways := p.ways[from]; !ways[w.path] {
			if len(ways) == maxWays {
				p.cutOff(w, tooMany(w.path))
				return
			}
			ways[w.path] = true
		}
	}
	p.seen[key] = w
	p.queue = append(p.queue, w)
}

// place fills in where a want is.
func (p *propagation) place(w *wanted) {
	switch { // whose code runs it: who passed the object last, else the read's own
	case w.edge != nil:
		callee := w.edge.callee.mod
		w.test = w.edge.mod.Test() || callee.Test() && !p.a.g.Imports(w.edge.mod, callee) // a fake in place of what it calls
	case w.from != nil:
		w.test = w.from.test
	default:
		w.test = w.read.mod.Test()
	}
	if w.from != nil {
		w.maybe, w.behind = w.from.maybe, w.from.behind
		if !w.other {
			w.life = w.from.life
		}
		if w.put != notPut {
			w.life.put = w.put
		}
		if w.life.sync = w.from.life.sync; !w.life.sync && w.edge != nil && runsSync(w.edge) {
			w.life.sync = true
			p.awaitedCall(w)
		}
		if w.edge == nil {
			w.unit = w.from.unit
		}
	}
}

// key is what a want has in common with those that lead nowhere else.
func (p *propagation) key(w *wanted) string {
	key := w.origin.id + "|"
	if w.cut != nil {
		return key + classID(rootOf(w.path)) + "|cut " + w.cut.kind // one is enough, whatever is cut off
	}
	key += w.path.id + w.life.id()
	if w.goesToCalls() || p.isGotAgain(w) { // each context has calls, or holds objects, of its own
		key += "|" + w.unit.id
	}
	if w.test {
		key += "|test"
	}
	if w.back {
		key += "|back"
	}
	if w.maybe != nil {
		key += "|maybe"
	}
	if p.a.awaitedRaises && w.runsInGreenlet() { // how it ends is asked of each
		key += "|" + readID(w.read)
	}
	if p.a.reached != nil { // else of reads that need the same one is enough
		key += "|" + placeID(w.read.mod, w.read.node)
	}
	return key
}

// follow has all wants in the queue, and those that come of them, go to their ends.
func (p *propagation) follow() error {
	for len(p.queue) > 0 {
		if err := p.ctx.Err(); err != nil {
			return err
		}
		w := p.queue[0]
		p.queue = p.queue[1:]
		p.guardedStep(w)
	}
	return nil
}

// guardedStep keeps a defect of ours in one read to that read, as interpret does for a function: it is named, and the others
// go on.
func (p *propagation) guardedStep(w *wanted) {
	defer func() {
		if r := recover(); r != nil {
			p.failed = append(p.failed, Failure{w.read.mod, w.read.node, fmt.Sprint(r)})
		}
	}()
	p.step(w)
}

// isAnother reports whether what a query gives can never be of the class that a path starts at: role_group.tags[0].group is the
// role group itself, and none of the app groups that a group may be elsewhere.
func (p *propagation) isAnother(w *wanted) bool {
	o := w.origin
	if o.site.Generic || o.site.Mixed || o.entity >= len(o.site.Entities) {
		return false
	}
	c := o.site.Entities[o.entity].Class
	return c != nil && !p.a.related(c, rootOf(w.path))
}

// step takes a want on by one origin: to the query that gave the object, to those that pass it, or to what the object was
// before something happened to it.
func (p *propagation) step(w *wanted) {
	o := w.origin
	if w.back {
		p.backToCallers(w)
		return
	}
	if w.path.column() != nil && p.columnEnds(w) {
		return
	}
	if at := o.maybe(); at != nil {
		if p.leadsBack(at, o, w.path) {
			return
		}
		w.maybe, w.behind = at, w.path.len()
	}
	switch o.kind {
	case fromSite:
		p.atQuery(w)
	case fromParam, fromStatement:
		p.toCallers(w)
	case fromRefresh:
		p.atRefresh(w)
	case fromSave:
		p.atSave(w)
	case fromSet, fromNew:
		p.atSet(w)
	case fromType:
		p.end(w)
	}
}

// atRefresh goes on behind what a refresh, or another load of an object that is there, has loaded.
func (p *propagation) atRefresh(w *wanted) {
	o := w.origin
	if o.by != byRefresh {
		p.behindLoad(w, o)
		return
	}
	if n := loadedSteps(o, w.path); n > 0 && !w.life.drop {
		if p.modelsLoad(w.path.steps()[n:]) {
			p.covers(w)
			return
		}
		p.hold(w, o.mod, o.node, "is read behind what a refresh loads, which loads one level", false)
	}
	w.life.past(o, w.path)
	p.onward(w, &wanted{origin: o.inner}, o.prefix)
}

// atSave goes on behind a flush or a commit, which is the end where that has expired the object.
func (p *propagation) atSave(w *wanted) {
	o := w.origin
	first := w.path.steps()[0]
	expired := o.saved.hasExpired(first.rel.Name)
	if expired && (w.maybe != nil || w.path.asked() > 0) {
		return
	}
	if expired {
		p.uncovers(w, "of an object that has expired")
		p.decide(w)
		if o.saved.expired {
			first = w.path
		}
		p.expiredRead(w.read, o, first.class.Name+"."+first.rel.Name)
		return
	}
	w.life.past(o, w.path)
	p.onward(w, &wanted{origin: o.inner}, o.prefix)
}

// atSet goes on from what the program set relationships of an object to, and is the end of a way to a new object.
func (p *propagation) atSet(w *wanted) {
	o := w.origin
	if p.isSpoiled(w) {
		return
	}
	at := p.stale(w)
	if w.maybe != nil && (at != nil || o.kind == fromNew) || at != nil && w.path.asked() > 0 {
		if w.maybe == nil {
			p.decide(w)
		}
		return
	}
	if at != nil {
		p.staleRead(w, at)
		return
	}
	p.followPut(w)
	if p.stillGiven(w) {
		if w.life.drop && p.readOnceSaved(w) {
			p.forgotten(w)
		}
		if p.followGiven(w) {
			p.followUnset(w)
			return
		}
	}
	if o.kind == fromSet {
		p.onward(w, &wanted{origin: o.inner}, o.prefix)
		return
	}
	if p.fresh[o.id] {
		p.hold(w, o.mod, o.node, "is read of a new object that is refreshed or merged, and no query loads that", false)
	}
	p.decide(w)
	p.uncovers(w, "of a new object")
	p.unloaded(w)
}

// atQuery is the end of a way that leads to a query.
func (p *propagation) atQuery(w *wanted) {
	o := w.origin
	if w.cut != nil {
		p.reportCut(w)
		return
	}
	if w.maybe != nil {
		switch {
		case w.test || p.isAnother(w):
		case w.maybe.name == alongside:
			p.alongside = append(p.alongside, w)
		case w.path.asked() > 0:
		default:
			p.maybe = append(p.maybe, w)
		}
		return
	}
	p.decide(w)
	if w.test && !p.isAnother(w) {
		p.uncovers(w, byTest)
	}
	p.atFirst(w)
	if p.isAnother(w) || w.test && !o.site.Module.Test() && !p.loadedToday(w) || p.toCalls(w) {
		return
	}
	p.covers(w)
	if w.life.along && !p.keptFromModel(w) {
		return
	}
	if w.path.column() != nil && (w.path.asked() > 0 || p.columnLoaded(w)) {
		return
	}
	if w.path.asked() > 0 {
		p.alongside = append(p.alongside, w)
		return
	}
	k := siteKey{o.site, o.entity}
	p.bySite[k] = append(p.bySite[k], w)
}

// followGiven goes on from what the program set the first relationship of the path to; false when it did not set it.
func (p *propagation) followGiven(w *wanted) bool {
	steps := w.path.steps()
	for _, g := range w.origin.given {
		if g.name != steps[0].rel.Name {
			continue
		}
		p.decide(w)
		if len(steps) == 1 {
			p.covers(w)
			return true
		}
		p.behindGiven(w, g.value)
		return true
	}
	return false
}

// behindGiven goes on with the path behind its first step from the objects that the program set that to.
func (p *propagation) behindGiven(w *wanted, set value) {
	steps := w.path.steps()
	if p.backAgain(w) {
		return
	}
	rest := p.a.t.pathOf(nil, steps[1:])
	for _, b := range flatten(set) {
		if b.kind != object || !p.a.related(b.class, steps[1].class) {
			continue
		}
		if whole, ok := p.a.t.extend(b.path, rest); ok {
			put := w.puts(b)
			p.push(&wanted{origin: b.origin, path: whole, read: w.read, from: w, other: put == notPut, put: put})
		}
	}
}

func (p *propagation) toCallers(w *wanted) {
	o := w.origin
	callers := p.a.callers[o.unit.id]
	found, unknown := false, false // unknown: a caller passes something, and what is not known
	for _, id := range sortedKeys(callers) {
		for _, e := range callers[id] {
			if o.param >= len(e.args) || p.idle[id] || w.maybe != nil && p.inOtherSession(p.a.units[id], e, o.unit.fn, o.param) {
				continue
			}
			if len(e.args[o.param]) == 0 && o.unit.fn.Params[o.param].Default == pysyntax.Nil {
				if !passesNone(e, o.unit.fn, o.param) {
					unknown = true
					p.uncovers(w, "of what is not known at "+e.mod.Path+":"+strconv.Itoa(e.mod.Tree.Line(e.node)))
				}
				p.hold(w, e.mod, e.node, "is read of what "+o.unit.fn.Name+"() gets here, which is not known", true)
			}
			for _, b := range o.passedAs(e.args[o.param]) {
				if o.kind == fromParam && b.kind == object && p.a.related(b.class, w.path.steps()[0].class) {
					found = true
					p.onward(w, &wanted{origin: b.origin, edge: e, unit: p.a.units[id].key}, b.path)
				}
				if o.kind == fromStatement && b.kind == statement && o.entity < len(b.stmt.ents) {
					found = true
					if c := b.stmt.ents[o.entity].Class; c != nil && !p.a.related(c, w.path.steps()[0].class) {
						continue // what another caller's statement gives was read there
					}
					s := *b.stmt
					s.opts = p.a.t.withOptions(s.opts, o.opts.atoms())
					p.push(&wanted{origin: p.a.t.entityOrigin(&s, o.entity), path: w.path, read: w.read, from: w, cut: w.cut, edge: e, unit: p.a.units[id].key})
				}
			}
		}
	}
	if !found && (unknown || !p.calledElsewhere(o.unit)) {
		p.end(w)
	}
}

// end is where a way ends without a query.
func (p *propagation) end(w *wanted) {
	if w.maybe == nil && !w.life.along {
		p.uncovers(w, "of an object of which no query is known")
		p.dead = append(p.dead, w)
	}
}

// passesNone reports whether a call says None for a parameter.
func passesNone(e *edge, f *pymodule.Function, param int) bool {
	return e.mod.Tree.Kind(passedFor(e, f, param)) == pysyntax.None
}

// passedFor is what a call passes for a parameter, Nil where that is not seen.
func passedFor(e *edge, f *pymodule.Function, param int) pysyntax.Node {
	t := e.mod.Tree
	if t.Kind(e.node) != pysyntax.Call {
		return pysyntax.Nil
	}
	given := t.Keyword(e.node, f.Params[param].Name)
	if isMethod(f) {
		param--
	}
	if given == pysyntax.Nil && param >= 0 {
		given = t.Nth(t.Child(e.node, pysyntax.FieldArguments), param)
	}
	return given
}

// goesToCalls reports whether it is at the query of a function that reads what it queried itself, and whose calls may be
// where that is decided.
func (w *wanted) goesToCalls() bool {
	o := w.origin
	return o.kind == fromSite && w.unit != nil && w.unit.fn == o.site.Function && (o.site.Generic || o.opts.comeBy(w.unit))
}

// toCalls goes on from the query of a function that reads what it queried itself: the calls say of which model that is,
// where it is generic, and take the option; so they do where options that they pass have to do with the path. False when
// no call does.
func (p *propagation) toCalls(w *wanted) bool {
	o, callee := w.origin, w.unit
	if w.recorded != nil || callee == nil || callee.fn != o.site.Function {
		return false // of a recorded read the run says which call it was
	}
	if (!o.site.Generic || o.site.Mixed || callee.closed()) && !p.optionsMeet(w) {
		return false
	}
	found := false
	for _, id := range sortedKeys(p.a.callers[callee.id]) {
		for _, e := range p.a.callers[callee.id][id] {
			if p.idle[id] || e.framework || e.mod.Test() && !o.site.Module.Test() {
				continue
			}
			x := p.caller(p.a.units[id], e)
			site := x.concrete(o.site, o.opts, callee, e.node, false)
			origin := p.a.t.siteOrigin(site, o.entity, x.substituteOptions(o.opts, callee, e.args, e.node))
			p.push(&wanted{origin: origin, path: w.path, read: w.read, from: w, edge: e, unit: x.u.key})
			found = true
		}
	}
	return found
}

// caller interprets a call in the function that has it, when all functions have been: what it notes goes nowhere.
func (p *propagation) caller(u *unit, e *edge) *interp {
	return &interp{a: p.a, u: u, t: e.mod.Tree, m: e.mod, out: newOutcome()}
}
