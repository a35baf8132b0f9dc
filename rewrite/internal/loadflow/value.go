package loadflow

import (
	"crypto/sha256"
	"sort"
	"strconv"
	"strings"
	"sync"

	"github.com/lazyfix/lazyfix/rewrite/internal/mapper"
	"github.com/lazyfix/lazyfix/rewrite/internal/pymodule"
	"github.com/lazyfix/lazyfix/rewrite/internal/pysyntax"
)

// value is what an expression may be: a set of atoms in the order of their keys. Empty means that nothing is known. It is
// never changed in place.
type value []*atom

// maxAtoms bounds a value. What is over it is dropped in the order of keys, the same in every run.
const maxAtoms = 48

type atomKind uint8

const (
	object      atomKind = iota // an instance of a mapped class
	instance                    // an instance of any other class of the program
	classRef                    // a class
	funcRef                     // a function, bound or not
	moduleRef                   // a module
	external                    // a name of a library
	collection                  // anything that is iterated: list, set, generator, ScalarResult
	mapping                     // a dictionary
	tuple                       // a tuple or a result row
	resultRows                  // a Result: rows
	statement                   // a select() or a Query
	relRef                      // Order.items on the class
	option                      // selectinload(Order.items)...
	optionParam                 // the loader options that a parameter will bring
	typeRef                     // TypeAdapter(X), type aliases as values: the type is in elem
)

// atom is one thing that a value may be. Atoms are interned: equal ones are the same pointer, and none changes.
type atom struct {
	kind  atomKind
	class *pymodule.Class
	args  typeArgs // instance, classRef: what the class's type parameters are
	bound bool     // classRef: known only in this context (self.model, type[M]); object never

	origin *origin // object
	path   *path   // object, relRef, option

	elem  value    // collection, mapping (values), resultRows
	key   value    // mapping
	elems []value  // tuple
	names []string // tuple: the names of a row's entities

	fn    *pymodule.Function // funcRef, optionParam (with param)
	self  value              // funcRef: what it is bound to
	unit  *unitKey           // funcRef: the unit around a nested function; optionParam: whose parameter
	param int

	symbol pymodule.Symbol // moduleRef
	name   string          // external

	stmt *stmt // statement
	opt  *loaderOption

	id string
}

// typeArgs are the classes that type parameters stand for.
type typeArgs struct {
	list []typeArg
}

type typeArg struct {
	name  string
	class *pymodule.Class
}

func (a typeArgs) get(name string) *pymodule.Class {
	for _, x := range a.list {
		if x.name == name {
			return x.class
		}
	}
	return nil
}

func (a typeArgs) id() string {
	if len(a.list) == 0 {
		return ""
	}
	var b strings.Builder
	for _, x := range a.list {
		b.WriteString(x.name + "=" + classID(x.class) + ";")
	}
	return b.String()
}

// table interns atoms, paths and origins.
type table struct {
	keepReverse                               bool // the strategy is one under which the reverse of a step must be loaded too (raise)
	atoms, paths, origins, stmts, opts, sites sync.Map
}

// maxID bounds the length of ids; longer ones are replaced by their hash, which is as good for telling values apart.
const maxID = 160

func shorten(id string) string {
	if len(id) <= maxID {
		return id
	}
	sum := sha256.Sum256([]byte(id))
	return id[:24] + "#" + string(sum[:20])
}

func (t *table) atom(a *atom, id string) *atom {
	id = shorten(id)
	a.id = id
	if got, ok := t.atoms.Load(id); ok {
		return got.(*atom)
	}
	got, _ := t.atoms.LoadOrStore(id, a)
	return got.(*atom)
}

func classID(c *pymodule.Class) string {
	if c == nil {
		return "-"
	}
	return strconv.Itoa(c.Module.Index) + "." + strconv.Itoa(int(c.Node))
}

func funcID(f *pymodule.Function) string { return strconv.Itoa(f.Index) }

func (v value) id() string {
	switch len(v) {
	case 0:
		return "()"
	case 1:
		return "(" + v[0].id + ")"
	}
	var b strings.Builder
	b.WriteByte('(')
	for i, a := range v {
		if i > 0 {
			b.WriteByte(' ')
		}
		b.WriteString(a.id)
	}
	b.WriteByte(')')
	return b.String()
}

func same(a, b value) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		if a[i] != b[i] {
			return false
		}
	}
	return true
}

// join is the union of values.
func join(values ...value) value {
	var out value
	for _, v := range values {
		switch {
		case len(v) == 0:
		case len(out) == 0:
			out = v
		default:
			out = union(out, v)
		}
	}
	return out
}

