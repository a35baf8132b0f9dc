package pymodule

import (
	"slices"
	"strings"

	"github.com/lazyfix/lazyfix/rewrite/internal/pysyntax"
)

// SymbolKind says what a name turned out to be.
type SymbolKind uint8

// The kinds of symbol. Unknown is a name that is not bound anywhere that we see (builtins too).
const (
	Unknown SymbolKind = iota
	ModuleSymbol
	ClassSymbol
	FunctionSymbol
	VariableSymbol
	ExternalSymbol
)

// Symbol is what a name means. It is comparable.
type Symbol struct {
	Kind     SymbolKind
	Key      string  // ModuleSymbol: the folder or module
	Module   *Module // ModuleSymbol: nil for a folder without __init__.py
	Class    *Class
	Function *Function
	Variable *Variable
	External string // dotted name as it was imported
}

// maxHops bounds a chain of imports; it is reached only by imports that go in a circle.
const maxHops = 32

// Resolve follows a dotted name as module m sees it at module level.
func (g *Graph) Resolve(m *Module, name string) Symbol { return g.resolve(m, nil, nil, name, 0, nil) }

// ResolveIn follows a dotted name as it is seen inside class c and function f (each may be nil): names that the
// function itself declares as classes or functions, then the functions around it, then the class when the name stands in
// the class body, then the module. Names bound by assignment or import inside functions are not followed.
func (g *Graph) ResolveIn(m *Module, c *Class, f *Function, name string) Symbol {
	return g.resolve(m, c, f, name, 0, nil)
}

// ResolveAt follows a dotted name where it stands, as the function around it sees it: Unknown for any other expression.
func (g *Graph) ResolveAt(m *Module, n pysyntax.Node) Symbol {
	name, ok := DottedName(m.Tree, n)
	if !ok {
		return Symbol{}
	}
	return g.ResolveIn(m, nil, m.FunctionAround(n), name)
}

func (g *Graph) resolve(m *Module, c *Class, f *Function, name string, hops int, w *ways) Symbol {
	first, rest, more := strings.Cut(name, ".")
	s := g.resolveFirst(m, c, f, first, hops, w)
	for more && s.Kind != Unknown {
		first, rest, more = strings.Cut(rest, ".")
		s = g.member(s, first, hops+1, w)
	}
	return s
}

func (g *Graph) resolveFirst(m *Module, c *Class, f *Function, name string, hops int, w *ways) Symbol {
	for fn := f; fn != nil; fn = fn.Outer {
		if d := fn.Defs[name]; d != nil {
			return Symbol{Kind: FunctionSymbol, Function: d}
		}
		if d := fn.Classes[name]; d != nil {
			return Symbol{Kind: ClassSymbol, Class: d}
		}
	}
	for cl := c; cl != nil; cl = cl.Outer {
		if b, ok := cl.scope.names[name]; ok {
			if s := g.follow(m, b, hops, w); s.Kind != Unknown {
				return s
			}
		}
		if cl.Name == name && cl.Function == nil && cl.Outer == nil {
			return Symbol{Kind: ClassSymbol, Class: cl}
		}
		for fn := cl.Function; fn != nil; fn = fn.Outer {
			if d := fn.Classes[name]; d != nil {
				return Symbol{Kind: ClassSymbol, Class: d}
			}
		}
	}
	return g.lookup(m, name, hops, w)
}

// lookup finds a name that module m binds, by itself or by a wildcard import.
func (g *Graph) lookup(m *Module, name string, hops int, w *ways) Symbol {
	return g.lookupPast(m, name, hops, w, new([]*Module))
}

// lookupPast is lookup on a way through wildcard imports, which has been in the modules past and did not find the name there:
// modules may import all of each other.
func (g *Graph) lookupPast(m *Module, name string, hops int, w *ways, past *[]*Module) Symbol {
	if m == nil || hops > maxHops {
		return Symbol{}
	}
	if b, ok := m.scope.names[name]; ok {
		return g.follow(m, w.one(b), hops, w)
	}
	*past = append(*past, m)
	for i := len(m.wildcards) - 1; i >= 0; i-- {
		r := m.wildcards[i]
		key, ok := g.importKey(m, r)
		if !ok {
			if name != "" && wildcardOf(r.module, name) {
				return Symbol{Kind: ExternalSymbol, External: r.module + "." + name}
			}
			continue
		}
		from := g.byKey[key]
		if from == nil || slices.Contains(*past, from) || !from.exports(name) {
			continue
		}
		if s := g.lookupPast(from, name, hops+1, w, past); s.Kind != Unknown {
			return s
		}
		if sub := join(key, name); from.all[name] && g.exists(sub) {
			return g.moduleSymbol(sub)
		}
	}
	return Symbol{}
}

// exports reports whether `import *` takes a name: what __all__ lists, without one what has no leading underscore. An
// __all__ that is put together from other lists is not known, and lets every name through.
func (m *Module) exports(name string) bool {
	if m.all == nil {
		return !strings.HasPrefix(name, "_")
	}
	return m.all[name] || m.allOpen
}

