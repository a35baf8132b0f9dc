package loadflow

import (
	"strings"

	"github.com/lazyfix/lazyfix/rewrite/internal/pymodule"
	"github.com/lazyfix/lazyfix/rewrite/internal/pysyntax"
)

// typeScope is where the names of a type expression are looked up and what its objects come from.
type typeScope struct {
	mod    *pymodule.Module
	class  *pymodule.Class
	fn     *pymodule.Function
	params map[string]*pymodule.Class // what type parameters stand for
	types  map[string]schemaType      // the same, of a schema: any type
	origin *origin
	unit   *unitKey // Select[...] as a parameter: whose
	param  int
	depth  int
	// sessions: a session of the library's is aSession. Elsewhere it is nothing.
	sessions bool
}

// typedAs reports whether an annotation, quoted or not, uses a name: Mapped[str], orm.Mapped[str], "Mapped[str]".
func typedAs(t *pysyntax.Tree, annotation pysyntax.Node, name string) bool {
	for n := range t.Within(annotation) {
		if t.Kind(n) == pysyntax.Identifier && t.Text(n) == name || t.Kind(n) == pysyntax.StringContent && strings.Contains(t.Text(n), name) {
			return true
		}
	}
	return false
}

// annotation is the value of a type node in the unit's own scope.
func (x *interp) annotation(n pysyntax.Node, o *origin) value {
	k := x.u.key
	s := typeScope{mod: x.m, fn: k.fn, origin: o, params: x.typeParams()}
	if k.fn != nil {
		s.class = k.fn.Class
	}
	if x.class != nil {
		s.class = x.class
	}
	return x.a.typeValue(x.a.parseType(x.t.Text(n)), s)
}

// typeParams are the classes that the unit's context gives to type parameters.
func (x *interp) typeParams() map[string]*pymodule.Class {
	if x.u.key.fn == nil {
		return nil
	}
	if x.u.typeParams == nil {
		x.u.typeParams = x.findTypeParams()
	}
	return x.u.typeParams
}

func (x *interp) findTypeParams() map[string]*pymodule.Class {
	k := x.u.key
	out := map[string]*pymodule.Class{}
	if k.recv != nil && k.fn.Class != nil {
		for _, b := range x.a.g.MRO(k.recv) {
			if b.Class == k.fn.Class {
				for name, c := range x.a.paramsOf(k.recv, k.args, b) {
					out[name] = c
				}
			}
		}
	}
	for _, t := range k.types { // def get(model: type[T]) -> T
		p := k.fn.Params[t.param]
		if p.Annotation == pysyntax.Nil || t.atom.kind != classRef {
			continue
		}
		typ := x.a.parseType(x.t.Text(p.Annotation))
		if typ.Kind == pymodule.TypeSubscript && strings.EqualFold(pymodule.Last(typ.Name), "type") && len(typ.Args) == 1 &&
			typ.Args[0].Kind == pymodule.TypeName {
			out[typ.Args[0].Name] = t.atom.class
		}
	}
	return out
}

// paramsOf are the classes for the type parameters of base b of class c, whose own parameters are args.
func (a *analysis) paramsOf(c *pymodule.Class, args typeArgs, b pymodule.Base) map[string]*pymodule.Class {
	out := map[string]*pymodule.Class{}
	if b.Class == c {
		for _, t := range args.list {
			out[t.name] = t.class
		}
	}
	for name, t := range b.Args {
		if t.Type == nil || t.Type.Kind != pymodule.TypeName {
			continue
		}
		if own := args.get(t.Type.Name); own != nil && t.In == c {
			out[name] = own
			continue
		}
		if s := a.g.ResolveIn(t.Scope, t.In, t.In.Function, t.Type.Name); s.Kind == pymodule.ClassSymbol {
			out[name] = s.Class
		}
	}
	return out
}

// specialise is `Repository[Order]`, or a member of an enumeration, State["OPEN"].
func (x *interp) specialise(a *atom, n pysyntax.Node) value {
	if members := x.enumMembers(a); len(members) > 0 {
		return members
	}
	typ := x.a.parseType(x.t.Text(n))
	if typ.Kind != pymodule.TypeSubscript {
		return one(a)
	}
	if f := x.method(a.class, "__class_getitem__"); f != nil {
		index := x.t.Child(n, pysyntax.FieldSubscript)
		if v := x.call(f, one(a), &arguments{pos: []value{x.eval(index)}, posNodes: []pysyntax.Node{index}}, n); len(v) > 0 {
			return v
		}
	}
	args := x.a.typeArguments(a.class, typ.Args, typeScope{mod: x.m, class: x.class, fn: x.u.key.fn, params: x.ownArguments(typ, n)})
	return one(x.a.t.classRef(a.class, x.handedOver(args, a.class, typ), a.bound))
}

