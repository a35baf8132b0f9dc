package loadflow

import (
	"cmp"
	"slices"

	"github.com/lazyfix/lazyfix/rewrite/internal/pymodule"
	"github.com/lazyfix/lazyfix/rewrite/internal/pysyntax"
)

// columnOptions change columns and leave a loader path as it is.
var columnOptions = map[string]bool{
	"load_only": true, "defer": true, "undefer": true, "undefer_group": true, "with_expression": true,
	"selectin_polymorphic": true, "set_relationship_strategy": true,
}

// loaderCall is selectinload(Order.items, ...), or a step that is appended to the options in base.
func (x *interp) loaderCall(loader string, base value, args *arguments, n pysyntax.Node) value {
	if each := relsOfSeveral(args.get(0, "")); base == nil && len(each) > 1 {
		var out value
		for _, rel := range each {
			one := *args
			one.pos = append([]value{rel}, args.pos[1:]...)
			out = join(out, x.loaderCall(loader, nil, &one, n))
		}
		return out
	}
	var out []*atom
	for _, b := range startingPoints(base) {
		if columnOptions[loader] {
			out = append(out, x.columnOption(loader, b, args, n)...)
			continue
		}
		stepped, unseen := x.loaderSteps(loader, b, args, n)
		if unseen {
			return one(x.notFollowed(n))
		}
		out = append(out, stepped...)
	}
	if len(out) > 0 && slices.ContainsFunc(args.posNodes, x.byPart) {
		out = append(out, x.notFollowed(n))
	}
	if len(out) == 0 && base == nil && x.makesLoader(n) {
		return one(x.unknownLoader(args, n))
	}
	return valueOf(out)
}

// columnOption is an option of columns, which goes behind b, nil for none.
func (x *interp) columnOption(name string, b *loaderOption, args *arguments, n pysyntax.Node) []*atom {
	switch {
	case saysColumns[name] && x.a.mayLeaveOut():
		return []*atom{x.columnsSaid(name, b, args, n)}
	case b == nil:
		return nil
	case name == "selectin_polymorphic":
		return x.polymorphicOption(one(x.a.t.option(b)), args.get(0, "classes"), args.node(0, "classes"), n)
	}
	return []*atom{x.endingAt(b, n)}
}

// loaderSteps are the steps that a loader names, behind b, nil for none. Unseen is where one of them may be of several
// relationships of its class.
func (x *interp) loaderSteps(loader string, b *loaderOption, args *arguments, n pysyntax.Node) (steps []*atom, unseen bool) {
	o := x.optionBehind(b, n)
	if len(args.posNodes) > 0 && pymodule.StringValue(x.t, args.posNodes[0]) == "*" {
		o.wild = loader
		return []*atom{x.a.t.option(o)}, false
	}
	mark, back := "", ""
	if len(args.kw) > 0 {
		mark = particular
	}
	if x.withheld != "" {
		back = withheld
	}
	given, known := x.splatted(args)
	for i, v := range given {
		if i < len(args.posNodes) {
			mark = cmp.Or(x.stepMark(args.posNodes[i]), mark)
		}
		if said := toldOptions(v); b == nil && len(said) > 0 { // of a list, or of a parameter that is given one
			return x.a.t.toldBy(ByAttribute, said), false
		}
		if oneOfSeveral(v) {
			return nil, true
		}
		step := relOf(v)
		if step == nil {
			return nil, false
		}
		mark = cmp.Or(step.name, mark)
		by := loader
		if i < len(given)-1 && loader != "contains_eager" { // joinedload(A.b, B.c) is defaultload(A.b).joinedload(B.c)
			by = "defaultload"
		}
		if !x.addStep(o, step, by+back+mark) {
			return nil, false
		}
	}
	if _, deep := args.kw["recursion_depth"]; deep && o.path != nil {
		o.path = x.a.t.path(o.path.up, o.path.class, o.path.rel, true)
	}
	if !known || o.path == nil {
		return nil, false
	}
	return []*atom{x.a.t.option(o)}, false
}

// optionBehind is an option whose expression ends at n and that has the steps of b, none where that is nil.
func (x *interp) optionBehind(b *loaderOption, n pysyntax.Node) *loaderOption {
	o := &loaderOption{mod: x.m, fn: x.u.key.fn.Def(), node: n, unless: x.withheld}
	if b != nil {
		o.root, o.path, o.loaders, o.rows, o.unless = b.root, b.path, append([]string(nil), b.loaders...), b.rows, cmp.Or(b.unless, x.withheld)
	} else if i := x.startsLoaders(); i >= 0 {
		o.instead, o.param, o.first = x.u.key, i, true
	}
	return o
}

