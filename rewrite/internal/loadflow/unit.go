package loadflow

import (
	"strconv"
	"strings"

	"github.com/lazyfix/lazyfix/rewrite/internal/pymodule"
	"github.com/lazyfix/lazyfix/rewrite/internal/pysyntax"
)

// unitKey names a unit of interpretation: a function in one context, or the top level of a module. The context is what a
// generic function cannot be understood without: the class of self and what its constructor was given (given_class.go),
// and classes, types, flags (flag.go), words (word.go) and functions that are called, passed as arguments. Everything else
// about arguments is symbolic (fromParam), so a function has as few units as it has meanings.
type unitKey struct {
	fn    *pymodule.Function // nil: the module's top level
	mod   *pymodule.Module
	recv  *pymodule.Class // the class of self or cls
	args  typeArgs        // its type arguments
	types []paramAtom     // what arguments tell: classes, relationships (Order.items), names of templates, flags, **types
	outer *unitKey        // the unit around a nested function
	id    string
}

type paramAtom struct {
	param int
	atom  *atom // classRef, relRef or a tuple of them, templateRef, typeRef, flag, funcRef or a mapping
}

func moduleKey(m *pymodule.Module) *unitKey {
	return &unitKey{mod: m, id: "m" + strconv.Itoa(m.Index)}
}

func functionKey(f *pymodule.Function, recv *pymodule.Class, args typeArgs, types []paramAtom, outer *unitKey) *unitKey {
	var b strings.Builder
	b.WriteString(funcID(f))
	if recv != nil && recv != f.Class || !args.plain() {
		b.WriteString("<" + classID(recv) + "[" + args.id() + "]>")
	}
	for _, t := range types {
		b.WriteString("," + strconv.Itoa(t.param) + "=" + t.atom.id)
	}
	if outer != nil && outer.fn != nil {
		b.WriteString("^" + outer.id)
	}
	if f.Class != nil && recv == nil {
		recv = f.Class
	}
	return &unitKey{fn: f, mod: f.Module, recv: recv, args: args, types: types, outer: outer, id: b.String()}
}

// closed reports whether what the unit names is said by its own text: no context decides which class is meant.
func (k *unitKey) closed() bool {
	return k.calls() && !k.args.tellsModels() && (k.outer == nil || k.outer.closed())
}

// calls reports whether what the unit calls is said by its own text. What its instance was given decides which class is
// meant by self.model, and not which method self.statement() is.
func (k *unitKey) calls() bool {
	if k.fn == nil {
		return true
	}
	if k.outer != nil && !k.outer.calls() {
		return false
	}
	for _, t := range k.types {
		if t.atom.kind == classRef || t.atom.kind == mapping || tellsModel(t.atom) {
			return false
		}
	}
	return !k.args.typed() && (k.recv == nil || k.recv == k.fn.Class)
}

// given is the class or relationship that the context gives to a parameter, nil when it gives none.
func (k *unitKey) given(param int) *atom {
	for _, t := range k.types {
		if t.param == param && !isFact(t.atom) {
			return t.atom
		}
	}
	return nil
}

// isMethod reports whether the unit's first parameter is self or cls.
func isMethod(f *pymodule.Function) bool {
	return f.Class != nil && f.Decorator("staticmethod") == pysyntax.Nil && len(f.Params) > 0 && f.Params[0].Kind == pymodule.Plain
}

func isClassMethod(f *pymodule.Function) bool {
	return f.Decorator("classmethod") != pysyntax.Nil || f.Decorator("declared_attr") != pysyntax.Nil || isClassProperty(f) ||
		f.Name == "__init_subclass__" || f.Name == "__class_getitem__"
}

// isProperty reports whether reading the attribute calls the function.
func isProperty(f *pymodule.Function) bool {
	for _, d := range f.Decorators {
		t := f.Module.Tree
		e := d
		if t.Kind(e) == pysyntax.Call {
			e = t.Child(e, pysyntax.FieldFunction)
		}
		switch pymodule.Last(t.Text(e)) {
		case "property", "cached_property", "hybrid_property", "getter", "computed_field", "abstractproperty",
			"memoized_property", "memoized_attribute":
			return true
		}
	}
	return false
}

// fieldKey is an attribute of the instances of a class, of those that are made for one template only or, with allTemplates,
// of those that are made for some template.
type fieldKey struct {
	class    *pymodule.Class
	name     string
	template string
	made     bool // by the constructor: see made.go
}

const allTemplates = "*"

