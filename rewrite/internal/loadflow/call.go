package loadflow

import (
	"slices"
	"strings"

	"github.com/lazyfix/lazyfix/rewrite/internal/pymodule"
	"github.com/lazyfix/lazyfix/rewrite/internal/pysyntax"
)

// callExpression is `f(...)`.
func (x *interp) callExpression(n pysyntax.Node) value {
	t := x.t
	fn := t.Child(n, pysyntax.FieldFunction)
	if t.Kind(fn) == pysyntax.Attribute {
		if v, ok := x.superCall(n, fn); ok {
			return v
		}
		key, dotted := pymodule.DottedName(t, fn)
		if v, ok := x.builtin(n, key, nil); ok {
			return v
		}
		if v, known := x.env[key]; !dotted || !known {
			owner := dropping(x.eval(t.Child(fn, pysyntax.FieldObject)), isBuiltin) // str.format(...) is told by its name
			return x.callMethod(n, fn, owner, t.Text(t.Child(fn, pysyntax.FieldAttribute)))
		} else if len(v) > 0 {
			return x.callSpelled(v, x.evalArguments(n), n)
		}
	}
	if t.Kind(fn) == pysyntax.Identifier {
		if _, local := x.env[t.Text(fn)]; !local {
			if isBuiltinException(t.Text(fn)) {
				x.builtinMade(n)
			}
			if v, ok := x.templateCall(n, t.Text(fn)); ok {
				return v
			}
			if v, ok := x.keptByName(n, t.Text(fn)); ok {
				return v
			}
			if v, ok := x.builtin(n, t.Text(fn), nil); ok {
				return v
			}
		}
	}
	callee, args := x.eval(fn), x.evalArguments(n)
	x.handInAll(fn, args)
	if len(callee) == 0 && t.Kind(fn) == pysyntax.Call {
		x.addCalled(fn, args, n)
		v, _ := x.callUnseen(args, n)
		return v
	}
	return x.callSpelled(callee, args, n)
}

// callValue calls whatever the value may be.
func (x *interp) callValue(callee value, args *arguments, n pysyntax.Node) value {
	var out value
	for _, c := range callee {
		x.authenticates(c, args, n)
		switch c.kind {
		case funcRef:
			args := x.callableWith(c, x.fromTemplate(c.fn, args.behind(c)))
			if len(c.fn.Decorators) > 0 && x.isCurried(c.fn) && waitsForMore(c.fn, args) {
				out = join(out, x.curried(c, args, n))
				continue
			}
			if self, rest := x.unbound(c, args); len(self) > 0 {
				out = join(out, x.callUnbound(c, self, args, rest, n))
			} else if c.name == undecorated {
				out = join(out, x.callUndecorated(c.fn, c.self, args, n, c.unit))
			} else if len(c.self) == 1 && (c.self[0].kind == instance || c.self[0].kind == object) && c.fn.Class != nil {
				v := x.callMethods(c.self[0].class, c.fn, c.self, args, n)
				if changed, ok := x.changedQuery(c.fn, c.self, args); ok {
					v = changed
				}
				out = join(out, v)
			} else {
				self, args := c.attachedTo(args)
				out = join(out, x.callOuter(c.fn, self, args, n, c.unit))
			}
		case classRef:
			out = join(out, x.construct(c, args, n))
		case external:
			out = join(out, x.callLibrary(c, args, n))
		case instance, object:
			if f := x.method(c.class, "__call__"); f != nil {
				out = join(out, x.call(f, one(c), args, n))
			}
		case relRef: // Order.items.and_(...), .of_type(...)
			out = join(out, one(c))
		case resultRows: // of result.freeze(), which gives the result again
			out = join(out, one(c))
		case tuple:
			out = join(out, weakTarget(c), x.callPartial(c, args))
		case typeRef: // a converter
			out = join(out, x.convert(args.get(0, "root"), one(c), n))
		case lostAtoms:
			out = x.callOfMany(out, &arguments{}, n) // what runs any function that it is given, run_async(f, order), is no table of them
		}
	}
	return out
}

// method finds a method of the program in a class or its bases.
func (x *interp) method(c *pymodule.Class, name string) *pymodule.Function {
	if s := x.a.classMember(c, name); s.Kind == pymodule.FunctionSymbol {
		return s.Function
	}
	return nil
}

func (x *interp) call(f *pymodule.Function, self value, args *arguments, n pysyntax.Node) value {
	return x.callOuter(f, self, args, n, nil)
}

