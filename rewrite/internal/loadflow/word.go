package loadflow

import (
	"regexp"
	"slices"
	"strings"

	"github.com/lazyfix/lazyfix/rewrite/internal/pymodule"
	"github.com/lazyfix/lazyfix/rewrite/internal/pysyntax"
)

// A function may be told by a string what to read: await order.load("items"), where load() says
//
//	return await greenlet_spawn(getattr, self, name)
//
// A string that stands in a call, or in the parameter's default, is a part of the context of a function that hands it on:
// a word. It goes where flags go (flag.go). Most strings are none: it must name a relationship, go to such a getattr, or be
// compared where options are guarded (word_compared.go).

const wordMark = "'" // before a word in the name of its atom; True and False have none

func (t *table) word(s string) *atom {
	name := wordMark + s
	return t.names.get(nameKey{flag, name}, func() *atom {
		return t.atom(&atom{kind: flag, more: &more{name: name}}, "B"+name)
	})
}

func isWord(a *atom) bool { return isFlag(a) && strings.HasPrefix(a.name, wordMark) }

// tellsNames reports whether a value is words, or members of an Enum, where there may be none besides.
func tellsNames(v value) bool {
	return slices.ContainsFunc(v, func(a *atom) bool { return isWord(a) || isMember(a) }) &&
		!slices.ContainsFunc(v, func(a *atom) bool { return !isWord(a) && !isMember(a) && a.name != "False" })
}

// wordsIn are the words in v, but for that of a string which is none.
func wordsIn(v value) []string {
	var out []string
	for _, a := range v {
		if word, ok := strings.CutPrefix(a.name, wordMark); ok && word != "" && isFlag(a) {
			out = append(out, word)
		}
	}
	return out
}

// bindWords gives words to parameters: for strings, and for names of a list that are told one after the other.
func (x *interp) bindWords(f *pymodule.Function, self value, bound []value, args *arguments) {
	x.tellWords(f, self, bound, args)
	first := 0
	if isMethod(f) && len(self) > 0 {
		first = 1
	}
	for i := first; i < len(bound); i++ {
		if _, named := args.kw[f.Params[i].Name]; len(bound[i]) == 0 && !named && i-first >= len(args.pos) && !args.more && len(args.starStar) == 0 {
			bound[i] = x.a.defaultMember(f, i)
		}
		if len(wordsIn(bound[i])) > 0 && f.Params[i].Kind != pymodule.Star && f.Params[i].Kind != pymodule.StarStar {
			bound[i] = x.orAnother(f, i, bound[i], args, i-first)
		}
	}
}

// orAnother puts any other string beside the words that an argument has, for a parameter that is compared or tested: but where the
// call or the default spells it.
func (x *interp) orAnother(f *pymodule.Function, param int, told value, args *arguments, at int) value {
	if !x.a.usesOf(f)[param].weighed {
		return told
	}
	p := f.Params[param]
	if p.Kind == pymodule.KeywordOnly {
		at = -1
	}
	n := args.node(at, p.Name)
	_, named := args.kw[p.Name]
	switch {
	case n != pysyntax.Nil:
		if x.spelled(x.t, n) != "" || x.wordOf(x.t, n) != "" || x.onlyWord(n) != "" {
			return told
		}
	case !named && (at < 0 || at >= len(args.pos)) && !args.more && len(args.star) == 0 && len(args.starStar) == 0:
		return told
	}
	return join(told, one(x.a.t.word("")))
}

