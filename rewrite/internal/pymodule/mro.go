package pymodule

import (
	"iter"

	"github.com/lazyfix/lazyfix/rewrite/internal/pysyntax"
)

// Base is one class in the order in which attributes are looked up.
type Base struct {
	Class    *Class // nil for a class that is not in the tree
	External string // its dotted name then
	// Args are what the class's own type parameters stand for in the class whose order this is, by name: M -> Order.
	Args map[string]TypeIn
}

// TypeIn is a type expression with the place where its names are to be looked up.
type TypeIn struct {
	Type  *Type
	In    *Class  // the class whose header spells it
	Scope *Module // its module
}

// MRO is c and its bases in the order of attribute lookup, c first. Where Python would refuse an order, ours is depth
// first. Bases that could not be resolved are left out.
func (g *Graph) MRO(c *Class) []Base { return g.mro[c] }

// Lineage yields those of MRO that are classes of the program, c first.
func (g *Graph) Lineage(c *Class) iter.Seq[*Class] {
	return func(yield func(*Class) bool) {
		for _, b := range g.mro[c] {
			if b.Class != nil && !yield(b.Class) {
				return
			}
		}
	}
}

// IsSubclass reports whether c is base or stands below it.
func (g *Graph) IsSubclass(c, base *Class) bool {
	for _, b := range g.mro[c] {
		if b.Class == base {
			return true
		}
	}
	return false
}

// ResolveBase is the symbol and the type arguments of one base expression.
func (g *Graph) ResolveBase(c *Class, n pysyntax.Node) (Symbol, []*Type) {
	t := c.Module.Tree
	var args []*Type
	if t.Kind(n) == pysyntax.Subscript {
		if typ := ParseType(t.Text(n)); typ != nil {
			args = typ.Args
		}
		n = t.Child(n, pysyntax.FieldValue)
	}
	if t.Kind(n) == pysyntax.Call {
		return g.madeBy(c.Module, c.Outer, c.Function, n), args
	}
	name, ok := DottedName(t, n)
	if !ok {
		return Symbol{}, args
	}
	s := g.ResolveIn(c.Module, c.Outer, c.Function, name)
	if s.Kind == VariableSymbol {
		if v := s.Variable; v.Module.Tree.Kind(v.Value) == pysyntax.Call { // Owned = owned_by("books")
			if made := g.madeBy(v.Module, v.Class, nil, v.Value); made.Kind != Unknown {
				return made, args
			}
		}
	}
	if s.Kind == ClassSymbol && s.Class == c { // class Order(Order): the name meant an imported one
		s = g.Imported(c.Module, name)
	}
	return s, args
}

// madeBy is the class that a function of the tree defines and returns: class Book(owned_by("books"), Base).
func (g *Graph) madeBy(m *Module, c *Class, f *Function, call pysyntax.Node) Symbol {
	name, ok := DottedName(m.Tree, m.Tree.Child(call, pysyntax.FieldFunction))
	if !ok {
		return Symbol{}
	}
	maker := g.ResolveIn(m, c, f, name).Function
	if maker == nil || len(maker.Classes) == 0 {
		return Symbol{}
	}
	t := maker.Module.Tree
	for n := range t.Within(maker.Body) {
		if t.Kind(n) == pysyntax.ReturnStatement {
			if made := maker.Classes[t.Text(t.First(n))]; made != nil {
				return Symbol{Kind: ClassSymbol, Class: made}
			}
		}
	}
	return Symbol{}
}

// Imported is what an import statement of m binds to a name, also where something else has that name further down.
func (g *Graph) Imported(m *Module, name string) Symbol {
	for _, r := range m.imports {
		if r.as == name {
			return g.resolveImport(m, r, 0, nil)
		}
	}
	return Symbol{}
}

func (g *Graph) linearize(c *Class) []Base {
	var out []Base
	var walk func(c *Class, args map[string]TypeIn, depth int)
	walk = func(c *Class, args map[string]TypeIn, depth int) {
		if depth > 64 {
			return
		}
		out = append(out, Base{Class: c, Args: args})
		for _, n := range c.Bases {
			s, targs := g.ResolveBase(c, n)
			switch s.Kind {
			case ClassSymbol:
				if s.Class != c {
					walk(s.Class, g.bindParams(c, args, s.Class, targs), depth+1)
				}
			case ExternalSymbol:
				out = append(out, Base{External: s.External, Args: g.externalArgs(c, args, targs)})
			case VariableSymbol:
				v := s.Variable
				out = append(out, Base{External: g.baseVariable(v)})
				if cls := g.classOfBase(v.Module, v.Class, nil, v.Value); cls != nil && cls != c {
					walk(cls, nil, depth+1)
				}
			case Unknown:
				if cls := g.classOfBase(c.Module, c.Outer, c.Function, n); cls != nil && cls != c {
					walk(cls, nil, depth+1)
				}
			}
		}
	}
	walk(c, nil, 0)
	// Keep the last occurrence of each base.
	last := map[*Class]int{}
	for i, b := range out {
		if b.Class != nil {
			last[b.Class] = i
		}
	}
	kept := out[:0:0]
	for i, b := range out {
		if b.Class == nil && b.External == "" || b.Class != nil && last[b.Class] != i && b.Class != c {
			continue
		}
		if b.Class == c && i != 0 {
			continue
		}
		kept = append(kept, b)
	}
	return g.inPythonsOrder(c, kept)
}

