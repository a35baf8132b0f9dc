package loadflow

import (
	"slices"

	"github.com/lazyfix/lazyfix/rewrite/internal/pymodule"
)

// handlers are the methods that a framework calls by their name, of views and commands.
var handlers = []string{"get", "post", "put", "patch", "delete", "handle", "on_get", "on_post", "on_put", "on_patch", "on_delete"}

// seedInherited adds the handlers that a class of the program gives to those below it, once for each of these: in ItemDetail(Detail)
// self.model is another one, and so is self.context(). Only a framework calls them, so only where a base is not of the program.
func (a *analysis) seedInherited(f *pymodule.Function) {
	if f.Class == nil || !slices.Contains(handlers, f.Name) || !slices.ContainsFunc(a.g.MRO(f.Class), func(b pymodule.Base) bool {
		return b.Class == nil && b.External != "" && !slices.Contains([]string{"ABC", "Generic", "Protocol"}, pymodule.Last(b.External))
	}) {
		return
	}
	for _, sub := range a.g.Subclasses(f.Class) {
		if a.g.ClassMember(sub, f.Name).Function == f {
			a.add(a.plainKey(f, sub))
		}
	}
}
