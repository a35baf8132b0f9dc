package loadflow

import (
	"slices"
	"strings"

	"github.com/lazyfix/lazyfix/rewrite/internal/mapper"
	"github.com/lazyfix/lazyfix/rewrite/internal/pymodule"
	"github.com/lazyfix/lazyfix/rewrite/internal/pysyntax"
)

// maxExternal bounds the parts of a library's name: what is deeper is a value, no name.
const maxExternal = 6

// attribute is `a.name`. On an object it is where reads happen.
func (x *interp) attribute(n pysyntax.Node) value {
	v := x.attributeValue(n)
	x.noteMethods(n, v)
	return v
}

func (x *interp) attributeValue(n pysyntax.Node) value {
	t := x.t
	if len(x.env) > 0 {
		if key, ok := pymodule.DottedName(t, n); ok {
			if v, known := x.env[key]; known {
				if len(x.a.noloaded) > 0 {
					x.noteOwner(n, true)
				}
				return v
			}
		}
	}
	if t.Text(t.Child(n, pysyntax.FieldAttribute)) == "__args__" {
		return x.ownTypes(n)
	}
	name := t.Text(t.Child(n, pysyntax.FieldAttribute))
	if m, self := x.superMethod(t.Child(n, pysyntax.FieldObject), name); m != nil && x.a.isProperty(m) {
		return x.call(m, self, &arguments{}, n)
	}
	owner := x.eval(t.Child(n, pysyntax.FieldObject))
	x.watchAttribute(owner, n)
	x.valueOfListed(owner, n)
	if v := x.keptAttribute(t.Child(n, pysyntax.FieldObject), owner, name); len(v) > 0 {
		return v
	}
	if v := x.context(t.Child(n, pysyntax.FieldObject), owner, name); len(v) > 0 {
		return v
	}
	if v := join(x.member(owner, name, n), x.stateValue(n)); len(v) > 0 {
		return x.ofTemporary(t.Child(n, pysyntax.FieldObject), v)
	}
	return join(x.sessionMethod(owner, name), x.sessionObjects(n, name))
}

// member is the attribute of a value.
func (x *interp) member(owner value, name string, at pysyntax.Node) value {
	x.readOfMany(owner, name, at)
	var out value
	for _, a := range owner {
		switch a.kind {
		case object:
			out = join(out, x.objectMember(a, name, at))
		case instance:
			out = join(out, x.instanceMember(a, name, at))
		case funcRef:
			out = join(out, x.decoratedMember(a, name, at))
		case classRef:
			out = join(out, x.describedOfClass(a, x.classMember(a, name), at), x.queryOf(a, name, at))
		case moduleRef:
			out = join(out, x.symbols(x.a.g.MemberMeanings(a.symbol, name)))
		case external:
			if strings.Count(a.name, ".") < maxExternal && !isASession(a) && !isToldByPlace(a) && !isBuiltin(a) && !isOfSession(a) {
				out = join(out, one(x.a.t.external(a.name+"."+name)))
			}
		case mapping:
			if x.m.Template { // a template may say context.order for context["order"]
				out = join(out, a.under(name))
			}
		case tuple:
			switch name {
			case "_mapping":
				out = join(out, x.a.t.byName(a))
			case "t":
				if v := x.rowItem(a, name); len(v) > 0 {
					out = join(out, v)
				} else {
					out = join(out, one(a))
				}
			default:
				out = join(out, x.rowItem(a, name))
			}
		case relRef:
			out = join(out, x.relMember(a, name))
		case statement:
			if s := *a.stmt; s.query && name == "statement" { // of a Query: the select() that it runs
				s.query = false
				out = join(out, x.a.t.statement(&s))
			}
		}
	}
	return lostMember(owner, out)
}

