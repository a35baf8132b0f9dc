package pymodule

import (
	"strings"
	"sync"
	"sync/atomic"

	"github.com/lazyfix/lazyfix/rewrite/internal/pysyntax"
)

// Module is one file.
type Module struct {
	Index   int    // position in Graph.Modules
	Path    string // slash path relative to the root, "server/app/models.py"
	Key     string // Path without ".py" or "/__init__.py": the module's place among the folders
	Package bool   // an __init__.py
	// Template: the tree is what package template made of a template. No import finds it.
	Template bool
	Tree     *pysyntax.Tree

	Classes   []*Class    // in order of their place, nested ones too
	Functions []*Function // in order of their place, methods and nested ones too

	scope     *scope
	wildcards []*importRef
	imports   []*importRef    // run at import time, at module level
	refs      []*importRef    // all that stand outside functions
	all       map[string]bool // what __all__ lists, nil without one
	allOpen   bool            // __all__ holds more than we can see
	deleted   map[string]bool // names that a del at module level takes away
	test      bool
	classAt   map[pysyntax.Node]*Class
	funcAt    map[pysyntax.Node]*Function
	externals struct { // see Graph.ExternalNames
		once  sync.Once
		names map[string]string
	}
}

// Test reports whether the module is test code, by where it stands: below a folder of tests, or named as pytest wants it.
func (m *Module) Test() bool { return m.test }

func isTest(path string) bool {
	dir, name := "", path
	if i := strings.LastIndexByte(path, '/'); i >= 0 {
		dir, name = path[:i], path[i+1:]
	}
	for _, part := range strings.Split(dir, "/") {
		if part == "tests" || part == "test" {
			return true
		}
	}
	return name == "conftest.py" || strings.HasPrefix(name, "test_") || strings.HasSuffix(name, "_test.py")
}

// ClassAt is the class that a class_definition node declares.
func (m *Module) ClassAt(n pysyntax.Node) *Class { return m.classAt[n] }

// FunctionAt is the function that a function_definition node declares.
func (m *Module) FunctionAt(n pysyntax.Node) *Function { return m.funcAt[n] }

// FunctionAround is the innermost def that a node stands in, nil without one.
func (m *Module) FunctionAround(n pysyntax.Node) *Function {
	return m.funcAt[m.Tree.Enclosing(n, pysyntax.FunctionDefinition)]
}

// Class is one class statement.
type Class struct {
	Module   *Module
	Node     pysyntax.Node // class_definition
	Name     string
	Qual     string // "Outer.Inner"
	Outer    *Class
	Function *Function // the function that it is declared in

	Bases      []pysyntax.Node          // expressions, keywords left out
	Keywords   map[string]pysyntax.Node // metaclass=, table=
	Decorators []pysyntax.Node          // expressions
	Methods    map[string]*Function     // of several with one name, the last that is not an overload
	Setters    map[string]*Function     // by the name of the property
	Fields     []*Variable              // assignments and annotations of the body, in order
	Nested     map[string]*Class
	fieldOf    map[string]*Variable // the last of Fields by name
	scope      *scope
}

// Field is the last assignment or annotation of a name in the class body, nil when there is none.
func (c *Class) Field(name string) *Variable { return c.fieldOf[name] }

// Decorator is the first of c's decorators that ends in the given name, Nil without one.
func (c *Class) Decorator(name string) pysyntax.Node {
	return decorator(c.Module.Tree, c.Decorators, name)
}

// Variable is a name that a module or class body assigns or annotates.
type Variable struct {
	Module     *Module
	Class      *Class // nil at module level
	Name       string
	Node       pysyntax.Node // assignment or type_alias_statement
	Value      pysyntax.Node // the right side, Nil for a bare annotation
	Annotation pysyntax.Node // a type node, Nil when there is none
	meant      atomic.Pointer[found]
}

// Aliased is the type that the variable stands for: its value, or the second argument of TypeAliasType("Page", value).
func (v *Variable) Aliased() pysyntax.Node {
	t := v.Module.Tree
	if t.Kind(v.Value) != pysyntax.Call || Last(t.Text(t.Child(v.Value, pysyntax.FieldFunction))) != "TypeAliasType" {
		return v.Value
	}
	return t.Nth(t.Child(v.Value, pysyntax.FieldArguments), 1)
}