// wildcards are the names that we care for of those that `from module import *` of a library binds.
var wildcards = map[string]map[string]bool{
	"sqlalchemy":     setOf("select Select insert update delete func exists"),
	"sqlalchemy.sql": setOf("select Select insert update delete func exists"),
	"sqlalchemy.orm": setOf("relationship backref dynamic_loader synonym column_property deferred mapped_column declared_attr " +
		"declarative_base DeclarativeBase DeclarativeBaseNoMeta MappedAsDataclass registry Mapped DynamicMapped WriteOnlyMapped " +
		"selectinload joinedload subqueryload immediateload contains_eager defaultload lazyload noload raiseload Load load_only " +
		"defer undefer aliased with_polymorphic selectin_polymorphic Query Session sessionmaker scoped_session"),
	"sqlalchemy.ext.asyncio": setOf("AsyncAttrs AsyncSession async_sessionmaker async_scoped_session"),
	"sqlmodel":               setOf("select insert update delete func exists"),
	"fastapi":                setOf("FastAPI APIRouter Depends Security Request"),
	"pydantic": setOf("BaseModel ConfigDict TypeAdapter RootModel Field field_validator model_validator computed_field validator " +
		"root_validator parse_obj_as"),
	"pydantic.v1": setOf("BaseModel Field validator root_validator parse_obj_as"),
}

func setOf(names string) map[string]bool {
	out := map[string]bool{}
	for name := range strings.FieldsSeq(names) {
		out[name] = true
	}
	return out
}

// wildcardOf reports whether `from module import *` of a library that is not in the tree binds a name that we care for.
func wildcardOf(module, name string) bool {
	if (module == "typing" || module == "sqlmodel") && name != "" && name[0] >= 'A' && name[0] <= 'Z' {
		return true
	}
	return wildcards[module][name]
}

func (g *Graph) follow(m *Module, b binding, hops int, w *ways) Symbol {
	switch {
	case b.class != nil:
		return Symbol{Kind: ClassSymbol, Class: b.class}
	case b.fn != nil:
		return Symbol{Kind: FunctionSymbol, Function: b.fn}
	case b.imp != nil:
		return g.resolveImport(m, b.imp, hops+1, w)
	case b.vari != nil:
		return g.followVariable(b.vari, hops+1, w)
	}
	return Symbol{}
}

// followVariable sees through `Name = other.Name`; any other variable stands for itself. See resolveImport for what is kept.
func (g *Graph) followVariable(v *Variable, hops int, w *ways) Symbol {
	if hops != 1 || !g.linked {
		return g.followAlias(v, hops, w)
	}
	k := v.meant.Load()
	if k == nil {
		met := &ways{}
		k = &found{symbol: g.followAlias(v, hops, met)}
		k.several = len(met.taken) > 0
		v.meant.Store(k)
	}
	if w == nil || !k.several {
		return k.symbol
	}
	return g.followAlias(v, hops, w)
}

func (g *Graph) followAlias(v *Variable, hops int, w *ways) Symbol {
	t := v.Module.Tree
	if t.Is(v.Value, pysyntax.Identifier, pysyntax.Attribute) && hops < maxHops {
		if name, ok := DottedName(t, v.Value); ok && name != v.Name {
			if s := g.resolve(v.Module, v.Class, nil, name, hops+1, w); s.Kind != Unknown {
				return s
			}
		}
	}
	return Symbol{Kind: VariableSymbol, Variable: v}
}

// DottedName is the text of `a`, `a.b`, `a.b.c`; false for anything else.
func DottedName(t *pysyntax.Tree, n pysyntax.Node) (string, bool) {
	switch t.Kind(n) {
	case pysyntax.Identifier:
		return t.Text(n), true
	case pysyntax.DottedName, pysyntax.MemberType:
		return dotted(t.Text(n)), true
	case pysyntax.Attribute:
		first := n
		for t.Kind(first) == pysyntax.Attribute {
			first++
		}
		if text := t.Text(n); t.Kind(first) == pysyntax.Identifier && isDotted(text) {
			return text, true
		}
		var parts []string
		for t.Kind(n) == pysyntax.Attribute {
			parts = append(parts, t.Text(t.Child(n, pysyntax.FieldAttribute)))
			n = t.Child(n, pysyntax.FieldObject)
		}
		if t.Kind(n) != pysyntax.Identifier {
			return "", false
		}
		parts = append(parts, t.Text(n))
		slices.Reverse(parts)
		return strings.Join(parts, "."), true
	}
	return "", false
}

// isDotted reports whether a text is names and dots alone, with nothing between them.
func isDotted(s string) bool {
	for i := range len(s) {
		if !isNameByte(s[i]) && s[i] != '.' {
			return false
		}
	}
	return true
}

