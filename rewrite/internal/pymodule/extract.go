package pymodule

import (
	"strings"

	"github.com/lazyfix/lazyfix/rewrite/internal/pysyntax"
)

// Extract reads one file: its classes, functions and bindings. Path is relative to the root, with slashes.
func Extract(path string, tree *pysyntax.Tree) *Module {
	m := &Module{Path: path, Tree: tree, test: isTest(path), scope: newScope(), classAt: map[pysyntax.Node]*Class{}, funcAt: map[pysyntax.Node]*Function{}}
	m.Key = strings.TrimSuffix(path, ".py")
	if strings.HasSuffix(m.Key, "/__init__") || m.Key == "__init__" {
		m.Package = true
		m.Key = strings.TrimSuffix(strings.TrimSuffix(m.Key, "__init__"), "/")
	}
	x := extractor{m: m, t: tree}
	x.body(tree.Root(), place{scope: m.scope})
	x.lambdas()
	x.walruses()
	return m
}

// ExtractTemplate reads the Python text of a template.
func ExtractTemplate(path string, tree *pysyntax.Tree) *Module {
	m := Extract(path, tree)
	m.Template = true
	return m
}

func newScope() *scope { return &scope{names: map[string]binding{}} }

// place is where a statement stands.
type place struct {
	scope    *scope // nil inside a function
	class    *Class // the class whose body this is
	fn       *Function
	typeOnly bool
	arm      *arm
	depth    int
}

func (p place) bind(name string, b binding) {
	b.typeOnly, b.arm = p.typeOnly, p.arm
	p.scope.bind(name, b)
}

type extractor struct {
	m *Module
	t *pysyntax.Tree
}

// maxDepth bounds the nesting of statements that is followed; Python itself stops at 100 levels of indentation.
const maxDepth = 200

func (x *extractor) body(n pysyntax.Node, at place) {
	if at.depth++; at.depth > maxDepth {
		return
	}
	for c := range x.t.Children(n) {
		x.statement(c, at)
	}
}

func (x *extractor) statement(n pysyntax.Node, at place) {
	t := x.t
	switch t.Kind(n) {
	case pysyntax.ExpressionStatement:
		x.expressions(n, at)
	case pysyntax.DeleteStatement:
		if at.class == nil && at.fn == nil {
			x.deletions(n)
		}
	case pysyntax.TypeAliasStatement:
		name, value := t.Nth(n, 0), t.Nth(n, 1)
		x.bindVariable(t.Text(name), &Variable{Node: n, Value: value}, at)
	case pysyntax.ImportStatement, pysyntax.ImportFromStatement:
		x.imports(n, at)
	case pysyntax.DecoratedDefinition:
		x.decorated(n, at)
	case pysyntax.FunctionDefinition:
		x.function(n, nil, at)
	case pysyntax.ClassDefinition:
		x.class(n, nil, at)
	case pysyntax.IfStatement:
		x.ifStatement(n, at)
	case pysyntax.ForStatement:
		x.bindTargets(t.Child(n, pysyntax.FieldLeft), at)
		x.nested(n, at)
	case pysyntax.WhileStatement, pysyntax.TryStatement, pysyntax.WithStatement,
		pysyntax.MatchStatement, pysyntax.CaseClause, pysyntax.ElifClause, pysyntax.ElseClause, pysyntax.ExceptClause,
		pysyntax.ExceptGroupClause, pysyntax.FinallyClause:
		x.nested(n, at)
	case pysyntax.Block, pysyntax.Error:
		x.body(n, at)
	default:
		if at.fn != nil {
			x.yields(n, at.fn)
		}
	}
}

// expressions reads the assignments of a statement, and what adds to __all__.
func (x *extractor) expressions(n pysyntax.Node, at place) {
	t := x.t
	for e := range t.Children(n) {
		switch t.Kind(e) {
		case pysyntax.Assignment:
			x.assignment(e, at)
		case pysyntax.AugmentedAssignment, pysyntax.Call: // __all__ += ..., __all__.extend(...)
			if at.class == nil && at.fn == nil && strings.HasPrefix(t.Text(t.First(e)), "__all__") {
				x.m.allOpen = true
			}
		}
		if at.fn != nil {
			x.yields(e, at.fn)
		}
	}
}

