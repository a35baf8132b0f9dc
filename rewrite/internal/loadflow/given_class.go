package loadflow

import (
	"slices"

	"github.com/lazyfix/lazyfix/rewrite/internal/pymodule"
	"github.com/lazyfix/lazyfix/rewrite/internal/pysyntax"
)

// What tells two instances of a generic class apart may be what their constructor is given: Delegate(session, Order,
// OrderRead, options=[...]). The mapped classes, schemas and loader options that it puts into attributes are a part of the
// context in which methods are understood, as Repository[Order] is.

// maxGiven is how many instances of one class a value tells apart by what they were given.
const maxGiven = 12

// tellsModels reports whether what instances were given may say which model is meant: anything but functions that are called.
func (a typeArgs) tellsModels() bool {
	return slices.ContainsFunc(a.given, func(e entry) bool { return len(e.value) != 1 || !isToldBy(e.value[0]) })
}

// attribute is what an instance was given for an attribute, and whether that is known.
func (a typeArgs) attribute(name string) (value, bool) { return entryOf(a.given, name) }

// given are the classes and loader options that the constructor with this key put into attributes of an instance of c.
func (x *interp) given(c *pymodule.Class, key *unitKey, bound []value, n pysyntax.Node) []entry {
	var out []entry
	for k, v := range x.a.units[key.id].out.fields {
		if !k.made || k.class != c {
			continue
		}
		v = x.substitute(v, key, bound, n)
		x.out.usedFields[lookup{c, k.name}] = true
		all := x.a.held[fieldKey{class: c, name: k.name, made: true}]
		switch {
		case len(v) == 1 && (x.tellsModels(v[0]) || isDecorated(v[0]) || v[0].kind == classRef && len(all) <= maxToldClasses && x.a.namesModel(v[0].class)):
			if len(all) > 1 { // where all are given the same there is nothing to tell apart
				out = append(out, entry{k.name, x.bind(v)})
			}
		case len(v) == 1 && isToldBy(v[0]) && tellFunctions(all):
			out = append(out, entry{k.name, v})
		case slices.ContainsFunc(all, isFunction): // load=None, and self.load = load or partial(get, session): it is called
		case slices.ContainsFunc(flatten(all), func(a *atom) bool { return a.kind == option && !a.opt.told || a.kind == optionParam }):
			options, closed := onlyOptions(v)
			if len(options) == 0 {
				options = one(x.a.t.option(&loaderOption{mod: x.m, wild: noOption}))
			}
			if closed {
				out = append(out, entry{k.name, x.a.t.collection(options)})
			}
		}
	}
	slices.SortFunc(out, compareEntries)
	return out
}

// tellsModels reports whether a value is a class that says which model is meant: one that is mapped, or a schema.
func (x *interp) tellsModels(a *atom) bool {
	return a.kind == classRef && (x.a.ix.Class(a.class) != nil || x.a.isSchema(a.class))
}

// namesModel reports whether a class or one above it names a model anywhere: the repository of one.
func (a *analysis) namesModel(c *pymodule.Class) bool {
	return *a.naming.get(c, func() *bool {
		named := false
		for base := range a.g.Lineage(c) {
			t := base.Module.Tree
			for n := range t.Within(base.Node) {
				if named || t.Kind(n) != pysyntax.Identifier {
					continue
				}
				s := a.g.ResolveIn(base.Module, nil, nil, t.Text(n))
				named = s.Kind == pymodule.ClassSymbol && a.ix.Class(s.Class) != nil
			}
		}
		return &named
	})
}

// isDecorated reports whether a value is what a class is given as a decorator: one command is none of the others.
func isDecorated(a *atom) bool { return a.kind == funcRef && a.name == undecorated || isResultMaker(a) }

// maxToldClasses is how many classes that are neither mapped nor schemas the instances of one class are told apart by: repositories
// of one model each, Depends(Repository(Orders)).
const maxToldClasses = 32

// maxToldFunctions is how many functions the instances of one class are told apart by: each is a context of each of its methods.
const maxToldFunctions = 12

// isToldBy reports whether an instance is told apart by a function that it is given: one of a module or a lambda of it, as it is.
// One that is bound, or stands in another, could hold instances that are told apart by it in turn.
func isToldBy(a *atom) bool {
	return a.kind == funcRef && len(a.self) == 0 && (a.unit == nil || a.unit.fn == nil) && a.name == "" && len(a.elems)+len(a.entries) == 0
}

