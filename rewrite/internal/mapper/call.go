package mapper

import (
	"github.com/lazyfix/lazyfix/rewrite/internal/pymodule"
	"github.com/lazyfix/lazyfix/rewrite/internal/pysyntax"
)

// call is a call read once.
type call struct {
	at       place
	node     pysyntax.Node
	args     []pysyntax.Node
	keywords map[string]pysyntax.Node
	splats   []pysyntax.Node // the operands of **
	stars    bool            // has *args
}

func readCall(at place, n pysyntax.Node) call {
	t := at.m.Tree
	out := call{at: at, node: n, keywords: map[string]pysyntax.Node{}}
	arguments := t.Child(n, pysyntax.FieldArguments)
	if t.Kind(arguments) != pysyntax.ArgumentList {
		return out
	}
	for a := range t.Children(arguments) {
		switch t.Kind(a) {
		case pysyntax.KeywordArgument:
			out.keywords[t.Text(t.Child(a, pysyntax.FieldName))] = t.Child(a, pysyntax.FieldValue)
		case pysyntax.DictionarySplat:
			out.splats = append(out.splats, t.First(a))
		case pysyntax.ListSplat, pysyntax.ParenthesizedListSplat:
			out.stars = true
		default:
			out.args = append(out.args, a)
		}
	}
	return out
}

// arg is the argument at a position or under a name, Nil when it is missing.
func (c call) arg(position int, name string) pysyntax.Node {
	if position >= 0 && position < len(c.args) {
		return c.args[position]
	}
	return c.keyword(name)
}

func (c call) keyword(name string) pysyntax.Node {
	if n, ok := c.keywords[name]; ok {
		return n
	}
	return pysyntax.Nil
}

// says are the keywords of a relationship() as text.
func (r *names) says(c call) map[string]string {
	out := r.texts(c.at, c.keywords)
	if n := c.arg(1, "secondary"); n != pysyntax.Nil && c.at.m.Tree.Kind(n) != pysyntax.None {
		out["secondary"] = c.at.m.Tree.Text(n)
	}
	return out
}

// texts are expressions as text: constants without their quotes.
func (r *names) texts(at place, values map[string]pysyntax.Node) map[string]string {
	out := make(map[string]string, len(values))
	for name, n := range values {
		if text, ok := r.constant(at, n); ok {
			out[name] = text
		} else {
			out[name] = at.m.Tree.Text(n)
		}
	}
	return out
}

// entries reads a dictionary: `{...}`, `dict(a=1)`, or a variable of the module or the function that holds one. Whole is
// false when it may hold keys that are not seen: also where the module changes it in place.
type entries struct {
	m      *pymodule.Module
	values map[string]pysyntax.Node
	whole  bool
	inline bool          // it stands where it is used
	node   pysyntax.Node // the display or the dict() call
}

func (r *names) entries(at place, n pysyntax.Node) entries {
	t := at.m.Tree
	switch t.Kind(n) {
	case pysyntax.ParenthesizedExpression:
		return r.entries(at, t.First(n))
	case pysyntax.Dictionary:
		out := entries{m: at.m, values: map[string]pysyntax.Node{}, whole: true, inline: true, node: n}
		for c := range t.Children(n) {
			switch t.Kind(c) {
			case pysyntax.Pair:
				key := t.Child(c, pysyntax.FieldKey)
				if s, ok := r.constant(at, key); ok {
					out.values[s] = t.Child(c, pysyntax.FieldValue)
				} else {
					out.whole = false
				}
			case pysyntax.DictionarySplat:
				inner := r.entries(at, t.First(c))
				for k := range inner.values {
					out.values[k] = inner.values[k]
				}
				out.whole = out.whole && inner.whole && (inner.inline || len(inner.values) == 0)
			default:
				out.whole = false
			}
		}
		return out
	case pysyntax.Call:
		if t.Text(t.Child(n, pysyntax.FieldFunction)) == "dict" {
			c := readCall(at, n)
			out := entries{m: at.m, values: c.keywords, whole: len(c.splats) == 0 && len(c.args) == 0 && !c.stars, inline: true, node: n}
			return out
		}
	case pysyntax.Identifier, pysyntax.Attribute:
		if at.f != nil && at.f.Locals[t.Text(n)] {
			if values := assigned(at.f, t.Text(n)); len(values) == 1 && t.Is(values[0], pysyntax.Dictionary, pysyntax.Call) {
				out := r.entries(at, values[0])
				out.inline, out.whole = false, out.whole && !changed(at.m, t.Text(n))
				return out
			}
			return entries{m: at.m}
		}
		if s := r.node(at, n); s.Kind == pymodule.VariableSymbol && s.Variable.Value != pysyntax.Nil {
			v := s.Variable
			if v.Module.Tree.Kind(v.Value) == pysyntax.Dictionary || v.Module.Tree.Kind(v.Value) == pysyntax.Call {
				out := r.entries(place{m: v.Module, c: v.Class}, v.Value)
				out.inline, out.whole = false, out.whole && !changed(v.Module, v.Name)
				return out
			}
		}
	}
	return entries{m: at.m}
}

