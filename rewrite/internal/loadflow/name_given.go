package loadflow

import (
	"strings"

	"github.com/lazyfix/lazyfix/rewrite/internal/pymodule"
	"github.com/lazyfix/lazyfix/rewrite/internal/pysyntax"
)

// An instance may be given the string that says what it reads, a column of a table as a rule:
//
//	COLUMNS = [Column("Customer", "customer"), Column("City", "{o.customer.city.name}")]
//	getattr(order, column.path)
//	column.template.format(o=order)
//
// Most attributes are data, so only those count by which the program reads or formats, or names templates: of these an instance has the word that its
// constructor was given, if it names a relationship or a template. Limit: a constructor that is written out must put the argument there as it is.

// stringUse is what the program does with the strings that attributes of a name hold, whosever they are.
type stringUse struct {
	names   bool // getattr(order, column.path), attrgetter(column.path), column.path.split(".")
	formats bool // column.template.format(...)
	files   bool // f"mail/{self.name}.html"
	calls   bool // getattr(serializer, self.method or f"get_{self.name}")(order)
}

// findStringUses are the attributes by which anything is read or formatted.
func findStringUses(g *pymodule.Graph) map[string]stringUse {
	out := map[string]stringUse{}
	readers := findPathReaders(g)
	for _, m := range g.Modules {
		t := m.Tree
		for n := range t.Within(t.Root()) {
			if t.Kind(n) != pysyntax.Attribute {
				continue
			}
			name := t.Text(t.Child(n, pysyntax.FieldAttribute))
			use := out[name]
			or := withAlternatives(t, n) // self.source or self.name
			use.names = use.names || namesAttribute(t, or) || readsByPath(t, n) || splits(t, or) != pysyntax.Nil || readers.read(t, n)
			use.calls = use.calls || namesCalled(t, n)
			use.files = use.files || makesTemplateName(t, n)
			use.formats = use.formats || calledOn(t, n, "format") != pysyntax.Nil
			if use != (stringUse{}) {
				out[name] = use
			}
		}
	}
	return out
}

// pathReaders are the functions that read attributes by what they get for a parameter, def dig(obj, path), by name: at which places.
type pathReaders map[string][]argumentPlace

type argumentPlace struct {
	index int // -1 for a keyword only
	name  string
}

func findPathReaders(g *pymodule.Graph) pathReaders {
	out := pathReaders{}
	for _, f := range g.Functions {
		t := f.Module.Tree
		for n := range t.Within(f.Body) {
			if t.Kind(n) != pysyntax.Identifier || !namesAttribute(t, n) && !readsByPath(t, n) && splits(t, n) == pysyntax.Nil {
				continue
			}
			if i := plainParam(f, t.Text(n)); i >= 0 {
				out[f.Name] = append(out[f.Name], argumentAt(f, i))
			}
		}
	}
	return out
}

// argumentAt is where a call puts what a parameter gets.
func argumentAt(f *pymodule.Function, i int) argumentPlace {
	at := argumentPlace{i, f.Params[i].Name}
	if f.Params[i].Kind == pymodule.KeywordOnly {
		at.index = -1
	} else if isMethod(f) {
		at.index--
	}
	return at
}

// read reports whether an argument goes to such a place.
func (r pathReaders) read(t *pysyntax.Tree, argument pysyntax.Node) bool {
	list := t.Parent(argument)
	keyword := ""
	if t.Kind(list) == pysyntax.KeywordArgument {
		keyword, list = t.Text(t.Child(list, pysyntax.FieldName)), t.Parent(list)
	}
	if t.Kind(list) != pysyntax.ArgumentList {
		return false
	}
	for _, at := range r[pymodule.Last(t.Text(t.Child(t.Parent(list), pysyntax.FieldFunction)))] {
		if keyword == at.name || keyword == "" && at.index >= 0 && t.Nth(list, at.index) == argument {
			return true
		}
	}
	return false
}

// stringGiven is the word that an argument is which an instance of a class keeps under a name, none where it reads no relationship.
// Where other instances of the class have such words, what this one has is told: so they are not taken for each other.
func (x *interp) stringGiven(c *pymodule.Class, name string, t *pysyntax.Tree, n pysyntax.Node, told *[]entry) value {
	use, s := x.a.stringUses()[name], x.spelled(t, n)
	none := n != pysyntax.Nil && t.Kind(n) == pysyntax.None // which others are given something for
	if use == (stringUse{}) || s == "" && !none {
		return nil
	}
	word, says := x.pathIn(s), one(x.a.t.word(""))
	if use.files || use.names && x.a.isRead(s) || use.calls && x.a.isMethod(s) || use.formats && x.formatsRelationship(s) {
		word = one(x.a.t.word(s))
	}
	if len(word) > 0 {
		says = word
	}
	x.out.usedFields[lookup{c, name}] = true
	if len(wordsIn(x.a.held[fieldKey{class: c, name: name, made: true}])) > 0 || len(x.listedField(c, name)) > 0 {
		*told = append(*told, entry{name, says})
	}
	return word
}

// formatsRelationship reports whether a format string has a field that reads a relationship, by its name.
func (x *interp) formatsRelationship(text string) bool {
	for _, field := range formatFields(text) {
		for _, attribute := range field.attributes {
			if len(x.a.named[strings.TrimPrefix(attribute, "[")]) > 0 {
				return true
			}
		}
	}
	return false
}

// stringsKept are told by the strings that a written constructor puts into attributes of an instance as they came.
func (x *interp) stringsKept(c *pymodule.Class, f *pymodule.Function, args *arguments) []entry {
	var told []entry
	t := f.Module.Tree
	for n := range t.Within(f.Body) {
		if t.Kind(n) != pysyntax.Assignment {
			continue
		}
		left, right := t.Child(n, pysyntax.FieldLeft), t.Child(n, pysyntax.FieldRight)
		if t.Is(left, pysyntax.PatternList, pysyntax.TuplePattern) { // self.title, self.path = title, path
			i := 0
			for each := range t.Children(left) {
				x.stringKept(c, f, args, each, t.Nth(right, i), &told)
				i++
			}
			continue
		}
		x.stringKept(c, f, args, left, right, &told)
	}
	return told
}

// stringKept is one of them, self.path = path.
func (x *interp) stringKept(c *pymodule.Class, f *pymodule.Function, args *arguments, left, right pysyntax.Node, told *[]entry) {
	t := f.Module.Tree
	i := f.ParamIndex(t.Text(right))
	if t.Kind(left) != pysyntax.Attribute || t.Kind(right) != pysyntax.Identifier || i < 1 || f.Name != "__new__" && t.Text(t.Child(left, pysyntax.FieldObject)) != f.Params[0].Name {
		return
	}
	at, given := x.t, args.node(i-1, f.Params[i].Name)
	if given == pysyntax.Nil && !args.more {
		at, given = t, f.Params[i].Default
	}
	name := t.Text(t.Child(left, pysyntax.FieldAttribute))
	if word := x.stringGiven(c, name, at, given, told); len(word) > 0 {
		x.storeMade(c, name, word)
	}
}
