package rewrite

import (
	"bytes"
	"slices"
	"strings"

	"github.com/lazyfix/lazyfix/rewrite/internal/loadflow"
	"github.com/lazyfix/lazyfix/rewrite/internal/pymodule"
	"github.com/lazyfix/lazyfix/rewrite/internal/pysyntax"
)

// A function may be called by what its parameters say: a framework asks the request for them, or makes a schema of them, a program
// looks for them itself, fn(**{name: known[name] for name in inspect.signature(fn).parameters}). A parameter that is new would be asked
// for. What is given to such is known where the flow knows of what object it is a method, and told by its name where it does not: repo.get of
// a repo that is not known may be any get() of the program.

const (
	askedByFramework = "a framework, which calls it, would ask the request for them"
	askedByProgram   = "the program looks at its parameters, and would ask for them"
)

// frameworkReaders take functions, and ask for what their parameters say, or make a schema of them.
var frameworkReaders = []string{
	"Depends", "Security", "Provide", "add_api_route", "add_api_websocket_route", "add_route", "add_websocket_route", "add_url_rule",
	"Route", "APIRoute", "WebSocketRoute", "register", "add_command", "add_typer", "add_tool", "from_function", "validate_call",
	"validate_arguments", "get_dependant", "TypeAdapter",
}

// inspectors are what a program looks at the parameters of a function with.
var inspectors = []string{"signature", "getfullargspec", "getargspec", "get_type_hints", "get_annotations", "getcallargs"}

// inspected are what of a function says its parameters.
var inspected = []string{"__code__", "__annotations__", "__kwdefaults__", "__signature__"}

// parameterNames are what of a function's code says its parameters. Other parts of it, co_firstlineno, do not.
var parameterNames = []string{"co_varnames", "co_argcount", "co_posonlyargcount", "co_kwonlyargcount"}

// isInspected reports whether an attribute says the parameters of a function, or is its code, which is handed on.
func isInspected(t *pysyntax.Tree, n pysyntax.Node) bool {
	attr := t.Text(t.Child(n, pysyntax.FieldAttribute))
	if up := t.Parent(n); attr == "__code__" && t.Kind(up) == pysyntax.Attribute {
		return slices.Contains(parameterNames, t.Text(t.Child(up, pysyntax.FieldAttribute)))
	}
	return slices.Contains(inspected, attr)
}

// askedBy says who reads the signature of a function, "" where nobody does.
func (p *program) askedBy(f *pymodule.Function) string {
	if p.signatures == nil {
		p.signatures = findReadSignatures(p.graph, p.flow)
	}
	s := p.signatures
	why := s.names[f.Name]
	for _, given := range s.functions[f.Name] { // a parameter is new to what overrides it, too
		same := given.Module == f.Module && given.Class == f.Class && given.Outer == f.Outer // also where there are two of them
		if same || f.Class != nil && given.Class != nil && p.haveOneObject(f.Class, given.Class) {
			why = earlier(why, s.why[given])
		}
	}
	return why
}

// haveOneObject reports whether an object may be of both of two classes.
func (p *program) haveOneObject(a, b *pymodule.Class) bool {
	return p.graph.IsSubclass(a, b) || p.graph.IsSubclass(b, a) ||
		slices.ContainsFunc(p.graph.Subclasses(a), func(c *pymodule.Class) bool { return p.graph.IsSubclass(c, b) })
}

// findReadSignatures are the functions that a program gives to such, and what would come of it.
func findReadSignatures(g *pymodule.Graph, flow *loadflow.Flow) *signatureSearch {
	s := &signatureSearch{
		g: g, flow: flow, names: map[string]string{}, functions: map[string][]*pymodule.Function{},
		why: map[*pymodule.Function]string{}, readers: map[string]string{}, reading: map[*pymodule.Function]bool{},
	}
	for _, name := range frameworkReaders {
		s.readers[name] = askedByFramework
	}
	for _, name := range inspectors {
		s.readers[name] = askedByProgram
	}
	s.findReaders()
	for _, m := range g.Modules {
		s.note(m)
	}
	return s
}

type signatureSearch struct {
	g    *pymodule.Graph
	flow *loadflow.Flow
	// names are those of functions whose signature is read and of which no more is known.
	names map[string]string
	// functions are those that are known, by their name, with why that matters.
	functions map[string][]*pymodule.Function
	why       map[*pymodule.Function]string
	// readers are the names of functions that read what they are given.
	readers map[string]string
	// reading are the program's own that do.
	reading map[*pymodule.Function]bool
	// elsewhere: the program reads what is in a table, or an attribute, so that whatever is a value may be there.
	elsewhere bool
}