// changed reports whether a module changes a dictionary of some name in place: d[k] = v, d |= other, d.update(...).
func changed(m *pymodule.Module, name string) bool {
	t := m.Tree
	for n := pysyntax.Node(0); int(n) < t.Len(); n++ {
		if t.Kind(n) != pysyntax.Identifier || t.Text(n) != name {
			continue
		}
		switch parent := t.Parent(n); t.Kind(parent) {
		case pysyntax.AugmentedAssignment, pysyntax.DeleteStatement:
			return true
		case pysyntax.Subscript:
			if t.Field(n) == pysyntax.FieldValue && t.Is(t.Parent(parent), pysyntax.Assignment, pysyntax.AugmentedAssignment) &&
				t.Field(parent) == pysyntax.FieldLeft {
				return true
			}
		case pysyntax.Attribute:
			switch t.Text(t.Child(parent, pysyntax.FieldAttribute)) {
			case "update", "setdefault":
				return t.Kind(t.Parent(parent)) == pysyntax.Call
			}
		}
	}
	return false
}

// constant is the string that an expression is: a literal, or a name of a module or class that holds one.
func (r *names) constant(at place, n pysyntax.Node) (string, bool) {
	for hops := 0; hops < 8; hops++ {
		t := at.m.Tree
		switch t.Kind(n) {
		case pysyntax.ParenthesizedExpression:
			n = t.First(n)
			continue
		case pysyntax.String:
			for c := range t.Children(n) {
				if t.Kind(c) == pysyntax.Interpolation {
					return "", false
				}
			}
			return pymodule.StringValue(t, n), true
		case pysyntax.ConcatenatedString:
			out := ""
			for c := range t.Children(n) {
				s, ok := r.constant(at, c)
				if !ok {
					return "", false
				}
				out += s
			}
			return out, true
		case pysyntax.Identifier, pysyntax.Attribute:
			s := r.node(at, n)
			if s.Kind != pymodule.VariableSymbol && t.Text(t.Child(n, pysyntax.FieldAttribute)) == "value" {
				s = r.node(at, t.Child(n, pysyntax.FieldObject)) // Loading.RAISE.value
			}
			if s.Kind != pymodule.VariableSymbol || s.Variable.Value == pysyntax.Nil {
				return "", false
			}
			at, n = place{m: s.Variable.Module, c: s.Variable.Class}, s.Variable.Value
			continue
		}
		return "", false
	}
	return "", false
}

// unwrap takes parentheses and typing.cast from around an expression.
func (r *names) unwrap(at place, n pysyntax.Node) pysyntax.Node {
	t := at.m.Tree
	for {
		switch t.Kind(n) {
		case pysyntax.ParenthesizedExpression:
			n = t.First(n)
			continue
		case pysyntax.Call:
			fn := t.Child(n, pysyntax.FieldFunction)
			if name, ok := pymodule.DottedName(t, fn); ok && pymodule.Last(name) == "cast" {
				if e := r.external(at, fn); e == "typing.cast" || e == "typing_extensions.cast" {
					n = readCall(at, n).arg(1, "val")
					continue
				}
			}
		}
		return n
	}
}
