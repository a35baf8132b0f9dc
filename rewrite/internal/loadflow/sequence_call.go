package loadflow

import (
	"strings"

	"github.com/lazyfix/lazyfix/rewrite/internal/pymodule"
	"github.com/lazyfix/lazyfix/rewrite/internal/pysyntax"
)

// What functions of more_itertools and toolz give of a sequence, and which functions they call with its elements. Those that put
// functions together are in composed_call.go.

// sequenceCall says where the sequence of such a function stands, and what is called with each of its elements.
type sequenceCall struct {
	at    int      // of the sequence
	names []string // of functions, by their places behind the sequence's or from the first on, "" for no function
	twice bool     // they are called with two elements
	gives func(x *interp, elem, called value) value
}

func givesSame(x *interp, elem, _ value) value { return x.a.t.collection(elem) }

func givesOne(_ *interp, elem, _ value) value { return elem }

func givesNothing(*interp, value, value) value { return nil }

func givesLists(x *interp, elem, _ value) value { return x.a.t.collection(x.a.t.collection(elem)) }

func givesTwo(x *interp, elem, _ value) value {
	same := x.a.t.collection(elem)
	return x.a.t.tuple([]value{same, same}, nil)
}

func givesPairs(x *interp, elem, _ value) value {
	return x.a.t.collection(x.a.t.tuple([]value{nil, elem}, nil))
}

func givesGroups(x *interp, elem, key value) value {
	return x.a.t.mapping(key, x.a.t.collection(elem))
}

func givesCalled(x *interp, _, called value) value { return x.a.t.collection(called) }

func givesEither(x *interp, elem, called value) value { return x.a.t.collection(join(elem, called)) }

// sequenceFunction is what is known of a function by its package and name.
func sequenceFunction(pkg, name string) (sequenceCall, bool) {
	first, second := sequenceCall{at: 0}, sequenceCall{at: 1}
	with := func(c sequenceCall, gives func(*interp, value, value) value, names ...string) (sequenceCall, bool) {
		c.gives, c.names = gives, names
		return c, true
	}
	if pkg != "more_itertools" {
		switch name {
		case "map":
			return with(second, givesCalled, "func")
		case "mapcat":
			return with(second, func(x *interp, _, called value) value { return x.a.t.collection(x.elements(called)) }, "func")
		case "filter", "remove":
			return with(second, givesSame, "predicate")
		case "groupby":
			return with(second, givesGroups, "key")
		case "countby":
			return with(second, func(x *interp, _, called value) value { return x.a.t.mapping(called, nil) }, "key")
		case "partitionby":
			return with(second, givesLists, "func")
		case "unique", "sorted":
			return with(first, givesSame, "key")
		case "topk":
			return with(second, givesSame, "", "key")
		case "peek":
			return with(first, func(x *interp, elem, _ value) value { return x.a.t.tuple([]value{elem, x.a.t.collection(elem)}, nil) })
		case "take", "drop", "tail", "take_nth":
			return with(second, givesSame)
		case "partition", "partition_all", "sliding_window":
			return with(second, givesLists)
		case "first", "second", "last":
			return with(first, givesOne)
		case "nth":
			return with(second, givesOne)
		}
		return sequenceCall{}, false
	}
	switch name {
	case "partition":
		return with(second, givesTwo, "pred")
	case "before_and_after":
		return with(second, givesTwo, "predicate")
	case "takewhile_inclusive", "filter_except":
		return with(second, givesSame, "predicate")
	case "side_effect":
		return with(second, givesSame, "func")
	case "map_except":
		return with(second, givesCalled, "function")
	case "adjacent":
		return with(second, givesPairs, "predicate")
	case "map_if":
		return with(first, givesEither, "pred", "func", "func_else")
	case "unique_everseen", "unique_justseen", "unique", "duplicates_everseen", "duplicates_justseen", "strip", "lstrip", "rstrip":
		return with(first, givesSame, "key", "pred")
	case "bucket":
		return with(first, givesGroups, "key")
	case "first_true":
		return with(first, givesOne, "default", "pred")
	case "minmax":
		return with(first, func(x *interp, elem, _ value) value { return x.a.t.tuple([]value{elem, elem}, nil) }, "default", "key")
	case "split_at", "split_before", "split_after":
		return with(first, givesLists, "pred")
	case "split_when":
		first.twice = true
		return with(first, givesLists, "pred")
	case "all_unique", "all_equal", "is_sorted", "quantify", "locate", "rlocate", "exactly_n":
		return with(first, givesNothing, "key", "pred", "predicate")
	case "windowed", "windowed_complete", "ichunked", "sliced", "chunked_even", "grouper", "triplewise", "powerset", "set_partitions",
		"consecutive_groups", "substrings":
		return with(first, givesLists)
	case "divide", "distribute":
		return with(second, givesLists)
	case "take", "tail":
		return with(second, givesSame)
	case "peekable", "seekable", "always_iterable", "collapse", "ncycles", "repeat_last", "strictly_n":
		return with(first, givesSame)
	case "nth", "nth_or_last":
		return with(first, givesOne)
	case "spy":
		return with(first, givesTwo)
	}
	return sequenceCall{}, false
}

