package loadflow

import (
	"cmp"
	"slices"

	"github.com/lazyfix/lazyfix/rewrite/internal/pymodule"
	"github.com/lazyfix/lazyfix/rewrite/internal/pysyntax"
)

// What a program has the unit of work do with an object, beyond what attributes in its source say: under lazy="noload" that goes by
// what is loaded, which is nothing (rewrite/lazy_loss.go).

// Work is a place that does so.
type Work struct {
	Kind   WorkKind
	Name   string          // of the attribute that is set, "" where only running code knows it
	Class  *pymodule.Class // of the object that is set, nil where that is not known
	Text   string          // how it is spelled
	Module *pymodule.Module
	Node   pysyntax.Node
}

// WorkKind is what is done.
type WorkKind uint8

// The kinds of work.
const (
	Deletes WorkKind = iota // session.delete(order)
	Merges                  // session.merge(order)
	Sets                    // setattr(order, name, value)
)

// works notes a deletion or a merge, by what is known to be a session, or of an object of a mapped class.
func (x *interp) works(kind WorkKind, what value, call pysyntax.Node) {
	session := x.t.Child(x.t.Child(call, pysyntax.FieldFunction), pysyntax.FieldObject)
	if hasObject(what) || session != pysyntax.Nil && x.holdsSession(session) {
		x.out.works = append(x.out.works, Work{Kind: kind, Module: x.m, Node: call})
	}
}

// worksBySet notes what a call sets by a name that is data. What a constructor sets is new.
func (x *interp) worksBySet(what value, spelled pysyntax.Node, name string, call pysyntax.Node) {
	f := x.u.key.fn
	if f != nil && f.Name == "__init__" && len(f.Params) > 0 && x.t.Text(spelled) == f.Params[0].Name {
		return
	}
	w := Work{Kind: Sets, Name: name, Text: x.t.Text(spelled), Module: x.m, Node: call}
	if len(what) == 0 {
		x.out.works = append(x.out.works, w)
	}
	for _, a := range what {
		if a.kind == object {
			w.Class = a.class
			x.out.works = append(x.out.works, w)
		}
	}
}

// allWorks are these places outside of tests, sorted, each once.
func (p *propagation) allWorks(ids []string) []Work {
	var out []Work
	for _, id := range ids {
		for _, w := range p.a.units[id].out.works {
			if !w.Module.Test() {
				out = append(out, w)
			}
		}
	}
	slices.SortStableFunc(out, func(a, b Work) int {
		return cmp.Or(cmp.Compare(a.Module.Path, b.Module.Path), cmp.Compare(a.Node, b.Node), cmp.Compare(a.Kind, b.Kind),
			cmp.Compare(a.Name, b.Name), cmp.Compare(classID(a.Class), classID(b.Class)))
	})
	return slices.Compact(out)
}