func union(a, b value) value {
	i, j := 0, 0
	var out value
	fresh := false
	for i < len(a) && j < len(b) {
		switch {
		case a[i] == b[j]:
			out = append(out, a[i])
			i++
			j++
		case a[i].id < b[j].id:
			out = append(out, a[i])
			i++
		default:
			out = append(out, b[j])
			j++
			fresh = true
		}
	}
	if !fresh && j == len(b) {
		return a
	}
	out = append(out, a[i:]...)
	out = append(out, b[j:]...)
	if len(out) > maxAtoms {
		out = out[:maxAtoms]
	}
	return out
}

func one(a *atom) value { return value{a} }

// valueOf makes a value of atoms in any order.
func valueOf(atoms []*atom) value {
	if len(atoms) < 2 {
		return atoms
	}
	sort.Slice(atoms, func(i, j int) bool { return atoms[i].id < atoms[j].id })
	out := atoms[:1]
	for _, a := range atoms[1:] {
		if a != out[len(out)-1] {
			out = append(out, a)
		}
	}
	if len(out) > maxAtoms {
		out = out[:maxAtoms]
	}
	return value(out)
}

func (t *table) object(c *pymodule.Class, o *origin, p *path) *atom {
	return t.atom(&atom{kind: object, class: c, origin: o, path: p}, "O"+classID(c)+"@"+o.id+p.text())
}

func (t *table) instance(c *pymodule.Class, args typeArgs) *atom {
	return t.atom(&atom{kind: instance, class: c, args: args}, "I"+classID(c)+"["+args.id()+"]")
}

func (t *table) classRef(c *pymodule.Class, args typeArgs, bound bool) *atom {
	id := "C"
	if bound {
		id = "c"
	}
	return t.atom(&atom{kind: classRef, class: c, args: args, bound: bound}, id+classID(c)+"["+args.id()+"]")
}

func (t *table) funcRef(f *pymodule.Function, self value, outer *unitKey) *atom {
	id := "F" + funcID(f) + self.id()
	if outer != nil {
		id += "^" + outer.id
	}
	return t.atom(&atom{kind: funcRef, fn: f, self: self, unit: outer}, id)
}

func (t *table) moduleRef(s pymodule.Symbol) *atom {
	return t.atom(&atom{kind: moduleRef, symbol: s}, "M"+s.Key)
}

func (t *table) external(name string) *atom {
	return t.atom(&atom{kind: external, name: name}, "X"+name)
}

// maxNesting bounds collections in collections: the id of a value that holds itself would grow without end.
const maxNesting = 4

func depthOf(v value) int {
	d := 0
	for _, a := range v {
		n := 0
		switch a.kind {
		case collection, mapping, resultRows:
			n = 1 + max(depthOf(a.elem), depthOf(a.key))
		case tuple:
			for _, e := range a.elems {
				n = max(n, 1+depthOf(e))
			}
		case funcRef:
			n = 1 + depthOf(a.self)
		}
		d = max(d, n)
	}
	return d
}

// useful drops from what a container holds all that leads to nothing: names of libraries, and containers without leaf.
func useful(v value) value {
	var out value
	for i, a := range v {
		keep := true
		switch a.kind {
		case external:
			keep = isSQLAlchemy(a.name)
		case collection, mapping, resultRows:
			keep = len(a.elem) > 0 || len(a.key) > 0
		}
		if !keep && out == nil {
			out = append(value{}, v[:i]...)
		} else if keep && out != nil {
			out = append(out, a)
		}
	}
	if out == nil {
		return v
	}
	return out
}

// flat makes one collection and one mapping of all that stand in v: alternatives of containers in containers multiply.
func (t *table) flat(v value) value {
	lists, maps := 0, 0
	var elems, keys, values value
	var rest []*atom
	for _, a := range v {
		switch a.kind {
		case collection:
			lists++
			elems = join(elems, a.elem)
		case mapping:
			maps++
			keys, values = join(keys, a.key), join(values, a.elem)
		default:
			rest = append(rest, a)
		}
	}
	if lists < 2 && maps < 2 {
		return v
	}
	if lists > 0 {
		rest = append(rest, t.collection(elems)...)
	}
	if maps > 0 {
		rest = append(rest, t.mapping(keys, values)...)
	}
	return valueOf(rest)
}

// held is what a container may hold: no deeper than maxNesting. What is deeper is taken out of its containers, so that a
// value only ever grows.
func (t *table) held(v value) value {
	v = useful(t.flat(v))
	if len(v) == 0 || depthOf(v) < maxNesting {
		return v
	}
	var leaves []*atom
	for _, a := range flatten(v) {
		switch a.kind {
		case collection, mapping, resultRows, tuple:
		case funcRef:
			if depthOf(a.self) < maxNesting-1 {
				leaves = append(leaves, a)
			}
		default:
			leaves = append(leaves, a)
		}
	}
	return valueOf(leaves)
}

func (t *table) collection(elem value) value {
	elem = t.held(elem)
	return one(t.atom(&atom{kind: collection, elem: elem}, "L"+elem.id()))
}

