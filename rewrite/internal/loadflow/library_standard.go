package loadflow

import (
	"slices"

	"github.com/lazyfix/lazyfix/rewrite/internal/pymodule"
	"github.com/lazyfix/lazyfix/rewrite/internal/pysyntax"
)

// What functions of Python's own library give of what they are given, by their full names. Those that call a function that
// they are given, and are not here, do so by handedOn.

type standardCall func(x *interp, args *arguments, n pysyntax.Node) value

// standardFunction is nil for what gives nothing of what it is given.
func standardFunction(name string) standardCall {
	switch name {
	case "itertools.chain":
		return chained
	case "heapq.merge":
		return merged
	case "itertools.chain.from_iterable", "more_itertools.flatten":
		return flattened
	case "itertools.zip_longest", "itertools.product":
		return zipped
	case "itertools.islice", "itertools.cycle", "itertools.compress", "collections.deque":
		return theSame
	case "asyncio.as_completed":
		return completed
	case "itertools.batched", "itertools.pairwise", "itertools.tee", "itertools.combinations",
		"itertools.combinations_with_replacement", "itertools.permutations", "more_itertools.chunked", "more_itertools.batched",
		"more_itertools.pairwise":
		return batched
	case "itertools.takewhile", "itertools.dropwhile", "itertools.filterfalse":
		return picking
	case "itertools.accumulate":
		return accumulated
	case "itertools.starmap":
		return starmapped
	case "itertools.groupby":
		return grouped
	case "more_itertools.first", "more_itertools.last", "more_itertools.one", "more_itertools.only", "heapq.heappop":
		return oneOf
	case "heapq.nlargest", "heapq.nsmallest":
		return largest
	case "heapq.heappush", "heapq.heappushpop", "heapq.heapreplace":
		return pushed
	case "dataclasses.field":
		return fieldDefault
	case "attrs.field", "attr.field", "attr.ib", "attr.attrib":
		return attrsField
	case "dataclasses.fields", "attrs.fields", "attr.fields":
		return classFields
	case "dataclasses.asdict", "dataclasses.astuple":
		return fieldsOfAll
	case "typing.get_type_hints":
		return typeHints
	case "functools.reduce":
		return reduced
	case "functools.wraps": // it copies names, and runs nothing
		return func(*interp, *arguments, pysyntax.Node) value { return nil }
	case "collections.OrderedDict":
		return (*interp).dict
	case "collections.Counter":
		return func(x *interp, args *arguments, n pysyntax.Node) value {
			return x.a.t.mapping(theSame(x, args, n)[0].elem, nil)
		}
	case "collections.ChainMap":
		return func(_ *interp, args *arguments, _ pysyntax.Node) value { return join(args.pos...) }
	case "collections.defaultdict":
		return defaultDict
	case "asyncio.Queue", "asyncio.LifoQueue", "asyncio.PriorityQueue", "queue.Queue", "queue.LifoQueue", "queue.PriorityQueue",
		"queue.SimpleQueue":
		return queueMade
	case "anyio.create_memory_object_stream", "trio.open_memory_channel":
		return channelMade
	case "asyncio.wait":
		return func(x *interp, args *arguments, n pysyntax.Node) value {
			tasks := theSame(x, &arguments{pos: []value{args.get(0, "fs")}}, n)
			return x.a.t.tuple([]value{tasks, tasks}, nil)
		}
	case "bisect.bisect", "bisect.bisect_left", "bisect.bisect_right":
		return func(x *interp, args *arguments, n pysyntax.Node) value {
			x.ordered(x.iterate(args.get(0, "a"), n), args, -1, n)
			return nil
		}
	case "bisect.insort", "bisect.insort_left", "bisect.insort_right":
		return inserted
	case "operator.methodcaller":
		return func(x *interp, args *arguments, _ pysyntax.Node) value {
			return one(x.a.t.external(callsMethod + pymodule.StringValue(x.t, args.node(0, ""))))
		}
	case "operator.itemgetter":
		return func(x *interp, args *arguments, _ pysyntax.Node) value { return x.itemGetter(args) }
	case "operator.attrgetter":
		return func(x *interp, args *arguments, n pysyntax.Node) value { return x.attributeGetters(args, n) }
	case "json.dumps", "json.dump", "orjson.dumps", "msgspec.json.encode", "msgspec.msgpack.encode", "msgspec.to_builtins":
		return dumped
	case "msgspec.json.Encoder", "msgspec.msgpack.Encoder": // what encodes: see givenOn
		return func(_ *interp, args *arguments, _ pysyntax.Node) value { return args.kw["enc_hook"] }
	case "enum.member", "enum.nonmember": // of a function, which would be a method of the enumeration
		return func(_ *interp, args *arguments, _ pysyntax.Node) value { return args.get(0, "value") }
	case "weakref.ref", "weakref.WeakMethod":
		return func(x *interp, args *arguments, _ pysyntax.Node) value { return x.a.t.weakRef(args.get(0, "")) }
	case "weakref.proxy":
		return func(_ *interp, args *arguments, _ pysyntax.Node) value { return args.get(0, "") }
	case "json.JSONEncoder":
		return func(_ *interp, args *arguments, _ pysyntax.Node) value { return args.kw["default"] }
	case "string.Formatter":
		return func(x *interp, _ *arguments, _ pysyntax.Node) value { return one(x.a.t.external(formatterMade)) }
	case "functools.cmp_to_key":
		return func(x *interp, args *arguments, _ pysyntax.Node) value {
			return one(x.a.t.comparing(args.get(0, "mycmp")))
		}
	case "types.SimpleNamespace":
		return namespaceMade
	case "collections.namedtuple", "typing.NamedTuple", "typing_extensions.NamedTuple", "dataclasses.make_dataclass":
		return tupleClass
	case "functools.partial", "functools.partialmethod":
		return func(x *interp, args *arguments, n pysyntax.Node) value {
			// What is bound now reaches its parameters now; the rest comes with the call.
			if !slices.ContainsFunc(args.get(0, ""), isSessionMethod) {
				x.handedOn(args, n)
			}
			return x.partial(args, n, name == "functools.partialmethod")
		}
	case "copy.replace", "dataclasses.replace", "attr.evolve", "attrs.evolve":
		return replaced
	case aFuture, aThreadsFuture:
		return futureMade
	case "asyncio.gather":
		return gathered
	case "asyncio.wait_for", "asyncio.shield", "asyncio.create_task", "asyncio.ensure_future", "asyncio.run",
		"pickle.dumps", "pickle.loads", "cloudpickle.dumps", "cloudpickle.loads", "dill.dumps", "dill.loads", // detached objects of the same
		"asyncio.run_coroutine_threadsafe", "copy.copy", "copy.deepcopy", "types.MappingProxyType", "typing.assert_type", "typing_extensions.assert_type":
		return func(_ *interp, args *arguments, _ pysyntax.Node) value { return args.get(0, "") }
	case "contextlib.closing", "contextlib.aclosing", "contextlib.nullcontext":
		return entered
	case "typing.cast", "typing_extensions.cast":
		return cast
	case "typing.get_args", "typing_extensions.get_args":
		return typeArguments
	case "typing.TypeAliasType", "typing_extensions.TypeAliasType":
		return aliasType
	}
	return nil
}

