package loadflow

import "strings"

// maxNesting bounds collections in collections: the id of a value that holds itself would grow without end.
const maxNesting = 6

// useful drops from what a container holds all that leads to nothing: names of libraries, and containers without leaf.
func useful(v value) value {
	var out value
	for i, a := range v {
		keep := true
		switch a.kind {
		case external:
			keep = isSQLAlchemy(a.name) || strings.HasPrefix(a.name, getsAttribute) || strings.HasPrefix(a.name, getsItem) ||
				strings.HasPrefix(a.name, callsMethod) || isResultMaker(a) || isToldByPlace(a) || isSessionMethod(a) || isRetrying(a) ||
				isBuiltin(a) || isOfSession(a) || isHolding(a) || isHooks(a)
		case collection, mapping, resultRows:
			keep = len(a.elem) > 0 || len(a.key) > 0 || a.holds.object
		}
		if !keep && out == nil {
			out = append(value{}, v[:i]...)
		} else if keep && out != nil {
			out = append(out, a)
		}
	}
	if out == nil {
		return v
	}
	return out
}

// flat makes one collection and one mapping of all that stand in v: alternatives of containers in containers multiply.
func (t *table) flat(v value) value {
	v = t.fewerNodes(t.alike(v))
	lists, maps := 0, 0
	for _, a := range v {
		switch a.kind {
		case collection:
			lists++
		case mapping:
			maps++
		}
	}
	if lists < 2 && maps < 2 {
		return v
	}
	var elems, keys, dicts value
	var rest []*atom
	for _, a := range v {
		switch a.kind {
		case collection:
			elems = join(elems, a.elem)
		case mapping:
			keys = join(keys, a.key)
			dicts = append(dicts, a)
		default:
			rest = append(rest, a)
		}
	}
	if lists > 0 {
		rest = append(rest, t.collection(elems)...)
	}
	if maps > 0 {
		entries, others := parts(dicts)
		rest = append(rest, t.record(entries, keys, others)...)
	}
	return valueOf(rest)
}

// held is what a container may hold: no deeper than maxNesting, or maxNodeNesting where nodes stand in it. What is deeper is taken out of its containers, so that a
// value only ever grows.
func (t *table) held(v value) value {
	v = useful(t.flat(v))
	depth := depthOf(v)
	if depth >= maxNodeNesting && t.nodes.hasNode(v) && !t.nodes.hasOther(v) {
		return t.shallow(v, maxNodeNesting-1)
	}
	if depth < maxNesting {
		return v
	}
	var leaves []*atom
	for _, a := range flattenTo(v, instance) {
		switch a.kind {
		case collection, mapping, resultRows, tuple:
		case instance:
			leaves = append(leaves, t.instance(a.class, a.args))
		case funcRef:
			if depthOf(a.self) < maxNesting-1 {
				leaves = append(leaves, a)
			}
		default:
			leaves = append(leaves, a)
		}
	}
	return valueOf(leaves)
}

func (t *table) collection(elem value) value {
	elem = t.held(elem)
	return one(t.holder(collection, elem, "L"))
}

func (t *table) rows(row value) value {
	return one(t.holder(resultRows, row, "R"))
}

// holder is a container of one kind of element. The ids of its kind begin with prefix.
func (t *table) holder(kind atomKind, elem value, prefix string) *atom {
	build := func() *atom { return t.atom(&atom{kind: kind, more: &more{elem: elem}}, prefix+elem.id()) }
	if len(elem) > 1 {
		return build()
	}
	return t.holders.get(holderKey{kind, nil, elem.only()}, build)
}

func (t *table) mapping(key, elem value) value {
	key, elem = t.held(key), t.held(elem)
	build := func() *atom {
		return t.atom(&atom{kind: mapping, more: &more{key: key, elem: elem}}, "D"+key.id()+elem.id())
	}
	if len(key) > 1 || len(elem) > 1 {
		return one(build())
	}
	return one(t.holders.get(holderKey{mapping, key.only(), elem.only()}, build))
}

func (t *table) tuple(elems []value, names []string) value {
	id := "T" + strings.Join(names, ",")
	held := make([]value, len(elems))
	for i, e := range elems {
		held[i] = t.held(e)
		id += held[i].id()
	}
	return one(t.atom(&atom{kind: tuple, more: &more{elems: held, names: names}}, id))
}