func (a *analysis) typeArguments(c *pymodule.Class, args []*pymodule.Type, s typeScope) typeArgs {
	var out typeArgs
	for i, name := range a.g.TypeParams(c) {
		if i >= len(args) {
			break
		}
		if class := a.classNamed(args[i], s); class != nil {
			out.list = append(out.list, typeArg{name, class})
		} else if a.isSchema(c) {
			if arg, reads := a.spelledArgument(name, args[i], s); reads {
				out.spelled = append(out.spelled, arg)
			}
		}
	}
	return out
}

// classNamed is the class that a type argument names, nil where it is another type.
func (a *analysis) classNamed(typ *pymodule.Type, s typeScope) *pymodule.Class {
	if typ.Kind != pymodule.TypeName {
		return nil
	}
	if bound := s.params[typ.Name]; bound != nil {
		return bound
	}
	if sym := a.g.ResolveIn(s.mod, s.class, s.fn, typ.Name); sym.Kind == pymodule.ClassSymbol {
		return sym.Class
	}
	return nil
}

// maxType bounds the nesting of a type, aliases of aliases included.
const maxType = 12

// typeValue is what a value of the type may be.
func (a *analysis) typeValue(typ *pymodule.Type, s typeScope) value {
	if s.depth++; s.depth > maxType || typ == nil {
		return nil
	}
	switch typ.Kind {
	case pymodule.TypeUnion:
		var out value
		for _, t := range typ.Args {
			out = join(out, a.typeValue(t, s))
		}
		return out
	case pymodule.TypeName, pymodule.TypeSubscript:
		return a.namedType(typ, s)
	}
	return nil
}

func (a *analysis) namedType(typ *pymodule.Type, s typeScope) value {
	if c := s.params[typ.Name]; c != nil {
		return a.instanceOf(c, typeArgs{}, s)
	}
	sym, others := a.meanings(s, typ.Name)
	out := a.typeMeant(sym, typ, s)
	for _, other := range others {
		if !a.isMapped(sym) || !a.isMapped(other) {
			out = join(out, a.typeMeant(other, typ, s))
		}
	}
	return out
}

// typeMeant is the value of a type whose name means sym.
func (a *analysis) typeMeant(sym pymodule.Symbol, typ *pymodule.Type, s typeScope) value {
	switch sym.Kind {
	case pymodule.ClassSymbol:
		return a.instanceOf(sym.Class, a.typeArguments(sym.Class, typ.Args, s), s)
	case pymodule.VariableSymbol: // an alias: OrderDep = Annotated[Order, Depends(...)]
		v := sym.Variable
		if v.Value == pysyntax.Nil {
			return nil
		}
		t := v.Module.Tree
		if t.Kind(v.Aliased()) == pysyntax.Call { // TypeVar("T", bound=X), NewType("X", Y)
			return nil
		}
		aliased := a.parseType(t.Text(v.Aliased()))
		if len(typ.Args) > 0 && aliased != nil {
			return a.typeValue(aliased, a.aliasScope(v, aliased, typ.Args, s))
		}
		s.mod, s.class, s.fn = v.Module, v.Class, nil
		return a.typeValue(aliased, s)
	case pymodule.ExternalSymbol:
		if s.sessions && isLibrarySession(sym.External) {
			return one(a.t.external(aSession))
		}
		if isHooksName(sym.External) {
			return one(a.t.external(sym.External))
		}
		return a.libraryType(pymodule.Last(sym.External), typ.Args, s)
	case pymodule.Unknown, pymodule.FunctionSymbol: // list[Order] in a class that has a method list()
		return a.libraryType(pymodule.Last(typ.Name), typ.Args, s)
	}
	return nil
}

// aliasScope is where the names of a generic alias are looked up: T is Repository for Injected[Repository], where it says
// Injected = Annotated[T, Depends()].
func (a *analysis) aliasScope(v *pymodule.Variable, aliased *pymodule.Type, args []*pymodule.Type, s typeScope) typeScope {
	params := map[string]*pymodule.Class{}
	next := 0
	var walk func(t *pymodule.Type)
	walk = func(t *pymodule.Type) {
		if t.Kind == pymodule.TypeName && next < len(args) && params[t.Name] == nil && a.g.IsTypeVar(v.Module, t.Name) {
			if params[t.Name] = s.params[args[next].Name]; params[t.Name] == nil {
				params[t.Name] = a.g.ResolveIn(s.mod, s.class, s.fn, args[next].Name).Class
			}
			next++
		}
		for _, arg := range t.Args {
			walk(arg)
		}
	}
	walk(aliased)
	s.mod, s.class, s.fn, s.params = v.Module, v.Class, nil, params
	return s
}

