package loadflow

import (
	"strings"

	"github.com/lazyfix/lazyfix/rewrite/internal/pymodule"
	"github.com/lazyfix/lazyfix/rewrite/internal/pysyntax"
)

// Is it a session? Values seldom say so: a parameter without an annotation has none, and of what a library gives nothing is
// noted (but beside what the program puts in its place: stand_in.go). So words say it, and how many must agree depends on what
// the question is for. All of that is here; what makes sessions for a whole program is mapper's to say (mapper.Factory).
//
//	IsSession         an expression that a method of sessions is called on, by its name
//	TakesSession      a parameter that nothing is called on
//	holdsSession      an expression of the unit at hand, by its name or by what gave it
//	namesSession      a name in a function, by what gave it: saysSession of a type, makesSession of what is called
//	isLibrarySession  a class, by its full name
//	usedAsSession     an expression, by what a function does with it (session_used.go)
//	givesSession      a function that is called, by what it yields or returns

// IsSession reports whether an expression that methods of a session are called on is one, by its name: session.add(order)
// fills no set, and repository.delete(order) deletes no row. What else is called so has no such methods.
func IsSession(text string) bool {
	last := strings.ToLower(pymodule.Last(text))
	return strings.Contains(last, "session") || last == "db" || last == "sess"
}

// TakesSession reports whether a parameter is a session, by its annotation or by its whole name: nothing is called on it
// that would tell it from session_id or session_factory.
func TakesSession(name, annotation string) bool {
	return strings.Contains(annotation, "AsyncSession") || name == "session" || name == "db_session" || name == "db"
}

// saysSession reports whether an annotation speaks of a session: AsyncSession, Annotated[Session, Depends(get_db)].
func saysSession(annotation string) bool { return strings.Contains(annotation, "Session") }

// makesSession reports whether what is called speaks of sessions: Session(), async_session_maker(), self.sessions.begin().
func makesSession(called string) bool { return strings.Contains(strings.ToLower(called), "session") }

// isLibrarySession reports whether a name of a library is the class of its sessions.
func isLibrarySession(name string) bool {
	switch pymodule.Last(name) {
	case "Session", "AsyncSession", "scoped_session", "async_scoped_session":
		return isSQLAlchemy(name)
	}
	return false
}

// holdsSession reports whether an expression is a session by its name, by what the function says of the name, or as an attribute
// of self that the constructor puts one into: self._s = session.
func (x *interp) holdsSession(n pysyntax.Node) bool {
	if IsSession(x.t.Text(n)) {
		return true
	}
	f := x.u.key.fn
	if f != nil && (x.a.usedAsSession(f, x.t.Text(n)) || x.a.usedInClass(f, x.t.Text(n))) {
		return true
	}
	if x.t.Kind(n) == pysyntax.Identifier && f != nil {
		return x.a.namesSession(f, x.t.Text(n)) || x.openedHere(f, x.t.Text(n))
	}
	if f == nil || f.Class == nil || x.t.Kind(n) != pysyntax.Attribute {
		return false
	}
	init := x.method(f.Class, "__init__")
	if init == nil || len(init.Params) == 0 {
		return false
	}
	t, name := init.Module.Tree, init.Params[0].Name+"."+x.t.Text(x.t.Child(n, pysyntax.FieldAttribute))
	for c := range assignments(t, init.Body, name) {
		if i := init.ParamIndex(t.Text(t.Child(c, pysyntax.FieldRight))); i >= 0 {
			return IsSession(init.Params[i].Name) || saysSession(t.Text(init.Params[i].Annotation))
		}
	}
	return false
}

// namesSession reports whether a name in a function is a session by its annotation, or by what it is given:
// async with Session() as s, s = info.context.session, s = make().
func (a *analysis) namesSession(f *pymodule.Function, name string) bool {
	return *a.t.sessions.get(functionName{f, name}, func() *bool {
		found := a.isNamedSession(f, name, 0)
		return &found
	})
}

func (a *analysis) isNamedSession(f *pymodule.Function, name string, depth int) bool {
	t := f.Module.Tree
	if i := f.ParamIndex(name); i >= 0 {
		return saysSession(t.Text(f.Params[i].Annotation))
	}
	for made := range madeFor(t, f.Body, name) {
		switch fn := t.Child(made, pysyntax.FieldFunction); {
		case t.Kind(made) == pysyntax.Call && (makesSession(t.Text(fn)) || a.givesSession(f, fn, depth)),
			t.Is(made, pysyntax.Attribute, pysyntax.Identifier) && IsSession(t.Text(made)):
			return true
		}
	}
	return false
}

type functionName struct {
	fn   *pymodule.Function
	name string
}

// otherSession reports whether two names of a function are certainly two sessions: one of them at least is opened by a block, by
// a call that speaks of sessions and not of the other one. Two parameters may be given the same.
func (x *interp) otherSession(a, b string) bool {
	if a == b || a == "" || b == "" {
		return false
	}
	openedA, own := x.opens(a)
	openedB, others := x.opens(b)
	return own && others && (x.makesOne(openedA) || x.makesOne(openedB)) && !x.t.Names(openedA, b) && !x.t.Names(openedB, a)
}

// twoParameters reports whether two names are parameters of the function: what was added to one is in it, be the other the same or not.
func (x *interp) twoParameters(a, b string) bool {
	f := x.u.key.fn
	return f != nil && a != b && f.ParamIndex(a) >= 0 && f.ParamIndex(b) >= 0
}

// saysSessionOf reports whether the session that has an object is spelled as in the function at hand: it was added, or saved last,
// by what stands there.
func (x *interp) saysSessionOf(a *atom) bool {
	o, f := a.origin, x.u.key.fn
	return o.kind == fromSave && f != nil && o.mod == x.m && (o.node == pysyntax.Nil || x.t.Contains(f.Node, o.node))
}

// makesOne reports whether a call speaks of sessions, or makes one.
func (x *interp) makesOne(call pysyntax.Node) bool {
	return makesSession(x.t.Text(call)) || call != pysyntax.Nil && x.a.givesSession(x.u.key.fn, x.t.Child(call, pysyntax.FieldFunction), 0)
}

// opens is the call that opens what a name in the function holds, Nil for a parameter; false for a name that anything else
// gives.
func (x *interp) opens(name string) (call pysyntax.Node, own bool) {
	f := x.u.key.fn
	if f == nil {
		return pysyntax.Nil, false
	}
	t := x.t
	call, own = pysyntax.Nil, f.ParamIndex(name) >= 0
	for n := range t.Within(f.Body) {
		switch {
		case t.Kind(n) == pysyntax.AsPattern && t.Text(t.First(t.Child(n, pysyntax.FieldAlias))) == name:
			if own || t.Kind(t.First(n)) != pysyntax.Call {
				return pysyntax.Nil, false
			}
			call, own = t.First(n), true
		case t.Kind(n) == pysyntax.Identifier && t.Text(n) == name && t.Field(n) == pysyntax.FieldLeft:
			return pysyntax.Nil, false
		}
	}
	return call, own
}
