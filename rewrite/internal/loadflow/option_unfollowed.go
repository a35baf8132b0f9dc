package loadflow

import (
	"slices"

	"github.com/lazyfix/lazyfix/rewrite/internal/pymodule"
	"github.com/lazyfix/lazyfix/rewrite/internal/pysyntax"
)

// A loader may be handed to what lazyfix does not follow, deepened(joinedload(Order.items)), and come back with more steps: one that
// is added beside it may be a second loader of the same path, which SQLAlchemy refuses. The options that such a call stands
// among are not followed then. Nor are those of a loader whose relationship is not known: options that a name holds,
// [joinedload(getattr(model, r.key)) for r in inspect(model).relationships], are not none.

// unfollowed is what a call gives, or the mark of options that are not followed, where it gives nothing that is known, makes a
// loader, or is given one and stands among options.
func (x *interp) unfollowed(v value, n pysyntax.Node) value {
	if len(v) > 0 {
		return v
	}
	if x.makesLoader(n) {
		return one(x.notFollowed(n))
	}
	if !x.amongOptions(n) {
		return v
	}
	for c := range x.t.Children(x.t.Child(n, pysyntax.FieldArguments)) {
		if x.t.Kind(c) == pysyntax.KeywordArgument {
			c = x.t.Child(c, pysyntax.FieldValue)
		}
		if x.isLoaderNode(c) {
			return one(x.notFollowed(n))
		}
	}
	return v
}

// makesLoader reports whether a call is that of a loader of SQLAlchemy's, with any steps behind it.
func (x *interp) makesLoader(n pysyntax.Node) bool {
	t := x.t
	for fn := t.Child(n, pysyntax.FieldFunction); t.Is(fn, pysyntax.Identifier, pysyntax.Attribute); fn = t.Child(n, pysyntax.FieldFunction) {
		name, _ := pymodule.DottedName(t, fn)
		if s := x.a.g.Resolve(x.m, name); s.Kind == pymodule.ExternalSymbol && isSQLAlchemy(s.External) {
			return IsLoader(pymodule.Last(s.External))
		}
		if n = t.Child(fn, pysyntax.FieldObject); t.Kind(n) != pysyntax.Call {
			return false
		}
	}
	return false
}

// amongOptions reports whether an expression stands in a list, is put into one, or given to .options(); or is what a function
// gives, or a name then holds, that comes from a function of the program.
func (x *interp) amongOptions(n pysyntax.Node) bool {
	t := x.t
	up := t.Parent(n)
	for t.Is(up, pysyntax.ParenthesizedExpression, pysyntax.ListSplat, pysyntax.ParenthesizedListSplat, pysyntax.ConditionalExpression) {
		up = t.Parent(up)
	}
	switch t.Kind(up) {
	case pysyntax.List, pysyntax.Set, pysyntax.ListComprehension:
		return true
	case pysyntax.ArgumentList:
		switch pymodule.Last(t.Text(t.Child(t.Parent(up), pysyntax.FieldFunction))) {
		case "options", "append", "extend", "insert", "add":
			return true
		}
	case pysyntax.ReturnStatement, pysyntax.Assignment:
		fn := t.Child(n, pysyntax.FieldFunction)
		return t.Is(fn, pysyntax.Identifier, pysyntax.Attribute) && slices.ContainsFunc(x.quiet(fn), isFunction)
	}
	return false
}

// isLoaderNode reports whether a name holds a loader, or an expression spells one.
func (x *interp) isLoaderNode(n pysyntax.Node) bool {
	switch x.t.Kind(n) {
	case pysyntax.Identifier:
		return slices.ContainsFunc(x.quiet(n), func(a *atom) bool {
			return a.kind == option && !a.opt.told && a.opt.path != nil || isOptionParam(a) && a.then != nil
		})
	case pysyntax.Call:
		return IsLoader(pymodule.Last(x.t.Text(x.t.Child(n, pysyntax.FieldFunction))))
	}
	return false
}
