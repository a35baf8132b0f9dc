package loadflow

import (
	"maps"
	"slices"
	"strings"

	"github.com/lazyfix/lazyfix/rewrite/internal/pymodule"
	"github.com/lazyfix/lazyfix/rewrite/internal/pysyntax"
)

// An exception of the program keeps what it is made of in args, where it does not say otherwise, and what it was raised from in
// __cause__. Who catches it by the name of one of Python's exceptions has what those of that name are made of, and those of the program
// below them. Where it comes to is not followed from the raise: who catches it, or asks isinstance(e, Refused) of what gather() or an
// attribute gave, has any of its class.

// isException reports whether a class is an exception, by the names of the bases that are not of the program.
func (a *analysis) isException(c *pymodule.Class) bool {
	return slices.ContainsFunc(a.g.MRO(c), func(b pymodule.Base) bool {
		return b.Class != nil && slices.ContainsFunc(b.Class.Bases, func(n pysyntax.Node) bool {
			t := b.Class.Module.Tree
			name := pymodule.Last(t.Text(n))
			named := strings.HasSuffix(name, "Exception") || strings.HasSuffix(name, "Error") || strings.HasSuffix(name, "Warning") ||
				strings.HasSuffix(name, "ExceptionGroup")
			if !named {
				return false
			}
			s, _ := a.g.ResolveBase(b.Class, n)
			return s.Kind != pymodule.ClassSymbol
		})
	})
}

// foreignBases are the names of the bases of a class that are not of the program.
func (a *analysis) foreignBases(c *pymodule.Class) []string {
	var out []string
	for _, b := range a.g.MRO(c) {
		if b.Class == nil {
			continue
		}
		for _, n := range b.Class.Bases {
			if s, _ := a.g.ResolveBase(b.Class, n); s.Kind != pymodule.ClassSymbol {
				out = appendOnce(out, pymodule.Last(b.Class.Module.Tree.Text(n)))
			}
		}
	}
	return out
}

// argsMade is an exception without a constructor of its own, or that calls the one of its library: raise Refused(order).
func (x *interp) argsMade(a *atom, args *arguments) *atom {
	if a.args.template != "" || !slices.ContainsFunc(args.pos, hasObject) || !x.a.isException(a.class) {
		return a
	}
	v := x.a.t.tuple(args.pos, nil)
	x.storeMade(a.class, "args", v)
	for _, name := range x.a.foreignBases(a.class) {
		x.keepRaised(name, v)
	}
	return x.a.t.made(a.class, a.args, withEntries([]entry{{"args", v}}, a.entries))
}

// superArgs is super().__init__(order, why) in the constructor of an exception.
func (x *interp) superArgs(name string, self value, args *arguments) {
	for _, a := range self {
		if name == "__init__" && a.kind == instance {
			x.argsMade(a, args)
		}
	}
}

// raises notes what an exception is raised from, raise Refused() from e, and what one of Python's own is made of.
func (x *interp) raises(n pysyntax.Node) {
	parts := slices.Collect(x.t.Children(n))
	if len(parts) == 0 {
		return
	}
	if fn := x.t.Child(parts[0], pysyntax.FieldFunction); !isBuiltinException(x.t.Text(fn)) { // of others where they are made
		x.builtinMade(parts[0])
	}
	if len(parts) != 2 {
		return
	}
	cause := x.quiet(parts[1])
	for _, a := range x.quiet(parts[0]) {
		if len(cause) > 0 && (a.kind == instance || a.kind == classRef) && x.a.isException(a.class) {
			x.store(a.class, "__cause__", cause)
		}
	}
}

// builtinMade notes what a call makes one of Python's exceptions of, for who catches it by its name.
func (x *interp) builtinMade(call pysyntax.Node) {
	fn := x.t.Child(call, pysyntax.FieldFunction)
	if x.t.Kind(fn) != pysyntax.Identifier || x.a.g.Resolve(x.m, x.t.Text(fn)).Kind != pymodule.Unknown {
		return
	}
	var elems []value
	for arg := range x.t.Children(x.t.Child(call, pysyntax.FieldArguments)) {
		var v value
		if x.t.Kind(arg) != pysyntax.String {
			v = x.quiet(arg)
		}
		elems = append(elems, v)
	}
	if slices.ContainsFunc(elems, hasObject) {
		x.keepRaised(x.t.Text(fn), x.a.t.tuple(elems, nil))
	}
}

// keepRaised keeps what an exception is made of for who catches it by the name of one of Python's, or of a base of that.
func (x *interp) keepRaised(name string, args value) {
	for _, name := range builtinBases(name) {
		x.put(kept("raised", name), args)
	}
}

