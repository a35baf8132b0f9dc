package loadflow

import (
	"slices"

	"github.com/lazyfix/lazyfix/rewrite/internal/pymodule"
	"github.com/lazyfix/lazyfix/rewrite/internal/pysyntax"
)

// What stands in the body of a class may be told the name under which it stands there:
//
//	def __set_name__(self, owner, name): self.name = name
//
//	for key, value in namespace.items(): value.name = key
//	for key, value in self.fields.items(): value.bind(key, self)      # def bind(self, name, parent): self.name = name
//
// also as a part of another string, self.method = f"get_{name}". The instance then holds the name as a word, as if its constructor had been
// given it (name_given.go): where that is the name of a relationship, or a part of the name of a method that is called by it.

// nameFormat is what stands around such a name in a string.
type nameFormat struct{ before, behind string }

// findNameKeepers are the attributes that are set to such a name, and what is made of it.
func findNameKeepers(g *pymodule.Graph) map[string][]nameFormat {
	out := map[string][]nameFormat{}
	told := map[string][]int{"__set_name__": {2}}
	for _, m := range g.Modules {
		for n := range m.Tree.Within(m.Tree.Root()) {
			if m.Tree.Kind(n) == pysyntax.ForStatement {
				nameTold(m.Tree, n, told, out)
			}
		}
	}
	for _, f := range g.Functions {
		if f.Class == nil {
			continue
		}
		for _, i := range told[f.Name] {
			if i < len(f.Params) {
				keptOn(f.Module.Tree, f.Body, f.Params[0].Name, f.Params[i].Name, out)
			}
		}
	}
	return out
}

// nameTold looks at a loop over the items of a dictionary for what the values are told of their keys: the attributes that it sets
// go to out, the methods that it calls with a key to told, with the index of the parameter that takes it.
func nameTold(t *pysyntax.Tree, loop pysyntax.Node, told map[string][]int, out map[string][]nameFormat) {
	names := t.Child(loop, pysyntax.FieldLeft)
	if !givesItems(t, t.Child(loop, pysyntax.FieldRight)) || !t.Is(names, pysyntax.PatternList, pysyntax.TuplePattern) {
		return
	}
	key, each := t.Text(t.Nth(names, 0)), t.Text(t.Nth(names, 1))
	keptOn(t, loop, each, key, out)
	for call := range t.Within(loop) {
		fn := t.Child(call, pysyntax.FieldFunction)
		if t.Kind(call) != pysyntax.Call || t.Kind(fn) != pysyntax.Attribute || t.Text(t.Child(fn, pysyntax.FieldObject)) != each {
			continue
		}
		method, param := t.Text(t.Child(fn, pysyntax.FieldAttribute)), 0
		for arg := range t.Children(t.Child(call, pysyntax.FieldArguments)) {
			if param++; t.Text(t.ArgumentValue(arg)) == key {
				told[method] = append(told[method], param)
			}
		}
	}
}

// keptOn are the attributes of what owner names that some code sets to what another name brings: self.name = name.
func keptOn(t *pysyntax.Tree, code pysyntax.Node, owner, name string, out map[string][]nameFormat) {
	for n := range t.Within(code) {
		left := t.Child(n, pysyntax.FieldLeft)
		if t.Kind(n) == pysyntax.Assignment && t.Kind(left) == pysyntax.Attribute && t.Text(t.Child(left, pysyntax.FieldObject)) == owner {
			keepsFormat(t, t.Text(t.Child(left, pysyntax.FieldAttribute)), t.Child(n, pysyntax.FieldRight), name, out)
		}
	}
}