// callOuter calls one function: it notes what reaches which parameter, and gives what the function returns.
func (x *interp) callOuter(f *pymodule.Function, self value, args *arguments, n pysyntax.Node, outer *unitKey) value {
	out := x.callUndecorated(f, self, args, n, outer)
	if len(f.Decorators) > 0 {
		out = x.throughWrappers(f, out, n)
	}
	return out
}

// callUndecorated is such a call without what decorators make of the result.
func (x *interp) callUndecorated(f *pymodule.Function, self value, args *arguments, n pysyntax.Node, outer *unitKey) value {
	args, ran := x.runHanded(f, args, n)
	bound := x.bindArguments(f, self, args)
	x.bindDefaults(f, bound, args, outer)
	out := x.resultOfHanded(x.callBound(f, self, bound, n, outer), ran)
	out = x.wrappedMethod(f, outer, out, args, n)
	if len(f.Decorators) > 0 {
		out = x.afterWrappers(f, join(out, x.dispatched(f, self, args, n)), n)
	}
	return out
}

func (x *interp) callBound(f *pymodule.Function, self value, bound []value, n pysyntax.Node, outer *unitKey) value {
	if i := splitCall(bound); i >= 0 {
		var out value
		for _, a := range bound[i] {
			part := slices.Clone(bound)
			part[i] = one(a)
			out = join(out, x.callBound(f, self, part, n, outer))
		}
		return out
	}
	if i, parts := x.splitByType(f, bound); i >= 0 {
		var out value
		for _, v := range parts {
			part := slices.Clone(bound)
			part[i] = v
			out = join(out, x.callBound(f, self, part, n, outer))
		}
		return out
	}
	key, asked := x.keyFor(f, self, bound, outer)
	x.inNoContext(key, asked, n)
	bound = withoutFlagsIn(bound)
	text := f.Qual
	if f.Module.Template {
		text = f.Module.Path
	}
	x.out.edges = append(x.out.edges, &edge{callee: key, args: x.withoutHandedOn(f, bound), node: n, mod: x.m, text: text})
	x.out.usedUnits[key.id] = key
	u := x.a.units[key.id]
	if u == nil {
		return nil
	}
	x.convertedBy(f, bound, n)
	ret := x.substituteOnce(u, bound, n)
	x.queriedIn(ret, u.out.closed, n)
	x.growArguments(u.out.grown, key, bound, n)
	e := u.out.effect
	if rekey := func() { x.rekeyArguments(e.sets, f, bound, n) }; strings.Contains(e.sets, setsNamed) {
		ret = x.through(result, ret, rekey) // only this caller says which keys were set of what comes back
	} else {
		rekey()
	}
	x.afterCall(e, f, bound, n)
	x.populateArguments(u.out.populated, key, bound, n)
	x.refreshArguments(u.out.refreshed, key, bound, n)
	x.preloadArguments(u.out.preloaded, bound, n)
	x.loadArguments(u.out.loads, f, n)
	return ret
}

// keyFor chooses the context in which a function is understood, asked is the one that there is no room for, nil mostly.
func (x *interp) keyFor(f *pymodule.Function, self value, bound []value, outer *unitKey) (key, asked *unitKey) {
	recv := f.Class
	var targs typeArgs
	for _, s := range self {
		if s.class != nil && f.Class != nil && x.a.g.IsSubclass(s.class, f.Class) {
			if recv, targs = s.class, s.args; isClassMethod(f) && s.kind != classRef {
				targs.given = nil // cls is the class, whatever the instance was given
			}
			break
		}
	}
	var types []paramAtom
	for i, v := range bound {
		if fact := slices.IndexFunc(v, isFact); fact >= 0 {
			types = append(types, paramAtom{i, v[fact]})
			v = dropping(v, isFact)
		}
		if told := x.a.t.templatesTold(f.Params[i], v); told != nil {
			types = append(types, paramAtom{i, told})
		}
		if i == 0 && isMethod(f) || len(v) != 1 || !x.a.tells(v[0], f, i) {
			continue
		}
		if f.Params[i].Kind == pymodule.Plain || f.Params[i].Kind == pymodule.KeywordOnly || v[0].kind == tuple || v[0].kind == mapping || isFlag(v[0]) {
			types = append(types, paramAtom{i, v[0]})
		}
	}
	if len(types) == 0 && outer == nil && targs.plain() {
		return x.a.fitting(x.a.plainKey(f, recv))
	}
	return x.a.fitting(functionKey(f, recv, targs, types, outer))
}

// plainKey is the unit of a function in no context but the class of self.
func (a *analysis) plainKey(f *pymodule.Function, recv *pymodule.Class) *unitKey {
	return a.t.keys.get(calleeKey{f, recv}, func() *unitKey { return functionKey(f, recv, typeArgs{}, nil, nil) })
}

