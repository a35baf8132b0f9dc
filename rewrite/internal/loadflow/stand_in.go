package loadflow

import (
	"slices"

	"github.com/lazyfix/lazyfix/rewrite/internal/pymodule"
	"github.com/lazyfix/lazyfix/rewrite/internal/pysyntax"
)

// A program may put something of its own in the place of a session, as where it has no database:
//
//	async def get_db():
//	    if engine is None:
//	        yield DummySession()
//	        return
//	    async with Session() as session:
//	        yield session
//
// Of a library's session nothing is noted in a value, so that only DummySession would be left, whose execute() finds
// nothing. Where the stand-in is passed for an AsyncSession, or is given beside something of which nothing is known, aSession
// stands for the other one, and calls are of both.

// aSession is a session of the library's, in a value that may be a stand-in instead.
const aSession = "sqlalchemy.orm.Session()"

func isASession(a *atom) bool { return a.kind == external && a.name == aSession }

// isStandIn reports whether an atom is an instance of a class of the program that runs statements as a session does.
func (a *analysis) isStandIn(v *atom) bool {
	return v.kind == instance && (a.classMember(v.class, "execute").Kind == pymodule.FunctionSymbol ||
		a.classMember(v.class, "scalars").Kind == pymodule.FunctionSymbol || a.classMember(v.class, "exec").Kind == pymodule.FunctionSymbol)
}

// getsAlone reports whether an atom is an instance of a class of the program that has a get(), as much of other kinds has: a
// stand-in for a session only where a parameter says that it takes one.
func (a *analysis) getsAlone(v *atom) bool {
	return v.kind == instance && a.classMember(v.class, "get").Kind == pymodule.FunctionSymbol
}

// orSession puts aSession beside the stand-ins that are passed to a parameter which says that it takes a session: by its
// annotation, or by its name where that says nothing.
func (a *analysis) orSession(v, passed value, k *unitKey, p pymodule.Param) value {
	if !slices.ContainsFunc(passed, a.isStandIn) && !slices.ContainsFunc(passed, a.getsAlone) {
		return v
	}
	if p.Annotation == pysyntax.Nil || pymodule.Last(k.mod.Tree.Text(p.Annotation)) == "Any" {
		if TakesSession(p.Name, "") {
			return join(v, one(a.t.external(aSession)))
		}
		return v
	}
	declared := a.typeValue(a.parseType(k.mod.Tree.Text(p.Annotation)), typeScope{
		mod: k.mod, class: k.fn.Class, fn: k.fn, origin: a.t.typeOrigin(k.mod, p.Annotation), sessions: true,
	})
	if !slices.ContainsFunc(declared, isASession) {
		return v
	}
	return join(v, one(a.t.external(aSession)))
}

// orUnknown is the same for what a function gives, one of which is unknown.
func (x *interp) orUnknown(given value) value {
	if !slices.ContainsFunc(given, x.a.isStandIn) {
		return given
	}
	return join(given, one(x.a.t.external(aSession)))
}

// besideOwn is what a call gives of which a method of the program gives own, where the receiver may be something of the
// library's, too: a session, or what a session gives.
func (x *interp) besideOwn(own value, c methodCall) value {
	out := own
	if slices.ContainsFunc(c.owner, isASession) || executors[c.name] && !hasObject(own) && slices.ContainsFunc(c.owner, x.extendsSession) {
		v, _ := x.sessionCall(c.owner, c.name, c.args, c.node)
		out = join(out, v)
	}
	if slices.ContainsFunc(c.owner, isResult) {
		v, _ := x.containerCall(slices.DeleteFunc(slices.Clone(c.owner), func(a *atom) bool { return !isResult(a) }), c.name, c.args, c.node, c.fn)
		out = join(out, v)
	}
	return out
}

func isResult(a *atom) bool { return a.kind == resultRows || a.kind == collection }

// extendsSession reports whether an atom is of a class below the library's session.
func (x *interp) extendsSession(a *atom) bool {
	return a.kind == instance && slices.ContainsFunc(x.a.g.MRO(a.class), func(b pymodule.Base) bool { return isLibrarySession(b.External) })
}
