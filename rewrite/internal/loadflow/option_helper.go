package loadflow

import (
	"slices"
	"strconv"
	"strings"

	"github.com/lazyfix/lazyfix/rewrite/internal/pymodule"
	"github.com/lazyfix/lazyfix/rewrite/internal/pysyntax"
)

// A helper may make one loader of as many attributes as it is given, select_in_load(Order.items, Item.product):
//
//	def select_in_load(*entities):
//		loader = selectinload(entities[0])
//		for entity in entities[1:]:
//			loader = loader.selectinload(entity)
//		return loader
//
// Which attributes they are, and in which order, is part of the context of such a function, and a loop over them is run once
// for each. In a list that it makes of them only a single one keeps its place: loaders of several are not followed. A function
// that runs a statement, or puts options on one, is none: what that is told to load, option_told.go knows.

// maxAttributes bounds the attributes that are told apart.
const maxAttributes = 8

// attributesGiven are the relationships that a call gives to the *parameter of a helper, nil where it is none, or is given
// something else.
func (x *interp) attributesGiven(f *pymodule.Function, given []value, args *arguments) value {
	if len(given) == 0 || len(given) > maxAttributes || len(args.star) > 0 || args.more || !x.a.makesLoaders(f) {
		return nil
	}
	v := x.a.t.tuple(given, nil)
	if !isAttributes(v[0]) {
		return nil
	}
	return v
}

// isAttributes reports whether an atom is a tuple of relationships alone.
func isAttributes(a *atom) bool {
	return a.kind == tuple && a.names == nil && !slices.ContainsFunc(a.elems, func(e value) bool { return len(e) != 1 || e[0].kind != relRef })
}

// makesLoaders reports whether a function spells loaders, and no statement that takes them.
func (a *analysis) makesLoaders(f *pymodule.Function) bool {
	return *a.helpers.get(f, func() *bool {
		makes, t := false, f.Module.Tree
		for c := range t.Within(f.Body) {
			if t.Kind(c) != pysyntax.Call {
				continue
			}
			name := pymodule.Last(t.Text(t.Child(c, pysyntax.FieldFunction)))
			makes = makes || IsLoader(name)
			switch name {
			case "select", "query", "options", "get", "get_one", "refresh":
				return new(bool)
			}
			if executors[name] {
				return new(bool)
			}
		}
		return &makes
	})
}

// forEachAttribute runs a loop over the relationships that a helper was given; false for any other loop.
func (x *interp) forEachAttribute(left pysyntax.Node, over value, body func() bool) bool {
	if len(over) != 1 || !isAttributes(over[0]) {
		return false
	}
	var exits []env
	at := x.env
	for _, e := range over[0].elems {
		l := &loop{}
		x.loops = append(x.loops, l)
		end := x.branch(at, func() bool {
			x.assign(left, e, left)
			return body()
		})
		x.loops = x.loops[:len(x.loops)-1]
		if l.broke {
			exits = append(exits, l.breaks)
		}
		if l.continued {
			end = x.joinEnv(l.continues, end, end != nil)
		}
		if at = end; at == nil {
			break
		}
	}
	x.meet(append(exits, at)...)
	return true
}

// sliced is what [1:], [:2] or [1:2] takes of a tuple; the whole tuple where the bounds are no numbers.
func (x *interp) sliced(a *atom, text string) value {
	from, to, _ := strings.Cut(strings.ReplaceAll(text, " ", ""), ":")
	n := len(a.elems)
	bound := func(text string, otherwise int) (int, bool) {
		if text == "" {
			return otherwise, true
		}
		i, err := strconv.Atoi(text)
		if i < 0 {
			i += n
		}
		return min(max(i, 0), n), err == nil
	}
	first, ok := bound(from, 0)
	end, known := bound(to, n)
	if !ok || !known || len(a.names) > 0 {
		return one(a)
	}
	return x.a.t.tuple(a.elems[first:max(first, end)], nil)
}

// splatted adds to the attributes of a loader what *attributes brings: one at most. False where it may be more.
func (x *interp) splatted(args *arguments) ([]value, bool) {
	switch {
	case len(args.star) == 0:
		return args.pos, !args.more
	case len(args.star) == 1 && args.star[0].kind == relRef:
		return append(slices.Clip(args.pos), args.star), true
	}
	return args.pos, false
}
