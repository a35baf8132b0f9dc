package rewrite

import (
	"bytes"
	"slices"
	"strings"

	"github.com/lazyfix/lazyfix/edits"
	"github.com/lazyfix/lazyfix/rewrite/internal/loadflow"
	"github.com/lazyfix/lazyfix/rewrite/internal/pyedit"
	"github.com/lazyfix/lazyfix/rewrite/internal/pymodule"
	"github.com/lazyfix/lazyfix/rewrite/internal/pysyntax"
)

// A query that serves several models, select(self.model) in a generic repository, takes no option of one of them. Where
// the function that runs it takes no loader options from its callers, it is given a parameter for them: keyword-only and
// empty by default, so that every other call means what it meant.

// cannotOpen says why a shared function cannot be given that parameter, "" when it can.
func (p *program) cannotOpen(call *loadflow.Site) string {
	via := nextSite(call)
	if via == nil || via.Function == nil {
		return "its query serves several models"
	}
	f := via.Function
	why := "its query in " + call.Via.Function.Qual + " serves several models and takes no loader options"
	switch {
	case f.Outer != nil && takesOptions(f.Outer):
		return "its query in " + call.Via.Function.Qual + " serves several models, and takes the loader options that " + f.Outer.Name + "() is given"
	case via.ImportTime, f.Outer != nil && (f.Class == nil || f.Class.Function != f.Outer): // a method of a class that it makes is one
		return why
	case takesOptions(f):
		if isPassedOn(via) { // as it said before a run opened the function for another of its ways
			if refused := p.cannotPassOn(via, why); refused != "" {
				return refused
			}
		}
		return why + " on this way"
	case p.optionsParameter(f) == "":
		return why + ": it uses the name options for something else"
	case keywords(f) >= 0 && p.isGiven(f.Name, p.optionsParameter(f), true):
		return why + ": a call gives its keywords " + p.optionsParameter(f) + " that may mean something else"
	case !p.goesBy(f, p.calledBy(call, f)) && !p.callsValue(call, f):
		return why // the call reaches it by another function, which would have to pass the options on
	case p.editable(f.Module, f.Node) != "":
		return why + " (" + p.editable(f.Module, f.Node) + ")"
	case via.Kind == loadflow.GetSite && (givesUnseen(f, via.Node, "options") || p.givesByOtherName(f, via.Node)):
		return why + ": its call may be given some by what stands behind **"
	case p.askedBy(f) != "":
		return why + ", and " + p.askedBy(f)
	case superCall(f) != pysyntax.Nil && keepsGiven(f, superCall(f)):
		return why + ", and " + f.Qual + " keeps what super() gives it"
	case superCall(f) != pysyntax.Nil && p.handsToUnseen(f):
		return why + ", and " + f.Qual + " calls what it overrides in a base that is not known"
	}
	if other := p.besides(call, f); other != nil {
		return callsToo(other)
	}
	if isPassedOn(via) {
		if refused := p.cannotPassOn(via, why); refused != "" {
			return refused
		}
	}
	for _, d := range f.Decorators {
		if !p.handsOn(f, d) {
			return why + ", and its decorator " + f.Module.Tree.Text(d) + " would not just pass them on"
		}
	}
	return ""
}

// goesBy reports whether a function is what a call by a name reaches: by its own, or by another that its class gives it and no
// subclass gives to something else, one = _one.
func (p *program) goesBy(f *pymodule.Function, name string) bool {
	other := func(c *pymodule.Class) bool { return p.graph.ClassMember(c, name).Function != f }
	return name == f.Name || f.Class != nil && !other(f.Class) && !slices.ContainsFunc(p.graph.Subclasses(f.Class), other)
}

// takesOptions reports whether a function hands a parameter on as loader options already, if not on each way: if options:
// select(...).options(*options), and session.get() without. It needs no second parameter for them.
func takesOptions(f *pymodule.Function) bool {
	t := f.Module.Tree
	given := func(n pysyntax.Node) bool {
		if t.Is(n, pysyntax.ListSplat, pysyntax.ParenthesizedListSplat) {
			n = t.First(n)
		}
		return t.Kind(n) == pysyntax.Identifier && f.ParamIndex(t.Text(n)) >= 0
	}
	for n := range t.Within(f.Body) {
		switch t.Kind(n) {
		case pysyntax.Call:
			if t.Text(t.Child(t.Child(n, pysyntax.FieldFunction), pysyntax.FieldAttribute)) != "options" {
				continue
			}
			for arg := range t.Children(t.Child(n, pysyntax.FieldArguments)) {
				if given(arg) {
					return true
				}
			}
		case pysyntax.KeywordArgument:
			if t.Text(t.Child(n, pysyntax.FieldName)) == "options" && given(t.Child(n, pysyntax.FieldValue)) {
				return true
			}
		}
	}
	return false
}