func (a *analysis) instanceOf(c *pymodule.Class, args typeArgs, s typeScope) value {
	if m := a.ix.Class(c); m != nil && (m.Mapped || len(a.ix.All(c)) > 0) {
		return one(a.t.object(c, s.origin, nil))
	}
	if members := a.allMembers(c); len(members) > 0 {
		return members
	}
	return one(a.t.instance(c, args))
}

// libraryType is a type of Python's or SQLAlchemy's own.
func (a *analysis) libraryType(name string, args []*pymodule.Type, s typeScope) value {
	arg := func(i int) value {
		if i < 0 || i >= len(args) {
			return nil
		}
		return a.typeValue(args[i], s)
	}
	switch name {
	case "Optional", "Annotated", "Awaitable", "Final", "ClassVar", "Required", "NotRequired", "Mapped", "SkipValidation":
		return arg(0)
	case "Coroutine":
		return arg(2)
	case "Union":
		var out value
		for i := range args {
			out = join(out, arg(i))
		}
		return out
	case "list", "List", "Sequence", "Iterable", "Iterator", "AsyncIterator", "AsyncIterable", "Collection", "set", "Set",
		"frozenset", "FrozenSet", "AbstractSet", "MutableSequence", "MutableSet", "deque", "Deque", "ScalarResult",
		"AsyncScalarResult", "Generator", "AsyncGenerator", "Container", "Page", "LimitOffsetPage", "CursorPage", "KeysView",
		"ValuesView", "Reversible", "AbstractAsyncContextManager", "AbstractContextManager":
		return a.t.collection(arg(0))
	case "Row": // Row[tuple[Order, int]], and Row[Order, int] in 2.1
		if len(args) == 1 && args[0].Kind == pymodule.TypeSubscript && strings.EqualFold(pymodule.Last(args[0].Name), "tuple") {
			return a.typeValue(args[0], s)
		}
		return a.tupleType(args, s)
	case "tuple", "Tuple":
		return a.tupleType(args, s)
	case "dict", "Dict", "Mapping", "MutableMapping", "defaultdict", "DefaultDict", "OrderedDict":
		return a.t.mapping(arg(0), arg(1))
	case "type", "Type":
		var out value
		for _, v := range arg(0) {
			if v.kind == object || v.kind == instance {
				out = join(out, one(a.t.classRef(v.class, v.args, true)))
			}
		}
		return out
	case "Select", "SelectOfScalar", "Query", "ReturningInsert", "Executable", "TypedReturnsRows":
		return a.statementType(name, args, s)
	case "Result", "AsyncResult", "CursorResult", "TupleResult":
		if row := arg(0); len(row) > 0 { // else no query is known: it may well have rows
			return a.t.rows(row)
		}
	case "ContextVar": // .get() gives it
		return a.t.mapping(nil, arg(0))
	case "Request", "WebSocket": // Litestar's Request[User, Auth, State]: request.user
		if len(args) > 1 {
			return a.t.tuple([]value{arg(0), arg(1)}, []string{"user", "auth"})
		}
	case "ASGIConnection":
		if len(args) > 2 {
			return a.t.tuple([]value{arg(1), arg(2)}, []string{"user", "auth"})
		}
	case "FromDishka", "FromComponent", "Injected", "Inject", "Private": // of Dishka, wireup, Strawberry: X itself
		return arg(0)
	}
	return nil
}

func (a *analysis) tupleType(args []*pymodule.Type, s typeScope) value {
	if len(args) == 0 {
		return nil
	}
	if len(args) == 2 && args[1].Kind == pymodule.TypeLiteral && strings.HasPrefix(args[1].Text, "...") {
		return a.t.collection(a.typeValue(args[0], s))
	}
	elems := make([]value, len(args))
	for i := range args {
		elems[i] = a.typeValue(args[i], s)
	}
	return a.t.tuple(elems, nil)
}

// statementType is Select[tuple[Order]]: a statement that comes in by a parameter. Elsewhere an annotation says nothing
// about the statement that we do not see in the values.
func (a *analysis) statementType(name string, args []*pymodule.Type, s typeScope) value {
	if s.unit == nil || len(args) == 0 {
		return nil
	}
	t := args[0]
	list := []*pymodule.Type{t}
	if t.Kind == pymodule.TypeSubscript && strings.EqualFold(pymodule.Last(t.Name), "tuple") {
		list = t.Args
	}
	st := &stmt{unit: s.unit, param: s.param, query: name == "Query"}
	known := false
	for _, e := range list {
		var c *pymodule.Class
		for _, v := range a.typeValue(e, s) {
			if v.kind == object {
				c = v.class
			}
		}
		ent := Entity{Class: c, Expr: pysyntax.Nil}
		if c != nil {
			ent.Name = c.Name
		}
		st.ents = append(st.ents, ent)
		known = known || c != nil
	}
	if !known { // Select[Any]: the callers know better
		return nil
	}
	return a.t.statement(st)
}
