package loadflow

import (
	"slices"
	"strings"

	"github.com/lazyfix/lazyfix/rewrite/internal/pymodule"
	"github.com/lazyfix/lazyfix/rewrite/internal/pysyntax"
)

// made is an instance of a class that is not mapped, together with what its constructor was given: Page(items=orders,
// total=n). So a page of orders is never taken for a page of customers, although one function makes both. What no entry
// is known of is what any instance of the class may hold. Nodes of trees are not told apart by their nodes: tree_node.go.
func (t *table) made(c *pymodule.Class, args typeArgs, entries []entry) *atom {
	entries = t.nodes.withoutNodes(c, entries)
	if len(entries) == 0 || len(entries) > maxEntries {
		return t.instance(c, args)
	}
	size := 0
	for _, e := range entries {
		for _, a := range e.value {
			size += a.holds.size
		}
	}
	if size >= maxSize {
		return t.instance(c, args)
	}
	kept := make([]entry, len(entries))
	id := "I" + classID(c) + "[" + args.id() + "]"
	for i, e := range entries {
		kept[i] = entry{e.name, t.held(e.value)}
		id += e.name + "=" + kept[i].value.id()
	}
	return t.atom(&atom{kind: instance, class: c, more: &more{args: args, entries: kept}}, id)
}

// entry is what an instance was made with, and whether that is known.
func (a *atom) entry(name string) (value, bool) {
	return entryOf(a.entries, name)
}

func entryOf(entries []entry, name string) (value, bool) {
	for _, e := range entries {
		if e.name == name {
			return e.value, true
		}
	}
	return nil, false
}

// hasMade reports whether of an instance in v it is known what it was made with.
func hasMade(v value) bool {
	return slices.ContainsFunc(v, (*atom).isMade)
}

func (a *atom) isMade() bool { return a.kind == instance && (a.entries != nil || a.args.given != nil) }

// as is the instance as one of another class: self, in the method of a subclass.
func (t *table) as(a *atom, c *pymodule.Class) *atom { return t.made(c, a.args, a.entries) }

// alike makes one of the instances in v that are of one class and differ in what they were made with.
func (t *table) alike(v value) value {
	if !hasMade(v) {
		return v
	}
	v = t.withoutGiven(v)
	var out []*atom
	merged := false
	for _, a := range v {
		if a.kind != instance || a.entries == nil {
			out = append(out, a)
			continue
		}
		first := -1
		for j, b := range out {
			if b.kind == instance && b.entries != nil && b.class == a.class && b.args.id() == a.args.id() {
				first = j
			}
		}
		if first < 0 {
			out = append(out, a)
			continue
		}
		out[first] = t.made(a.class, a.args, joined(out[first].entries, a.entries))
		merged = true
	}
	if !merged {
		return v
	}
	return valueOf(out)
}

// joined are the entries of two instances of one class. An attribute that only one of them knows is known of neither.
func joined(a, b []entry) []entry {
	var out []entry
	for _, e := range a {
		for _, f := range b {
			if e.name == f.name {
				out = append(out, entry{e.name, join(e.value, f.value)})
			}
		}
	}
	return out
}

// dataMade is a dataclass, NamedTuple, Pydantic model or attrs class: arguments become attributes.
func (x *interp) dataMade(a *atom, args *arguments) *atom {
	var entries, told, called, said []entry
	give := func(name string, v value, at pysyntax.Node) {
		if len(v) == 0 {
			if v = x.pathOf(at); len(v) == 0 || x.a.stringUses()[name] != (stringUse{}) {
				v = x.stringGiven(a.class, name, x.t, at, &said)
			}
		}
		if len(v) == 1 && x.tellsModels(v[0]) {
			told = append(told, entry{name, x.bind(v)})
		}
		if len(v) == 1 && isToldBy(v[0]) {
			called = append(called, entry{name, v})
		}
		if a.args.template != "" {
			x.storeIn(a, name, v)
			return
		}
		x.storeMade(a.class, name, v)
		if hasObject(v) {
			entries = append(entries, entry{name, v})
		} else if x.putsObjects(a.class, name) && (len(v) == 0 || x.isNothing(at)) {
			if !x.isNothing(at) { // what is not known is none of what other instances hold
				v = x.annotated(a.class, a.args, name)
			}
			entries = append(entries, entry{name, v})
		}
	}
	fields := x.a.dataFields(a.class)
	for i, v := range args.pos {
		if i < len(fields) && len(args.star) == 0 {
			give(fields[i], v, args.node(i, ""))
		}
	}
	for _, name := range sortedKeys(args.kw) {
		if name == ofObject {
			continue
		}
		give(name, args.kw[name], args.kwNodes[name])
	}
	targs := a.args
	for _, e := range told { // where all are given the same there is nothing to tell apart
		x.out.usedFields[lookup{a.class, e.name}] = true
		if len(x.a.held[fieldKey{class: a.class, name: e.name, made: true}]) > 1 {
			targs.given = append(slices.Clip(targs.given), e)
		}
	}
	for _, e := range called {
		x.out.usedFields[lookup{a.class, e.name}] = true
		if tellFunctions(x.a.held[fieldKey{class: a.class, name: e.name, made: true}]) {
			targs.given = append(slices.Clip(targs.given), e)
		}
	}
	targs.given = append(slices.Clip(targs.given), said...)
	targs.given = withEntries(targs.given, a.args.given)
	return x.a.t.made(a.class, targs, entries)
}