func (x *extractor) decorated(n pysyntax.Node, at place) {
	var decorators []pysyntax.Node
	for c := range x.t.Children(n) {
		switch x.t.Kind(c) {
		case pysyntax.Decorator:
			decorators = append(decorators, x.t.First(c))
		case pysyntax.FunctionDefinition:
			x.function(c, decorators, at)
		case pysyntax.ClassDefinition:
			x.class(c, decorators, at)
		}
	}
}

// ifStatement reads each branch as one that may not run, and that of TYPE_CHECKING as one that never does.
func (x *extractor) ifStatement(n pysyntax.Node, at place) {
	t := x.t
	inner := at
	inner.arm = &arm{at.arm}
	if cond := t.Text(t.Child(n, pysyntax.FieldCondition)); cond == "TYPE_CHECKING" || strings.HasSuffix(cond, ".TYPE_CHECKING") {
		inner.typeOnly = true
	}
	for c := range t.Children(n) {
		switch t.Field(c) {
		case pysyntax.FieldConsequence:
			x.body(c, inner)
		case pysyntax.FieldAlternative:
			x.nested(c, at)
		default:
			if at.fn != nil {
				x.yields(c, at.fn)
			}
		}
	}
}

// nested goes into the blocks of a compound statement.
func (x *extractor) nested(n pysyntax.Node, at place) {
	if at.depth++; at.depth > maxDepth {
		return
	}
	for c := range x.t.Children(n) {
		switch x.t.Kind(c) {
		case pysyntax.Block:
			inner := at
			if !x.t.Is(n, pysyntax.WithStatement, pysyntax.FinallyClause) {
				inner.arm = &arm{at.arm}
			}
			x.body(c, inner)
		case pysyntax.ElifClause, pysyntax.ElseClause, pysyntax.ExceptClause, pysyntax.ExceptGroupClause,
			pysyntax.FinallyClause, pysyntax.CaseClause:
			x.nested(c, at)
		default:
			if at.fn != nil {
				x.yields(c, at.fn)
			}
		}
	}
}

func (x *extractor) yields(n pysyntax.Node, f *Function) {
	if f.Generator {
		return
	}
	for c := n; c < x.t.SubtreeEnd(n); {
		switch x.t.Kind(c) {
		case pysyntax.Yield:
			f.Generator = true
			return
		case pysyntax.Lambda:
			c = x.t.SubtreeEnd(c)
			continue
		}
		c++
	}
}

func (x *extractor) class(n pysyntax.Node, decorators []pysyntax.Node, at place) {
	t := x.t
	c := &Class{
		Module: x.m, Node: n, Name: t.Text(t.Child(n, pysyntax.FieldName)), Outer: at.class, Function: at.fn,
		Decorators: decorators, Methods: map[string]*Function{}, Setters: map[string]*Function{}, Nested: map[string]*Class{}, scope: newScope(),
	}
	c.Qual = qual(c.Name, at)
	for b := range t.Children(t.Child(n, pysyntax.FieldSuperclasses)) {
		switch t.Kind(b) {
		case pysyntax.KeywordArgument:
			if c.Keywords == nil {
				c.Keywords = map[string]pysyntax.Node{}
			}
			c.Keywords[t.Text(t.Child(b, pysyntax.FieldName))] = t.Child(b, pysyntax.FieldValue)
		case pysyntax.ListSplat, pysyntax.DictionarySplat:
		default:
			c.Bases = append(c.Bases, b)
		}
	}
	x.m.Classes = append(x.m.Classes, c)
	x.m.classAt[n] = c
	switch {
	case at.class != nil:
		at.class.Nested[c.Name] = c
	case at.fn != nil:
		at.fn.Classes[c.Name] = c
		at.fn.Locals[c.Name] = true
	}
	if at.scope != nil {
		at.bind(c.Name, binding{kind: bindDefinition, class: c})
	}
	x.body(t.Child(n, pysyntax.FieldBody), place{scope: c.scope, class: c, fn: at.fn, depth: at.depth})
}

func qual(name string, at place) string {
	switch {
	case at.class != nil:
		return at.class.Qual + "." + name
	case at.fn != nil:
		return at.fn.Qual + "." + name
	}
	return name
}

