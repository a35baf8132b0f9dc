package loadflow

import (
	"slices"
	"strings"

	"github.com/lazyfix/lazyfix/rewrite/internal/pymodule"
	"github.com/lazyfix/lazyfix/rewrite/internal/pysyntax"
)

// A class that a call makes is none of the program's: Pair = namedtuple("Pair", "order item"). What it makes is a tuple with
// names, as a row is; so is what a class of make_dataclass() makes. A class with such a call among its bases is not known
// by its fields.

// makesTuple begins the name of what namedtuple() gives; the names of the fields follow.
const makesTuple = "collections.namedtuple() "

// tupleClass is namedtuple("Pair", fields), NamedTuple("Pair", fields), make_dataclass("Pair", fields).
func tupleClass(x *interp, args *arguments, _ pysyntax.Node) value {
	t := x.t
	list := args.node(1, "field_names")
	if list == pysyntax.Nil {
		list = args.node(-1, "fields")
	}
	var names []string
	switch {
	case pymodule.StringValue(t, list) != "": // "order item", "order, item"
		names = strings.Fields(strings.ReplaceAll(pymodule.StringValue(t, list), ",", " "))
	case t.Is(list, pysyntax.List, pysyntax.Tuple):
		for c := range t.Children(list) {
			if t.Is(c, pysyntax.Tuple, pysyntax.List) { // ("order", Order)
				c = t.First(c)
			}
			names = append(names, pymodule.StringValue(t, c))
		}
	}
	if len(names) == 0 || slices.Contains(names, "") {
		return nil
	}
	return one(x.a.t.external(makesTuple + strings.Join(names, ",")))
}

// tupleMade is a call of such a class, or of its _make.
func (x *interp) tupleMade(fields string, args *arguments, n pysyntax.Node) value {
	fields, ofRow := strings.CutSuffix(fields, "._make")
	names := strings.Split(fields, ",")
	elems := make([]value, len(names))
	for i, name := range names {
		if ofRow {
			elems[i] = x.nth(args.get(0, "iterable"), i, n)
		} else {
			elems[i] = join(args.get(i, name), args.star, args.starStar)
		}
	}
	return x.a.t.tuple(elems, names)
}

// makesRow is the name of _make of a NamedTuple of the program, whose class stands beside it.
const makesRow = "typing.NamedTuple()._make"

func (t *table) rowMaker(c *pymodule.Class) *atom {
	return t.atom(&atom{kind: external, class: c, more: &more{name: makesRow}}, "X"+makesRow+classID(c))
}

// rowMade is Pair._make(row): Pair(*row).
func (x *interp) rowMade(maker *atom, args *arguments, n pysyntax.Node) value {
	given := &arguments{}
	for i := range x.a.tupleFields(maker.class) {
		given.pos = append(given.pos, x.nth(args.get(0, "iterable"), i, n))
	}
	return x.construct(x.a.t.classRef(maker.class, typeArgs{}, false), given, n)
}

// replacedIn is pair._replace(item=other).
func (x *interp) replacedIn(row *atom, args *arguments) value {
	elems := slices.Clone(row.elems)
	for i, name := range row.names {
		if v, ok := args.kw[name]; ok && i < len(elems) {
			elems[i] = v
		}
	}
	return x.a.t.tuple(elems, row.names)
}

// tupleFields are the fields of a NamedTuple in order, nil for any other class.
func (a *analysis) tupleFields(c *pymodule.Class) []string {
	if a.inherits(c, "NamedTuple") {
		return a.dataFields(c)
	}
	return nil
}
