package loadflow

import (
	"github.com/lazyfix/lazyfix/rewrite/internal/mapper"
	"github.com/lazyfix/lazyfix/rewrite/internal/pymodule"
	"github.com/lazyfix/lazyfix/rewrite/internal/pysyntax"
)

// A mapped class that is a dataclass, too (MappedAsDataclass, @mapped_as_dataclass), has its relationships among its fields:
// asdict(), FastAPI's encoder and the __repr__ that it gets read them all, and those of what they hold.

// maxFieldsRead bounds how deep dataclasses are read that hold each other.
const maxFieldsRead = 3

// readDataclass reads all fields of the mapped dataclasses in v. Printed are only those without repr=False.
func (x *interp) readDataclass(v value, printed bool, n pysyntax.Node) {
	x.readDataclassTo(v, printed, n, maxFieldsRead)
}

func (x *interp) readDataclassTo(v value, printed bool, n pysyntax.Node, levels int) {
	for _, a := range flatten(v) {
		if levels == 0 || a.kind != object {
			continue
		}
		if !x.a.isMappedDataclass(a.class) || printed && !x.a.printsFields(a.class) {
			for _, r := range x.a.ix.All(a.class) {
				if printed && x.a.printsField(a.class, r.Name) {
					x.readDataclassTo(x.readRelationship(a, r, n, "reads"), printed, n, levels-1)
				}
			}
			continue
		}
		for _, r := range x.a.ix.All(a.class) {
			switch back := x.a.leadsBack(a.class, r); {
			case r.Back != pysyntax.Nil || printed && r.Says["repr"] == "False":
			case !printed && back != nil:
				x.out.blind = append(x.out.blind, &blind{
					x.m, n, "every field of it is taken, and " + r.Owner.Name + "." + r.Name + " and " + back.Owner.Name + "." + back.Name +
						" lead back to each other, without end", "take only the fields that are needed, by a response model for one", a.class,
				})
			default:
				x.readDataclassTo(x.readRelationship(a, r, n, "reads"), printed, n, levels-1)
			}
		}
	}
}

// leadsBack is the other side of a relationship where both are fields of dataclasses that have something: asdict(order) takes the
// order of its first item, and ends in a RecursionError (measured), however much is loaded. A __repr__ says "..." there.
func (a *analysis) leadsBack(c *pymodule.Class, r *mapper.Relationship) *mapper.Relationship {
	name := r.Says["back_populates"]
	if name == "" || r.Target == nil || !a.isMappedDataclass(r.Target) {
		return nil
	}
	back := a.ix.Relationship(r.Target, name)
	if back == nil || back.Back != pysyntax.Nil || back.Target == nil || !a.g.IsSubclass(c, back.Target) || !r.Lazy.Held() || !back.Lazy.Held() {
		return nil
	}
	return back
}

func (a *analysis) isMappedDataclass(c *pymodule.Class) bool {
	return a.inherits(c, "MappedAsDataclass") || c.Decorator("mapped_as_dataclass") != pysyntax.Nil
}

// printsField reports whether a class that is a dataclass or of attrs, and mapped outside of its body, has a relationship among the
// fields that its __repr__ prints: contacts: list[Contact] = attrs.field(factory=list).
func (a *analysis) printsField(c *pymodule.Class, name string) bool {
	d, f := dataDecorator(c), c.Field(name)
	if d == pysyntax.Nil || callSays(c.Module.Tree, d, "repr", "False") {
		return false
	}
	if f == nil || f.Annotation == pysyntax.Nil || c.Methods["__repr__"] != nil {
		return false
	}
	return !callSays(f.Module.Tree, f.Value, "repr", "False")
}

// printsFields reports whether a mapped dataclass gets the __repr__ of one: not where a base says repr=False, or has its own.
func (a *analysis) printsFields(c *pymodule.Class) bool {
	for base := range a.g.Lineage(c) {
		if base.Methods["__repr__"] != nil {
			return false
		}
		if v, said := base.Keywords["repr"]; said {
			return base.Module.Tree.Kind(v) != pysyntax.False
		}
	}
	return true
}

// fieldsOfAll is asdict(order), astuple(order).
func fieldsOfAll(x *interp, args *arguments, n pysyntax.Node) value {
	x.readDataclass(args.get(0, "obj"), false, n)
	return nil
}
