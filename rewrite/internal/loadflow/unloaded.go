package loadflow

import (
	"cmp"
	"maps"
	"slices"
	"sort"
	"strconv"
	"strings"

	"github.com/lazyfix/lazyfix/rewrite/internal/mapper"
	"github.com/lazyfix/lazyfix/rewrite/internal/pymodule"
	"github.com/lazyfix/lazyfix/rewrite/internal/pysyntax"
)

// Unloaded is what a new object must load after it was saved, since no query did: at one place, for the object that one
// name holds there.
type Unloaded struct {
	Place
	// Refresh is a refresh with names at the place, which takes more; else what is missing goes behind the place's statement.
	Refresh bool
	Class   *pymodule.Class
	Needs   []*Need // sorted by path; Loaded counts the steps that were set or loaded
}

// Place is a call, or a block of session.begin(), by which an object was saved.
type Place struct {
	Module   *pymodule.Module
	Function *pymodule.Function // nil at module level
	Node     pysyntax.Node
	Holder   string // the name of the object there, "" when it has none
	Session  string // the expression of the session, "" when another function calls it
	Generic  bool   // the code serves several models
	Detached bool   // it takes the object out of the session
	Callee   *Place // the place in the called function, when there is no session here
}

// Expired is a read of what the session has expired.
type Expired struct {
	Why     []Hop // the read first, then the call that expired it
	Text    string
	Columns bool   // by an UPDATE, of which the database computes the column; else by what By says
	By      string // the method of the session that expired it: rollback, begin_nested, expire_all, expire
	// Set: the code set the column to an SQL expression; else Computed is what does it: onupdate=, Computed(), column_property().
	Set      bool
	Computed string
}

// life is what is known of an object on the way from a read back to where it was made: what comes first is the latest.
type life struct {
	save  *origin // the last call of a session behind which something can be loaded
	path  *path   // from the object that it saved
	steps int     // how many steps of it a refresh with names loaded
	added bool    // before that, the object was added to the session
	drop  bool    // a plain refresh dropped what was set before
	sync  bool    // the read runs in the greenlet, where everything loads itself
	along bool    // it comes along with what was awaited: see awaited_model.go
	unset bool    // it was set, but not on all ways
	put   putting // the object is another than the one that was saved, which holds it
}

func (l life) id() string {
	if l.save == nil {
		if l.along {
			return "|along"
		}
		return ""
	}
	id := "|" + l.save.id + l.path.text()
	for _, on := range []bool{l.added, l.drop, l.sync, l.along, l.unset} {
		if on {
			id += "+"
		} else {
			id += "-"
		}
	}
	return id + strconv.Itoa(int(l.put))
}

// past goes back over one more event.
func (l *life) past(o *origin, p *path) {
	if l.save == nil && (o.kind == fromRefresh || o.saved.flushed && o.node != pysyntax.Nil) {
		l.save, l.path = o, p
	}
	if o.kind == fromRefresh && !l.drop {
		l.steps = max(l.steps, loadedSteps(o, p))
	}
	if l.save != nil && o.kind == fromSave {
		l.added = l.added || o.saved.added
		l.drop = l.drop || o.saved.reloaded
	}
}

// loadedSteps counts the first steps of a path up to the last that a refresh with names loads.
func loadedSteps(o *origin, p *path) int {
	for ; p != nil; p = p.up {
		var names []string
		for _, s := range p.steps() {
			names = append(names, s.rel.Name)
		}
		if slices.Contains(o.loaded, strings.Join(names, ".")) {
			return p.len()
		}
	}
	return 0
}

// stillGiven reports whether what the program set last counts: a plain refresh drops it, but a to-one relationship is
// answered by the object that it leads to as long as that lives.
func (p *propagation) stillGiven(w *wanted) bool {
	if !w.life.drop {
		return true
	}
	first := w.path.steps()[0].rel
	for _, g := range w.origin.given {
		if g.name == first.Name {
			return !first.Many && first.ForeignKeyHere && p.held(w, g.name)
		}
	}
	return false
}

type lifeKey struct {
	save  *origin
	class *pymodule.Class
}

// unloaded ends a way at the constructor of an object.
func (p *propagation) unloaded(w *wanted) {
	first := w.path.steps()[0]
	switch {
	case w.life.along, !p.readOnceSaved(w):
		return
	case w.life.drop && first.rel.Lazy.Eager(): // by the plain refresh, as far as that goes
		return
	case !first.rel.Many && first.rel.ForeignKeyHere && !p.asks(w, first.rel):
		p.forgotten(w)
		return
	}
	p.reloadedAt(w)
}

