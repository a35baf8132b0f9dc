package loadflow

import (
	"strings"

	"github.com/lazyfix/lazyfix/rewrite/internal/pymodule"
	"github.com/lazyfix/lazyfix/rewrite/internal/pysyntax"
)

// librarySaves are the methods of Advanced Alchemy that add what they are given and flush, or commit: whether they refresh
// it then, which drops what was set (measured on 1.12). None of them loads anything of a new object: upsert and
// get_or_upsert take `load` for one that exists.
var librarySaves = map[string]bool{
	"add": true, "create": true, "upsert": true, "get_or_upsert": true,
	"add_many": false, "create_many": false, "upsert_many": false,
}

// savedByLibrary is the new object of a model that such a method gives: what it was given, or made of a dictionary or
// schema. What a constructor of the service says of auto_refresh= and auto_expunge= is not looked at.
func (x *interp) savedByLibrary(c serviceCall, model *pymodule.Class) value {
	name, args, n := c.name, c.args, c.node
	if !x.awaited(n) || strings.Contains(c.external, "Mock") || x.says(args, "auto_expunge", true) {
		return nil
	}
	refresh := librarySaves[name] && !x.says(args, "auto_refresh", false)
	data := args.get(0, "data")
	if name == "get_or_upsert" {
		data = nil
	}
	at := place{node: n, session: x.librarySession(c.external, n)}
	x.add(data, "")
	x.flush(at, x.guard(n))
	if refresh {
		x.reload(data, at)
	}
	many := strings.HasSuffix(name, "_many")
	save := saved{added: true, flushed: true, reloaded: refresh, session: at.session, guard: x.guard(n), holder: x.assignedTo(n, name == "get_or_upsert")}
	if many && save.holder != "" {
		save.holder += EachOf
	}
	var out []*atom
	for _, a := range flatten(data) {
		if a.kind == object && a.path == nil && x.a.related(a.class, model) {
			out = append(out, x.event(a, n, save))
		}
	}
	if len(out) == 0 {
		out = append(out, x.event(x.modelOfData(model, c.receiver, data, refresh, n), n, save))
	}
	if many {
		return x.a.t.collection(valueOf(out))
	}
	return valueOf(out)
}

// modelOfData is the object that a service makes of a dictionary or schema. What a method of the service sets then is not
// known, but dropped by a refresh. Its place is not the call, which may give another object that a query found.
func (x *interp) modelOfData(c *pymodule.Class, receiver *atom, data value, refreshed bool, n pysyntax.Node) *atom {
	o := x.a.t.newOrigin(x.m, x.t.Child(n, pysyntax.FieldFunction))
	give := func(name string, v value) {
		if with := x.a.t.withGiven(o, nil, given{name: name, value: v}); with != nil {
			o = with
		}
	}
	give(anyColumn, nil)
	x.keysAtHand(c, give)
	for _, a := range flatten(data) {
		for _, e := range a.entries {
			if x.a.ix.Relationship(c, e.name) != nil {
				give(e.name, e.value)
			}
		}
	}
	for _, name := range []string{"to_model", "to_model_on_create", "to_model_on_upsert"} {
		if !refreshed && x.method(receiver.class, name) != nil {
			give(anything, nil)
		}
	}
	return x.a.t.object(c, o, nil)
}

// librarySession is how a call's function speaks of the session of the service or repository whose method it calls, "" where
// it has no name for that.
func (x *interp) librarySession(external string, n pysyntax.Node) string {
	owner := x.t.Child(x.t.Child(n, pysyntax.FieldFunction), pysyntax.FieldObject)
	name, dotted := pymodule.DottedName(x.t, owner)
	switch f := x.u.key.fn; {
	case x.t.Text(owner) == "super()" && f != nil && len(f.Params) > 0:
		name = f.Params[0].Name
	case !dotted:
		return ""
	}
	if strings.HasSuffix(external, "Service") {
		name += ".repository"
	}
	return name + ".session"
}

// assignedTo is the name that an awaited call is assigned to, or the first of several; "" for none.
func (x *interp) assignedTo(n pysyntax.Node, first bool) string {
	t := x.t
	assignment := t.Parent(t.Parent(n))
	if t.Kind(assignment) != pysyntax.Assignment || t.Child(assignment, pysyntax.FieldRight) != t.Parent(n) {
		return ""
	}
	target := t.Child(assignment, pysyntax.FieldLeft)
	if first && t.Is(target, pysyntax.PatternList, pysyntax.TuplePattern) {
		target = t.First(target)
	}
	if t.Kind(target) != pysyntax.Identifier {
		return ""
	}
	return t.Text(target)
}

// says reports whether a call gives an argument that is True or False, or, if it is not known which, something.
func (x *interp) says(args *arguments, name string, what bool) bool {
	n := args.node(-1, name)
	if n == pysyntax.Nil || x.t.Kind(n) == pysyntax.None {
		return false
	}
	if what {
		return x.t.Kind(n) != pysyntax.False
	}
	return x.t.Kind(n) != pysyntax.True
}
