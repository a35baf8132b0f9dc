package loadflow

import (
	"fmt"
	"maps"
	"slices"

	"github.com/lazyfix/lazyfix/rewrite/internal/pymodule"
	"github.com/lazyfix/lazyfix/rewrite/internal/pysyntax"
)

// interp interprets one unit once.
type interp struct {
	a   *analysis
	u   *unit
	t   *pysyntax.Tree
	m   *pymodule.Module
	out *outcome

	env      env
	loops    []*loop
	class    *pymodule.Class // the class body that is being run, in module units
	keep     bool            // names are kept in out.vars
	depth    int
	steps    int  // attributes and calls evaluated
	cutShort bool // by a bound of these
	returns  value
	opaque   bool // something is returned of which nothing is known
	yields   value
	lost     bool // something is yielded of which nothing is known
	// globals are names that a function declares global.
	globals    map[string]bool
	nonlocals  map[string]*unitKey // names that a function declares nonlocal, and whose they are
	sharing    bool                // the environment has somebody who shares a container: see alias.go
	growing    map[string]bool     // the names whose containers are added to now
	lambda     int
	results    map[string][]pysyntax.Node // the calls that names of the function are given the results of, nil before anybody asks
	ends       int                        // where the function was seen to end
	iterators  int                        // iterators of iterators, see iterateOwn
	joined     map[string]keyJoin         // by what the environment has of them
	rekeys     bool                       // a key was set of an object, or one was deleted: see heldAgain
	expires    bool                       // session.expire() was called: see loadedAnew
	deletes    map[string]deletion        // by what the environment has of them
	begun      []place                    // the blocks around that commit or roll back at their end
	undoings   []undoing                  // those that roll back where an exception leaves them: see rollback_block.go
	seenFields map[fieldsOf]int           // at what depth, by one call or return
	typesRead  map[typeRead]bool          // by one call or return
	rounds     []schemaRound              // see cut.go
	throws     map[pysyntax.Node]env      // by the handler that sees them: see rollback_thrown.go
	raisedTo   map[pysyntax.Node]value    // what exceptions hold, by the handler that catches them
	changes    []changeOf                 // what was set so far, in a function that begins a savepoint: see savepoint.go
	undone     []changeOf                 // what a savepoint undid, in a way that the function goes on from
	nests      *bool                      // it begins one, nil before anybody asks
	types      []*pymodule.Class          // of GraphQL, by which objects are read now
	depended   map[*atom]value            // what frameworks get from dependencies
	readBy     schemaRead
	unboundAt  pysyntax.Node        // the call of a method by its class, Order.total(order), that is followed now: see unbound.go
	typeNames  []*pymodule.Variable // the names of types that led to the type that is read now: Json = list["Json"] | str
	choices    int                  // schemas that are read now as one of several that a type names
	awaiting   string               // what reads load by now: see greenlet.go
	left       bool                 // a way to the end was seen, on all of which what setAlways has was set: see set_on_some.go
	setAlways  map[string]bool
	withheld   string                            // the condition that does not hold where options are made now, "" mostly
	seeing     func(call pysyntax.Node, v value) // who is told what calls give, nil mostly
	gaveBefore map[callAt][]gave                 // see same_call.go
	delegating []*atom                           // whose __getattr__ is followed now: see delegated.go
	// givenSession are the blocks whose session queried what calls gave, 0 for one that is left: see closed_call.go
	givenSession map[*origin]pysyntax.Node
	// savepoints are those that were followed, by the query whose objects were changed: see savepoint.go
	savepoints map[*origin][]pysyntax.Node
}

type loop struct {
	breaks, continues env
	broke, continued  bool
}

// maxDepth bounds the recursion into one file's tree. A deeper expression means nothing to us.
const maxDepth = 400

// maxSteps bounds the attributes and calls that one interpretation of a unit evaluates, again and again where they stand in
// loops, or in calls whose meaning is asked for beside their value: chains of such calls double it with each link. Ten times
// what the longest function needs in some hundred programs.
const maxSteps = 1 << 18

