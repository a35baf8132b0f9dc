package loadflow

import (
	"strconv"
	"strings"

	"github.com/lazyfix/lazyfix/rewrite/internal/pymodule"
	"github.com/lazyfix/lazyfix/rewrite/internal/pysyntax"
)

// eval is what an expression may be. It notes every read on the way.
func (x *interp) eval(n pysyntax.Node) value {
	if n == pysyntax.Nil {
		return nil
	}
	t := x.t
	if t.Is(n, pysyntax.Call, pysyntax.Attribute) { // of the data in a module there may be any amount
		x.steps++
	}
	if x.depth++; x.depth > maxDepth || x.steps > maxSteps {
		x.depth--
		if x.steps > maxSteps || isAnyRead(t, n) {
			x.tooMuch(n)
		}
		return nil
	}
	defer func() { x.depth-- }()
	switch t.Kind(n) {
	case pysyntax.Identifier:
		return x.name(t.Text(n))
	case pysyntax.Attribute:
		return x.weighed(x.attribute(n))
	case pysyntax.Call:
		return x.weighed(x.callInSession(n))
	case pysyntax.Await:
		v := x.around(n)
		x.holdsBeside(n, v)
		return v
	case pysyntax.ParenthesizedExpression, pysyntax.Interpolation, pysyntax.ListSplat,
		pysyntax.DictionarySplat, pysyntax.ParenthesizedListSplat:
		return x.around(n)
	case pysyntax.Assignment:
		return x.assignment(n)
	case pysyntax.AugmentedAssignment:
		return x.augmented(n)
	case pysyntax.NamedExpression:
		v := x.eval(t.Child(n, pysyntax.FieldValue))
		x.assign(t.Child(n, pysyntax.FieldName), v, n)
		return v
	case pysyntax.ConditionalExpression:
		return x.conditional(n)
	case pysyntax.BooleanOperator:
		return x.booleanOperator(t.Child(n, pysyntax.FieldLeft), t.Child(n, pysyntax.FieldRight))
	case pysyntax.BinaryOperator:
		return join(x.binary(n), x.madeName(n))
	case pysyntax.Subscript:
		return x.subscript(n)
	case pysyntax.List, pysyntax.Set:
		var elem value
		for c := range t.Children(n) {
			elem = join(elem, x.element(c))
		}
		return x.display(n, elem)
	case pysyntax.Tuple, pysyntax.ExpressionList:
		return x.tuple(n)
	case pysyntax.Dictionary:
		return x.dictionary(n)
	case pysyntax.ListComprehension, pysyntax.SetComprehension, pysyntax.GeneratorExpression:
		if v, ok := x.inPlaces(n); ok {
			return v
		}
		return x.comprehension(n, func(body pysyntax.Node) value { return x.display(n, x.eval(body)) })
	case pysyntax.DictionaryComprehension:
		return x.dictionaryComprehension(n)
	case pysyntax.Lambda:
		return x.lambdaValue(n)
	case pysyntax.Yield:
		return x.yield(n)
	case pysyntax.String:
		x.evalAll(n)
		return join(x.templateName(pymodule.StringValue(t, n)), x.madeName(n))
	case pysyntax.ComparisonOperator:
		x.comparison(n)
		return nil
	case pysyntax.NotOperator:
		x.tested(x.eval(t.Child(n, pysyntax.FieldArgument)), n)
		return nil
	case pysyntax.UnaryOperator:
		return x.unary(n)
	case pysyntax.ConcatenatedString, pysyntax.Slice, pysyntax.Pair:
		x.evalAll(n)
		return nil
	}
	return nil
}

// callInSession is what a call gives, and beside it what the session may hold of the same rows.
func (x *interp) callInSession(n pysyntax.Node) value {
	v := x.loadedAnew(x.heldAgain(n, x.sameRow(n, x.unfollowed(x.callExpression(n), n))))
	if fn := x.t.Child(n, pysyntax.FieldFunction); x.t.Kind(fn) == pysyntax.Attribute {
		v = x.ofTemporary(x.t.Child(fn, pysyntax.FieldObject), v)
	}
	if x.seeing != nil {
		x.seeing(n, v)
	}
	return v
}

