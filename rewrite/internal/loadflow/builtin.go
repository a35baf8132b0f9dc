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
	call := builtinFunction(name)
	if call == nil {
		return nil, false
	}
	first, _, _ := strings.Cut(name, ".")
	if _, local := x.env[first]; local || x.a.g.Resolve(x.m, first).Kind != pymodule.Unknown {
		return nil, false
	}
	if args == nil {
		args = x.evalArguments(n)
	}
	switch name {
	case "map", "filter", "sorted", "min", "max": // which say what lambdas are called with
	case "vars":
	default:
		x.runLambdas(args, join(args.pos...))
	}
	return call(x, args, n), true
}

// builtinFunction is nil for what is not known. It is a switch, as standardFunction is: a map of functions that come back to it
// by what they call would be initialized in a ring.
func builtinFunction(name string) standardCall {
	switch name {
	case "set", "frozenset":
		return func(x *interp, args *arguments, n pysyntax.Node) value {
			v := listed(x, args, n)
			x.hashed(x.elements(v), n)
			return v
		}
	case "list", "tuple":
		return listedInPlaces
	case "reversed", "aiter":
		return listed
	case "iter":
		return iterated
	case "sorted":
		return sorted
	case "enumerate":
		return func(x *interp, args *arguments, n pysyntax.Node) value {
			return x.a.t.collection(x.a.t.tuple([]value{nil, x.elementsOf(args, 0, n)}, nil))
		}
	case "zip":
		return zippedRows
	case "next", "anext":
		return func(x *interp, args *arguments, n pysyntax.Node) value {
			return join(x.elementsOf(args, 0, n), args.get(1, ""))
		}
	case "min", "max":
		return extreme
	case "map":
		return mapped
	case "filter":
		return filtered
	case "dict":
		return (*interp).dict
	case "dict.fromkeys":
		return func(x *interp, args *arguments, n pysyntax.Node) value {
			return x.a.t.mapping(x.elementsOf(args, 0, n), args.get(1, ""))
		}
	case "type":
		return typeOf
	case "sum":
		return func(x *interp, args *arguments, n pysyntax.Node) value {
			return join(x.listsIn(x.elementsOf(args, 0, n)), x.listsIn(args.get(1, "start")))
		}
	case "any", "all":
		return looksAt(func(x *interp, args *arguments, n pysyntax.Node) { x.tested(x.elementsOf(args, 0, n), n) })
	case "bool":
		return looksAt(func(x *interp, args *arguments, n pysyntax.Node) { x.tested(args.get(0, ""), n) })
	case "len":
		return looksAt(func(x *interp, args *arguments, n pysyntax.Node) { x.special(args.get(0, ""), nil, n, "__len__") })
	case "str", "print", "format":
		return looksAt(func(x *interp, args *arguments, n pysyntax.Node) {
			for _, v := range every(args) {
				x.printed(v, stringMethods, n)
			}
		})
	case "repr":
		return looksAt(func(x *interp, args *arguments, n pysyntax.Node) { x.printed(args.get(0, ""), reprMethods, n) })
	case "isinstance":
		return looksAt(func(*interp, *arguments, pysyntax.Node) {})
	case "vars":
		return func(x *interp, args *arguments, n pysyntax.Node) value {
			x.watchEscape(join(args.pos...), n, "is given to vars()", false)
			return join(x.a.t.dictOf(args.get(0, "")), x.classDict(args.get(0, "")), x.instanceDicts(args.get(0, "")))
		}
	case "dir":
		return func(x *interp, args *arguments, _ pysyntax.Node) value {
			v := args.get(0, "")
			return x.a.t.collection(join(x.memberNames(x.classesIn(v)), x.dirOf(v)))
		}
	case "setattr":
		return looksAt((*interp).setattrCall)
	case "staticmethod": // label = staticmethod(lambda order: order.number), in a class
		return func(_ *interp, args *arguments, _ pysyntax.Node) value { return args.get(0, "") }
	case "property":
		return propertyMade
	case "hasattr":
		return looksAt((*interp).hasattr)
	case "getattr":
		return (*interp).getattr
	}
	return nil
}

// looksAt is a function that gives nothing of what it is given.
func looksAt(do func(x *interp, args *arguments, n pysyntax.Node)) standardCall {
	return func(x *interp, args *arguments, n pysyntax.Node) value {
		do(x, args, n)
		return nil
	}
}

// elementsOf are the elements of an argument by position.
func (x *interp) elementsOf(args *arguments, i int, n pysyntax.Node) value {
	if i >= len(args.pos) {
		return nil
	}
	return x.iterate(args.pos[i], n)
}

func listed(x *interp, args *arguments, n pysyntax.Node) value {
	return x.a.t.collection(x.elementsOf(args, 0, n))
}

