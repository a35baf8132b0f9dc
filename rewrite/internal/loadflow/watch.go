package loadflow

import (
	"slices"
	"sort"
	"strings"

	"github.com/lazyfix/lazyfix/rewrite/internal/mapper"
	"github.com/lazyfix/lazyfix/rewrite/internal/pymodule"
	"github.com/lazyfix/lazyfix/rewrite/internal/pysyntax"
)

// A relationship that its model loads is there wherever the object comes from. To take it to the queries breaks every
// read whose query is not known, so that a read that is missed, elsewhere no more than an exception that was there before,
// is a defect here. For relationships that are watched this file notes where one may be missed: attributes of their name
// on something unknown, schemas that are read from something unknown, objects handed whole to code that looks at what they
// hold, and new objects that a refresh loads.

// Hold is a place for which a relationship must stay loaded by its model.
type Hold struct {
	Rel    *mapper.Relationship
	Module *pymodule.Module
	Node   pysyntax.Node
	What   string // "is read of ...": goes on from the relationship's name
	// Name: it is the name alone that says so; the object is unknown and may be another.
	Name bool
}

// watched is what one interpretation of a unit noted.
type watched struct {
	attributes map[pysyntax.Node]bool // of a watched name: whether anything is known of their owner
	schemas    map[pysyntax.Node]bool // fields of watched names: whether anything is known of what they are read from
	fields     map[pysyntax.Node][]string
	escapes    []escape
	refreshed  []*atom
	lost       []Hold
}

// escape is an object that is handed whole to code that may look at all it holds.
type escape struct {
	class *pymodule.Class
	mod   *pymodule.Module
	node  pysyntax.Node
	what  string
	name  bool // see Hold.Name
}

// WithoutModels is the flow as it were if models did not load these relationships. They must be among Settings.Watch.
func (f *Flow) WithoutModels(moved map[*mapper.Relationship]bool) (*Flow, error) {
	return f.again(moved)
}

// Forget lets go of what WithoutModels and KeepingAwaited need.
func (f *Flow) Forget() { f.again, f.keeping = nil, nil }

// eager reports whether a model loads the relationship by itself, after what is moved from it.
func (a *analysis) eager(r *mapper.Relationship) bool { return r.Lazy.Eager() && !a.moved[r] }

// modelsLoad reports whether models load all of these steps, none included.
func (p *propagation) modelsLoad(steps []*path) bool {
	for _, s := range steps {
		if !p.a.eager(s.rel) {
			return false
		}
	}
	return true
}

// loadedToday reports whether a path ends in a relationship that is moved, and all of it is loaded before the move.
func (p *propagation) loadedToday(w *wanted) bool {
	if !p.a.moved[w.path.rel] {
		return false
	}
	moved := p.a.moved
	defer func() { p.a.moved = moved }()
	p.a.moved = nil
	n, _ := p.a.loadedSteps(w.path, w.origin)
	return n == w.path.len()
}

// hold notes for each moved relationship of a path why it must stay.
func (p *propagation) hold(w *wanted, m *pymodule.Module, n pysyntax.Node, what string, byName bool) {
	if len(p.a.moved) == 0 {
		return
	}
	for _, s := range w.path.steps() {
		if p.a.moved[s.rel] {
			p.holds = append(p.holds, Hold{s.rel, m, n, what, byName})
		}
	}
}

func (x *interp) watchAttribute(owner value, n pysyntax.Node) {
	if len(x.a.watch) > 0 || len(x.a.noloaded) > 0 {
		x.noteOwner(n, len(owner) > 0)
	}
}

// noteOwner notes whether anything is known of what an attribute is of.
func (x *interp) noteOwner(n pysyntax.Node, known bool) {
	if name := x.t.Text(x.t.Child(n, pysyntax.FieldAttribute)); !x.a.watch[name] && !x.a.noloaded[name] {
		return
	}
	w := &x.out.watched
	if w.attributes == nil {
		w.attributes = map[pysyntax.Node]bool{}
	}
	w.attributes[n] = w.attributes[n] || known
}

// watchLost is for a read that the bounds of this package cut off.
func (x *interp) watchLost(r *mapper.Relationship, at pysyntax.Node) {
	if x.a.watch[r.Name] {
		x.out.watched.lost = append(x.out.watched.lost, Hold{r, x.m, at, "is read at the end of a way that is too long to follow", false})
	}
}

func (x *interp) watchEscape(v value, at pysyntax.Node, what string, byName bool) {
	if len(x.a.watch) == 0 {
		return
	}
	for _, a := range flatten(v) {
		if a.kind == object {
			x.out.watched.escapes = append(x.out.watched.escapes, escape{a.class, x.m, at, what, byName})
		}
	}
}