// around is what only stands around an expression, and is what that is.
func (x *interp) around(n pysyntax.Node) value {
	var out value
	for c := range x.t.Children(n) {
		out = join(out, x.eval(c))
	}
	switch x.t.Kind(n) {
	case pysyntax.Interpolation:
		x.interpolated(n, out)
	case pysyntax.Await:
		x.awaitedAttribute(x.t.First(n))
		return x.awaitedOwn(x.broughtByAwait(x.t.First(n), x.awaitedFutures(out)), n)
	}
	return out
}

func (x *interp) assignment(n pysyntax.Node) value {
	t := x.t
	left, right, typ := t.Child(n, pysyntax.FieldLeft), t.Child(n, pysyntax.FieldRight), t.Child(n, pysyntax.FieldType)
	var v value
	if right != pysyntax.Nil {
		v = x.eval(right)
	}
	if typ != pysyntax.Nil {
		if right == pysyntax.Nil && x.class != nil {
			return nil // a field: see annotated
		}
		declared := x.annotation(typ, x.a.t.typeOrigin(x.m, n))
		if t.Kind(right) == pysyntax.None && hasObject(declared) {
			declared = nil // order: Order | None = None says that there is none yet
		}
		if len(v) == 0 && right != pysyntax.Nil {
			v = useful(declared) // as of a function: see result
		} else if len(v) == 0 || hasObject(declared) && !hasObject(v) && right == pysyntax.Nil {
			v = declared
		} else if hasObject(declared) && !hasObject(v) && !emptyContainer(v) {
			v = join(v, declared)
		}
		if right == pysyntax.Nil && t.Kind(left) != pysyntax.Identifier {
			return nil
		}
	}
	x.assign(left, v, right)
	return v
}

// emptyContainer reports whether v is only containers that hold nothing yet: `orders: list[Order] = []`.
func emptyContainer(v value) bool {
	for _, a := range v {
		if (a.kind != collection && a.kind != mapping) || len(a.elem) > 0 {
			return false
		}
	}
	return len(v) > 0
}

// wholeKey is a tuple of all that a subscript has, totals[order.number, order.customer.name], its first where that is all.
func (x *interp) wholeKey(n pysyntax.Node, first value) value {
	keys := []value{first}
	for c := range x.t.Children(n) {
		if x.t.Field(c) == pysyntax.FieldSubscript && c != x.t.Child(n, pysyntax.FieldSubscript) {
			keys = append(keys, x.element(c))
		}
	}
	if len(keys) == 1 {
		return first
	}
	return x.a.t.tuple(keys, nil)
}

func (x *interp) subscript(n pysyntax.Node) value {
	t := x.t
	v := x.eval(t.Child(n, pysyntax.FieldValue))
	index := t.Child(n, pysyntax.FieldSubscript)
	key := x.eval(index)
	if pymodule.Last(t.Text(t.Child(n, pysyntax.FieldValue))) == "Annotated" {
		for c := range t.Children(n) {
			if t.Kind(c) == pysyntax.Call {
				x.beside(c)
			}
		}
	}
	if typ := x.typeExpression(n); len(typ) > 0 {
		return typ
	}
	key = x.wholeKey(n, key)
	holder, spelled := t.Child(n, pysyntax.FieldValue), pymodule.StringValue(t, index)
	if item := join(x.keptItem(holder, v, spelled), x.handedTo(holder, spelled)); len(item) > 0 {
		return item
	}
	out := x.dictItem(n, v)
	if len(out) > 0 && x.asksForItem(n) {
		return out
	}
	for _, a := range v {
		switch a.kind {
		case classRef: // Repository[Order]
			out = join(out, x.specialise(a, n))
		case external:
			out = join(out, one(a))
		case mapping:
			x.hashed(key, n)
			names := wordsIn(key)
			if name := pymodule.StringValue(t, index); name != "" {
				names = []string{name}
			} else if name := x.classEntry(a, key); name != "" {
				names = []string{name}
				out = join(out, a.rest)
			}
			for _, name := range names {
				out = join(out, a.under(name), x.readOfDict(a, name, n))
			}
			if len(names) == 0 || x.isAnother(key) {
				out = join(out, a.elem)
			}
		case tuple:
			if t.Kind(index) == pysyntax.Slice {
				out = join(out, x.sliced(a, t.Text(index)))
			} else if i, err := strconv.Atoi(t.Text(index)); err == nil {
				out = join(out, x.nth(one(a), i, n))
			} else if a.names == nil && t.Kind(index) != pysyntax.String { // at a place that is not known
				out = join(out, x.elements(one(a)))
			} else {
				out = join(out, x.rowItem(a, strings.Trim(t.Text(index), `"'`)))
			}
		case collection, resultRows:
			if t.Kind(index) == pysyntax.Slice {
				out = join(out, one(a))
			} else {
				out = join(out, a.elem)
			}
		case instance, object:
			if x.a.isTheResult(a) {
				out = join(out, x.theResult(t.Kind(index) != pysyntax.Slice))
				continue
			}
			out = join(out, x.itemOf(a, index, key, n))
		}
	}
	return out
}