// replaced is dataclasses.replace(page, rows=rows): another instance of the class, made with what is given and else what it has.
func replaced(x *interp, args *arguments, _ pysyntax.Node) value {
	var out value
	for _, a := range args.get(0, "") {
		if a.kind == instance {
			out = join(out, x.madeAgain(a, &arguments{kw: args.kw, kwNodes: args.kwNodes}, false))
			continue
		}
		out = join(out, one(a))
	}
	return out
}

// madeAgain is another instance of the class of one, made with what is given and else what that has, or with either.
func (x *interp) madeAgain(a *atom, given *arguments, either bool) value {
	if a.args.template != "" {
		return one(a)
	}
	made := x.dataMade(a, given)
	entries := slices.Clone(made.entries)
	for _, e := range a.entries {
		i := slices.IndexFunc(entries, func(b entry) bool { return b.name == e.name })
		switch {
		case i < 0:
			entries = append(entries, e)
		case either:
			entries[i].value = join(entries[i].value, e.value)
		}
	}
	slices.SortFunc(entries, compareEntries)
	return one(x.a.t.made(made.class, made.args, entries))
}

// initOnly are the arguments of a dataclass that its __post_init__ gets and no attribute keeps: order: InitVar[Order].
func (x *interp) initOnly(c *pymodule.Class, args *arguments) *arguments {
	out := &arguments{}
	for i, name := range x.a.dataFields(c) {
		if f := x.a.classMember(c, name).Variable; f == nil || !typedAs(f.Module.Tree, f.Annotation, "InitVar") {
			continue
		}
		out.pos = append(out.pos, args.get(i, name))
		out.posNodes = append(out.posNodes, args.node(i, name))
	}
	return out
}

// isNothing reports whether an argument is spelled as one that has no object: None, [], {}, ().
func (x *interp) isNothing(n pysyntax.Node) bool { return isNothing(x.t, n) }

func isNothing(t *pysyntax.Tree, n pysyntax.Node) bool {
	switch t.Kind(n) {
	case pysyntax.None:
		return true
	case pysyntax.List, pysyntax.Tuple, pysyntax.Dictionary:
		return t.First(n) == pysyntax.Nil
	}
	return false
}

// putsObjects reports whether constructors of a class somewhere put objects into an attribute: only there it says
// something that this one does not.
func (x *interp) putsObjects(c *pymodule.Class, name string) bool {
	x.out.usedFields[lookup{c, name}] = true
	return hasObject(x.a.held[fieldKey{class: c, name: name, made: true}])
}