// resolveImport is what an import statement of m binds. Once the program is linked, what is asked for from outside (the
// first hop) is found once; on a way through other imports the bound of hops may cut it off.
func (g *Graph) resolveImport(m *Module, r *importRef, hops int, w *ways) Symbol {
	if hops != 1 || !g.linked {
		return g.followImport(m, r, hops, w)
	}
	k := r.meant.Load()
	if k == nil {
		met := &ways{}
		k = &found{symbol: g.followImport(m, r, hops, met)}
		k.several = len(met.taken) > 0
		r.meant.Store(k)
	}
	if w == nil || !k.several {
		return k.symbol
	}
	return g.followImport(m, r, hops, w)
}

func (g *Graph) followImport(m *Module, r *importRef, hops int, w *ways) Symbol {
	if hops > maxHops {
		return Symbol{}
	}
	key, ok := g.importKey(m, r)
	if !ok {
		if r.level > 0 {
			return Symbol{}
		}
		if sub, found := g.namespaceMember(m, r); found {
			return g.moduleSymbol(sub)
		}
		switch {
		case r.name != "":
			return Symbol{Kind: ExternalSymbol, External: r.module + "." + r.name}
		case r.whole:
			return Symbol{Kind: ExternalSymbol, External: r.module}
		}
		return Symbol{Kind: ExternalSymbol, External: r.as}
	}
	switch {
	case r.name != "":
		mod := g.byKey[key]
		if mod != nil && mod != m {
			if s := g.lookup(mod, r.name, hops+1, w); s.Kind != Unknown {
				return s
			}
		}
		if sub := join(key, r.name); g.exists(sub) {
			return g.moduleSymbol(sub)
		}
		return g.handedOn(mod, r.name)
	case r.whole:
		return g.moduleSymbol(key)
	}
	for range strings.Count(r.module, ".") { // `import a.b.c` binds a
		key = parentKey(key)
	}
	return g.moduleSymbol(key)
}

// handedOn is a name that a module has by `from library import *` alone, as others import it from there: which one it is of is
// known where there is one. Of a name that the module itself uses, nobody can say so: it may be a builtin.
func (g *Graph) handedOn(m *Module, name string) Symbol {
	if m == nil {
		return Symbol{}
	}
	library := ""
	for _, r := range m.wildcards {
		if _, ok := g.importKey(m, r); !ok {
			if library != "" || r.level > 0 {
				return Symbol{}
			}
			library = r.module
		}
	}
	if library == "" || strings.HasPrefix(name, "_") {
		return Symbol{}
	}
	return Symbol{Kind: ExternalSymbol, External: library + "." + name}
}

func (g *Graph) moduleSymbol(key string) Symbol {
	return Symbol{Kind: ModuleSymbol, Key: key, Module: g.byKey[key]}
}

// Member is what an attribute of a symbol means: a name of a module, a member of a class or of its bases.
func (g *Graph) Member(s Symbol, name string) Symbol { return g.member(s, name, 0, nil) }

func (g *Graph) member(s Symbol, name string, hops int, w *ways) Symbol {
	switch s.Kind {
	case ModuleSymbol:
		if s.Module != nil {
			if found := g.lookup(s.Module, name, hops+1, w); found.Kind != Unknown {
				return found
			}
		}
		if sub := join(s.Key, name); g.exists(sub) {
			return g.moduleSymbol(sub)
		}
	case ClassSymbol:
		return g.ClassMember(s.Class, name)
	case ExternalSymbol:
		return Symbol{Kind: ExternalSymbol, External: s.External + "." + name}
	}
	return Symbol{}
}

// ClassMember is what a class or the nearest of its bases binds to a name.
func (g *Graph) ClassMember(c *Class, name string) Symbol {
	for _, b := range g.MRO(c) {
		if b.Class == nil {
			continue
		}
		if s := b.Class.own(name); s.Kind != Unknown {
			return s
		}
	}
	return Symbol{}
}

// Setter is what assigning to an attribute of c's instances calls, nil where it calls nothing.
func (g *Graph) Setter(c *Class, name string) *Function {
	for _, b := range g.MRO(c) {
		switch {
		case b.Class == nil:
		case b.Class.Setters[name] != nil:
			return b.Class.Setters[name]
		case b.Class.own(name).Kind != Unknown:
			return nil
		}
	}
	return nil
}

func (c *Class) own(name string) Symbol {
	if f := c.Methods[name]; f != nil {
		return Symbol{Kind: FunctionSymbol, Function: f}
	}
	if n := c.Nested[name]; n != nil {
		return Symbol{Kind: ClassSymbol, Class: n}
	}
	v := c.Field(name)
	if v == nil {
		return Symbol{}
	}
	if t := v.Module.Tree; t.Kind(v.Value) == pysyntax.Identifier { // get = get_by_id, __str__ = __repr__
		if f := c.Methods[t.Text(v.Value)]; f != nil {
			return Symbol{Kind: FunctionSymbol, Function: f}
		}
	}
	return Symbol{Kind: VariableSymbol, Variable: v}
}