// tells reports whether an argument can decide what a function means: a class or a type, a relationship, a template; a flag
// that it tests, a function that it calls. One that stands in the same function tells nothing: a wrapper that calls itself
// would be another one each time.
func (a *analysis) tells(v *atom, f *pymodule.Function, param int) bool {
	if a.tellsInner(v, f, param) {
		return true
	}
	switch v.kind {
	case instance:
		return isMember(v)
	case classRef, relRef, templateRef, typeRef:
		return true
	case flag:
		use := a.usesOf(f)[param]
		return use.heeded || use.refills && isWord(v) || a.namesMethod(f, param)
	case external:
		return isResultMaker(v) || isSessionMethod(v) || isBuiltin(v) && a.usesOf(f)[param].called
	case tuple:
		return f.Params[param].Kind == pymodule.Star && (isAttributes(v) || tellsModel(v))
	case mapping:
		return f.Params[param].Kind == pymodule.StarStar && tellsTypes(v)
	case funcRef:
		if v.name == undecorated && f.Name == "__init__" {
			return true
		}
		return !hasObject(v.self) && a.usesOf(f)[param].called && !v.unit.within(f)
	}
	return false
}

// tellsTypes reports whether a dictionary of keyword arguments has classes or types and no objects:
// endpoint("/orders", response_model=OrderOut).
func tellsTypes(v *atom) bool {
	return !hasObject(one(v)) && slices.ContainsFunc(v.entries, func(e entry) bool {
		return len(e.value) == 1 && (e.value[0].kind == classRef || e.value[0].kind == typeRef)
	})
}

// bindArguments says which argument reaches which parameter.
func (x *interp) bindArguments(f *pymodule.Function, self value, args *arguments) []value {
	bound := make([]value, len(f.Params))
	next := 0
	if isMethod(f) && len(self) > 0 {
		bound[0] = self
		next = 1
	}
	used := map[string]bool{}
	for i, p := range f.Params {
		if i < next {
			continue
		}
		switch p.Kind {
		case pymodule.Plain, pymodule.KeywordOnly:
			if v, ok := args.kw[p.Name]; ok {
				bound[i] = v
				used[p.Name] = true
				switch k := i - next; {
				case p.Kind != pymodule.Plain || args.node(-1, p.Name) != pysyntax.Nil:
				case args.node(k, "") != pysyntax.Nil:
					bound[i] = args.pos[k] // what **kwargs may have under its name it has for another call
				case k == 0:
					bound[i] = join(v, args.star) // **kwargs has it for one caller, *args for another: they begin with it
				}
			} else if k := i - next; p.Kind == pymodule.Plain && k < len(args.pos) {
				bound[i] = args.pos[k]
			} else if bound[i] = join(args.star, args.starStar); len(bound[i]) == 0 && !args.more {
				bound[i] = x.ownDefault(p, f)
			}
		case pymodule.Star:
			bound[i] = x.behindOthers(f, args, i-next)
		case pymodule.StarStar:
			bound[i] = x.otherKeywords(f, args, used)
		}
	}
	x.expectLambdas(f, self, bound)
	x.bindWords(f, self, bound, args)
	x.bindFacts(f, self, bound, args)
	return bound
}

// construct is `Class(...)`.
func (x *interp) construct(c *atom, args *arguments, n pysyntax.Node) value {
	if m := x.a.ix.Class(c.class); m != nil && m.Mapped {
		made := x.create(c, args, n)
		if f := x.method(c.class, "__init__"); f != nil {
			made = x.through(underConstruction, made, func() { x.call(f, made, args, n) }) // with what its constructor set
		}
		return made
	}
	if x.a.inherits(c.class, "TypedDict") {
		return x.dict(args, n)
	}
	targs := c.args
	targs.template = templatesOf(args)
	made := x.a.t.instance(c.class, targs)
	if x.a.isSchema(c.class) {
		x.readMade(c, args, n)
	}
	if f := x.method(c.class, "__init__"); f != nil {
		return one(x.constructed(made, f, args, n))
	}
	args = x.convertedBySchema(c.class, x.attrsConverted(c.class, args, n))
	made = x.argsMade(x.itemsMade(x.dataMade(made, args), args), args)
	x.attrsValidated(made, args, n)
	x.rendered(made, args, n)
	x.adapterMade(c.class, args)
	if f := x.method(c.class, "__post_init__"); f != nil {
		x.call(f, one(made), x.initOnly(c.class, args), n)
	}
	return one(made)
}
