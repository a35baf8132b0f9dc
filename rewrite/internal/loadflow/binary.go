package loadflow

import (
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
	if method, ok := operators[strings.TrimSpace(string(x.t.Source()[x.t.End(left):x.t.Start(right)]))]; ok {
		return join(out, x.special(l, []value{r}, n, method))
	}
	return value(out)
}

// augmented is `total += order`, which is a method of what stands on its left, where that has one.
func (x *interp) augmented(n pysyntax.Node) value {
	left, right := x.t.Child(n, pysyntax.FieldLeft), x.t.Child(n, pysyntax.FieldRight)
	l, r := x.eval(left), x.eval(right)
	operator := strings.TrimSuffix(strings.TrimSpace(string(x.t.Source()[x.t.End(left):x.t.Start(right)])), "=")
	x.registerMore(left, operator, r)
	v := join(l, r)
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
