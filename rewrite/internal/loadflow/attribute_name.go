package loadflow

import (
	"slices"
	"strings"

	"github.com/lazyfix/lazyfix/rewrite/internal/mapper"
	"github.com/lazyfix/lazyfix/rewrite/internal/pymodule"
	"github.com/lazyfix/lazyfix/rewrite/internal/pysyntax"
)

// Attributes are read by names that a class or a path tells:
//
//	cls(**{f.name: getattr(order, f.name) for f in fields(cls)})
//
//	for part in path.split("."):
//		order = getattr(order, part)
//
// The class itself stands for the names of its fields, in a value: what is read by it are those that the object has. A path
// is a word with dots (word.go), and its parts are words.

// classFields are dataclasses.fields(OrderView), or of an instance of it.
func classFields(x *interp, args *arguments, _ pysyntax.Node) value {
	names := x.namesOfFields(args.get(0, "class_or_instance"))
	if len(names) == 0 {
		return nil
	}
	return x.a.t.collection(x.anyField(names))
}

// typeHints is get_type_hints(OrderView): a dictionary by the names of its fields.
func typeHints(x *interp, args *arguments, _ pysyntax.Node) value {
	names := x.namesOfFields(args.get(0, "obj"))
	if len(names) == 0 {
		return nil
	}
	return x.a.t.mapping(names, x.fieldTypes(names))
}

// namesOfFields are the classes in v, and those of the instances and objects, which stand for the names of their fields.
func (x *interp) namesOfFields(v value) value {
	var out value
	for _, a := range v {
		switch a.kind {
		case classRef:
			out = join(out, one(a))
		case instance, object:
			out = join(out, one(x.a.t.classRef(a.class, typeArgs{}, false)))
		}
	}
	return out
}

// fieldsByName adds the fields of the classes among names: getattr(self._obj, key) in a getter.
func (x *interp) fieldsByName(names value, read map[string]bool) {
	for _, a := range names {
		if a.kind != classRef {
			continue
		}
		if !x.a.isSchema(a.class) {
			for base := range x.a.g.Lineage(a.class) {
				for _, f := range base.Fields {
					read[f.Name] = read[f.Name] || f.Annotation != pysyntax.Nil
				}
			}
			continue
		}
		for _, f := range x.a.schemaFields(a.class) {
			for _, source := range f.sources {
				read[source[0]] = true
			}
			read[f.Name] = true
		}
	}
}

// splitPath is path.split("."): a list of the names that words are made of.
func (x *interp) splitPath(path pysyntax.Node, owner value, args *arguments) (value, bool) {
	by := x.spelled(x.t, args.node(0, "sep"))
	if !slices.Contains(x.a.pathSeparators(), by) {
		return nil, false
	}
	var parts value
	for _, path := range append(pathsIn(owner), x.spelled(x.t, path)) {
		for name := range strings.SplitSeq(path, by) {
			if name == "" {
				continue
			}
			parts = join(parts, one(x.a.t.word(name)))
		}
	}
	return x.a.t.collection(parts), len(parts) > 0
}

// pathOf is the path that a string says, where it leads over a relationship: Column("Customer", "customer.name"). An event may be
// called "order.created", so what comes behind the relationship must be there.
func (x *interp) pathOf(n pysyntax.Node) value { return x.pathIn(pymodule.StringValue(x.t, n)) }

func (x *interp) pathIn(path string) value {
	if !x.a.leadsOver(path) {
		return nil
	}
	return one(x.a.t.word(path))
}

// leadsOver reports whether a string is a path over a relationship.
func (a *analysis) leadsOver(path string) bool {
	first, rest, by, ok := a.cutPath(path)
	if !ok {
		return false
	}
	next, _, _ := strings.Cut(rest, by)
	return a.selfReaders()[first] || slices.ContainsFunc(a.named[first], func(r *mapper.Relationship) bool {
		return r.Target != nil && (a.ix.Relationship(r.Target, next) != nil || a.classMember(r.Target, next).Kind != pymodule.Unknown)
	})
}

// splits is the call that splits what a name holds: path.split("."), (path or name).split("."), Nil for any other use of it.
func splits(t *pysyntax.Tree, name pysyntax.Node) pysyntax.Node {
	for t.Is(t.Parent(name), pysyntax.BooleanOperator, pysyntax.ParenthesizedExpression) {
		name = t.Parent(name)
	}
	return calledOn(t, name, "split")
}

// calledOn is the call of a method on what a name holds, Nil for any other use of it.
func calledOn(t *pysyntax.Tree, name pysyntax.Node, method string) pysyntax.Node {
	fn := t.Parent(name)
	if t.Kind(fn) != pysyntax.Attribute || t.Field(name) != pysyntax.FieldObject || t.Text(t.Child(fn, pysyntax.FieldAttribute)) != method ||
		t.Field(fn) != pysyntax.FieldFunction {
		return pysyntax.Nil
	}
	return t.Parent(fn)
}

// readsByPath reports whether a call goes along the path that is an argument of it: reduce(getattr, path.split("."), order),
// reduce(lambda o, name: getattr(o, name, None), path.split("."), order), reduce(step, path.split("."), order), attrgetter(path).
func readsByPath(t *pysyntax.Tree, argument pysyntax.Node) bool {
	list := t.Parent(argument)
	if t.Kind(list) != pysyntax.ArgumentList {
		return false
	}
	switch pymodule.Last(t.Text(t.Callee(t.Parent(list)))) {
	case "attrgetter":
		return true
	case "reduce":
		return readsNamed(t, t.First(list)) || stepsByName(t, t.First(list))
	}
	return readsNamed(t, t.First(list))
}

// readsNamed reports whether a function reads what its second argument says of its first: getattr, or a lambda around it.
func readsNamed(t *pysyntax.Tree, function pysyntax.Node) bool {
	if t.Kind(function) != pysyntax.Lambda {
		return t.Text(function) == "getattr"
	}
	return getsNamed(t, t.Child(function, pysyntax.FieldParameters), t.Child(function, pysyntax.FieldBody))
}

// stepsByName is readsNamed of a function of the same file. It is called as any other: this only says that names are what it gets.
func stepsByName(t *pysyntax.Tree, function pysyntax.Node) bool {
	if t.Kind(function) != pysyntax.Identifier || t.Text(function) == "getattr" {
		return false
	}
	for n := range t.Within(t.Root()) {
		if t.Kind(n) == pysyntax.FunctionDefinition && t.Text(t.Child(n, pysyntax.FieldName)) == t.Text(function) {
			return getsNamed(t, t.Child(n, pysyntax.FieldParameters), t.Child(n, pysyntax.FieldBody))
		}
	}
	return false
}

// getsNamed reports whether getattr(first, second) of the parameters stands in a body: as it is, or where the first is not None.
func getsNamed(t *pysyntax.Tree, parameters, body pysyntax.Node) bool {
	name := func(i int) string {
		p := t.Nth(parameters, i)
		if t.Kind(p) != pysyntax.Identifier { // o: Any, name: str = ""
			p = t.First(p)
		}
		return t.Text(p)
	}
	first, second := name(0), name(1)
	for n := range t.Within(body) {
		if t.Kind(n) != pysyntax.Call || t.Text(t.Callee(n)) != "getattr" {
			continue
		}
		if args := t.Child(n, pysyntax.FieldArguments); t.Text(t.Nth(args, 0)) == first && t.Text(t.Nth(args, 1)) == second {
			return true
		}
	}
	return false
}
