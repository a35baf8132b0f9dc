package rewrite

import (
	"github.com/lazyfix/lazyfix/rewrite/internal/loadflow"
	"github.com/lazyfix/lazyfix/rewrite/internal/pymodule"
	"github.com/lazyfix/lazyfix/rewrite/internal/pysyntax"
)

// A loader may be made for whatever relationship the function is told:
//
//	def listing(session, field):
//	    return session.scalars(select(Order).options(selectinload(field)))
//
// For one call that is Order.customer, for the next Order.items: behind selectinload(field) nothing can stand that is read of customers,
// since SQLAlchemy refuses it where items are loaded. What is read there starts at defaultload(Order.customer), beside it.

// saysStep reports whether an option itself says by name which relationship its last step is.
func saysStep(o *loadflow.Option) bool {
	t := o.Module.Tree
	n := o.Node
	for t.Kind(n) == pysyntax.Call && !loadflow.IsLoader(pymodule.Last(t.Text(t.Child(n, pysyntax.FieldFunction)))) {
		n = t.Child(t.Child(n, pysyntax.FieldFunction), pysyntax.FieldObject) // .load_only(...) behind it
	}
	return len(o.Steps) > 0 && saysIn(o, n, o.Steps[len(o.Steps)-1].Rel.Name)
}

// saysIn reports whether the call of a loader, of an option, says by name which relationship its last argument is.
func saysIn(o *loadflow.Option, loader pysyntax.Node, name string) bool {
	t, last := o.Module.Tree, pysyntax.Nil
	for arg := range t.Children(t.Child(loader, pysyntax.FieldArguments)) { // joinedload(Order.items, Item.product)
		if !t.Is(arg, pysyntax.KeywordArgument, pysyntax.Comment) {
			last = arg
		}
	}
	return says(o, last, name)
}

// says reports whether an expression is the relationship by a name, whoever calls the function.
func says(o *loadflow.Option, n pysyntax.Node, name string) bool {
	t := o.Module.Tree
	switch n = pymodule.Uncast(t, n); t.Kind(n) {
	case pysyntax.Attribute:
		return t.Text(t.Child(n, pysyntax.FieldAttribute)) == name
	case pysyntax.ParenthesizedExpression:
		return says(o, t.First(n), name)
	case pysyntax.Identifier:
		return o.Func == nil || !o.Func.Binds(t.Text(n)) || saysVariable(o, t.Text(n), name)
	case pysyntax.Call:
		fn, args := t.Child(n, pysyntax.FieldFunction), t.Child(n, pysyntax.FieldArguments)
		switch pymodule.Last(t.Text(fn)) {
		case "getattr":
			return pymodule.StringValue(t, t.Nth(args, 1)) == name
		case "col":
			return says(o, t.First(args), name)
		case "of_type", "and_":
			return says(o, t.Child(fn, pysyntax.FieldObject), name)
		}
	}
	return false
}

// saysVariable reports whether a variable of the option's function is given the relationship by a name once, and nothing else.
func saysVariable(o *loadflow.Option, variable, name string) bool {
	t, once := o.Module.Tree, false
	for n := range t.Within(o.Func.Body) {
		if t.Kind(n) != pysyntax.Identifier || t.Text(n) != variable || t.Field(n) != pysyntax.FieldLeft {
			continue
		}
		given := t.Child(t.Parent(n), pysyntax.FieldRight)
		if once || t.Kind(t.Parent(n)) != pysyntax.Assignment || t.Kind(given) == pysyntax.Identifier || !says(o, given, name) {
			return false
		}
		once = true
	}
	return once && o.Func.ParamIndex(variable) < 0
}
