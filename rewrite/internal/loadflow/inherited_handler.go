package loadflow

import (
	"bytes"
	"slices"
	"strings"

	"github.com/lazyfix/lazyfix/rewrite/internal/pymodule"
	"github.com/lazyfix/lazyfix/rewrite/internal/pysyntax"
)

// isHandler reports whether a framework calls methods of a name: get() of a view, on_get() of Falcon's, handle() of a command.
func isHandler(method string) bool {
	return method == "handle" || slices.Contains(verbs, strings.TrimPrefix(method, "on_"))
}

// isRouted reports whether a decorator has a framework call a method: Litestar's @get("/one") on a Controller, flask-classful's
// @route("/one"), Ninja's @http_get("/one").
func isRouted(f *pymodule.Function) bool {
	t := f.Module.Tree
	return slices.ContainsFunc(f.Decorators, func(d pysyntax.Node) bool {
		return t.Kind(d) == pysyntax.Call && isRoute(strings.TrimPrefix(pymodule.Last(t.Text(t.Callee(d))), "http_"))
	})
}

// seedInherited adds the handlers that a class of the program gives to those below it, once for each of these: in ItemDetail(Detail)
// self.model is another one, and so is self.context(). Only a framework calls them, so only where a base is not of the program, or is
// one that calls its methods by names that come with the request: getattr(self, request.method.lower()).
func (a *analysis) seedInherited(f *pymodule.Function) {
	named := isHandler(f.Name)
	if f.Class == nil || !named && !isRouted(f) || !slices.ContainsFunc(a.g.MRO(f.Class), func(b pymodule.Base) bool {
		if b.Class != nil {
			return dispatchesByName(b.Class)
		}
		return b.External != "" && !slices.Contains([]string{"ABC", "Generic", "Protocol"}, pymodule.Last(b.External))
	}) {
		return
	}
	for _, sub := range a.g.Subclasses(f.Class) {
		if a.g.ClassMember(sub, f.Name).Function == f && (named || a.saysMore(sub, f.Class)) {
			a.add(a.plainKey(f, sub))
		}
	}
}

// saysMore reports whether a class says something of what the methods of a base ask self for, or of its type parameters. A controller
// that only has routes besides is none: its handlers are those of the base.
func (a *analysis) saysMore(sub, base *pymodule.Class) bool {
	own, asked := slices.Collect(a.g.Lineage(base)), a.selfAttributes(base)
	for c := range a.g.Lineage(sub) {
		if slices.Contains(own, c) {
			continue
		}
		if len(c.Keywords) > 0 || slices.ContainsFunc(c.Bases, func(b pysyntax.Node) bool { return strings.Contains(c.Module.Tree.Text(b), "[") }) ||
			slices.ContainsFunc(asked, func(name string) bool { return slices.Contains(ownNames(c), name) }) {
			return true
		}
	}
	return false
}

// dispatchesByName reports whether a method of a class gets a method of its object by a name that is no constant.
func dispatchesByName(c *pymodule.Class) bool {
	for _, m := range c.Methods {
		t := m.Module.Tree
		if len(m.Params) == 0 || !bytes.Contains(t.Source()[t.Start(m.Node):t.End(m.Node)], []byte("getattr")) {
			continue
		}
		for n := range t.Within(m.Body) {
			if t.Kind(n) != pysyntax.Call || t.Text(t.Child(n, pysyntax.FieldFunction)) != "getattr" {
				continue
			}
			args := t.Child(n, pysyntax.FieldArguments)
			if name := t.Nth(args, 1); t.Text(t.First(args)) == m.Params[0].Name && name != pysyntax.Nil && t.Kind(name) != pysyntax.String {
				return true
			}
		}
	}
	return false
}