// tooMuch notes that a bound of these two ends the interpretation: what is read behind it is not seen.
func (x *interp) tooMuch(n pysyntax.Node) {
	if x.cutShort {
		return
	}
	x.cutShort = true
	x.out.blind = append(x.out.blind, &blind{
		mod: x.m, node: n, reason: "the code is nested deeper than lazyfix follows",
		advice: "give a part of it a name, or a function of its own",
	})
}

// isAnyRead reports whether there is anything in an expression that reads: no long sum of literals has.
func isAnyRead(t *pysyntax.Tree, n pysyntax.Node) bool {
	for c := range t.Within(n) {
		if t.Is(c, pysyntax.Call, pysyntax.Attribute, pysyntax.Subscript, pysyntax.Identifier) {
			return true
		}
	}
	return false
}

// interpret runs u over what is known of the others. It changes nothing but its outcome, and what the unit keeps of its own
// source. A defect of ours in one function must not end a sweep over thousands: the function counts as one that nothing is
// known of, and is named.
func (a *analysis) interpret(u *unit) *outcome { return a.interpretSeeing(u, nil) }

func (a *analysis) interpretSeeing(u *unit, seeing func(pysyntax.Node, value)) (out *outcome) {
	defer func() {
		if r := recover(); r != nil {
			out = &outcome{failed: fmt.Sprint(r)}
		}
	}()
	k := u.key
	x := &interp{a: a, u: u, t: k.mod.Tree, m: k.mod, env: env{}, seeing: seeing, out: newOutcome()}
	if k.fn == nil {
		x.keep = true
		x.out.vars = map[string]value{}
		x.block(x.t.Root())
		x.out.edges = withoutRepeated(x.out.edges)
		return x.out
	}
	if len(k.fn.Defs) > 0 || len(k.fn.Classes) > 0 || k.fn.Lambdas {
		x.keep = true
		x.out.vars = map[string]value{}
	}
	seesResult := k.seesResult()
	for i, p := range k.fn.Params {
		v := x.parameter(i)
		if seesResult && k.given(i) == nil {
			v = x.withoutObjects(v)
		}
		x.assignName(p.Name, v)
		if x.takesContainer(i) {
			x.addHolder(p.Name, x.a.t.heldByCaller(i))
		}
	}
	x.handledArgs()
	x.passWrappers()
	if k.fn.Lambda() {
		x.returns = x.eval(k.fn.Body)
		x.leaveSet()
	} else if x.block(k.fn.Body) {
		x.leaveRolledBack(nil)
		x.leaveLoaded()
		x.leaveSet()
	}
	x.out.effect.sets = x.setsOnSome(x.out.effect.sets)
	x.authenticated()
	x.filtered()
	x.getsContext()
	x.out.ret = x.a.t.flat(join(x.result(), x.generatorMade()))
	x.out.hidesResult = seesResult && x.opaque
	x.leave()
	x.out.edges = withoutRepeated(x.out.edges)
	return x.out
}

// result is what a call of the function gives.
func (x *interp) result() value {
	f := x.u.key.fn
	ret := x.returns
	if x.opaque {
		ret = x.orUnknown(ret)
	}
	if f.Generator {
		if x.lost {
			x.yields = x.orUnknown(x.yields)
		}
		ret = x.a.t.collection(x.yields)
		if x.yields == nil {
			ret = nil
		}
	}
	if f.Returns == pysyntax.Nil {
		return ret
	}
	if x.u.returns == nil {
		v := x.annotation(f.Returns, x.a.t.typeOrigin(f.Module, f.Node))
		x.u.returns = &v
	}
	declared := *x.u.returns
	if !x.opaque && (!x.hasSchema(declared) || hasObject(declared)) &&
		slices.ContainsFunc(ret, func(a *atom) bool { return a.kind == instance && x.a.isSchema(a.class) }) {
		return ret // the function says Order, or Order | OrderOut, and gives OrderOut
	}
	if len(ret) == 0 {
		return useful(declared) // list alone says no more than nothing, and would pass for an empty one
	}
	ret = x.narrowedBy(declared, ret)
	if hasObject(declared) && !hasObject(ret) || hasInstance(declared) && !hasInstance(ret) && !hasObject(ret) {
		return join(ret, declared)
	}
	return ret
}

