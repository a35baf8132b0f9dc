package pymodule

import (
	"slices"

	"github.com/lazyfix/lazyfix/rewrite/internal/pysyntax"
)

// assignment binds what a statement assigns to, `a = b = value` too.
func (x *extractor) assignment(n pysyntax.Node, at place) {
	t := x.t
	left, right := t.Child(n, pysyntax.FieldLeft), t.Child(n, pysyntax.FieldRight)
	value := right
	for t.Kind(value) == pysyntax.Assignment {
		value = t.Child(value, pysyntax.FieldRight)
	}
	for t.Kind(value) == pysyntax.ParenthesizedExpression { // black writes them around a long value
		value = t.First(value)
	}
	if t.Kind(left) == pysyntax.Identifier {
		v := &Variable{Node: n, Value: value, Annotation: t.Child(n, pysyntax.FieldType)}
		x.bindVariable(t.Text(left), v, at)
		if t.Text(left) == "__all__" && at.class == nil && at.fn == nil {
			x.readAll(value)
		}
	} else if at.fn == nil && at.class == nil && t.Is(left, pysyntax.PatternList, pysyntax.TuplePattern) {
		x.unpack(left, value, n, at)
	} else {
		x.bindTargets(left, at)
	}
	if t.Kind(right) == pysyntax.Assignment {
		x.assignment(right, at)
	}
}

// unpack binds the names of a module's `orders, items = Service(Order), Service(Item)`: each to its own value where that stands
// there, else to what nobody sees but who runs it.
func (x *extractor) unpack(left, value, n pysyntax.Node, at place) {
	t := x.t
	targets, values := slices.Collect(t.Children(left)), slices.Collect(t.Children(value))
	paired := t.Is(value, pysyntax.Tuple, pysyntax.ExpressionList, pysyntax.List) && len(values) == len(targets) &&
		!slices.ContainsFunc(append(targets, values...), func(c pysyntax.Node) bool { return t.Is(c, pysyntax.ListSplat, pysyntax.ListSplatPattern) })
	for i, target := range targets {
		if t.Kind(target) != pysyntax.Identifier {
			x.bindTargets(target, at)
			continue
		}
		v := &Variable{Node: n, Value: pysyntax.Nil, Annotation: pysyntax.Nil}
		if paired {
			v.Value = values[i]
		}
		x.bindVariable(t.Text(target), v, at)
	}
}

func (x *extractor) bindVariable(name string, v *Variable, at place) {
	v.Module, v.Class, v.Name = x.m, at.class, name
	if at.fn != nil && at.class == nil {
		at.fn.Locals[name] = true
		return
	}
	if at.class != nil {
		at.class.Fields = append(at.class.Fields, v)
		if at.class.fieldOf == nil {
			at.class.fieldOf = map[string]*Variable{}
		}
		at.class.fieldOf[name] = v
	}
	if at.scope != nil {
		if at.scope.names[name].kind == bindVariable && v.Value == pysyntax.Nil && at.scope.names[name].vari != nil {
			return // a bare annotation does not hide the value
		}
		at.bind(name, binding{kind: bindVariable, vari: v})
	}
}

// bindTargets notes that names are bound to something that is not followed here.
func (x *extractor) bindTargets(n pysyntax.Node, at place) {
	switch x.t.Kind(n) {
	case pysyntax.Identifier:
		if at.fn != nil && at.class == nil {
			at.fn.Locals[x.t.Text(n)] = true
		}
	case pysyntax.PatternList, pysyntax.TuplePattern, pysyntax.ListPattern, pysyntax.ListSplatPattern:
		for c := range x.t.Children(n) {
			x.bindTargets(c, at)
		}
	}
}

// readAll reads __all__ = [...].
func (x *extractor) readAll(value pysyntax.Node) {
	x.m.all = map[string]bool{}
	if !x.t.Is(value, pysyntax.List, pysyntax.Tuple) {
		x.m.allOpen = true
		return
	}
	for c := range x.t.Children(value) {
		if x.t.Kind(c) == pysyntax.String {
			x.m.all[StringValue(x.t, c)] = true
		} else {
			x.m.allOpen = true // *other.__all__
		}
	}
}