// objectMember is an attribute of an instance of a mapped class.
func (x *interp) objectMember(a *atom, name string, at pysyntax.Node) value {
	if r := x.a.ix.Relationship(a.class, name); r != nil {
		if call := x.t.Parent(at); r.Many && x.t.Kind(call) == pysyntax.Call && x.t.Child(call, pysyntax.FieldFunction) == at && x.t.Kind(at) == pysyntax.Attribute {
			return nil // nobody calls a list of objects: where it is data.items(), data is a dictionary
		}
		return x.readRelationship(a, r, at, "reads")
	}
	switch name {
	case "awaitable_attrs", "_obj": // of a GetterDict, which stands for its object: see schema_getter.go
		return one(a)
	case "__dict__":
		x.watchEscape(one(a), at, "has its __dict__ looked at", false)
		return x.a.t.dictOf(one(a))
	case "__class__":
		return x.classesOf(one(a))
	case "__mapper__":
		return x.mapperOf(one(a))
	}
	s := x.a.classMember(a.class, name)
	switch s.Kind {
	case pymodule.Unknown: // employee.reports, where only managers have reports
		var out value
		for _, sub := range x.a.g.Subclasses(a.class) {
			if r := x.a.ix.Relationship(sub, name); r != nil && len(out) < maxOverrides {
				out = join(out, x.readRelationship(x.a.t.object(sub, a.origin, a.path), r, at, "reads"))
			}
		}
		x.readLeftOut(a, name, at)
		x.readColumnsBelow(a, name, at)
		x.readQueried(a, name, at)
		out = join(out, x.methodsBelow(a, name, at), x.attached(a, name, at))
		return join(out, x.field(a.class, name), x.attributeByMethod(a, name, at))
	case pymodule.FunctionSymbol:
		v, method := x.functionMember(a, s.Function, at)
		if method {
			x.readQueried(a, name, at)
		}
		return v
	case pymodule.VariableSymbol:
		if v, ok := x.proxied(a, name, at); ok {
			return v
		}
		if v, ok := x.madeProperty(a, s.Variable, at); ok {
			return v
		}
		if v, ok := x.awaitableField(a, s.Variable, at); ok {
			return v
		}
		x.readColumn(a, name, at)
		x.readSubclassColumn(a, name, at)
		x.readLeftOut(a, name, at)
		stored := x.field(a.class, name)
		if hasObject(stored) || hasInstance(stored) || slices.ContainsFunc(stored, saysOfClass) {
			return stored
		}
		return x.enumColumn(a, name)
	case pymodule.ClassSymbol:
		return one(x.a.t.classRef(s.Class, typeArgs{}, false))
	}
	return nil
}

// functionMember is what an instance has of a function of its class, and whether that is a method: it may be a property, or both.
func (x *interp) functionMember(a *atom, f *pymodule.Function, at pysyntax.Node) (v value, method bool) {
	if x.a.isProperty(f) {
		v = x.callMethods(a.class, f, one(a), &arguments{}, at)
		if !x.a.isMethodToo(f) {
			return v, false
		}
	}
	v = join(v, one(x.a.t.funcRef(f, one(a), nil)))
	if len(f.Decorators) > 0 {
		given := &arguments{pos: []value{one(a), one(x.a.t.classRef(a.class, typeArgs{}, false))}}
		v = join(v, x.describedMethod(f, given, at))
	}
	return v, true
}

// classesOf is type(order), order.__class__.
func (x *interp) classesOf(v value) value {
	var out []*atom
	for _, a := range v {
		switch a.kind {
		case object:
			out = append(out, x.a.t.classRef(a.class, typeArgs{}, true))
		case instance:
			out = append(out, x.a.t.classRef(a.class, typeArgs{list: a.args.list, spelled: a.args.spelled}, true))
		}
	}
	return valueOf(out)
}

// saysOfClass reports whether what a class attribute holds says something of all its objects: its schema, the names of what
// is read of them (option_told.go).
func saysOfClass(a *atom) bool {
	return a.kind == classRef || a.holds.change && !a.holds.object || len(wordsIn(a.elem)) > 0 || len(wordsIn(a.key)) > 0 ||
		slices.ContainsFunc(a.elems, func(v value) bool { return len(wordsIn(v)) > 0 })
}

// proxied reads through an association proxy or a synonym; false when the name is neither.
func (x *interp) proxied(a *atom, name string, at pysyntax.Node) (value, bool) {
	if target, ok := x.a.ix.SynonymOf(a.class, name); ok && target != name {
		return x.member(one(a), target, at), true
	}
	rel, attribute, ok := x.a.ix.Proxied(a.class, name)
	if !ok {
		return nil, false
	}
	var out value
	for _, b := range x.member(one(a), rel, at) {
		if b.kind == collection {
			out = join(out, x.a.t.collection(x.member(b.elem, attribute, at)))
		} else {
			out = join(out, x.member(one(b), attribute, at))
		}
	}
	return out, true
}

