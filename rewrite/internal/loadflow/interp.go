package loadflow

import (
	"maps"
	"slices"

	"github.com/lazyfix/lazyfix/rewrite/internal/pymodule"
	"github.com/lazyfix/lazyfix/rewrite/internal/pysyntax"
)

// env is what each name may be at one point of a function. A key with a dot is an attribute that was assigned through a
// name ("order.customer"): reading it again loads nothing.
type env map[string]value

// interp interprets one unit once.
type interp struct {
	a   *analysis
	u   *unit
	t   *pysyntax.Tree
	m   *pymodule.Module
	out *outcome

	env     env
	loops   []*loop
	class   *pymodule.Class // the class body that is being run, in module units
	keep    bool            // names are kept in out.vars
	depth   int
	returns value
	yields  value
	yielded bool
	// globals are names that a function declares global.
	globals map[string]bool
	lambda  int
}

type loop struct {
	breaks, continues env
	broke, continued  bool
}

// maxDepth bounds the recursion into one file's tree. A deeper expression means nothing to us.
const maxDepth = 400

// interpret runs u over what is known of the others. It changes nothing but its outcome.
func (a *analysis) interpret(u *unit) *outcome {
	k := u.key
	x := &interp{a: a, u: u, t: k.mod.Tree, m: k.mod, env: env{}, out: &outcome{
		fields: map[fieldKey]value{}, usedUnits: map[string]*unitKey{}, usedFields: map[fieldKey]bool{},
		usedVars: map[string]*unitKey{},
	}}
	if k.fn == nil {
		x.keep = true
		x.out.vars = map[string]value{}
		x.block(x.t.Root())
		return x.out
	}
	if len(k.fn.Defs) > 0 || len(k.fn.Classes) > 0 {
		x.keep = true
		x.out.vars = map[string]value{}
	}
	for i, p := range k.fn.Params {
		v := x.parameter(i)
		x.assignName(p.Name, v)
	}
	x.block(k.fn.Body)
	x.out.ret = x.a.t.flat(x.result())
	return x.out
}

// result is what a call of the function gives.
func (x *interp) result() value {
	f := x.u.key.fn
	ret := x.returns
	if f.Generator {
		ret = x.a.t.collection(x.yields)
		if x.yields == nil {
			ret = nil
		}
	}
	if f.Returns == pysyntax.Nil {
		return ret
	}
	declared := x.annotation(f.Returns, x.a.t.typeOrigin(f.Module, f.Node))
	if len(ret) == 0 || hasObject(declared) && !hasObject(ret) || hasInstance(declared) && !hasInstance(ret) && !hasObject(ret) {
		return join(ret, declared)
	}
	return ret
}

func hasObject(v value) bool {
	for _, a := range flatten(v) {
		if a.kind == object || a.kind == statement {
			return true
		}
	}
	return false
}

func hasInstance(v value) bool {
	for _, a := range flatten(v) {
		if a.kind == instance {
			return true
		}
	}
	return false
}

// block runs statements; false when what follows is not reached.
func (x *interp) block(n pysyntax.Node) bool {
	if x.depth++; x.depth > maxDepth {
		x.depth--
		x.out.full = true
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
		for e := range t.Children(n) {
			x.eval(e)
		}
	case pysyntax.ReturnStatement:
		for e := range t.Children(n) {
			v := x.eval(e)
			x.returns = join(x.returns, v)
			x.serialise(v, e)
		}
		return false
	case pysyntax.RaiseStatement:
		x.evalAll(n)
		return false
	case pysyntax.BreakStatement:
		if l := x.innerLoop(); l != nil {
			l.breaks, l.broke = joinEnv(l.breaks, x.env, l.broke), true
		}
		return false
	case pysyntax.ContinueStatement:
		if l := x.innerLoop(); l != nil {
			l.continues, l.continued = joinEnv(l.continues, x.env, l.continued), true
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
			for name, s := range x.a.g.ImportsOf(x.m, n) {
				x.assignName(name, x.symbol(s))
			}
		}
	case pysyntax.GlobalStatement:
		if x.globals == nil {
			x.globals = map[string]bool{}
		}
		for c := range t.Children(n) {
			x.globals[t.Text(c)] = true
		}
	case pysyntax.DeleteStatement, pysyntax.AssertStatement:
		x.evalAll(n)
	case pysyntax.Block, pysyntax.Error:
		return x.block(n)
	}
	return true
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

// branch runs f from a copy of e and gives the environment behind it, nil when it is not reached.
func (x *interp) branch(e env, f func() bool) env {
	x.env = maps.Clone(e)
	if !f() {
		return nil
	}
	return x.env
}

// meet goes on from several environments, nil ones left out; false when none is reached.
func (x *interp) meet(envs ...env) bool {
	var out env
	reached := false
	for _, e := range envs {
		if e == nil {
			continue
		}
		out = joinEnv(out, e, reached)
		reached = true
	}
	if out == nil {
		out = env{}
	}
	x.env = out
	return reached
}

// joinEnv is the environment where two ways meet. What is known of an attribute must hold on both; a statement that got
// options on one way only is taken as the one that has them: its author made the choice.
func joinEnv(a, b env, have bool) env {
	if !have {
		return maps.Clone(b)
	}
	out := env{}
	for k, v := range a {
		w, ok := b[k]
		if !ok && isAttribute(k) {
			continue
		}
		out[k] = mergeGuarded(join(v, w))
	}
	for k, w := range b {
		if _, ok := a[k]; !ok && !isAttribute(k) {
			out[k] = w
		}
	}
	return out
}

func isAttribute(key string) bool {
	for i := range len(key) {
		if key[i] == '.' {
			return true
		}
	}
	return false
}

// mergeGuarded drops a statement whose options are all on another statement of the same site in v.
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
		if a.kind == statement {
			for _, b := range v {
				if b != a && b.kind == statement && a.stmt.site != nil && a.stmt.site == b.stmt.site &&
					containsAll(b.stmt.opts.atoms(), a.stmt.opts.atoms()) && len(b.stmt.opts.atoms()) > len(a.stmt.opts.atoms()) {
					covered = true
				}
			}
		}
		if !covered {
			out = append(out, a)
		}
	}
	return value(out)
}

