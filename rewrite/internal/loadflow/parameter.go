package loadflow

import (
	"slices"
	"strings"

	"github.com/lazyfix/lazyfix/rewrite/internal/pymodule"
	"github.com/lazyfix/lazyfix/rewrite/internal/pysyntax"
)

// parameter is what a parameter of the unit may be: what its annotation says; where that says nothing, what callers pass.
func (x *interp) parameter(i int) value {
	if v, ok := x.ofMetaclass(i); ok {
		return v
	}
	if x.u.key.isSelf(i) {
		return x.self()
	}
	declared := x.declaredParameter(i)
	if x.out.declared == nil {
		x.out.declared = make([]value, len(x.u.params))
	}
	x.out.declared[i] = declared
	return x.a.parameter(x.u.key, i, declared, x.u.orDeclared(declared, x.u.params[i], i))
}

// parameter is what a parameter may be of which the source says one thing and its callers another.
func (a *analysis) parameter(k *unitKey, i int, declared, passed value) value {
	p := k.fn.Params[i]
	if g := k.given(i); g != nil {
		if g.kind == classRef {
			g = a.t.classRef(g.class, g.args, true)
		}
		return one(g)
	}
	v := join(declared, passed)
	if hasObject(declared) || !hasObject(passed) && hasInstance(declared) { // of what callers pass that is what is called
		v = join(declared, dropping(passed, func(b *atom) bool { return !a.fitsCall(b, declared) }))
	}
	v = a.orSession(a.t.madeOf(madeForTemplates(k.ofType(i, a.below(v, passed)), passed), passed), passed, k, p)
	if takesOptions(k.mod.Tree, p) || hasOption(passed) {
		v = join(v, one(a.t.optionParam(k, i)))
	}
	switch p.Kind {
	case pymodule.Star:
		if p.Annotation != pysyntax.Nil && !same(v, passed) {
			v = join(a.t.collection(declared), passed)
		}
	case pymodule.StarStar:
		v = join(a.t.mapping(nil, declared), passed)
	}
	return v
}

// below puts instances of subclasses that callers pass beside those that an annotation names: a method that the subclass
// inherits may mean something else by what the instance was given. So it does with what is takenFor a Protocol.
func (a *analysis) below(v, passed value) value {
	out := v
	for _, d := range v {
		if d.kind != instance {
			continue
		}
		for _, p := range passed {
			if p.kind == instance && p.class != d.class && (a.g.IsSubclass(p.class, d.class) || a.takenFor(p.class, d.class)) {
				out = join(out, one(p))
			}
		}
	}
	return out
}

func isFunction(a *atom) bool { return a.kind == funcRef }

// fitsCall reports whether b may be what a parameter's annotation declares to be called, by a protocol with __call__: a function,
// or an instance with a __call__. pymodule finds no classes that fit a protocol by its dunder methods alone.
func (a *analysis) fitsCall(b *atom, declared value) bool {
	return isFunction(b) || b.kind == instance && a.classMember(b.class, "__call__").Function != nil && slices.ContainsFunc(declared, func(d *atom) bool {
		f := a.classMember(d.class, "__call__").Function
		return d.kind == instance && f != nil && f.IsStub()
	})
}

func (k *unitKey) isSelf(param int) bool { return param == 0 && isMethod(k.fn) && k.recv != nil }

// heeds reports whether a unit must run again since callers pass something else to a parameter. Most parameters are
// annotated, or what callers pass is what was known of them already.
func (a *analysis) heeds(u *unit, i int, passed value) bool {
	switch {
	case same(passed, u.params[i]):
		return false
	case u.key.isSelf(i):
		return !same(a.self(u.key, passed), a.self(u.key, u.params[i]))
	case u.out.declared == nil: // it failed
		return true
	}
	d := u.out.declared[i]
	return !same(a.parameter(u.key, i, d, u.orDeclared(d, passed, i)), a.parameter(u.key, i, d, u.orDeclared(d, u.params[i], i)))
}

func hasOption(v value) bool {
	for _, a := range flatten(v) {
		if a.kind == option || a.kind == optionParam {
			return true
		}
	}
	return false
}

// takesOptions reports whether a parameter is there to bring loader options.
func takesOptions(t *pysyntax.Tree, p pymodule.Param) bool {
	switch p.Name {
	case "options", "load", "loads", "loader_options", "load_options", "query_options", "orm_options", "eager_options",
		"select_options", "loading_options", "extra_options":
		return true
	}
	if p.Annotation == pysyntax.Nil {
		return false
	}
	text := t.Text(p.Annotation)
	switch p.Name {
	case "load_relations", "load_relationships", "relations", "relationships", "related", "include", "includes", "eager_load", "preload":
		if strings.Contains(text, "str") {
			return true
		}
	}
	return strings.Contains(text, "ORMOption") || strings.Contains(text, "ExecutableOption") ||
		strings.Contains(text, "LoaderOption") || strings.Contains(text, "AbstractLoad") || strings.Contains(text, "LoadSpec")
}

func (x *interp) self() value { return x.a.self(x.u.key, x.u.params[0]) }