func (x *interp) tellWords(f *pymodule.Function, self value, bound []value, args *arguments) {
	first, named := 0, x.a.methodNames()[f]
	if isMethod(f) && len(self) > 0 {
		first = 1
	}
	for i := first; i < len(bound); i++ {
		p, use := f.Params[i], x.a.usesOf(f)[i]
		calls := !use.set && slices.Contains(named, i)
		listed := len(x.listedParameter(f, i)) > 0
		if p.Kind == pymodule.StarStar || !use.handed && !use.refills && !use.compared && !calls && !listed {
			continue
		}
		if p.Kind == pymodule.Star {
			var words value
			for _, n := range args.posNodes[min(i-first, len(args.posNodes)):] {
				if s := x.spelled(x.t, n); x.a.isRead(s) {
					words = join(words, one(x.a.t.word(s)))
				}
			}
			if use.spawns && len(words) > 0 {
				bound[i] = words
			}
			continue
		}
		t, n := x.t, args.node(i-first, p.Name)
		if len(bound[i]) > 0 {
			told := x.namesInLists(bound[i], n)
			if read := toldNames(told); (use.spawns || use.names || use.each) && len(read) > 0 {
				bound[i] = nil
				for _, name := range read {
					bound[i] = join(bound[i], one(x.a.t.word(name)))
				}
			}
			continue
		}
		if _, named := args.kw[p.Name]; n == pysyntax.Nil && !named && i-first >= len(args.pos) && !args.more {
			t, n = f.Module.Tree, p.Default
			if use.spawns || use.names || use.each {
				bound[i] = x.wordsByDefault(f, n)
			}
		}
		// Of a constructor the instance has the path (name_given.go).
		path := func(s string) bool { return f.Name != "__init__" && len(x.pathIn(s)) > 0 }
		if s := x.spelled(t, n); s != "" && (calls || listed || use.handed && (use.spawns || x.a.isRead(s) || path(s)) || use.formats && x.formatsRelationship(s)) {
			bound[i] = one(x.a.t.word(s))
		} else if s := x.wordOf(t, n); s != "" && use.compared {
			bound[i] = one(x.a.t.word(s))
		}
	}
}

// wordsByDefault are the names of relationships in a list or tuple that a parameter has by default, or that a variable of the module has.
func (x *interp) wordsByDefault(f *pymodule.Function, n pysyntax.Node) value {
	t := f.Module.Tree
	if name, ok := pymodule.DottedName(t, n); ok {
		v := x.a.g.ResolveIn(f.Module, f.Class, nil, name).Variable
		if v == nil {
			return nil
		}
		t, n = v.Module.Tree, v.Value
	}
	if !t.Is(n, pysyntax.List, pysyntax.Tuple, pysyntax.Set) {
		return nil
	}
	var out value
	for c := range t.Children(n) {
		if s := pymodule.StringValue(t, c); x.a.isRead(s) {
			out = join(out, one(x.a.t.word(s)))
		}
	}
	return out
}

// readsEach reports whether a name is that of strings by each of which an attribute is read: for field in names:
// getattr(order, field), or by the first part of each: field.partition(".").
func readsEach(t *pysyntax.Tree, names, body pysyntax.Node) bool {
	over := names
	for t.Is(t.Parent(over), pysyntax.BooleanOperator, pysyntax.ParenthesizedExpression) { // names or ()
		over = t.Parent(over)
	}
	loop := t.Parent(over)
	each := t.Child(loop, pysyntax.FieldLeft)
	if t.Field(over) != pysyntax.FieldRight || !t.Is(loop, pysyntax.ForStatement, pysyntax.ForInClause) || t.Kind(each) != pysyntax.Identifier {
		return false
	}
	for n := range t.Within(body) {
		if t.Kind(n) == pysyntax.Call && t.Text(t.Child(n, pysyntax.FieldFunction)) == "getattr" &&
			t.Text(t.Nth(t.Child(n, pysyntax.FieldArguments), 1)) == t.Text(each) {
			return true
		}
		if t.Kind(n) == pysyntax.Identifier && t.Text(n) == t.Text(each) && readsParts(t, n, body, func(n pysyntax.Node) bool {
			return namesAttribute(t, n) || readsByPath(t, n)
		}) {
			return true
		}
	}
	return false
}

// spelled is the string that an expression spells, or that a variable of a module or of the class at hand does: ITEMS = "items".
func (x *interp) spelled(t *pysyntax.Tree, n pysyntax.Node) string {
	if s := pymodule.StringValue(t, n); s != "" || t != x.t {
		return s
	}
	if v := x.constant(n); v != nil {
		return pymodule.StringValue(v.Module.Tree, v.Value)
	}
	return ""
}