func containsAll(all, some value) bool {
	for _, a := range some {
		if !slices.Contains(all, a) {
			return false
		}
	}
	return true
}

func (x *interp) ifStatement(n pysyntax.Node) bool {
	t := x.t
	x.eval(t.Child(n, pysyntax.FieldCondition))
	before := x.env
	ends := []env{x.branch(before, func() bool { return x.block(t.Child(n, pysyntax.FieldConsequence)) })}
	rest := before
	hasElse := false
	for c := range t.Children(n) {
		switch t.Kind(c) {
		case pysyntax.ElifClause:
			ends = append(ends, x.branch(rest, func() bool {
				x.eval(t.Child(c, pysyntax.FieldCondition))
				return x.block(t.Child(c, pysyntax.FieldConsequence))
			}))
		case pysyntax.ElseClause:
			hasElse = true
			ends = append(ends, x.branch(rest, func() bool { return x.block(t.Child(c, pysyntax.FieldBody)) }))
		}
	}
	if !hasElse {
		ends = append(ends, before)
	}
	return x.meet(ends...)
}

// loopRounds is how often a loop's body is run for values that its own end changes.
const loopRounds = 4

func (x *interp) forStatement(n pysyntax.Node) bool {
	t := x.t
	left, right := t.Child(n, pysyntax.FieldLeft), t.Child(n, pysyntax.FieldRight)
	over := x.eval(right)
	x.repeat(func() bool {
		x.assign(left, x.iterate(over, right), right)
		return x.block(t.Child(n, pysyntax.FieldBody))
	})
	return x.otherwise(n)
}

func (x *interp) whileStatement(n pysyntax.Node) bool {
	t := x.t
	x.repeat(func() bool {
		x.eval(t.Child(n, pysyntax.FieldCondition))
		return x.block(t.Child(n, pysyntax.FieldBody))
	})
	return x.otherwise(n)
}

func (x *interp) otherwise(n pysyntax.Node) bool {
	for c := range x.t.Children(n) {
		if x.t.Kind(c) == pysyntax.ElseClause {
			x.block(x.t.Child(c, pysyntax.FieldBody))
		}
	}
	return true
}

// repeat runs a loop's body until its environment stays the same.
func (x *interp) repeat(body func() bool) {
	at := x.env
	exits := []env{at}
	for range loopRounds {
		l := &loop{}
		x.loops = append(x.loops, l)
		end := x.branch(at, body)
		x.loops = x.loops[:len(x.loops)-1]
		if l.broke {
			exits = append(exits, l.breaks)
		}
		next := at
		if end != nil {
			next = joinEnv(next, end, true)
		}
		if l.continued {
			next = joinEnv(next, l.continues, true)
		}
		stable := sameVars(at, next)
		at = next
		if stable {
			break
		}
	}
	x.meet(append(exits, at)...)
}