// Function is one def.
type Function struct {
	Module     *Module
	Index      int           // position in Graph.Functions
	Node       pysyntax.Node // function_definition or lambda
	Name       string
	Qual       string // "Class.method.inner"
	Class      *Class // whose method it is
	Outer      *Function
	Params     []Param
	Returns    pysyntax.Node // a type node or Nil
	Decorators []pysyntax.Node
	Async      bool
	Generator  bool            // yields
	Body       pysyntax.Node   // a block, or a lambda's expression
	Lambdas    bool            // lambdas stand in it
	Locals     map[string]bool // names that the body binds (its own, not those of nested functions)
	Defs       map[string]*Function
	Classes    map[string]*Class
}

// lambdaName is what Python calls a function without a name.
const lambdaName = "<lambda>"

// Lambda reports whether the function is a lambda.
func (f *Function) Lambda() bool { return f.Name == lambdaName }

// Def is the function that a def declares which f is or stands in, nil where there is none.
func (f *Function) Def() *Function {
	for f != nil && f.Lambda() {
		f = f.Outer
	}
	return f
}

// ParamKind says how an argument reaches a parameter.
type ParamKind uint8

// The kinds of parameter.
const (
	Plain       ParamKind = iota // by position or by name
	KeywordOnly                  // by name
	Star                         // *args
	StarStar                     // **kwargs
)

// Param is one parameter.
type Param struct {
	Name       string
	Kind       ParamKind
	Annotation pysyntax.Node // a type node or Nil
	Default    pysyntax.Node // an expression or Nil
}

// ParamIndex is the place of a parameter by name, -1 when there is none.
func (f *Function) ParamIndex(name string) int {
	for i := range f.Params {
		if f.Params[i].Name == name {
			return i
		}
	}
	return -1
}

// Binds reports whether a name is a parameter or a local variable of the function, or of one around it. The function may be nil.
func (f *Function) Binds(name string) bool {
	for ; f != nil; f = f.Outer {
		if f.Locals[name] || f.ParamIndex(name) >= 0 {
			return true
		}
	}
	return false
}

// Decorator is the first of f's decorators that ends in the given name, Nil without one: "property", "app.get" for
// `@app.get(...)`.
func (f *Function) Decorator(name string) pysyntax.Node {
	return decorator(f.Module.Tree, f.Decorators, name)
}

// decorator is the first of some decorators that ends in the given name, Nil without one.
func decorator(t *pysyntax.Tree, decorators []pysyntax.Node, name string) pysyntax.Node {
	for _, d := range decorators {
		if text := t.Text(t.Callee(d)); text == name || strings.HasSuffix(text, "."+name) {
			return d
		}
	}
	return pysyntax.Nil
}

// scope holds what a module or class body binds.
type scope struct {
	names map[string]binding
}

type bindingKind uint8

const (
	bindVariable bindingKind = iota
	bindImport
	bindDefinition
)

type binding struct {
	kind  bindingKind
	class *Class
	fn    *Function
	vari  *Variable
	imp   *importRef

	typeOnly bool      // under TYPE_CHECKING
	arm      *arm      // the branch that it stands in
	others   []binding // what the name may be bound to instead: see several.go
}

func (s *scope) bind(name string, b binding) {
	old, ok := s.names[name]
	if !ok {
		s.names[name] = b
		return
	}
	chosen := &b
	if old.kind > b.kind && !b.wraps(old) || old.kind == bindImport && b.kind == bindImport && !old.imp.typeOnly && b.imp.typeOnly {
		chosen = &old
	}
	chosen.others = beside(chosen, &old, &b)
	s.names[name] = *chosen
}

// wraps reports whether a variable is what functools.partial makes of the import that it hides: relationship =
// partial(relationship, lazy="raise"). Of other variables that are called as an import the import counts: mostly they stand
// for it where it fails.
func (b binding) wraps(old binding) bool {
	if b.vari == nil || old.imp == nil || old.imp.name != "relationship" && old.imp.name != "Relationship" {
		return false
	}
	t := b.vari.Module.Tree
	fn, _ := DottedName(t, t.Child(b.vari.Value, pysyntax.FieldFunction))
	return Last(fn) == "partial" && t.Text(t.First(t.Child(b.vari.Value, pysyntax.FieldArguments))) == old.imp.as
}

// importRef is one name of an import statement.
type importRef struct {
	level    int    // leading dots
	module   string // dotted; may be empty for `from . import x`
	name     string // what is taken from the module; empty for `import m`
	as       string // the name that is bound; for `import a.b` the first part
	whole    bool   // `import a.b as c`: c is a.b; without it `import a.b` binds a
	typeOnly bool   // under TYPE_CHECKING
	key      string // what importKey found
	found    bool
	sought   bool
	meant    atomic.Pointer[found]
}
