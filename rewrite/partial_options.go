package rewrite

import (
	"slices"

	"github.com/lazyfix/lazyfix/rewrite/internal/loadflow"
	"github.com/lazyfix/lazyfix/rewrite/internal/pyedit"
	"github.com/lazyfix/lazyfix/rewrite/internal/pymodule"
	"github.com/lazyfix/lazyfix/rewrite/internal/pysyntax"
)

// A partial may give the loader options already: get_order = partial(get, Order, options=[selectinload(Order.items)]). What a call by
// it gives replaces them, or is a second value for one parameter, a TypeError. So further options go into the list of the partial.

// givenByPartial says why a call cannot be given options by the name of its parameter, since a partial of what it calls gives some,
// or gives so much by position that what stands at the call may be some. "" where it can.
func (p *program) givenByPartial(s *loadflow.Site) string {
	calls := p.flow.Calls(s)
	switch {
	case s.Param == "" || calls.Before == 0 && len(calls.Given) == 0:
		return ""
	case slices.Contains(calls.Given, s.Param):
		return "its call is by a partial that gives " + s.Param + "= already, which options of the call would replace"
	case s.ParamIndex >= 0 && calls.Before > 0 && len(pyedit.Positional(s.Module.Tree, s.Node))+calls.Before > s.ParamIndex:
		return "its call is by a partial, behind which it may give " + s.Param + " by position"
	}
	return ""
}

// partialTarget makes the list of the one partial that gives the options the target, done where a partial gives them, or why it cannot.
// What the call gives by name itself counts instead. A list of a module or a class is made where that is imported: it takes a further
// option of the class that an option in it begins at, and nothing deeper, which names what may not be there yet.
func (p *program) partialTarget(t *target, d *loadflow.Demand, name string) (done bool, why string) {
	why = p.givenByPartial(d.Site)
	if why == "" || d.Site.Module.Tree.Keyword(d.Site.Node, name) != pysyntax.Nil {
		return false, ""
	}
	var found *loadflow.Option
	list := pysyntax.Nil
	for _, o := range d.Options {
		at := p.partialList(o, name)
		if at == pysyntax.Nil || found != nil && (o.Module != found.Module || at != list) || p.editable(o.Module, at) != "" {
			return true, why
		}
		found, list = o, at
	}
	if found == nil || !p.flow.Calls(d.Site).OnlyPartial() || found.Func == nil && !besideOption(d, found) {
		return true, why
	}
	t.form, t.module, t.function, t.node = listTarget, found.Module, found.Func, list
	return true, ""
}

// besideOption reports whether all that a demand needs is one step from the class that an option begins at.
func besideOption(d *loadflow.Demand, o *loadflow.Option) bool {
	return !slices.ContainsFunc(d.Needs, func(need *loadflow.Need) bool {
		return len(need.Steps) != 1 || need.Steps[0].Class != o.Steps[0].Class
	})
}

// partialList is the list or tuple in which an option stands, where functools.partial is given it by a name.
func (p *program) partialList(o *loadflow.Option, name string) pysyntax.Node {
	t := o.Module.Tree
	list := t.Parent(o.Node)
	given := t.Parent(list)
	if !t.Is(list, pysyntax.List, pysyntax.Tuple) || t.Kind(given) != pysyntax.KeywordArgument || t.Text(t.Child(given, pysyntax.FieldName)) != name {
		return pysyntax.Nil
	}
	called, _ := pymodule.DottedName(t, t.Child(t.Parent(t.Parent(given)), pysyntax.FieldFunction))
	switch p.graph.ResolveIn(o.Module, nil, o.Func, called).External {
	case "functools.partial", "functools.partialmethod":
		return list
	}
	return pysyntax.Nil
}
