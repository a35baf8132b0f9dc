package loadflow

import (
	"bytes"
	"slices"
	"strings"
	"unicode"

	"github.com/lazyfix/lazyfix/rewrite/internal/mapper"
	"github.com/lazyfix/lazyfix/rewrite/internal/pymodule"
	"github.com/lazyfix/lazyfix/rewrite/internal/pysyntax"
)

// Columns that a query leaves out: those whose mapping defers them, deferred(...) or mapped_column(deferred=True), and of other
// columns what its load_only() does not name or its defer() does. Reading one is a query of its own, and fails as reading a
// relationship does. undefer(Order.notes) loads it, for the statement's objects or behind a loader, and stands well beside any
// load_only() of the same path; beside a defer() of the same column the statement fails. A refresh without names loads what the
// options of the object's query loaded, and so neither more nor less. A new object has behind its flush what was set, be it to
// None, or has a default; a refresh without names drops it. (All measured on 2.0 and 2.1.)
//
// Such a column is the last step of a path and goes alone, as that of a subclass does (subclass_column.go).
//
// load_only(*COLUMNS) names what the list has where that stands in the function or the module.
//
// Limits: columns that load_only() takes from any other variable count as all; of a parameter see columns_given.go.

// leavingOut is what of a program's columns may be left out.
type leavingOut struct {
	deferred map[string]bool   // the names of columns whose mapping defers them
	named    []*pymodule.Class // those of whose columns some load_only() or defer() speaks
	all      bool              // one of them is defer("*")
	names    []string          // the columns that one names of a class that only running code knows: load_only(cls.name)
	givers   []string          // the functions that have a load_only() of what a parameter brings
	later    map[lookup]bool   // deferred columns that are set on their class behind its body: whether that always runs
}

// mayLeaveOut reports whether a program has columns that may be left out.
func (a *analysis) mayLeaveOut() bool {
	out := a.leavesOut()
	return len(out.deferred) > 0 || out.named != nil || out.names != nil || out.all
}

// isRead reports whether a word may be the name of something that is loaded when it is read: a relationship, a column that its
// mapping defers, or what reads such by itself (reads_itself.go).
func (a *analysis) isRead(word string) bool { return len(a.named[word]) > 0 || a.isReadAlone(word) }

// isReadAlone reports the same of what no loader option takes.
func (a *analysis) isReadAlone(word string) bool {
	return a.leavesOut().deferred[word] || a.selfReaders()[word]
}

// findLeavingOut looks for it; nothing where what is left out loads itself, without asyncio.
func (a *analysis) findLeavingOut() leavingOut {
	out := leavingOut{deferred: map[string]bool{}, later: map[lookup]bool{}}
	if !a.ix.Use.Async {
		return out
	}
	for _, m := range a.g.Modules {
		source := m.Tree.Source()
		if bytes.Contains(source, []byte("deferred")) {
			for _, c := range m.Classes {
				for _, f := range c.Fields {
					if defers(m.Tree, f.Value) {
						out.deferred[f.Name] = true
					}
				}
			}
			a.deferredLater(m, &out)
		}
		if !bytes.Contains(source, []byte("load_only(")) && !bytes.Contains(source, []byte("defer(")) {
			continue
		}
		for n := range m.Tree.Within(m.Tree.Root()) {
			a.columnsOwners(m, n, &out)
		}
	}
	a.columnsOfCallers(&out)
	return out
}

// columnsOwners notes the classes of the columns that a call of load_only() or defer() names.
func (a *analysis) columnsOwners(m *pymodule.Module, call pysyntax.Node, out *leavingOut) {
	t := m.Tree
	if t.Kind(call) != pysyntax.Call {
		return
	}
	if name := pymodule.Last(t.Text(t.Child(call, pysyntax.FieldFunction))); name != "load_only" && name != "defer" {
		return
	}
	if f := m.FunctionAround(call); f != nil && f.ParamIndex(t.Text(spreadAlone(t, call))) >= 0 {
		out.givers = appendOnce(out.givers, f.Name)
	}
	for _, arg := range a.columnArguments(m, call) {
		if t.Kind(arg) != pysyntax.Attribute {
			out.all = out.all || pymodule.StringValue(t, arg) == anyColumn
			continue
		}
		if s := a.g.ResolveAt(m, t.Child(arg, pysyntax.FieldObject)); s.Kind == pymodule.ClassSymbol {
			out.named = appendOnce(out.named, s.Class)
		} else {
			out.names = appendOnce(out.names, t.Text(t.Child(arg, pysyntax.FieldAttribute)))
		}
	}
}

// appendOnce is a list with one more element, unless it has that already.
func appendOnce[T comparable](list []T, one T) []T {
	if slices.Contains(list, one) {
		return list
	}
	return append(list, one)
}

// leavesOutOf reports whether some load_only() or defer() may speak of a class's columns.
func (a *analysis) leavesOutOf(c *pymodule.Class) bool {
	out := a.leavesOut()
	return out.all || slices.ContainsFunc(out.named, func(n *pymodule.Class) bool { return a.related(c, n) }) ||
		slices.ContainsFunc(out.names, func(name string) bool { return a.bodyField(c, name) != nil })
}

