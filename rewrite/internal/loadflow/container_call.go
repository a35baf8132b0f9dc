package loadflow

import (
	"slices"
	"strconv"

	"github.com/lazyfix/lazyfix/rewrite/internal/pymodule"
	"github.com/lazyfix/lazyfix/rewrite/internal/pysyntax"
)

// containerCall is a method of a list, dictionary, set, result or tuple.
func (x *interp) containerCall(owner value, name string, args *arguments, n, fn pysyntax.Node) (value, bool) {
	var out value
	known := false
	for _, a := range x.withItems(owner) {
		if a.kind == collection || a.kind == mapping || a.kind == resultRows || a.kind == tuple {
			known = true
			out = join(out, x.givenByContainer(a, name, args, n))
		}
	}
	got, queued := x.queueCall(owner, name, args)
	if out = join(out, got); queued {
		known = true
	}
	if name == "add" && known { // of a set
		x.hashed(args.get(0, ""), n)
	}
	puts := name == "put" || name == "put_nowait"
	holder := x.t.Child(fn, pysyntax.FieldObject)
	if added, ok := growth(x, name, args); ok && !known && len(owner) == 0 && puts {
		x.growHolders(x.t.Text(holder), func(value) value { return x.a.t.collection(added) }) // of a queue, if it is one, callers know
	} else if ok && (known || slices.ContainsFunc(owner, x.a.isOwnContainer) || len(owner) == 0 && !puts && !x.holdsSession(holder)) {
		grow := x.grownBy(name, args, added)
		x.grow(holder, grow)
		x.putOwn(owner, grow)
		if name != "extend" && name != "update" {
			x.alsoIn(args.node(len(args.posNodes)-1, "default"), holder)
		}
		known = true
	}
	if index := x.t.Child(holder, pysyntax.FieldSubscript); !known && index != pysyntax.Nil && hasObject(x.quiet(index)) { // groups[order].append(1)
		x.grow(holder, func(old value) value { return old })
	}
	return out, known
}

// givenByContainer is what a method of one container gives.
func (x *interp) givenByContainer(a *atom, name string, args *arguments, n pysyntax.Node) value {
	t, elem := x.a.t, x.elements(one(a))
	switch name {
	case "partitions":
		return t.collection(t.collection(elem))
	case "all", "unique", "copy", "fetchall", "fetchmany", "yield_per", "union", "intersection",
		"difference", "tuples", "freeze":
		if a.kind == resultRows && (name == "all" || name == "fetchall" || name == "fetchmany") {
			return t.collection(a.elem)
		}
		return one(a)
	case "scalars":
		return t.collection(x.nth(a.elem, x.indexGiven(args), n))
	case "columns":
		if len(args.pos) == 1 { // of several the row is left as it is
			return t.collection(t.tuple([]value{x.nth(a.elem, x.indexGiven(args), n)}, nil))
		}
		return one(a)
	case "scalar_one", "scalar_one_or_none", "scalar":
		return x.nth(a.elem, 0, n)
	case "first", "one", "one_or_none", "fetchone", "pop", "popleft", "get", "get_nowait", "setdefault":
		if a.kind == mapping {
			if key := pymodule.StringValue(x.t, args.node(0, "key")); key != "" {
				elem = a.under(key)
			} else if key := x.classEntry(a, args.get(0, "key")); key != "" {
				elem = join(a.under(key), a.rest)
			}
		}
		return join(elem, args.get(1, "default"))
	case "values":
		if a.kind == collection { // a mapped collection that is a dictionary
			elem = a.elem
		}
		return t.collection(elem)
	case "most_common": // of a Counter
		return t.collection(t.tuple([]value{x.keys(one(a)), nil}, nil))
	case "sort":
		if x.t.Kind(args.node(-1, "key")) != pysyntax.Lambda { // it was run with them: see runLambdas
			x.ordered(elem, args, -1, n)
		}
	case "popitem":
		return t.tuple([]value{x.keys(one(a)), elem}, nil)
	case "items":
		return t.collection(t.tuple([]value{x.keys(one(a)), elem}, nil))
	case "keys":
		return t.collection(a.key)
	case "mappings":
		return t.collection(t.mapping(nil, join(a.elem, x.elements(a.elem))))
	case "_asdict":
		return t.byName(a)
	case "_replace":
		return x.replacedIn(a, args)
	case "_tuple", "tuple":
		return one(a)
	}
	return nil
}

// grownBy is what a container is after a method has added something to it.
func (x *interp) grownBy(name string, args *arguments, added value) func(old value) value {
	t := x.a.t
	return func(old value) value {
		if name == "setdefault" {
			key := pymodule.StringValue(x.t, args.node(0, "key"))
			if key == "" {
				key = x.classKeyOf(args.get(0, "key"), added)
			}
			if key != "" {
				entries, _ := parts(old)
				for _, e := range entries {
					if e.name == key {
						added = join(added, e.value)
					}
				}
				return t.with(old, []entry{{key, added}}, x.keys(old), nil)
			}
			return t.with(old, nil, join(x.keys(old), args.get(0, "key")), added)
		}
		if entries, rest := parts(args.get(0, "")); name == "update" && (len(entries)+len(args.kw) > 0 || hasMapping(old)) {
			return t.with(old, append(entries, args.entries()...), join(x.keys(old), x.keys(args.get(0, ""))), rest)
		}
		return t.collection(join(x.elements(old), added))
	}
}

// indexGiven is the number that a call says first, 0 without one.
func (x *interp) indexGiven(args *arguments) int {
	i, err := strconv.Atoi(x.t.Text(args.node(0, "index")))
	if err != nil {
		return 0
	}
	return i
}

func hasMapping(v value) bool {
	for _, a := range v {
		if a.kind == mapping {
			return true
		}
	}
	return false
}

// growth is what a method adds to its container.
func growth(x *interp, name string, args *arguments) (value, bool) {
	switch name {
	case "append", "add", "appendleft", "put", "put_nowait":
		return args.get(0, ""), len(args.get(0, "")) > 0
	case "insert", "setdefault":
		return args.get(1, "default"), len(args.get(1, "default")) > 0
	case "extend", "update":
		v := x.elements(args.get(0, ""))
		if name == "update" {
			for _, e := range args.entries() {
				v = join(v, e.value)
			}
		}
		return v, len(v) > 0
	}
	return nil, false
}
