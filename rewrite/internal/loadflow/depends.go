package loadflow

import (
	"slices"
	"strconv"
	"strings"

	"github.com/lazyfix/lazyfix/rewrite/internal/pymodule"
	"github.com/lazyfix/lazyfix/rewrite/internal/pysyntax"
)

// What a framework gives to a parameter: FastAPI's Depends(f) and its like, as a default or in Annotated[...].

func isDepends(name string) bool {
	return name == "Depends" || name == "Security" || name == "Provide" || name == "FromDishka" || name == "Inject" || name == "TaskiqDepends"
}

// dependsBy reports whether a default is Depends(f), spelled here or by a name: CurrentUser = Depends(get_user).
func (x *interp) dependsBy(n pysyntax.Node) bool {
	if n == pysyntax.Nil {
		return false
	}
	f := x.u.key.fn
	if _, ok := pymodule.DottedName(x.t, n); ok {
		return x.dependsByName(x.t.Text(n), typeScope{mod: x.m, class: f.Class, fn: f.Outer})
	}
	return x.a.isDependsCall(x.m, f.Class, f.Outer, n, 0) || x.makesDepends(n)
}

// dependsByName reports whether a name stands for a Depends(f).
func (x *interp) dependsByName(name string, s typeScope) bool {
	v := x.a.g.ResolveIn(s.mod, s.class, s.fn, name).Variable
	return v != nil && x.a.isDependsCall(v.Module, v.Class, nil, v.Value, 0)
}

// dependedBy is what a default that is Depends(f) depends on: what it gives, or, where Depends is nothing that we know, its
// argument.
func (x *interp) dependedBy(n pysyntax.Node) value {
	v := x.beside(n)
	if x.t.Kind(n) != pysyntax.Call || slices.ContainsFunc(v, func(a *atom) bool { return a.kind == funcRef || a.kind == classRef }) {
		return v
	}
	return x.evalArguments(n).get(0, "dependency")
}

// annotations are what Annotated[Order, Depends(f)] says beside the type, whether spelled here or by an alias, and where
// its names are looked up.
func (x *interp) annotations(typ *pymodule.Type, s typeScope) ([]*pymodule.Type, typeScope) {
	typ, s = x.spelledOut(typ, s)
	if typ == nil || typ.Kind != pymodule.TypeSubscript || pymodule.Last(typ.Name) != "Annotated" || len(typ.Args) == 0 {
		return nil, s
	}
	return typ.Args[1:], s
}

// spelledOut is the type that a name is an alias of, and where its own names are looked up.
func (x *interp) spelledOut(typ *pymodule.Type, s typeScope) (*pymodule.Type, typeScope) {
	for range maxType {
		if typ == nil || typ.Kind != pymodule.TypeName {
			break
		}
		sym := x.a.g.ResolveIn(s.mod, s.class, s.fn, typ.Name)
		if sym.Kind != pymodule.VariableSymbol || sym.Variable.Aliased() == pysyntax.Nil {
			break
		}
		s.mod, s.class, s.fn = sym.Variable.Module, sym.Variable.Class, nil
		typ = x.a.parseType(s.mod.Tree.Text(sym.Variable.Aliased()))
	}
	return typ, s
}

// dependencies follows the Depends(f) of a parameter: what f gives reaches it.
func (x *interp) dependencies(d declared, param int) {
	if len(d.given) == 0 {
		return
	}
	for n := range x.t.Within(x.u.key.fn.Params[param].Annotation) {
		if x.t.Kind(n) == pysyntax.Call {
			x.beside(n) // it may be Depends(f()), see dependsOnCall
		}
	}
	for _, f := range x.dependedOn(d.given, d.scope) {
		x.provide(f, x.u.key.fn.Node, param)
	}
}

// dependedOn are the f of each Depends(f) that stands beside a type, spelled there, made by a function, or by a name.
func (x *interp) dependedOn(given []*pymodule.Type, s typeScope) []value {
	var out []value
	for _, a := range given {
		open := strings.IndexByte(a.Text, '(')
		switch {
		case a.Kind == pymodule.TypeLiteral && open >= 0 && isDepends(pymodule.Last(strings.TrimSpace(a.Text[:open]))):
			out = append(out, x.dependency(a.Text, s))
		case a.Kind == pymodule.TypeLiteral && open >= 0:
			if f := x.keptAt(dependsOnCall(s.mod, a.Text)); len(f) > 0 {
				out = append(out, f)
			}
		case a.Kind == pymodule.TypeName && x.dependsByName(a.Name, s):
			out = append(out, x.symbols(x.a.g.Meanings(s.mod, s.class, s.fn, a.Name)))
		}
	}
	return out
}

