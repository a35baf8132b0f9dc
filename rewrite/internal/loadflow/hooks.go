package loadflow

import (
	"slices"
	"strings"

	"github.com/lazyfix/lazyfix/rewrite/internal/pysyntax"
)

// A hook of pluggy is all functions of its name that are so marked:
//
//	@hookimpl
//	def describe(order): ...
//
//	plugins.hook.describe(order=order)
//	getattr(plugins.hook, name)(**what)       # by a name that callers say, a string or the member of an Enum; else any hook
//
// Limits: which plugins are registered with which manager is not asked.

// hookMarker is the name of what HookimplMarker() gives, hookManager that of PluginManager(), whose attribute hook has the hooks.
const (
	hookMarker  = "<hook> HookimplMarker"
	hookManager = "<hook> PluginManager"
)

// isHooks reports whether an atom is what has the hooks of a manager: its own hook, or what an annotation says.
func isHooks(a *atom) bool {
	return a.kind == external && isHooksName(a.name)
}

func isHooksName(name string) bool { return name == hookManager+".hook" || name == "pluggy.HookRelay" }

// marksHook reports whether a decorator is one that pluggy.HookimplMarker("name") gave.
func (x *interp) marksHook(n pysyntax.Node) bool {
	return slices.ContainsFunc(x.quiet(n), func(a *atom) bool { return a.kind == external && a.name == hookMarker })
}

// keepHook notes a function of a hook.
func (x *interp) keepHook(f *atom) {
	x.put(kept("hook", f.fn.Name), one(f))
	x.put(kept("hook", ""), one(f))
}

// hookCall is plugins.hook.describe(order=order), where only the name says that these are hooks.
func (x *interp) hookCall(c methodCall) (value, bool) {
	holder := x.holder(c)
	if x.t.Text(x.t.Child(holder, pysyntax.FieldAttribute)) != "hook" && x.t.Text(holder) != "hook" || len(c.callee) > 0 {
		return nil, false
	}
	return x.callHook(c.name, c.args, c.node)
}

// callHook calls the functions of a hook: it gives a list of what they give, or the first of it.
func (x *interp) callHook(name string, args *arguments, n pysyntax.Node) (value, bool) {
	hooks := x.keptAt(kept("hook", name))
	if len(hooks) == 0 {
		return nil, false
	}
	given := x.callValue(hooks, args, n)
	return join(given, x.a.t.collection(given)), true
}

// hookNamed is the hook that an attribute of what has hooks is: "" for any other name of something that is not in the tree.
func hookNamed(external string) string {
	if i := strings.LastIndexByte(external, '.'); i > 0 && isHooksName(external[:i]) {
		return external[i+1:]
	}
	return ""
}

// hooksByName are the functions behind getattr(plugins.hook, name) that is called; false where these are no hooks.
func (x *interp) hooksByName(args *arguments, n pysyntax.Node) (value, bool) {
	if !isCalledLater(x.t, n) || !slices.ContainsFunc(args.pos[0], isHooks) {
		return nil, false
	}
	var out value
	names := append(x.saidNames(args.posNodes[1]), x.namesOfMembers(args.pos[1])...)
	if len(names) == 0 {
		names = []string{""}
	}
	for _, name := range names {
		out = join(out, x.keptAt(kept("hook", name)))
	}
	return out, len(out) > 0
}