// readOnceSaved reports whether a relationship of a new object is read behind what saved it, and nothing that is known has set it.
func (p *propagation) readOnceSaved(w *wanted) bool {
	l := w.life
	if l.save == nil || !l.added && l.put != putIntoQueried || l.sync || w.test || l.path.asked() > l.steps {
		return false
	}
	if l.put == putIntoQueried && (l.drop || l.steps > 0) && !isNamed(w.origin) {
		return false
	}
	return awaits(w.read) == "" && !p.mayBeSet(w.origin, w.path.steps()[0])
}

// reloadedAt notes that an object must be refreshed where it was saved last.
func (p *propagation) reloadedAt(w *wanted) {
	k := lifeKey{w.life.save, w.life.path.steps()[0].class}
	if p.bySave == nil {
		p.bySave = map[lifeKey][]*wanted{}
	}
	p.bySave[k] = append(p.bySave[k], w)
}

// mayBeSet reports whether code that is not followed may have set a relationship of a new object: it was handed to unknown
// code, or a listener calls a method of its class that sets it.
func (p *propagation) mayBeSet(o *origin, s *path) bool {
	for _, g := range o.given {
		if g.name == anything {
			return true
		}
	}
	for base := range p.a.g.Lineage(s.class) {
		if !strings.Contains(string(base.Module.Tree.Source()), "listens_for(") {
			continue
		}
		for _, f := range base.Methods {
			if strings.Contains(f.Module.Tree.Text(f.Node), "self."+s.rel.Name+" = ") {
				return true
			}
		}
	}
	return false
}

// asks reports whether a many-to-one relationship of a new object asks the database: not where its foreign key was never
// set, nor where the object that it leads to is held by someone. Setting the relationship sets its key at the flush.
func (p *propagation) asks(w *wanted, r *mapper.Relationship) bool {
	columns := p.a.ix.KeyColumns(w.path.steps()[0].class, r)
	set := false
	for _, g := range w.origin.given {
		set = set || g.name == anyColumn || slices.Contains(columns, g.name) || g.made && g.name == r.Name && (!g.sometimes || w.life.drop)
	}
	return set && !slices.ContainsFunc(columns, func(column string) bool { return p.held(w, column) })
}

// held reports whether the object that a to-one relationship leads to is alive at the read, by what the program set: it
// came from a caller, or a name of the function that reads holds it. The session answers with it, but for forgets.go.
func (p *propagation) held(w *wanted, name string) bool {
	for _, g := range w.origin.given {
		if g.name == heldByCaller+name || g.name == name && !g.made && hasObject(g.value) && sameFunction(w.read, w.life.save) {
			return true
		}
	}
	return false
}

func sameFunction(r *read, o *origin) bool {
	return r.mod == o.mod && r.mod.Tree.Enclosing(r.node, pysyntax.FunctionDefinition) == r.mod.Tree.Enclosing(o.node, pysyntax.FunctionDefinition)
}

// unloadedObjects sorts out what must be loaded at each place.
func (p *propagation) unloadedObjects() []*Unloaded {
	type key struct {
		mod    *pymodule.Module
		node   pysyntax.Node
		holder string
		class  *pymodule.Class
	}
	byPlace := map[key]*Unloaded{}
	needs := map[key]map[string]*Need{}
	var keys []key
	saves := slices.SortedFunc(maps.Keys(p.bySave), func(a, b lifeKey) int { // of two saves at one place, the same is shown always
		return cmp.Or(strings.Compare(a.save.id, b.save.id), strings.Compare(classID(a.class), classID(b.class)))
	})
	for _, k := range saves {
		place := placeAt(k.save, 0)
		at := key{place.Module, place.Node, place.Holder, k.class}
		if byPlace[at] == nil {
			byPlace[at] = &Unloaded{Place: place, Refresh: k.save.kind == fromRefresh && !under(k.save), Class: k.class}
			needs[at] = map[string]*Need{}
			keys = append(keys, at)
		}
		for _, w := range p.bySave[k] {
			need := &Need{Steps: p.a.stepsOf(w.life.path, nil, nil), Loaded: w.life.steps, Why: p.hops(w, nil), Forgotten: w.forgotten}
			if at := w.rekeyed; at != nil {
				need.Since = at.change(w.life.path.steps()[0].rel)
				need.Why = append(need.Why, Hop{at.mod, at.node, changeVerbs[need.Since]})
			} else {
				made := "made"
				if w.life.unset {
					made = "made, and set on some ways only"
				}
				need.Why = append(need.Why, Hop{w.origin.mod, w.origin.node, made})
				switch w.life.put {
				case putIntoQueried:
					need.Since = PutThere
				case putIntoNew:
					need.Loaded = w.life.path.len() - w.path.len()
				}
			}
			old := needs[at][w.life.path.rels]
			if old == nil || !need.Forgotten && old.Forgotten || need.Forgotten == old.Forgotten && lessHop(need.Why[0], old.Why[0]) {
				needs[at][w.life.path.rels] = need
			}
		}
	}
	sort.Slice(keys, func(i, j int) bool {
		a, b := keys[i], keys[j]
		switch {
		case a.mod != b.mod:
			return a.mod.Path < b.mod.Path
		case a.node != b.node:
			return a.node < b.node
		case a.holder != b.holder:
			return a.holder < b.holder
		}
		return classID(a.class) < classID(b.class)
	})
	var out []*Unloaded
	for _, k := range keys {
		u := byPlace[k]
		begun := beginnings(needs[k])
		for _, path := range sortedKeys(needs[k]) {
			if !begun[path] {
				u.Needs = append(u.Needs, needs[k][path])
			}
		}
		out = append(out, u)
	}
	return out
}