// every is what stands at any place of the arguments, those of *args as one.
func every(args *arguments) []value {
	out := slices.Clone(args.pos)
	if len(args.star) > 0 {
		out = append(out, args.star)
	}
	return out
}

// fieldDefault is what a dataclass has where it is given nothing: field(default_factory=lambda: select(Order)).
func fieldDefault(x *interp, args *arguments, _ pysyntax.Node) value {
	out := args.kw["default"]
	for _, name := range []string{"default_factory", "factory"} { // which is no call that an option could stand behind
		out = join(out, x.callValue(args.kw[name], &arguments{}, args.kwNodes[name]))
	}
	return out
}

func chained(x *interp, args *arguments, n pysyntax.Node) value {
	var out value
	for _, v := range every(args) {
		out = join(out, x.iterate(v, n))
	}
	return x.a.t.collection(out)
}

func merged(x *interp, args *arguments, n pysyntax.Node) value {
	out := chained(x, args, n)
	x.ordered(x.elements(out), args, -1, n)
	return out
}

func completed(x *interp, args *arguments, n pysyntax.Node) value {
	return x.a.t.collection(x.iterate(args.get(0, "fs"), n))
}

func flattened(x *interp, args *arguments, n pysyntax.Node) value {
	return x.a.t.collection(x.iterate(x.iterate(args.get(0, "iterable"), n), n))
}