// findReaders finds the functions of the program that look at the parameters of what they are given, or hand it to one that does.
func (s *signatureSearch) findReaders() {
	for names := append(slices.Clone(inspectors), inspected...); len(names) > 0; {
		mentioned := map[*pymodule.Module]bool{}
		for _, m := range s.g.Modules {
			mentioned[m] = !m.Test() && slices.ContainsFunc(names, func(name string) bool { return bytes.Contains(m.Tree.Source(), []byte(name)) })
		}
		names = nil
		for _, f := range s.g.Functions {
			if !mentioned[f.Module] || f.Name == "__init__" || s.reading[f] || !s.reads(f) {
				continue
			}
			s.reading[f] = true
			if s.readers[f.Name] == "" {
				s.readers[f.Name] = askedByProgram
			}
			names = append(names, f.Name)
		}
	}
}

// reader says who reads what a called expression is given, "" where nobody does: by its name where it is not known to be a function of
// the program, but for names that many inner functions have.
func (s *signatureSearch) reader(m *pymodule.Module, called pysyntax.Node) string {
	last := pymodule.Last(m.Tree.Text(called))
	why := s.readers[last]
	if why != askedByProgram {
		return why
	}
	if slices.Contains(inspectors, last) {
		if name, _ := pymodule.DottedName(m.Tree, called); !isInspector(s.g, m, name) && !s.isReading(last) {
			return ""
		}
		return why
	}
	f := s.g.ResolveAt(m, called).Function
	if root, _, _ := strings.Cut(m.Tree.Text(called), "."); f != nil && f.Outer == nil && m.FunctionAround(called).Binds(root) {
		f = nil // a parameter, or a variable, of that name is meant
	}
	if f != nil && !s.reading[f] || f == nil && slices.Contains([]string{"wrapper", "decorator", "__call__"}, last) {
		return ""
	}
	return why
}

// isReading reports whether a function of the program that goes by a name reads what it is given.
func (s *signatureSearch) isReading(name string) bool {
	for f := range s.reading {
		if f.Name == name {
			return true
		}
	}
	return false
}

// reads reports whether a function looks at the parameters of what it is given. What it looks at otherwise is noted.
func (s *signatureSearch) reads(f *pymodule.Function) bool {
	t, out := f.Module.Tree, false
	for n := range t.Within(f.Body) {
		what, types := s.looksAt(f.Module, n)
		switch text := t.Text(what); {
		case what == pysyntax.Nil, text == "self", text == "cls":
		case f.ParamIndex(text) >= 0:
			out = true
		case isParameterAround(t, n, text): // of one around it, or in it
		case types: // those of classes, mostly
		case t.Is(what, pysyntax.Identifier, pysyntax.Subscript), strings.HasPrefix(text, "self.") && t.Kind(what) == pysyntax.Attribute:
			s.elsewhere = s.elsewhere || !s.isKnown(f, what)
		}
	}
	return out
}

// isKnown reports whether a name is one of the program's functions or classes.
func (s *signatureSearch) isKnown(f *pymodule.Function, n pysyntax.Node) bool {
	name, ok := pymodule.DottedName(f.Module.Tree, n)
	kind := s.g.ResolveIn(f.Module, f.Class, f, name).Kind
	return ok && (kind == pymodule.ClassSymbol || kind == pymodule.FunctionSymbol)
}

// looksAt is whose parameters an expression looks at, Nil for any other, and whether it looks at types only, which classes have too.
func (s *signatureSearch) looksAt(m *pymodule.Module, n pysyntax.Node) (what pysyntax.Node, types bool) {
	t := m.Tree
	switch t.Kind(n) {
	case pysyntax.Call:
		name, _ := pymodule.DottedName(t, t.Child(n, pysyntax.FieldFunction))
		last := pymodule.Last(name)
		if s.reader(m, t.Child(n, pysyntax.FieldFunction)) != askedByProgram {
			return pysyntax.Nil, false
		}
		what = t.ArgumentValue(t.Nth(t.Child(n, pysyntax.FieldArguments), 0))
		for t.Kind(what) == pysyntax.Call { // inspect.unwrap(fn)
			what = t.ArgumentValue(t.Nth(t.Child(what, pysyntax.FieldArguments), 0))
		}
		return what, last == "get_type_hints" || last == "get_annotations"
	case pysyntax.Attribute:
		if isInspected(t, n) {
			return t.Child(n, pysyntax.FieldObject), t.Text(t.Child(n, pysyntax.FieldAttribute)) == "__annotations__"
		}
	}
	return pysyntax.Nil, false
}

