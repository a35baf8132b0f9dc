package loadflow

import (
	"slices"
	"strings"

	"github.com/lazyfix/lazyfix/rewrite/internal/pymodule"
	"github.com/lazyfix/lazyfix/rewrite/internal/pysyntax"
)

// described is what an attribute of an instance is that its class holds: what the __get__ of a descriptor of the program
// gives, as in class Unit: orders = Descriptor(OrderRepository).
func (x *interp) described(owner *atom, held value, at pysyntax.Node) value {
	if !slices.ContainsFunc(held, x.isDescriptor) {
		return held
	}
	return x.describedBy(held, &arguments{pos: []value{one(owner), one(x.a.t.classRef(owner.class, typeArgs{}, false))}}, at)
}

// describedOfClass is the same for an attribute of a class, Order.objects, and for one that a method is which a decorator of the
// program makes a descriptor: @classproperty.
func (x *interp) describedOfClass(owner *atom, held value, at pysyntax.Node) value {
	given := &arguments{pos: []value{nil, one(owner)}}
	if slices.ContainsFunc(held, x.isDescriptor) {
		held = x.describedBy(held, given, at)
	}
	for _, a := range held {
		if a.kind == funcRef && isClassProperty(a.fn) { // of this class, whatever others have it from a mixin
			held = join(held, x.callMethods(owner.class, a.fn, one(owner), &arguments{}, at))
		} else if a.kind == funcRef && len(a.fn.Decorators) > 0 {
			held = join(held, x.describedMethod(a.fn, given, at))
		}
	}
	return held
}

// isClassProperty reports whether a method is read on the class as a property: by a decorator of that name, the program's own, that
// of sqlalchemy.util or of Django. Its first parameter is the class.
func isClassProperty(f *pymodule.Function) bool {
	for _, d := range f.Decorators { // asked of each call, so by the end of the text
		if text := f.Module.Tree.Text(d); strings.HasSuffix(text, "classproperty") || strings.HasSuffix(text, "class_property") {
			return true
		}
	}
	return false
}

// describedMethod is what the descriptors give that decorators of the program make of a method.
func (x *interp) describedMethod(f *pymodule.Function, given *arguments, at pysyntax.Node) value {
	if !x.a.describes() {
		return nil
	}
	made := x.keptAt(wrapping(f))
	return x.describedBy(dropping(made, func(a *atom) bool { return !x.isDescriptor(a) }), given, at)
}

// hasDescriptors reports whether a class of the program is one of descriptors; most programs have none.
func hasDescriptors(g *pymodule.Graph) bool {
	return slices.ContainsFunc(g.Modules, func(m *pymodule.Module) bool {
		return slices.ContainsFunc(m.Classes, func(c *pymodule.Class) bool { return c.Methods["__get__"] != nil })
	})
}

func (x *interp) isDescriptor(a *atom) bool {
	return a.kind == instance && x.method(a.class, "__get__") != nil
}

// describedBy has what a descriptor gives in its place.
func (x *interp) describedBy(held value, given *arguments, at pysyntax.Node) value {
	var out value
	for _, a := range held {
		if x.isDescriptor(a) {
			out = join(out, x.callMethods(a.class, x.method(a.class, "__get__"), one(a), given, at))
		} else {
			out = join(out, one(a))
		}
	}
	return out
}

// madeProperty is an attribute that a class makes a property by a call, customer = property(lambda self: self._order.customer), or
// property(_customer), property(attrgetter("_order.customer")): what its getter gives. False where it is none.
func (x *interp) madeProperty(owner *atom, v *pymodule.Variable, at pysyntax.Node) (value, bool) {
	t := v.Module.Tree
	if t.Kind(v.Value) != pysyntax.Call {
		return nil, false
	}
	if !isPropertyCall(t, v.Value) {
		return x.givenProperty(owner, v, at)
	}
	getter := t.Keyword(v.Value, "fget")
	if first := t.First(t.Child(v.Value, pysyntax.FieldArguments)); getter == pysyntax.Nil && t.Kind(first) != pysyntax.KeywordArgument {
		getter = first
	}
	switch t.Kind(getter) {
	case pysyntax.Lambda:
		if f := v.Module.FunctionAt(getter); f != nil {
			return x.callValue(one(x.a.t.funcRef(f, nil, nil)), &arguments{pos: []value{one(owner)}}, at), true
		}
	case pysyntax.Identifier:
		s := x.a.classMember(owner.class, t.Text(getter))
		if s.Kind != pymodule.FunctionSymbol {
			s = x.a.g.ResolveIn(v.Module, nil, nil, t.Text(getter))
		}
		if s.Kind == pymodule.FunctionSymbol {
			return x.callValue(one(x.a.t.funcRef(s.Function, nil, nil)), &arguments{pos: []value{one(owner)}}, at), true
		}
	case pysyntax.Call:
		if pymodule.Last(t.Text(t.Child(getter, pysyntax.FieldFunction))) == "attrgetter" {
			path := pymodule.StringValue(t, t.First(t.Child(getter, pysyntax.FieldArguments)))
			return x.getAttribute(path, &arguments{pos: []value{one(owner)}}, at), true
		}
	}
	return nil, false
}

// madeByCall is what property(getter) gives to who does not have it in the body of a class: what is called with the object.
const madeByCall = composedCall + "property"

func propertyMade(x *interp, args *arguments, _ pysyntax.Node) value {
	return x.a.t.holding(madeByCall, []value{args.get(0, "fget")})
}

// givenProperty is an attribute for which a function of the program gives a property, customer = attribute_of("customer"): property(get),
// or an inner function that is one.
func (x *interp) givenProperty(owner *atom, v *pymodule.Variable, at pysyntax.Node) (value, bool) {
	name, ok := pymodule.DottedName(v.Module.Tree, v.Module.Tree.Callee(v.Value))
	if !ok || v.Class == nil {
		return nil, false
	}
	if f := x.a.g.ResolveIn(v.Module, nil, nil, name).Function; f == nil || !returnsProperty(f) {
		return nil, false
	}
	var out value
	found := false
	for _, a := range x.field(v.Class, v.Name) {
		if a.kind == external && a.name == madeByCall || a.kind == funcRef && a.fn.Class == nil && isProperty(a.fn) {
			found = true
			out = join(out, x.callValue(one(a), &arguments{pos: []value{one(owner)}}, at))
		}
	}
	return out, found
}
