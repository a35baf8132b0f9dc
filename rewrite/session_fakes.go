package rewrite

import (
	"slices"
	"strings"

	"github.com/lazyfix/lazyfix/rewrite/internal/loadflow"
	"github.com/lazyfix/lazyfix/rewrite/internal/pymodule"
	"github.com/lazyfix/lazyfix/rewrite/internal/pysyntax"
)

// Tests put fakes in the place of the session itself, class FakeSession with get(self, model, key): session.get() with options
// would fail with them. So they take options, too, and have no use for them. Mocks take anything.

// sessionFakes are the methods of fakes of a session that stand for one of its methods and take no loader options.
func (p *program) sessionFakes(name string) []*pymodule.Function {
	return p.sessionFakesOf.get(name, func() []*pymodule.Function {
		var out []*pymodule.Function
		for _, m := range p.graph.Modules {
			for _, c := range m.Classes {
				f := c.Methods[name]
				if f != nil && isFake(c) && standsForSession(c) && len(f.Params) >= 3 && p.canTake(f, "options") {
					out = append(out, f)
				}
			}
		}
		return append(out, p.patchedSessions(name)...)
	})
}

// standsForSession reports whether a class is called a session, or does what one does beside giving objects.
func standsForSession(c *pymodule.Class) bool {
	return strings.Contains(strings.ToLower(c.Name), "session") || slices.ContainsFunc([]string{"commit", "flush", "rollback"}, func(name string) bool {
		return c.Methods[name] != nil
	})
}

// openSessionFakes has the fakes of a session take the options that a session.get() is given, and says so once.
func (p *program) openSessionFakes(a *action, t *target, opened map[*pymodule.Function]bool) string {
	get := slices.IndexFunc(t.wants, func(w want) bool { return w.demand.Site.Kind == loadflow.GetSite && w.demand.Site.Node == t.node })
	if t.form != keywordTarget || t.module.Test() || get < 0 {
		return ""
	}
	name := calledName(t.wants[get].demand.Site)
	fakes := p.sessionFakes(name)
	taken, err := p.giveFakes(fakes, parameter{"options", "()"})
	if err != nil {
		return err.Error()
	}
	a.also = append(a.also, taken...)
	p.tellOfFakes(a, fakes, "session."+name+"()", opened)
	return ""
}

// calledName is the last name of what a site calls: get of self.session.get(...).
func calledName(s *loadflow.Site) string {
	t := s.Module.Tree
	return pymodule.Last(t.Text(t.Child(s.Node, pysyntax.FieldFunction)))
}