// dumpers are functions of libraries that look at all that an object holds.
var dumpers = map[string]bool{
	"jsonable_encoder": true, "asdict": true, "astuple": true, "TemplateResponse": true, "render_template": true,
	"dumps": true, "encode": true, "JSONResponse": true, "ORJSONResponse": true, "to_jsonable_python": true, "to_builtins": true,
}

func (x *interp) watchDumper(name string, args *arguments, at pysyntax.Node) {
	if len(x.a.watch) > 0 && dumpers[name] {
		x.watchEscape(args.all(), at, "is given to "+name+"()", false)
	}
}

func (x *interp) watchRefresh(v value) {
	if len(x.a.watch) == 0 {
		return
	}
	for _, a := range flatten(v) {
		if a.kind == object {
			x.out.watched.refreshed = append(x.out.watched.refreshed, a)
		}
	}
}

// watchSchema notes a type whose schemas are read from v, of which nothing is known.
func (x *interp) watchSchema(v value, typ *pymodule.Type, s typeScope, at pysyntax.Node) {
	if len(x.a.watch) == 0 || typ == nil {
		return
	}
	if typ.Kind == pymodule.TypeName || typ.Kind == pymodule.TypeSubscript {
		if sym, _ := x.a.meanings(s, typ.Name); sym.Kind == pymodule.ClassSymbol && x.a.isSchema(sym.Class) {
			x.watchSchemaClass(v, sym.Class, at)
		}
	}
	for _, a := range typ.Args {
		x.watchSchema(v, a, s, at)
	}
}

// watchSchemaClass notes the fields of a schema that have the name of a watched relationship, and those of the schemas in
// it.
func (x *interp) watchSchemaClass(v value, c *pymodule.Class, at pysyntax.Node) {
	if len(x.a.watch) == 0 {
		return
	}
	w := &x.out.watched
	if w.schemas == nil {
		w.schemas, w.fields = map[pysyntax.Node]bool{}, map[pysyntax.Node][]string{}
	}
	w.schemas[at] = w.schemas[at] || len(v) > 0
	if len(v) == 0 && x.readsAttributes(c) {
		w.fields[at] = append(w.fields[at], x.watchedFields(c, map[*pymodule.Class]bool{})...)
	}
}

// readsAttributes reports whether a schema can be made of an object: the nearest of it and its bases that says so or not.
func (x *interp) readsAttributes(c *pymodule.Class) bool {
	for base := range x.a.g.Lineage(c) {
		if value := attributesSetting(base); value != "" {
			return value != "False"
		}
	}
	return false
}

// attributesSetting is what a class says of from_attributes (orm_mode of Pydantic 1), "" where it says nothing: in
// ConfigDict(...), a dictionary, a class Config, or behind its bases.
func attributesSetting(c *pymodule.Class) string {
	t, said := c.Module.Tree, ""
	for n := range t.Within(c.Node) {
		name, value := pysyntax.Nil, pysyntax.FieldValue
		switch t.Kind(n) {
		case pysyntax.KeywordArgument:
			name = t.Child(n, pysyntax.FieldName)
		case pysyntax.Pair:
			name = t.Child(n, pysyntax.FieldKey)
		case pysyntax.Assignment:
			name, value = t.Child(n, pysyntax.FieldLeft), pysyntax.FieldRight
		}
		if text := strings.Trim(t.Text(name), `"'`); text != "from_attributes" && text != "orm_mode" {
			continue
		}
		around := t.Enclosing(n, pysyntax.ClassDefinition, pysyntax.FunctionDefinition)
		if t.Text(t.Child(around, pysyntax.FieldName)) == "Config" {
			around = t.Enclosing(around, pysyntax.ClassDefinition, pysyntax.FunctionDefinition)
		}
		if around == c.Node { // not of a class in it, or of a call in a method
			said = t.Text(t.Child(n, value))
		}
	}
	return said
}

func (x *interp) watchedFields(c *pymodule.Class, seen map[*pymodule.Class]bool) []string {
	if seen[c] {
		return nil
	}
	seen[c] = true
	var out []string
	mro := x.a.g.MRO(c)
	for _, f := range x.a.schemaFields(c) {
		for _, source := range append([][]string{{f.Name}}, f.sources...) {
			if x.a.watch[source[0]] && !slices.Contains(out, source[0]) {
				out = append(out, source[0])
			}
		}
		for _, inner := range x.schemasIn(f.typ, typeScope{mod: f.Module, class: mro[f.base].Class}) {
			out = append(out, x.watchedFields(inner, seen)...)
		}
	}
	return out
}

