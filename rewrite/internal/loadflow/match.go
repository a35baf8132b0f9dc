package loadflow

import (
	"cmp"
	"slices"

	"github.com/lazyfix/lazyfix/rewrite/internal/pymodule"
	"github.com/lazyfix/lazyfix/rewrite/internal/pysyntax"
)

// A match statement reads what its patterns ask for, and gives it names:
//
//	match await session.get(Payment, number):
//	    case CardPayment(card=Card(bank=bank)):  # reads payment.card and card.bank
//	    case Payment() as payment:
//
// Each case is run for all that the subject may be, whatever the cases before it take, but where a word decides.
func (x *interp) matchStatement(n pysyntax.Node) bool {
	t := x.t
	subject, v := x.subject(n)
	loaders, outside := x.bringsLoaders(n), x.withheld
	before := x.env
	ends := []env{before}
	for c := range t.Children(t.Child(n, pysyntax.FieldBody)) {
		if t.Kind(c) != pysyntax.CaseClause {
			continue
		}
		holds, known := x.caseByWord(c, subject)
		if known && !holds && !loaders {
			continue
		}
		if known && !holds {
			x.withheld = cmp.Or(outside, t.Text(subject)+" == "+t.Text(t.First(c)))
		}
		end := x.branch(before, func() bool {
			x.caseClause(c, subject, v)
			if g := t.Child(c, pysyntax.FieldGuard); g != pysyntax.Nil {
				x.evalAll(g)
			}
			return x.block(t.Child(c, pysyntax.FieldConsequence))
		})
		x.withheld = outside
		if known && holds {
			return x.meet(append(ends[1:], end)...)
		}
		ends = append(ends, end)
		if x.takesAnything(c) {
			return x.meet(ends[1:]...)
		}
	}
	return x.meet(ends...)
}

// takesAnything reports whether a case is `case _:` or `case other:`, the last one then.
func (x *interp) takesAnything(c pysyntax.Node) bool {
	t, pattern := x.t, x.t.First(c)
	name := t.Text(pattern)
	if t.Child(c, pysyntax.FieldGuard) != pysyntax.Nil || t.Kind(t.Nth(c, 1)) == pysyntax.CasePattern { // case _, _:
		return false
	}
	return name == "_" || t.Kind(t.First(pattern)) == pysyntax.DottedName && pymodule.Last(name) == name
}

// caseByWord is whether a case of strings takes the word that the subject is, as far as that is known.
func (x *interp) caseByWord(c, subject pysyntax.Node) (holds, known bool) {
	t := x.t
	if t.Child(c, pysyntax.FieldGuard) != pysyntax.Nil {
		return false, false
	}
	pattern := t.First(t.First(c))
	words := []pysyntax.Node{pattern}
	if t.Kind(pattern) == pysyntax.UnionPattern {
		words = slices.Collect(t.Children(pattern))
	}
	return x.isWord(subject, words)
}

// subject is what a match statement looks at: `match order, item:` looks at a tuple.
func (x *interp) subject(n pysyntax.Node) (pysyntax.Node, value) {
	var nodes []pysyntax.Node
	var elems []value
	for c := range x.t.Children(n) {
		if x.t.Field(c) == pysyntax.FieldSubject {
			nodes, elems = append(nodes, c), append(elems, x.eval(c))
		}
	}
	if len(nodes) == 1 {
		return nodes[0], elems[0]
	}
	return pysyntax.Nil, x.a.t.tuple(elems, nil)
}

// caseClause matches the patterns of a case, of which several stand for a tuple, and narrows a subject that is a name.
func (x *interp) caseClause(c, subject pysyntax.Node, v value) {
	t := x.t
	var patterns []pysyntax.Node
	for p := range t.Children(c) {
		if t.Kind(p) == pysyntax.CasePattern {
			patterns = append(patterns, p)
		}
	}
	if len(patterns) == 1 {
		if v = x.pattern(patterns[0], v); t.Kind(subject) == pysyntax.Identifier {
			if _, local := x.env[t.Text(subject)]; local {
				x.env[t.Text(subject)] = v
			}
		}
		return
	}
	x.patterns(patterns, v)
}

// patterns match the elements of a tuple or list.
func (x *interp) patterns(patterns []pysyntax.Node, v value) {
	t := x.t
	for i, p := range patterns {
		if t.Kind(p) == pysyntax.CasePattern {
			p = t.First(p)
		}
		if t.Kind(p) == pysyntax.SplatPattern {
			if name := t.First(p); name != pysyntax.Nil {
				x.assignName(t.Text(name), x.a.t.collection(x.iterate(v, p)))
			}
			for _, q := range patterns[i+1:] {
				x.pattern(q, x.iterate(v, q))
			}
			return
		}
		x.pattern(p, x.nth(v, i, p))
	}
}