// builtinBases are the name of one of Python's exceptions and those of its bases.
func builtinBases(name string) []string {
	out := []string{name}
	switch name {
	case "KeyError", "IndexError":
		out = append(out, "LookupError")
	case "ZeroDivisionError", "OverflowError", "FloatingPointError":
		out = append(out, "ArithmeticError")
	case "FileNotFoundError", "FileExistsError", "PermissionError", "TimeoutError", "ConnectionError", "InterruptedError":
		out = append(out, "OSError")
	case "NotImplementedError", "RecursionError":
		out = append(out, "RuntimeError")
	case "Exception":
		return append(out, "BaseException")
	case "BaseException":
		return out
	}
	return append(out, "Exception", "BaseException")
}

// bringsArgs gives a name that is one of Python's exceptions what those are made of that the program raises.
func (x *interp) bringsArgs(alias, exception string) {
	if args := x.keptAt(kept("raised", exception)); len(args) > 0 {
		key := alias + ".args"
		x.env[key] = join(x.env[key], args)
	}
}

// handledArgs does so for what a function handles: by its decorator, or by the annotation of a parameter.
func (x *interp) handledArgs() {
	f := x.u.key.fn
	for i, p := range f.Params {
		names := []string{x.handledBy(i)}
		if names[0] == "" && p.Annotation != pysyntax.Nil {
			names = strings.Split(x.t.Text(p.Annotation), "|")
		}
		for _, name := range names {
			if name = strings.TrimSpace(name); isBuiltinException(name) {
				x.bringsArgs(p.Name, name)
			}
		}
	}
}

// addHandler is app.add_exception_handler(Refused, handle), and Flask's app.register_error_handler(): the exception is what the function
// takes last.
func (x *interp) addHandler(args *arguments, n pysyntax.Node) {
	handled := args.get(0, "exc_class_or_status_code")
	var exception value
	for _, a := range handled {
		if a.kind == classRef {
			exception = join(exception, one(x.a.t.instance(a.class, typeArgs{})))
		}
	}
	if name := x.t.Text(args.node(0, "exc_class_or_status_code")); len(exception) == 0 && isBuiltinException(name) {
		if made := x.keptAt(kept("raised", name)); len(made) > 0 {
			exception = x.a.t.tuple([]value{made}, []string{"args"})
		}
	}
	for _, a := range args.get(1, "handler") {
		if a.kind == funcRef && len(exception) > 0 {
			given := []value{nil, exception}
			if last := len(a.fn.Params) - 1; last < 1 || isMethod(a.fn) && last < 2 { // Flask's take nothing else
				given = given[1:]
			}
			x.callValue(one(a), &arguments{pos: given}, n)
		}
	}
}

// isBuiltinException reports whether a name is like those of Python's exceptions.
func isBuiltinException(name string) bool {
	return strings.HasSuffix(name, "Error") || strings.HasSuffix(name, "Exception")
}

// exceptionsNamed are the classes of the program that a handler names, whatever others it names beside them.
func (x *interp) exceptionsNamed(n pysyntax.Node) []*pymodule.Class {
	if x.t.Kind(n) != pysyntax.Tuple {
		return x.classesNamed(n)
	}
	var out []*pymodule.Class
	for part := range x.t.Children(n) {
		out = append(out, x.exceptionsNamed(part)...)
	}
	return out
}

// caughtAs gives an exception, or with except* a group of it, to the name of its handler.
func (x *interp) caughtAs(clause, as pysyntax.Node, v value) {
	alias := x.t.First(x.t.Child(as, pysyntax.FieldAlias))
	if x.t.Kind(clause) == pysyntax.ExceptClause {
		x.assign(alias, v, as)
		for _, name := range x.namesHandled(clause) {
			x.bringsArgs(x.t.Text(alias), name)
		}
		return
	}
	x.assign(alias, nil, as)
	x.env[x.t.Text(alias)+".exceptions"] = x.a.t.collection(v)
}

// asException is e where a name is known to be of classes that are exceptions, and nothing else of it.
func (x *interp) asException(e env, name string, classes []*pymodule.Class) env {
	v, bound := e[name]
	if !bound || !x.onlyExceptions(classes) || hasInstance(v) || hasObject(v) {
		return e
	}
	e = maps.Clone(e)
	e[name] = join(v, x.instancesOf(classes))
	return e
}

// asksException is e where a condition holds that asks isinstance(e, Refused), or that of an object of a session.
func (x *interp) asksException(e env, condition pysyntax.Node) env {
	if name, classes := x.isInstance(condition); len(classes) > 0 {
		return x.asOfSession(x.asException(e, name, classes), name, classes, condition)
	}
	return e
}

func (x *interp) onlyExceptions(classes []*pymodule.Class) bool {
	return !slices.ContainsFunc(classes, func(c *pymodule.Class) bool { return !x.a.isException(c) })
}

func (x *interp) instancesOf(classes []*pymodule.Class) value {
	var out value
	for _, c := range classes {
		out = join(out, one(x.a.t.instance(c, typeArgs{})))
	}
	return out
}
