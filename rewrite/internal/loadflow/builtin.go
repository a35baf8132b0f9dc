package loadflow

import (
	"cmp"
	"slices"
	"strings"

	"github.com/lazyfix/lazyfix/rewrite/internal/pymodule"
	"github.com/lazyfix/lazyfix/rewrite/internal/pysyntax"
)

// builtin is a call of a function of Python's own, by bare name; false when the name is none or the program shadows it.
// Without args they are those of the call.
func (x *interp) builtin(n pysyntax.Node, name string, args *arguments) (value, bool) {
	switch name {
	case "list", "set", "sorted", "reversed", "iter", "frozenset", "tuple", "aiter", "enumerate", "zip", "next", "anext",
		"min", "max", "map", "filter", "dict", "getattr", "setattr", "hasattr", "isinstance", "vars", "sum", "any", "all", "len",
		"str", "print", "repr", "format", "bool", "dict.fromkeys", "type":
	default:
		return nil, false
	}
	first, _, _ := strings.Cut(name, ".")
	if _, local := x.env[first]; local || x.a.g.Resolve(x.m, first).Kind != pymodule.Unknown {
		return nil, false
	}
	if args == nil {
		args = x.evalArguments(n)
	}
	t := x.a.t
	if name == "vars" {
		x.watchEscape(join(args.pos...), n, "is given to vars()", false)
		return t.dictOf(args.get(0, "")), true
	}
	elem := func(i int) value {
		if i >= len(args.pos) {
			return nil
		}
		return x.iterate(args.pos[i], n)
	}
	switch name {
	case "map", "filter", "sorted", "min", "max":
	default:
		x.runLambdas(args, join(args.pos...))
	}
	switch name {
	case "sorted":
		x.ordered(elem(0), args, -1, n)
		return t.collection(elem(0)), true
	case "list", "set", "reversed", "iter", "frozenset", "tuple", "aiter":
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
		if len(args.pos) == 0 && len(args.star) > 0 {
			return x.columns(args.star, n), true
		}
		elems := make([]value, len(args.pos))
		for i := range elems {
			elems[i] = elem(i)
		}
		return t.collection(t.tuple(elems, nil)), true
	case "next", "anext":
		return join(elem(0), args.get(1, "")), true
	case "min", "max":
		of := join(args.pos...)
		if len(args.pos) == 1 {
			of = elem(0)
		}
		x.ordered(of, args, -1, n)
		return join(of, args.kw["default"]), true
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
			if x.t.Kind(args.posNodes[0]) == pysyntax.None {
				x.tested(elem(1), n)
			}
			x.apply(args.posNodes[0], []value{elem(1)})
			return t.collection(elem(1)), true
		}
	case "dict":
		return x.dict(args, n), true
	case "type":
		if len(args.pos) == 1 {
			return x.classesOf(args.pos[0]), true
		}
	case "dict.fromkeys":
		return t.mapping(elem(0), args.get(1, "")), true
	case "sum":
		return join(x.listsIn(elem(0)), x.listsIn(args.get(1, "start"))), true
	case "any", "all":
		x.tested(elem(0), n)
	case "bool":
		x.tested(args.get(0, ""), n)
	case "len":
		x.special(args.get(0, ""), nil, n, "__len__")
	case "str", "print", "format":
		for _, v := range every(args) {
			x.printed(v, stringMethods, n)
		}
	case "repr":
		x.printed(args.get(0, ""), reprMethods, n)
	case "setattr":
		if len(args.posNodes) > 1 {
			name := ""
			if names := x.spellings(args.posNodes[1]); len(names) == 1 {
				name = names[0]
			}
			x.setattr(args, name, n)
		}
	case "hasattr": // raises what the read does, if that is no AttributeError
		if len(args.posNodes) > 1 {
			for _, attr := range x.spellings(args.posNodes[1]) {
				x.member(args.pos[0], attr, n)
			}
		}
	case "getattr":
		if len(args.posNodes) > 1 {
			if names := x.spellings(args.posNodes[1]); len(names) > 0 {
				out := args.get(2, "")
				for _, attr := range names {
					out = join(out, x.member(args.pos[0], attr, n))
				}
				return out, true
			}
			if named, ok := x.attributesByName(args.pos[0], args.pos[1], n); ok {
				return named, true
			}
			if named, ok := x.attributesLike(args.pos[0], args.posNodes[1], n); ok {
				return join(named, args.get(2, "")), true
			}
			x.opaqueAttribute(args.pos[0], listsRelationships(args.pos[1]) && !x.asksWhatIsLoaded(), n)
			x.watchEscape(args.pos[0], n, "has attributes read by a name that only running code knows", true)
		}
	}
	return nil, true
}

