package loadflow

import (
	"slices"
	"strings"

	"github.com/lazyfix/lazyfix/rewrite/internal/pymodule"
	"github.com/lazyfix/lazyfix/rewrite/internal/pysyntax"
)

// A method of a session may be a value, which others call:
//
//	execute = session.execute
//	rows = await execute(select(Order))
//	order = await with_retry(session.get, Order, 1)
//	load = partial(session.get, Order)
//
// Of sessions nothing is noted in values, so it is any attribute of something unknown that is called as such a method is.
// Where what it runs stands behind it in a call, or in a partial(), the query is of that call. What calls it then is given
// resultMaker in its place, and the result takes the place of what that gives: so no two callers of a helper have each
// other's queries. Elsewhere it is a part of the context of what calls it.

// callsSession begins the name of such a method.
const callsSession = "lazyfix session."

// isPartial marks what partial() made of a method of a session: a tuple of what it gives, as weakRef is.
const isPartial = "<partial>"

func isSessionMethod(a *atom) bool {
	return a.kind == external && strings.HasPrefix(a.name, callsSession)
}

// methodOf is its name.
func methodOf(a *atom) string { return strings.TrimPrefix(a.name, callsSession) }

// sessionMethod is the attribute of something unknown that is called as a method of a session which runs queries.
func (x *interp) sessionMethod(owner value, name string) value {
	if !executors[name] && name != "get" && name != "get_one" {
		return nil
	}
	if len(owner) == 0 && x.a.likeSessions()[name] || // fetch = store.get may be that of the program
		len(owner) > 0 && !slices.ContainsFunc(owner, isASession) && !slices.ContainsFunc(owner, x.extendsSession) {
		return nil
	}
	return one(x.a.t.external(callsSession + name))
}

// findLikeSessions are the names of methods of the program's own classes that may be taken for a session's, for what they are called
// with: get(model, key).
func (a *analysis) findLikeSessions() map[string]bool {
	out := map[string]bool{}
	for _, f := range a.g.Functions {
		if (f.Name == "get" || f.Name == "get_one") && isMethod(f) && len(f.Params) > 2 && !f.Module.Test() {
			out[f.Name] = true
		}
	}
	return out
}

func (x *interp) sessionMethods(owner value, names []string) value {
	var out value
	for _, name := range names {
		out = join(out, x.sessionMethod(owner, name))
	}
	return out
}

// callSessionMethod is a call of one.
func (x *interp) callSessionMethod(method *atom, args *arguments, n pysyntax.Node) value {
	name := methodOf(method)
	spelled := slices.ContainsFunc(args.posNodes, func(arg pysyntax.Node) bool { return arg != pysyntax.Nil })
	if !spelled && x.u.key.givenSessionMethod() != nil && x.u.key.outer != nil && x.u.key.outer.fn != nil {
		return x.theResult(false) // fn(*args, **kwargs): who calls the wrapper says of what
	}
	if len(args.pos) == 0 && len(args.star) > 0 {
		with := *args
		with.pos, with.posNodes = []value{args.star}, []pysyntax.Node{pysyntax.Nil}
		return x.runMethod(name, &with, n, "fn(*args) may call something else than a session's "+name+"()")
	}
	unsafe := ""
	if fn := x.t.Child(n, pysyntax.FieldFunction); !x.holdsMethod(fn, method) {
		unsafe = "its call may be of something else than a session's " + name + "()"
	}
	return x.runMethod(name, args, n, unsafe)
}

// givenSessionMethod is the method of a session that a unit, or one around it, was given, nil for none.
func (k *unitKey) givenSessionMethod() *atom {
	for ; k != nil; k = k.outer {
		for _, t := range k.types {
			if isSessionMethod(t.atom) {
				return t.atom
			}
		}
	}
	return nil
}

