package loadflow

import (
	"slices"
	"strings"

	"github.com/lazyfix/lazyfix/rewrite/internal/pymodule"
)

// Classes of the program that are lists or dictionaries: class Orders(list[Order]), class Index(UserDict). What one is made of
// and what is put into it is held as an attribute is, by the instance where its making is seen, else by the class: one for
// each instance would need to know which one a method is called on. A method that the class defines itself goes first; a
// constructor of its own is taken to hand on nothing.

// ownItems is the attribute under which an instance of such a class holds its container.
const ownItems = "[]"

// isContainer reports whether a class is a list or dictionary, and whether it is a dictionary.
func (a *analysis) isContainer(c *pymodule.Class) (container, dictionary bool) {
	kind := *a.containers.get(c, func() *atomKind { k := a.containerKind(c); return &k })
	return kind != noAtom, kind == mapping
}

// isOwnContainer reports whether it is an instance of such a class.
func (a *analysis) isOwnContainer(x *atom) bool {
	if x.kind != instance {
		return false
	}
	container, _ := a.isContainer(x.class)
	return container
}

func (a *analysis) containerKind(c *pymodule.Class) atomKind {
	if a.isMapped(pymodule.Symbol{Class: c}) || a.isSchema(c) {
		return noAtom
	}
	if a.isQueueClass(c) {
		return collection
	}
	for class := range a.g.Lineage(c) {
		for _, base := range class.Bases {
			name, _, _ := strings.Cut(class.Module.Tree.Text(base), "[")
			switch pymodule.Last(name) {
			case "dict", "Dict", "UserDict", "OrderedDict", "defaultdict":
				return mapping
			case "list", "List", "UserList", "deque", "set", "Set":
				return collection
			}
		}
	}
	return noAtom
}

// itemsMade is an instance of such a class as it is made of arguments: Orders(rows), Index(by_id).
func (x *interp) itemsMade(a *atom, args *arguments) *atom {
	container, dictionary := x.a.isContainer(a.class)
	if !container || a.args.template != "" {
		return a
	}
	made := x.dict(args, args.node(0, ""))
	if !dictionary {
		made = x.a.t.collection(x.iterate(args.get(0, ""), args.node(0, "")))
	}
	if !tellsApart(made) {
		return a
	}
	x.storeMade(a.class, ownItems, made)
	return x.a.t.made(a.class, a.args, append(a.entries[:len(a.entries):len(a.entries)], entry{ownItems, made}))
}

// itemsOf is what an instance of such a class holds: a list or dictionary, nil for any other instance.
func (x *interp) itemsOf(a *atom) value {
	if !x.a.isOwnContainer(a) {
		return nil
	}
	if made, known := a.entry(ownItems); known {
		return join(made, x.setLater(a.class, ownItems))
	}
	return x.field(a.class, ownItems)
}

// withItems is v with what such instances hold in their place.
func (x *interp) withItems(v value) value {
	if !slices.ContainsFunc(v, x.a.isOwnContainer) {
		return v
	}
	each := make([]value, len(v))
	for i := range v {
		if each[i] = x.itemsOf(v[i]); len(each[i]) == 0 {
			each[i] = v[i : i+1 : i+1]
		}
	}
	return join(each...)
}

// putOwn puts something into such instances: f makes of what they hold what it is then.
func (x *interp) putOwn(v value, f func(old value) value) {
	for _, a := range v {
		if !x.a.isOwnContainer(a) {
			continue
		}
		empty := x.a.t.collection(nil)
		if _, dictionary := x.a.isContainer(a.class); dictionary {
			empty = x.a.t.mapping(nil, nil)
		}
		if put := f(empty); tellsApart(put) {
			x.storeIn(a, ownItems, put)
		}
	}
}
