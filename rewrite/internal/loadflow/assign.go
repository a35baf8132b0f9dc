package loadflow

import (
	"slices"

	"github.com/lazyfix/lazyfix/rewrite/internal/pymodule"
	"github.com/lazyfix/lazyfix/rewrite/internal/pysyntax"
)

// assign binds a target to a value. From is the expression that gave it.
func (x *interp) assign(target pysyntax.Node, v value, from pysyntax.Node) {
	t := x.t
	switch t.Kind(target) {
	case pysyntax.Identifier:
		x.assignName(t.Text(target), x.instead(withoutTruth(v), x.emptyWhere(target)))
		x.sharedWith(t.Text(target), from)
	case pysyntax.PatternList, pysyntax.TuplePattern, pysyntax.ListPattern, pysyntax.Tuple, pysyntax.List:
		i := 0
		for c := range t.Children(target) {
			if t.Kind(c) == pysyntax.ListSplatPattern || t.Kind(c) == pysyntax.ListSplat {
				x.assign(t.First(c), x.a.t.collection(x.iterate(v, from)), from)
				for range t.Children(target) { // what comes behind it is counted from the end
					i--
				}
			} else {
				x.assign(c, x.nth(v, i, from), from)
			}
			i++
		}
	case pysyntax.Attribute:
		x.registerDict(target, v)
		x.assignAttribute(target, v, from)
	case pysyntax.Subscript:
		x.assignItem(target, v, from)
	case pysyntax.ParenthesizedExpression, pysyntax.AsPatternTarget:
		x.assign(t.First(target), v, from)
	}
}

func (x *interp) assignName(name string, v value) {
	x.forgetAttributes(name) // what was known of its attributes is of another object now
	x.forgetHolders(name)
	v = x.named(name, v)
	x.env[name] = v
	x.holds(name, v)
	if x.class != nil {
		x.store(x.class, name, x.namedByClass(name, v))
		return
	}
	if x.keep {
		x.out.vars[name] = join(x.out.vars[name], v)
	}
	if outer := x.nonlocals[name]; outer != nil {
		x.put(rebound(outer, name), v)
	}
	if x.globals[name] {
		x.put(x.a.t.ofModule(x.m, name), v)
	}
}

// assignAttribute is `a.name = v`: a property's setter is called; any other attribute of an instance keeps the value; a
// relationship of an object that is set is loaded; a collection that is replaced must have been loaded before
// (measured on 2.0 and 2.1).
func (x *interp) assignAttribute(target pysyntax.Node, v value, from pysyntax.Node) {
	t := x.t
	owner := t.Child(target, pysyntax.FieldObject)
	name := t.Text(t.Child(target, pysyntax.FieldAttribute))
	held := x.eval(owner)
	if name == "__dict__" {
		x.growDict(owner, v)
		return
	}
	x.keepAttribute(owner, held, name, v)
	for _, a := range held {
		if a.kind == instance || a.kind == object {
			if f := x.a.g.Setter(a.class, name); f != nil {
				x.call(f, one(a), &arguments{pos: []value{v}}, target)
				continue
			}
		}
		switch a.kind {
		case instance:
			if x.keepsName(name, v) {
				continue
			}
			if x.constructs(owner) && a.args.template == "" {
				x.storeMade(a.class, name, v)
			} else if !x.changesStatement(name) {
				x.storeIn(a, name, v)
			}
		case classRef:
			x.store(a.class, name, v)
			x.attach(a.class, name, v, from)
		case tuple:
			x.putInNamespace(owner, name, v)
		case moduleRef:
			x.putInModule(a, name, v)
		case object:
			x.assignMember(a, t.Text(owner), name, v, from, target)
		}
	}
	if key, ok := pymodule.DottedName(t, target); ok && !(hasObject(held) && x.isComputed(from)) { // else the next flush expires it
		x.env[key] = v
	}
}