// setattr is setattr(order, "status", v): the name is "" where only running code knows it.
func (x *interp) setattr(args *arguments, name string, n pysyntax.Node) {
	for _, a := range args.pos[0] {
		switch {
		case a.kind == object:
			if name == "" {
				for _, e := range x.setsNamed(a, args, n) {
					x.assignMember(a, x.t.Text(args.posNodes[0]), e.name, e.value, pysyntax.Nil, n)
				}
			}
			x.assignMember(a, x.t.Text(args.posNodes[0]), cmp.Or(name, anyColumn), args.get(2, ""), pysyntax.Nil, n)
		case a.kind == instance && name != "":
			x.storeIn(a, name, args.get(2, ""))
		case a.kind == instance:
			for _, e := range x.keywordsGiven() { // for name, value in kwargs.items(): setattr(self, name, value)
				x.storeIn(a, e.name, e.value)
			}
		}
	}
}

// keywordsGiven are what callers pass for the **kwargs of this function.
func (x *interp) keywordsGiven() []entry {
	f := x.u.key.fn
	if f == nil {
		return nil
	}
	for _, p := range f.Params {
		if p.Kind == pymodule.StarStar {
			entries, _ := parts(x.env[p.Name])
			return entries
		}
	}
	return nil
}

// columns is zip(*rows): of each column a list.
func (x *interp) columns(rows value, n pysyntax.Node) value {
	count := 0
	for _, a := range rows {
		if a.kind == tuple {
			count = max(count, len(a.elems))
		}
	}
	elems := make([]value, count)
	for i := range elems {
		elems[i] = x.a.t.collection(x.nth(rows, i, n))
	}
	return x.a.t.tuple(elems, nil)
}

// listsIn are the lists in v, which sum() puts together.
func (x *interp) listsIn(v value) value {
	return slices.DeleteFunc(slices.Clone(v), func(a *atom) bool { return a.kind != collection && a.kind != tuple })
}

// externalCall is a call of a library's function by its full name.
func (x *interp) externalCall(name string, args *arguments, n pysyntax.Node) value {
	last := pymodule.Last(name)
	if strings.HasPrefix(name, "inspect.") || last == "iscoroutinefunction" { // it looks at a function, and runs none
		return nil
	}
	x.watchDumper(last, args, n)
	if isSQLAlchemy(name) {
		switch last {
		case "select", "Select", "SelectOfScalar":
			return x.selectCall(n, args, false)
		case "Query":
			return x.queryMade(n, args)
		case "insert", "update", "delete":
			return x.selectCall(n, &arguments{}, false)
		case "aliased", "with_polymorphic":
			return join(args.pos...)
		case "inspect", "class_mapper", "object_mapper":
			return x.mapperOf(args.get(0, ""))
		}
		if _, ok := loaders[last]; ok {
			return x.loaderCall(last, nil, args, n)
		}
	}
	if call := standardFunction(name); call != nil {
		return call(x, args, n)
	}
	if call := packageFunction(name); call != nil {
		return call(x, args, n)
	}
	if strings.HasPrefix(name, "dependency_injector.") && isContainerProvider(last) {
		return x.containerProvider(args, n)
	}
	if resultMade(name) {
		return args.get(0, "inner_value")
	}
	if isDepends(last) {
		return x.dependsCall(args, n)
	}
	if last == "paginate" || last == "apaginate" || isPage(strings.TrimSuffix(name, ".create")) {
		x.pageOf(args, n)
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
	if v, ok := x.mapped(last, args, n); ok {
		return v
	}
	if v, ok := x.handedOn(args, n); ok || isSQLAlchemy(name) {
		return v
	}
	return statementThrough(last, args)
}

func classOf(v value) *pymodule.Class {
	for _, a := range v {
		if a.kind == classRef {
			return a.class
		}
	}
	return nil
}
