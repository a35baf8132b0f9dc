package loadflow

import (
	"slices"

	"github.com/lazyfix/lazyfix/rewrite/internal/pymodule"
	"github.com/lazyfix/lazyfix/rewrite/internal/pysyntax"
)

// grow adds to the container that an expression stands for: f makes of the container what it is with that. Of a container
// outside of the function, or in an attribute, f of nothing is what is added.
func (x *interp) grow(holder pysyntax.Node, f func(value) value) {
	t := x.t
	switch t.Kind(holder) {
	case pysyntax.Identifier:
		x.growName(t.Text(holder), f)
	case pysyntax.Attribute:
		name := t.Text(t.Child(holder, pysyntax.FieldAttribute))
		if owner := dictOwner(t, holder); owner != pysyntax.Nil {
			x.growDict(owner, f(nil))
			return
		}
		for _, a := range x.quiet(t.Child(holder, pysyntax.FieldObject)) {
			switch a.kind {
			case instance:
				x.storeIn(a, name, f(x.env[t.Text(holder)]))
			case classRef: // cls.registry[cls.model] = cls, where a base has the registry
				owner := a.class
				if v := x.a.classMember(owner, name).Variable; v != nil && v.Class != nil && x.a.ix.Class(v.Class) == nil {
					owner = v.Class
				}
				x.store(owner, name, f(nil))
			case moduleRef:
				x.putInModule(a, name, f(nil))
			}
		}
	case pysyntax.ParenthesizedExpression:
		x.grow(t.First(holder), f)
	case pysyntax.ConditionalExpression: // (open if order.open else done).append(order)
		x.grow(t.Nth(holder, 0), f)
		x.grow(t.Nth(holder, 2), f)
	case pysyntax.Call: // groups.setdefault(key, []).append(v)
		if owner := dictOwner(t, holder); owner != pysyntax.Nil {
			x.growDict(owner, f(nil))
			return
		}
		fn := t.Child(holder, pysyntax.FieldFunction)
		if t.Text(t.Child(fn, pysyntax.FieldAttribute)) == "setdefault" {
			key := x.quiet(t.First(t.Child(holder, pysyntax.FieldArguments)))
			inner := f(x.heldUnder(holder, t.Child(fn, pysyntax.FieldObject), key))
			name := x.classKeyOf(key, inner)
			x.grow(t.Child(fn, pysyntax.FieldObject), func(old value) value {
				if name != "" {
					return x.putItem(old, name, key, inner)
				}
				return x.a.t.mapping(x.keys(old), join(x.elements(old), inner))
			})
		}
	case pysyntax.Subscript: // groups[key].append(v)
		index := t.Child(holder, pysyntax.FieldSubscript)
		name, key := pymodule.StringValue(t, index), x.quiet(index)
		inner := f(x.heldUnder(holder, t.Child(holder, pysyntax.FieldValue), key))
		if name == "" {
			name = x.classKeyOf(key, inner)
		}
		x.grow(t.Child(holder, pysyntax.FieldValue), func(old value) value { return x.putItem(old, name, key, inner) })
	}
}

func (x *interp) growName(name string, f func(value) value) {
	old, local := x.env[name]
	if !local || x.globals[name] {
		x.growOutside(name, f)
		return
	}
	var containers, others value
	for _, a := range old {
		if mayContain(one(a)) && a.kind != external {
			containers = append(containers, a)
		} else {
			others = append(others, a)
		}
	}
	if len(containers) == 0 && !mayContain(others) {
		return
	}
	x.env[name] = join(others, f(containers))
	x.holds(name, x.env[name])
	if x.keep {
		x.out.vars[name] = join(x.out.vars[name], x.env[name])
	}
	if outer := x.nonlocals[name]; outer != nil {
		x.put(rebound(outer, name), f(nil))
	}
	x.growHolders(name, f)
}

// putItem is a container after container[key] = v, or container[name] = v where the key is a string.
func (x *interp) putItem(old value, name string, key, v value) value {
	keys := join(x.keys(old), key)
	switch {
	case name != "":
		return x.a.t.with(old, []entry{{name, v}}, keys, nil)
	case len(old) > 0 && !slices.ContainsFunc(old, func(a *atom) bool { return a.kind != collection && !holdsPlaces(a) }):
		return x.a.t.collection(join(x.elements(old), v))
	case len(old) > 0 && !hasMapping(old):
		return x.a.t.mapping(keys, join(x.elements(old), v))
	}
	return x.a.t.with(old, nil, keys, v)
}

// quiet evaluates an expression again without noting its reads twice, or as reads behind what came after it.
func (x *interp) quiet(n pysyntax.Node) value {
	reads, edges, columns, stale := len(x.out.reads), len(x.out.edges), len(x.out.columns), len(x.out.stale)
	v := x.eval(n)
	x.out.reads, x.out.edges, x.out.columns, x.out.stale = x.out.reads[:reads], x.out.edges[:edges], x.out.columns[:columns], x.out.stale[:stale]
	return v
}

// mayContain reports whether v may be a list, dictionary or queue and nothing else: what a class of the program has for
// add() is its own, and a tuple stays as it is.
func mayContain(v value) bool {
	for _, a := range v {
		switch a.kind {
		case collection, mapping, resultRows, external:
		default:
			if !holdsPlaces(a) { // else it may be a list
				return false
			}
		}
	}
	return true
}