func zipped(x *interp, args *arguments, n pysyntax.Node) value {
	var elems []value
	for _, v := range args.pos {
		elems = append(elems, x.iterate(v, n))
	}
	if len(args.star) > 0 {
		return x.a.t.collection(x.a.t.collection(join(append(elems, x.iterate(args.star, n))...)))
	}
	return x.a.t.collection(x.a.t.tuple(elems, nil))
}

func theSame(x *interp, args *arguments, n pysyntax.Node) value {
	return x.a.t.collection(x.iterate(args.get(0, "iterable"), n))
}

func batched(x *interp, args *arguments, n pysyntax.Node) value {
	return x.a.t.collection(theSame(x, args, n))
}

func oneOf(x *interp, args *arguments, n pysyntax.Node) value {
	return join(x.iterate(args.get(0, ""), n), args.get(1, "default"))
}

func accumulated(x *interp, args *arguments, n pysyntax.Node) value {
	elem := x.iterate(args.get(0, "iterable"), n)
	made := x.callValue(args.get(1, "func"), &arguments{pos: []value{elem, elem}}, n)
	return x.a.t.collection(join(elem, made))
}

func reduced(x *interp, args *arguments, n pysyntax.Node) value {
	elem, start := x.iterate(args.get(1, ""), n), args.get(2, "")
	so := start
	if len(args.pos) < 3 {
		so = elem
	}
	if readsNamed(x.t, args.node(0, "")) {
		for range x.elements(args.get(1, "")) { // one after the other
			named, _ := x.attributesByName(so, elem, n)
			so = join(so, named)
		}
		return so
	}
	for range max(2, len(x.elements(args.get(1, "")))) { // what it made goes into it again
		made := x.callValue(args.get(0, ""), &arguments{pos: []value{so, elem}}, n)
		so = join(so, x.withoutStart(made, args.node(2, ""), n))
	}
	return so
}

func picking(x *interp, args *arguments, n pysyntax.Node) value {
	elem := x.iterate(args.get(1, ""), n)
	x.callValue(args.get(0, ""), &arguments{pos: []value{elem}}, n)
	return x.a.t.collection(elem)
}

func starmapped(x *interp, args *arguments, n pysyntax.Node) value {
	var out value
	for _, a := range x.iterate(args.get(1, ""), n) {
		given := &arguments{star: x.elements(one(a))}
		if a.kind == tuple {
			given = &arguments{pos: a.elems}
		}
		out = join(out, x.callValue(args.get(0, ""), given, n))
	}
	return x.a.t.collection(out)
}

func grouped(x *interp, args *arguments, n pysyntax.Node) value {
	elem := x.iterate(args.get(0, "iterable"), n)
	key := x.callValue(args.get(1, "key"), &arguments{pos: []value{elem}}, n)
	return x.a.t.collection(x.a.t.tuple([]value{key, x.a.t.collection(elem)}, nil))
}

func largest(x *interp, args *arguments, n pysyntax.Node) value {
	elem := x.iterate(args.get(1, "iterable"), n)
	x.ordered(elem, args, 2, n)
	return x.a.t.collection(elem)
}

func pushed(x *interp, args *arguments, n pysyntax.Node) value {
	heap, item := args.get(0, ""), args.get(1, "")
	if len(args.posNodes) > 1 {
		x.grow(args.posNodes[0], func(old value) value { return x.a.t.collection(join(x.elements(old), item)) })
	}
	x.compared("<", join(x.iterate(heap, n), item), item, n)
	return join(x.iterate(heap, n), item)
}

// inserted is insort(list, item), which compares the item with what the list holds.
func inserted(x *interp, args *arguments, n pysyntax.Node) value {
	list, item := args.get(0, "a"), args.get(1, "x")
	if holder := args.node(0, "a"); holder != pysyntax.Nil && len(item) > 0 {
		x.grow(holder, func(old value) value { return x.a.t.collection(join(x.elements(old), item)) })
	}
	x.ordered(join(x.iterate(list, n), item), args, -1, n)
	return nil
}

