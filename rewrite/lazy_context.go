package rewrite

import (
	"fmt"
	"slices"
	"strings"

	"github.com/lazyfix/lazyfix/rewrite/internal/mapper"
	"github.com/lazyfix/lazyfix/rewrite/internal/pymodule"
	"github.com/lazyfix/lazyfix/rewrite/internal/pysyntax"
)

// loadingCode is code in which an unloaded relationship loads itself today, although the program is asynchronous: it has
// a sync session, or runs inside of the greenlet.
type loadingCode struct {
	module   *pymodule.Module
	function *pymodule.Function // whose parameters and names the code sees; nil for a lambda at module level
	node     pysyntax.Node
	what     string // "in a function with a sync session"
	// listens is the mapped class that an event listener is for, nil for none; object is the parameter that gets its objects.
	listens *pymodule.Class
	object  int
	// greenlet: it runs in the greenlet of a session that the code around it uses, too, and may hold objects already.
	greenlet bool
	// loads are what a method's own object has loaded already.
	loads map[*mapper.Relationship]bool
}

// loadingCode finds it by what names resolve to, never by the names of variables. What an event listener calls is such code too,
// and what the greenlet runs calls; what functions with a sync session call is not followed.
func (p *program) loadingCode() []loadingCode {
	var out []loadingCode
	methods := p.methodsOfModels()
	for _, f := range p.graph.Functions {
		what := p.syncSession(f)
		switch {
		case p.decorated(f, "listens_for"): // that of a session's event has a sync session, too
			for _, c := range p.listeners(f) {
				out = append(out, p.withCalled(c, methods)...)
			}
		case what != "":
			out = append(out, loadingCode{module: f.Module, function: f, node: f.Body, what: what})
		case p.decorated(f, "validates"):
			out = append(out, loadingCode{module: f.Module, function: f, node: f.Body, what: "in the validator " + f.Name + "()"})
		}
	}
	for _, m := range p.graph.Modules {
		source := string(m.Tree.Source())
		if strings.Contains(source, "run_sync") || strings.Contains(source, "greenlet_spawn") || strings.Contains(source, "listen(") {
			for _, c := range p.handedOver(m) {
				out = append(out, p.withCalled(c, methods)...)
			}
		}
	}
	return out
}

// listeners are the code of a function that is decorated with listens_for(), once for each.
func (p *program) listeners(f *pymodule.Function) []loadingCode {
	var out []loadingCode
	t := f.Module.Tree
	for _, d := range f.Decorators {
		if t.Kind(d) != pysyntax.Call || !isEvent(p.external(f.Module, f.Outer, t.Child(d, pysyntax.FieldFunction)), "listens_for") {
			continue
		}
		c := loadingCode{module: f.Module, function: f, node: f.Body, what: "in the event listener " + f.Name + "()"}
		c.listens, c.object = p.listensTo(f.Module, f.Outer, d)
		out = append(out, c)
	}
	return out
}

// listensTo is the mapped class that listens_for(Order, "before_update") or listen(...) names, or an attribute of, and which
// argument of the listener is an object of it: (mapper, connection, target), or (target, ...). Of a class with subclasses it may
// be one of those: nil.
func (p *program) listensTo(m *pymodule.Module, f *pymodule.Function, call pysyntax.Node) (*pymodule.Class, int) {
	t := m.Tree
	args := t.Child(call, pysyntax.FieldArguments)
	name, ok := pymodule.DottedName(t, t.Nth(args, 0))
	if !ok {
		return nil, 0
	}
	s, object := p.graph.ResolveIn(m, nil, f, name), 2
	if name == "cls" && f != nil {
		s.Class = f.Class
	}
	if owner, _, dotted := strings.Cut(name, "."); dotted && s.Kind != pymodule.ClassSymbol {
		s, object = p.graph.ResolveIn(m, nil, f, owner), 0
	}
	switch pymodule.StringValue(t, t.Nth(args, 1)) {
	case "load", "refresh", "refresh_flush", "expire", "init", "first_init", "init_failure", "pickle", "unpickle":
		object = 0
	}
	if mapped := p.index.Class(s.Class); mapped == nil || !mapped.Mapped || len(p.graph.Subclasses(s.Class)) > 0 {
		return nil, 0
	}
	return s.Class, object
}

// ownMember is the name of a member of the object or the class at hand.
func ownMember(dotted string) (string, bool) {
	if name, ok := strings.CutPrefix(dotted, "cls."); ok {
		return name, true
	}
	return strings.CutPrefix(dotted, "self.")
}

