package loadflow

import (
	"bytes"
	"slices"

	"github.com/lazyfix/lazyfix/rewrite/internal/pymodule"
	"github.com/lazyfix/lazyfix/rewrite/internal/pysyntax"
)

// Dishka gives what is asked for by its class: a provider says by the type that it returns what it makes, its parameters by theirs
// what they get. For a class of the program that is mapped, container.get(Customer) and FromDishka[Customer] are what the providers
// of Customer give, of whichever container. What is provided for other types is known by the type.

// dishkaProviders are the functions that provide objects of mapped classes, and the classes that Dishka makes, whose constructors
// get theirs.
type dishkaProviders struct {
	of   map[*pymodule.Class][]*pymodule.Function
	gets map[*pymodule.Function]bool
}

func (a *analysis) findDishka() *dishkaProviders {
	out := &dishkaProviders{map[*pymodule.Class][]*pymodule.Function{}, map[*pymodule.Function]bool{}}
	for _, f := range a.g.Functions {
		if f.Decorator("provide") != pysyntax.Nil && usesDishka(f.Module) {
			out.add(a, f)
		}
	}
	for _, m := range a.g.Modules {
		if !usesDishka(m) {
			continue
		}
		t := m.Tree
		for n := range t.Within(t.Root()) { // provide(get_customer), provider.provide(Service, scope=Scope.REQUEST)
			if t.Kind(n) != pysyntax.Call || pymodule.Last(t.Text(t.Child(n, pysyntax.FieldFunction))) != "provide" {
				continue
			}
			name, ok := pymodule.DottedName(t, t.First(t.Child(n, pysyntax.FieldArguments)))
			if !ok {
				continue
			}
			switch s := a.g.Resolve(m, name); s.Kind {
			case pymodule.FunctionSymbol:
				out.add(a, s.Function)
			case pymodule.ClassSymbol:
				if f := a.classMember(s.Class, "__init__").Function; f != nil {
					out.gets[f] = true
				}
			}
		}
	}
	return out
}

func usesDishka(m *pymodule.Module) bool {
	return !m.Test() && bytes.Contains(m.Tree.Source(), []byte("dishka"))
}

// add notes a provider of what its annotation says that it gives.
func (d *dishkaProviders) add(a *analysis, f *pymodule.Function) {
	d.gets[f] = true
	if c := a.injectedClass(f, f.Returns); c != nil && !slices.Contains(d.of[c], f) {
		d.of[c] = append(d.of[c], f)
	}
}

// injectedClass is the mapped class that an annotation of a function names, of what it yields or has injected, too; nil for any other.
func (a *analysis) injectedClass(f *pymodule.Function, annotation pysyntax.Node) *pymodule.Class {
	if annotation == pysyntax.Nil {
		return nil
	}
	typ := a.parseType(f.Module.Tree.Text(annotation))
	for typ != nil && typ.Kind == pymodule.TypeSubscript && len(typ.Args) > 0 {
		switch pymodule.Last(typ.Name) {
		case "AsyncIterable", "AsyncIterator", "AsyncGenerator", "Iterable", "Iterator", "Generator", "FromDishka", "Annotated":
			typ = typ.Args[0]
		default:
			return nil
		}
	}
	if typ == nil || typ.Kind != pymodule.TypeName {
		return nil
	}
	if s := a.g.ResolveIn(f.Module, f.Class, f.Outer, typ.Name); s.Kind == pymodule.ClassSymbol && a.isMapped(s) {
		return s.Class
	}
	return nil
}

// providersOf are the providers of a mapped class.
func (x *interp) providersOf(c *pymodule.Class) value {
	var out value
	for _, f := range x.a.dishka().of[c] {
		var self value
		if f.Class != nil {
			self = one(x.a.t.instance(f.Class, typeArgs{}))
		}
		out = join(out, one(x.a.t.funcRef(f, self, nil)))
	}
	return out
}

// injected are the providers of what a parameter of a function is declared to be, where Dishka calls it or its annotation says so.
func (x *interp) injected(f *pymodule.Function, i int) value {
	p, d := f.Params[i], x.a.dishka()
	if p.Annotation == pysyntax.Nil || len(d.of) == 0 || !d.gets[f] && !typedAs(f.Module.Tree, p.Annotation, "FromDishka") {
		return nil
	}
	return x.providersOf(x.a.injectedClass(f, p.Annotation))
}

// fromContainer is what container.get(Customer) gives for a mapped class: of one without a provider in the tree no query is known.
func (x *interp) fromContainer(name string, args *arguments, n pysyntax.Node) value {
	if name != "get" || len(args.pos) != 1 {
		return nil
	}
	var out value
	for _, a := range args.pos[0] {
		if a.kind != classRef || !x.a.isMapped(pymodule.Symbol{Kind: pymodule.ClassSymbol, Class: a.class}) {
			continue
		}
		if by := x.providersOf(a.class); len(by) > 0 {
			out = join(out, x.provided(by, n, 0))
		} else if usesDishka(x.m) {
			out = join(out, one(x.a.t.object(a.class, x.a.t.typeOrigin(x.m, n), nil)))
		}
	}
	return out
}