// isInspector reports whether a name is one of inspect's or typing's: not hmac.signature(), nor a function of the program.
func isInspector(g *pymodule.Graph, m *pymodule.Module, name string) bool {
	root, _, dotted := strings.Cut(name, ".")
	if dotted && (root == "inspect" || root == "typing" || root == "typing_extensions" || root == "annotationlib") {
		return true // also where a function imports it
	}
	symbol := g.Resolve(m, name)
	library, _, _ := strings.Cut(symbol.External, ".")
	return slices.Contains([]string{"inspect", "typing", "typing_extensions", "annotationlib"}, library) ||
		!dotted && symbol.Kind == pymodule.Unknown
}

// note notes what a module gives to readers.
func (s *signatureSearch) note(m *pymodule.Module) {
	t := m.Tree
	mentioned := func(name string) bool { return bytes.Contains(t.Source(), []byte(name)) }
	if !s.elsewhere && !mentioned(")(") && !mentioned("tools") && !s.mentions(mentioned) {
		return
	}
	for n := range t.Within(t.Root()) {
		if t.Kind(n) != pysyntax.Call {
			continue
		}
		fn := t.Child(n, pysyntax.FieldFunction)
		why := s.reader(m, fn)
		if why == "" && t.Kind(fn) == pysyntax.Call { // router.get("/orders")(orders.all)
			why = askedByFramework
		}
		if why == "" && s.elsewhere && !m.Test() && isGivenOn(t.Text(fn)) {
			why = askedByProgram
		}
		for given := range t.Children(t.Child(n, pysyntax.FieldArguments)) {
			why := why
			if t.Kind(given) == pysyntax.KeywordArgument && t.Text(t.Child(given, pysyntax.FieldName)) == "tools" {
				why = askedByFramework
			}
			if why != "" {
				s.noteGiven(m, t.ArgumentValue(given), why, 0)
			}
		}
	}
}

// mentions reports whether some reader is mentioned.
func (s *signatureSearch) mentions(mentioned func(string) bool) bool {
	for name := range s.readers {
		if mentioned(name) {
			return true
		}
	}
	return false
}

// isGivenOn reports whether a call may keep a function that it is given: one of Python's own calls it, or takes it for a key.
func isGivenOn(called string) bool {
	return !slices.Contains([]string{"map", "filter", "sorted", "min", "max", "sort", "isinstance", "getattr", "hasattr", "setattr", "print", "str", "len", "callable", "issubclass", "id", "hash", "repr"}, pymodule.Last(called))
}

// noteGiven notes the functions in what is given: a name, also one that stands for another, a partial, or several in a list.
func (s *signatureSearch) noteGiven(m *pymodule.Module, n pysyntax.Node, why string, depth int) {
	const deepest = 4
	t := m.Tree
	switch {
	case depth > deepest:
	case t.Is(n, pysyntax.Identifier, pysyntax.Attribute):
		symbol := s.g.ResolveAt(m, n)
		if f := m.FunctionAround(n); t.Kind(n) == pysyntax.Identifier && (symbol.Function == nil || symbol.Function.Outer == nil) && f.Binds(t.Text(n)) && !imports(f, t.Text(n)) {
			for v := range t.Within(f.Body) { // what it holds may be a method: call = repository.get
				if t.Kind(v) == pysyntax.Assignment && t.Text(t.Child(v, pysyntax.FieldLeft)) == t.Text(n) {
					s.noteGiven(m, t.Child(v, pysyntax.FieldRight), why, depth+1)
				}
			}
			return // it is a value otherwise, by a name that functions may have too
		}
		methods, known := s.methodsAt(m, n)
		for _, f := range methods {
			s.noteFunction(f, why)
		}
		if !known && !s.isNoFunction(symbol) && (symbol.Kind != pymodule.ExternalSymbol || t.Kind(n) == pysyntax.Attribute && !s.isOfLibrary(m, n)) {
			s.noteName(pymodule.Last(t.Text(n)), why)
		}
		switch {
		case symbol.Function != nil:
			s.noteFunction(symbol.Function, why)
		case symbol.Variable != nil && symbol.Variable.Value != pysyntax.Nil:
			s.noteGiven(symbol.Variable.Module, symbol.Variable.Value, why, depth+1)
		}
	case t.Kind(n) == pysyntax.Call && strings.HasPrefix(pymodule.Last(t.Text(t.Child(n, pysyntax.FieldFunction))), "partial"):
		s.noteGiven(m, t.ArgumentValue(t.Nth(t.Child(n, pysyntax.FieldArguments), 0)), why, depth+1)
	case t.Kind(n) == pysyntax.Call: // an object that is called: Depends(Loader(Order)), not methodcaller("find")(Loader(Order))
		name, _ := pymodule.DottedName(t, t.Child(n, pysyntax.FieldFunction))
		around := t.Enclosing(n, pysyntax.Call)
		if c := s.g.Resolve(m, name).Class; c != nil && s.g.ClassMember(c, "__call__").Function != nil && t.Kind(t.Child(around, pysyntax.FieldFunction)) != pysyntax.Call {
			s.noteName("__call__", why)
		}
	case t.Is(n, pysyntax.List, pysyntax.Tuple, pysyntax.Set):
		for each := range t.Children(n) {
			s.noteGiven(m, each, why, depth+1)
		}
	}
}

