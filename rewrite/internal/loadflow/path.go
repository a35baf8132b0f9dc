package loadflow

import (
	"github.com/lazyfix/lazyfix/rewrite/internal/mapper"
	"github.com/lazyfix/lazyfix/rewrite/internal/pymodule"
)

// path is a way over relationships from an object, last step first.
type path struct {
	up    *path // nil for the first step
	class *pymodule.Class
	rel   *mapper.Relationship
	// again: the step may be repeated any number of times (node.parent in a loop).
	again bool
	// loose: the object left the function that held what it was read from, which may be gone from the session by now.
	loose bool
	// guarded: it is read only behind the question whether it is loaded: see load_guarded.go.
	guarded bool
	depth   int
	rels    string // the relationships alone, whatever class they are read from; "*" behind one that repeats
	id      string
}

func (p *path) text() string {
	if p == nil {
		return ""
	}
	return p.id
}

func (p *path) len() int {
	if p == nil {
		return 0
	}
	return p.depth
}

// steps are the steps of p, first step first.
func (p *path) steps() []*path {
	out := make([]*path, p.len())
	for i := p.len() - 1; i >= 0; i-- {
		out[i] = p
		p = p.up
	}
	return out
}

// maxPath bounds a loader path; maxSame how often one relationship stands in it before it counts as repeated for ever.
const (
	maxPath = 8
	maxSame = 3
)

// step appends a relationship of an object of class c. A relationship that repeats without end gives the path that is
// marked so; one that leads nowhere new gives nil, false.
func (t *table) step(p *path, c *pymodule.Class, r *mapper.Relationship) (*path, bool) {
	if p != nil && !p.again && !p.loose && !t.forgets(r) && IsReverse(p.rel, r) {
		return p.up, true
	}
	return t.spelledStep(p, c, r)
}

// marked is p with a mark on its last step: set sets it, and the sign tells it from p.
func (t *table) marked(p *path, sign string, set func(p *path)) *path {
	id := p.id + sign
	return t.paths.get(id, func() *path {
		n := *p
		n.id = id
		set(&n)
		return &n
	})
}

// isBack reports whether a step over r led from before to p by the reverse of the step before, to the object itself. Where steps fold
// to one that repeats, p is shorter, too.
func (p *path) isBack(before *path, r *mapper.Relationship) bool {
	return p.len() < before.len() && (p == nil || !p.again || p.rel != r)
}

// spelledStep is step for a loader option, which names the way up, too, where it has one.
func (t *table) spelledStep(p *path, c *pymodule.Class, r *mapper.Relationship) (*path, bool) {
	if p != nil && p.again && p.rel == r {
		return p, true
	}
	n := 0
	for q := p; q != nil; q = q.up {
		if q.rel == r {
			n++
		}
	}
	if n >= maxSame-1 && p.rel == r {
		// node.parent.parent.parent: fold to one step that repeats.
		first := p
		for first.up != nil && first.up.rel == r {
			first = first.up
		}
		whole := t.path(first.up, first.class, r, true)
		if p.guarded {
			whole = t.guarded(whole)
		}
		return whole, true
	}
	if n >= maxSame || p.len() >= maxPath {
		return nil, false
	}
	return t.path(p, c, r, false), true
}

// IsReverse reports whether the many-to-one relationship back leads from what relationship down holds, the elements of a
// collection or the one object, to the object that down is of: order.items[0].order is order, user.profile.user is user.
// The session answers that without SQL, under raise_on_sql too (measured on 2.0 and 2.1, one-to-one
// included), as long as something holds the order: see loosen. The other way, profile.user.profile, it asks the database.
func IsReverse(down, back *mapper.Relationship) bool {
	if back.Many || back.Lazy == mapper.Raise || down.Module == nil || back.Module == nil {
		return false // raise raises for what the session holds, too
	}
	if !down.Many && (down.ForeignKeyHere || !back.ForeignKeyHere) {
		return false
	}
	return names(back, down) || names(down, back)
}

// names reports whether relationship r says that other is its other side.
func names(r, other *mapper.Relationship) bool {
	if r.Form == mapper.FormBackref && r.Module == other.Module && r.Call == other.Call {
		return true
	}
	if r.Target == nil || r.Target != other.Owner {
		return false
	}
	t := r.Module.Tree
	return pymodule.StringValue(t, t.Keyword(r.Call, "back_populates")) == other.Name
}

func (t *table) path(up *path, c *pymodule.Class, r *mapper.Relationship, again bool) *path {
	return t.steps.get(stepKey{up, c, r, again}, func() *path {
		id := up.text() + "/" + classID(c) + "." + r.Name
		rels := "/" + classID(r.Owner) + "." + r.Name
		if r.IsColumn() { // one may be left out by its own query, and by that of a base
			mark := "'"
			if r.IsLeftOut() {
				mark = "''"
			}
			id, rels = id+mark, rels+mark
		}
		if again {
			id += "*"
			rels += "*"
		}
		if up != nil {
			rels = up.rels + rels
		}
		return t.paths.get(id, func() *path {
			return &path{up: up, class: c, rel: r, again: again, depth: up.len() + 1, rels: rels, id: id}
		})
	})
}

// spelled appends all steps of a loader option to p. One that is written three times is three levels, and no repetition.
func (t *table) spelled(p, more *path) (*path, bool) {
	for _, s := range more.steps() {
		if p.len() >= maxPath {
			return nil, false
		}
		if p == nil || !p.again || p.rel != s.rel {
			p = t.path(p, s.class, s.rel, s.again)
		}
	}
	return p, true
}

// extend appends all steps of more to p.
func (t *table) extend(p, more *path) (*path, bool) {
	for _, s := range more.steps() {
		next, ok := t.step(p, s.class, s.rel)
		if !ok {
			return nil, false
		}
		back := next.isBack(p, s.rel) // where it repeats, it goes on from there
		p = next
		switch {
		case s.again && back && (p == nil || p.rel != s.rel):
			p = t.path(p, s.class, s.rel, true)
		case s.again && p != nil && !p.again:
			p = t.path(p.up, p.class, p.rel, true)
		case s.loose && !back:
			p = t.loose(p)
		}
		if s.guarded && !back {
			p = t.guarded(p)
		}
	}
	return p, true
}
