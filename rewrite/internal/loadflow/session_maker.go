package loadflow

import (
	"slices"
	"strings"

	"github.com/lazyfix/lazyfix/rewrite/internal/pymodule"
	"github.com/lazyfix/lazyfix/rewrite/internal/pysyntax"
)

// What a block opens is a session where what it calls makes sessions, whatever either is called:
//
//	DB = async_sessionmaker(engine)
//	async with DB() as s: ...           # also DB.begin(), AsyncSession(engine)

// opensSessions reports whether what a block calls gives a session that the block closes: a maker, its begin(), or the class itself.
func (x *interp) opensSessions(called pysyntax.Node) bool {
	t := x.t
	if t.Kind(called) == pysyntax.Attribute && t.Text(t.Child(called, pysyntax.FieldAttribute)) == "begin" {
		return x.isSessionMaker(t.Child(called, pysyntax.FieldObject))
	}
	return x.isSessionMaker(called) || x.a.isLibraryClass(x.meant(called), "AsyncSession", "Session")
}

// isSessionMaker reports whether an expression is a variable that holds a session maker, or a parameter that its annotation says to
// make sessions, async_sessionmaker[AsyncSession] or Callable[[], AsyncSession], or what a constructor keeps of either.
func (x *interp) isSessionMaker(n pysyntax.Node) bool {
	f, t := x.u.key.fn, x.t
	if f != nil && t.Kind(n) == pysyntax.Identifier {
		if i := f.ParamIndex(t.Text(n)); i >= 0 {
			return saysSessionMaker(t.Text(f.Params[i].Annotation))
		}
		if given := x.givenBy(n); len(given) > 0 {
			return slices.ContainsFunc(given, func(v pysyntax.Node) bool { return x.a.makesSessionMaker(x.m, f, v) })
		}
	}
	if v := x.meant(n).Variable; v != nil {
		return saysSessionMaker(v.Module.Tree.Text(v.Annotation)) || x.a.makesSessionMaker(v.Module, nil, v.Value)
	}
	if f == nil || f.Class == nil || t.Kind(n) != pysyntax.Attribute {
		return false
	}
	init := x.method(f.Class, "__init__")
	if init == nil || len(init.Params) == 0 {
		return false
	}
	t, name := init.Module.Tree, init.Params[0].Name+"."+t.Text(t.Child(n, pysyntax.FieldAttribute))
	for c := range assignments(t, init.Body, name) {
		right := t.Child(c, pysyntax.FieldRight)
		if i := init.ParamIndex(t.Text(right)); i >= 0 {
			return saysSessionMaker(t.Text(init.Params[i].Annotation))
		}
		return x.a.makesSessionMaker(init.Module, init, right)
	}
	return false
}

// meant is what a dotted name means that neither the function nor one around it binds.
func (x *interp) meant(n pysyntax.Node) pymodule.Symbol {
	name, ok := pymodule.DottedName(x.t, n)
	first, _, _ := strings.Cut(name, ".")
	if !ok || x.u.key.ownerOf(first) != nil {
		return pymodule.Symbol{}
	}
	if f := x.u.key.fn; f != nil && (f.ParamIndex(first) >= 0 || f.Locals[first]) {
		return pymodule.Symbol{}
	}
	return x.a.g.ResolveIn(x.m, nil, x.u.key.fn, name)
}

// saysSessionMaker reports whether an annotation is that of a maker of sessions.
func saysSessionMaker(annotation string) bool {
	return strings.Contains(annotation, "sessionmaker") || strings.Contains(annotation, "Callable[[]") && saysSession(annotation)
}

// makesSessionMaker reports whether a value is async_sessionmaker(...), or another of its kind.
func (a *analysis) makesSessionMaker(m *pymodule.Module, f *pymodule.Function, value pysyntax.Node) bool {
	t := m.Tree
	if t.Kind(value) != pysyntax.Call {
		return false
	}
	fn := t.Child(value, pysyntax.FieldFunction)
	if t.Kind(fn) == pysyntax.Subscript { // async_sessionmaker[AsyncSession](...)
		fn = t.Child(fn, pysyntax.FieldValue)
	}
	name, ok := pymodule.DottedName(t, fn)
	return ok && a.isLibraryClass(a.g.ResolveIn(m, nil, f, name), "async_sessionmaker", "sessionmaker", "async_scoped_session", "scoped_session")
}

// isLibraryClass reports whether a symbol is a class of SQLAlchemy of one of these names, or extends one.
func (a *analysis) isLibraryClass(s pymodule.Symbol, names ...string) bool {
	is := func(external string) bool {
		return isSQLAlchemy(external) && slices.Contains(names, pymodule.Last(external))
	}
	if s.Class == nil {
		return is(s.External)
	}
	return slices.ContainsFunc(a.g.MRO(s.Class), func(b pymodule.Base) bool { return is(b.External) })
}