// narrowedBy is what a function gives, as far as it says so: a dictionary of repositories is known to have a Repository, or any of
// them, and the property says OrderRepository. What is none of what it says stays where nothing is.
func (x *interp) narrowedBy(declared, ret value) value {
	if !hasInstance(declared) || !hasInstance(ret) {
		return ret
	}
	for _, d := range declared {
		wider := func(a *atom) bool {
			return a.kind == instance && d.kind == instance && a.class != d.class && x.a.g.IsSubclass(d.class, a.class)
		}
		if slices.ContainsFunc(ret, wider) {
			ret = join(slices.DeleteFunc(slices.Clone(ret), wider), one(d))
		}
	}
	said := func(a *atom) bool {
		return a.kind == instance && slices.ContainsFunc(declared, func(d *atom) bool {
			return d.kind == instance && (a.class == d.class || x.a.g.IsSubclass(a.class, d.class))
		})
	}
	if !slices.ContainsFunc(ret, said) {
		return ret
	}
	return slices.DeleteFunc(slices.Clone(ret), func(a *atom) bool { return a.kind == instance && !said(a) })
}

// block runs statements; false when what follows is not reached.
func (x *interp) block(n pysyntax.Node) bool {
	if x.depth++; x.depth > maxDepth {
		x.depth--
		x.tooMuch(n)
		return true
	}
	defer func() { x.depth-- }()
	for s := range x.t.Children(n) {
		if !x.statement(s) {
			return false
		}
	}
	return true
}

func (x *interp) statement(n pysyntax.Node) bool {
	t := x.t
	switch t.Kind(n) {
	case pysyntax.ExpressionStatement:
		before := len(x.out.edges)
		for e := range t.Children(n) {
			x.eval(e)
		}
		return !x.raisesHere(n, before)
	case pysyntax.ReturnStatement:
		x.returnStatement(n)
		return false
	case pysyntax.RaiseStatement:
		x.evalAll(n)
		x.raises(n)
		x.raise(n)
		return false
	case pysyntax.BreakStatement:
		if l := x.innerLoop(); l != nil {
			l.breaks, l.broke = x.joinEnv(l.breaks, x.env, l.broke), true
		}
		return false
	case pysyntax.ContinueStatement:
		if l := x.innerLoop(); l != nil {
			l.continues, l.continued = x.joinEnv(l.continues, x.env, l.continued), true
		}
		return false
	case pysyntax.IfStatement:
		return x.ifStatement(n)
	case pysyntax.ForStatement:
		return x.forStatement(n)
	case pysyntax.WhileStatement:
		return x.whileStatement(n)
	case pysyntax.TryStatement:
		return x.tryStatement(n)
	case pysyntax.WithStatement:
		return x.withStatement(n)
	case pysyntax.MatchStatement:
		return x.matchStatement(n)
	case pysyntax.FunctionDefinition, pysyntax.ClassDefinition, pysyntax.DecoratedDefinition:
		x.definition(n)
	case pysyntax.ImportStatement, pysyntax.ImportFromStatement:
		if x.u.key.fn != nil {
			for name, s := range x.a.g.ImportMeanings(x.m, n) {
				x.assignName(name, x.symbols(s[0], s[1:]))
			}
		}
	case pysyntax.GlobalStatement:
		x.declareGlobal(n)
	case pysyntax.AssertStatement:
		for c := range t.Children(n) {
			x.tested(x.eval(c), c)
		}
	case pysyntax.NonlocalStatement:
		x.declareNonlocal(n)
	case pysyntax.DeleteStatement:
		x.evalAll(n)
	case pysyntax.TypeAliasStatement: // what stands beside its type: Annotated[User, Depends(by_key("a"))]
		for c := range t.Within(n) {
			if t.Kind(c) == pysyntax.Call {
				x.beside(c)
			}
		}
	case pysyntax.Block, pysyntax.Error:
		return x.block(n)
	}
	return true
}

func (x *interp) returnStatement(n pysyntax.Node) {
	t := x.t
	var given value
	for e := range t.Children(n) {
		v := x.eval(e)
		switch {
		case len(x.begun) == 0:
		case t.Kind(e) == pysyntax.Identifier:
			x.ended(x.begun[0])
			v = x.eval(e)
		default:
			v = x.through(result, v, func() { x.ended(x.begun[0]) })
		}
		x.returns = join(x.returns, v)
		x.opaque = x.opaque || len(v) == 0 && t.Is(e, pysyntax.Call, pysyntax.Await, pysyntax.Identifier, pysyntax.Attribute, pysyntax.Subscript)
		x.serialise(join(v, x.returnedEncoded(e)), e)
		given = v
	}
	x.leaveRolledBack(given)
	x.leaveLoaded()
	x.leaveSet()
}