func gathered(x *interp, args *arguments, _ pysyntax.Node) value {
	if len(args.star) > 0 {
		return x.a.t.collection(join(every(args)...))
	}
	return x.a.t.tuple(every(args), nil)
}

// entered is aclosing(generator()) and its like: what `with` binds is the generator, and none of what it gives.
func entered(x *interp, args *arguments, _ pysyntax.Node) value {
	var out value
	for _, a := range args.get(0, "") {
		if a.kind == collection {
			out = join(out, x.a.t.collection(one(a)))
		} else {
			out = join(out, one(a))
		}
	}
	return out
}

func cast(x *interp, args *arguments, n pysyntax.Node) value {
	v := args.get(1, "")
	if hasObject(v) || len(args.posNodes) < 2 {
		return v
	}
	if told := x.annotation(args.posNodes[0], x.a.t.typeOrigin(x.m, n)); len(told) > 0 {
		return told
	}
	return v // cast(Any, Order.items) is said to the type checker alone
}

// uncast is the expression for which cast(Any, e) and col(e) of SQLModel stand.
func uncast(t *pysyntax.Tree, n pysyntax.Node) pysyntax.Node {
	if t.Kind(n) == pysyntax.Call && pymodule.Last(t.Text(t.Child(n, pysyntax.FieldFunction))) == "col" {
		return t.First(t.Child(n, pysyntax.FieldArguments))
	}
	return pymodule.Uncast(t, n)
}

func aliasType(x *interp, args *arguments, _ pysyntax.Node) value {
	if len(args.posNodes) < 2 {
		return nil
	}
	return x.a.t.typeRef(x.m, x.t.Text(args.posNodes[1]))
}

// givenOn is what methods of the library's objects give, which nobody sees made: a task is what its coroutine gives.
func (x *interp) givenOn(owner value, name string, args *arguments, n pysyntax.Node) value {
	switch name {
	case "result":
		if len(args.pos)+len(args.kw) == 0 || args.node(-1, "timeout") != pysyntax.Nil {
			return owner
		}
	case "__await__":
		return owner
	case "_replace": // of a NamedTuple
		return replaced(x, &arguments{pos: []value{owner}, kw: args.kw, kwNodes: args.kwNodes}, n)
	case "create_future":
		return futureMade(x, args, n)
	case "create_task", "run_until_complete":
		return args.get(0, "")
	case "encode": // of msgspec's Encoder(enc_hook=f)
		return dumped(x, &arguments{pos: []value{args.get(0, "obj"), owner}}, n)
	case "enter_context", "enter_async_context":
		return x.enter(args.get(0, ""), n)
	}
	return nil
}

func defaultDict(x *interp, args *arguments, n pysyntax.Node) value {
	rest := *args
	if len(args.pos) > 0 {
		rest.pos = args.pos[1:]
		if slices.ContainsFunc(args.pos[0], func(a *atom) bool { return a.kind == external && isQueueName(a.name) }) {
			return join(x.a.t.mapping(nil, queueMade(x, nil, n)), x.dict(&rest, n))
		}
	}
	for _, a := range args.get(0, "default_factory") {
		if a.kind == external && (a.name == aFuture || a.name == aThreadsFuture) {
			return x.a.t.mapping(nil, futureMade(x, args, n))
		}
	}
	return x.dict(&rest, n)
}

// dict is dict(...) of dictionaries, of pairs, and of arguments by name.
func (x *interp) dict(args *arguments, n pysyntax.Node) value {
	var keys, rest value
	var entries []entry
	for i, v := range args.pos {
		v = join(v, x.viewedWhole(v, n))
		if i < len(args.posNodes) {
			v = x.copiedPairs(args.posNodes[i], v)
		}
		more, others := parts(v)
		if more == nil && others == nil {
			for _, pair := range x.iterate(v, n) {
				if pair.kind == tuple && len(pair.elems) == 2 {
					keys, others = join(keys, pair.elems[0]), join(others, pair.elems[1])
				} else {
					others = join(others, one(pair))
				}
			}
		}
		entries = append(entries, more...)
		keys, rest = join(keys, x.keys(v)), join(rest, others)
	}
	return x.a.t.record(append(entries, args.entries()...), keys, join(rest, args.starStar))
}
