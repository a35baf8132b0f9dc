package loadflow

import (
	"slices"
	"strings"

	"github.com/lazyfix/lazyfix/rewrite/internal/pymodule"
	"github.com/lazyfix/lazyfix/rewrite/internal/pysyntax"
)

// The dictionary of an object, order.__dict__ or vars(order), has what is loaded. What is not is no lazy load there, but missing:
// a KeyError, a schema without a field. It is a mapping that has the object under a name that no key can be, so it goes
// where dictionaries go: {**order.__dict__, "note": note}, d.copy(), d | other, **kwargs. A key that the program sets hides
// the object's. The object is no element of it: its values are not known.
//
// Read are keys that must be there: d["items"], and fields without a default of a schema that is made of it. What asks whether a
// key is there means "only if it is loaded": d.get("items"), `"items" in d`, a KeyError that is caught.

// ofObject is the name under which a dictionary of an object has the object.
const ofObject = "**"

// dictOf are the dictionaries of the objects in v.
func (t *table) dictOf(v value) value {
	var objects []*atom
	for _, a := range v {
		if a.kind == object {
			objects = append(objects, a)
		}
	}
	if len(objects) == 0 {
		return nil
	}
	return t.record([]entry{{ofObject, objects}}, nil, nil)
}

// isObjectDict reports whether a dictionary is, or was made of, the one of an object.
func isObjectDict(a *atom) bool {
	if a.kind != mapping {
		return false
	}
	_, known := a.entry(ofObject)
	return known
}

// readOfDict reads a relationship from a dictionary of objects, if they have one of that name and the program set no such key.
func (x *interp) readOfDict(a *atom, name string, at pysyntax.Node) value {
	objects, _ := a.entry(ofObject)
	if _, set := a.entry(name); set || len(objects) == 0 || x.asksForKey(name) {
		return nil
	}
	var out value
	for _, o := range objects {
		if r := x.a.ix.Relationship(o.class, name); o.kind == object && r != nil && !catchesKeyError(x.t, at) {
			out = join(out, x.readRelationship(o, r, at, "reads"))
		}
	}
	return out
}

// asksForKey reports whether the function at hand asks anywhere whether a dictionary has a key.
func (x *interp) asksForKey(name string) bool {
	t, f := x.t, x.u.key.fn
	if f == nil {
		return false
	}
	for n := range t.Within(f.Node) {
		if t.Kind(n) != pysyntax.ComparisonOperator || pymodule.StringValue(t, t.First(n)) != name {
			continue
		}
		words := strings.Fields(string(t.Source()[t.End(t.First(n)):t.End(n)]))
		if slices.Contains(words[:min(2, len(words))], "in") {
			return true
		}
	}
	return false
}

// catchesKeyError reports whether a place is in a try that says what to do without a key.
func catchesKeyError(t *pysyntax.Tree, at pysyntax.Node) bool {
	try := t.Enclosing(at, pysyntax.TryStatement, pysyntax.FunctionDefinition)
	if t.Kind(try) != pysyntax.TryStatement {
		return false
	}
	for c := range t.Children(try) {
		if t.Kind(c) == pysyntax.ExceptClause && t.Names(t.First(c), "KeyError") {
			return true
		}
	}
	return false
}

// sameKeys are the dictionaries of objects among those that a comprehension copies: {k: v for k, v in vars(order).items() if k[0] != "_"}.
// One whose condition spells a key copies some of them only, and is left.
func (x *interp) sameKeys(n pysyntax.Node, dictionaries value) value {
	t := x.t
	for c := range t.Children(n) {
		if t.Kind(c) != pysyntax.IfClause {
			continue
		}
		for s := range t.Within(c) {
			if key := pymodule.StringValue(t, s); key != "" && !strings.HasPrefix(key, "_") {
				return nil
			}
		}
	}
	return dropping(dictionaries, func(a *atom) bool { return !isObjectDict(a) })
}

// byDict narrows by hasattr(order, "__dict__"), which holds for objects.
func (x *interp) byDict(e env, condition pysyntax.Node) (then, rest env, ok bool) {
	t := x.t
	call, negated := condition, t.Kind(condition) == pysyntax.NotOperator
	if negated {
		call = t.Child(condition, pysyntax.FieldArgument)
	}
	list := t.Child(call, pysyntax.FieldArguments)
	if t.Kind(call) != pysyntax.Call || t.Text(t.Callee(call)) != "hasattr" || t.Kind(t.Nth(list, 0)) != pysyntax.Identifier ||
		pymodule.StringValue(t, t.Nth(list, 1)) != "__dict__" {
		return nil, nil, false
	}
	without := x.without(e, t.Text(t.Nth(list, 0)), func(a *atom) bool { return a.kind == object })
	if negated {
		return without, e, true
	}
	return e, without, true
}
