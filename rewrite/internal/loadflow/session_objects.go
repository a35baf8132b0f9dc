package loadflow

import (
	"maps"
	"slices"

	"github.com/lazyfix/lazyfix/rewrite/internal/pymodule"
	"github.com/lazyfix/lazyfix/rewrite/internal/pysyntax"
)

// What an async session has, is asked of it:
//
//	for changed in session.dirty:
//	    if isinstance(changed, Order):
//	        log(changed.customer.name)
//
// Any object of the program may be among it, of which nothing is said until something asks for its class. Then its reads are those of
// an object that nothing is known of but the class. Listeners of a session are not async, and load what they read.

// ofSession is what stands for such an object.
const ofSession = "<session>.object"

func isOfSession(a *atom) bool { return a.kind == external && a.name == ofSession }

// sessionObjects are session.new, session.dirty and session.deleted.
func (x *interp) sessionObjects(n pysyntax.Node, name string) value {
	switch name {
	case "new", "dirty", "deleted":
		if f := x.u.key.fn; f != nil && f.Async && x.holdsSession(x.t.Child(n, pysyntax.FieldObject)) {
			return x.a.t.collection(one(x.a.t.external(ofSession)))
		}
	}
	return nil
}

// asOfSession is e where a name that holds such an object is known to be of mapped classes.
func (x *interp) asOfSession(e env, name string, classes []*pymodule.Class, at pysyntax.Node) env {
	if !slices.ContainsFunc(e[name], isOfSession) {
		return e
	}
	v := dropping(e[name], isOfSession)
	for _, c := range classes {
		if x.a.isMapped(pymodule.Symbol{Class: c}) {
			v = join(v, one(x.a.t.object(c, x.a.t.typeOrigin(x.m, at), nil)))
		}
	}
	e = maps.Clone(e)
	e[name] = v
	return e
}
