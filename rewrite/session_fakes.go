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
				if f == nil || !isFake(c) || !standsForSession(c) || f.ParamIndex("options") >= 0 || keywords(f) >= 0 ||
					len(f.Params) < 3 || len(f.Decorators) > 0 || optionsParameter(f) != "options" || p.editable(m, f.Node) != "" {
					continue
				}
				out = append(out, f)
			}
		}
		return out
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
	isGet := func(w want) bool { return w.demand.Site.Kind == loadflow.GetSite && w.demand.Site.Node == t.node }
	if t.form != keywordTarget || t.module.Test() || !slices.ContainsFunc(t.wants, isGet) {
		return ""
	}
	name := pymodule.Last(t.module.Tree.Text(t.module.Tree.Child(t.node, pysyntax.FieldFunction)))
	for _, fake := range p.sessionFakes(name) {
		part, err := p.addToFake(fake, parameter{"options", "()"})
		if err != nil {
			return err.Error()
		}
		a.also = append(a.also, part)
		if !opened[fake] {
			opened[fake] = true
			a.findings = append(a.findings, Finding{
				Rule: "missing-eager-load", Place: p.place(fake.Module, fake.Node), Fixable: true,
				Message: fake.Qual + " takes loader options, as session." + name + "() does",
			})
		}
	}
	return ""
}
