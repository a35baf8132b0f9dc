package loadflow

import (
	"maps"
	"slices"
	"strings"

	"github.com/lazyfix/lazyfix/rewrite/internal/pymodule"
	"github.com/lazyfix/lazyfix/rewrite/internal/pysyntax"
)

// lookedUp is what a container of services gives for a class: container.get(OrderRepository), container.resolve(...).
// A container that is asked for a protocol gives what fits it, as a parameter of that type does. A provider may be asked for what it
// makes, container.repository.resolve().
func (x *interp) lookedUp(owner value, name string, args *arguments, n pysyntax.Node) value {
	switch name {
	case "get", "resolve", "aget", "get_async", "aresolve", "resolve_async", "get_instance", "provide", "instance", "resolve_sync", "async_resolve", "sync_resolve":
	default:
		return nil
	}
	if len(args.pos) == 0 && len(args.kw) == 0 && name != "get" {
		return x.callValue(classRefs(owner), &arguments{more: true}, n)
	}
	if len(args.pos) != 1 || len(args.kw) > 0 {
		return nil
	}
	var out value
	for _, a := range args.pos[0] {
		if a.kind == classRef && x.a.ix.Class(a.class) == nil {
			out = join(out, one(x.a.t.instance(a.class, a.args)))
		}
	}
	return out
}

// containerProvider is providers.Factory(OrderRepository, session=...) of dependency-injector or that-depends: what makes one. It is
// called by the container, and stands as a default, Provide[Container.repository].
func (x *interp) containerProvider(kind string, args *arguments, n pysyntax.Node) value {
	if kind == "Aggregate" || kind == "Selector" { // one of several
		return args.all()
	}
	made := args.get(0, "provides")
	if len(args.pos) > 0 {
		given := &arguments{pos: slices.Clone(args.pos[1:]), kw: maps.Clone(args.kw), kwNodes: args.kwNodes, star: args.star, more: true}
		for i := range given.pos {
			if i+1 < len(args.posNodes) {
				given.pos[i] = x.fromProvider(given.pos[i], args.posNodes[i+1], n)
			}
		}
		for _, name := range sortedKeys(given.kw) {
			given.kw[name] = x.fromProvider(given.kw[name], args.kwNodes[name], n)
		}
		x.callValue(made, given, n)
	}
	return made
}

// fromProvider is an argument of a provider, which for another provider is what that makes: mapper=order_mapper, but model=Order.
func (x *interp) fromProvider(v value, argument, n pysyntax.Node) value {
	name, dotted := pymodule.DottedName(x.t, argument)
	if !dotted || isClassName(name) {
		return v
	}
	return join(dropping(v, isClassRef), x.callValue(classRefs(v), &arguments{more: true}, n))
}

func isContainerProvider(name string) bool {
	if !strings.HasPrefix(name, "dependency_injector.") && !strings.HasPrefix(name, "that_depends.") {
		return false
	}
	switch pymodule.Last(name) {
	case "Aggregate", "Selector", "AsyncFactory", "Factory", "Singleton", "ThreadSafeSingleton", "ThreadLocalSingleton", "ContextLocalSingleton", "Resource", "Callable", "Coroutine":
		return true
	}
	return false
}

// providedDefault is the default Provide[Container.repository] of a parameter.
func (x *interp) providedDefault(p pymodule.Param) value {
	t := x.t
	if t.Kind(p.Default) != pysyntax.Subscript || pymodule.Last(t.Text(t.Child(p.Default, pysyntax.FieldValue))) != "Provide" {
		return nil
	}
	return x.callValue(x.eval(t.Child(p.Default, pysyntax.FieldSubscript)), &arguments{more: true}, p.Default)
}