// holdsMethod reports whether an expression is a certain method and nothing else: spelled, session.get, or a name that is set to it
// here. What callers bring may be anything.
func (x *interp) holdsMethod(n pysyntax.Node, method *atom) bool {
	t := x.t
	switch t.Kind(n) {
	case pysyntax.Attribute:
	case pysyntax.Identifier:
		for f := x.u.key.fn; f != nil; f = f.Outer {
			if f.ParamIndex(t.Text(n)) >= 0 {
				return false
			}
			if !spellsAttributes(t, f.Body, t.Text(n)) {
				return false
			}
		}
	case pysyntax.Call: // getattr(session, "get")
		if name := t.Nth(t.Child(n, pysyntax.FieldArguments), 1); t.Text(t.Child(n, pysyntax.FieldFunction)) != "getattr" || t.Kind(name) != pysyntax.String {
			return false
		}
	default:
		return false
	}
	v := x.quiet(n)
	return len(v) == 1 && v[0] == method
}

// getsByName reports whether an expression is getattr() of a name that does not stand there.
func getsByName(t *pysyntax.Tree, n pysyntax.Node) bool {
	return t.Kind(n) == pysyntax.Call && t.Text(t.Child(n, pysyntax.FieldFunction)) == "getattr" &&
		t.Kind(t.Nth(t.Child(n, pysyntax.FieldArguments), 1)) != pysyntax.String
}

// spellsAttributes reports whether all that a name is given in a function are attributes as they are spelled, not one or another.
func spellsAttributes(t *pysyntax.Tree, body pysyntax.Node, name string) bool {
	for n := range t.Within(body) {
		if t.Kind(n) != pysyntax.Assignment || !t.Names(t.Child(n, pysyntax.FieldLeft), name) {
			continue
		}
		for given := range t.Within(t.Child(n, pysyntax.FieldRight)) {
			if t.Is(given, pysyntax.ConditionalExpression, pysyntax.BooleanOperator) || getsByName(t, given) {
				return false
			}
		}
	}
	return true
}

// runMethod is what a method of a session gives for arguments, which stand at n. Unsafe says why no option can go there, "" where
// it can; a statement has them of its own.
func (x *interp) runMethod(name string, args *arguments, n pysyntax.Node, unsafe string) value {
	var out value
	if executors[name] {
		out, _ = x.runStatement(name, args.get(0, "statement"), args, n)
	} else {
		out, _ = x.getFrom(args.get(0, "entity"), unsafe, args, n)
	}
	return out
}

// partialMethod is functools.partial(session.get, Order, 1): of method nothing more is known than what it gives.
func (x *interp) partialMethod(method *atom, args *arguments, n pysyntax.Node) *atom {
	unsafe := ""
	if !x.holdsMethod(args.node(0, ""), method) {
		unsafe = "its partial() may be of something else than a session's method"
	}
	given := x.runMethod(methodOf(method), behindMethod(args, 0), n, unsafe)
	if len(given) == 0 {
		return method
	}
	return x.a.t.tuple([]value{given}, []string{isPartial})[0]
}

// behindMethod are the arguments that a function gets which is the i-th one of a call, by name where that is -1.
func behindMethod(args *arguments, i int) *arguments {
	out := *args.listed(args.pos[i+1:])
	if len(out.pos) == len(args.pos)-i-1 && i+1 <= len(args.posNodes) {
		out.posNodes = args.posNodes[i+1:]
	}
	out.kwNodes = args.kwNodes
	return &out
}

// partialGives is what a partial() of a session's method gives, nothing of anything else.
func partialGives(a *atom) value {
	if a.kind == tuple && slices.Contains(a.names, isPartial) {
		return a.elems[0]
	}
	return nil
}

// callPartial is a call of one. Options that it is given take the place of those in the partial().
func (x *interp) callPartial(a *atom, args *arguments) value {
	given, instead := args.kw["options"]
	if _, spelled := args.kwNodes["options"]; !spelled && !instead {
		return partialGives(a)
	}
	return x.a.rewrite(partialGives(a), func(b *atom) []*atom {
		if b.kind != object || b.origin.kind != fromSite || b.origin.site.Kind != GetSite {
			return []*atom{b}
		}
		site := *b.origin.site
		site.Handed = "its partial() is called with options, which take the place of others"
		return []*atom{x.a.t.object(b.class, x.a.t.siteOrigin(x.a.t.site(&site), b.origin.entity, x.a.t.withOptions(nil, given)), b.path)}
	})
}