// edge is one call: what reaches the callee's parameters.
type edge struct {
	callee *unitKey
	args   []value // one a parameter of the callee, self included
	seen   []value // what the callee sees of them, once it was asked for
	node   pysyntax.Node
	mod    *pymodule.Module
	text   string // "passed to describe()"
	// tooMany is the receiver's class, where more subclasses override the method than the call is followed to.
	tooMany *pymodule.Class
	// by is the function as the call's own expression gives it, nil where it is called another way: see way.
	by *atom
	// named: operator.methodcaller("get", key) calls it, which was given the arguments itself.
	named bool
	// framework: no call, but what a framework gives to a parameter; the callee is the unit itself.
	framework bool
}

// read is one relationship that is read: an object of origin, after path, which ends in the relationship.
type read struct {
	origin *origin
	path   *path
	mod    *pymodule.Module
	node   pysyntax.Node
	text   string
	// awaiting is what the read loads by, in the greenlet: "" for most.
	awaiting string
	by       string // what computes an expired column: see Expired
}

// outcome is what interpreting a unit once gave. It is immutable when the interpretation is over.
type outcome struct {
	ret    value
	vars   map[string]value   // of module units and of functions with nested functions: all that a name ever was
	fields map[fieldKey]value // what it stores in attributes of instances
	grown  map[int]value      // what it adds to containers that its parameters bring
	// populated are the objects that it loads anew by the keys that its parameters bring: see populate_existing.go
	populated map[int]value
	// refreshed are the objects that it gets by the key in a parameter, and refreshes, firsts what it holds meanwhile of the same key:
	// see refreshed_first.go.
	refreshed map[int]value
	firsts    []firstGot
	// preloaded are the relationships that it loads of what its parameters bring, "items,items.product": see preloaded.go
	preloaded map[int]string
	// loads are the relationships that it awaits of what its parameters bring, on all its ways: see awaited_load.go
	loads     map[int]string
	closed    bool // what it gives was queried by a session that it closed: see closed_call.go
	edges     []*edge
	reads     []*read
	cuts      []cutRead
	heldCalls []heldCall
	// holding is what its names and dependencies hold: see held_along.go
	holding map[namedHeld]bool
	stale   []*read // of columns that the session expired; without a path
	columns []*read // of columns of subclasses, and of those that are left out: see subclass_column.go, left_out.go
	backs   []*read // of ways back, of what parameters bring: see closed_back.go
	// closedAt are the queries whose session a block of the unit closes, or did: see closed_call.go
	closedAt  map[*origin]pysyntax.Node
	effect    effect // what a call does to the objects of its caller
	published []published
	blind     []*blind
	works     []Work       // what the unit of work is to do: see unit_of_work.go
	joinless  []*stmt      // statements that are run and take no joined load: see joinable.go
	opaque    []opaqueRead // of attributes that only running code knows
	unnamed   []unnamedRead
	handed    map[pysyntax.Node][]*pymodule.Function // methods that are handed on: see handed_method.go

	declared []value // what the source said of each parameter, for this run: see parameter

	hidesResult bool // a wrapper gives something of which nothing is known: see wrapped_unfollowed.go

	usedUnits  map[string]*unitKey
	usedFields map[lookup]bool
	usedVars   map[string]*unitKey
	watched    watched // what Settings.Watch asks for
	effort     int     // see effort.go
	failed     string  // a defect of ours: what went wrong
}

func newOutcome() *outcome {
	return &outcome{
		fields: map[fieldKey]value{}, usedUnits: map[string]*unitKey{}, usedFields: map[lookup]bool{}, usedVars: map[string]*unitKey{},
	}
}

// unit is a unit and what is known of it between rounds.
type unit struct {
	key    *unitKey
	out    *outcome
	params []value // what callers pass, abstracted: objects come from this unit's parameters
	blank  []bool  // to which parameters one of them passes what is not known
	index  int     // in analysis.list
	level  int     // in the order of work: see order.go
	dirty  bool
	runs   int // how often it was interpreted

	provided []abstracted // what a framework gave to each parameter in the last run

	// What the source alone says, found by the first interpretation.
	typeParams map[string]*pymodule.Class
	declared   []declared
	returns    *value
}

// is reports whether two are the same unit; nil is none.
func (k *unitKey) is(other *unitKey) bool { return k != nil && k.id == other.id }

// within reports whether the unit is one of f, or stands in one.
func (k *unitKey) within(f *pymodule.Function) bool {
	for ; k != nil; k = k.outer {
		if k.fn == f {
			return true
		}
	}
	return false
}