// constructed is an instance whose constructor is written out, with what that sets attributes of self to.
func (x *interp) constructed(a *atom, f *pymodule.Function, args *arguments, n pysyntax.Node) *atom {
	bound := x.bindArguments(f, one(a), args)
	x.callBound(f, one(a), bound, n, nil)
	key, _ := x.keyFor(f, one(a), bound, nil)
	said := x.stringsKept(a.class, f, args)
	u := x.a.units[key.id]
	if u == nil || a.args.template != "" {
		return a
	}
	nothing := map[int]bool{} // parameters that certainly get no object
	for i, node := range args.posNodes {
		nothing[i+1] = len(args.star) == 0 && x.isNothing(node)
	}
	for name, node := range args.kwNodes {
		nothing[f.ParamIndex(name)] = x.isNothing(node)
	}
	var entries []entry
	for k, v := range u.out.fields {
		if !k.made || k.class != a.class || !hasObject(v) {
			continue
		}
		v = x.a.rewrite(v, func(b *atom) []*atom {
			if b.kind == object && b.origin.kind == fromParam && b.origin.unit.id == key.id && nothing[b.origin.param] {
				return nil
			}
			return []*atom{b}
		})
		entries = append(entries, entry{k.name, x.substitute(v, key, bound, n)})
	}
	slices.SortFunc(entries, compareEntries)
	targs := a.args
	targs.given = append(x.given(a.class, key, bound, n), said...)
	targs.given = append(targs.given, x.givenDelegates(a.class, f, bound)...)
	targs.given = withEntries(targs.given, a.args.given)
	return x.a.t.made(a.class, targs, entries)
}

func compareEntries(a, b entry) int { return strings.Compare(a.name, b.name) }

// constructs reports whether a node is self in a constructor.
func (x *interp) constructs(owner pysyntax.Node) bool {
	f := x.u.key.fn
	return f != nil && f.Name == "__init__" && len(f.Params) > 0 && x.t.Kind(owner) == pysyntax.Identifier &&
		x.t.Text(owner) == f.Params[0].Name
}

// storeMade notes that a constructor puts a value into an attribute.
func (x *interp) storeMade(c *pymodule.Class, name string, v value) {
	k := fieldKey{class: c, name: name, made: true}
	if x.put(k, v); len(x.out.fields[k]) == 0 {
		x.out.fields[k] = nil // a name is known, too, that is given nothing
	}
}

// madeOf are the instances in passed that are told apart by what they were made with, in the place of those in v that are
// only known by their class.
func (t *table) madeOf(v, passed value) value {
	if !hasMade(passed) {
		return t.madeIn(v, passed)
	}
	var out []*atom
	for _, a := range v {
		if a.kind != instance || a.entries != nil {
			out = append(out, a)
			continue
		}
		found := false
		for _, p := range passed {
			if p.isMade() && p.class == a.class {
				found = true
				args := a.args
				args.given = p.args.given
				out = append(out, t.made(a.class, args, p.entries))
			}
		}
		for _, p := range passed {
			found = found && p != t.instance(a.class, p.args) // one of which no more is known
		}
		if !found {
			out = append(out, a)
		}
	}
	return valueOf(out)
}

// madeIn is madeOf for the instances in the lists of v, by those in the lists that are passed: nodes: list[Node]. A caller that passes
// what is not known passes what the annotation says, see orDeclared.
func (t *table) madeIn(v, passed value) value {
	var elems value
	for _, p := range passed {
		if p.kind == collection && p.holds.instance {
			elems = join(elems, p.elem)
		}
	}
	if !hasMade(elems) {
		return v
	}
	var out []*atom
	for _, a := range v {
		if a.kind == collection && hasInstance(a.elem) {
			a = t.collection(t.madeOf(a.elem, elems))[0]
		}
		out = append(out, a)
	}
	return valueOf(out)
}

// orDeclared is what callers pass to a parameter of a unit, and what its annotation says where that is a list of instances and one of
// them passes what is not known.
func (u *unit) orDeclared(declared, passed value, param int) value {
	if u.blank == nil || !u.blank[param] {
		return passed
	}
	return join(passed, dropping(declared, func(d *atom) bool { return !isListOfInstances(d) }))
}

// heedsBlank reports whether that is another now.
func (u *unit) heedsBlank(param int, blank []bool) bool {
	return u.out.declared != nil && (u.blank != nil && u.blank[param]) != blank[param] && slices.ContainsFunc(u.out.declared[param], isListOfInstances)
}

func isListOfInstances(a *atom) bool {
	return a.kind == collection && a.holds.instance && !a.holds.object
}

// sameMade reports whether two outcomes of a constructor set the attributes of self to the same.
func sameMade(a, b *outcome) bool {
	n := 0
	for k, v := range a.fields {
		if k.made {
			n++
			if !same(v, b.fields[k]) {
				return false
			}
		}
	}
	for k := range b.fields {
		if k.made {
			n--
		}
	}
	return n == 0
}
