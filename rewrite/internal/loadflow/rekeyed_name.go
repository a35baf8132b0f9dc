package loadflow

import (
	"iter"
	"slices"
	"strconv"

	"github.com/lazyfix/lazyfix/rewrite/internal/pymodule"
	"github.com/lazyfix/lazyfix/rewrite/internal/pysyntax"
)

// Keys that are set by names which are data:
//
//	for name, value in data.model_dump().items():
//	    setattr(order, name, value)
//
// The names are those of the fields of what is dumped, or the keys of a dictionary. Of a parameter the caller says them:
//
//	def update(order, values):            update(order, {"customer_id": 2})
//	    for name in values: ...           update(order, data.model_dump())
//
// Where nothing tells the names, no key counts as set: most updates set none.

// saidIn are the expressions that say the names which a setattr() sets: what its loop goes over, and its value, as in
// setattr(order, name, values[name]).
func (x *interp) saidIn(set pysyntax.Node) []pysyntax.Node {
	loop := x.t.Enclosing(set, pysyntax.ForStatement, pysyntax.FunctionDefinition)
	if x.t.Kind(loop) != pysyntax.ForStatement {
		return nil
	}
	said := []pysyntax.Node{x.t.Child(loop, pysyntax.FieldRight)}
	last := x.t.Last(x.t.Child(set, pysyntax.FieldArguments))
	if x.t.Is(last, pysyntax.Subscript, pysyntax.Call) {
		said = append(said, last)
	}
	return said
}

// setNamed is what setting columns of an object means that expressions of this unit name. It gives the object as it is then.
func (x *interp) setNamed(a *atom, holder string, said []pysyntax.Node, at pysyntax.Node) *atom {
	if len(said) == 0 {
		return a
	}
	before := a
	for _, r := range x.a.ix.All(a.class) {
		if columns := x.a.ix.KeyColumns(a.class, r); goesByKey(r) && x.canSayAny(said, columns) {
			x.noteSet(a, r.Name, setsKey)
			a = x.rekey(a, r.Name, change{holder: holder, sure: !x.fillsInBranch(said, columns), node: at})
		}
	}
	for _, n := range said {
		for i := range x.namers(n) {
			x.noteSet(before, strconv.Itoa(i), setsNamed)
			a = x.nameLater(a, holder, i, at)
		}
	}
	return a
}

// namers are the parameters in an expression whose names the callers say.
func (x *interp) namers(said pysyntax.Node) map[int]bool {
	out := map[int]bool{}
	if x.u.key.fn == nil {
		return out
	}
	for n := range identifiersIn(x.t, said) {
		for _, expression := range append(x.givenBy(n), n) {
			for name := range identifiersIn(x.t, expression) {
				i := x.u.key.fn.ParamIndex(x.t.Text(name))
				if i >= 0 && !slices.ContainsFunc(x.env[x.t.Text(name)], func(a *atom) bool { return a.kind == instance }) {
					out[i] = true
				}
			}
		}
	}
	return out
}

// identifiersIn are the names in an expression, without those of attributes and keywords; the expression itself where it is one.
func identifiersIn(t *pysyntax.Tree, expression pysyntax.Node) iter.Seq[pysyntax.Node] {
	return func(yield func(pysyntax.Node) bool) {
		for n := range t.Within(expression) {
			inside := t.Field(n) == pysyntax.FieldAttribute || t.Field(n) == pysyntax.FieldName
			if t.Kind(n) == pysyntax.Identifier && (n == expression || !inside) && !yield(n) {
				return
			}
		}
	}
}

func (x *interp) canSayAny(said []pysyntax.Node, columns []string) bool {
	return slices.ContainsFunc(columns, func(column string) bool {
		return slices.ContainsFunc(said, func(n pysyntax.Node) bool { return x.canSay(n, column) })
	})
}