// assignMember sets a column or relationship of an object. Holder is how the object is spelled, from the expression of the
// value.
func (x *interp) assignMember(a *atom, holder, name string, v value, from, at pysyntax.Node) {
	x.noteChange(a, at)
	r := x.a.ix.Relationship(a.class, name)
	if r == nil && x.setProxied(a, name, at) {
		return
	}
	if r == nil {
		if name != anyColumn {
			x.store(a.class, name, v)
		}
		x.setColumn(a, holder, name, from, at)
		if x.a.isDeferred(a.class, name) {
			x.setRelationship(a, name, nil)
		}
		return
	}
	if r.Many {
		x.readRelationship(a, r, at, "replaces")
	}
	back := one(a)
	if !r.Many && r.ForeignKeyHere && a.path == nil { // which sets its key
		a = x.setColumnLater(a, r.Name, false)
	}
	x.setGiven(a, given{name: name, value: v, made: x.madeInPlace(from, v)})
	x.noteSet(a, name, alwaysSet)
	x.populateBack(r, v, back, at)
}

// setProxied sets through an association proxy, which reads the relationship behind it to change what that holds, a collection or
// one object (measured on 2.1); false when the name is none.
func (x *interp) setProxied(a *atom, name string, at pysyntax.Node) bool {
	rel, _, ok := x.a.ix.Proxied(a.class, name)
	if !ok {
		return false
	}
	if r := x.a.ix.Relationship(a.class, rel); r != nil && r.Many {
		x.readRelationship(a, r, at, "replaces")
	} else if r != nil {
		x.readRelationship(a, r, at, "reads")
	}
	return true
}

// setRelationship notes that a relationship of an object was set: reading it loads nothing, and goes on from the value.
// Every name that holds the object knows.
func (x *interp) setRelationship(a *atom, name string, v value) {
	x.setGiven(a, given{name: name, value: v})
}

func (x *interp) setGiven(a *atom, g given) {
	g.value = x.a.upTo(useful(g.value), maxGivenLevels)
	o := x.a.t.withGiven(a.origin, a.path, g)
	if o == nil {
		return
	}
	set := x.a.t.object(a.class, o, nil)
	for key, held := range x.env {
		for i, b := range held {
			if b == a {
				next := append(append(append([]*atom(nil), held[:i]...), set), held[i+1:]...)
				x.env[key] = valueOf(next)
				break
			}
		}
	}
}

// assignItem is `a[k] = v`: the container that the name holds gets the element.
func (x *interp) assignItem(target pysyntax.Node, v value, from pysyntax.Node) {
	t := x.t
	holder := t.Child(target, pysyntax.FieldValue)
	key := x.wholeKey(target, x.eval(t.Child(target, pysyntax.FieldSubscript)))
	held := x.eval(holder)
	x.hashed(key, target)
	name := x.itemName(t.Child(target, pysyntax.FieldSubscript))
	if x.register(holder, t.Child(target, pysyntax.FieldSubscript), name, v) {
		return
	}
	if name == "" {
		name = x.classKeyOf(key, v)
	}
	name = x.setItem(target, name, v)
	x.keepItem(holder, held, name, v)
	x.putInClass(holder, name, v)
	x.handIn(holder, name, v)
	x.setItemOwn(held, key, v, target)
	x.putOwn(held, func(old value) value { return x.putItem(old, name, key, v) })
	if t.Kind(t.Child(target, pysyntax.FieldSubscript)) == pysyntax.Slice { // items[:] = others
		x.grow(holder, func(old value) value { return x.a.t.collection(join(x.elements(old), x.iterate(v, target))) })
		return
	}
	x.grow(holder, func(old value) value { return x.putItem(old, name, key, v) })
	x.alsoIn(from, holder)
}

// store notes that instances of a class hold a value in an attribute.
func (x *interp) store(c *pymodule.Class, name string, v value) {
	x.put(fieldKey{class: c, name: name}, v)
}

