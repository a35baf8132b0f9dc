package loadflow

import (
	"bytes"

	"github.com/lazyfix/lazyfix/rewrite/internal/pymodule"
	"github.com/lazyfix/lazyfix/rewrite/internal/pysyntax"
)

// A field may name a schema that its module never gets, as the two would import each other:
//
//	class ItemOut(BaseModel):
//	    city: "CityOut"
//
// Some other module says what the name means, by ItemOut.model_rebuild(_types_namespace={"CityOut": CityOut}), by
// update_forward_refs(CityOut=CityOut), by the names that stand where it calls either, or by item_dto.CityOut = CityOut. Where none
// says so, it is the one schema of the program that is called so: without that, Pydantic refuses the model when it is used. Of
// several, nothing says which.

// forwards is what a program says of the names that its schemas do not have.
type forwards struct {
	schemas  map[string][]*pymodule.Class // by name
	rebuilds map[*pymodule.Class][]rebuild
	set      map[*pymodule.Module]map[string]pymodule.Symbol // item_dto.CityOut = CityOut
}

// rebuild is a call that has a schema look for its names again.
type rebuild struct {
	mod  *pymodule.Module
	call pysyntax.Node
}

func (a *analysis) findForwards() *forwards {
	f := &forwards{map[string][]*pymodule.Class{}, map[*pymodule.Class][]rebuild{}, map[*pymodule.Module]map[string]pymodule.Symbol{}}
	for _, m := range a.g.Modules {
		if m.Template || m.Test() {
			continue
		}
		for _, c := range m.Classes {
			if c.Outer == nil && c.Function == nil && a.isSchema(c) {
				f.schemas[c.Name] = append(f.schemas[c.Name], c)
			}
		}
		t := m.Tree
		if !bytes.Contains(t.Source(), []byte("model_rebuild(")) && !bytes.Contains(t.Source(), []byte("update_forward_refs(")) {
			continue
		}
		for n := range t.Within(t.Root()) {
			switch t.Kind(n) {
			case pysyntax.Call:
				fn := t.Child(n, pysyntax.FieldFunction)
				if name := t.Text(t.Child(fn, pysyntax.FieldAttribute)); name != "model_rebuild" && name != "update_forward_refs" {
					continue
				}
				if s := a.g.ResolveAt(m, t.Child(fn, pysyntax.FieldObject)); s.Kind == pymodule.ClassSymbol {
					f.rebuilds[s.Class] = append(f.rebuilds[s.Class], rebuild{m, n})
				}
			case pysyntax.Assignment:
				to := t.Child(n, pysyntax.FieldLeft)
				if t.Kind(to) != pysyntax.Attribute {
					continue
				}
				of := a.g.ResolveAt(m, t.Child(to, pysyntax.FieldObject))
				means := a.g.ResolveAt(m, t.Child(n, pysyntax.FieldRight))
				if of.Kind == pymodule.ModuleSymbol && of.Module != nil && means.Kind == pymodule.ClassSymbol {
					if f.set[of.Module] == nil {
						f.set[of.Module] = map[string]pymodule.Symbol{}
					}
					f.set[of.Module][t.Text(t.Child(to, pysyntax.FieldAttribute))] = means
				}
			}
		}
	}
	return f
}

// meanings are what a name of a type may mean: those of the graph, or what a schema is told later.
func (a *analysis) meanings(s typeScope, name string) (pymodule.Symbol, []pymodule.Symbol) {
	sym, others := a.g.Meanings(s.mod, s.class, s.fn, name)
	if sym.Kind == pymodule.Unknown && s.class != nil && isClassName(name) && a.isSchema(s.class) {
		sym = a.forward(s.class, name)
	}
	return sym, others
}

// forward is what a name means that a field of a schema has and its module does not.
func (a *analysis) forward(c *pymodule.Class, name string) pymodule.Symbol {
	f := a.forwards()
	if s, ok := f.set[c.Module][name]; ok {
		return s
	}
	var told []pymodule.Symbol
	for _, sub := range a.g.Family(c) {
		for _, r := range f.rebuilds[sub] {
			if s := a.toldBy(r, name); s.Kind == pymodule.ClassSymbol {
				told = appendOnce(told, s)
			}
		}
	}
	if len(told) == 0 {
		for _, schema := range f.schemas[name] {
			if a.isGraphQL(schema) == a.isGraphQL(c) {
				told = append(told, pymodule.Symbol{Kind: pymodule.ClassSymbol, Class: schema})
			}
		}
	}
	if len(told) == 1 {
		return told[0]
	}
	return pymodule.Symbol{}
}

// toldBy is what a call says that a name means.
func (a *analysis) toldBy(r rebuild, name string) pymodule.Symbol {
	t := r.mod.Tree
	if value := t.Keyword(r.call, name); value != pysyntax.Nil {
		return a.g.ResolveAt(r.mod, value)
	}
	if space := t.Keyword(r.call, "_types_namespace"); t.Kind(space) == pysyntax.Dictionary {
		open := false
		for pair := range t.Children(space) {
			switch {
			case t.Kind(pair) != pysyntax.Pair:
				open = true // **vars(schemas)
			case pymodule.StringValue(t, t.Child(pair, pysyntax.FieldKey)) == name:
				return a.g.ResolveAt(r.mod, t.Child(pair, pysyntax.FieldValue))
			}
		}
		if !open {
			return pymodule.Symbol{}
		}
	}
	return a.g.ResolveIn(r.mod, nil, r.mod.FunctionAround(r.call), name)
}
