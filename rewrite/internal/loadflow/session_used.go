package loadflow

import (
	"slices"
	"strings"

	"github.com/lazyfix/lazyfix/rewrite/internal/pymodule"
	"github.com/lazyfix/lazyfix/rewrite/internal/pysyntax"
)

// What neither a name nor an annotation says to be a session is one by what is done with it, or by what gives it:
//
//	async with uow() as s:       # uow() yields a session; so does a method, or a function that returns one
//	    s.add(order)             # fills no set: s.flush() is awaited
//	    await s.flush()

// usedAsSession reports whether a function adds to an expression, or refreshes by it, and awaits its flush, commit or refresh: no
// container has those, and a producer of messages is added nothing.
func (a *analysis) usedAsSession(f *pymodule.Function, expression string) bool {
	return (*a.t.sessionsUsed.get(f, func() *map[string]bool {
		t := f.Module.Tree
		adds, saves := map[string]bool{}, map[string]bool{}
		for n := range t.Within(f.Body) {
			fn := t.Child(n, pysyntax.FieldFunction)
			if t.Kind(n) != pysyntax.Call || t.Kind(fn) != pysyntax.Attribute {
				continue
			}
			of, awaited := t.Text(t.Child(fn, pysyntax.FieldObject)), t.Kind(t.Parent(n)) == pysyntax.Await
			switch name := t.Text(t.Child(fn, pysyntax.FieldAttribute)); {
			case name == "add" && !awaited, name == "add_all" && !awaited: // what is awaited is a repository's own
				adds[of] = true
			case name == "refresh" && awaited:
				adds[of], saves[of] = true, true
			case name == "flush" && awaited, name == "commit" && awaited:
				saves[of] = true
			}
		}
		out := map[string]bool{}
		for of := range adds {
			out[of] = saves[of]
		}
		return &out
	}))[expression]
}

// usedInClass is usedAsSession of an attribute of self, by any method of the class.
func (a *analysis) usedInClass(f *pymodule.Function, expression string) bool {
	if f.Class == nil || len(f.Params) == 0 {
		return false
	}
	attribute, ok := strings.CutPrefix(expression, f.Params[0].Name+".")
	if !ok {
		return false
	}
	for _, m := range f.Class.Methods {
		if len(m.Params) > 0 && a.usedAsSession(m, m.Params[0].Name+"."+attribute) {
			return true
		}
	}
	return false
}

// openedHere reports whether a method that a name of the function is given by yields or returns a session: database.scope().
func (x *interp) openedHere(f *pymodule.Function, name string) bool {
	t := x.t
	for n := range t.Within(f.Body) {
		made := t.First(n)
		if t.Kind(n) != pysyntax.AsPattern || t.Kind(made) != pysyntax.Call || t.Text(t.First(t.Child(n, pysyntax.FieldAlias))) != name {
			continue
		}
		if fn := t.Child(made, pysyntax.FieldFunction); t.Kind(fn) == pysyntax.Attribute &&
			slices.ContainsFunc(x.quiet(fn), func(a *atom) bool { return a.kind == funcRef && x.a.yieldsSession(a.fn, 0) }) {
			return true
		}
	}
	return false
}

// maxHandedOn bounds how many functions a session is handed on by.
const maxHandedOn = 4

// givesSession reports whether what a function calls makes sessions: a variable that holds a maker, or a function of the program that
// yields or returns a session.
func (a *analysis) givesSession(f *pymodule.Function, called pysyntax.Node, depth int) bool {
	name, dotted := pymodule.DottedName(f.Module.Tree, called)
	if !dotted || depth > maxHandedOn {
		return false
	}
	symbol := a.g.ResolveIn(f.Module, f.Class, f, name)
	if v := symbol.Variable; v != nil && !f.Locals[name] && f.ParamIndex(name) < 0 {
		return a.makesSessionMaker(v.Module, nil, v.Value)
	}
	return symbol.Function != nil && a.yieldsSession(symbol.Function, depth)
}

// yieldsSession reports whether a function yields or returns a session.
func (a *analysis) yieldsSession(giver *pymodule.Function, depth int) bool {
	if giver.Lambda() {
		return false
	}
	t := giver.Module.Tree
	for n := range t.Within(giver.Body) {
		if !t.Is(n, pysyntax.Yield, pysyntax.ReturnStatement) || t.Enclosing(n, pysyntax.FunctionDefinition, pysyntax.Lambda) != giver.Node {
			continue
		}
		switch given := t.First(n); t.Kind(given) {
		case pysyntax.Identifier:
			if IsSession(t.Text(given)) || a.isNamedSession(giver, t.Text(given), depth+1) {
				return true
			}
		case pysyntax.Call:
			if fn := t.Child(given, pysyntax.FieldFunction); makesSession(t.Text(fn)) || a.givesSession(giver, fn, depth+1) {
				return true
			}
		}
	}
	return false
}