// readRelationship notes a read of a relationship and gives what it holds.
func (x *interp) readRelationship(a *atom, r *mapper.Relationship, at pysyntax.Node, verb string) value {
	if !r.Lazy.Held() {
		return x.dynamicQuery(r, at)
	}
	closed := x.sessionClosed(a.origin, at)
	p, ok := x.a.t.step(a.path, a.class, r)
	if closed { // the way back asks the session, too
		p, ok = x.a.t.spelledStep(a.path, a.class, r)
	}
	if !ok {
		x.cutOff(a, at, tooLong())
		x.watchLost(r, at)
		return nil
	}
	if p.isBack(a.path, r) {
		x.readBack(a, r, at)
		return one(x.a.t.object(r.Target, a.origin, p))
	}
	if closed {
		p = x.a.t.loose(p)
	}
	if x.isGuarded(a, r, at) {
		return x.held(r, a.origin, x.a.t.guarded(p))
	}
	text := verb + " " + a.class.Name + "." + r.Name + x.readBy.String()
	x.out.reads = append(x.out.reads, &read{origin: a.origin, path: p, mod: x.m, node: at, text: text, awaiting: x.awaiting})
	return x.held(r, a.origin, p)
}

// held is what a relationship holds that was read at the end of a path.
func (x *interp) held(r *mapper.Relationship, o *origin, p *path) value {
	if r.Target == nil {
		return nil
	}
	target := one(x.a.t.object(r.Target, o, p))
	if r.Many {
		return x.a.t.collection(target)
	}
	return target
}

// replaces reports whether it is a collection that is set: what is in it must be loaded, but is not looked at.
func (r *read) replaces() bool { return strings.HasPrefix(r.text, "replaces ") }

// instanceMember is an attribute of an instance of a class that is not mapped.
func (x *interp) instanceMember(a *atom, name string, at pysyntax.Node) value {
	switch name {
	case "__class__":
		return x.classesOf(one(a))
	case "__dict__":
		return x.instanceDicts(one(a))
	}
	s := x.a.classMember(a.class, name)
	if s.Kind == pymodule.FunctionSymbol {
		v, _ := x.functionMember(a, s.Function, at)
		return v
	}
	if s.Kind == pymodule.ClassSymbol {
		return one(x.a.t.classRef(s.Class, typeArgs{}, false))
	}
	if s.Kind == pymodule.VariableSymbol {
		if v, ok := x.madeProperty(a, s.Variable, at); ok {
			return v
		}
		if v := x.a.fieldOfMaker(a.class, a.args, s.Variable); len(v) > 0 {
			return v
		}
	}
	template := a.args.template
	if k := x.u.key; template == "" && !(k.fn != nil && k.fn.Class != nil && k.recv == a.class) {
		template = allTemplates // in its own methods, an instance that is made for no template holds nothing of one
	}
	made, known := a.entry(name)
	if !known {
		made, known = a.args.attribute(name)
	}
	if known {
		made = join(made, x.bind(x.setLater(a.class, name)))
		if len(made) == 0 {
			return nil
		}
	} else {
		made = x.bind(join(x.fieldOf(a.class, name, template), x.heldBelow(a, name)))
	}
	stored := x.boundLater(a, name, made, at)
	if s.Kind == pymodule.VariableSymbol {
		stored = x.ofPartialMethod(a, s.Variable, x.described(a, stored, at))
	}
	if hasObject(stored) {
		return stored
	}
	declared := x.annotated(a.class, a.args, name)
	if len(stored) == 0 {
		declared = join(declared, x.listedField(a.class, name), x.a.valueOfAny(a.class, name))
	}
	if len(stored) == 0 && len(declared) == 0 {
		return join(x.bind(x.constructedAs(a, name)), x.underAnyKey(a, name), x.attached(a, name, at), x.repositoryOf(a, name), x.modelOfBase(a, name), x.attributeByMethod(a, name, at), x.dataOf(a, name))
	}
	if len(stored) == 0 || hasObject(declared) {
		return join(stored, declared)
	}
	return stored
}