func iterated(x *interp, args *arguments, n pysyntax.Node) value {
	if len(args.pos) > 0 && len(args.posNodes) == 2 { // iter(callable, sentinel)
		return x.a.t.collection(x.calledPlain(args.posNodes[0], n))
	}
	return listed(x, args, n)
}

// calledPlain is what calls without arguments give of what an expression names: of a function of the program, a method of a
// container or of a session.
func (x *interp) calledPlain(fn, n pysyntax.Node) value {
	if callee := x.quiet(fn); x.t.Kind(fn) == pysyntax.Attribute && len(callee) == 0 {
		owner := x.quiet(x.t.Child(fn, pysyntax.FieldObject))
		return x.otherMethod(nil, methodCall{node: n, fn: fn, owner: owner, name: x.t.Text(x.t.Child(fn, pysyntax.FieldAttribute)), args: &arguments{}})
	}
	return x.apply(fn, nil)
}

func sorted(x *interp, args *arguments, n pysyntax.Node) value {
	x.ordered(x.elementsOf(args, 0, n), args, -1, n)
	return listed(x, args, n)
}

func zippedRows(x *interp, args *arguments, n pysyntax.Node) value {
	if len(args.pos) == 0 && len(args.star) > 0 {
		return x.columns(args.star, n)
	}
	elems := make([]value, len(args.pos))
	for i := range elems {
		elems[i] = x.elementsOf(args, i, n)
	}
	return x.a.t.collection(x.a.t.tuple(elems, nil))
}

// extreme is min() or max(), of one list or of several things.
func extreme(x *interp, args *arguments, n pysyntax.Node) value {
	of := join(args.pos...)
	if len(args.pos) == 1 {
		of = x.elementsOf(args, 0, n)
	}
	x.ordered(of, args, -1, n)
	return join(of, args.kw["default"])
}

func mapped(x *interp, args *arguments, n pysyntax.Node) value {
	if len(args.posNodes) < 2 {
		return nil
	}
	var given []value
	for i := 1; i < len(args.pos); i++ {
		given = append(given, x.elementsOf(args, i, n))
	}
	return x.a.t.collection(x.apply(args.posNodes[0], given))
}

func filtered(x *interp, args *arguments, n pysyntax.Node) value {
	if len(args.posNodes) < 2 {
		return nil
	}
	elements := x.elementsOf(args, 1, n)
	if x.t.Kind(args.posNodes[0]) == pysyntax.None {
		x.tested(elements, n)
	}
	x.apply(args.posNodes[0], []value{elements})
	return x.a.t.collection(elements)
}

func typeOf(x *interp, args *arguments, _ pysyntax.Node) value {
	if len(args.pos) == 3 {
		return x.subclassByType(args)
	}
	if len(args.pos) != 1 {
		return nil
	}
	return x.classesOf(args.pos[0])
}

// hasattr raises what the read does, if that is no AttributeError.
func (x *interp) hasattr(args *arguments, n pysyntax.Node) {
	if len(args.posNodes) > 1 {
		for _, attr := range x.spellings(args.posNodes[1]) {
			x.member(args.pos[0], attr, n)
		}
	}
}

// getattr is getattr(order, "items", None), also by a name that the function or its callers know.
func (x *interp) getattr(args *arguments, n pysyntax.Node) value {
	if len(args.posNodes) < 2 {
		return nil
	}
	if names := x.spellings(args.posNodes[1]); len(names) > 0 {
		out := args.get(2, "")
		for _, attr := range names {
			out = join(out, x.member(args.pos[0], attr, n))
			if len(out) == 0 {
				out = x.sessionMethod(args.pos[0], attr)
			}
		}
		return out
	}
	return join(x.setBefore(args), x.getattrUnspelled(args, n))
}

// getattrUnspelled is getattr() by a name that does not stand there.
func (x *interp) getattrUnspelled(args *arguments, n pysyntax.Node) value {
	if x.t.Is(args.posNodes[1], pysyntax.BooleanOperator, pysyntax.ConditionalExpression, pysyntax.ParenthesizedExpression) || isStripping(x.t, args.posNodes[1]) {
		args.pos[1] = withoutTruth(x.quiet(args.posNodes[1])) // self.source or self.name: as an argument it has no words
	}
	if len(args.pos[1]) > 0 && x.asksForColumn(args, n) {
		if args.pos[1] = x.withoutRelationships(args.pos[0], args.pos[1]); len(args.pos[1]) == 0 {
			return nil
		}
	}
	x.readListedNames(args.pos[0], args.posNodes[1], n)
	if called, ok := x.methodsByWord(args, n); ok {
		return called
	}
	if called, ok := x.hooksByName(args, n); ok {
		return called
	}
	if method := x.sessionMethods(args.pos[0], wordsIn(args.pos[1])); len(method) > 0 {
		return method
	}
	if named, ok := x.attributesByName(args.pos[0], args.pos[1], n); ok {
		return named
	}
	if named, ok := x.attributesLike(args.pos[0], args.posNodes[1], n); ok {
		return join(named, args.get(2, ""))
	}
	if called, ok := x.methodsComputed(args, n); ok {
		return called
	}
	x.opaqueAttribute(args.pos[0], listsRelationships(args.pos[1]) && !x.asksWhatIsLoaded(), n)
	x.readListed(args.pos[0], args.posNodes[1], n)
	x.unnamedAttribute(args.pos[0], args, n)
	x.watchEscape(args.pos[0], n, "has attributes read by a name that only running code knows", true)
	return nil
}

