package pymodule

import (
	"slices"
	"strings"
	"unicode"

	"github.com/lazyfix/lazyfix/rewrite/internal/pysyntax"
)

// A class is handed where a Protocol is asked for though a parameter has another name in it, author_id for author: who passes it by
// position never notices, and a type checker says so only where it runs. Such a class is taken where more than that says that it is
// meant: its name has the protocol's in it, SqlCommentRepository for a CommentRepository, or most of the methods fit by their names.
// One method with another parameter, get(year) for get(number), says nothing.

// loosely reports whether a class fits a protocol but for the names of parameters, and is meant for it.
func (g *Graph) loosely(c, protocol *Class, asked []*Function) bool {
	exact, other := 0, 0
	for _, m := range asked {
		f := g.ClassMember(c, m.Name).Function
		switch {
		case f == nil || !g.givesAlike(f, m):
			return false
		case g.has(c, m):
			if len(m.Params) > 1 {
				exact++
			}
		case takesByPosition(f, m):
			other++
		default:
			return false
		}
	}
	return exact > other || namedFor(c.Name, protocol.Name)
}

// IsProtocol reports whether a class is a Protocol that asks for methods.
func (g *Graph) IsProtocol(c *Class) bool { return len(g.asks[c]) > 0 }

// TakesAlike reports whether a class has each method that a protocol asks for, as one that callers pass by position may have it.
func (g *Graph) TakesAlike(c, protocol *Class) bool {
	asked := g.asks[protocol]
	return len(asked) > 0 && !slices.ContainsFunc(asked, func(m *Function) bool {
		f := g.ClassMember(c, m.Name).Function
		return f == nil || !g.has(c, m) && !takesByPosition(f, m)
	})
}

// takesByPosition reports whether f can be called by position wherever asked can, and by name for what has to be: a name that both
// have stands at one place.
func takesByPosition(f, asked *Function) bool {
	have, want := f.positional(), asked.positional()
	if len(have) < len(want) {
		return false
	}
	for i, p := range have {
		if i >= len(want) {
			if p.Default == pysyntax.Nil {
				return false
			}
			continue
		}
		if q := want[i]; p.Name != q.Name && (asked.ParamIndex(p.Name) >= 0 || f.ParamIndex(q.Name) >= 0) {
			return false
		}
	}
	takesAny := slices.ContainsFunc(f.Params, func(p Param) bool { return p.Kind == StarStar })
	for _, q := range asked.Params {
		if q.Kind == KeywordOnly && f.ParamIndex(q.Name) < 0 && !takesAny {
			return false
		}
	}
	return !slices.ContainsFunc(f.Params, func(p Param) bool {
		return p.Kind == KeywordOnly && p.Default == pysyntax.Nil && asked.ParamIndex(p.Name) < 0
	})
}

// positional are the parameters behind self that an argument reaches by position.
func (f *Function) positional() []Param {
	var out []Param
	for _, p := range f.Params[min(1, len(f.Params)):] {
		if p.Kind == Plain {
			out = append(out, p)
		}
	}
	return out
}

// givesAlike reports whether what two methods say they give can be the same: of the classes of the program that both name, one is
// of both.
func (g *Graph) givesAlike(f, asked *Function) bool {
	have, want := g.givenClasses(f), g.givenClasses(asked)
	if len(have) == 0 || len(want) == 0 {
		return true
	}
	return slices.ContainsFunc(have, func(c *Class) bool {
		return slices.ContainsFunc(want, func(w *Class) bool { return c == w || g.IsSubclass(c, w) || g.IsSubclass(w, c) })
	})
}

// givenClasses are the classes of the program that a function's return annotation names.
func (g *Graph) givenClasses(f *Function) []*Class {
	var out []*Class
	t := f.Module.Tree
	for n := range t.Within(f.Returns) {
		if t.Kind(n) == pysyntax.Identifier {
			if s := g.ResolveIn(f.Module, f.Class, nil, t.Text(n)); s.Kind == ClassSymbol {
				out = append(out, s.Class)
			}
		}
	}
	return out
}

// namedFor reports whether a class is called as what implements a protocol is: SqlCommentRepository, CommentRepositoryImpl. A name of
// one word, Repository, is in all of them.
func namedFor(class, protocol string) bool {
	for _, suffix := range []string{"Protocol", "Interface", "Port"} {
		protocol = strings.TrimSuffix(protocol, suffix)
	}
	if rest := strings.TrimPrefix(protocol, "I"); rest != protocol && rest != "" && unicode.IsUpper(rune(rest[0])) {
		protocol = rest
	}
	words := 0
	for _, r := range protocol {
		if unicode.IsUpper(r) {
			words++
		}
	}
	return words > 1 && strings.Contains(class, protocol)
}