// constructedAs is what an inherited constructor puts into an attribute of an instance that nobody is seen to make, as
// where a framework injects it: what a type parameter stands for, or what its class names.
func (x *interp) constructedAs(a *atom, name string) value {
	f := x.method(a.class, "__init__")
	if f == nil || f.Class == a.class && !a.args.typed() || x.a.ix.Class(a.class) != nil {
		return nil
	}
	key, _ := x.keyFor(f, one(a), make([]value, len(f.Params)), nil)
	x.out.usedUnits[key.id] = key
	u := x.a.units[key.id]
	if u == nil {
		return nil
	}
	var out []*atom
	for _, b := range u.out.fields[fieldKey{class: a.class, name: name, made: true}] {
		if b.symbolic == nil {
			out = append(out, b)
		}
	}
	return valueOf(out)
}

// bind marks the classes that a value names as known by this receiver only: `self.model` of a repository.
func (x *interp) bind(v value) value {
	var out []*atom
	for _, a := range v {
		if a.kind == classRef && !a.bound {
			a = x.a.t.classRef(a.class, a.args, true)
		}
		out = append(out, a)
	}
	return valueOf(out)
}

// classMember is an attribute of a class.
func (x *interp) classMember(a *atom, name string) value {
	if r := x.a.ix.Relationship(a.class, name); r != nil {
		if p, ok := x.a.t.step(nil, a.class, r); ok {
			return one(x.a.t.relRef(a.class, p, ""))
		}
	}
	s := x.a.classMember(a.class, name)
	switch s.Kind {
	case pymodule.Unknown:
		return x.classKeeps(a, name)
	case pymodule.FunctionSymbol:
		return one(x.a.t.funcRef(s.Function, one(a), nil))
	case pymodule.ClassSymbol:
		return one(x.a.t.classRef(s.Class, typeArgs{}, false))
	case pymodule.VariableSymbol:
		if v, ok := a.args.attribute(name); ok {
			return v
		}
		if v := x.a.fieldOfMaker(a.class, a.args, s.Variable); len(v) > 0 {
			return v
		}
		if v := x.a.listedMember(a.class, name); len(v) > 0 {
			return v
		}
		v := x.field(a.class, name)
		if len(v) == 0 {
			v = x.annotated(a.class, a.args, name)
		}
		return x.enumMember(a, x.bind(v))
	}
	return nil
}

// classKeeps is what SQLAlchemy, Pydantic and Python keep with a class: its mapper, its fields by their names, its _make().
func (x *interp) classKeeps(a *atom, name string) value {
	switch name {
	case "__mapper__":
		return x.mapperOf(one(a))
	case "model_fields", "__fields__", "__struct_fields__":
		if x.a.isSchema(a.class) { // which fields they are, its class says: see fieldsByName
			return x.a.t.mapping(one(a), x.a.t.tuple([]value{x.fieldTypes(one(a))}, []string{"annotation"}))
		}
	case "_make":
		if x.a.tupleFields(a.class) != nil {
			return one(x.a.t.rowMaker(a.class))
		}
	case "__dict__":
		return x.classDict(one(a))
	case "__mro__", "__bases__":
		return x.a.t.collection(x.basesOf(a, name))
	case "__annotations__":
		return x.a.t.mapping(one(a), x.fieldTypes(one(a)))
	case "__dataclass_fields__":
		return x.a.t.mapping(one(a), x.anyField(one(a)))
	}
	return nil
}

// relMember is Order.items.of_type or Order.items.property...: the relationship itself.
func (x *interp) relMember(a *atom, name string) value {
	switch name {
	case "of_type":
		return one(x.a.t.relRef(a.class, a.path, ofType))
	case "and_":
		return one(x.a.t.relRef(a.class, a.path, particular))
	case "entity", "class_", "property", "mapper":
		return one(a)
	}
	if strings.HasPrefix(name, "__") {
		return nil
	}
	// A.bs.entity.class_.cs: the next relationship of the target, spelled without an import.
	if t := a.path.rel.Target; t != nil {
		return x.classMember(x.a.t.classRef(t, typeArgs{}, false), name)
	}
	return nil
}