// keepsFormat notes that an attribute is set to the name, or to a string that is made of it.
func keepsFormat(t *pysyntax.Tree, attribute string, right pysyntax.Node, name string, out map[string][]nameFormat) {
	made, known := nameFormat{}, false
	switch t.Kind(right) {
	case pysyntax.BooleanOperator, pysyntax.ParenthesizedExpression:
		for c := range t.Children(right) {
			keepsFormat(t, attribute, c, name, out)
		}
		return
	case pysyntax.Identifier:
		known = t.Text(right) == name
	case pysyntax.String:
		for c := range t.Children(right) {
			switch {
			case t.Kind(c) == pysyntax.StringContent && known:
				made.behind += t.Text(c)
			case t.Kind(c) == pysyntax.StringContent:
				made.before += t.Text(c)
			case t.Kind(c) == pysyntax.Interpolation && (known || t.Text(t.First(c)) != name):
				return
			case t.Kind(c) == pysyntax.Interpolation:
				known = true
			}
		}
	case pysyntax.BinaryOperator:
		l, r := t.Child(right, pysyntax.FieldLeft), t.Child(right, pysyntax.FieldRight)
		switch {
		case between(t, l, r) != "+":
		case t.Text(r) == name:
			made.before, known = pymodule.StringValue(t, l), pymodule.StringValue(t, l) != ""
		case t.Text(l) == name:
			made.behind, known = pymodule.StringValue(t, r), pymodule.StringValue(t, r) != ""
		}
	}
	if known && !slices.Contains(out[attribute], made) {
		out[attribute] = append(out[attribute], made)
	}
}

// givesItems reports whether an expression gives the items of a dictionary: d.items(), list(d.items()), vars(cls).items().
func givesItems(t *pysyntax.Tree, n pysyntax.Node) bool {
	for t.Kind(n) == pysyntax.Call {
		fn := t.Child(n, pysyntax.FieldFunction)
		if t.Text(t.Child(fn, pysyntax.FieldAttribute)) == "items" {
			return true
		}
		if t.Kind(fn) != pysyntax.Identifier {
			return false
		}
		n = t.First(t.Child(n, pysyntax.FieldArguments))
	}
	return false
}

// namedByClass gives the instances in v the name that they have in the body of the class at hand, and calls their __set_name__.
func (x *interp) namedByClass(name string, v value) value {
	if !hasInstance(v) {
		return v
	}
	var keepers []string
	for _, k := range sortedKeys(x.a.nameKeepers()) {
		if use := x.a.stringUses()[k]; use.names || use.calls {
			keepers = append(keepers, k)
		}
	}
	var out value
	for _, a := range v {
		if a.kind == instance && a.args.template == "" {
			a = x.toldItsName(a, name, keepers)
			if f := x.method(a.class, "__set_name__"); f != nil {
				x.call(f, one(a), &arguments{pos: []value{one(x.a.t.classRef(x.class, typeArgs{}, false)), nil}}, x.class.Node)
			}
		}
		out = join(out, one(a))
	}
	return out
}

// toldItsName is an instance of which the attributes hold the name that keep it.
func (x *interp) toldItsName(a *atom, name string, keepers []string) *atom {
	args := a.args
	args.given = slices.Clone(args.given)
	for _, k := range keepers {
		if given, _ := a.args.attribute(k); len(wordsIn(given)) > 0 || !slices.Contains(x.a.selfAttributes(a.class), k) {
			continue
		}
		use, words := x.a.stringUses()[k], value(nil)
		for _, f := range x.a.nameKeepers()[k] {
			made := f.before + name + f.behind
			if use.names && x.a.isRead(made) || use.calls && (x.a.isMethod(made) || partOfMethod(x.class, made)) {
				words = join(words, one(x.a.t.word(made)))
			}
		}
		if x.storeMade(a.class, k, words); len(words) == 0 {
			words = one(x.a.t.word(""))
		}
		args.given = append(slices.DeleteFunc(args.given, func(e entry) bool { return e.name == k }), entry{k, words})
	}
	slices.SortFunc(args.given, compareEntries)
	return x.a.t.made(a.class, args, a.entries)
}

// keepsName reports whether a word that an attribute is set to is the name that namedByClass told.
func (x *interp) keepsName(attribute string, v value) bool {
	return len(v) > 0 && len(wordsIn(v)) == len(v) && len(x.a.nameKeepers()[attribute]) > 0
}