// optionsParameter is a name for the parameter that means nothing else in the function, nor among the keywords that it takes for
// columns or asks for by name, "" when there is none.
func (p *program) optionsParameter(f *pymodule.Function) string {
	return p.parameters.get(f, func() string {
		for _, name := range []string{"options", "loader_options"} {
			if !usesName(f, name) && !(keywords(f) >= 0 && p.isColumn(name)) {
				return name
			}
		}
		return ""
	})
}

// usesName reports whether a function has a name, or asks its keywords for it.
func usesName(f *pymodule.Function, name string) bool {
	t := f.Module.Tree
	for n := range t.Within(f.Node) {
		switch {
		case t.Kind(n) == pysyntax.String && keywords(f) >= 0 && pymodule.StringValue(t, n) == name:
			return true
		case t.Kind(n) != pysyntax.Identifier || t.Text(n) != name || t.Field(n) == pysyntax.FieldAttribute:
		case t.Field(n) == pysyntax.FieldName && t.Kind(t.Parent(n)) == pysyntax.KeywordArgument:
		default:
			return true
		}
	}
	return false
}

// routeDecorators, of whatever router, command line or queue, have a framework call what they decorate.
var routeDecorators = []string{
	"get", "post", "put", "patch", "delete", "head", "options", "trace", "route", "api_route", "websocket", "handler", "command",
	"callback", "task", "actor", "job", "tool", "query", "mutation", "subscription", "field", "resolver", "message", "callback_query", "action",
}

// handsOn reports whether a decorator gives a keyword argument that is new to the function it decorates. What caches would
// make a part of its key of it. What is not in the program is taken to.
func (p *program) handsOn(f *pymodule.Function, decorator pysyntax.Node) bool {
	t := f.Module.Tree
	name, _ := pymodule.DottedName(t, t.Callee(decorator))
	symbol := p.graph.Resolve(f.Module, name)
	if last := strings.ToLower(pymodule.Last(name)); strings.Contains(last, "cache") || strings.Contains(last, "memo") || slices.Contains(routeDecorators, last) ||
		readsParameters(name, symbol) {
		return false
	}
	d := symbol.Function
	if d == nil { // a class, or a method of an object, of the program is not looked into
		return symbol.Kind != pymodule.ClassSymbol && symbol.Kind != pymodule.VariableSymbol
	}
	t = d.Module.Tree
	if p.readsDecorated(d) {
		return false
	}
	keywords, wraps := "", false
	for n := range t.Within(d.Body) {
		switch t.Kind(n) {
		case pysyntax.FunctionDefinition:
			wraps = true
		case pysyntax.DictionarySplatPattern:
			keywords = t.Text(t.First(n))
		}
	}
	if !wraps {
		return true
	}
	return keywords != "" && !looksAt(t, d, keywords)
}

// looksAt reports whether code does more with the keywords that came in than to hand them on to what it decorates, or to log them:
// as part of a cache's key, loader options fail, or never are the same.
func looksAt(t *pysyntax.Tree, d *pymodule.Function, keywords string) bool {
	for n := range t.Within(d.Body) {
		if t.Kind(n) != pysyntax.Identifier || t.Text(n) != keywords || t.Kind(t.Parent(n)) == pysyntax.DictionarySplatPattern ||
			t.Field(n) == pysyntax.FieldAttribute { // **kwargs: P.kwargs
			continue
		}
		call := t.Enclosing(n, pysyntax.Call, pysyntax.ExpressionStatement, pysyntax.Assignment)
		fn := t.Text(t.Child(call, pysyntax.FieldFunction))
		decorated := t.Kind(t.Parent(n)) == pysyntax.DictionarySplat && isParameterAround(t, call, fn)
		root, _, _ := strings.Cut(strings.TrimPrefix(fn, "self."), ".")
		logs := fn == "print" || fn != root && slices.Contains([]string{"log", "logger", "_logger", "logging"}, root)
		if t.Kind(call) != pysyntax.Call || !decorated && !logs {
			return true
		}
	}
	return false
}

// isParameterAround reports whether a name is a parameter of one of the functions around a node.
func isParameterAround(t *pysyntax.Tree, n pysyntax.Node, name string) bool {
	for f := t.Enclosing(n, pysyntax.FunctionDefinition); f != pysyntax.Nil; f = t.Enclosing(f, pysyntax.FunctionDefinition) {
		if t.Names(t.Child(f, pysyntax.FieldParameters), name) {
			return true
		}
	}
	return false
}