// runHanded are the arguments of a call of f without the methods of sessions that f is to run, and what those give. Nobody knows
// which of the two is run where it is given both.
func (x *interp) runHanded(f *pymodule.Function, args *arguments, n pysyntax.Node) (*arguments, value) {
	if !slices.ContainsFunc(args.pos, x.hasRunner) && !slices.ContainsFunc(args.entries(), func(e entry) bool { return x.hasRunner(e.value) }) {
		return args, nil
	}
	var out value
	with := *args
	with.pos = slices.Clone(args.pos)
	for i, v := range args.pos {
		var given value
		with.pos[i], given = x.runOne(f, v, args, i, "", n)
		out = join(out, given)
	}
	if len(args.kw) > 0 {
		with.kw = map[string]value{}
		for _, e := range args.entries() {
			var given value
			with.kw[e.name], given = x.runOne(f, e.value, args, -1, e.name, n)
			out = join(out, given)
		}
	}
	if len(out) == 0 {
		return args, nil
	}
	return &with, out
}

func (x *interp) hasRunner(v value) bool {
	return slices.ContainsFunc(flatten(v), func(a *atom) bool { return isSessionMethod(a) || len(partialGives(a)) > 0 })
}

// runOne is an argument with resultMaker in the place of what it runs, and what that gives.
func (x *interp) runOne(f *pymodule.Function, v value, args *arguments, i int, name string, n pysyntax.Node) (argument, given value) {
	argument = v
	for _, a := range v {
		own := partialGives(a)
		if isSessionMethod(a) {
			method, unsafe := methodOf(a), ""
			if !x.holdsMethod(args.node(i, name), a) || !x.handsKeywords(f, i, name, n) {
				unsafe = "its call hands a session's " + method + "() to " + f.Qual + ", which may call it without the loader options, or give them to something else"
			}
			own = x.runMethod(method, behindMethod(args, i), n, unsafe)
		}
		switch {
		case len(own) > 0:
		case a.kind == collection:
			argument, given = x.runListed(argument, a, given)
			continue
		default:
			continue
		}
		given = join(given, own)
		argument = join(dropping(argument, func(b *atom) bool { return a == b }), one(x.a.t.external(resultMaker)))
	}
	return argument, given
}

// runListed is the same for what stands in a list: [partial(session.get, Order, key) for key in keys].
func (x *interp) runListed(argument value, list *atom, given value) (value, value) {
	elem, found := list.elem, false
	for _, e := range list.elem {
		if own := partialGives(e); len(own) > 0 {
			given, found = join(given, own), true
			elem = join(dropping(elem, func(b *atom) bool { return e == b }), one(x.a.t.external(resultMaker)))
		}
	}
	if !found {
		return argument, given
	}
	return join(dropping(argument, func(b *atom) bool { return list == b }), x.a.t.collection(elem)), given
}

// resultOfHanded is what a call gives with what it was given to run in the place of the result.
func (x *interp) resultOfHanded(ret, ran value) value {
	if len(ran) == 0 {
		return ret
	}
	if out, met := x.withResult(ret, ran); met {
		return out
	}
	return join(ret, ran)
}

// wrappedMethod is what a call of a function gives that was made around a method of a session: timed(session.get)(Order, 1).
func (x *interp) wrappedMethod(f *pymodule.Function, outer *unitKey, ret value, args *arguments, n pysyntax.Node) value {
	method := outer.givenSessionMethod()
	if method == nil || !slices.ContainsFunc(flatten(ret), x.a.isTheResult) {
		return ret
	}
	name, unsafe := methodOf(method), ""
	if !x.wrapsByKeywords(f, outer, method, n) {
		unsafe = "its call reaches a session's " + name + "() through " + f.Qual + ", which may not hand loader options on"
	}
	return x.resultOfHanded(ret, x.runMethod(name, args, n, unsafe))
}

