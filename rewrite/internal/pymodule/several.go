package pymodule

import (
	"slices"

	"github.com/lazyfix/lazyfix/rewrite/internal/pysyntax"
)

// A module may bind one name in several branches, of which one runs:
//
//	try:
//	    from .fast import Database
//	except ImportError:
//	    from .plain import Database
//
// Resolve gives the binding that scope.bind chooses; Meanings gives all that may be meant. A binding hides those before it
// in its own branch and in the branches within that. A condition is not looked at, but for TYPE_CHECKING: what is bound
// under that is never one of several. In a class body, and of wildcard imports, one counts.

// arm is a block that may run or not: of an if, a try, a loop, a case. nil is what always runs.
type arm struct{ around *arm }

// hides reports whether b, which comes later, runs whenever old ran.
func (b *binding) hides(old *binding) bool {
	for a := old.arm; a != b.arm; a = a.around {
		if a == nil {
			return false
		}
	}
	return true
}

// means reports whether b binds its name, when the program runs, to something that can be followed. A constant is mostly
// there in the place of what could not be imported.
func (b *binding) means() bool {
	if b.vari == nil {
		return !b.typeOnly
	}
	return !b.typeOnly && b.vari.Value != pysyntax.Nil && !b.vari.Module.Tree.Is(b.vari.Value,
		pysyntax.None, pysyntax.True, pysyntax.False, pysyntax.String, pysyntax.Integer, pysyntax.Float)
}

// beside are the bindings that a name keeps beside chosen, which is old or b. b comes after old and what is beside that.
func beside(chosen, old, b *binding) []binding {
	earlier := append([]binding{*old}, old.others...)
	if chosen == old && (b.typeOnly || slices.ContainsFunc(earlier, func(o binding) bool { return o.kind > b.kind && b.hides(&o) })) {
		return old.others // of what runs one after the other the kind decides
	}
	var out []binding
	for i, o := range earlier {
		if len(out) == maxWays-1 { // no more are looked at
			return out
		}
		if o.others = nil; (i > 0 || chosen == b) && !b.hides(&o) && o.means() {
			out = append(out, o)
		}
	}
	if chosen == old && b.means() {
		out = append(out, *b)
	}
	return out
}

// maxWays bounds the ways on which one name is followed through names that are bound more than once.
const maxWays = 16

// ways are those ways, one after the other: at each binding that has others beside it one is taken.
type ways struct {
	taken []int // by the order in which they are met
	sizes []int
	met   int
}

// one is the binding that this way takes. Without ways it is the one that scope.bind chose.
func (w *ways) one(b binding) binding {
	if w == nil || len(b.others) == 0 || b.typeOnly {
		return b
	}
	if w.met == len(w.taken) {
		w.taken, w.sizes = append(w.taken, 0), append(w.sizes, 1+len(b.others))
	}
	i := w.taken[w.met]
	w.met++
	if i == 0 {
		return b
	}
	return b.others[i-1]
}

// next goes to the next way, false when there is none.
func (w *ways) next() bool {
	w.met = 0
	for i := len(w.taken) - 1; i >= 0; i-- {
		if w.taken[i]++; w.taken[i] < w.sizes[i] {
			w.taken, w.sizes = w.taken[:i+1], w.sizes[:i+1]
			return true
		}
	}
	return false
}

// found is what an import or a variable was found to mean, once the program was linked, and whether on the way there a name
// is bound more than once.
type found struct {
	symbol  Symbol
	several bool
}

// Meanings is ResolveIn, and what the name may mean instead where a module binds it, or a name on the way, in more than one
// branch: in the same order in every run.
func (g *Graph) Meanings(m *Module, c *Class, f *Function, name string) (Symbol, []Symbol) {
	var w ways
	if s := g.resolve(m, c, f, name, 0, &w); len(w.taken) == 0 {
		return s, nil
	}
	return onAll(func(w *ways) Symbol { return g.resolve(m, c, f, name, 0, w) })
}

// MemberMeanings is Member, and what the attribute may mean instead: see Meanings.
func (g *Graph) MemberMeanings(s Symbol, name string) (Symbol, []Symbol) {
	var w ways
	if s := g.member(s, name, 0, &w); len(w.taken) == 0 {
		return s, nil
	}
	return onAll(func(w *ways) Symbol { return g.member(s, name, 0, w) })
}

// onAll are the symbols that are found on all ways, the first of them apart: it is what is found without ways, if that is
// known.
func onAll(follow func(w *ways) Symbol) (Symbol, []Symbol) {
	w := &ways{}
	first := follow(w)
	var others []Symbol
	for n := 1; n < maxWays && w.next(); n++ {
		s := follow(w)
		switch {
		case s.Kind == Unknown || s == first || slices.Contains(others, s):
		case first.Kind == Unknown:
			first = s
		default:
			others = append(others, s)
		}
	}
	return first, others
}