// callSequence runs such a function; false for one that is not known.
func (x *interp) callSequence(name string, args *arguments, n pysyntax.Node) (value, bool) {
	pkg, _, _ := strings.Cut(name, ".")
	if pkg != "more_itertools" && !isToolz(pkg) {
		return nil, false
	}
	last := pymodule.Last(name)
	if v, ok := x.callGrouping(last, args, n); ok {
		return v, true
	}
	c, ok := sequenceFunction(pkg, last)
	if !ok {
		return nil, false
	}
	sequence := args.get(c.at, "iterable")
	for _, name := range []string{"seq", "it", "items", "sequence"} {
		sequence = join(sequence, args.kw[name])
	}
	elem := x.iterate(sequence, n)
	given := []value{elem}
	if c.twice {
		given = append(given, elem)
	}
	var called value
	for i, name := range c.names {
		at := i
		if c.at == 0 {
			at = i + 1
		} else if i >= c.at {
			at = i + 1
		}
		f := args.get(at, name)
		called = join(called, x.callValue(f, &arguments{pos: given}, n))
	}
	return c.gives(x, elem, called), true
}

// callGrouping are those that call one function with what another one gave: map_reduce(orders, key, value, sum).
func (x *interp) callGrouping(name string, args *arguments, n pysyntax.Node) (value, bool) {
	switch name {
	case "map_reduce", "groupby_transform":
		elem := x.iterate(args.get(0, "iterable"), n)
		key := x.callValue(args.get(1, "keyfunc"), &arguments{pos: []value{elem}}, n)
		if made := args.get(2, "valuefunc"); len(made) > 0 {
			elem = x.callValue(made, &arguments{pos: []value{elem}}, n)
		}
		group := x.a.t.collection(elem)
		if reduce := args.get(3, "reducefunc"); len(reduce) > 0 {
			group = x.callValue(reduce, &arguments{pos: []value{group}}, n)
		}
		if name == "map_reduce" {
			return x.a.t.mapping(key, group), true
		}
		return x.a.t.collection(x.a.t.tuple([]value{key, group}, nil)), true
	case "valmap", "keymap", "itemmap", "valfilter", "keyfilter", "itemfilter":
		held := args.get(1, "d")
		given := x.elements(held)
		switch name {
		case "keymap", "keyfilter":
			given = x.keys(held)
		case "itemmap", "itemfilter":
			given = x.a.t.tuple([]value{x.keys(held), given}, nil)
		}
		called := x.callValue(args.get(0, ""), &arguments{pos: []value{given}}, n)
		switch name {
		case "valmap":
			return x.a.t.mapping(x.keys(held), called), true
		case "keymap":
			return x.a.t.mapping(called, x.elements(held)), true
		case "itemmap":
			return x.a.t.mapping(x.nth(called, 0, n), x.nth(called, 1, n)), true
		}
		return held, true
	case "merge_with":
		var elem value
		for _, d := range args.pos[min(1, len(args.pos)):] {
			elem = join(elem, x.elements(d))
		}
		return x.a.t.mapping(nil, x.callValue(args.get(0, "func"), &arguments{pos: []value{x.a.t.collection(elem)}}, n)), true
	case "get": // also of a dictionary
		return join(x.elements(args.get(1, "seq")), x.iterate(args.get(1, "seq"), n)), true
	case "merge":
		return x.dict(args, n), true
	case "reduce":
		return reduced(x, args, n), true
	case "accumulate":
		return accumulated(x, &arguments{pos: []value{args.get(1, "seq"), args.get(0, "binop")}}, n), true
	case "reduceby":
		elem := x.iterate(args.get(2, "seq"), n)
		key := x.callValue(args.get(0, "key"), &arguments{pos: []value{elem}}, n)
		so := args.get(3, "init")
		made := x.callValue(args.get(1, "binop"), &arguments{pos: []value{join(so, elem), elem}}, n)
		return x.a.t.mapping(key, join(so, made)), true
	case "concat", "interleave", "roundrobin", "interleave_longest", "concatv", "zip_equal", "zip_offset", "zip_broadcast":
		switch {
		case strings.HasPrefix(name, "zip"):
			return zipped(x, args, n), true
		case name == "concat" || name == "interleave" && len(args.pos) == 1:
			return flattened(x, &arguments{pos: []value{args.get(0, "seqs")}}, n), true
		}
		return chained(x, args, n), true
	}
	return nil, false
}
