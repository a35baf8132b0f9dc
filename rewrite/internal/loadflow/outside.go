package loadflow

import (
	"bytes"
	"strings"

	"github.com/lazyfix/lazyfix/rewrite/internal/pymodule"
	"github.com/lazyfix/lazyfix/rewrite/internal/pysyntax"
)

// A function may put values into what is not its own: into a name of a function around it (`nonlocal name`) or of a module
// (`global name`, module.name = v), and into a list, dictionary or queue that such a name holds. They are kept beside what the
// owner of the name says of it, as one more value that it may have from its first line on. When the function is called is
// not followed. For containers that its caller hands in see grown.go.

func rebound(outer *unitKey, name string) fieldKey { return kept("nonlocal "+outer.id, name) }

// ofModule is the key of what functions put into a variable of a module.
func (t *table) ofModule(m *pymodule.Module, name string) fieldKey {
	return *t.globals.get(globalName{m, name}, func() *fieldKey {
		k := kept("global "+moduleKey(m).id, name)
		return &k
	})
}

type globalName struct {
	mod  *pymodule.Module
	name string
}

// ownerOf is the function around k that a name is a variable of, nil without one.
func (k *unitKey) ownerOf(name string) *unitKey {
	for outer := k.outer; outer != nil && outer.fn != nil; outer = outer.outer {
		if outer.fn.Locals[name] || outer.fn.ParamIndex(name) >= 0 {
			return outer
		}
	}
	return nil
}

// outside is the key of a name that is none of the unit's own; false when it is no variable.
func (x *interp) outside(name string) (fieldKey, bool) {
	if x.globals[name] {
		return x.a.t.ofModule(x.m, name), true
	}
	k := x.u.key
	if outer := k.ownerOf(name); outer != nil {
		return rebound(outer, name), true
	}
	s := x.a.g.ResolveIn(x.m, nil, k.fn, name)
	if s.Kind != pymodule.VariableSymbol || s.Variable.Class != nil {
		return fieldKey{}, false
	}
	return x.a.t.ofModule(s.Variable.Module, s.Variable.Name), true
}

// putInModule is module.name = v; of a folder without a file of its own nothing is kept.
func (x *interp) putInModule(module *atom, name string, v value) {
	if m := module.symbol.Module; m != nil {
		x.put(x.a.t.ofModule(m, name), v)
	}
}

// declareNonlocal is `nonlocal a, b`.
func (x *interp) declareNonlocal(n pysyntax.Node) {
	for c := range x.t.Children(n) {
		name := x.t.Text(c)
		if outer := x.u.key.ownerOf(name); outer != nil {
			if x.nonlocals == nil {
				x.nonlocals = map[string]*unitKey{}
			}
			x.nonlocals[name] = outer
		}
	}
}

// declareGlobal is `global a, b`.
func (x *interp) declareGlobal(n pysyntax.Node) {
	if x.globals == nil {
		x.globals = map[string]bool{}
	}
	for c := range x.t.Children(n) {
		x.globals[x.t.Text(c)] = true
	}
}

// declaresGlobal reports whether some function of a module declares a name global.
func (a *analysis) declaresGlobal(m *pymodule.Module, name string) bool {
	return (*a.t.declared.get(m, func() *map[string]bool {
		out, t := map[string]bool{}, m.Tree
		if bytes.Contains(t.Source(), []byte("global ")) {
			for n := range t.Within(t.Root()) {
				if t.Kind(n) == pysyntax.GlobalStatement {
					for c := range t.Children(n) {
						out[t.Text(c)] = true
					}
				}
			}
		}
		return &out
	}))[name]
}

// reboundIn is what nested functions put into a name of a function.
func (x *interp) reboundIn(k *unitKey, name string) value {
	if k.fn == nil || len(k.fn.Defs) == 0 && !k.fn.Lambdas || !x.a.rebinds(k.fn)[name] {
		return nil
	}
	return x.keptAt(rebound(k, name))
}

// rebinds are the names that functions nested in f declare nonlocal, or may add to: name.append(v), name[key] = v.
func (a *analysis) rebinds(f *pymodule.Function) map[string]bool {
	return *a.t.rebinds.get(f, func() *map[string]bool {
		out := map[string]bool{}
		t := f.Module.Tree
		for n := range t.Within(f.Body) {
			switch t.Kind(n) {
			case pysyntax.NonlocalStatement:
				for c := range t.Children(n) {
					out[t.Text(c)] = true
				}
			case pysyntax.Call, pysyntax.Assignment:
				if t.Enclosing(n, pysyntax.FunctionDefinition, pysyntax.Lambda) != f.Node {
					if name := addedTo(t, n); name != "" {
						out[name] = true
					}
				}
			}
		}
		return &out
	})
}

// addedTo is name in name.append(v) and name[key] = v, "" in any other node.
func addedTo(t *pysyntax.Tree, n pysyntax.Node) string {
	first := t.Child(n, pysyntax.FieldLeft)
	if t.Kind(n) == pysyntax.Call {
		first = t.Child(n, pysyntax.FieldFunction)
	}
	if !t.Is(first, pysyntax.Attribute, pysyntax.Subscript) {
		return ""
	}
	name, _, _ := strings.Cut(strings.ReplaceAll(t.Text(first), "[", "."), ".")
	return name
}

// growOutside adds to a container that a name from outside holds.
func (x *interp) growOutside(name string, f func(value) value) {
	if k, ok := x.outside(name); ok && mayContain(x.name(name)) {
		x.put(k, f(nil))
	}
}
