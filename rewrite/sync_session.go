package rewrite

import (
	"iter"
	"strings"

	"github.com/lazyfix/lazyfix/rewrite/internal/loadflow"
	"github.com/lazyfix/lazyfix/rewrite/internal/pymodule"
	"github.com/lazyfix/lazyfix/rewrite/internal/pysyntax"
)

// What runs on a sync session in a program that is asynchronous elsewhere: tasks of a queue, commands, an admin. Types say it,
// what is called, and statements that are run without an await; the names of variables alone never do.

// syncSession says why a function works with a sync session, "" where nothing proves it.
func (p *program) syncSession(f *pymodule.Function) string {
	return p.syncSessions.get(f, func() string {
		switch {
		case f.Class != nil && f.Name != "__init__" && p.holdsSyncSession(f.Class):
			return "in a method of " + f.Class.Name + ", which holds a sync session"
		case p.takesSyncSession(f), p.makesSyncSession(f), p.runsSyncSession(f):
			return "in " + f.Name + "(), which works with a sync session"
		}
		return ""
	})
}

// holdsSyncSession reports whether the constructor of a class takes a sync session.
func (p *program) holdsSyncSession(c *pymodule.Class) bool {
	init := c.Methods["__init__"]
	return init != nil && p.takesSyncSession(init)
}

// syncSite reports whether a query is certainly run on a sync session: its function works with one, or a function around that, or
// the function that the query is in where the site is a call of that.
func (p *program) syncSite(s *loadflow.Site) bool {
	for ; s != nil; s = s.Via {
		if p.syncPlace(s.Module, s.Node) {
			return true
		}
	}
	return false
}

// syncPlace is syncSite of one place. What is awaited there is of another session.
func (p *program) syncPlace(m *pymodule.Module, n pysyntax.Node) bool {
	t := m.Tree
	if t.Kind(t.Enclosing(n, pysyntax.Await, pysyntax.FunctionDefinition, pysyntax.Lambda)) == pysyntax.Await {
		return false
	}
	for f := m.FunctionAround(n); f != nil; f = f.Outer {
		if p.syncSession(f) != "" {
			return true
		}
		if f.Async {
			return false
		}
	}
	return isSyncRun(t, n)
}

// runsSyncSession reports whether a function runs a statement on a session and uses what that gives without an await.
func (p *program) runsSyncSession(f *pymodule.Function) bool {
	t := f.Module.Tree
	if f.Body == pysyntax.Nil || f.Async {
		return false
	}
	for call := range ownCalls(f) {
		if isSyncRun(t, call) {
			return true
		}
	}
	return false
}

// ownCalls are the calls in the body of a function, but for those in functions and classes in it.
func ownCalls(f *pymodule.Function) iter.Seq[pysyntax.Node] {
	return func(yield func(pysyntax.Node) bool) {
		t := f.Module.Tree
		for n := f.Body; n < t.SubtreeEnd(f.Body); n++ {
			switch t.Kind(n) {
			case pysyntax.FunctionDefinition, pysyntax.ClassDefinition:
				n = t.SubtreeEnd(n) - 1
			case pysyntax.Call:
				if !yield(n) {
					return
				}
			}
		}
	}
}

// isSyncRun reports whether a call is session.query(...), which async sessions do not have, gives at once what an async session
// gives when it is awaited, as in session.scalars(...).all(), or stands for itself where an async session is awaited:
// session.commit(). What run_sync() runs is that, too, and loads as well.
func isSyncRun(t *pysyntax.Tree, call pysyntax.Node) bool {
	fn := t.Child(call, pysyntax.FieldFunction)
	if t.Kind(call) != pysyntax.Call || t.Kind(fn) != pysyntax.Attribute || !loadflow.IsSession(t.Text(t.Child(fn, pysyntax.FieldObject))) {
		return false
	}
	used := t.Parent(call)
	switch t.Text(t.Child(fn, pysyntax.FieldAttribute)) {
	case "query":
		return t.Kind(used) == pysyntax.Attribute && t.Field(call) == pysyntax.FieldObject
	case "commit", "flush", "refresh":
		return t.Kind(used) == pysyntax.ExpressionStatement
	case "execute", "scalars":
		if t.Kind(used) != pysyntax.Attribute || t.Field(call) != pysyntax.FieldObject {
			return false
		}
		switch t.Text(t.Child(used, pysyntax.FieldAttribute)) {
		case "scalars", "scalar", "scalar_one", "scalar_one_or_none", "unique", "all", "first", "one", "one_or_none", "mappings", "tuples":
			return true
		}
	}
	return false
}

