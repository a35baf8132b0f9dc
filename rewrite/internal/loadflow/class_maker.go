package loadflow

import (
	"slices"

	"github.com/lazyfix/lazyfix/rewrite/internal/pymodule"
	"github.com/lazyfix/lazyfix/rewrite/internal/pysyntax"
)

// A class may be made for a model by a function, as a base or as it is, and by type():
//
//	def repository(entity):
//	    class Repository:
//	        model = entity
//	        ...
//	    return Repository
//
//	class Orders(repository(Order)): ...
//	Items = repository(Item)
//	type("Customers", (Base,), {"model": Customer})
//
// What the function was given is known of the class as type arguments are, under the names of its parameters. Only classes are:
// nothing else tells which model is meant.

// ofMaker is what the parameter of the function around the class of this unit's method stands for.
func (x *interp) ofMaker(name string) value {
	k := x.u.key
	if k.fn == nil {
		return nil
	}
	for k.fn.Class == nil && k.outer != nil && k.outer.fn != nil {
		k = k.outer
	}
	if k.fn.Class == nil || k.fn.Class.Function == nil || k.recv == nil {
		return nil
	}
	return x.a.makerArgument(k.recv, k.args, k.fn.Class.Function, name)
}

// fieldOfMaker is an attribute that the body of such a class sets to a parameter: model = entity.
func (a *analysis) fieldOfMaker(c *pymodule.Class, args typeArgs, v *pymodule.Variable) value {
	if v.Class == nil || v.Class.Function == nil || v.Module.Tree.Kind(v.Value) != pysyntax.Identifier {
		return nil
	}
	return a.makerArgument(c, args, v.Class.Function, v.Module.Tree.Text(v.Value))
}

// makerArgument is the class that the maker of c or of one of its bases was given for a parameter.
func (a *analysis) makerArgument(c *pymodule.Class, args typeArgs, maker *pymodule.Function, name string) value {
	i := maker.ParamIndex(name)
	if i < 0 {
		return nil
	}
	if given := args.get(name); given != nil {
		return one(a.t.classRef(given, typeArgs{}, true))
	}
	for class := range a.g.Lineage(c) {
		for _, base := range class.Bases {
			m, in, fn, call := class.Module, class.Outer, class.Function, base
			if s, _ := a.g.ResolveBase(class, base); s.Class == nil || s.Class.Function != maker {
				continue
			}
			if n, ok := pymodule.DottedName(m.Tree, base); ok { // Owned = owned_by(Book)
				v := a.g.ResolveIn(m, in, fn, n).Variable
				if v == nil {
					continue
				}
				m, in, fn, call = v.Module, v.Class, nil, v.Value
			}
			if m.Tree.Kind(call) != pysyntax.Call {
				continue
			}
			n, ok := pymodule.DottedName(m.Tree, argumentFor(m.Tree, maker, i, call))
			if s := a.g.ResolveIn(m, in, fn, n); ok && s.Kind == pymodule.ClassSymbol {
				return one(a.t.classRef(s.Class, typeArgs{}, true))
			}
		}
	}
	return nil
}

// underMaker reports whether this unit's method may stand above a class that a function makes, for each model one, and c below.
func (x *interp) underMaker(c *pymodule.Class) bool {
	f := x.u.key.fn
	return f != nil && f.Class != nil && slices.ContainsFunc(x.a.g.MRO(c), func(b pymodule.Base) bool {
		return b.Class != nil && b.Class.Function != nil && len(b.Class.Function.Params) > 0 && x.a.g.IsSubclass(b.Class, f.Class)
	})
}

// givenMaker are the classes that this unit knows of its parameters, for a class that it declares and may return.
func (x *interp) givenMaker() typeArgs {
	var out typeArgs
	if f := x.u.key.fn; f != nil {
		for _, t := range x.u.key.types {
			if t.atom.kind == classRef && x.tellsModels(t.atom) {
				out.list = append(out.list, typeArg{f.Params[t.param].Name, t.atom.class})
			}
		}
	}
	return out
}

// subclassByType is type("Orders", (Repository,), {"model": Order}): the base with what the dictionary tells.
func (x *interp) subclassByType(args *arguments) value {
	var told []entry
	for _, d := range args.pos[2] {
		for _, e := range d.entries {
			if len(e.value) == 1 && x.tellsModels(e.value[0]) {
				told = append(told, entry{e.name, x.bind(e.value)})
			}
		}
	}
	var out value
	for _, bases := range args.pos[1] {
		for _, base := range bases.elems {
			for _, b := range base {
				if b.kind == classRef && x.a.ix.Class(b.class) == nil {
					targs := b.args
					targs.given = withEntries(told, targs.given)
					out = join(out, one(x.a.t.classRef(b.class, targs, b.bound)))
				}
			}
		}
	}
	return out
}

// withEntries are entries and those of others under other names, in order.
func withEntries(entries, others []entry) []entry {
	out := slices.Clone(entries)
	for _, e := range others {
		if _, known := entryOf(entries, e.name); !known {
			out = append(out, e)
		}
	}
	slices.SortFunc(out, compareEntries)
	return out
}
