package loadflow

import (
	"slices"
	"strings"

	"github.com/lazyfix/lazyfix/rewrite/internal/pysyntax"
)

func (x *interp) binary(n pysyntax.Node) value {
	left, right := x.t.Child(n, pysyntax.FieldLeft), x.t.Child(n, pysyntax.FieldRight)
	l, r := x.eval(left), x.eval(right)
	if v := x.lambdaStep(l, right, r); len(v) > 0 {
		return v
	}
	if x.t.Is(left, pysyntax.String, pysyntax.ConcatenatedString) { // "%s" % order
		x.printedBy(r, n)
	}
	if between(x.t, left, right) == "%" {
		x.percent(left, r, n)
	}
	var out []*atom
	for _, a := range join(l, r) { // [..] + [..], dict | dict
		if a.kind == collection || a.kind == mapping || a.kind == tuple {
			out = append(out, a)
		}
	}
	operator := between(x.t, left, right)
	out = x.longerTuples(out, l, r, operator)
	if method, ok := operators[operator]; ok {
		if reflected := strings.Replace(method, "__", "__r", 1); !x.defines(l, []string{method}) && x.defines(r, []string{reflected}) { // orders | names
			return x.special(r, []value{l}, n, reflected)
		}
		return join(out, x.special(l, []value{r}, n, method))
	}
	return value(out)
}

// longerTuples is out, what containers on both sides of an operator have together, where that makes another tuple: (orders,) + (items,)
// has the places of both, as long as they are known and few. Of any other `+` or `*` any element may stand at any place.
func (x *interp) longerTuples(out, l, r value, operator string) value {
	if operator != "+" && operator != "*" || !slices.ContainsFunc(out, func(a *atom) bool { return a.kind == tuple }) {
		return out
	}
	if operator == "+" && len(l) == 1 && len(r) == 1 && l[0].kind == tuple && r[0].kind == tuple && len(l[0].elems)+len(r[0].elems) <= maxInPlaces {
		return x.a.t.tuple(slices.Concat(l[0].elems, r[0].elems), nil)
	}
	var all value
	for _, a := range out {
		if a.kind == tuple {
			all = join(all, x.a.t.collection(x.elements(one(a))))
		} else {
			all = join(all, one(a))
		}
	}
	return all
}

// augmented is `total += order`, which is a method of what stands on its left, where that has one.
func (x *interp) augmented(n pysyntax.Node) value {
	left, right := x.t.Child(n, pysyntax.FieldLeft), x.t.Child(n, pysyntax.FieldRight)
	l, r := x.eval(left), x.eval(right)
	operator := strings.TrimSuffix(strings.TrimSpace(string(x.t.Source()[x.t.End(left):x.t.Start(right)])), "=")
	x.registerMore(left, operator, r)
	v := x.longerTuples(join(l, r), l, r, operator)
	if stepped := x.lambdaStep(l, right, r); len(stepped) > 0 {
		v = stepped
	}
	if method, ok := operators[operator]; ok {
		inPlace := strings.Replace(method, "__", "__i", 1)
		if x.defines(l, []string{inPlace, method}) {
			v = join(l, x.special(l, []value{r}, n, inPlace, method))
		}
	}
	x.assign(left, v, n)
	return v
}
