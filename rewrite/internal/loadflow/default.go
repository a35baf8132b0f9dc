package loadflow

import (
	"slices"
	"strconv"

	"github.com/lazyfix/lazyfix/rewrite/internal/pymodule"
	"github.com/lazyfix/lazyfix/rewrite/internal/pysyntax"
)

// The defaults of a function that stands in another one are what they were where it was defined: def show(x=order),
// lambda order=order: .... They are variables of the function around it, under names that no program has. Of other
// functions those count that say what the function does: see ownDefault.

func defaultName(f *pymodule.Function, param int) string {
	return "<default " + funcID(f) + "." + strconv.Itoa(param) + ">"
}

// keepDefaults evaluates the defaults of a function or lambda, where it is defined.
func (x *interp) keepDefaults(f *pymodule.Function) {
	for i, p := range f.Params {
		if p.Default == pysyntax.Nil {
			continue
		}
		v := withoutFlags(x.eval(p.Default))
		if x.u.key.fn == nil {
			x.keepStatement(f, i, v)
			x.keepCallable(f, i, v)
		}
		if x.keep && x.u.key.fn != nil && len(v) > 0 {
			name := defaultName(f, i)
			x.out.vars[name] = join(x.out.vars[name], v)
		}
	}
}

// bindDefaults gives to parameters without an argument what they have from the function around.
func (x *interp) bindDefaults(f *pymodule.Function, bound []value, args *arguments, outer *unitKey) {
	if outer == nil {
		x.bindStatements(f, bound, args)
	}
	if outer == nil || args.more || isMethod(f) {
		return
	}
	for i, p := range f.Params {
		if _, named := args.kw[p.Name]; p.Default == pysyntax.Nil || len(bound[i]) > 0 || named ||
			p.Kind == pymodule.Plain && i < len(args.pos) {
			continue
		}
		if outer.id == x.u.key.id {
			bound[i] = x.out.vars[defaultName(f, i)]
			continue
		}
		x.out.usedVars[outer.id] = outer
		if u := x.a.units[outer.id]; u != nil {
			bound[i] = u.out.vars[defaultName(f, i)]
		}
	}
}

// ownDefault is the default of a parameter that gets no argument, of what decides what a function means: True or False, a
// class or a function, an object made of a class of the program (repository=OrderRepository()), by itself or under a name
// of the module. Objects of mapped classes are seldom among them.
func (x *interp) ownDefault(p pymodule.Param, f *pymodule.Function) value {
	if p.Default == pysyntax.Nil {
		return nil
	}
	t := f.Module.Tree
	if v := x.callableByDefault(f, f.ParamIndex(p.Name)); len(v) > 0 {
		return v
	}
	if i := f.ParamIndex(p.Name); i >= 0 && !t.Is(p.Default, pysyntax.True, pysyntax.False) && x.a.usesOf(f)[i].set {
		return nil // it is but what the function begins with
	}
	switch t.Kind(p.Default) {
	case pysyntax.True:
		return one(x.a.t.flag(true))
	case pysyntax.False:
		return one(x.a.t.flag(false))
	case pysyntax.Identifier, pysyntax.Attribute:
		if name, ok := pymodule.DottedName(t, p.Default); ok {
			return slices.DeleteFunc(slices.Clone(x.symbol(x.a.g.ResolveIn(f.Module, f.Class, f.Outer, name))), func(a *atom) bool {
				return a.kind != classRef && a.kind != funcRef && a.kind != instance
			})
		}
	case pysyntax.Call:
		if name, ok := pymodule.DottedName(t, t.Child(p.Default, pysyntax.FieldFunction)); ok {
			s := x.a.g.ResolveIn(f.Module, f.Class, f.Outer, name)
			if m := x.a.ix.Class(s.Class); s.Kind == pymodule.ClassSymbol && (m == nil || !m.Mapped) {
				return one(x.a.t.instance(s.Class, typeArgs{}))
			}
		}
	}
	return nil
}