func (x *extractor) function(n pysyntax.Node, decorators []pysyntax.Node, at place) {
	t := x.t
	f := &Function{
		Module: x.m, Node: n, Name: t.Text(t.Child(n, pysyntax.FieldName)), Class: at.class,
		Returns: t.Child(n, pysyntax.FieldReturnType), Decorators: decorators, Body: t.Child(n, pysyntax.FieldBody),
		Async:  strings.HasPrefix(t.Text(n), "async"),
		Locals: map[string]bool{}, Defs: map[string]*Function{}, Classes: map[string]*Class{},
	}
	if at.class == nil || at.fn != nil {
		f.Outer = at.fn
	}
	f.Qual = qual(f.Name, at)
	f.Params = params(t, t.Child(n, pysyntax.FieldParameters))
	x.m.Functions = append(x.m.Functions, f)
	x.m.funcAt[n] = f
	switch {
	case at.class != nil:
		// Of a property and its setter the getter counts; of overloads the implementation, which comes last.
		if f.Decorator("setter") == pysyntax.Nil && f.Decorator("deleter") == pysyntax.Nil &&
			f.Decorator("expression") == pysyntax.Nil && f.Decorator("inplace") == pysyntax.Nil {
			at.class.Methods[f.Name] = f
		}
		if d := f.Decorator("setter"); d != pysyntax.Nil { // @total.setter, @total.inplace.setter of a hybrid
			property, _, _ := strings.Cut(t.Text(d), ".")
			at.class.Setters[property] = f
		}
	case at.fn != nil:
		at.fn.Defs[f.Name] = f
		at.fn.Locals[f.Name] = true
	}
	if at.scope != nil {
		at.bind(f.Name, binding{kind: bindDefinition, fn: f})
	}
	x.body(f.Body, place{fn: f, depth: at.depth})
}

// lambdas are functions like others, but for a name.
func (x *extractor) lambdas() {
	t := x.t
	for n := range t.Within(t.Root()) {
		if t.Kind(n) != pysyntax.Lambda {
			continue
		}
		f := &Function{
			Module: x.m, Node: n, Name: lambdaName, Qual: lambdaName, Returns: pysyntax.Nil, Body: t.Child(n, pysyntax.FieldBody),
			Params: params(t, t.Child(n, pysyntax.FieldParameters)),
			Outer:  x.m.funcAt[t.Enclosing(n, pysyntax.FunctionDefinition, pysyntax.Lambda)],
		}
		if f.Outer != nil {
			f.Qual = f.Outer.Qual + "." + lambdaName
			f.Outer.Lambdas = true
		}
		x.m.Functions = append(x.m.Functions, f)
		x.m.funcAt[n] = f
	}
}

// walruses are names that := binds: in the function around, out of any comprehension.
func (x *extractor) walruses() {
	t := x.t
	for n := range t.Within(t.Root()) {
		if t.Kind(n) != pysyntax.NamedExpression {
			continue
		}
		if f := x.m.funcAt[t.Enclosing(n, pysyntax.FunctionDefinition, pysyntax.Lambda)]; f != nil && !f.Lambda() {
			f.Locals[t.Text(t.Child(n, pysyntax.FieldName))] = true
		}
	}
}

func params(t *pysyntax.Tree, n pysyntax.Node) []Param {
	var out []Param
	kind := Plain
	for c := range t.Children(n) {
		p := Param{Kind: kind, Annotation: pysyntax.Nil, Default: pysyntax.Nil}
		name := c
		switch t.Kind(c) {
		case pysyntax.TypedParameter:
			name = t.First(c)
			p.Annotation = t.Child(c, pysyntax.FieldType)
		case pysyntax.DefaultParameter, pysyntax.TypedDefaultParameter:
			name = t.Child(c, pysyntax.FieldName)
			p.Annotation = t.Child(c, pysyntax.FieldType)
			p.Default = t.Child(c, pysyntax.FieldValue)
		case pysyntax.KeywordSeparator:
			kind = KeywordOnly
			continue
		case pysyntax.PositionalSeparator, pysyntax.Error:
			continue
		}
		switch t.Kind(name) {
		case pysyntax.ListSplatPattern:
			p.Kind, kind = Star, KeywordOnly
			name = t.First(name)
		case pysyntax.DictionarySplatPattern:
			p.Kind = StarStar
			name = t.First(name)
		}
		p.Name = t.Text(name)
		out = append(out, p)
	}
	return out
}

// StringValue is the text of a string literal without prefix and quotes; escapes are left as they are. It is "" for
// anything else, f-strings included.
func StringValue(t *pysyntax.Tree, n pysyntax.Node) string {
	if t.Kind(n) != pysyntax.String {
		return ""
	}
	var out string
	for c := range t.Children(n) {
		switch t.Kind(c) {
		case pysyntax.StringContent:
			out += t.Text(c)
		case pysyntax.Interpolation:
			return ""
		}
	}
	return out
}
