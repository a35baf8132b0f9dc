package mapper

import (
	"strings"

	"github.com/lazyfix/lazyfix/rewrite/internal/pymodule"
	"github.com/lazyfix/lazyfix/rewrite/internal/pysyntax"
)

// target finds the class that the first argument of relationship() names: a class, a string, a lambda around one.
func (b *builder) target(owner *pymodule.Class, at place, n pysyntax.Node) *pymodule.Class {
	t := at.m.Tree
	n = b.unwrap(at, n)
	switch t.Kind(n) {
	case pysyntax.Lambda:
		return b.target(owner, at, t.Child(n, pysyntax.FieldBody))
	case pysyntax.Identifier, pysyntax.Attribute:
		name, ok := pymodule.DottedName(t, n)
		if !ok {
			return nil
		}
		s := b.node(at, n)
		if c := b.mappers[mapperName{at.m, name}]; c != nil && s.Kind != pymodule.ClassSymbol {
			return c
		}
		switch s.Kind {
		case pymodule.ClassSymbol:
			return s.Class
		case pymodule.VariableSymbol:
			if text, ok := b.constant(at, n); ok {
				return b.named(owner, at, text)
			}
		case pymodule.Unknown:
			if at.f != nil && len(at.f.Params) > 0 && name == at.f.Params[0].Name {
				return nil // cls
			}
			return b.named(owner, at, name)
		}
	case pysyntax.String, pysyntax.ConcatenatedString:
		if text, ok := b.constant(at, n); ok {
			return b.named(owner, at, text)
		}
	case pysyntax.Call:
		c := readCall(at, n) // aliased(X), "X" wrapped in something that returns it
		if len(c.args) > 0 && fromSQLAlchemy(b.external(at, t.Child(n, pysyntax.FieldFunction)), "aliased") {
			return b.target(owner, at, c.args[0])
		}
	}
	return nil
}

// named finds a class by a name in a string or an annotation: what the file itself means by it, then the registry, as
// SQLAlchemy does. It is nil when several classes remain: a wrong target is worse than none.
func (b *builder) named(owner *pymodule.Class, at place, name string) *pymodule.Class {
	name = strings.TrimSpace(name)
	if name == "" || strings.ContainsAny(name, "()[] ,") {
		return nil
	}
	inScope := b.classNamed(at, name)
	if inScope != nil && b.mapped(inScope) {
		return inScope
	}
	prefix, last := "", name
	if i := strings.LastIndexByte(name, '.'); i >= 0 {
		prefix, last = name[:i], name[i+1:]
	}
	candidates := b.registry[last]
	if prefix != "" {
		candidates = filter(candidates, func(c *pymodule.Class) bool {
			dotted := "." + strings.ReplaceAll(c.Module.Key, "/", ".")
			return strings.HasSuffix(dotted, "."+prefix) || strings.Contains(dotted+".", "."+prefix+".")
		})
		exact := filter(candidates, func(c *pymodule.Class) bool {
			return strings.HasSuffix("."+strings.ReplaceAll(c.Module.Key, "/", "."), "."+prefix)
		})
		if len(exact) > 0 {
			candidates = exact
		}
	}
	if len(candidates) > 1 {
		if root := b.rootOf(owner); root != "" {
			if same := filter(candidates, func(c *pymodule.Class) bool { return b.below(c).root == root }); len(same) > 0 {
				candidates = same
			}
		}
	}
	if len(candidates) > 1 {
		candidates = nearest(candidates, owner.Module.Key)
	}
	switch {
	case len(candidates) == 1:
		return candidates[0]
	case len(candidates) == 0 && inScope != nil && b.known[inScope]:
		return inScope // an abstract class, or a mapping that was not seen
	}
	return nil
}

func (b *builder) classNamed(at place, name string) *pymodule.Class {
	if s := b.name(at, name); s.Kind == pymodule.ClassSymbol {
		return s.Class
	}
	if s := b.g.Resolve(at.m, name); s.Kind == pymodule.ClassSymbol {
		return s.Class
	}
	return nil
}

// rootOf is the declarative base of a class, for a mixin that of the classes that use it when it is one.
func (b *builder) rootOf(c *pymodule.Class) string {
	if root := b.below(c).root; root != "" {
		return root
	}
	root := ""
	for _, sub := range b.users[c] {
		switch r := b.below(sub).root; {
		case r == "" || r == root:
		case root == "":
			root = r
		default:
			return ""
		}
	}
	return root
}

func filter(classes []*pymodule.Class, keep func(*pymodule.Class) bool) []*pymodule.Class {
	var out []*pymodule.Class
	for _, c := range classes {
		if keep(c) {
			out = append(out, c)
		}
	}
	return out
}

// nearest keeps the classes whose modules share the most leading folders with a module.
func nearest(classes []*pymodule.Class, key string) []*pymodule.Class {
	var out []*pymodule.Class
	best := -1
	for _, c := range classes {
		n := shared(c.Module.Key, key)
		if n > best {
			best, out = n, nil
		}
		if n == best {
			out = append(out, c)
		}
	}
	return out
}

func shared(a, b string) int {
	as, bs := strings.Split(a, "/"), strings.Split(b, "/")
	n := 0
	for n < len(as) && n < len(bs) && as[n] == bs[n] {
		n++
	}
	return n
}