func (x *interp) evalAll(n pysyntax.Node) {
	for c := range x.t.Children(n) {
		x.eval(c)
	}
}

func (x *interp) innerLoop() *loop {
	if len(x.loops) == 0 {
		return nil
	}
	return x.loops[len(x.loops)-1]
}

// mergeGuarded drops a statement whose options are all on another statement of the same site in v, or the beginning of one
// there: of `if items: options(selectinload(Order.items).joinedload(Item.product)) else: options(selectinload(Order.items))`
// the first stays. Folded ones all stay: that with the most options may be none that the program has.
func mergeGuarded(v value) value {
	n := 0
	for _, a := range v {
		if a.kind == statement {
			n++
		}
	}
	if n < 2 {
		return v
	}
	var out []*atom
	for _, a := range v {
		covered := false
		if a.kind == statement && !a.stmt.folded {
			back := a.stmt.opts.unless() != "" // which says something only of one that it covers
			for _, b := range v {
				if b == a || b.kind != statement || !a.stmt.asOf(b.stmt) {
					continue
				}
				all, none := loadsAll(b.stmt.opts.atoms(), a.stmt.opts.atoms()), !loadsAll(a.stmt.opts.atoms(), b.stmt.opts.atoms())
				covered = covered || none && (all || back && b.stmt.opts.unless() == "")
			}
		}
		if !covered {
			out = append(out, a)
		}
	}
	return value(out)
}

// loadsAll reports whether each of some options is one of all, or the beginning of one.
func loadsAll(all, some value) bool {
	for _, a := range some {
		if !slices.ContainsFunc(all, func(b *atom) bool { return a == b || a.begins(b) }) {
			return false
		}
	}
	return true
}

// begins reports whether option b goes on where a ends, and loads by the same loaders up to there.
func (a *atom) begins(b *atom) bool {
	if a.kind != option || b.kind != option || a.opt.wild != "" || len(a.opt.rows) > 0 || a.opt.path == nil || a.opt.root != b.opt.root ||
		b.opt.path.len() <= a.opt.path.len() || len(b.opt.loaders) < len(a.opt.loaders) || !slices.Equal(b.opt.loaders[:len(a.opt.loaders)], a.opt.loaders) {
		return false
	}
	return b.opt.path.steps()[a.opt.path.len()-1] == a.opt.path
}

// definition binds a nested function or class; at module level it runs the class body.
func (x *interp) definition(n pysyntax.Node) {
	t := x.t
	def := n
	var decorators []value
	if t.Kind(n) == pysyntax.DecoratedDefinition {
		decorators = x.decorators(n)
		def = t.Child(n, pysyntax.FieldDefinition)
	}
	if f := x.m.FunctionAt(def); f != nil {
		x.keepDefaults(f)
		if x.class != nil {
			v := one(x.a.t.funcRef(f, nil, nil))
			x.decorate(v, decorators, n)
			x.fieldExtensions(f, v, n)
			return
		}
		var outer *unitKey
		if x.u.key.fn != nil {
			outer = x.u.key
			k := functionKey(f, nil, typeArgs{}, nil, outer)
			x.out.usedUnits[k.id] = k
		}
		v := one(x.a.t.funcRef(f, nil, outer))
		x.assignName(f.Name, v)
		x.decorate(v, decorators, n)
		return
	}
	if c := x.m.ClassAt(def); c != nil {
		outer, kept := x.class, x.env
		x.class = c
		x.env = maps.Clone(x.env)
		x.block(t.Child(def, pysyntax.FieldBody))
		x.enumMade(c)
		x.class, x.env = outer, kept
		v := one(x.a.t.classRef(c, x.givenMaker(), false))
		if x.u.key.fn != nil {
			x.assignName(c.Name, v)
		}
		x.decorate(v, decorators, n)
		x.initSubclass(c, n)
		x.callMetaclass(c, n)
		x.decorateView(c, n)
	}
}
