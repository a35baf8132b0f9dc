package mapper

import (
	"strings"

	"github.com/lazyfix/lazyfix/rewrite/internal/pymodule"
	"github.com/lazyfix/lazyfix/rewrite/internal/pysyntax"
)

// How a class becomes mapped. A declarative base is a class below DeclarativeBase, what declarative_base() and
// registry().generate_base() return, db.Model, or a base of a library (Advanced Alchemy); every class below one is mapped
// unless it says __abstract__. SQLModel maps what says table=True. A class below a base that is not in the tree is taken for
// mapped if it names its table, or has a relationship or a foreign key of its own. @registry.mapped and map_imperatively()
// need no base.

// standing is what the bases of a class make of it.
type standing struct {
	root       string // which declarative base it stands below: an identity, "" for none
	isRoot     bool   // it is a declarative base itself
	sqlmodel   bool   // below SQLModel
	unresolved bool   // some base is neither in the tree nor known
}

// below reads the bases of c, at any depth.
func (b *builder) below(c *pymodule.Class) standing {
	if s, ok := b.standings[c]; ok {
		return s
	}
	b.standings[c] = standing{} // a circle of bases ends here
	var s standing
	t := c.Module.Tree
	for _, n := range c.Bases {
		b.addBase(c, n, &s)
	}
	if meta, ok := c.Keywords["metaclass"]; ok && pymodule.Last(t.Text(meta)) == "DeclarativeMeta" {
		s.isRoot = true
	}
	if c.Decorator("as_declarative") != pysyntax.Nil || c.Decorator("as_declarative_base") != pysyntax.Nil {
		s.isRoot = true
	}
	if s.isRoot {
		s.root = c.Module.Key + ":" + c.Qual
	}
	b.standings[c] = s
	return s
}

func (b *builder) addBase(c *pymodule.Class, n pysyntax.Node, s *standing) {
	t := c.Module.Tree
	if t.Kind(n) == pysyntax.Subscript {
		n = t.Child(n, pysyntax.FieldValue)
	}
	at := place{m: c.Module, c: c.Outer, f: c.Function}
	identity := ""
	external := ""
	made, _ := b.g.ResolveBase(c, n)
	if t.Kind(n) == pysyntax.Call && made.Kind != pymodule.ClassSymbol {
		fn := b.external(at, t.Child(n, pysyntax.FieldFunction))
		if !makesBase(fn + "()") {
			s.unresolved = true
			return
		}
		external, identity = fn+"()", c.Module.Key+":"+c.Qual
	} else {
		sym := b.node(at, n)
		if sym.Class == c || sym.Class == nil && made.Class != nil { // class Order(Order); a function makes it
			sym = made
		}
		switch sym.Kind {
		case pymodule.ClassSymbol:
			up := b.below(sym.Class)
			if s.root == "" {
				s.root = up.root
			}
			s.sqlmodel = s.sqlmodel || up.sqlmodel
			s.unresolved = s.unresolved || up.unresolved
			return
		case pymodule.VariableSymbol:
			external = b.maker(sym.Variable)
			identity = sym.Variable.Module.Key + ":" + sym.Variable.Name
			if external == "" && sym.Variable.Annotation != pysyntax.Nil && pymodule.Last(sym.Variable.Module.Tree.Text(sym.Variable.Annotation)) == "DeclarativeMeta" {
				external = "sqlalchemy.orm.declarative_base()"
			}
		case pymodule.ExternalSymbol:
			external, identity = sym.External, sym.External
		default:
			if builtinBase(t.Text(n)) {
				return
			}
		}
	}
	switch {
	case fromSQLAlchemy(external, "DeclarativeBase"), fromSQLAlchemy(external, "DeclarativeBaseNoMeta"):
		s.isRoot = true
	case fromSQLAlchemy(external, "SQLModel"):
		s.sqlmodel = true
		if s.root == "" {
			s.root = "sqlmodel"
		}
	case makesBase(external) || libraryBase(external):
		if s.root == "" {
			s.root = identity
			if libraryBase(external) {
				s.root = "library" // the bases of Advanced Alchemy share one registry
			}
		}
	case external == "", !plainBase(external):
		s.unresolved = true
	}
}