// constant is the variable of a module, or of the class at hand, that an expression names: ITEMS, self.attribute. Nil for a local
// name, and for anything else.
func (x *interp) constant(n pysyntax.Node) *pymodule.Variable {
	name, ok := pymodule.DottedName(x.t, n)
	first, member, _ := strings.Cut(name, ".")
	if own := x.u.key.recv; own != nil && (first == "self" || first == "cls") {
		if first == "self" && len(x.listedField(own, member)) > 0 { // a default
			return nil
		}
		return x.a.classMember(own, member).Variable
	}
	if !ok || x.u.key.fn.Binds(first) {
		return nil
	}
	return x.a.g.ResolveIn(x.m, nil, x.u.key.fn, name).Variable
}

// spellings are the strings that an expression may be: "items" if full else "notes", or a local name that is given such. None
// where it may be something else.
func (x *interp) spellings(n pysyntax.Node) []string {
	if s := x.spelled(x.t, n); s != "" {
		return []string{s}
	}
	branches := []pysyntax.Node{n}
	if f := x.u.key.fn; x.t.Kind(n) == pysyntax.Identifier && f != nil && f.ParamIndex(x.t.Text(n)) < 0 {
		if x.boundOtherwise(n) {
			return nil
		}
		branches = x.givenBy(n)
	}
	var out []string
	for _, b := range branches {
		ways := []pysyntax.Node{b}
		if x.t.Kind(b) == pysyntax.ConditionalExpression {
			ways = []pysyntax.Node{x.t.Nth(b, 0), x.t.Nth(b, 2)}
		}
		for _, way := range ways {
			s := x.spelled(x.t, way)
			if s == "" {
				return nil
			}
			out = append(out, s)
		}
	}
	return out
}

// boundOtherwise reports whether a local name is given by anything but plain assignments: a loop, a comprehension, a parameter
// of a lambda, name += "_id".
func (x *interp) boundOtherwise(name pysyntax.Node) bool {
	t := x.t
	for n := range t.Within(t.Enclosing(name, pysyntax.FunctionDefinition)) {
		if t.Kind(n) != pysyntax.Identifier || t.Text(n) != t.Text(name) {
			continue
		}
		target, up := n, t.Parent(n)
		for t.Is(up, pysyntax.PatternList, pysyntax.TuplePattern, pysyntax.ListPattern, pysyntax.ListSplatPattern) {
			target, up = up, t.Parent(up)
		}
		left := t.Field(target) == pysyntax.FieldLeft
		switch t.Kind(up) {
		case pysyntax.Assignment:
			if left && target != n {
				return true
			}
		case pysyntax.ForStatement, pysyntax.ForInClause, pysyntax.AugmentedAssignment:
			if left {
				return true
			}
		case pysyntax.NamedExpression:
			if t.Field(target) == pysyntax.FieldName {
				return true
			}
		case pysyntax.LambdaParameters, pysyntax.AsPatternTarget, pysyntax.GlobalStatement, pysyntax.NonlocalStatement:
			return true
		}
	}
	return false
}

// dictOfClass is the dictionary of a class, which says nothing of what an object has loaded.
var dictOfClass = regexp.MustCompile(`(\btype\(\w+\)|\bcls|\b__class__)\.__dict__`)

// asksWhatIsLoaded reports whether the function reads only what is loaded, or does without: if name in inspect(order).unloaded.
func (x *interp) asksWhatIsLoaded() bool {
	if x.u.key.fn == nil {
		return false
	}
	body := dictOfClass.ReplaceAllString(x.t.Text(x.u.key.fn.Body), "")
	for _, sign := range []string{".unloaded", ".__dict__", "MissingGreenlet", "DetachedInstanceError", "InvalidRequestError"} {
		if strings.Contains(body, sign) {
			return true
		}
	}
	return false
}

// toldNames are the names of relationships and the paths that v tells, nil where it tells something else, too.
func toldNames(v value) []string {
	names := map[string]bool{}
	for _, a := range v {
		switch words := wordsIn(one(a)); {
		case len(words) > 0:
			names[words[0]] = true
		case isTold(a):
			names[a.opt.path.rel.Name] = true
		default:
			return nil
		}
	}
	return sortedKeys(names)
}