// stepMark is what the spelling of a step says of its loader, "" where it is a plain Order.items.
func (x *interp) stepMark(n pysyntax.Node) string {
	switch {
	case x.t.Is(uncast(x.t, n), pysyntax.Attribute, pysyntax.Identifier):
		return ""
	case x.t.Calls(n, "of_type"):
		return ofType
	}
	return particular
}

// addStep puts a relationship behind the path of an option; false where it cannot follow there.
func (x *interp) addStep(o *loaderOption, step *atom, loader string) bool {
	if o.root == nil {
		o.root = step.class
	}
	p, ok := x.a.t.spelled(o.path, step.path)
	if !ok {
		return false
	}
	o.path = p
	for len(o.loaders) < p.len() {
		o.loaders = append(o.loaders, loader)
	}
	return true
}

// endingAt is an option whose expression ends at a node: what is appended goes behind that.
func (x *interp) endingAt(o *loaderOption, n pysyntax.Node) *atom {
	return x.a.t.option(&loaderOption{root: o.root, path: o.path, loaders: o.loaders, rows: o.rows, unless: o.unless, mod: x.m, fn: x.u.key.fn.Def(), node: n})
}

// startingPoints are the options that a step is appended to, or nothing once.
func startingPoints(base value) []*loaderOption {
	if base == nil {
		return []*loaderOption{nil}
	}
	var out []*loaderOption
	for _, a := range base {
		if a.kind == option {
			out = append(out, a.opt)
		}
	}
	return out
}

// relsOfSeveral are the relationships in v, one a class: of self.model.items in code that is made for several models each has
// its own.
func relsOfSeveral(v value) []value {
	var out []value
	var classes []*pymodule.Class
	for _, a := range v {
		if a.kind == relRef && !slices.Contains(classes, a.class) {
			classes = append(classes, a.class)
			out = append(out, one(a))
		}
	}
	return out
}

// oneOfSeveral reports whether v is one of several relationships of a class, which is not known: getattr(Order, name) of a name that
// an annotation lists, A.items if full else A.customer.
func oneOfSeveral(v value) bool {
	first := relOf(v)
	return first != nil && slices.ContainsFunc(v, func(a *atom) bool {
		return a.kind == relRef && a.class == first.class && a.path != first.path
	})
}

func relOf(v value) *atom {
	for _, a := range v {
		if a.kind == relRef {
			return a
		}
	}
	return nil
}

// optionCall is a method of a loader option: the next step, or .options(a, b) with several next steps.
func (x *interp) optionCall(owner value, name string, args *arguments, n pysyntax.Node) (value, bool) {
	if on, unseen := x.goesOnUnseen(owner); unseen {
		return on, true // whatever is put behind it
	}
	brought := onlyParameters(owner)
	if !hasLoader(owner) && (len(brought) == 0 || !columnOptions[name] && !IsLoader(name) && name != "options") {
		return nil, false
	}
	if columnOptions[name] && len(brought) > 0 {
		return join(brought, x.loaderCall(name, withoutParameters(owner), args, n)), true // the callers know which
	}
	if (IsLoader(name) || name == "options") && len(brought) > 0 {
		out := x.steppedOn(brought, name, args, n)
		if others := withoutParameters(owner); hasLoader(others) {
			more, _ := x.optionCall(others, name, args, n)
			out = join(out, more)
		}
		return out, true
	}
	if IsLoader(name) || columnOptions[name] {
		return x.loaderCall(name, owner, args, n), true
	}
	if name != "options" {
		return owner, true
	}
	var out value
	for _, b := range startingPoints(owner) {
		out = join(out, one(x.endingAt(b, n)))
		for _, a := range flatten(args.all()) {
			if a.kind == option || a.kind == optionParam {
				if n := x.underOne(b, a); n != nil {
					out = join(out, one(n))
				}
			}
		}
	}
	return out, true
}

// onlyParameters are the options that parameters bring.
func onlyParameters(v value) value {
	return slices.DeleteFunc(slices.Clone(v), func(a *atom) bool { return a.kind != optionParam })
}

func hasLoader(v value) bool {
	return slices.ContainsFunc(v, func(a *atom) bool { return a.kind == option })
}

func withoutParameters(v value) value {
	return slices.DeleteFunc(slices.Clone(v), func(a *atom) bool { return a.kind == optionParam })
}

// coverage says what loader, if any, options and the model give to each path.
type coverage map[string]string