// dependency is the f of a Depends(f) that is spelled in a type: by its name, or what a call gives.
func (x *interp) dependency(spelled string, s typeScope) value {
	_, name, _ := strings.Cut(spelled, "(")
	name = strings.TrimPrefix(strings.TrimSpace(name), "dependency=")
	if end := strings.IndexAny(name, ",) \n(["); end >= 0 && name[end] == '(' {
		return x.keptAt(dependsOnCall(s.mod, spelled))
	} else if end >= 0 {
		name = name[:end]
	}
	return x.symbols(x.a.g.Meanings(s.mod, s.class, s.fn, name))
}

// dependsOnCall is the key of what Depends(f()) stands for: where it is evaluated is known what the call gives, and where
// the parameter is, how it is spelled.
func dependsOnCall(m *pymodule.Module, spelled string) fieldKey {
	return kept("depends", strconv.Itoa(m.Index)+" "+strings.TrimSpace(spelled))
}

// dependsCall is Depends(f): what the framework calls.
func (x *interp) dependsCall(args *arguments, n pysyntax.Node) value {
	f := args.get(0, "dependency")
	if x.t.Kind(args.node(0, "dependency")) == pysyntax.Call {
		x.put(dependsOnCall(x.m, x.t.Text(n)), f)
	}
	return f
}

// provide notes that a framework calls f and passes what it gives to a parameter of this unit.
func (x *interp) provide(f value, at pysyntax.Node, param int) value {
	before := len(x.depended)
	given := x.provided(f, at, 0)
	if len(x.depended) > before { // else it was given to another parameter first
		given = x.sameRow(at, given)
	}
	return x.passIn(given, at, param)
}

// passIn notes that a framework passes a value to a parameter of this unit, which is what the unit sees of it.
func (x *interp) passIn(given value, at pysyntax.Node, param int) value {
	f := x.u.key.fn
	args := make([]value, len(f.Params))
	args[param] = given
	x.out.edges = append(x.out.edges, &edge{callee: x.u.key, args: args, node: at, mod: x.m, text: f.Qual, framework: true})
	return x.a.abstractProvided(given, x.u, param)
}

// maxDepends bounds the dependencies of dependencies.
const maxDepends = 4

// provided is what a framework gets from f, whose own parameters it gives what they depend on.
func (x *interp) provided(f value, at pysyntax.Node, depth int) value {
	var out value
	for _, c := range f {
		if got, ok := x.depended[c]; ok {
			out = join(out, got)
			continue
		}
		args := &arguments{more: true}
		fn := x.signatureOf(c)
		if fn != nil && depth < maxDepends {
			for i, p := range fn.Params {
				if f := x.dependsOn(fn, i); len(f) > 0 {
					if args.kw == nil {
						args.kw = map[string]value{}
					}
					args.kw[p.Name] = x.provided(f, at, depth+1)
				}
			}
		}
		given := x.callValue(one(c), args, at)
		if fn != nil && fn.Generator {
			given = x.iterate(given, at)
		}
		if x.depended == nil {
			x.depended = map[*atom]value{}
		}
		x.depended[c] = given
		x.holds("", given)
		out = join(out, given)
	}
	return out
}

// signatureOf is the function whose parameters a framework fills in when it calls c: a class is called by its constructor, an
// instance by its __call__.
func (x *interp) signatureOf(c *atom) *pymodule.Function {
	switch c.kind {
	case funcRef:
		return c.fn
	case classRef:
		return x.method(c.class, "__init__")
	case instance:
		return x.method(c.class, "__call__")
	}
	return nil
}

// dependsOn is what a parameter of any function depends on.
func (x *interp) dependsOn(f *pymodule.Function, i int) value {
	t, p := f.Module.Tree, f.Params[i]
	s := typeScope{mod: f.Module, class: f.Class, fn: f}
	var out value
	if p.Annotation != pysyntax.Nil {
		out = join(x.injected(f, i), join(x.dependedOn(x.annotations(x.a.parseType(t.Text(p.Annotation)), s))...))
	}
	if p.Default != pysyntax.Nil {
		out = join(out, join(x.dependedOn([]*pymodule.Type{x.a.parseType(t.Text(p.Default))}, s)...))
	}
	return out
}