func (x *interp) put(k fieldKey, v value) {
	if v = x.a.t.held(v); len(v) > 0 && !x.registersTooMany(k, v) {
		x.out.fields[k] = join(x.out.fields[k], v)
	}
}

// storeIn notes that an instance holds a value in an attribute.
func (x *interp) storeIn(a *atom, name string, v value) {
	if a.args.template == "" {
		x.store(a.class, name, v)
		return
	}
	for _, template := range []string{a.args.template, allTemplates} {
		x.put(fieldKey{class: a.class, name: name, template: template}, v)
	}
}

// field is what an attribute of any instance of a class may hold: what methods stored in it, in the class or its bases.
func (x *interp) field(c *pymodule.Class, name string) value {
	return x.fieldOf(c, name, allTemplates)
}

func (x *interp) fieldOf(c *pymodule.Class, name, template string) value {
	return x.heldAs(c, name, fieldKey{}, fieldKey{made: true}, fieldKey{template: template})
}

// setLater is what an attribute of instances of a class may hold that its constructor did not put there.
func (x *interp) setLater(c *pymodule.Class, name string) value { return x.heldAs(c, name, fieldKey{}) }

// heldAs is what a class and its bases hold under a name, in the kinds of fields that the keys say.
func (x *interp) heldAs(c *pymodule.Class, name string, kinds ...fieldKey) value {
	x.out.usedFields[lookup{c, name}] = true
	holders := x.a.holders[name]
	if len(holders) == 0 {
		return nil
	}
	var out value
	constructed := false // what constructors of a base's own instances were given is not this one's, if its own is known
	hidden := false
	for _, b := range x.a.g.MRO(c) {
		if !holders[b.Class] {
			continue
		}
		for _, k := range kinds {
			k.class, k.name = b.Class, name
			held := x.a.held[k]
			if k.made && constructed {
				continue
			}
			constructed = constructed || k.made && len(held) > 0
			if hidden { // model = Customer hides the base's model = Order
				held = slices.DeleteFunc(slices.Clone(held), isClassRef)
			}
			out = join(out, held)
		}
		hidden = hidden || slices.ContainsFunc(out, isClassRef) && saysAlways(b.Class, name)
	}
	return out
}

// saysAlways reports whether the body of a class sets an attribute, whatever happens.
func saysAlways(c *pymodule.Class, name string) bool {
	f := c.Field(name)
	if f == nil || f.Value == pysyntax.Nil {
		return false
	}
	t := f.Module.Tree
	return t.Enclosing(f.Value, pysyntax.ClassDefinition, pysyntax.IfStatement, pysyntax.TryStatement) == c.Node
}

func isClassRef(a *atom) bool { return a.kind == classRef }

// annotated is what the annotation of a class attribute says, as seen from class c with the given type arguments.
func (x *interp) annotated(c *pymodule.Class, args typeArgs, name string) value {
	if len(args.list) > 0 {
		return x.a.annotated(c, args, name)
	}
	return *x.a.annotations.get(lookup{c, name}, func() *value {
		v := x.a.annotated(c, args, name)
		return &v
	})
}

func (a *analysis) annotated(c *pymodule.Class, args typeArgs, name string) value {
	for _, b := range a.g.MRO(c) {
		if b.Class == nil {
			continue
		}
		v := b.Class.Field(name)
		if v == nil || v.Annotation == pysyntax.Nil {
			continue
		}
		typ := a.parseType(v.Module.Tree.Text(v.Annotation))
		return a.typeValue(typ, typeScope{
			mod: v.Module, class: b.Class, params: a.paramsOf(c, args, b), origin: a.t.typeOrigin(v.Module, v.Node),
		})
	}
	return nil
}