// tellFunctions reports whether all that instances of a class are given for an attribute are such functions, several and not too many.
func tellFunctions(all value) bool {
	return len(all) > 1 && len(all) <= maxToldFunctions && !slices.ContainsFunc(all, func(a *atom) bool { return !isToldBy(a) })
}

// onlyOptions are the loader options in v; false when some are still a parameter's.
func onlyOptions(v value) (value, bool) {
	var out value
	for _, a := range flatten(v) {
		switch a.kind {
		case optionParam:
			return nil, false
		case option:
			out = join(out, one(a))
		}
	}
	return out, true
}

// withoutGiven no longer tells instances of one class apart by what they were given when they are too many.
func (t *table) withoutGiven(v value) value {
	counts := map[*pymodule.Class]int{}
	tooMany := false
	for _, a := range v {
		if a.kind == instance && a.args.given != nil {
			counts[a.class]++
			tooMany = tooMany || counts[a.class] > maxGiven
		}
	}
	if !tooMany {
		return v
	}
	var out []*atom
	for _, a := range v {
		if a.kind == instance && a.args.given != nil && counts[a.class] > maxGiven {
			args := a.args
			args.given = nil
			a = t.made(a.class, args, a.entries)
		}
		out = append(out, a)
	}
	return valueOf(out)
}

// idle are the units that stand for no call: contexts in which nobody calls any more, as of an instance whose options were not known
// yet, or in which only the result of a wrapper was asked for; and methods that are called on instances only of which it is known what
// they were given, since what is read there is read in the contexts of these, where it is known of which model.
func (a *analysis) idle(ids []string) map[string]bool {
	out := map[string]bool{}
	a.addUncalled(out, ids, func(k *unitKey) bool { return k.args.given != nil || len(k.types) > 0 })
	known := map[*pymodule.Function]bool{}
	for _, id := range ids {
		if k := a.units[id].key; k.args.given != nil && !out[id] {
			known[k.fn] = true
		}
	}
	a.addUncalled(out, ids, func(k *unitKey) bool { return known[k.fn] && k.args.given == nil })
	return out
}

// addUncalled adds the units of a kind that none but those in out call.
func (a *analysis) addUncalled(out map[string]bool, ids []string, kind func(*unitKey) bool) {
	for changed := true; changed; {
		changed = false
		for _, id := range ids {
			k := a.units[id].key
			if out[id] || k.fn == nil || !kind(k) {
				continue
			}
			called := false
			for caller := range a.callers[id] {
				called = called || !out[caller]
			}
			if !called {
				out[id], changed = true, true
			}
		}
	}
}

// serves reports whether the code asks for a class that its context names, self.model, and for others in other contexts: what
// a subclass names, or an instance of one is given, is another context, also where the base names a class itself.
func (x *interp) serves(model *pymodule.Class) bool {
	if !x.u.key.closed() {
		return true
	}
	recv := x.u.key.recv
	if recv == nil {
		return false
	}
	if x.underMaker(recv) {
		return true
	}
	names := func(c *pymodule.Class, attribute string, is bool) bool {
		return slices.ContainsFunc(x.field(c, attribute), func(a *atom) bool { return a.kind == classRef && (a.class == model) == is })
	}
	var own []string
	for _, name := range x.a.selfAttributes(recv) {
		if names(recv, name, true) {
			own = append(own, name)
		}
	}
	if len(own) == 0 {
		return false
	}
	return x.a.made()["type "+recv.Name] || slices.ContainsFunc(x.a.g.Subclasses(recv), func(sub *pymodule.Class) bool {
		return x.a.made()["type "+sub.Name] || slices.ContainsFunc(own, func(name string) bool { return names(sub, name, false) })
	})
}

// selfAttributes are the names of what the methods of a class and its bases read of or put into their first parameter.
func (a *analysis) selfAttributes(c *pymodule.Class) []string {
	return *a.attributesOfSelf.get(c, func() *[]string {
		seen := map[string]bool{}
		for base := range a.g.Lineage(c) {
			for _, f := range base.Fields {
				seen[f.Name] = true
			}
			for _, m := range base.Methods {
				if len(m.Params) == 0 {
					continue
				}
				t := m.Module.Tree
				for n := range t.Within(m.Body) {
					if t.Kind(n) == pysyntax.Attribute && t.Text(t.Child(n, pysyntax.FieldObject)) == m.Params[0].Name {
						seen[t.Text(t.Child(n, pysyntax.FieldAttribute))] = true
					}
					if owner, name := keyInDict(t, n); name != "" && t.Text(owner) == m.Params[0].Name {
						seen[name] = true
					}
				}
			}
		}
		out := sortedKeys(seen)
		return &out
	})
}
