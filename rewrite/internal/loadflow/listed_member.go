package loadflow

import (
	"slices"

	"github.com/lazyfix/lazyfix/rewrite/internal/pymodule"
	"github.com/lazyfix/lazyfix/rewrite/internal/pysyntax"
)

// The names by which attributes are read may be the values of an Enum:
//
//	class SortField(StrEnum):
//		NUMBER = "number"
//		CUSTOMER = "customer.name"
//
//		def key(self, order): return attrgetter(self.value)(order)
//
// Its members are instances that are told apart, and so are the calls that are given one. So it is where a value names a relationship
// or leads over one, and attributes are read by values, or by what is annotated so: most such enumerations are in columns. Of what is
// annotated a value may also name a method, or a hook: getattr(plugins.hook, event)(**what).

// memberValue is what Enum calls a member's value itself, and nothing else does: it marks these instances.
const memberValue = "_value_"

func isMember(a *atom) bool {
	if a.kind != instance {
		return false
	}
	_, ok := a.args.attribute(memberValue)
	return ok
}

// listedMembers are the members of such an enumeration, by their names; nil of any other class.
func (a *analysis) listedMembers(c *pymodule.Class) []entry {
	return *a.membersOf.get(c, func() *[]entry {
		var out []entry
		if a.listsMembers(c) {
			for _, f := range c.Fields {
				if s := pymodule.StringValue(f.Module.Tree, f.Value); s != "" {
					v := one(a.t.word(s))
					out = append(out, entry{f.Name, one(a.t.instance(c, typeArgs{given: []entry{{memberValue, v}, {"value", v}}}))})
				}
			}
		}
		return &out
	})
}

// isEnum reports whether a class is an enumeration.
func (a *analysis) isEnum(c *pymodule.Class) bool {
	return a.inherits(c, "Enum", "IntEnum", "StrEnum", "Flag", "IntFlag")
}

// isString reports whether the members of an enumeration are strings.
func (a *analysis) isString(c *pymodule.Class) bool {
	return a.inherits(c, "StrEnum") || slices.ContainsFunc(c.Bases, func(b pysyntax.Node) bool { return c.Module.Tree.Text(b) == "str" })
}

func (a *analysis) listsMembers(c *pymodule.Class) bool {
	if !a.isEnum(c) || len(c.Fields) > maxGiven || a.classMember(c, "__init__").Function != nil || a.classMember(c, "__new__").Function != nil {
		return false
	}
	annotated := a.nameTakers().types[c.Name]
	return (a.stringUses()["value"].names || annotated) && slices.ContainsFunc(c.Fields, func(f *pymodule.Variable) bool {
		s := pymodule.StringValue(f.Module.Tree, f.Value)
		return a.isRead(s) || a.leadsOver(s) || annotated && a.isMethod(s) && a.callsByName()
	})
}

// allMembers are the members of such an enumeration together.
func (a *analysis) allMembers(c *pymodule.Class) value {
	var out value
	for _, m := range a.listedMembers(c) {
		out = join(out, m.value)
	}
	return out
}

// listedMember is SortField.CUSTOMER.
func (a *analysis) listedMember(c *pymodule.Class, name string) value {
	v, _ := entryOf(a.listedMembers(c), name)
	return v
}

// valueOfAny is member.value of whichever member it is.
func (a *analysis) valueOfAny(c *pymodule.Class, name string) value {
	var out value
	if name == "value" {
		for _, m := range a.listedMembers(c) {
			v, _ := m.value[0].args.attribute(name)
			out = join(out, v)
		}
	}
	return out
}

// defaultMember is the member that a parameter has where no argument is given, as its function's module says.
func (a *analysis) defaultMember(f *pymodule.Function, i int) value {
	t, n := f.Module.Tree, f.Params[i].Default
	if t.Kind(n) != pysyntax.Attribute {
		return nil
	}
	name, _ := pymodule.DottedName(t, n)
	v := a.g.ResolveIn(f.Module, nil, nil, name).Variable
	if v == nil || v.Class == nil {
		return nil
	}
	return a.listedMember(v.Class, v.Name)
}

// namesOfMembers are the strings that members of enumerations are: getattr(order, by).
func (x *interp) namesOfMembers(v value) []string {
	var out []string
	for _, a := range v {
		if isMember(a) && x.a.isString(a.class) {
			s, _ := a.args.attribute(memberValue)
			out = append(out, wordsIn(s)...)
		}
	}
	return out
}
