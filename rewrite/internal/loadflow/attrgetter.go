package loadflow

import (
	"strconv"
	"strings"

	"github.com/lazyfix/lazyfix/rewrite/internal/pymodule"
	"github.com/lazyfix/lazyfix/rewrite/internal/pysyntax"
)

// getsAttribute begins the name of what operator.attrgetter("customer.name") gives; what is read follows.
const getsAttribute = "operator.attrgetter()"

// callsMethod begins the name of what operator.methodcaller("render") gives; the method's follows. With which arguments it
// is called is not known.
const callsMethod = "operator.methodcaller() "

// getsItem begins the name of what operator.itemgetter(0, "order") gives; the keys follow, as they are spelled.
const getsItem = "operator.itemgetter() "

// comparesTwo is the name of what functools.cmp_to_key(f) gives, which holds f.
const comparesTwo = "functools.cmp_to_key()"

func (t *table) comparing(f value) *atom {
	return t.atom(&atom{kind: external, more: &more{name: comparesTwo, elems: []value{f}}}, "X"+comparesTwo+f.id())
}

// callLibrary is a call of what a library gives, or of a function of it.
func (x *interp) callLibrary(c *atom, args *arguments, n pysyntax.Node) value {
	if names, ok := strings.CutPrefix(c.name, getsAttribute); ok {
		return x.getAttribute(names, args, n)
	}
	if keys, ok := strings.CutPrefix(c.name, getsItem); ok {
		return x.getItems(strings.Split(keys, "\n"), args.get(0, ""), n)
	}
	if method, ok := strings.CutPrefix(c.name, callsMethod); ok {
		first := len(x.out.edges)
		out := x.callValue(x.member(args.get(0, ""), method, n), &arguments{more: true}, n)
		for _, e := range x.out.edges[first:] {
			e.named = e.named || e.node == n
		}
		return out
	}
	if fields, ok := strings.CutPrefix(c.name, makesTuple); ok {
		return x.tupleMade(fields, args, n)
	}
	if c.name == comparesTwo { // of all that it is called with f gets any two
		return x.callValue(c.elems[0], &arguments{pos: []value{args.get(0, ""), args.get(0, "")}}, n)
	}
	if v, ok := x.callHolding(c, args, n); ok {
		return v
	}
	if c.name == makesService {
		return x.a.t.collection(one(x.a.t.instance(c.class, typeArgs{})))
	}
	if c.name == makesRow {
		return x.rowMade(c, args, n)
	}
	if name, ok := strings.CutPrefix(c.name, ofPython); ok {
		return builtinFunction(name)(x, args, n)
	}
	if ofMapper(c) {
		return one(c)
	}
	if isRetrying(c) {
		return x.retried(args, n)
	}
	if isSessionMethod(c) {
		return x.callSessionMethod(c, args, n)
	}
	if isResultMaker(c) {
		return x.theResult(false)
	}
	return x.externalCall(c.name, args, n)
}

// attributeGetters are functions that read what operator.attrgetter was told, the names of a list among it.
func (x *interp) attributeGetters(args *arguments, call pysyntax.Node) value {
	var out value
	for i, n := range args.posNodes {
		paths := append(wordsIn(args.pos[i]), x.namesOfMembers(args.pos[i])...)
		if len(paths) == 0 {
			paths = []string{pymodule.StringValue(x.t, n)}
		}
		out = join(out, x.readers(paths))
	}
	for c := range x.t.Children(x.t.Child(call, pysyntax.FieldArguments)) {
		if x.t.Kind(c) == pysyntax.ListSplat {
			listed := x.quiet(x.t.First(c))
			names := append(toldNames(x.elements(listed)), wordsIn(listed)...)
			if len(names) == 0 {
				names = []string{""}
			}
			out = join(out, x.readers(names))
		}
	}
	return out
}

func (x *interp) readers(paths []string) value {
	var out value
	for _, path := range paths {
		out = join(out, one(x.a.t.external(getsAttribute+path)))
	}
	return out
}

// getAttribute is a call of what attrgetter gave.
func (x *interp) getAttribute(names string, args *arguments, n pysyntax.Node) value {
	v := args.get(0, "")
	if names == "" {
		x.unnamed(v, n, "may read it by attrgetter(), of a name that only running code knows", OneBehind)
		x.watchEscape(v, n, "has attributes read by a name that only running code knows", true)
		return nil
	}
	for name := range strings.SplitSeq(names, ".") {
		v = x.member(v, name, n)
	}
	return v
}

// itemGetter is operator.itemgetter(0, "order"). A key that only running code knows is any.
func (x *interp) itemGetter(args *arguments) value {
	var keys []string
	for _, n := range args.posNodes {
		keys = append(keys, x.t.Text(n))
	}
	return one(x.a.t.external(getsItem + strings.Join(keys, "\n")))
}

// getItems is a call of what itemgetter gave: of several keys a tuple.
func (x *interp) getItems(keys []string, v value, n pysyntax.Node) value {
	elems := make([]value, len(keys))
	for i, key := range keys {
		elems[i] = x.getItem(key, v, n)
	}
	if len(elems) == 1 {
		return elems[0]
	}
	return x.a.t.tuple(elems, nil)
}

func (x *interp) getItem(key string, v value, n pysyntax.Node) value {
	name := strings.Trim(key, `"'`)
	i, err := strconv.Atoi(key)
	var out value
	for _, a := range v {
		switch {
		case a.kind == mapping && name != key:
			out = join(out, a.under(name), x.readOfDict(a, name, n))
		case a.kind == tuple && name != key:
			out = join(out, x.rowItem(a, name))
		case a.kind == instance && name != key && x.a.inherits(a.class, "TypedDict"):
			out = join(out, x.instanceMember(a, name, n))
		case err == nil && (a.kind == tuple || a.kind == instance && x.a.tupleFields(a.class) != nil):
			out = join(out, x.nth(one(a), i, n))
		case a.kind == mapping, a.kind == tuple, a.kind == collection, a.kind == resultRows:
			out = join(out, x.elements(one(a)))
		case a.kind == instance, a.kind == object:
			out = join(out, x.calledForKey(a, name, n))
		}
	}
	return out
}
