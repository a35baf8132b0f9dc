package loadflow

import (
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/lazyfix/lazyfix/rewrite/internal/pymodule"
	"github.com/lazyfix/lazyfix/rewrite/internal/pysyntax"
)

// A type parameter of a schema may stand for more than a class: Envelope[list[OrderOut]], Envelope[OrderOut | None]. Such an
// argument is kept as it is spelled, beside the classes: what is read of the envelope's data is all that it says there.
//
// Only of schemas, and only what names one: a repository's methods are understood once for each of its arguments, and
// Envelope[int] reads nothing. Making a class of each type instead would be no class that anything else could look up.

// spelledArg is what a type parameter of a schema stands for where that is no class.
type spelledArg struct {
	name string
	schemaType
	id string
}

// spelledAs is the argument for a type parameter, false where it is a class or not known.
func (a typeArgs) spelledAs(name string) (schemaType, bool) {
	for _, arg := range a.spelled {
		if arg.name == name {
			return arg.schemaType, true
		}
	}
	return schemaType{}, false
}

// typed reports whether anything is known of the type parameters.
func (a typeArgs) typed() bool { return len(a.list) > 0 || len(a.spelled) > 0 }

// spelledArgument keeps a type argument as it is spelled in a scope; false where nothing is read by it.
func (a *analysis) spelledArgument(name string, typ *pymodule.Type, s typeScope) (spelledArg, bool) {
	scope := &typeScope{mod: s.mod, class: s.class, fn: s.fn}
	if a.meansInModule(typ, scope) { // so that one type is one argument, wherever in the module it stands
		scope.class, scope.fn = nil, nil
	}
	id := strconv.Itoa(s.mod.Index) + ":" + spelling(typ)
	if scope.class != nil {
		id += "@" + classID(scope.class)
	}
	if scope.fn != nil {
		id += "^" + funcID(scope.fn)
	}
	for _, param := range namesOfType(typ, nil) {
		if c := s.params[param]; c != nil {
			if scope.types == nil {
				scope.types = map[string]schemaType{}
			}
			scope.types[param] = typeOfClass(c)
			id += "," + param + "=" + classID(c)
		}
	}
	return spelledArg{name, schemaType{typ, scope}, id}, a.namesSchema(typ, *scope)
}

// meansInModule reports whether all names of a type mean the same in the module as in a scope in it.
func (a *analysis) meansInModule(typ *pymodule.Type, s *typeScope) bool {
	return s.class == nil && s.fn == nil || !slices.ContainsFunc(namesOfType(typ, nil), func(name string) bool {
		return a.g.ResolveIn(s.mod, s.class, s.fn, name) != a.g.ResolveIn(s.mod, nil, nil, name)
	})
}

// namesSchema reports whether a type names a schema, itself or by what it is an alias of.
func (a *analysis) namesSchema(typ *pymodule.Type, s typeScope) bool {
	return a.namesSchemaOnce(typ, s, map[*pymodule.Variable]bool{})
}

// namesSchemaOnce is namesSchema but for aliases that were seen: types that hold each other are no longer the deeper one looks.
func (a *analysis) namesSchemaOnce(typ *pymodule.Type, s typeScope, seen map[*pymodule.Variable]bool) bool {
	if s.depth++; s.depth > maxType {
		return false
	}
	return slices.ContainsFunc(namesOfType(typ, nil), func(name string) bool {
		if bound, ok := s.types[name]; ok {
			inner := *bound.scope
			inner.depth = s.depth
			return a.namesSchemaOnce(bound.typ, inner, seen)
		}
		sym, _ := a.meanings(s, name)
		switch {
		case sym.Kind == pymodule.ClassSymbol:
			return a.isSchema(sym.Class) || a.listsFields(sym.Class)
		case sym.Kind == pymodule.VariableSymbol && !a.g.IsTypeVar(s.mod, name):
			v := sym.Variable
			if seen[v] {
				return false
			}
			seen[v] = true
			return a.namesSchemaOnce(a.parseType(v.Module.Tree.Text(v.Aliased())), typeScope{mod: v.Module, class: v.Class, depth: s.depth}, seen)
		}
		return false
	})
}

// namesOfType are the names that a type is made of, each as often as it stands there.
func namesOfType(typ *pymodule.Type, out []string) []string {
	if typ == nil {
		return out
	}
	if typ.Kind == pymodule.TypeName || typ.Kind == pymodule.TypeSubscript {
		out = append(out, typ.Name)
	}
	for _, arg := range typ.Args {
		out = namesOfType(arg, out)
	}
	return out
}

// spelling is a type as text that no other type has.
func spelling(typ *pymodule.Type) string {
	var args []string
	for _, arg := range typ.Args {
		args = append(args, spelling(arg))
	}
	switch typ.Kind {
	case pymodule.TypeUnion:
		return "(" + strings.Join(args, "|") + ")"
	case pymodule.TypeNone:
		return "None"
	case pymodule.TypeLiteral:
		return "`" + typ.Text + "`"
	case pymodule.TypeName:
		return typ.Name
	}
	return typ.Name + "[" + strings.Join(args, ",") + "]"
}

// ownArguments are the classes that names inside of a function stand for: Page[schema], where schema is a parameter.
func (x *interp) ownArguments(typ *pymodule.Type, n pysyntax.Node) map[string]*pymodule.Class {
	out := maps.Clone(x.typeParams())
	if x.u.key.fn == nil { // what the names of a module mean, its scope says
		return out
	}
	for _, name := range namesOfType(typ, nil)[1:] {
		if strings.Contains(name, ".") || !x.isBound(name) {
			continue
		}
		if v := x.name(name); len(v) == 1 && v[0].kind == classRef {
			if out == nil {
				out = map[string]*pymodule.Class{}
			}
			out[name] = v[0].class
		}
	}
	for _, c := range x.variablesIn(n) { // Page[self.schema]
		if x.t.Kind(c) != pysyntax.Attribute {
			continue
		}
		if v := x.quiet(c); len(v) == 1 && v[0].kind == classRef {
			if out == nil {
				out = map[string]*pymodule.Class{}
			}
			out[x.t.Text(c)] = v[0].class
		}
	}
	return out
}

// handedOver adds the arguments that a method of a schema hands over as it has them itself: Envelope[T](data=data), where T
// is list[OrderOut].
func (x *interp) handedOver(args typeArgs, c *pymodule.Class, typ *pymodule.Type) typeArgs {
	k := x.u.key
	if len(k.args.spelled) == 0 || k.fn == nil || k.recv != k.fn.Class {
		return args
	}
	for i, name := range x.a.g.TypeParams(c) {
		if i >= len(typ.Args) || typ.Args[i].Kind != pymodule.TypeName {
			continue
		}
		for _, own := range k.args.spelled {
			if own.name == typ.Args[i].Name {
				own.name = name
				args.spelled = append(args.spelled, own)
			}
		}
	}
	return args
}