func (t *table) rows(row value) value {
	return one(t.atom(&atom{kind: resultRows, elem: row}, "R"+row.id()))
}

func (t *table) mapping(key, elem value) value {
	key, elem = t.held(key), t.held(elem)
	return one(t.atom(&atom{kind: mapping, key: key, elem: elem}, "D"+key.id()+elem.id()))
}

func (t *table) tuple(elems []value, names []string) value {
	id := "T" + strings.Join(names, ",")
	held := make([]value, len(elems))
	for i, e := range elems {
		held[i] = t.held(e)
		id += held[i].id()
	}
	return one(t.atom(&atom{kind: tuple, elems: held, names: names}, id))
}

func (t *table) relRef(c *pymodule.Class, r *mapper.Relationship, p *path) *atom {
	return t.atom(&atom{kind: relRef, class: c, path: p}, "r"+classID(c)+p.text())
}

// path is a way over relationships from an object, last step first.
type path struct {
	up    *path // nil for the first step
	class *pymodule.Class
	rel   *mapper.Relationship
	// again: the step may be repeated any number of times (node.parent in a loop).
	again bool
	depth int
	rels  string // the relationships alone, whatever class they are read from; "*" behind one that repeats
	id    string
}

func (p *path) text() string {
	if p == nil {
		return ""
	}
	return p.id
}

func (p *path) len() int {
	if p == nil {
		return 0
	}
	return p.depth
}

// steps are the steps of p, first step first.
func (p *path) steps() []*path {
	out := make([]*path, p.len())
	for i := p.len() - 1; i >= 0; i-- {
		out[i] = p
		p = p.up
	}
	return out
}

// maxPath bounds a loader path; maxSame how often one relationship stands in it before it counts as repeated for ever.
const (
	maxPath = 8
	maxSame = 3
)

// step appends a relationship of an object of class c. A relationship that repeats without end gives the path that is
// marked so; one that leads nowhere new gives nil, false.
func (t *table) step(p *path, c *pymodule.Class, r *mapper.Relationship) (*path, bool) {
	if p != nil && !p.again && !t.keepReverse && isReverse(p.rel, r) {
		return p.up, true
	}
	if p != nil && p.again && p.rel == r {
		return p, true
	}
	n := 0
	for q := p; q != nil; q = q.up {
		if q.rel == r {
			n++
		}
	}
	if n >= maxSame-1 && p.rel == r {
		// node.parent.parent.parent: fold to one step that repeats.
		first := p
		for first.up != nil && first.up.rel == r {
			first = first.up
		}
		return t.path(first.up, first.class, r, true), true
	}
	if n >= maxSame || p.len() >= maxPath {
		return nil, false
	}
	return t.path(p, c, r, false), true
}

// isReverse reports whether the many-to-one relationship back leads from the elements of a collection to the object that
// holds it: order.items[0].order is order. The session answers that without SQL, under raise_on_sql too (facts section 1).
func isReverse(collection, back *mapper.Relationship) bool {
	if !collection.Many || back.Many || collection.Module == nil || back.Module == nil {
		return false
	}
	return names(back, collection) || names(collection, back)
}

// names reports whether relationship r says that other is its other side.
func names(r, other *mapper.Relationship) bool {
	if r.Form == mapper.FormBackref && r.Module == other.Module && r.Call == other.Call {
		return true
	}
	if r.Target == nil || r.Target != other.Owner {
		return false
	}
	t := r.Module.Tree
	for c := range t.Children(t.Child(r.Call, pysyntax.FieldArguments)) {
		if t.Kind(c) == pysyntax.KeywordArgument && t.Text(t.Child(c, pysyntax.FieldName)) == "back_populates" {
			return pymodule.StringValue(t, t.Child(c, pysyntax.FieldValue)) == other.Name
		}
	}
	return false
}

func (t *table) path(up *path, c *pymodule.Class, r *mapper.Relationship, again bool) *path {
	id := up.text() + "/" + classID(c) + "." + r.Name
	if again {
		id += "*"
	}
	if got, ok := t.paths.Load(id); ok {
		return got.(*path)
	}
	rels := "/" + classID(r.Owner) + "." + r.Name
	if again {
		rels += "*"
	}
	if up != nil {
		rels = up.rels + rels
	}
	got, _ := t.paths.LoadOrStore(id, &path{up: up, class: c, rel: r, again: again, depth: up.len() + 1, rels: rels, id: id})
	return got.(*path)
}

// extend appends all steps of more to p.
func (t *table) extend(p, more *path) (*path, bool) {
	ok := true
	for _, s := range more.steps() {
		if p, ok = t.step(p, s.class, s.rel); !ok {
			return nil, false
		}
		if s.again && p != nil && !p.again {
			p = t.path(p.up, p.class, p.rel, true)
		}
	}
	return p, true
}
