package loadflow

import (
	"maps"
	"slices"

	"github.com/lazyfix/lazyfix/rewrite/internal/pymodule"
	"github.com/lazyfix/lazyfix/rewrite/internal/pysyntax"
)

// lambdaValue is a lambda as a value. What it reads of the names around it is read here, while they are what they are; its
// parameters are what those pass who call it.
func (x *interp) lambdaValue(n pysyntax.Node) value {
	x.apply(n, nil)
	f := x.m.FunctionAt(n)
	if f == nil {
		return nil
	}
	var outer *unitKey
	if x.u.key.fn != nil {
		outer = x.u.key
		x.keepDefaults(f)
	}
	return one(x.a.t.funcRef(f, nil, outer))
}

// expectLambdas says of the lambdas among arguments what the parameter that takes them will call them with: a lambda for
// Callable[[Order], str] is called with orders, whatever others the same code holds are called with.
func (x *interp) expectLambdas(f *pymodule.Function, self value, bound []value) {
	for i, v := range bound {
		if f.Params[i].Annotation == pysyntax.Nil || !slices.ContainsFunc(v, isLambda) {
			continue
		}
		takes := x.callableOf(f, self, f.Params[i].Annotation)
		if !slices.ContainsFunc(takes, func(c *pymodule.Class) bool { return c != nil }) {
			continue
		}
		out := make([]*atom, len(v))
		for j, a := range v {
			if out[j] = a; isLambda(a) {
				out[j] = x.a.t.lambda(a.fn, a.unit, takes)
			}
		}
		bound[i] = valueOf(out)
	}
}

func isLambda(a *atom) bool { return a.kind == funcRef && a.fn.Lambda() }

// callableOf are the mapped classes that the Callable of an annotation takes, nil for what is none.
func (x *interp) callableOf(f *pymodule.Function, self value, annotation pysyntax.Node) []*pymodule.Class {
	scope := typeScope{mod: f.Module, class: f.Class, origin: x.a.t.typeOrigin(f.Module, annotation)}
	if len(self) == 1 && self[0].class != nil && f.Class != nil {
		for _, b := range x.a.g.MRO(self[0].class) {
			if b.Class == f.Class {
				scope.params = x.a.paramsOf(self[0].class, self[0].args, b)
			}
		}
	}
	var out []*pymodule.Class
	for _, t := range callableTypes(x.a.parseType(f.Module.Tree.Text(annotation))) {
		var class *pymodule.Class
		if v := x.a.typeValue(t, scope); len(v) == 1 && v[0].kind == object {
			class = v[0].class
		}
		out = append(out, class)
	}
	return out
}

// callableTypes are the types of the parameters in Callable[[A, B], C], alone or in a union.
func callableTypes(t *pymodule.Type) []*pymodule.Type {
	if t == nil || t.Kind != pymodule.TypeUnion && t.Kind != pymodule.TypeSubscript {
		return nil
	}
	if t.Kind == pymodule.TypeSubscript && pymodule.Last(t.Name) == "Callable" {
		if len(t.Args) == 0 || t.Args[0].Kind != pymodule.TypeList {
			return nil
		}
		return t.Args[0].Args
	}
	for _, a := range t.Args {
		if found := callableTypes(a); found != nil {
			return found
		}
	}
	return nil
}

// callableWith are arguments without the objects that a lambda is not called with.
func (x *interp) callableWith(c *atom, args *arguments) *arguments {
	if len(c.takes) == 0 {
		return args
	}
	out := *args
	out.pos = slices.Clone(args.pos)
	for i, v := range out.pos {
		if i < len(c.takes) && c.takes[i] != nil {
			out.pos[i] = slices.DeleteFunc(slices.Clone(v), func(a *atom) bool {
				return a.kind == object && !x.a.related(a.class, c.takes[i])
			})
		}
	}
	return &out
}

// runLambdas runs lambdas among the arguments with the elements of the container that they are for, if any.
func (x *interp) runLambdas(args *arguments, over value) {
	run := func(n pysyntax.Node) {
		if x.t.Kind(n) == pysyntax.Lambda {
			x.apply(n, []value{x.elements(over)})
		}
	}
	for _, n := range args.posNodes {
		run(n)
	}
	for _, name := range sortedKeys(args.kwNodes) { // what they read is noted in order
		run(args.kwNodes[name])
	}
}

// maxLambdas bounds how deep lambdas are run within each other: each may be run twice by the one around it.
const maxLambdas = 8

// apply calls a lambda, or any callable expression, with values.
func (x *interp) apply(n pysyntax.Node, args []value) value {
	if x.t.Kind(n) == pysyntax.Attribute && len(args) == 1 {
		callee, called := x.eval(n), &arguments{pos: args}
		if !slices.ContainsFunc(callee, func(a *atom) bool { return a.kind == funcRef }) { // else it is the program's own
			owner := x.quiet(x.t.Child(n, pysyntax.FieldObject))
			if v, ok := x.schemaCall(owner, x.t.Text(x.t.Child(n, pysyntax.FieldAttribute)), called, n); ok {
				return v
			}
		}
		return x.callValue(callee, called, n)
	}
	if x.t.Kind(n) == pysyntax.Identifier { // map(str, orders)
		if v, ok := x.builtin(n, x.t.Text(n), &arguments{pos: args}); ok {
			return v
		}
	}
	if x.t.Kind(n) != pysyntax.Lambda {
		return x.callValue(x.eval(n), &arguments{pos: args}, n)
	}
	if x.lambda++; x.lambda > maxLambdas {
		x.lambda--
		return nil
	}
	defer func() { x.lambda-- }()
	outer := x.env
	x.env = maps.Clone(outer)
	i := 0
	for p := range x.t.Children(x.t.Child(n, pysyntax.FieldParameters)) {
		name := p
		if x.t.Kind(p) == pysyntax.DefaultParameter {
			name = x.t.Child(p, pysyntax.FieldName)
		}
		v := value(nil)
		if i < len(args) {
			v = args[i]
		} else if x.t.Kind(p) == pysyntax.DefaultParameter {
			v = x.eval(x.t.Child(p, pysyntax.FieldValue))
		}
		x.env[x.t.Text(name)] = v
		i++
	}
	v := x.eval(x.t.Child(n, pysyntax.FieldBody))
	x.leaveScope(outer)
	return v
}
