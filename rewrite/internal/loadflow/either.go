package loadflow

import (
	"cmp"
	"slices"
	"strings"

	"github.com/lazyfix/lazyfix/rewrite/internal/pysyntax"
)

// Expressions of which only a part may be run: each part is run where the condition before it says what it does (narrow.go is for
// statements).

// conditional is `then if condition else otherwise`.
func (x *interp) conditional(n pysyntax.Node) value {
	t := x.t
	x.tested(x.eval(t.Nth(n, 1)), n)
	if holds, known := x.decided(t.Nth(n, 1)); known {
		if holds {
			return x.chosen(t.Nth(n, 0), t.Nth(n, 2), "not "+t.Text(t.Nth(n, 1)))
		}
		return x.chosen(t.Nth(n, 2), t.Nth(n, 0), t.Text(t.Nth(n, 1)))
	}
	then, condition, otherwise := t.Nth(n, 0), t.Nth(n, 1), t.Nth(n, 2)
	var given, instead value
	holds, fails, listed := x.byListed(x.env, condition)
	if !listed {
		holds, fails, listed = x.byDict(x.env, condition)
	}
	if !listed && x.mentionsListed(x.env, condition) {
		holds, fails = x.byMapper(x.env, condition)
		listed = true
	}
	if listed {
		defer func(e env) { x.env = e }(x.env)
		x.env = holds
	}
	x.knowing(x.isLoaded(condition, true), func() {
		given = x.instead(x.withoutLoader(condition, true, then), x.paramNamed(otherwise))
	})
	if listed {
		x.env = fails
	}
	x.knowing(x.isLoaded(condition, false), func() {
		instead = x.instead(x.withoutLoader(condition, false, otherwise), x.paramNamed(then))
	})
	return join(given, instead)
}

// chosen is the one of two expressions that a condition decides for. Where the other adds loader options, what the author keeps back
// for the sake of it is told, as ifStatement does.
func (x *interp) chosen(taken, other pysyntax.Node, unless string) value {
	out := x.eval(taken)
	if x.bringsLoaders(other) {
		before := x.withheld
		x.withheld = cmp.Or(before, unless)
		out = join(out, x.eval(other))
		x.withheld = before
	}
	return out
}

// booleanOperator is `left or right`, or `left and right`.
func (x *interp) booleanOperator(left, right pysyntax.Node) value {
	if x.keyInstead(left, right) {
		x.eval(left)
		return x.quiet(right)
	}
	return x.either(left, right)
}

// keyInstead reports whether right is asked only where the foreign key beside it is missing, so that its read finds
// nothing to load: `job.project_id or job.project.id`.
func (x *interp) keyInstead(left, right pysyntax.Node) bool {
	t := x.t
	name := t.Text(t.Child(left, pysyntax.FieldAttribute))
	key, ok := strings.CutSuffix(name, "_id")
	if t.Kind(left) != pysyntax.Attribute || !ok || t.Kind(right) != pysyntax.Attribute {
		return false
	}
	return strings.HasPrefix(t.Text(right), t.Text(t.Child(left, pysyntax.FieldObject))+"."+key+".")
}

// either is `left or right`, or `left and right`, which is right or nothing that has attributes or elements. In `reloaded or
// order` the new order is only there for the type checker: it was selected again.
func (x *interp) either(left, right pysyntax.Node) value {
	l := x.eval(left)
	x.tested(l, left)
	and := between(x.t, left, right) == "and"
	if !and && x.isGivenClass(left, l) {
		return l
	}
	if holds, known := x.decided(left); known && holds != and {
		return x.unasked(left, right, l, and)
	}
	var r value
	x.knowing(x.isLoaded(left, and), func() { r = x.behindListed(left, right, and) })
	if and {
		return r
	}
	if x.t.Kind(left) != pysyntax.Identifier || x.t.Kind(right) != pysyntax.Identifier {
		return join(l, x.instead(r, x.paramNamed(left)))
	}
	var out []*atom
	for _, a := range r {
		if a.kind != object || a.origin.kind != fromSave || !slices.ContainsFunc(l, func(b *atom) bool { return b.kind == object && b.class == a.class }) {
			out = append(out, a)
		}
	}
	return join(l, out)
}

// unasked is `left and right` where a flag says that left does not hold, or `left or right` where it does: right is not run, as the
// body of an if is not. Where it has loader options, what the author keeps back is told, as ifStatement does.
func (x *interp) unasked(left, right pysyntax.Node, l value, and bool) value {
	out := l
	if and { // False, None, or what is empty
		out = nil
	}
	if x.bringsLoaders(right) || spellsLoader(x.t, right) {
		unless := x.t.Text(left)
		if !and {
			unless = "not " + unless
		}
		before := x.withheld
		x.withheld = cmp.Or(before, unless)
		out = join(out, x.eval(right))
		x.withheld = before
	}
	return out
}

// isGivenClass reports whether an expression is a parameter that the call gives a class, which is true: model or Order.
func (x *interp) isGivenClass(n pysyntax.Node, v value) bool {
	f := x.u.key.fn
	if f == nil || x.t.Kind(n) != pysyntax.Identifier || len(v) != 1 || v[0].kind != classRef {
		return false
	}
	i := f.ParamIndex(x.t.Text(n))
	if i < 0 || x.a.usesOf(f)[i].set {
		return false
	}
	g := x.u.key.given(i)
	return g != nil && g.kind == classRef && g.class == v[0].class
}