// self is the first parameter of a method, of which callers know what it was made with.
func (a *analysis) self(k *unitKey, passed value) value {
	if isClassMethod(k.fn) {
		return one(a.t.classRef(k.recv, k.args, true))
	}
	if m := a.ix.Class(k.recv); m != nil && (m.Mapped || len(a.ix.All(k.recv)) > 0) {
		return one(a.t.object(k.recv, a.t.paramOrigin(k, 0), nil))
	}
	self := one(a.t.instance(k.recv, k.args))
	for _, p := range passed { // a type of Strawberry's that stands for an object
		if p.kind == object {
			self = join(self, one(p))
		}
	}
	return a.t.madeOf(self, passed)
}

// declared is what the source says of a parameter, whatever its callers pass.
type declared struct {
	value   value              // by its annotation
	given   []*pymodule.Type   // what stands beside the type in Annotated[...]
	scope   typeScope          // where the names in given are looked up
	fixture *pymodule.Function // what pytest calls for it
	// provider is what Litestar calls for it.
	provider pymodule.Symbol
}

// declaredParameter is what a parameter's annotation or its default says.
func (x *interp) declaredParameter(i int) value {
	k := x.u.key
	p := k.fn.Params[i]
	if x.u.declared == nil {
		x.u.declared = make([]declared, len(k.fn.Params))
		for i := range x.u.declared {
			x.u.declared[i] = x.declare(i)
		}
	}
	d := x.u.declared[i]
	v := d.value
	x.dependencies(d, i)
	if x.dependsBy(p.Default) {
		v = join(v, x.a.asProtocol(d.value, x.provide(x.dependedBy(p.Default), p.Default, i)))
	}
	if p.Default != pysyntax.Nil && len(v) == 0 {
		v = x.providedDefault(p)
	}
	if f := x.symbol(d.provider); len(f) > 0 {
		x.provide(f, k.fn.Node, i)
	}
	if f := x.injected(k.fn, i); len(f) > 0 {
		x.provide(f, k.fn.Node, i)
	}
	if given := x.handedIn(i); len(v) == 0 {
		v = given
	}
	if d.fixture != nil {
		given := x.provide(one(x.a.t.funcRef(d.fixture, nil, nil)), k.fn.Node, i)
		if len(v) == 0 {
			v = given
		}
	}
	return v
}

func (x *interp) declare(i int) declared {
	k := x.u.key
	p := k.fn.Params[i]
	d := declared{fixture: x.fixture(i), provider: x.provider(p.Name)}
	if p.Annotation == pysyntax.Nil {
		d.value = x.handled(i)
		return d
	}
	typ := x.a.parseType(x.t.Text(p.Annotation))
	d.scope = typeScope{
		mod: x.m, class: k.fn.Class, fn: k.fn, params: x.typeParams(), origin: x.a.t.paramOrigin(k, i), unit: k, param: i,
	}
	d.value = join(x.a.typeValue(typ, d.scope), x.listedParameter(k.fn, i))
	d.given, d.scope = x.annotations(typ, d.scope)
	return d
}

// handled is the exception that a function handles whose decorator says so: @app.exception_handler(OutOfStock), Flask's and
// Quart's @app.errorhandler(OutOfStock). It is the last parameter.
func (x *interp) handled(i int) value {
	f := x.u.key.fn
	if name := x.handledBy(i); name != "" {
		if s := x.a.g.ResolveIn(x.m, f.Class, f.Outer, name); s.Kind == pymodule.ClassSymbol {
			return one(x.a.t.instance(s.Class, typeArgs{}))
		}
	}
	return nil
}

// handledBy is the name of the exception that such a decorator says, "" for any other parameter.
func (x *interp) handledBy(i int) string {
	f := x.u.key.fn
	if len(f.Decorators) == 0 || i != len(f.Params)-1 {
		return ""
	}
	d := f.Decorator("exception_handler")
	if d == pysyntax.Nil {
		d = f.Decorator("errorhandler")
	}
	name, _ := pymodule.DottedName(x.t, x.t.First(x.t.Child(d, pysyntax.FieldArguments)))
	return name
}

// fixture is what pytest calls for a parameter of a test or of a fixture: the fixture of its name, from the module, a
// class around, or the nearest conftest.py.
func (x *interp) fixture(i int) *pymodule.Function {
	f := x.u.key.fn
	if !strings.HasPrefix(f.Name, "test") && f.Decorator("fixture") == pysyntax.Nil {
		return nil
	}
	p := f.Params[i]
	if p.Kind != pymodule.Plain || p.Default != pysyntax.Nil {
		return nil
	}
	found := pymodule.Symbol{}
	if f.Class != nil {
		found = x.a.g.ClassMember(f.Class, p.Name)
	}
	if found.Kind != pymodule.FunctionSymbol {
		found = x.a.g.Resolve(x.m, p.Name)
	}
	for dir := x.m.Path; found.Kind != pymodule.FunctionSymbol && dir != ""; {
		dir = dir[:max(strings.LastIndexByte(dir, '/'), 0)]
		if m := x.a.g.ModuleAt(strings.TrimPrefix(dir+"/conftest.py", "/")); m != nil && m != x.m {
			found = x.a.g.Resolve(m, p.Name)
		}
	}
	if found.Kind != pymodule.FunctionSymbol || found.Function == f || found.Function.Decorator("fixture") == pysyntax.Nil {
		return nil
	}
	return found.Function
}