// nth is element i of a tuple, or any element of another container.
func (x *interp) nth(v value, i int, at pysyntax.Node) value {
	var out value
	for _, a := range v {
		switch a.kind {
		case tuple:
			if i >= 0 && i < len(a.elems) {
				out = join(out, a.elems[i])
			} else if i < 0 && len(a.elems)+i >= 0 && len(a.elems)+i < len(a.elems) {
				out = join(out, a.elems[len(a.elems)+i])
			}
		case instance:
			names := x.a.tupleFields(a.class)
			if i < 0 {
				i += len(names)
			}
			if i >= 0 && i < len(names) {
				out = join(out, x.instanceMember(a, names[i], at))
			} else {
				out = join(out, x.iterate(one(a), at))
			}
		default:
			out = join(out, x.iterate(one(a), at))
		}
	}
	return out
}

// inherits reports whether a class has a base of a library by one of these names.
func (a *analysis) inherits(c *pymodule.Class, names ...string) bool {
	return slices.ContainsFunc(a.g.MRO(c), func(b pymodule.Base) bool {
		return b.External != "" && slices.Contains(names, pymodule.Last(b.External))
	})
}

// iterate is what `for e in v` gives.
func (x *interp) iterate(v value, at pysyntax.Node) value {
	if x.depth++; x.depth > maxDepth { // an __iter__ that returns self
		x.depth--
		return nil
	}
	defer func() { x.depth-- }()
	var out value
	for _, a := range v {
		switch a.kind {
		case collection, resultRows:
			out = join(out, a.elem)
		case mapping:
			out = join(out, a.key)
		case tuple:
			out = join(append([]value{out}, a.elems...)...)
		case optionParam, lostAtoms: // *options
			out = join(out, one(a))
		case flag: // names of relationships, one after the other: see word.go
			for _, word := range wordsIn(one(a)) {
				if out = join(out, x.toldBy(word, at)); len(x.a.named[word]) == 0 && (x.a.selfReaders()[word] || x.a.leadsOver(word)) {
					out = join(out, one(a))
				}
			}
		case external:
			if ofMapper(a) {
				out = join(out, one(a))
			} else if isQueue(a) { // the end of a channel
				out = join(out, x.keptAt(kept("queue", a.name)))
			}
		case classRef:
			out = join(out, x.enumMembers(a))
		case statement:
			if a.stmt.query {
				out = join(out, x.rowOrEntity(a.stmt))
			}
		case instance, object:
			if x.a.isTheResult(a) {
				out = join(out, x.theResult(true))
				continue
			}
			out = join(out, x.iterateOwn(a, at))
			if x.method(a.class, "__iter__") == nil {
				out = join(out, x.iterate(x.itemsOf(a), at), x.iterateItems(a, at))
			}
		}
	}
	return out
}

// maxIterators bounds iterators of iterators.
const maxIterators = 8

// iterateOwn is what the iterator of a class of the program gives. An iterator is most often its own.
func (x *interp) iterateOwn(a *atom, at pysyntax.Node) value {
	if x.iterators++; x.iterators > maxIterators {
		x.iterators--
		return nil
	}
	defer func() { x.iterators-- }()
	var out value
	for _, names := range [][2]string{{"__iter__", "__next__"}, {"__aiter__", "__anext__"}} {
		f := x.method(a.class, names[0])
		if f == nil {
			continue
		}
		var others value
		for _, b := range x.call(f, one(a), &arguments{}, at) {
			if b.kind != a.kind || b.class != a.class {
				others = append(others, b)
			} else if next := x.method(a.class, names[1]); next != nil {
				out = join(out, x.call(next, one(b), &arguments{}, at))
			}
		}
		out = join(out, x.iterate(others, at))
	}
	return out
}

// elements is what a container holds, a dictionary's values.
func (x *interp) elements(v value) value {
	var out value
	for _, a := range v {
		switch a.kind {
		case collection, mapping, resultRows:
			out = join(out, a.elem)
		case tuple:
			out = join(append([]value{out}, a.elems...)...)
		case optionParam, lostAtoms:
			out = join(out, one(a))
		}
	}
	return out
}

func (x *interp) keys(v value) value {
	var out value
	for _, a := range v {
		if a.kind == mapping {
			out = join(out, a.key)
		}
	}
	return out
}