// schemasIn are the schemas that a type names.
func (x *interp) schemasIn(typ *pymodule.Type, s typeScope) []*pymodule.Class {
	if typ == nil {
		return nil
	}
	var out []*pymodule.Class
	if typ.Kind == pymodule.TypeName || typ.Kind == pymodule.TypeSubscript {
		if sym, _ := x.a.meanings(s, typ.Name); sym.Kind == pymodule.ClassSymbol && x.a.isSchema(sym.Class) {
			out = append(out, sym.Class)
		}
	}
	for _, a := range typ.Args {
		out = append(out, x.schemasIn(a, s)...)
	}
	return out
}

// findRefreshed follows plain refreshes to the constructors of what they refresh.
func (p *propagation) findRefreshed(ids []string) {
	p.fresh = map[string]bool{}
	if len(p.a.moved) == 0 {
		return
	}
	itself := func(of, _ *path) (*path, bool) { return nil, of == nil } // and nothing that it is a part of
	back := walkBack{p: p, extend: itself, seen: map[partOf]bool{}, end: func(o *origin, _ *path) {
		if o.kind == fromNew {
			p.fresh[o.id] = true
		}
	}}
	for _, id := range ids {
		for _, a := range p.a.units[id].out.watched.refreshed {
			if a.path == nil {
				back.from(a.origin, nil)
			}
		}
	}
}

// allHolds are the holds of the flow and those that the units noted, sorted.
func (p *propagation) allHolds(ids []string) []Hold {
	if len(p.a.moved) == 0 {
		return nil
	}
	byName := map[string][]*mapper.Relationship{}
	for r := range p.a.moved {
		byName[r.Name] = append(byName[r.Name], r)
	}
	p.holds = append(p.holds, p.unknownAttributes(ids, byName)...)
	for _, id := range ids {
		u := p.a.units[id]
		w := u.out.watched
		p.holds = append(p.holds, w.lost...)
		for _, e := range w.escapes {
			if !e.mod.Test() {
				p.holdAll(e.class, e, map[*pymodule.Class]bool{})
			}
		}
		for at, known := range w.schemas {
			if known {
				continue
			}
			for _, name := range w.fields[at] {
				for _, r := range byName[name] {
					p.holds = append(p.holds, Hold{r, u.key.mod, at, "may be read by a schema, of an object that is not known", true})
				}
			}
		}
	}
	sort.Slice(p.holds, func(i, j int) bool {
		a, b := p.holds[i], p.holds[j]
		switch {
		case a.Name != b.Name:
			return b.Name
		case a.Module != b.Module:
			return a.Module.Path < b.Module.Path
		case a.Node != b.Node:
			return a.Node < b.Node
		}
		return a.What < b.What
	})
	return p.holds
}

// holdAll holds every relationship that the model of an escaped object loads, and so on behind those.
func (p *propagation) holdAll(c *pymodule.Class, e escape, seen map[*pymodule.Class]bool) {
	if c == nil || seen[c] {
		return
	}
	seen[c] = true
	for _, r := range p.a.ix.All(c) {
		if !r.Lazy.Eager() {
			continue
		}
		if p.a.moved[r] {
			p.holds = append(p.holds, Hold{r, e.mod, e.node, "may be read: its object " + e.what, e.name})
		}
		p.holdAll(r.Target, e, seen)
	}
}

// unknownAttributes are the attributes of a watched name whose owner no unit knows anything of, or that no unit met.
func (p *propagation) unknownAttributes(ids []string, byName map[string][]*mapper.Relationship) []Hold {
	known := map[*pymodule.Module]map[pysyntax.Node]bool{}
	for _, id := range ids {
		u := p.a.units[id]
		for n, ok := range u.out.watched.attributes {
			if ok {
				if known[u.key.mod] == nil {
					known[u.key.mod] = map[pysyntax.Node]bool{}
				}
				known[u.key.mod][n] = true
			}
		}
	}
	var out []Hold
	for _, m := range p.a.g.Modules {
		t := m.Tree
		for i := range t.Len() {
			n := pysyntax.Node(i)
			if t.Kind(n) != pysyntax.Attribute || known[m][n] {
				continue
			}
			for _, r := range byName[t.Text(t.Child(n, pysyntax.FieldAttribute))] {
				if !isStoredOrCalled(t, n) {
					out = append(out, Hold{r, m, n, "may be read here, of an object that is not known", true})
				}
			}
		}
	}
	return out
}

// isStoredOrCalled reports whether an attribute is no read of a relationship by its place alone: it is assigned, called,
// or names an attribute of a class for a loader or a join.
func isStoredOrCalled(t *pysyntax.Tree, n pysyntax.Node) bool {
	parent := t.Parent(n)
	switch t.Kind(parent) {
	case pysyntax.Assignment:
		return t.Field(n) == pysyntax.FieldLeft
	case pysyntax.Call:
		return t.Field(n) == pysyntax.FieldFunction
	case pysyntax.ArgumentList:
		return IsLoader(pymodule.Last(t.Text(t.Child(t.Parent(parent), pysyntax.FieldFunction))))
	}
	return false
}