// makesBase reports whether a call, or an attribute of one, is a declarative base.
func makesBase(external string) bool {
	last := pymodule.Last(external)
	switch last {
	case "declarative_base()", "automap_base()":
		return strings.HasPrefix(external, "sqlalchemy.")
	case "generate_base()":
		return true
	case "Model":
		return strings.HasPrefix(external, "flask_sqlalchemy.")
	}
	return false
}

// libraryBase names the bases of Advanced Alchemy, also under the names by which Litestar exports them. Its mixins and
// CommonTableAttributes are none.
func libraryBase(external string) bool {
	if !strings.HasPrefix(external, "advanced_alchemy.") && !strings.HasPrefix(external, "litestar.contrib.sqlalchemy") &&
		!strings.HasPrefix(external, "litestar.plugins.sqlalchemy") {
		return false
	}
	return strings.HasSuffix(external, "Base")
}

// plainBase names the libraries whose classes say nothing about mapping.
func plainBase(external string) bool {
	first, _, _ := strings.Cut(external, ".")
	switch first {
	case "typing", "typing_extensions", "abc", "enum", "dataclasses", "collections", "pydantic", "sqlalchemy", "builtins",
		"advanced_alchemy", "sqlmodel", "datetime", "uuid", "json", "logging", "unittest", "types":
		return true
	}
	return false
}

func builtinBase(name string) bool {
	switch name {
	case "object", "str", "int", "float", "dict", "list", "set", "tuple", "bytes", "type", "Exception", "BaseException":
		return true
	}
	return strings.HasSuffix(name, "Error")
}

func lastName(t *pysyntax.Tree, n pysyntax.Node) string {
	name, _ := pymodule.DottedName(t, n)
	return pymodule.Last(name)
}

// mapped reports whether c can be queried.
func (b *builder) mapped(c *pymodule.Class) bool {
	t := c.Module.Tree
	if v := c.Field("__abstract__"); v != nil && t.Kind(v.Value) == pysyntax.True {
		return false
	}
	if b.imperative[c] {
		return true
	}
	for _, d := range c.Decorators {
		d = t.Callee(d)
		// @reg.mapped, @reg.mapped_as_dataclass(...), @mapped_as_dataclass(reg): the names are SQLAlchemy's alone.
		switch lastName(t, d) {
		case "mapped":
			if b.isRegistry(c, d) {
				return true
			}
		case "mapped_as_dataclass":
			return true
		case "unmapped_dataclass":
			return false
		}
	}
	s := b.below(c)
	switch {
	case s.isRoot:
		return false
	case s.sqlmodel:
		return t.Kind(c.Keywords["table"]) == pysyntax.True && hasKeyword(c, "table")
	case s.root != "":
		return true
	case s.unresolved:
		if hasKeyword(c, "table") && t.Kind(c.Keywords["table"]) == pysyntax.True {
			return true
		}
		for class := range b.g.Lineage(c) { // a subclass of such a class shares its table
			if class.Field("__tablename__") != nil || class.Field("__table__") != nil {
				return true
			}
		}
		return b.relates(c)
	}
	return false
}

// relates reports whether a class says itself how it stands to others, by a relationship or a foreign key. Its base may
// make the name of its table.
func (b *builder) relates(c *pymodule.Class) bool {
	if len(b.foreignKeys(c)) > 0 {
		return true
	}
	for _, v := range c.Fields {
		if lastName(c.Module.Tree, c.Module.Tree.Child(v.Value, pysyntax.FieldFunction)) == "relationship" {
			return true
		}
	}
	return false
}

func hasKeyword(c *pymodule.Class, name string) bool {
	_, ok := c.Keywords[name]
	return ok
}

func (b *builder) isRegistry(c *pymodule.Class, decorator pysyntax.Node) bool {
	external := b.external(place{m: c.Module, c: c.Outer, f: c.Function}, decorator)
	return fromSQLAlchemy(external, "mapped")
}

// typeOnly reports whether a class is declared for type checkers alone: it exists in no registry.
func typeOnly(c *pymodule.Class) bool {
	t := c.Module.Tree
	for n := c.Node; n >= 0; n = t.Parent(n) {
		if parent := t.Parent(n); t.Kind(parent) == pysyntax.IfStatement && t.Field(n) == pysyntax.FieldConsequence {
			if lastName(t, t.Child(parent, pysyntax.FieldCondition)) == "TYPE_CHECKING" {
				return true
			}
		}
	}
	return false
}
