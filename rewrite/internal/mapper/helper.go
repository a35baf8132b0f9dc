package mapper

import (
	"maps"
	"strings"

	"github.com/lazyfix/lazyfix/rewrite/internal/pymodule"
	"github.com/lazyfix/lazyfix/rewrite/internal/pysyntax"
)

// helped reads an attribute whose value comes from a function of the tree, or a static or class method, that returns a
// relationship():
//
//	items = children("Item")
//
// Where the function hands lazy on, by a parameter of that name or by **options, the outer call takes it; otherwise the
// inner one does, for all who call the function.
func (b *builder) helped(v attributeValue) {
	s := b.node(v.at, v.at.m.Tree.Child(v.value, pysyntax.FieldFunction))
	if s.Kind != pymodule.FunctionSymbol {
		return
	}
	f := s.Function
	outer := readCall(v.at, v.value)
	switch {
	case f.Class == nil, f.Decorator("staticmethod") != pysyntax.Nil:
	case f.Decorator("classmethod") != pysyntax.Nil:
		outer.args = append([]pysyntax.Node{pysyntax.Nil}, outer.args...) // for cls
	default:
		return
	}
	inner := functionPlace(f)
	for n := range b.returned(f) {
		n = b.unwrap(inner, n)
		form, preset, ok := b.makes(v.owner, inner, n)
		if !ok {
			continue
		}
		h := helper{b: b, f: f, inner: readCall(inner, n), outer: outer}
		r := &Relationship{Name: v.name, Owner: v.owner, Module: f.Module, Call: n, Form: form, Lazy: Select, LazyNode: pysyntax.Nil}
		h.readLazy(r)
		b.presetLazy(r, h.inner, preset)
		a := b.annotation(v.typedAt, v.typed)
		h.readTarget(r, a, v.typedAt)
		if r.Target == nil && b.libraryRelationship(v.owner, inner, n) {
			continue
		}
		says := h.inner
		if h.handsOn("") {
			says = outer
			if !h.inner.stars { // they are the function's own
				says.args = nil
			}
		}
		r.Many = b.many(r, says, a)
		b.presetRest(r, says, preset, a)
		b.add(r, says, a)
		maps.Copy(r.Says, h.says())
		return
	}
}

// helper is a function that returns a relationship(): the inner call, and the outer one, which an attribute is given.
type helper struct {
	b            *builder
	f            *pymodule.Function
	inner, outer call
}

// handsOn reports whether the inner call takes **options of the outer one; kwargs is the name of that parameter, or "".
func (h helper) handsOn(kwargs string) bool {
	for _, s := range h.inner.splats {
		text := h.f.Module.Tree.Text(s)
		if i := h.f.ParamIndex(text); i >= 0 && h.f.Params[i].Kind == pymodule.StarStar && (kwargs == "" || kwargs == text) {
			return true
		}
	}
	return false
}

// given is the argument of the outer call for a parameter, Nil for none.
func (h helper) given(param int) pysyntax.Node { return h.outer.arg(param, h.f.Params[param].Name) }

// readLazy decides which of the two calls says lazy=.
func (h helper) readLazy(r *Relationship) {
	if r.Form == FormSQLModel {
		h.readSQLModel(r)
		return
	}
	b, f := h.b, h.f
	t := f.Module.Tree
	if v, ok := h.inner.keywords["lazy"]; ok {
		i := f.ParamIndex(t.Text(v))
		if i < 0 {
			b.readLazy(r, h.inner)
			return
		}
		r.Module, r.Call = h.outer.at.m, h.outer.node
		switch given := h.given(i); {
		case given != pysyntax.Nil:
			r.Lazy, r.LazyNode = b.strategy(h.outer.at, given), given
		case f.Params[i].Default != pysyntax.Nil && len(h.outer.splats) == 0:
			r.Lazy = b.strategy(functionPlace(f), f.Params[i].Default)
			if f.Params[i].Name != "lazy" {
				h.decides(r, r.Lazy)
			}
		default:
			h.decides(r, Unknown)
		}
		return
	}
	for _, s := range h.inner.splats {
		kwargs := t.Text(s)
		if !h.handsOn(kwargs) {
			continue
		}
		r.Module, r.Call = h.outer.at.m, h.outer.node
		b.readLazy(r, h.outer)
		if r.LazyNode == pysyntax.Nil && r.Locked == "" {
			h.defaultLazy(r, kwargs)
		}
		return
	}
	b.readLazy(r, h.inner)
}

// readSQLModel reads the sa_relationship_kwargs of Relationship(...): handed on from the outer call, or said by the inner one.
func (h helper) readSQLModel(r *Relationship) {
	const name = "sa_relationship_kwargs"
	t := h.f.Module.Tree
	kwargs := t.Text(h.inner.keyword(name))
	i := h.f.ParamIndex(kwargs)
	switch {
	case i >= 0 && h.f.Params[i].Name == name:
	case h.inner.keyword(name) == pysyntax.Nil && h.handsOn(""):
		kwargs = ""
	default:
		h.b.sqlmodel(r, h.inner)
		return
	}
	r.Module, r.Call = h.outer.at.m, h.outer.node
	h.b.sqlmodel(r, h.outer)
	if kwargs == "" || r.LazyNode != pysyntax.Nil || r.Locked != "" {
		return
	}
	switch {
	case h.outer.keyword(name) != pysyntax.Nil:
	case h.given(i) != pysyntax.Nil:
		h.decides(r, Unknown) // a keyword beside the position would be given twice
		return
	case !t.Is(h.f.Params[i].Default, pysyntax.None) && h.f.Params[i].Default != pysyntax.Nil:
		e := h.b.entries(functionPlace(h.f), h.f.Params[i].Default)
		lazy, said := e.values["lazy"]
		switch {
		case said:
			h.decides(r, h.b.strategy(place{m: e.m}, lazy))
			return
		case !e.whole || len(e.values) > 0:
			h.decides(r, Unknown) // what the call says would take its place
			return
		}
	}
	h.defaultLazy(r, kwargs)
}