// openFunction gives the function of a query the parameter, and its statement, or the call on the way to it, the options that
// come by it.
func (p *program) openFunction(via *loadflow.Site) ([]elsewhere, error) {
	f := via.Function
	by := parameter{p.optionsParameter(f), p.noOptions(via)}
	part, err := p.addParameter(f, by)
	if err != nil {
		return nil, err
	}
	parts := []elsewhere{part}
	stubs, overrides := p.family(f)
	for _, stub := range stubs {
		declared, err := p.addParameter(stub, by)
		if err != nil {
			return nil, err
		}
		parts = append(parts, declared)
	}
	taken, err := p.giveFakes(p.fakes(f), by)
	if err != nil {
		return nil, err
	}
	parts = append(parts, taken...)
	if via.Kind == loadflow.GetSite {
		taken, err := p.giveFakes(p.sessionFakes(calledName(via)), parameter{"options", "()"})
		if err != nil {
			return nil, err
		}
		parts = append(parts, taken...)
	}
	for _, o := range overrides {
		passed, err := p.passToSuper(o, by)
		if err != nil {
			return nil, err
		}
		parts = append(parts, passed)
	}
	inner, err := p.giveOn(via, by)
	return append(parts, inner...), err
}

// giveOn gives the statement of a query, or the call on the way to it, the options that come by a parameter of its function.
func (p *program) giveOn(via *loadflow.Site, by parameter) (parts []elsewhere, err error) {
	t, style := via.Module.Tree, p.styles.of(via.Module)
	var e []edits.Edit
	_, gets := p.handing[targetKey{keywordTarget, via.Module, via.Node}]
	switch {
	case via.Kind == loadflow.GetSite:
		e, err = pyedit.SetKeyword(t, via.Node, "options", besideGiven(t, via.Node, "options", by), style)
	case isPassedOn(via):
		if closesOver(via) {
			return p.giveOn(nextSite(via), by)
		}
		taken := via.Param
		if taken == "" {
			next := nextSite(via)
			if parts, err = p.openFunction(next); err != nil {
				return nil, err
			}
			taken = p.optionsParameter(next.Function)
		}
		if !gets {
			e, err = p.handOn(via, taken, by)
		}
	default:
		e, err = pyedit.AddOptions(t, via.Node, []string{"*" + by.name}, style)
	}
	return append(parts, elsewhere{module: via.Module, edits: e}), err
}

// parameter is one for loader options: how it is called, and what stands for none.
type parameter struct{ name, none string }

// spread is what it brings, in a list.
func (p parameter) spread() string {
	if p.none == "None" {
		return "*(" + p.name + " or ())"
	}
	return "*" + p.name
}

// addParameter gives a function a keyword-only parameter for loader options, none by default. It goes without a type where a name
// of the type means something else in the module.
func (p *program) addParameter(f *pymodule.Function, by parameter) (elsewhere, error) {
	part := elsewhere{module: f.Module}
	text := by.name + "=" + by.none
	if typed := annotationOf(f, by.none); typed != "" {
		if needs, free := p.importsOfType(f.Module); free {
			text, part.top = by.name+": "+typed+" = "+by.none, needs
		}
	}
	e, err := pyedit.AddKeywordParameter(f.Module.Tree, f.Node, text, p.styles.of(f.Module))
	part.edits = e
	return part, err
}

// importsOfType are what a module needs to name the type; false where it has its names for something else.
func (p *program) importsOfType(m *pymodule.Module) (needs []pyedit.Import, free bool) {
	for _, need := range []pyedit.Import{
		{Module: "collections.abc", Name: "Sequence"}, {Module: "sqlalchemy.orm.interfaces", Name: "ORMOption"},
	} {
		s := p.graph.Resolve(m, need.Name)
		switch {
		case s.External == "typing."+need.Name:
		case s.Kind != pymodule.Unknown && s.External != need.Module+"."+need.Name:
			return nil, false
		default:
			needs = append(needs, need)
		}
	}
	return needs, true
}

// annotationOf is the type of the parameter, "" where the function's author writes none, or none that says None as we would.
func annotationOf(f *pymodule.Function, none string) string {
	switch {
	case !annotated(f):
		return ""
	case none == "()":
		return "Sequence[ORMOption]"
	case bytes.Contains(f.Module.Tree.Source(), []byte("| None")):
		return "Sequence[ORMOption] | None"
	}
	return ""
}

// annotated reports whether a function's author writes types.
func annotated(f *pymodule.Function) bool {
	for _, p := range f.Params {
		if p.Annotation != pysyntax.Nil {
			return true
		}
	}
	return f.Returns != pysyntax.Nil
}