// setattrCall is setattr() with whatever says the name.
func (x *interp) setattrCall(args *arguments, n pysyntax.Node) {
	if len(args.posNodes) > 1 {
		name := ""
		if names := x.spellings(args.posNodes[1]); len(names) == 1 {
			name = names[0]
		} else {
			x.setUnspelled(args)
		}
		x.setattr(args, name, n)
	}
}

// setattr is setattr(order, "status", v): the name is "" where only running code knows it.
func (x *interp) setattr(args *arguments, name string, n pysyntax.Node) {
	x.worksBySet(args.pos[0], args.node(0, ""), name, n)
	for _, a := range args.pos[0] {
		switch {
		case a.kind == object:
			if name == "" {
				x.unnamedSet(a, args, n)
				for _, e := range x.setsNamed(a, args, n) {
					x.assignMember(a, x.t.Text(args.posNodes[0]), e.name, e.value, pysyntax.Nil, n)
				}
			}
			x.assignMember(a, x.t.Text(args.posNodes[0]), cmp.Or(name, anyColumn), args.get(2, ""), pysyntax.Nil, n)
		case a.kind == instance && name != "":
			x.storeIn(a, name, args.get(2, ""))
		case a.kind == classRef && name != "":
			x.store(a.class, name, args.get(2, ""))
			x.attach(a.class, name, args.get(2, ""), args.node(2, ""))
		case a.kind == instance:
			x.setOnInstance(a, args)
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
	if name == "inspect.getmembers" {
		return x.membersOf(args.get(0, "object"))
	}
	if name == "inspect.signature" {
		return one(x.a.t.signature(args.get(0, "obj")))
	}
	if name == "inspect.getcallargs" && len(args.pos) > 0 {
		given := *args
		given.pos, given.posNodes = args.pos[1:], args.posNodes[min(1, len(args.posNodes)):]
		named, _ := x.bySignature(args.pos[0], &given)
		return named
	}
	if strings.HasPrefix(name, "inspect.") || last == "iscoroutinefunction" { // it looks at a function, and runs none
		return nil
	}
	x.watchDumper(last, args, n)
	if isSQLAlchemy(name) {
		switch last {
		case "select", "Select", "SelectOfScalar":
			return x.selectCall(n, args, false)
		case "lambda_stmt":
			return x.lambdaStatement(args, n)
		case "Query":
			return x.queryMade(n, args)
		case "insert", "update", "delete":
			return x.selectCall(n, &arguments{}, false)
		case "aliased", "with_polymorphic":
			return x.aliases(join(args.pos...))
		case "selectin_polymorphic":
			return x.polymorphicOption(nil, args.get(1, "classes"), args.node(1, "classes"), n)
		case "inspect", "class_mapper", "object_mapper":
			return x.mapperOf(args.get(0, ""))
		}
		if IsLoader(last) || saysColumns[last] {
			return x.loaderCall(last, nil, args, n)
		}
	}
	if call := standardFunction(name); call != nil {
		return call(x, args, n)
	}
	if v, ok := x.emitterMade(name, args, n); ok {
		return v
	}
	if call := packageFunction(name); call != nil {
		return call(x, args, n)
	}
	if v, ok := x.callToolz(name, args, n); ok {
		return v
	}
	if v, ok := x.callSequence(name, args, n); ok {
		return v
	}
	if isContainerProvider(name) {
		return x.containerProvider(last, args, n)
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
		if v := x.templateText(args.node(0, "source"), 0); len(v) > 0 {
			return v
		}
		return one(x.a.t.external(unnamedTemplate))
	}
	if v, ok := x.mapped(last, args, n); ok {
		return v
	}
	if !isSQLAlchemy(name) {
		x.lambdasHanded(args, n)
	}
	if v, ok := x.handedOn(args, n); ok || isSQLAlchemy(name) {
		return v
	}
	if v := x.schemaBeside(nil, args, n); len(v) > 0 {
		return v
	}
	return join(x.handsOn(last, args), x.lookedUp(nil, last, args, n), unseenResult(name, args))
}
