package loadflow

import "github.com/lazyfix/lazyfix/rewrite/internal/pysyntax"

// updatesDict is self.__dict__.update(kwargs), vars(namespace).update(order=order): attributes of an instance or a namespace are set by
// the names that the call or the dictionary says. A mapped object is none of these: what is set so is no read, and no way that
// SQLAlchemy knows of.
func (x *interp) updatesDict(holder pysyntax.Node, args *arguments) {
	t := x.t
	owner := pysyntax.Nil
	switch t.Kind(holder) {
	case pysyntax.Attribute:
		if t.Text(t.Child(holder, pysyntax.FieldAttribute)) == "__dict__" {
			owner = t.Child(holder, pysyntax.FieldObject)
		}
	case pysyntax.Call:
		if t.Text(t.Child(holder, pysyntax.FieldFunction)) == "vars" {
			owner = t.First(t.Child(holder, pysyntax.FieldArguments))
		}
	}
	if owner == pysyntax.Nil {
		return
	}
	entries, _ := parts(join(args.get(0, ""), args.starStar))
	entries = append(entries, args.entries()...)
	x.setEntries(owner, entries)
}

// setEntries sets attributes of what an expression is.
func (x *interp) setEntries(owner pysyntax.Node, entries []entry) {
	for _, a := range x.quiet(owner) {
		for _, e := range entries {
			switch {
			case a.kind == tuple:
				x.putInNamespace(owner, e.name, e.value)
			case a.kind != instance || e.name == ofObject:
			case x.constructs(owner): // this instance is told apart by it
				x.storeMade(a.class, e.name, e.value)
			default:
				x.storeIn(a, e.name, e.value)
			}
		}
	}
}
