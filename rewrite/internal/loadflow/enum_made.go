package loadflow

import (
	"slices"

	"github.com/lazyfix/lazyfix/rewrite/internal/pymodule"
	"github.com/lazyfix/lazyfix/rewrite/internal/pysyntax"
)

// Python makes the members of an enumeration of what its body says, a tuple's elements being arguments:
//
//	class State(Enum):
//	    DRAFT = "draft", lambda order: order.customer is not None
//	    def __init__(self, label, test): self.label, self.test = label, test
//
// It is followed where there is a function or the name of a relationship among them. What one member keeps, any has.

// enumMade makes the members of the enumeration whose body was run.
func (x *interp) enumMade(c *pymodule.Class) {
	if !x.enumOfFunctions(c) {
		return
	}
	for _, f := range c.Fields {
		if f.Value == pysyntax.Nil {
			continue
		}
		if !x.makesMembers(c) {
			for _, a := range x.classMember(x.a.t.classRef(c, typeArgs{}, false), f.Name) {
				if a.kind == instance {
					v, _ := a.entry("value")
					x.store(c, "value", v)
				}
			}
			continue
		}
		args := &arguments{}
		for _, n := range enumArguments(f) {
			args.pos, args.posNodes = append(args.pos, x.quiet(n)), append(args.posNodes, n)
		}
		self := x.a.t.instance(c, typeArgs{})
		if m := x.method(c, "__init__"); m != nil {
			x.constructed(self, m, args, f.Value)
		}
		if m := x.method(c, "__new__"); m != nil {
			x.call(m, one(self), args, f.Value)
			x.stringsKept(c, m, args)
		}
	}
}

// makesMembers reports whether an enumeration has a constructor of its own.
func (x *interp) makesMembers(c *pymodule.Class) bool {
	return x.method(c, "__init__") != nil || x.method(c, "__new__") != nil
}

// enumArguments are what a member is made of.
func enumArguments(f *pymodule.Variable) []pysyntax.Node {
	t, n := f.Module.Tree, f.Value
	for t.Kind(n) == pysyntax.ParenthesizedExpression {
		n = t.First(n)
	}
	if !t.Is(n, pysyntax.Tuple, pysyntax.ExpressionList) {
		return []pysyntax.Node{n}
	}
	return slices.Collect(t.Children(n))
}

// enumOfFunctions reports whether a class is an enumeration with a constructor of its own, to which some member brings a function or
// the name of a relationship, or one whose members are functions by their own words.
func (x *interp) enumOfFunctions(c *pymodule.Class) bool {
	if !x.a.isEnum(c) {
		return false
	}
	makes := x.makesMembers(c)
	return slices.ContainsFunc(c.Fields, func(f *pymodule.Variable) bool {
		t := f.Module.Tree
		if !makes { // X = member(f), partial(f): Status.X.value
			last := pymodule.Last(t.Text(t.Child(f.Value, pysyntax.FieldFunction)))
			return t.Kind(f.Value) == pysyntax.Call && (last == "member" || last == "partial")
		}
		return f.Value != pysyntax.Nil && slices.ContainsFunc(enumArguments(f), func(n pysyntax.Node) bool {
			return t.Is(n, pysyntax.Lambda, pysyntax.Identifier, pysyntax.Attribute, pysyntax.Call, pysyntax.Tuple, pysyntax.List, pysyntax.Dictionary) ||
				x.a.isRead(pymodule.StringValue(t, n))
		})
	})
}

// enumMembers are the members of an enumeration that a class is: for state in State, State["DRAFT"]. Nothing of other classes.
func (x *interp) enumMembers(a *atom) value {
	if a.kind != classRef {
		return nil
	}
	if members := x.a.allMembers(a.class); len(members) > 0 || !x.takesObjects(a.class) {
		return members
	}
	out := one(x.a.t.instance(a.class, typeArgs{}))
	if !x.makesMembers(a.class) {
		for _, f := range a.class.Fields { // each knows its value
			out = join(out, dropping(x.classMember(a, f.Name), func(b *atom) bool { return b.kind != instance }))
		}
	}
	return out
}

// newMade is str.__new__(cls, value), super().__new__(cls): an instance of the class that it is given.
func (x *interp) newMade(args *arguments) value {
	var out value
	for _, a := range args.get(0, "") {
		switch a.kind {
		case instance:
			out = join(out, one(a))
		case classRef:
			if m := x.a.ix.Class(a.class); m == nil || !m.Mapped {
				out = join(out, one(x.a.t.instance(a.class, a.args)))
			}
		}
	}
	return out
}
