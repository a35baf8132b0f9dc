package pymodule

import "strings"

// baseKey names a base: a class of the tree, or the dotted name of one that is not.
type baseKey struct {
	class    *Class
	external string
}

// inPythonsOrder sorts the bases of c, which stand depth first, as Python's C3 does. Where Python would refuse the
// order, or a circle of bases leaves none, they stay as they are.
func (g *Graph) inPythonsOrder(c *Class, bases []Base) []Base {
	order, ok := g.c3(c, map[*Class]bool{})
	if !ok {
		return bases
	}
	byKey := map[baseKey][]Base{}
	for _, b := range bases {
		k := baseKey{b.Class, b.External}
		byKey[k] = append(byKey[k], b)
	}
	var out []Base
	for _, k := range order {
		out = append(out, byKey[k]...)
		delete(byKey, k)
	}
	for _, b := range bases { // typing.Generic and the like, which C3 leaves out
		if k := (baseKey{b.Class, b.External}); len(byKey[k]) > 0 {
			out = append(out, byKey[k]...)
			delete(byKey, k)
		}
	}
	return out
}

// c3 is the order of lookup of c; open are the classes that are being asked for.
func (g *Graph) c3(c *Class, open map[*Class]bool) ([]baseKey, bool) {
	if order, ok := g.orders[c]; ok {
		return order, order != nil
	}
	if open[c] {
		return nil, false
	}
	open[c] = true
	defer delete(open, c)
	var lists [][]baseKey
	var own []baseKey
	for _, n := range c.Bases {
		s, _ := g.ResolveBase(c, n)
		key := baseKey{}
		switch s.Kind {
		case ClassSymbol:
			order, ok := g.c3(s.Class, open)
			if !ok {
				return nil, false
			}
			key.class = s.Class
			lists = append(lists, order)
		case ExternalSymbol:
			key.external = s.External
		case VariableSymbol:
			key.external = g.baseVariable(s.Variable)
		}
		// Python moves Generic[T] behind everything, wherever it is spelled.
		if last := Last(key.external); key == (baseKey{}) || (last == "Generic" || last == "Protocol") && strings.HasPrefix(key.external, "typing") {
			continue
		}
		own = append(own, key)
	}
	order, ok := merge(append(lists, own))
	if ok {
		order = append([]baseKey{{class: c}}, order...)
	}
	g.orders[c] = order
	return order, ok
}

// merge takes, again and again, the first head that stands in no tail. Nil, false when there is none.
func merge(lists [][]baseKey) ([]baseKey, bool) {
	var out []baseKey
	for {
		var rest [][]baseKey
		for _, l := range lists {
			if len(l) > 0 {
				rest = append(rest, l)
			}
		}
		if len(rest) == 0 {
			return out, true
		}
		head, ok := goodHead(rest)
		if !ok {
			return nil, false
		}
		out = append(out, head)
		for i, l := range rest {
			if l[0] == head {
				rest[i] = l[1:]
			}
		}
		lists = rest
	}
}

func goodHead(lists [][]baseKey) (baseKey, bool) {
	for _, l := range lists {
		inTail := false
		for _, other := range lists {
			for _, k := range other[1:] {
				inTail = inTail || k == l[0]
			}
		}
		if !inTail {
			return l[0], true
		}
	}
	return baseKey{}, false
}