// covered lays out a set of options: path id -> loader. A path under `.options()` of its parent counts with it. What stands
// behind the way up, Order.items.order.customer, does not count for the object itself: an order without items has none of it.
func (o *optionSet) covered() coverage {
	out := coverage{}
	for _, a := range o.atoms() {
		if a.kind != option || a.opt.path == nil {
			continue
		}
		for i, s := range a.opt.path.steps() {
			if i >= len(a.opt.loaders) {
				break
			}
			out.add(s.rels, a.opt.loaders[i])
		}
	}
	return out
}

func (c coverage) add(path, loader string) {
	if old, ok := c[path]; !ok || !loads(old) || loads(loader) && loader > old {
		c[path] = loader
	}
}

// unseen is an option that lazyfix cannot follow, nil when there is none: it may load anything, by any loader.
func (o *optionSet) unseen() *loaderOption {
	for _, a := range o.atoms() {
		if a.kind == option && a.opt.wild == unseenOption {
			return a.opt
		}
	}
	return nil
}

// unless is what keeps an option back, "" when nothing does.
func (o *optionSet) unless() string {
	for _, a := range o.atoms() {
		if a.kind == option && a.opt.unless != "" {
			return a.opt.unless
		}
	}
	return ""
}

// unseenOption stands for the loader of an option whose expression gave no option.
const unseenOption = "?"

// noOption stands for the options of an instance that was given none, where others of its class are given some.
const noOption = "0"

// appliedOptions are the options that the arguments of a call .options(...) bring.
func (x *interp) appliedOptions(call pysyntax.Node) []*atom {
	var out []*atom
	t := x.t
	for c := range t.Children(t.Child(call, pysyntax.FieldArguments)) {
		n := c
		for t.Is(n, pysyntax.ListSplat, pysyntax.ParenthesizedExpression, pysyntax.ParenthesizedListSplat) {
			n = t.First(n)
		}
		v := x.quiet(n)
		if hasOption(v) {
			out = append(out, v...)
			continue
		}
		if i := x.paramNamed(n); i >= 0 {
			out = append(out, x.a.t.optionParam(x.u.key, i))
			continue
		}
		if x.harmless(n, v) || x.emptyOptions(n) {
			continue
		}
		out = append(out, x.a.t.option(&loaderOption{mod: x.m, fn: x.u.key.fn.Def(), node: n, wild: unseenOption}))
	}
	return out
}

// harmless reports whether an expression among options brings no loader of a relationship: an empty list, or an option
// of SQLAlchemy's that is about something else.
func (x *interp) harmless(n pysyntax.Node, v value) bool {
	t := x.t
	if t.Is(n, pysyntax.List, pysyntax.Tuple, pysyntax.None, pysyntax.ListComprehension, pysyntax.GeneratorExpression) {
		return t.First(n) == pysyntax.Nil || t.Kind(n) == pysyntax.None
	}
	if t.Kind(n) == pysyntax.Call {
		name, _ := pymodule.DottedName(t, t.Child(n, pysyntax.FieldFunction))
		last := pymodule.Last(name)
		if s := x.a.g.Resolve(x.m, name); s.Kind == pymodule.ExternalSymbol && !IsLoader(last) {
			return isSQLAlchemy(s.External)
		}
		for c := range t.Within(n) { // raiseload("*"), Load(A).load_only(...)
			if t.Kind(c) == pysyntax.Call {
				fn, _ := pymodule.DottedName(t, t.Child(c, pysyntax.FieldFunction))
				if s := x.a.g.Resolve(x.m, fn); s.Kind == pymodule.ExternalSymbol && isSQLAlchemy(s.External) && pymodule.Last(fn) == "Load" {
					return true
				}
			}
		}
		return false
	}
	for _, a := range v {
		if (a.kind == collection || a.kind == tuple) && len(x.elements(one(a))) == 0 {
			return true
		}
	}
	return false
}

// wildcard is the loader of a wildcard option at the root: raiseload("*").
func (o *optionSet) wildcard() string {
	for _, a := range o.atoms() {
		if a.kind == option && IsLoader(a.opt.wild) && a.opt.path == nil {
			return a.opt.wild
		}
	}
	return ""
}

// wildcardBelow is the loader of a wildcard that stands behind a path or a beginning of it, "" without one.
func (o *optionSet) wildcardBelow(p *path) string {
	for ; p != nil; p = p.up {
		for _, a := range o.atoms() {
			if a.kind == option && a.opt.path != nil && IsLoader(a.opt.wild) && a.opt.path.rels == p.rels {
				return a.opt.wild
			}
		}
	}
	return ""
}
