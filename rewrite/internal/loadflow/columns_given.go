package loadflow

import (
	"slices"
	"strings"

	"github.com/lazyfix/lazyfix/rewrite/internal/pymodule"
	"github.com/lazyfix/lazyfix/rewrite/internal/pysyntax"
)

// A function may be told which columns to load:
//
//	async def get(session, key, *fields):
//		return await session.scalar(select(Order).where(Order.id == key).options(load_only(*fields)))
//
// What a call of it names is what its objects have; also of a list, fields=[Order.number], and where the caller hands on what its own
// parameter brings. Where it gives none it is what the parameter has by default, fields=(Order.number,). In the function itself, and where a call gives no columns or such as are not seen, they count as all.
//
// Limits: strings, load_only(*[getattr(Order, name) for name in fields]), and columns beside the parameter.

// spreadAlone is the name that is spread as the only argument of a call, Nil for any other.
func spreadAlone(t *pysyntax.Tree, call pysyntax.Node) pysyntax.Node {
	args := slices.Collect(t.Children(t.Child(call, pysyntax.FieldArguments)))
	if len(args) != 1 || t.Kind(args[0]) != pysyntax.ListSplat || t.Kind(t.First(args[0])) != pysyntax.Identifier {
		return pysyntax.Nil
	}
	return t.First(args[0])
}

// columnsOfCallers notes the classes of the columns that calls give to such functions.
func (a *analysis) columnsOfCallers(out *leavingOut) {
	if len(out.givers) == 0 {
		return
	}
	for _, m := range a.g.Modules {
		t := m.Tree
		for n := range t.Within(t.Root()) {
			if t.Kind(n) != pysyntax.Attribute || !slices.ContainsFunc(callsAround(t, n), func(name string) bool { return slices.Contains(out.givers, name) }) &&
				!slices.Contains(out.givers, defaultOf(t, n)) {
				continue
			}
			if s := a.g.ResolveAt(m, t.Child(n, pysyntax.FieldObject)); s.Kind == pymodule.ClassSymbol && a.ix.Class(s.Class) != nil {
				out.named = appendOnce(out.named, s.Class)
			}
		}
	}
}

// callsAround are the names of the functions among whose arguments a node stands.
func callsAround(t *pysyntax.Tree, n pysyntax.Node) []string {
	var out []string
	for up := t.Parent(n); up != pysyntax.Nil && !t.Is(up, pysyntax.FunctionDefinition, pysyntax.Module); up = t.Parent(up) {
		if t.Kind(up) == pysyntax.Call && !t.Contains(t.Child(up, pysyntax.FieldFunction), n) {
			out = append(out, pymodule.Last(t.Text(t.Child(up, pysyntax.FieldFunction))))
		}
	}
	return out
}

// defaultOf is the name of the function in the default of whose parameter a node stands, "" where it stands in none.
func defaultOf(t *pysyntax.Tree, n pysyntax.Node) string {
	p := t.Enclosing(n, pysyntax.DefaultParameter, pysyntax.TypedDefaultParameter, pysyntax.Block)
	if !t.Is(p, pysyntax.DefaultParameter, pysyntax.TypedDefaultParameter) {
		return ""
	}
	return t.Text(t.Child(t.Enclosing(p, pysyntax.FunctionDefinition), pysyntax.FieldName))
}

// columnsGiven is load_only() of a parameter, after a call that brings its columns.
func (x *interp) columnsGiven(a *atom, f *pymodule.Function, call pysyntax.Node) []*atom {
	o := *a.opt
	o.instead, o.param, o.columns = nil, 0, false
	names, class, from := x.columnsOfCall(f, a.opt.param, call)
	if i := x.paramNamed(from); i >= 0 {
		o.instead, o.param, o.columns = x.u.key, i, true
	}
	if len(names) > 0 {
		o.rows = slices.Clone(o.rows)
		for i := range o.rows {
			if o.rows[i].by == "load_only" && o.rows[i].names == anyColumn {
				o.rows[i].names, o.rows[i].of = strings.Join(names, ","), class
			}
		}
	}
	return []*atom{x.a.t.option(&o)}
}

// columnsOfCall are the columns that a call gives for a parameter, none where they are not seen; or the name that it hands on.
func (x *interp) columnsOfCall(f *pymodule.Function, param int, call pysyntax.Node) (names []string, class *pymodule.Class, from pysyntax.Node) {
	t := x.t
	if t.Kind(call) != pysyntax.Call || f == nil || param >= len(f.Params) {
		return nil, nil, pysyntax.Nil
	}
	given, list := x.positionalFrom(f, param, call), argumentFor(t, f, param, call)
	if f.Params[param].Kind != pymodule.Star {
		given = nil
		if list != pysyntax.Nil {
			given = []pysyntax.Node{list}
		}
		if list == pysyntax.Nil && !x.hasSplat(call) && !x.a.usesOf(f)[param].set && f.Module.Tree.Is(f.Params[param].Default, pysyntax.Tuple, pysyntax.List) {
			return x.columnsSpelled(f.Module, slices.Collect(f.Module.Tree.Children(f.Params[param].Default)))
		}
	} else if list = pysyntax.Nil; len(given) == 1 && t.Kind(given[0]) == pysyntax.ListSplat {
		list = t.First(given[0])
	}
	if list != pysyntax.Nil {
		if x.paramNamed(list) >= 0 {
			return nil, nil, list
		}
		spread := x.a.listSpread(x.m, list)
		if spread == pysyntax.Nil {
			return nil, nil, pysyntax.Nil
		}
		given = slices.Collect(t.Children(spread))
	}
	return x.columnsSpelled(x.m, given)
}

// columnsSpelled are the columns that expressions spell, none where one of them is anything else.
func (x *interp) columnsSpelled(m *pymodule.Module, given []pysyntax.Node) (names []string, class *pymodule.Class, from pysyntax.Node) {
	t := m.Tree
	for _, arg := range given {
		if t.Kind(arg) == pysyntax.Comment {
			continue
		}
		s := x.a.g.ResolveAt(m, t.Child(arg, pysyntax.FieldObject))
		if t.Kind(arg) != pysyntax.Attribute || s.Kind != pymodule.ClassSymbol || x.a.ix.Class(s.Class) == nil {
			return nil, nil, pysyntax.Nil
		}
		names, class = append(names, t.Text(t.Child(arg, pysyntax.FieldAttribute))), s.Class
	}
	return names, class, pysyntax.Nil
}

// positionalFrom are the arguments of a call that go to *fields, the parameter at a place.
func (x *interp) positionalFrom(f *pymodule.Function, param int, call pysyntax.Node) []pysyntax.Node {
	t, next := x.t, 0
	if isMethod(f) {
		next = 1
	}
	var out []pysyntax.Node
	for c := range t.Children(t.Child(call, pysyntax.FieldArguments)) {
		if t.Is(c, pysyntax.KeywordArgument, pysyntax.DictionarySplat, pysyntax.Comment) {
			continue
		}
		if next++; next > param {
			out = append(out, c)
		}
	}
	return out
}