func (x *interp) rowItem(row *atom, name string) value {
	for i, entity := range row.names {
		if entity == name && i < len(row.elems) {
			return row.elems[i]
		}
	}
	return nil
}

// name is what a bare name may be: a local, a variable of a function around, or what the module binds.
func (x *interp) name(name string) value {
	k := x.u.key
	if v, ok := x.env[name]; ok && !x.globals[name] {
		if v = join(v, x.reboundIn(k, name)); len(v) == 0 && x.m.Template { // the context does not have it
			v = x.registered("globals", name)
		}
		return v
	}
	if outer := k.ownerOf(name); outer != nil {
		x.out.usedVars[outer.id] = outer
		v := x.reboundIn(outer, name)
		if u := x.a.units[outer.id]; u != nil {
			v = join(v, u.out.vars[name])
		}
		return v
	}
	if x.class != nil {
		if s, others := x.a.g.Meanings(x.m, x.class, k.fn, name); s.Kind != pymodule.Unknown {
			return x.symbols(s, others)
		}
	}
	v := join(x.ofMaker(name), x.symbols(x.a.g.Meanings(x.m, nil, k.fn, name)))
	if x.globals[name] || len(v) == 0 && x.a.declaresGlobal(x.m, name) { // which the module itself need not name
		v = join(v, x.keptAt(x.a.t.ofModule(x.m, name)))
	}
	if len(v) == 0 {
		return x.builtinNamed(x.m, name)
	}
	return v
}

// symbols is the value of what a name means, or may mean instead. Of several mapped classes the first counts: a query for
// whichever is there could be given no options.
func (x *interp) symbols(s pymodule.Symbol, others []pymodule.Symbol) value {
	v := x.symbol(s)
	for _, other := range others {
		if !x.a.isMapped(s) || !x.a.isMapped(other) {
			v = join(v, x.symbol(other))
		}
	}
	return v
}

func (a *analysis) isMapped(s pymodule.Symbol) bool {
	m := a.ix.Class(s.Class)
	return s.Class != nil && m != nil && m.Mapped
}

// symbol is the value of what a name means.
func (x *interp) symbol(s pymodule.Symbol) value {
	switch s.Kind {
	case pymodule.ClassSymbol:
		return one(x.a.t.classRef(s.Class, typeArgs{}, false))
	case pymodule.FunctionSymbol:
		return one(x.a.t.funcRef(s.Function, nil, nil))
	case pymodule.ModuleSymbol:
		return one(x.a.t.moduleRef(s))
	case pymodule.ExternalSymbol:
		return one(x.a.t.external(s.External))
	case pymodule.VariableSymbol:
		v := s.Variable
		if v.Class != nil && x.a.ix.Relationship(v.Class, v.Name) != nil { // CUSTOMER = Order.customer
			return x.classMember(x.a.t.classRef(v.Class, typeArgs{}, false), v.Name)
		}
		if v.Class != nil {
			return x.field(v.Class, v.Name)
		}
		if x.u.key.fn == nil && x.u.key.mod == v.Module {
			return x.env[v.Name]
		}
		k := moduleKey(v.Module)
		x.out.usedVars[k.id] = k
		later := x.keptAt(x.a.t.ofModule(v.Module, v.Name))
		if u := x.a.units[k.id]; u != nil {
			return join(u.out.vars[v.Name], later)
		}
		return later
	}
	return nil
}