// withCalled is such code with the functions that it calls by name, the methods and properties of models that have the name of
// an attribute in it, and what makes text of a model where it makes text of a parameter, and so on.
func (p *program) withCalled(c loadingCode, methods map[string][]*pymodule.Function) []loadingCode {
	out, seen := []loadingCode{c}, map[*pymodule.Function]bool{c.function: true}
	for i := 0; i < len(out); i++ {
		from := out[i]
		t := from.module.Tree
		for n := range t.Within(from.node) {
			var called []*pymodule.Function
			text := pysyntax.Nil
			switch t.Kind(n) {
			case pysyntax.Call:
				name, _ := pymodule.DottedName(t, t.Child(n, pysyntax.FieldFunction))
				if name == "str" || name == "repr" || name == "format" || name == "print" {
					text = t.First(t.Child(n, pysyntax.FieldArguments))
				}
				if method, own := ownMember(name); own && from.function != nil && from.function.Class != nil {
					called = append(called, p.graph.ClassMember(from.function.Class, method).Function)
				} else if name != "" {
					called = append(called, p.graph.ResolveIn(from.module, nil, from.function, name).Function)
				}
			case pysyntax.Interpolation:
				text = t.First(n)
			case pysyntax.Attribute:
				called = methods[t.Text(t.Child(n, pysyntax.FieldAttribute))]
			}
			if t.Kind(text) == pysyntax.Identifier && from.function != nil && from.function.ParamIndex(t.Text(text)) >= 0 { // of which model nobody asks here
				called = slices.Concat(called, methods["__str__"], methods["__repr__"], methods["__format__"])
			}
			for _, f := range called {
				if f != nil && !seen[f] && !f.Async {
					seen[f] = true
					out = append(out, loadingCode{
						module: f.Module, function: f, node: f.Body, what: c.what + ", which calls " + f.Name + "()", greenlet: c.greenlet,
					})
				}
			}
		}
	}
	return out
}

// methodsOfModels are the methods and properties of mapped classes, by name.
func (p *program) methodsOfModels() map[string][]*pymodule.Function {
	out := map[string][]*pymodule.Function{}
	for _, f := range p.graph.Functions {
		if f.Class == nil || f.Outer != nil {
			continue
		}
		if c := p.index.Class(f.Class); c != nil && c.Mapped {
			out[f.Name] = append(out[f.Name], f)
		}
	}
	return out
}

// handedOver are the functions and lambdas that run_sync(), greenlet_spawn() and event.listen() get.
func (p *program) handedOver(m *pymodule.Module) []loadingCode {
	var out []loadingCode
	t := m.Tree
	for i := range t.Len() {
		n := pysyntax.Node(i)
		if t.Kind(n) != pysyntax.Call {
			continue
		}
		function := t.Child(n, pysyntax.FieldFunction)
		name := t.Text(function)
		var argument pysyntax.Node
		var what string
		switch {
		case strings.HasSuffix(name, ".run_sync") && !strings.HasSuffix(name, "to_thread.run_sync"): // anyio's runs a thread
			argument, what = t.Nth(t.Child(n, pysyntax.FieldArguments), 0), "in what run_sync() gets"
		case pymodule.Last(name) == "greenlet_spawn":
			argument, what = t.Nth(t.Child(n, pysyntax.FieldArguments), 0), "in what greenlet_spawn() gets"
		case pymodule.Last(name) == "listen" && isEvent(p.external(m, m.FunctionAround(n), function), "listen"):
			argument, what = t.Nth(t.Child(n, pysyntax.FieldArguments), 2), "in an event listener"
		default:
			continue
		}
		around, spawned := m.FunctionAround(n), pymodule.Last(name) != "listen"
		if t.Kind(argument) == pysyntax.Lambda {
			out = append(out, loadingCode{module: m, function: around, node: argument, what: what, greenlet: spawned})
			continue
		}
		if dotted, ok := pymodule.DottedName(t, argument); ok {
			s := p.graph.ResolveIn(m, nil, around, dotted)
			if method, own := ownMember(dotted); own && around != nil && around.Class != nil { // event.listen(target, "before_flush", self.check)
				s.Function = around.Class.Methods[method]
			}
			if s.Function != nil {
				code := loadingCode{module: s.Function.Module, function: s.Function, node: s.Function.Body, what: fmt.Sprintf("%s: %s()", what, s.Function.Name), greenlet: spawned}
				if pymodule.Last(name) == "listen" {
					code.listens, code.object = p.listensTo(m, around, n)
				}
				out = append(out, code)
			}
		}
	}
	return out
}

// external is the library's name for a dotted expression, "" when it is none.
func (p *program) external(m *pymodule.Module, f *pymodule.Function, n pysyntax.Node) string {
	name, ok := pymodule.DottedName(m.Tree, n)
	if !ok {
		return ""
	}
	return p.graph.ResolveIn(m, nil, f, name).External
}

func isEvent(external, name string) bool {
	return strings.HasPrefix(external, "sqlalchemy.") && pymodule.Last(external) == name
}

// decorated reports whether a decorator of f is SQLAlchemy's of that name.
func (p *program) decorated(f *pymodule.Function, name string) bool {
	d := f.Decorator(name)
	return d != pysyntax.Nil && isEvent(p.external(f.Module, f.Outer, f.Module.Tree.Callee(d)), name)
}
