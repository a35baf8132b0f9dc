package loadflow

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"github.com/lazyfix/lazyfix/rewrite/internal/pymodule"
	"github.com/lazyfix/lazyfix/rewrite/internal/pysyntax"
)

// builtin is a call of a function of Python's own, by bare name; false when the name is none or the program shadows it.
func (x *interp) builtin(n pysyntax.Node, name string) (value, bool) {
	switch name {
	case "list", "set", "sorted", "reversed", "iter", "frozenset", "tuple", "aiter", "enumerate", "zip", "next", "anext",
		"min", "max", "map", "filter", "dict", "getattr", "setattr", "hasattr", "isinstance", "vars", "sum", "any", "all", "len",
		"str", "print", "repr", "format":
	default:
		return nil, false
	}
	if x.a.g.Resolve(x.m, name).Kind != pymodule.Unknown {
		return nil, false
	}
	args := x.evalArguments(n)
	t := x.a.t
	if name == "vars" {
		x.watchEscape(join(args.pos...), n, "is given to vars()", false)
	}
	elem := func(i int) value {
		if i >= len(args.pos) {
			return nil
		}
		return x.iterate(args.pos[i], n)
	}
	if name != "map" && name != "filter" {
		x.runLambdas(args, join(args.pos...))
		if len(args.pos) > 0 {
			if key := args.kw["key"]; len(key) > 0 && x.t.Kind(args.kwNodes["key"]) != pysyntax.Lambda { // which was run with them
				x.callValue(key, &arguments{pos: []value{elem(0)}}, n)
			}
		}
	}
	switch name {
	case "list", "set", "sorted", "reversed", "iter", "frozenset", "tuple", "aiter":
		if len(args.pos) == 0 {
			return t.collection(nil), true
		}
		if name == "iter" && len(args.posNodes) == 2 { // iter(callable, sentinel)
			return t.collection(x.apply(args.posNodes[0], nil)), true
		}
		return t.collection(elem(0)), true
	case "enumerate":
		return t.collection(t.tuple([]value{nil, elem(0)}, nil)), true
	case "zip":
		elems := make([]value, len(args.pos))
		for i := range elems {
			elems[i] = elem(i)
		}
		return t.collection(t.tuple(elems, nil)), true
	case "next", "anext":
		return join(elem(0), args.get(1, "")), true
	case "min", "max":
		if len(args.pos) == 1 {
			return join(elem(0), args.kw["default"]), true
		}
		return join(args.pos...), true
	case "map":
		if len(args.posNodes) > 1 {
			var given []value
			for i := 1; i < len(args.pos); i++ {
				given = append(given, elem(i))
			}
			return t.collection(x.apply(args.posNodes[0], given)), true
		}
	case "filter":
		if len(args.posNodes) > 1 {
			x.apply(args.posNodes[0], []value{elem(1)})
			return t.collection(elem(1)), true
		}
	case "dict":
		return x.dict(args, n), true
	case "sum":
		return join(x.listsIn(elem(0)), x.listsIn(args.get(1, "start"))), true
	case "any", "all":
		elem(0)
	case "len":
		x.printed(args.get(0, ""), []string{"__len__"}, n)
	case "str", "print", "format":
		for _, v := range every(args) {
			x.printed(v, stringMethods, n)
		}
	case "repr":
		x.printed(args.get(0, ""), reprMethods, n)
	case "setattr":
		for _, a := range args.get(0, "") {
			if a.kind == object && len(args.posNodes) > 1 {
				x.setColumn(a, x.t.Text(args.posNodes[0]), cmp.Or(pymodule.StringValue(x.t, args.posNodes[1]), anyColumn), pysyntax.Nil, n)
			}
		}
	case "getattr":
		if len(args.posNodes) > 1 {
			if attr := pymodule.StringValue(x.t, args.posNodes[1]); attr != "" {
				return join(x.member(args.pos[0], attr, n), args.get(2, "")), true
			}
			if named, ok := x.attributesByName(args.pos[0], args.pos[1], n); ok {
				return named, true
			}
			x.watchEscape(args.pos[0], n, "has attributes read by a name that only running code knows", true)
		}
	}
	return nil, true
}

// listsIn are the lists in v, which sum() puts together.
func (x *interp) listsIn(v value) value {
	return slices.DeleteFunc(slices.Clone(v), func(a *atom) bool { return a.kind != collection && a.kind != tuple })
}

