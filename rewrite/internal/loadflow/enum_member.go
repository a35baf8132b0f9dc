package loadflow

import (
	"slices"
	"strings"

	"github.com/lazyfix/lazyfix/rewrite/internal/pymodule"
)

// enumMember is Status.OPEN where the class has methods that take something, Status.OPEN.allows(order). Of other
// enumerations a member means nothing here, and is in too many columns to be followed.
func (x *interp) enumMember(a *atom, v value) value {
	if !x.takesObjects(a.class) {
		return v
	}
	return one(x.a.t.made(a.class, typeArgs{}, []entry{{"value", v}}))
}

// enumColumn is order.status, where the annotation of the column says such an enumeration.
func (x *interp) enumColumn(a *atom, name string) value {
	var out value
	for _, b := range x.annotated(a.class, typeArgs{}, name) {
		if b.kind == instance && x.takesObjects(b.class) {
			out = join(out, one(b))
		}
	}
	return out
}

// takesObjects reports whether a class is an enumeration with methods that take something, or whose members keep a function
// (enum_made.go). Those that Python calls are none.
func (x *interp) takesObjects(c *pymodule.Class) bool {
	return x.enumOfFunctions(c) || x.a.isEnum(c) && slices.ContainsFunc(x.a.g.MRO(c), func(b pymodule.Base) bool {
		if b.Class == nil {
			return false
		}
		for _, f := range b.Class.Methods {
			if isMethod(f) && !isClassMethod(f) && !strings.HasPrefix(f.Name, "_") && len(f.Params) > 1 {
				return true
			}
		}
		return false
	})
}