func isSyncSession(external string) bool {
	if !strings.HasPrefix(external, "sqlalchemy.") && !strings.HasPrefix(external, "sqlmodel.") {
		return false
	}
	last := pymodule.Last(external)
	return (last == "Session" || last == "scoped_session") && !strings.Contains(external, "asyncio")
}

// takesSyncSession reports whether a parameter is annotated as one: Session, Session | None, Annotated[Session, ...], or
// a name for such.
func (p *program) takesSyncSession(f *pymodule.Function) bool {
	for _, param := range f.Params {
		if param.Annotation != pysyntax.Nil &&
			p.namesSyncSession(f.Module, f, pymodule.ParseType(f.Module.Tree.Text(param.Annotation)), 0) {
			return true
		}
	}
	return false
}

func (p *program) namesSyncSession(m *pymodule.Module, f *pymodule.Function, typ *pymodule.Type, depth int) bool {
	if typ == nil || depth > 4 {
		return false
	}
	switch typ.Kind {
	case pymodule.TypeUnion:
		for _, a := range typ.Args {
			if p.namesSyncSession(m, f, a, depth+1) {
				return true
			}
		}
	case pymodule.TypeSubscript:
		if name := pymodule.Last(typ.Name); (name == "Annotated" || name == "Optional") && len(typ.Args) > 0 {
			return p.namesSyncSession(m, f, typ.Args[0], depth+1)
		}
		return isSyncSession(p.graph.ResolveIn(m, nil, outer(f), typ.Name).External)
	case pymodule.TypeName:
		s := p.graph.ResolveIn(m, nil, outer(f), typ.Name)
		if v := s.Variable; s.Kind == pymodule.VariableSymbol && v.Value != pysyntax.Nil {
			return p.namesSyncSession(v.Module, nil, pymodule.ParseType(v.Module.Tree.Text(v.Value)), depth+1)
		}
		return isSyncSession(s.External)
	}
	return false
}

// outer is the function in whose scope the annotations of f stand.
func outer(f *pymodule.Function) *pymodule.Function {
	if f == nil {
		return nil
	}
	return f.Outer
}

// makesSyncSession reports whether the body of f, nested functions left out, calls Session(...) or a sync sessionmaker.
func (p *program) makesSyncSession(f *pymodule.Function) bool {
	t := f.Module.Tree
	if f.Body == pysyntax.Nil || !strings.Contains(t.Text(f.Body), "ession") {
		return false
	}
	for call := range ownCalls(f) {
		name, ok := pymodule.DottedName(t, t.Child(call, pysyntax.FieldFunction))
		if !ok {
			continue
		}
		s := p.graph.ResolveIn(f.Module, nil, f, name)
		if isSyncSession(s.External) || s.Kind == pymodule.VariableSymbol && p.isSyncMaker(s.Variable) {
			return true
		}
	}
	return false
}

// isSyncMaker reports whether a module variable holds what sessionmaker() or scoped_session() gives for sync sessions.
func (p *program) isSyncMaker(v *pymodule.Variable) bool {
	t := v.Module.Tree
	if t.Kind(v.Value) != pysyntax.Call {
		return false
	}
	for _, f := range p.index.Factories {
		if f.Module == v.Module && t.Contains(v.Value, f.Call) {
			return false
		}
	}
	external := p.external(v.Module, nil, t.Child(v.Value, pysyntax.FieldFunction))
	return strings.HasPrefix(external, "sqlalchemy.orm") && (pymodule.Last(external) == "sessionmaker" || pymodule.Last(external) == "scoped_session")
}