// decides notes that nobody who calls the function can say lazy.
func (h helper) decides(r *Relationship, lazy Strategy) {
	r.Lazy, r.Locked = lazy, h.f.Name+"() decides on lazy"
}

// defaultLazy looks for what the function puts into the dictionary that it hands on: options.setdefault("lazy", "raise"),
// and options["lazy"] = "raise", which nobody who calls it can change. What else it makes of the dictionary is not followed:
// then lazy is not known.
func (h helper) defaultLazy(r *Relationship, kwargs string) {
	t, at := h.f.Module.Tree, functionPlace(h.f)
	for n := range t.Within(h.f.Body) {
		switch t.Kind(n) {
		case pysyntax.Call:
			c := readCall(at, n)
			if t.Text(t.Child(n, pysyntax.FieldFunction)) == kwargs+".setdefault" && len(c.args) == 2 && h.isLazy(c.args[0]) {
				r.Lazy = h.b.strategy(at, c.args[1])
			}
			if t.Text(t.Child(n, pysyntax.FieldFunction)) == kwargs+".update" {
				h.decides(r, Unknown)
				return
			}
		case pysyntax.AugmentedAssignment: // options |= {...}
			if t.Text(t.Child(n, pysyntax.FieldLeft)) == kwargs {
				h.decides(r, Unknown)
				return
			}
		case pysyntax.Assignment:
			left, right := t.Child(n, pysyntax.FieldLeft), t.Child(n, pysyntax.FieldRight)
			if t.Text(left) == kwargs {
				h.rebinds(r, right, kwargs)
				if r.Locked != "" {
					return
				}
			}
			if t.Kind(left) != pysyntax.Subscript || t.Text(t.Child(left, pysyntax.FieldValue)) != kwargs ||
				!h.isLazy(t.Child(left, pysyntax.FieldSubscript)) {
				continue
			}
			r.Lazy = h.b.strategy(at, right)
			if t.Kind(t.Parent(t.Parent(t.Parent(n)))) != pysyntax.IfStatement { // if "lazy" not in options
				h.decides(r, r.Lazy)
			}
		}
	}
}

// rebinds reads a dictionary that takes the place of a name's: {}, options or {}, {"lazy": "raise", **options}.
func (h helper) rebinds(r *Relationship, n pysyntax.Node, kwargs string) {
	t, at := h.f.Module.Tree, functionPlace(h.f)
	if t.Kind(n) != pysyntax.Dictionary {
		if text := t.Text(n); text != "dict()" && text != kwargs+" or {}" && text != kwargs+" or dict()" {
			h.decides(r, Unknown)
		}
		return
	}
	final := true // nobody says otherwise behind it
	for c := range t.Children(n) {
		switch {
		case t.Kind(c) == pysyntax.Pair && h.isLazy(t.Child(c, pysyntax.FieldKey)):
			r.Lazy, final = h.b.strategy(at, t.Child(c, pysyntax.FieldValue)), true
		case t.Kind(c) == pysyntax.Pair && t.Kind(t.Child(c, pysyntax.FieldKey)) == pysyntax.String:
		case t.Kind(c) == pysyntax.DictionarySplat && strings.Contains(t.Text(c), kwargs):
			final = false
		default:
			h.decides(r, Unknown)
			return
		}
	}
	if final && t.First(n) != pysyntax.Nil {
		h.decides(r, r.Lazy)
	}
}

func (h helper) isLazy(n pysyntax.Node) bool {
	s, ok := h.b.constant(functionPlace(h.f), n)
	return ok && s == "lazy"
}

// readTarget finds the target, which is mostly a parameter of the function.
func (h helper) readTarget(r *Relationship, a annotation, typedAt place) {
	b, t := h.b, h.f.Module.Tree
	argument := h.inner.arg(0, "argument")
	i := h.f.ParamIndex(t.Text(argument))
	if i < 0 && (argument != pysyntax.Nil || !h.handsOn("") && !h.inner.stars) {
		b.readTarget(r, h.inner, a, typedAt)
		return
	}
	n := h.outer.arg(0, "argument") // relationship(*args, **options)
	if i >= 0 {
		n = h.given(i)
	}
	if n != pysyntax.Nil {
		r.Target = b.target(r.Owner, h.outer.at, n)
	}
	if r.Target == nil && a.target != "" {
		r.Target = b.named(r.Owner, typedAt, a.target)
	}
}

// says are the keywords of the inner call as text, with what the outer call gives for the function's parameters.
func (h helper) says() map[string]string {
	out := h.b.says(h.inner)
	for name, n := range h.inner.keywords {
		i := h.f.ParamIndex(h.f.Module.Tree.Text(n))
		if i < 0 {
			continue
		}
		delete(out, name)
		at, n := h.outer.at, h.given(i)
		if n == pysyntax.Nil {
			at, n = functionPlace(h.f), h.f.Params[i].Default
		}
		if n != pysyntax.Nil && at.m.Tree.Kind(n) != pysyntax.None {
			maps.Copy(out, h.b.texts(at, map[string]pysyntax.Node{name: n}))
		}
	}
	return out
}