func (x *interp) tryStatement(n pysyntax.Node) bool {
	t := x.t
	before := x.env
	var ends []env
	body := x.branch(before, func() bool { return x.block(t.Child(n, pysyntax.FieldBody)) })
	afterBody := x.env
	thrown := joinEnv(before, afterBody, true)
	for c := range t.Children(n) {
		switch t.Kind(c) {
		case pysyntax.ExceptClause, pysyntax.ExceptGroupClause:
			ends = append(ends, x.branch(thrown, func() bool {
				for b := range t.Children(c) {
					if t.Kind(b) == pysyntax.Block {
						return x.block(b)
					}
				}
				return true
			}))
		case pysyntax.ElseClause:
			if body != nil {
				body = x.branch(body, func() bool { return x.block(t.Child(c, pysyntax.FieldBody)) })
			}
		}
	}
	reached := x.meet(append(ends, body)...)
	for c := range t.Children(n) {
		if t.Kind(c) == pysyntax.FinallyClause {
			if !reached {
				x.env = maps.Clone(thrown)
			}
			for b := range t.Children(c) {
				x.block(b)
			}
		}
	}
	return reached
}

func (x *interp) withStatement(n pysyntax.Node) bool {
	t := x.t
	for clause := range t.Children(n) {
		if t.Kind(clause) != pysyntax.WithClause {
			continue
		}
		for item := range t.Children(clause) {
			e := t.Child(item, pysyntax.FieldValue)
			if t.Kind(e) == pysyntax.Tuple { // with (a as b, c as d):
				for c := range t.Children(e) {
					x.withItem(c)
				}
				continue
			}
			x.withItem(e)
		}
	}
	return x.block(t.Child(n, pysyntax.FieldBody))
}

func (x *interp) withItem(e pysyntax.Node) {
	if x.t.Kind(e) != pysyntax.AsPattern {
		x.eval(e)
		return
	}
	source := x.t.First(e)
	entered := x.enter(x.eval(source), source)
	x.assign(x.t.First(x.t.Child(e, pysyntax.FieldAlias)), entered, e)
}

// enter is what `with v as name` binds.
func (x *interp) enter(v value, at pysyntax.Node) value {
	var out value
	for _, a := range v {
		switch a.kind {
		case collection: // a generator under @contextmanager
			out = join(out, a.elem)
		case instance:
			got := value(nil)
			for _, name := range []string{"__aenter__", "__enter__"} {
				if f := x.method(a.class, name); f != nil {
					got = x.call(f, one(a), &arguments{}, at)
					break
				}
			}
			if got == nil {
				got = one(a)
			}
			out = join(out, got)
		default:
			out = join(out, one(a))
		}
	}
	return out
}

func (x *interp) matchStatement(n pysyntax.Node) bool {
	t := x.t
	x.eval(t.Child(n, pysyntax.FieldSubject))
	before := x.env
	ends := []env{before}
	for c := range t.Within(t.Child(n, pysyntax.FieldBody)) {
		if t.Kind(c) == pysyntax.CaseClause && t.Enclosing(c, pysyntax.MatchStatement) == n {
			ends = append(ends, x.branch(before, func() bool {
				if g := t.Child(c, pysyntax.FieldGuard); g != pysyntax.Nil {
					x.evalAll(g)
				}
				return x.block(t.Child(c, pysyntax.FieldConsequence))
			}))
		}
	}
	return x.meet(ends...)
}

// definition binds a nested function or class; at module level it runs the class body.
func (x *interp) definition(n pysyntax.Node) {
	t := x.t
	def := n
	if t.Kind(n) == pysyntax.DecoratedDefinition {
		for c := range t.Children(n) {
			if t.Kind(c) == pysyntax.Decorator {
				x.eval(t.First(c))
			}
		}
		def = t.Child(n, pysyntax.FieldDefinition)
	}
	if f := x.m.FunctionAt(def); f != nil {
		for i := range f.Params {
			if f.Params[i].Default != pysyntax.Nil {
				x.eval(f.Params[i].Default)
			}
		}
		if x.class != nil {
			return
		}
		var outer *unitKey
		if x.u.key.fn != nil {
			outer = x.u.key
			k := functionKey(f, nil, typeArgs{}, nil, outer)
			x.out.usedUnits[k.id] = k
		}
		x.assignName(f.Name, one(x.a.t.funcRef(f, nil, outer)))
		return
	}
	if c := x.m.ClassAt(def); c != nil {
		outer, kept := x.class, x.env
		x.class = c
		x.env = maps.Clone(x.env)
		x.block(t.Child(def, pysyntax.FieldBody))
		x.class, x.env = outer, kept
		if x.u.key.fn != nil {
			x.assignName(c.Name, one(x.a.t.classRef(c, typeArgs{}, false)))
		}
	}
}
