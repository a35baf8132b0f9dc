package loadflow

import (
	"strconv"

	"github.com/lazyfix/lazyfix/rewrite/internal/pymodule"
	"github.com/lazyfix/lazyfix/rewrite/internal/pysyntax"
)

// The defaults of a function that stands in another one are what they were where it was defined: def show(x=order),
// lambda order=order: .... They are variables of the function around it, under names that no program has. Defaults of other
// functions are seldom objects, and are not followed.

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
		if x.keep && x.u.key.fn != nil && len(v) > 0 {
			name := defaultName(f, i)
			x.out.vars[name] = join(x.out.vars[name], v)
		}
	}
}

// bindDefaults gives to parameters without an argument what they have from the function around.
func (x *interp) bindDefaults(f *pymodule.Function, bound []value, args *arguments, outer *unitKey) {
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