// imports reports whether a function, or one around it, imports a name.
func imports(f *pymodule.Function, name string) bool {
	for ; f != nil; f = f.Outer {
		t := f.Module.Tree
		for n := range t.Within(f.Body) {
			if t.Is(n, pysyntax.ImportStatement, pysyntax.ImportFromStatement) && t.Names(n, name) {
				return true
			}
		}
	}
	return false
}

// methodsAt are the methods that a.get is, where the flow knows.
func (s *signatureSearch) methodsAt(m *pymodule.Module, n pysyntax.Node) ([]*pymodule.Function, bool) {
	if s.flow == nil || m.Tree.Kind(n) != pysyntax.Attribute {
		return nil, false
	}
	return s.flow.MethodsAt(m, n)
}

// isOfLibrary reports whether a dotted name begins with what a module imports from a library.
func (s *signatureSearch) isOfLibrary(m *pymodule.Module, n pysyntax.Node) bool {
	root, _, _ := strings.Cut(m.Tree.Text(n), ".")
	f := m.FunctionAround(n)
	return (!f.Binds(root) || imports(f, root)) && s.g.Resolve(m, root).Kind == pymodule.ExternalSymbol
}

func (s *signatureSearch) noteName(name, why string) { s.names[name] = earlier(s.names[name], why) }

func (s *signatureSearch) noteFunction(f *pymodule.Function, why string) {
	if s.why[f] == "" {
		s.functions[f.Name] = append(s.functions[f.Name], f)
	}
	s.why[f] = earlier(s.why[f], why)
}

// earlier is one of two reasons, whichever was seen first.
func earlier(a, b string) string {
	if a == "" || b != "" && b < a {
		return b
	}
	return a
}

// parameterDecorators make a schema of the parameters of what they decorate, or ask for each that is annotated.
var parameterDecorators = []string{
	"validate_call", "validate_arguments", "shared_task", "subscriber", "publisher", "resource", "prompt", "function_tool", "tool_plain",
	"flow", "autoparams", "magic_bind_to_container", "kernel_function", "ai_callable",
}

// parameterLibraries are those of which each decorator of a function does so.
var parameterLibraries = []string{
	"pydantic", "fast_depends", "faststream", "typer", "fastmcp", "mcp", "prefect", "pydantic_ai", "strawberry", "litestar", "fastapi",
	"injector", "langchain", "langchain_core", "llama_index", "agents", "ninja", "taskiq",
}

// readsParameters reports whether a decorator is one of such.
func readsParameters(name string, symbol pymodule.Symbol) bool {
	if slices.Contains(parameterDecorators, pymodule.Last(name)) || slices.Contains(parameterDecorators, pymodule.Last(symbol.External)) {
		return true
	}
	library, _, _ := strings.Cut(symbol.External, ".")
	return slices.Contains(parameterLibraries, library)
}

// readsDecorated reports whether a decorator of the program looks at parameters, or has a library make a schema of them.
func (p *program) readsDecorated(d *pymodule.Function) bool {
	t := d.Module.Tree
	for n := range t.Within(d.Node) {
		switch t.Kind(n) {
		case pysyntax.Call:
			name, _ := pymodule.DottedName(t, t.Child(n, pysyntax.FieldFunction))
			last := pymodule.Last(name)
			if slices.Contains(inspectors, last) && isInspector(p.graph, d.Module, name) || readsParameters(name, p.graph.Resolve(d.Module, name)) {
				return true
			}
		case pysyntax.Attribute:
			if isInspected(t, n) {
				return true
			}
		}
	}
	return false
}
