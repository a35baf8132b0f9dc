package loadflow

import (
	"slices"
	"strings"

	"github.com/lazyfix/lazyfix/rewrite/internal/mapper"
	"github.com/lazyfix/lazyfix/rewrite/internal/pymodule"
	"github.com/lazyfix/lazyfix/rewrite/internal/pysyntax"
)

// A read behind the question whether it is loaded never loads, and never fails:
//
//	if "items" not in inspect(order).unloaded:
//	    data["items"] = [item.product.name for item in order.items]
//
// An option for it would change what the program answers, so it asks for none. What is read through it, the product, is needed
// where the items are loaded, and nowhere else: its path is marked, and counts at those queries that load the items, or come to load
// them for another read. A function that is told by a name, not by its own text, what to read is word.go's.
//
// That it was asked is a part of the environment (env.go), so it holds on all ways behind it, until the name of the object is
// assigned again. Not followed: what is expired in between, and a question in one function for a read in another, but for schemas.

// asksForLoaded reports whether a function asks, itself or by a function that answers.
func (a *analysis) asksForLoaded(f *pymodule.Function) bool {
	return *a.asking.get(f, func() *bool {
		text := f.Module.Tree.Text(f.Body)
		asks := asksInText(text) || slices.ContainsFunc(a.loadAnswers(), func(name string) bool { return strings.Contains(text, name+"(") })
		return &asks
	})
}

// asksInText reports whether code may ask what is loaded.
func asksInText(text string) bool {
	for _, sign := range []string{"__dict__", ".unloaded", ".loaded_value", "_sa_instance_state", "vars(", "instance_dict(", ").dict"} {
		if strings.Contains(text, sign) {
			return true
		}
	}
	return false
}

// answering are the functions of a name that answer what is loaded.
func (a *analysis) answering(name string) []*pymodule.Function {
	a.loadAnswers()
	return a.answers.byName[name]
}

// loadAnswers are the names of functions that answer what is loaded.
func (a *analysis) loadAnswers() []string {
	a.answers.once.Do(func() {
		a.answers.byName = map[string][]*pymodule.Function{}
		for _, f := range a.g.Functions {
			if f.Lambda() || !asksInText(f.Module.Tree.Text(f.Body)) {
				continue
			}
			if q := (loadAsked{}); len(q.ofFunction(f, true))+len(q.ofFunction(f, false)) > 0 {
				a.answers.byName[f.Name] = append(a.answers.byName[f.Name], f)
			}
		}
		a.answers.names = sortedKeys(a.answers.byName)
	})
	return a.answers.names
}

// isLoaded are the attributes that are loaded if a condition holds, or if it does not.
func (x *interp) isLoaded(condition pysyntax.Node, holds bool) []string {
	f := x.u.key.fn
	if f == nil || !x.a.asksForLoaded(f) {
		return nil
	}
	return loadAsked{t: x.t, fn: f, callees: x.loadAnswering}.isLoaded(condition, holds)
}

// loadAnswering are the functions that a call may call, where they are of those that answer what is loaded.
func (x *interp) loadAnswering(call pysyntax.Node) []*pymodule.Function {
	fn := x.t.Child(call, pysyntax.FieldFunction)
	if len(x.a.answering(pymodule.Last(x.t.Text(fn)))) == 0 {
		return nil
	}
	var out []*pymodule.Function
	for _, c := range x.quiet(fn) {
		if c.kind != funcRef || x.a.overridden(c.fn) {
			return nil
		}
		out = append(out, c.fn)
	}
	return out
}

// overridden reports whether a subclass has a method of its own in the place of another.
func (a *analysis) overridden(f *pymodule.Function) bool {
	return f.Class != nil && slices.ContainsFunc(a.g.Subclasses(f.Class), func(c *pymodule.Class) bool { return c != f.Class && c.Methods[f.Name] != nil })
}

// learn keeps in an environment that attributes are loaded.
func (e env) learn(keys []string) {
	for _, key := range keys {
		if _, known := e[key]; !known {
			e[key] = nil
		}
	}
}

// knowing runs f where attributes are loaded, as in one operand behind another.
func (x *interp) knowing(keys []string, f func()) {
	keys = slices.DeleteFunc(keys, func(key string) bool { _, known := x.env[key]; return known })
	x.env.learn(keys)
	f()
	for _, key := range keys {
		delete(x.env, key)
	}
}

// isGuarded reports whether a read comes behind the question whether it is loaded.
func (x *interp) isGuarded(a *atom, r *mapper.Relationship, at pysyntax.Node) bool {
	t := x.t
	if by := x.readBy; by.schema != nil && slices.Contains(x.a.askedBySchema(by.schema), r.Name) {
		return true
	}
	if f := x.u.key.fn; f == nil || !x.a.asksForLoaded(f) || a.origin.refreshes(r.Name) {
		return false
	}
	var of pysyntax.Node
	names := []string{r.Name}
	switch t.Kind(at) {
	case pysyntax.Attribute:
		of = t.Child(at, pysyntax.FieldObject)
		if t.Text(t.Child(at, pysyntax.FieldAttribute)) != r.Name {
			return false
		}
	case pysyntax.Call:
		list := t.Child(at, pysyntax.FieldArguments)
		if t.Text(t.Child(at, pysyntax.FieldFunction)) != "getattr" {
			return false
		}
		of = t.First(list)
		names = append(names, "*"+t.Text(t.Nth(list, 1)))
	}
	holder, dotted := pymodule.DottedName(t, of)
	if x.ofLambda(holder, at) {
		return false
	}
	return dotted && slices.ContainsFunc(names, func(name string) bool {
		_, known := x.env[asKey(holder, name)]
		return known
	})
}

// ofLambda reports whether a name is a parameter of the lambda around a node: another one than what was asked.
func (x *interp) ofLambda(name string, at pysyntax.Node) bool {
	t := x.t
	root, _, _ := strings.Cut(name, ".")
	for n := t.Enclosing(at, pysyntax.Lambda, pysyntax.FunctionDefinition); t.Kind(n) == pysyntax.Lambda; n = t.Enclosing(n, pysyntax.Lambda, pysyntax.FunctionDefinition) {
		if t.Names(t.Child(n, pysyntax.FieldParameters), root) {
			return true
		}
	}
	return false
}

// refreshes reports whether a refresh with the name of a relationship is the last that happened to an object.
func (o *origin) refreshes(name string) bool {
	for ; o != nil && o.kind == fromRefresh; o = o.inner {
		if slices.Contains(o.loaded, name) {
			return true
		}
		if o.prefix != nil {
			return false
		}
	}
	return false
}

// refreshedIn reports whether all that an environment has under the name of a key was refreshed with the attribute of the key:
// where the other way asked for it, it is loaded on both.
func (e env) refreshedIn(key string) bool {
	asked, ok := strings.CutSuffix(key, "?")
	holder, name, found := strings.Cut(asked, ".")
	if !ok || !found || len(e[holder]) == 0 {
		return false
	}
	return !slices.ContainsFunc(e[holder], func(a *atom) bool { return a.kind != object || !a.origin.refreshes(name) })
}

// guarded is p with its last step marked as one that is asked for first.
func (t *table) guarded(p *path) *path {
	if p.guarded {
		return p
	}
	return t.marked(p, "?", func(p *path) { p.guarded = true })
}

// asked counts the steps up to the last one that is asked for first: without them the rest of the path is not read.
func (p *path) asked() int {
	for ; p != nil; p = p.up {
		if p.guarded {
			return p.depth
		}
	}
	return 0
}