// containerCall is a method of a list, dictionary, set, result or tuple.
func (x *interp) containerCall(owner value, name string, args *arguments, n, fn pysyntax.Node) (value, bool) {
	t := x.a.t
	var out value
	known := false
	for _, a := range owner {
		if a.kind != collection && a.kind != mapping && a.kind != resultRows && a.kind != tuple {
			continue
		}
		known = true
		elem := x.elements(one(a))
		switch name {
		case "partitions":
			out = join(out, t.collection(t.collection(elem)))
		case "all", "unique", "copy", "fetchall", "fetchmany", "yield_per", "union", "intersection",
			"difference", "tuples", "freeze":
			if a.kind == resultRows && (name == "all" || name == "fetchall" || name == "fetchmany") {
				out = join(out, t.collection(a.elem))
			} else {
				out = join(out, one(a))
			}
		case "scalars":
			out = join(out, t.collection(x.nth(a.elem, x.indexGiven(args), n)))
		case "columns":
			if len(args.pos) == 1 { // of several the row is left as it is
				out = join(out, t.collection(t.tuple([]value{x.nth(a.elem, x.indexGiven(args), n)}, nil)))
			} else {
				out = join(out, one(a))
			}
		case "scalar_one", "scalar_one_or_none", "scalar":
			out = join(out, x.nth(a.elem, 0, n))
		case "first", "one", "one_or_none", "fetchone", "pop", "popleft", "get", "setdefault":
			if key := pymodule.StringValue(x.t, args.node(0, "key")); key != "" && a.kind == mapping {
				elem = a.under(key)
			}
			out = join(out, elem, args.get(1, "default"))
		case "values":
			if a.kind == collection { // a mapped collection that is a dictionary
				elem = a.elem
			}
			out = join(out, t.collection(elem))
		case "popitem":
			out = join(out, t.tuple([]value{x.keys(one(a)), elem}, nil))
		case "items":
			out = join(out, t.collection(t.tuple([]value{x.keys(one(a)), elem}, nil)))
		case "keys":
			out = join(out, t.collection(a.key))
		case "mappings":
			out = join(out, t.collection(t.mapping(nil, join(a.elem, x.elements(a.elem)))))
		case "_asdict", "_mapping":
			out = join(out, t.mapping(nil, elem))
		case "_tuple", "tuple":
			out = join(out, one(a))
		}
	}
	if added, ok := growth(x, name, args); ok && (known || len(owner) == 0 && !x.holdsSession(x.t.Child(fn, pysyntax.FieldObject))) {
		x.grow(x.t.Child(fn, pysyntax.FieldObject), func(old value) value {
			if name == "setdefault" {
				if key := pymodule.StringValue(x.t, args.node(0, "key")); key != "" {
					entries, _ := parts(old)
					for _, e := range entries {
						if e.name == key {
							added = join(added, e.value)
						}
					}
					return t.with(old, []entry{{key, added}}, x.keys(old), nil)
				}
				return t.with(old, nil, x.keys(old), added)
			}
			if entries, rest := parts(args.get(0, "")); name == "update" && (len(entries)+len(args.kw) > 0 || hasMapping(old)) {
				return t.with(old, append(entries, args.entries()...), join(x.keys(old), x.keys(args.get(0, ""))), rest)
			}
			return t.collection(join(x.elements(old), added))
		})
		known = true
	}
	return out, known
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
	case "append", "add", "appendleft":
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

// externalCall is a call of a library's function by its full name.
func (x *interp) externalCall(name string, args *arguments, n pysyntax.Node) value {
	last := pymodule.Last(name)
	x.watchDumper(last, args, n)
	if isSQLAlchemy(name) {
		switch last {
		case "select":
			return x.selectCall(n, args, false)
		case "insert", "update", "delete":
			return x.selectCall(n, &arguments{}, false)
		case "aliased", "with_polymorphic":
			return join(args.pos...)
		}
		if _, ok := loaders[last]; ok {
			return x.loaderCall(last, nil, args, n)
		}
	}
	if call := standardFunction(name); call != nil {
		return call(x, args, n)
	}
	switch last {
	case "set_committed_value", "set_attribute":
		if len(args.posNodes) > 2 {
			for _, a := range args.pos[0] {
				if attr := pymodule.StringValue(x.t, args.posNodes[1]); a.kind == object && attr != "" {
					x.setRelationship(a, attr, args.pos[2])
				}
			}
		}
		return nil
	case "Load":
		return one(x.a.t.option(&loaderOption{mod: x.m, fn: x.u.key.fn.Def(), node: n, root: classOf(args.get(0, ""))}))
	case "get_args":
		return x.ownTypes(n)
	case "attrgetter":
		return x.attributeGetters(args)
	case "cast", "assert_type":
		if v := args.get(1, ""); hasObject(v) || len(args.posNodes) < 2 {
			return v
		}
		return x.annotation(args.posNodes[0], x.a.t.typeOrigin(x.m, n))
	case "gather":
		if len(args.star) > 0 {
			return x.a.t.collection(join(every(args)...))
		}
		return x.a.t.tuple(every(args), nil)
	case "wait_for", "shield", "create_task", "ensure_future", "copy", "deepcopy", "replace", "aclosing", "closing",
		"nullcontext", "enter_async_context", "enter_context":
		return args.get(0, "")
	case "choice", "choices", "sample":
		if v, ok := x.picked(last, args, n); ok {
			return v
		}
	case "partial":
		// What is bound now reaches its parameters now; the rest comes with the call.
		x.handedOn(args, n)
		return x.partial(args)
	case "TypeAliasType":
		if len(args.posNodes) > 1 {
			return x.a.t.typeRef(x.m, x.t.Text(args.posNodes[1]))
		}
		return nil
	case "TypeAdapter":
		return x.typesOf(args.node(0, "type"), args.get(0, "type"))
	case "convert":
		if strings.HasPrefix(name, "msgspec.") {
			v, _ := x.conversion(last, args, n)
			return v
		}
	case "parse_obj_as", "to_schema", "get_converter":
		if v, ok := x.conversion(last, args, n); ok {
			return v
		}
	case "DataLoader":
		if fn := args.get(0, "load_fn"); len(fn) > 0 {
			return fn
		}
	}
	if strings.HasPrefix(name, "dependency_injector.") && isContainerProvider(last) {
		return x.containerProvider(args, n)
	}
	if last == "paginate" || last == "apaginate" || isPage(strings.TrimSuffix(name, ".create")) {
		if v, ok := x.page(args); ok {
			return v
		}
	}
	if renderers[last] || len(templatesIn(args.all())) > 0 {
		x.renderCall(args, n)
	}
	if last == "Template" && strings.HasPrefix(name, "jinja2.") {
		return one(x.a.t.external(unnamedTemplate))
	}
	v, _ := x.handedOn(args, n)
	return v
}

func classOf(v value) *pymodule.Class {
	for _, a := range v {
		if a.kind == classRef {
			return a.class
		}
	}
	return nil
}