// pattern matches v, reads what the pattern looks at, binds its names, and gives what of v can match.
func (x *interp) pattern(p pysyntax.Node, v value) value {
	t := x.t
	switch t.Kind(p) {
	case pysyntax.CasePattern:
		return x.pattern(t.First(p), v)
	case pysyntax.DottedName: // a name takes anything; m.X is a value to compare with
		if name := t.Text(p); name != "_" && pymodule.Last(name) == name {
			x.assignName(name, withoutFlags(v))
		}
	case pysyntax.AsPattern:
		parts := slices.Collect(t.Children(p))
		v = x.pattern(parts[0], v)
		x.assignName(t.Text(parts[len(parts)-1]), withoutFlags(v))
	case pysyntax.UnionPattern:
		var out value
		for c := range t.Children(p) {
			out = join(out, x.pattern(c, v))
		}
		return out
	case pysyntax.TuplePattern, pysyntax.ListPattern:
		parts := slices.Collect(t.Children(p))
		if len(parts) == 1 && t.Kind(p) == pysyntax.TuplePattern && t.Source()[t.End(parts[0])] != ',' {
			return x.pattern(parts[0], v) // (order)
		}
		x.patterns(parts, v)
	case pysyntax.DictPattern:
		x.dictPattern(p, v)
	case pysyntax.ClassPattern:
		return x.classPattern(p, v)
	case pysyntax.None:
		return value(slices.DeleteFunc(slices.Clone(v), func(a *atom) bool { return a.kind == object }))
	}
	return v
}

// dictPattern is {"order": order, **others}.
func (x *interp) dictPattern(p pysyntax.Node, v value) {
	t := x.t
	key := ""
	for c := range t.Children(p) {
		switch {
		case t.Kind(c) == pysyntax.SplatPattern:
			if name := t.First(c); name != pysyntax.Nil {
				x.assignName(t.Text(name), join(v, x.viewedWhole(v, p)))
			}
		case t.Field(c) == pysyntax.FieldValue:
			var held value
			for _, a := range v {
				if a.kind == mapping && key != "" {
					held = join(held, a.under(key))
				} else if a.kind == mapping {
					held = join(held, a.elem)
				} else if key != "" && x.isView(a) {
					held = join(held, x.calledForKey(a, key, p))
				}
			}
			x.pattern(c, held)
		default:
			key = pymodule.StringValue(t, c)
		}
	}
}

// classPattern is Order(number, items=[first, *_]). What stands without a name goes by the class's __match_args__, or the order of
// its fields, as in its generated constructor.
func (x *interp) classPattern(p pysyntax.Node, v value) value {
	t := x.t
	parts := slices.Collect(t.Children(p))
	classes := x.classesNamed(parts[0])
	transparent := slices.ContainsFunc(x.dotted(parts[0]), func(a *atom) bool { return a.kind == external && resultMade(a.name) })
	if len(classes) > 0 {
		v = value(slices.DeleteFunc(slices.Clone(v), func(a *atom) bool { return !x.canBeOf(a, classes) }))
		if !hasInstance(v) && !hasObject(v) && x.onlyExceptions(classes) {
			v = join(v, x.instancesOf(classes))
		}
	}
	for i, part := range parts[1:] {
		inner, as := t.First(part), ""
		if parts := slices.Collect(t.Children(inner)); t.Kind(inner) == pysyntax.AsPattern { // items=[_, *_] as items
			if first := unwrapped(t, parts[0]); t.Kind(first) == pysyntax.KeywordPattern {
				inner, as = first, t.Text(parts[len(parts)-1])
			}
		}
		if t.Kind(inner) == pysyntax.KeywordPattern {
			named := slices.Collect(t.Children(inner))
			held := x.member(v, t.Text(named[0]), inner)
			if len(named) > 1 {
				held = x.pattern(named[1], held)
			}
			if as != "" {
				x.assignName(as, withoutFlags(held))
			}
			continue
		}
		var held value
		if transparent {
			held = v
		}
		for _, c := range classes {
			if fields := x.a.matchFields(c); i < len(fields) {
				held = join(held, x.member(v, fields[i], part))
			}
		}
		x.pattern(part, held)
	}
	return v
}

// unwrapped is the pattern that a case_pattern stands around.
func unwrapped(t *pysyntax.Tree, p pysyntax.Node) pysyntax.Node {
	for t.Kind(p) == pysyntax.CasePattern {
		p = t.First(p)
	}
	return p
}