// baseVariable names what a base that is a variable was made by: `Base = declarative_base()` is
// "sqlalchemy.orm.declarative_base()", `db.Model` is "db.Model".
func (g *Graph) baseVariable(v *Variable) string {
	t := v.Module.Tree
	made := Uncast(t, v.Value)
	if t.Kind(made) != pysyntax.Call {
		return ""
	}
	name, ok := DottedName(t, t.Child(made, pysyntax.FieldFunction))
	if !ok {
		return ""
	}
	if s := g.Resolve(v.Module, name); s.Kind == ExternalSymbol {
		return s.External + "()"
	}
	return name + "()"
}

// Uncast is what stands in cast(Any, declarative_base()), anything else itself.
func Uncast(t *pysyntax.Tree, n pysyntax.Node) pysyntax.Node {
	if name, ok := DottedName(t, t.Child(n, pysyntax.FieldFunction)); ok && t.Kind(n) == pysyntax.Call && Last(name) == "cast" {
		return t.Nth(t.Child(n, pysyntax.FieldArguments), 1)
	}
	return n
}

// classOfBase is the class that SQLAlchemy makes a base of the base that it gives: declarative_base(cls=Model).
func (g *Graph) classOfBase(m *Module, c *Class, f *Function, n pysyntax.Node) *Class {
	call := Uncast(m.Tree, n)
	if m.Tree.Kind(call) != pysyntax.Call {
		return nil
	}
	name, ok := DottedName(m.Tree, m.Tree.Keyword(call, "cls"))
	if !ok {
		return nil
	}
	switch Last(m.Tree.Text(m.Tree.Child(call, pysyntax.FieldFunction))) { // of registry(), too
	case "declarative_base", "generate_base", "automap_base":
		return g.ResolveIn(m, c, f, name).Class
	}
	return nil
}

// externalArgs binds the positions of a class that is not in the tree: "0", "1", ...
func (g *Graph) externalArgs(c *Class, args map[string]TypeIn, targs []*Type) map[string]TypeIn {
	if len(targs) == 0 {
		return nil
	}
	out := map[string]TypeIn{}
	for i, a := range targs {
		out[string(rune('0'+i%10))] = substitute(c, args, a)
	}
	return out
}

func substitute(c *Class, args map[string]TypeIn, a *Type) TypeIn {
	if a.Kind == TypeName {
		if bound, ok := args[a.Name]; ok {
			return bound
		}
	}
	return TypeIn{Type: a, In: c, Scope: c.Module}
}

// bindParams binds the type parameters of base to the arguments that c's header gives it.
func (g *Graph) bindParams(c *Class, args map[string]TypeIn, base *Class, targs []*Type) map[string]TypeIn {
	names := g.TypeParams(base)
	if len(names) == 0 || len(targs) == 0 {
		return nil
	}
	out := map[string]TypeIn{}
	for i, n := range names {
		if i < len(targs) {
			out[n] = substitute(c, args, targs[i])
		}
	}
	return out
}

// TypeParams are the names of a class's type parameters in order: of `class R[M]`, of Generic[M] or Protocol[M], else of
// the type variables in the order in which its bases name them.
func (g *Graph) TypeParams(c *Class) []string {
	t := c.Module.Tree
	var out []string
	seen := map[string]bool{}
	add := func(name string) {
		if !seen[name] {
			seen[name] = true
			out = append(out, name)
		}
	}
	if tp := t.Child(c.Node, pysyntax.FieldTypeParameters); tp != pysyntax.Nil {
		for p := range t.Children(tp) {
			if typ := ParseType(t.Text(p)); typ != nil && typ.Kind == TypeName {
				add(typ.Name)
			} else if first, ok := firstIdentifier(t, p); ok {
				add(first)
			}
		}
		return out
	}
	for _, n := range c.Bases {
		if t.Kind(n) != pysyntax.Subscript {
			continue
		}
		typ := ParseType(t.Text(n))
		if typ == nil {
			continue
		}
		generic := typ.Name == "Generic" || typ.Name == "Protocol" || typ.Name == "typing.Generic"
		if generic {
			out, seen = nil, map[string]bool{}
		}
		var walk func(*Type)
		walk = func(x *Type) {
			if x.Kind == TypeName && g.IsTypeVar(c.Module, x.Name) {
				add(x.Name)
			}
			for _, a := range x.Args {
				walk(a)
			}
		}
		for _, a := range typ.Args {
			walk(a)
		}
		if generic {
			return out
		}
	}
	return out
}

func firstIdentifier(t *pysyntax.Tree, n pysyntax.Node) (string, bool) {
	for c := range t.Within(n) {
		if t.Kind(c) == pysyntax.Identifier {
			return t.Text(c), true
		}
	}
	return "", false
}

// IsTypeVar reports whether a name of a module is a type variable.
func (g *Graph) IsTypeVar(m *Module, name string) bool {
	s := g.Resolve(m, name)
	if s.Kind == VariableSymbol && s.Variable.Module.Tree.Kind(s.Variable.Value) == pysyntax.Call {
		fn := s.Variable.Module.Tree.Text(s.Variable.Module.Tree.Child(s.Variable.Value, pysyntax.FieldFunction))
		return fn == "TypeVar" || len(fn) > 8 && fn[len(fn)-8:] == ".TypeVar"
	}
	return s.Kind == ExternalSymbol && len(name) == 1
}
