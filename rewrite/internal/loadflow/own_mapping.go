package loadflow

import (
	"github.com/lazyfix/lazyfix/rewrite/internal/pymodule"
	"github.com/lazyfix/lazyfix/rewrite/internal/pysyntax"
)

// A class may be a Mapping over what it reads of an object, by keys:
//
//	class View(Mapping):
//	    def __init__(self, obj, *fields): self.obj, self.fields = obj, fields
//	    def __getitem__(self, key): return getattr(self.obj, key)
//	    def __iter__(self): return iter(self.fields)
//
//	view["items"]    view.get("items")    "{items}".format_map(view)    "%(items)s" % view    "items" in view
//	case {"items": items}    {**view}, dict(view), f(**view), case {**view}
//
// The last ask for all of its keys: where nothing says them, that is reported.

// isView reports whether something is such an instance, whose class has no method of its own in place of what it gets by being one.
func (x *interp) isView(a *atom) bool {
	return a.kind == instance && x.a.inherits(a.class, "Mapping", "MutableMapping") && x.method(a.class, "__getitem__") != nil
}

// viewed is view.get(key): what __getitem__ gives.
func (x *interp) viewed(owner value, args *arguments, n pysyntax.Node) value {
	var out value
	for _, a := range owner {
		if f := x.method(a.class, "__getitem__"); x.isView(a) && x.method(a.class, "get") == nil {
			key := &arguments{pos: []value{args.get(0, "key")}, posNodes: []pysyntax.Node{args.node(0, "key")}}
			out = join(out, x.callMethods(a.class, f, one(a), key, n), args.get(1, "default"))
		}
	}
	return out
}

// viewedBy is what views have under a key, or dictionaries by __missing__.
func (x *interp) viewedBy(views value, key string, n pysyntax.Node) value {
	var out value
	for _, a := range views {
		if x.isView(a) || x.givesMissing(a) {
			out = join(out, x.calledForKey(a, key, n))
		}
	}
	return out
}

// askedFor is `key in view`: a Mapping asks __getitem__ for the key.
func (x *interp) askedFor(key pysyntax.Node, v, views value, n pysyntax.Node) {
	for _, a := range views {
		if !x.isView(a) || x.method(a.class, "__contains__") != nil {
			continue
		}
		if word := pymodule.StringValue(x.t, key); word != "" {
			x.calledForKey(a, word, n)
		} else {
			x.special(one(a), []value{v}, n, "__getitem__")
		}
	}
}

// viewedWhole is a dictionary of all that views have.
func (x *interp) viewedWhole(v value, n pysyntax.Node) value {
	var out value
	for _, a := range v {
		if !x.isView(a) {
			continue
		}
		keys := x.special(one(a), nil, n, "__iter__")
		words := wordsIn(x.iterate(keys, n))
		for _, word := range words {
			out = join(out, x.viewedBy(one(a), word, n))
		}
		if len(words) == 0 {
			out = join(out, x.special(one(a), []value{nil}, n, "__getitem__"))
			x.viewedUnknown(a, n)
		}
	}
	if len(out) == 0 {
		return nil
	}
	return x.a.t.mapping(nil, out)
}

// viewedUnknown notes that all keys of a view are read, where getattr() reads each of an attribute of it.
func (x *interp) viewedUnknown(a *atom, n pysyntax.Node) {
	f := x.method(a.class, "__getitem__")
	t := f.Module.Tree
	for call := range t.Within(f.Body) {
		args := t.Child(call, pysyntax.FieldArguments)
		if t.Kind(call) != pysyntax.Call || t.Text(t.Callee(call)) != "getattr" || pymodule.StringValue(t, t.Nth(args, 1)) != "" {
			continue
		}
		name, ok := pymodule.DottedName(t, t.First(args))
		if !ok {
			continue
		}
		of := x.relatedObject(x.instanceMember(a, pymodule.Last(name), n))
		if of == nil {
			continue
		}
		x.out.blind = append(x.out.blind, &blind{
			x.m, n, "all that " + a.class.Name + " has is taken, whose keys are not known here",
			"load what its keys name where the object is queried", of.class,
		})
		return
	}
}
