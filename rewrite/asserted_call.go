package rewrite

import (
	"fmt"
	"slices"
	"strings"

	"github.com/lazyfix/lazyfix/rewrite/internal/loadflow"
	"github.com/lazyfix/lazyfix/rewrite/internal/pymodule"
	"github.com/lazyfix/lazyfix/rewrite/internal/pysyntax"
)

// A test may say what a mock is called with:
//
//	session.get.assert_awaited_once_with(Order, 1)
//
// It fails once the call is given loader options. Which mock stands for what is not known for sure, so that nothing is written
// there; but where options are given it is said that options=ANY may be needed.

// assertedCall is a place of a test that says what a method is called with.
type assertedCall struct {
	module         *pymodule.Module
	node           pysyntax.Node
	object, method string
	arguments      int
}

// assertedAdvice says which places of tests may say what a call is called with that is given options, "" where none does.
func (p *program) assertedAdvice(s *loadflow.Site) string {
	if s.Module.Test() || s.Module.Tree.Keyword(s.Node, "options") != pysyntax.Nil || s.Kind != loadflow.GetSite && !isPassedOn(s) {
		return ""
	}
	var places []string
	for _, by := range p.assertedCalls() {
		if p.asserts(by, s) {
			at := p.place(by.module, by.node)
			places = append(places, fmt.Sprintf("%s:%d", at.File, at.Line))
		}
	}
	switch n := len(places); {
	case n == 0:
		return ""
	case n > 3:
		places = append(places[:3], fmt.Sprintf("%d more", n-3))
	}
	return "if a mock of this call is meant, it needs options=ANY where its arguments are asserted: " + strings.Join(places, ", ")
}

// asserts reports whether a place may say what the call of a site is called with.
func (p *program) asserts(by assertedCall, s *loadflow.Site) bool {
	switch {
	case calledName(s) != by.method || arguments(s.Module.Tree, s.Node) != by.arguments:
		return false
	case s.Kind == loadflow.GetSite:
		called, said := p.firstClass(s.Module, s.Node), p.firstClass(by.module, by.node)
		return isSessionName(by.object) && (called == nil || said == nil || called == said)
	}
	return slices.ContainsFunc(p.flow.Calls(s).Functions, func(f *pymodule.Function) bool {
		return f.Class != nil && p.calledAfter(by.object, f.Class)
	})
}

// firstClass is the class that a call is given first, nil where that is none, or one that only running code knows.
func (p *program) firstClass(m *pymodule.Module, call pysyntax.Node) *pymodule.Class {
	t := m.Tree
	return p.graph.ResolveIn(m, nil, m.FunctionAround(call), t.Text(t.Nth(t.Child(call, pysyntax.FieldArguments), 0))).Class
}

// arguments is how many arguments a call has, in whatever way they are given; -1 where that is not seen.
func arguments(t *pysyntax.Tree, call pysyntax.Node) int {
	n := 0
	for c := range t.Children(t.Child(call, pysyntax.FieldArguments)) {
		if t.Is(c, pysyntax.ListSplat, pysyntax.DictionarySplat) {
			return -1
		}
		n++
	}
	return n
}

// isSessionName reports whether what is called so in a test is a session.
func isSessionName(object string) bool {
	object = strings.ToLower(object)
	return strings.Contains(object, "session") || strings.Contains(object, "db")
}

func findAsserts(g *pymodule.Graph) []assertedCall {
	var out []assertedCall
	for _, m := range g.Modules {
		t := m.Tree
		if !m.Test() {
			continue
		}
		for n := range t.Within(t.Root()) {
			if t.Kind(n) != pysyntax.Call {
				continue
			}
			fn := t.Child(n, pysyntax.FieldFunction)
			does := t.Text(t.Child(fn, pysyntax.FieldAttribute))
			mock := t.Child(fn, pysyntax.FieldObject)
			asserts := strings.HasPrefix(does, "assert_") && strings.HasSuffix(does, "_with") || does == "assert_any_call" || does == "assert_any_await"
			if count := arguments(t, n); asserts && t.Kind(mock) == pysyntax.Attribute && count >= 0 && t.Keyword(n, "options") == pysyntax.Nil {
				out = append(out, assertedCall{
					module: m, node: n, arguments: count, method: t.Text(t.Child(mock, pysyntax.FieldAttribute)),
					object: pymodule.Last(t.Text(t.Child(mock, pysyntax.FieldObject))),
				})
			}
		}
	}
	return out
}