// under reports whether a refresh is of an object behind the one that it is remembered of: refresh(order.customer, [...]).
func under(o *origin) bool { return len(o.loaded) > 0 && strings.Contains(o.loaded[0], ".") }

func placeAt(o *origin, depth int) Place {
	t := o.mod.Tree
	out := Place{Module: o.mod, Function: o.mod.FunctionAround(o.node), Node: o.node}
	if o.kind == fromRefresh {
		fn, list := t.Child(o.node, pysyntax.FieldFunction), t.Child(o.node, pysyntax.FieldArguments)
		out.Holder, out.Session = t.Text(t.ArgumentValue(t.First(list))), t.Text(t.Child(fn, pysyntax.FieldObject))
		if under(o) {
			out.Holder, _, _ = strings.Cut(out.Holder, ".")
		}
	}
	if s := o.saved; s != nil {
		out.Holder, out.Session, out.Generic, out.Detached = s.holder, s.session, s.generic, s.detached
		if s.callee != nil && depth < maxNesting {
			callee := placeAt(s.callee, depth+1)
			out.Callee = &callee
		}
	}
	return out
}

// expiredRead notes a read of what a rollback or an UPDATE expired, but where the greenlet loads it.
func (p *propagation) expiredRead(r *read, o *origin, text string) {
	if awaits(r) != "" {
		return
	}
	o = o.happened()
	expired := o.saved.hasExpired(pymodule.Last(text))
	key := placeID(r.mod, r.node) + "!" + strconv.FormatBool(expired)
	if p.once[key] || r.mod.Test() {
		return
	}
	p.once[key] = true
	why, by := []Hop{{r.mod, r.node, "reads " + text}}, ""
	if !expired {
		done := "updated here"
		if r.by == bySelect {
			done = "saved here"
		}
		why = append(why, Hop{o.mod, o.node, done})
	} else {
		at, calls := o, []*origin(nil)
		for at.saved != nil && at.saved.callee != nil {
			calls = append(calls, at)
			at = at.saved.callee.happened()
		}
		does, done := "calls what rolls back", "rolled back here"
		switch by = expiredBy(at); by {
		case "rollback":
		case "begin_nested":
			does, done = "calls what changes it in a savepoint", "changed behind this savepoint, which is rolled back where something is raised"
		default:
			does, done = "calls what expires it", "expired here"
		}
		for _, c := range calls {
			why = append(why, Hop{c.mod, c.node, does})
		}
		why = append(why, Hop{at.mod, at.node, done})
	}
	p.expired = append(p.expired, &Expired{
		Why: why, Text: text, Columns: !expired, By: by, Set: o.saved.computes(pymodule.Last(text)), Computed: r.by,
	})
}

// expiredBy is the method of a session that expired what was loaded: expire, expire_all, begin_nested, which is rolled back where
// something goes wrong; else rollback, which a block may end in.
func expiredBy(o *origin) string {
	o = o.happened()
	t := o.mod.Tree
	if name := t.Text(t.Child(t.Child(o.node, pysyntax.FieldFunction), pysyntax.FieldAttribute)); strings.HasPrefix(name, "expire") || name == "begin_nested" {
		return name
	}
	return "rollback"
}