// canSay reports whether an expression may have a column among its names.
func (x *interp) canSay(said pysyntax.Node, column string) bool {
	t := x.t
	if x.dumps(said, column) || hasKey(t, said, column) {
		return true
	}
	if t.Kind(said) == pysyntax.Identifier {
		// Of data.model_dump(exclude={"customer_id"}) the call says it.
		return t.Kind(t.Parent(said)) != pysyntax.Attribute && hasField(x.quiet(said), column) || x.fill(said, column) != pysyntax.Nil ||
			slices.ContainsFunc(x.givenBy(said), func(given pysyntax.Node) bool {
				return x.dumps(given, column) || hasKey(t, given, column) || isDict(t, given) && t.Keyword(given, column) != pysyntax.Nil
			})
	}
	for c := range t.Children(said) {
		switch {
		case t.Kind(said) == pysyntax.Dictionary && t.Kind(c) != pysyntax.DictionarySplat: // what a value is made of is no name
		case t.Field(c) != pysyntax.FieldAttribute && t.Field(c) != pysyntax.FieldName && x.canSay(c, column):
			return true
		}
	}
	return false
}

func hasKey(t *pysyntax.Tree, dictionary pysyntax.Node, key string) bool {
	return t.Kind(dictionary) == pysyntax.Dictionary && itemOf(t, dictionary, key) != pysyntax.Nil
}

// hasField reports whether the class of some data has a field.
func hasField(v value, column string) bool {
	return slices.ContainsFunc(v, func(a *atom) bool {
		return a.kind == instance && a.class.Field(column) != nil
	})
}

// dumps reports whether a call is data.model_dump() or its like, and what it gives may have the column.
func (x *interp) dumps(call pysyntax.Node, column string) bool {
	t := x.t
	fn := t.Child(call, pysyntax.FieldFunction)
	if t.Kind(call) != pysyntax.Call || t.Kind(fn) != pysyntax.Attribute {
		return false
	}
	names := func(n pysyntax.Node) bool {
		return t.Spells(n, column)
	}
	if in := t.Keyword(call, "include"); names(t.Keyword(call, "exclude")) || t.Is(in, pysyntax.Set, pysyntax.Dictionary) && !names(in) {
		return false
	}
	return hasField(x.quiet(t.Child(fn, pysyntax.FieldObject)), column)
}

// nameArguments notes the keys of the caller's object a that a called function sets by the names in its parameter.
func (x *interp) nameArguments(a *atom, f *pymodule.Function, param int, call pysyntax.Node) {
	keywords, said := saidTo(x.t, f, param, call)
	for _, name := range keywords {
		x.nameKeyword(a, name, call)
		x.setCollection(a, f, name, call)
	}
	x.setNamed(a, result, said, call)
	for _, n := range said {
		if !x.saidByCallers(a, n) {
			entries, _ := parts(x.quiet(n))
			for _, e := range entries {
				x.setCollection(a, f, e.name, call)
			}
		}
	}
}

// saidTo are the keywords of a call for a parameter **values, and the expressions that say names otherwise.
func saidTo(t *pysyntax.Tree, f *pymodule.Function, param int, call pysyntax.Node) (keywords []string, said []pysyntax.Node) {
	if f.Params[param].Kind != pymodule.StarStar {
		if n := argumentFor(t, f, param, call); n != pysyntax.Nil {
			said = append(said, n)
		}
		return nil, said
	}
	for c := range t.Children(t.Child(call, pysyntax.FieldArguments)) {
		switch t.Kind(c) {
		case pysyntax.KeywordArgument:
			if name := t.Text(t.Child(c, pysyntax.FieldName)); f.ParamIndex(name) < 0 {
				keywords = append(keywords, name)
			}
		case pysyntax.DictionarySplat:
			said = append(said, t.First(c))
		}
	}
	return keywords, said
}

// nameKeyword is update(order, customer_id=2), whose function sets what it is given by name.
func (x *interp) nameKeyword(a *atom, column string, call pysyntax.Node) {
	for _, r := range x.a.byColumn(a.class, column) {
		x.noteSet(a, r.Name, setsKey)
		x.rekey(a, r.Name, change{holder: result, sure: true, node: call})
	}
}