// alwaysLoaded reports whether a column is loaded whatever options say: it is in the primary key, or tells the classes of a hierarchy
// apart (measured on 2.0 and 2.1).
func (a *analysis) alwaysLoaded(c *pymodule.Class, f *pymodule.Variable, name string) bool {
	if keywordText(f.Module.Tree, f.Value, "primary_key") == "True" {
		return true
	}
	for base := range a.g.Lineage(c) {
		said := ""
		if args := base.Field("__mapper_args__"); args != nil {
			said = args.Module.Tree.Text(args.Value)
		} else if m := base.Methods["__mapper_args__"]; m != nil {
			said = m.Module.Tree.Text(m.Body)
		}
		if words := strings.FieldsFunc(said, notInName); slices.Contains(words, name) &&
			(slices.Contains(words, "polymorphic_on") || slices.Contains(words, "primary_key")) {
			return true
		}
	}
	return false
}

// notInName reports whether a character stands between names.
func notInName(r rune) bool { return r != '_' && !unicode.IsLetter(r) && !unicode.IsDigit(r) }

// leftOutColumn is the column that objects of c have by a name, if a query may leave it out; nil for any other.
func (a *analysis) leftOutColumn(c *pymodule.Class, name string) *mapper.Relationship {
	if !a.mayLeaveOut() {
		return nil
	}
	return *a.leftOut.get(lookup{c, name}, func() **mapper.Relationship {
		r := a.findLeftOut(c, name)
		if r != nil && r.Owner != c {
			r = a.leftOutColumn(r.Owner, name) // one for all below
		}
		return &r
	})
}

// isDeferred reports whether a name is that of a column of a class that its mapping defers.
func (a *analysis) isDeferred(c *pymodule.Class, name string) bool {
	r := a.leftOutColumn(c, name)
	return r != nil && r.Form == mapper.FormDeferred
}

func (a *analysis) findLeftOut(c *pymodule.Class, name string) *mapper.Relationship {
	later := a.leavesOut().later
	for base := range a.g.Lineage(c) {
		always, is := later[lookup{base, name}]
		if m := a.ix.Class(base); !is || m == nil || !m.Mapped {
			continue
		}
		r := &mapper.Relationship{Name: name, Owner: base, Module: base.Module, Form: mapper.FormDeferred, Lazy: mapper.Select}
		if !always {
			r.Locked = maybeSet
		}
		return r
	}
	f := a.bodyField(c, name)
	if f == nil || a.classMember(c, name).Kind != pymodule.VariableSymbol {
		return nil
	}
	form := mapper.FormLeftOut
	switch {
	case defers(f.Module.Tree, f.Value):
		form = mapper.FormDeferred
	case a.alwaysLoaded(c, f, name), !a.isMappedColumn(c, name), !a.leavesOutOf(c):
		return nil
	}
	var owner *pymodule.Class // the highest mapped class that has it
	for base := range a.g.Lineage(c) {
		if a.bodyField(base, name) != f {
			continue
		}
		if m := a.ix.Class(base); m != nil && m.Mapped {
			owner = base
		}
	}
	if owner == nil {
		return nil
	}
	return &mapper.Relationship{Name: name, Owner: owner, Module: owner.Module, Form: form, Lazy: mapper.Select}
}

// defers reports whether what an attribute of a mapped class is made of says that queries leave it out.
func defers(t *pysyntax.Tree, made pysyntax.Node) bool {
	if made == pysyntax.Nil {
		return false
	}
	for n := range t.Within(made) {
		switch {
		case t.Kind(n) == pysyntax.Call && pymodule.Last(t.Text(t.Child(n, pysyntax.FieldFunction))) == "deferred":
			return true
		case t.Kind(n) == pysyntax.KeywordArgument && t.Text(t.Child(n, pysyntax.FieldName)) == "deferred":
			return t.Text(t.Child(n, pysyntax.FieldValue)) == "True"
		}
	}
	return false
}

// readLeftOut notes a read of a column that the object's query may have left out.
func (x *interp) readLeftOut(a *atom, name string, at pysyntax.Node) {
	if columns := x.a.columnsOfComposite(a.class, name); len(columns) > 0 {
		for _, column := range columns {
			x.readLeftOut(a, column, at)
		}
		return
	}
	r := x.a.leftOutColumn(a.class, name)
	if r == nil || a.path.len() >= maxPath || x.isGuarded(a, r, at) {
		return
	}
	x.out.columns = append(x.out.columns, &read{
		origin: a.origin, path: x.a.t.path(a.path, a.class, r, false), mod: x.m, node: at,
		text: "reads " + a.class.Name + "." + name + x.readBy.String(), awaiting: x.awaiting,
	})
}

// readListed notes reads of all columns of objects, where a name is one of those that the class lists: getattr(order, c.name) for c in
// order.__table__.columns. One that the function spells is most likely what it passes over.
func (x *interp) readListed(owner value, name, at pysyntax.Node) {
	if !x.a.mayLeaveOut() || !hasObject(owner) || !x.namesColumn(name) {
		return
	}
	around := x.t.Text(x.t.Enclosing(at, pysyntax.FunctionDefinition, pysyntax.Module))
	skipped := x.passedOver(name, at)
	for _, a := range owner {
		if a.kind != object {
			continue
		}
		for base := range x.a.g.Lineage(a.class) {
			for _, f := range base.Fields {
				if !strings.Contains(around, "\""+f.Name+"\"") && !strings.Contains(around, "'"+f.Name+"'") && !slices.Contains(skipped, f.Name) {
					x.readLeftOut(a, f.Name, at)
				}
			}
		}
	}
}
