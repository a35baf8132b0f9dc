package loadflow

import (
	"fmt"
	"slices"

	"github.com/lazyfix/lazyfix/rewrite/internal/pymodule"
	"github.com/lazyfix/lazyfix/rewrite/internal/pysyntax"
)

// The bounds of a value, and what says that one was met. A value that forgets an object and does not say so leaves a read
// out, and the next run finds it, as options change the order of keys.

// maxAtoms bounds a value. What is over it is dropped in the order of keys, the same in every run.
const maxAtoms = 128

// maxObjects bounds the objects and statements in a value, beside its other atoms: a function that chooses one of many
// queries, an attribute that many functions set. Where they are handed on they are one for each class.
const maxObjects = 256

// maxVariants bounds what one value has of the objects of one query: each way through a function that sets attributes makes one
// more of them, and all of them lead to the same query. It bounds the sets of options of one statement, too (statement_folded.go).
const maxVariants = 16

// maxOptions bounds the loader options in a value, beside its other atoms. An option that is forgotten is written again: a
// path would get a second loader, and another one with each run.
const maxOptions = 1024

// dropped stands in a value that has lost an object, a statement, an option, a function, a class, an instance or the name of a template to a bound. It
// comes last in the order of keys. It is a constant, the same for all programs, since what puts values together knows no table to intern it in.
var dropped = newAtom(&atom{kind: lostAtoms}, "~")

// bounded drops what is over the bound.
func bounded(v value) value {
	v = foldStatements(v)
	if len(v) <= maxAtoms {
		return v
	}
	kept, others, objects, options, lost := v[:0:0], 0, 0, 0, false
	variants := map[wayKey]int{}
	for _, a := range v {
		if a.kind == object {
			of := wayKey{a.origin.first(), a.class}
			if variants[of]++; variants[of] > maxVariants {
				continue
			}
		}
		var keep bool
		switch a.kind {
		case option, optionParam:
			options++
			keep = options <= maxOptions
		case object, statement:
			objects++
			keep = objects <= maxObjects
		case lostAtoms:
			lost = true
		default:
			others++
			keep = others <= maxAtoms
		}
		if keep {
			kept = append(kept, a)
		}
		lost = lost || !keep && (a.holds.change || a.isCalled() || a.kind == templateRef)
	}
	if lost {
		kept = append(kept, dropped)
	}
	return kept
}

// isCalled reports whether an atom is a function, or may have functions as attributes.
func (a *atom) isCalled() bool { return a.kind == funcRef || a.kind == classRef || a.kind == instance }

// lostMember is out, what an attribute of owner is, with the mark that there are more, where classes or instances of owner are lost that
// may have others.
func lostMember(owner, out value) value {
	if !hasDropped(owner) || !slices.ContainsFunc(owner, func(a *atom) bool { return a.kind == classRef || a.kind == instance }) ||
		!slices.ContainsFunc(out, func(a *atom) bool { return a.holds.change || a.isCalled() }) {
		return out
	}
	return join(out, one(dropped))
}

// hasDropped reports whether a value has lost something to a bound.
func hasDropped(v value) bool { return len(v) > 0 && v[len(v)-1] == dropped }

// readOfMany notes that an attribute is read of more than a value can hold, where one of those in it has such a relationship.
func (x *interp) readOfMany(owner value, name string, at pysyntax.Node) {
	if !hasDropped(owner) {
		return
	}
	for _, c := range x.relatedClasses(owner) {
		if x.a.ix.Relationship(c, name) == nil {
			continue
		}
		x.out.blind = append(x.out.blind, &blind{
			mod: x.m, node: at, class: c,
			reason: "too many queries or other values meet here for lazyfix to follow each",
			advice: fmt.Sprintf("load %s where each of them is queried, or give fewer to one place", name),
		})
	}
}

// callOfMany is what a call gives where it calls more functions than a value can hold: what the others give is lost, too. They may read
// anything of the objects that they are given.
func (x *interp) callOfMany(out value, args *arguments, at pysyntax.Node) value {
	x.unseenAs(args.all(), "too many functions are called here for lazyfix to follow each",
		"load what they read where it is queried, or keep fewer in one place", at)
	if !slices.ContainsFunc(out, func(a *atom) bool { return a.holds.change || a.kind == instance }) {
		return out
	}
	return join(out, one(dropped))
}

// relatedObject is the first object among atoms whose class has relationships, nil when there is none.
func (x *interp) relatedObject(atoms []*atom) *atom {
	i := slices.IndexFunc(atoms, func(a *atom) bool { return a.kind == object && len(x.a.ix.All(a.class)) > 0 })
	if i < 0 {
		return nil
	}
	return atoms[i]
}

// relatedClasses are the classes with relationships of the objects among atoms, each once.
func (x *interp) relatedClasses(atoms []*atom) []*pymodule.Class {
	var out []*pymodule.Class
	for _, a := range atoms {
		if a.kind == object && !slices.Contains(out, a.class) && len(x.a.ix.All(a.class)) > 0 {
			out = append(out, a.class)
		}
	}
	return out
}

// classRefs are the classes in a value, without what else it may be.
func classRefs(v value) value {
	return dropping(v, func(a *atom) bool { return !isClassRef(a) })
}

// classOf is the first class in a value, nil for none.
func classOf(v value) *pymodule.Class {
	for _, a := range v {
		if a.kind == classRef {
			return a.class
		}
	}
	return nil
}
