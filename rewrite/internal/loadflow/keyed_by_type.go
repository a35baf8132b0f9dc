package loadflow

import (
	"slices"
	"strings"

	"github.com/lazyfix/lazyfix/rewrite/internal/pymodule"
	"github.com/lazyfix/lazyfix/rewrite/internal/pysyntax"
)

// A bus of the program's own gives an event to the handlers of its class:
//
//	async def publish(self, event):
//	    for handler in self.handlers[type(event)]:
//	        await handler(event)
//
// Of which class the event is decides what is called, so it is a part of the context, as a fact (argument_fact.go): in that of
// OrderPlaced type(event) is OrderPlaced, and so it is for what hands the event on to publish(). Only classes that none is below.

// findTypeKeyed are the parameters whose class is a key of a dictionary, or that are handed on to such a one of a function of that name.
func findTypeKeyed(g *pymodule.Graph) map[*pymodule.Function][]int {
	out := map[*pymodule.Function][]int{}
	names := map[string]bool{}
	for _, f := range g.Functions {
		for i, p := range f.Params {
			if p.Kind == pymodule.Plain && !(i == 0 && f.Class != nil) && keysByType(f, p.Name) {
				out[f], names[f.Name] = append(out[f], i), true
			}
		}
	}
	for range 3 { // emit() over publish() over dispatch()
		more := map[string]bool{}
		for _, f := range g.Functions {
			for i, p := range f.Params {
				if p.Kind == pymodule.Plain && !(i == 0 && f.Class != nil) && !slices.Contains(out[f], i) && len(names) > 0 && handsOnTo(f, p.Name, names) {
					out[f], more[f.Name] = append(out[f], i), true
				}
			}
		}
		names = more
	}
	return out
}

// keysByType reports whether a function asks a dictionary for what is under type(name), or name.__class__.
func keysByType(f *pymodule.Function, name string) bool {
	t := f.Module.Tree
	for n := range t.Within(f.Body) {
		if t.Kind(n) != pysyntax.Identifier || t.Text(n) != name {
			continue
		}
		class := t.Parent(n)
		switch t.Kind(class) {
		case pysyntax.ArgumentList:
			if class = t.Parent(class); t.Text(class) != "type("+name+")" {
				continue
			}
		case pysyntax.Attribute:
			if t.Text(class) != name+".__class__" {
				continue
			}
		default:
			continue
		}
		if isKey(t, class) {
			return true
		}
		kept := t.Child(t.Parent(class), pysyntax.FieldLeft)
		if t.Kind(t.Parent(class)) != pysyntax.Assignment || t.Kind(kept) != pysyntax.Identifier {
			continue
		}
		for use := range identifiersIn(t, f.Body) {
			if t.Text(use) == t.Text(kept) && isKey(t, use) {
				return true
			}
		}
	}
	return false
}

// isKey reports whether an expression is what a dictionary is asked for: handlers[kind], handlers.get(kind, ()).
func isKey(t *pysyntax.Tree, n pysyntax.Node) bool {
	if t.Field(n) == pysyntax.FieldSubscript {
		return true
	}
	list := t.Parent(n)
	if t.Kind(list) != pysyntax.ArgumentList || t.First(list) != n {
		return false
	}
	return slices.Contains([]string{"get", "setdefault"}, t.Text(t.Child(t.Child(t.Parent(list), pysyntax.FieldFunction), pysyntax.FieldAttribute)))
}

// handsOnTo reports whether a function gives a parameter, as it came, to a call of one of these names.
func handsOnTo(f *pymodule.Function, name string, names map[string]bool) bool {
	t := f.Module.Tree
	for n := range t.Within(f.Body) {
		if t.Kind(n) != pysyntax.Identifier || t.Text(n) != name {
			continue
		}
		list := t.Parent(n)
		if t.Kind(list) == pysyntax.KeywordArgument && t.Field(n) == pysyntax.FieldValue {
			list = t.Parent(list)
		}
		if t.Kind(list) == pysyntax.ArgumentList && names[pymodule.Last(t.Text(t.Child(t.Parent(list), pysyntax.FieldFunction)))] {
			return true
		}
	}
	return false
}

// splitByType takes a call apart that gives such a parameter instances: by their classes, with the fact of which. It gives the
// parameter, -1 where there is nothing to tell.
func (x *interp) splitByType(f *pymodule.Function, bound []value) (param int, parts []value) {
	for _, i := range x.a.typeKeyed()[f] {
		if i >= len(bound) || len(bound[i]) == 0 || slices.ContainsFunc(bound[i], func(a *atom) bool {
			return a.kind != instance || len(x.a.g.Subclasses(a.class)) > 0
		}) || x.a.usesOf(f)[i].set {
			continue
		}
		byClass := map[string]value{}
		for _, a := range bound[i] {
			byClass[classID(a.class)] = join(byClass[classID(a.class)], one(a))
		}
		if len(byClass) > maxSplit {
			continue
		}
		for _, id := range sortedKeys(byClass) {
			parts = append(parts, join(byClass[id], one(x.a.t.fact(typeFact+id))))
		}
		return i, parts
	}
	return -1, nil
}

// ofType is what a parameter may be in a context that knows its class.
func (k *unitKey) ofType(param int, v value) value {
	known := k.fact(param)
	if known == nil || !strings.HasPrefix(known.name, typeFact) {
		return v
	}
	is := func(a *atom) bool { return a.kind == instance && typeFact+classID(a.class) == known.name }
	if !slices.ContainsFunc(v, is) {
		return v
	}
	return dropping(v, func(a *atom) bool { return a.kind == instance && !is(a) })
}
