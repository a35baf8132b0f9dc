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

// seedInherited adds the handlers that a class of the program gives to those below it, once for each of these: in ItemDetail(Detail)
// self.model is another one, and so is self.context(). Only a framework calls them, so only where a base is not of the program, or is
// one that calls its methods by names that come with the request: getattr(self, request.method.lower()).
func (a *analysis) seedInherited(f *pymodule.Function) {
	if f.Class == nil || !isHandler(f.Name) || !slices.ContainsFunc(a.g.MRO(f.Class), func(b pymodule.Base) bool {
		if b.Class != nil {
			return dispatchesByName(b.Class)
		}
		return b.External != "" && !slices.Contains([]string{"ABC", "Generic", "Protocol"}, pymodule.Last(b.External))
	}) {
		return
	}
	for _, sub := range a.g.Subclasses(f.Class) {
		if a.g.ClassMember(sub, f.Name).Function == f {
			a.add(a.plainKey(f, sub))
		}
	}
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