// wrapsByKeywords reports whether a call n is of what wraps a session's method at the call itself, and gives it all keywords.
func (x *interp) wrapsByKeywords(f *pymodule.Function, outer *unitKey, method *atom, n pysyntax.Node) bool {
	t := x.t
	made := t.Child(n, pysyntax.FieldFunction)
	if t.Kind(made) != pysyntax.Call || f.Outer == nil || outer.fn != f.Outer || len(f.Outer.Decorators) > 0 || !x.calls(t.Child(made, pysyntax.FieldFunction), f.Outer) {
		return false
	}
	v := x.quiet(made)
	if len(v) != 1 || v[0].kind != funcRef || v[0].fn != f {
		return false
	}
	for _, k := range outer.types {
		if k.atom == method {
			return x.holdsMethod(argumentFor(t, f.Outer, k.param, made), method) && handsAllOn(f.Outer, f, f.Outer.Params[k.param].Name)
		}
	}
	return false
}

// handsKeywords reports whether a call is of f alone, which gives all keywords to the argument at hand and to nothing else.
func (x *interp) handsKeywords(f *pymodule.Function, i int, name string, n pysyntax.Node) bool {
	if len(f.Decorators) > 0 || f.Outer != nil || !x.calls(x.t.Child(n, pysyntax.FieldFunction), f) {
		return false
	}
	if isMethod(f) && i >= 0 {
		i++
	}
	if name != "" {
		i = f.ParamIndex(name)
	}
	return i >= 0 && i < len(f.Params) && f.Params[i].Kind != pymodule.Star && f.Params[i].Kind != pymodule.StarStar && handsAllOn(f, f, f.Params[i].Name)
}

// calls reports whether an expression is one function of the program, which nothing overrides.
func (x *interp) calls(fn pysyntax.Node, f *pymodule.Function) bool {
	v := x.quiet(fn)
	if len(v) != 1 || v[0].kind != funcRef || v[0].fn != f || len(v[0].elems)+len(v[0].entries) > 0 {
		return false
	}
	return f.Class == nil || !slices.ContainsFunc(x.a.g.Subclasses(f.Class), func(sub *pymodule.Class) bool { return sub != f.Class && sub.Methods[f.Name] != nil })
}

// handsAllOn reports whether all that is done in a function with a name of it is to call it, each time with all keywords that f takes,
// which go nowhere else.
func handsAllOn(around, f *pymodule.Function, name string) bool {
	keywords := ""
	for _, p := range f.Params {
		if p.Name == "options" {
			return false
		}
		if p.Kind == pymodule.StarStar {
			keywords = p.Name
		}
	}
	if keywords == "" || around != f && (f.ParamIndex(name) >= 0 || around.ParamIndex(keywords) >= 0) {
		return false
	}
	t, calls := f.Module.Tree, 0
	for n := range t.Within(around.Body) {
		if t.Kind(n) != pysyntax.Identifier || t.Field(n) == pysyntax.FieldAttribute {
			continue
		}
		up := t.Parent(n)
		switch t.Text(n) {
		case name:
			switch {
			case t.Kind(up) == pysyntax.Call && t.Field(n) == pysyntax.FieldFunction:
				if !splats(t, up, keywords) {
					return false
				}
				calls++
			case t.Kind(up) == pysyntax.Attribute && strings.HasPrefix(t.Text(t.Child(up, pysyntax.FieldAttribute)), "__"): // fn.__name__
			case t.Kind(up) == pysyntax.ArgumentList && pymodule.Last(t.Text(t.Child(t.Parent(up), pysyntax.FieldFunction))) == "wraps":
			case t.Kind(up) == pysyntax.KeywordArgument && t.Field(n) == pysyntax.FieldName:
			default:
				return false
			}
		case keywords:
			if t.Kind(up) == pysyntax.DictionarySplatPattern {
				continue
			}
			if t.Kind(up) != pysyntax.DictionarySplat || t.Text(t.Child(t.Parent(t.Parent(up)), pysyntax.FieldFunction)) != name {
				return false
			}
		}
	}
	return calls > 0
}

// splats reports whether a call has **keywords, and no options of its own.
func splats(t *pysyntax.Tree, call pysyntax.Node, keywords string) bool {
	found := false
	for c := range t.Children(t.Child(call, pysyntax.FieldArguments)) {
		switch t.Kind(c) {
		case pysyntax.DictionarySplat:
			found = found || t.Text(t.First(c)) == keywords
		case pysyntax.KeywordArgument:
			if t.Text(t.Child(c, pysyntax.FieldName)) == "options" {
				return false
			}
		}
	}
	return found
}
