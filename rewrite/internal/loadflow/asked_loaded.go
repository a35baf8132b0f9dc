package loadflow

import (
	"maps"
	"slices"
	"strings"

	"github.com/lazyfix/lazyfix/rewrite/internal/mapper"
	"github.com/lazyfix/lazyfix/rewrite/internal/pymodule"
	"github.com/lazyfix/lazyfix/rewrite/internal/pysyntax"
)

// Under lazy="noload" a relationship is never unloaded: a query that does not load it puts None or [] into the object's __dict__
// (measured on 2.0 and 2.1). Code that asks whether it is loaded hears that it is, and takes nothing for what is there:
//
//	return [note.text for note in order.notes] if "notes" in order.__dict__ else None
//	{r.key: getattr(self, r.key) for r in inspect(self).mapper.relationships if r.key not in inspect(self).unloaded}
//
// Not seen: code at module level, and a __dict__ that is gone through as a whole.

// Asked is a place that asks whether attributes are loaded.
type Asked struct {
	Name     string // "" where only running code knows which
	Module   *pymodule.Module
	Function *pymodule.Function
	Node     pysyntax.Node
	Self     bool // of the object that the method is of
}

// allAsked are these places outside of tests, looked for where relationships come to have noload.
func (p *propagation) allAsked() []Asked {
	if !slices.Contains(slices.Collect(maps.Values(p.a.t.forgetting)), mapper.Noload) {
		return nil
	}
	var out []Asked
	for _, f := range p.a.g.Functions {
		if !f.Module.Test() && p.a.asksForLoaded(f) {
			out = append(out, p.a.askedBy(f)...)
		}
	}
	return out
}

func (a *analysis) askedBy(f *pymodule.Function) []Asked {
	t := f.Module.Tree
	q := a.loadAsked(f)
	var out []Asked
	for n := range t.Within(f.Body) {
		if !t.Is(n, pysyntax.ComparisonOperator, pysyntax.Call) {
			continue
		}
		keys := append(q.isLoaded(n, true), q.isLoaded(n, false)...)
		if holder := q.computed(n); len(keys) == 0 && holder != "" {
			keys = []string{holder + ".*?"}
		}
		for _, key := range keys {
			at := strings.LastIndexByte(key, '.')
			name := strings.TrimSuffix(key[at+1:], "?")
			if variable, unknown := strings.CutPrefix(name, "*"); unknown {
				if f.ParamIndex(variable) >= 0 && slices.Contains(a.answering(f.Name), f) {
					continue // its callers say which
				}
				name = ""
			}
			self := isMethod(f) && len(f.Params) > 0 && key[:at] == f.Params[0].Name
			out = append(out, Asked{Name: name, Module: f.Module, Function: f, Node: n, Self: self})
		}
	}
	return out
}

// computed is what holds the attributes of which one is asked for by a name that is made: r.key in inspect(order).unloaded.
func (q loadAsked) computed(n pysyntax.Node) string {
	t := q.t
	sides := slices.Collect(t.Children(n))
	if t.Kind(n) != pysyntax.ComparisonOperator || len(sides) != 2 || t.Kind(sides[0]) == pysyntax.String {
		return ""
	}
	if operator := between(t, sides[0], sides[1]); operator != "in" && operator != "not in" {
		return ""
	}
	of := q.named(sides[1])
	if holder := q.unloadedOf(of); holder != "" {
		return holder
	}
	return q.dictOf(of)
}
