package rewrite

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/lazyfix/lazyfix/rewrite/internal/loadflow"
	"github.com/lazyfix/lazyfix/rewrite/internal/pymodule"
	"github.com/lazyfix/lazyfix/rewrite/internal/pysyntax"
)

// What is awaited loads itself: order.awaitable_attrs.items, and what programs make for the same. The flow knows where that
// is done to an object that it follows; of other objects it is seen by names.

// awaiters are the names by which a program awaits relationships.
type awaiters struct {
	attributes map[string]bool   // await_attr in order.await_attr.items
	methods    map[string]bool   // load in order.load("items") or load(order, "items")
	fields     map[string]string // awt_team in hero.awt_team: the relationship
}

func (h *held) findAwaited() {
	a := h.awaiters()
	for _, m := range h.graph.Modules {
		source := string(m.Tree.Source())
		mentioned := func(name string) bool { return strings.Contains(source, name) }
		if slices.ContainsFunc(slices.Collect(maps.Keys(a.attributes)), mentioned) ||
			slices.ContainsFunc(slices.Collect(maps.Keys(a.methods)), mentioned) ||
			slices.ContainsFunc(slices.Collect(maps.Keys(a.fields)), mentioned) {
			h.awaitedIn(m, a)
		}
	}
	for _, w := range h.flow.Awaited {
		why := fmt.Sprintf("%s:%d %s", w.Module.Path, w.Module.Tree.Line(w.Node), w.What)
		if key := (readKey{w.Module.FunctionAround(w.Node), w.Rel}); !w.Called || !h.loaded[key] || h.byGet[key] {
			h.note(w.Rel, why)
		}
		h.insistUncovered(w, why)
	}
}

// awaiters finds the names: of properties that give an object whose __getattr__ asks the greenlet, of functions that ask it
// for an attribute that a parameter names, and of the fields of async-sqlmodel.
func (h *held) awaiters() awaiters {
	a := awaiters{attributes: map[string]bool{"awaitable_attrs": true}, methods: map[string]bool{}, fields: map[string]string{}}
	getters := map[*pymodule.Class]bool{}
	for _, m := range h.graph.Modules {
		for _, c := range m.Classes {
			for _, v := range c.Fields {
				if name := loadflow.AwaitableField(h.graph, v); name != "" {
					a.fields[v.Name] = name
				}
			}
		}
	}
	for _, f := range h.graph.Functions {
		switch {
		case !strings.Contains(f.Module.Tree.Text(f.Body), "greenlet_spawn"):
		case f.Class != nil && f.Name == "__getattr__":
			getters[f.Class] = true
		case h.awaitsNamed(f):
			a.methods[f.Name] = true
		}
	}
	for _, f := range h.graph.Functions {
		if f.Class == nil || len(getters) == 0 || f.Decorator("property") == pysyntax.Nil {
			continue
		}
		t := f.Module.Tree
		for n := range t.Within(f.Node) {
			if name, ok := pymodule.DottedName(t, n); ok && getters[h.graph.ResolveIn(f.Module, nil, f, name).Class] {
				a.attributes[f.Name] = true
			}
		}
	}
	return a
}

// awaitsNamed reports whether a function asks the greenlet for an attribute that one of its parameters names.
func (h *held) awaitsNamed(f *pymodule.Function) bool {
	t := f.Module.Tree
	for n := range t.Within(f.Body) {
		list := t.Child(n, pysyntax.FieldArguments)
		if t.Kind(n) == pysyntax.Call && pymodule.Last(t.Text(t.Child(n, pysyntax.FieldFunction))) == "greenlet_spawn" &&
			t.Text(t.First(list)) == "getattr" && f.ParamIndex(t.Text(t.Nth(list, 2))) >= 0 {
			return true
		}
	}
	return false
}

func (h *held) awaitedIn(m *pymodule.Module, a awaiters) {
	t := m.Tree
	for i := range t.Len() {
		n := pysyntax.Node(i)
		switch t.Kind(n) {
		case pysyntax.Attribute:
			inner, name := t.Child(n, pysyntax.FieldObject), t.Text(t.Child(n, pysyntax.FieldAttribute))
			if by := t.Text(t.Child(inner, pysyntax.FieldAttribute)); t.Kind(inner) == pysyntax.Attribute && a.attributes[by] {
				h.awaited(m, n, t.Child(inner, pysyntax.FieldObject), name, by)
			} else if field := a.fields[name]; field != "" {
				h.awaited(m, n, inner, field, name)
			}
		case pysyntax.Call:
			fn, list := t.Child(n, pysyntax.FieldFunction), t.Child(n, pysyntax.FieldArguments)
			by := pymodule.Last(t.Text(fn))
			if !a.methods[by] {
				continue
			}
			of := t.Child(fn, pysyntax.FieldObject)
			if t.Kind(fn) == pysyntax.Identifier {
				of = t.First(list)
			}
			for c := range t.Children(list) {
				if name := pymodule.StringValue(t, c); name != "" {
					h.awaited(m, n, of, name, by+"()")
				}
			}
		}
	}
}

// awaited notes the relationships of a name that are awaited of an object.
func (h *held) awaited(m *pymodule.Module, at, object pysyntax.Node, name, by string) {
	c := loadingCode{module: m, function: m.FunctionAround(at), node: at}
	if c.function != nil {
		c.node = c.function.Body
	}
	for _, r := range h.byName[name] {
		if h.isRead(c, object, r) {
			why := fmt.Sprintf("%s:%d reads it by %s", m.Path, m.Tree.Line(at), by)
			if h.note(r, why); !h.follows(m, at, r) {
				h.insist(r, why+", of an object that no query is known to give")
			}
		}
	}
}
