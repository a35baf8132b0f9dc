package pymodule

import (
	"slices"
	"strings"

	"github.com/lazyfix/lazyfix/rewrite/internal/pysyntax"
)

// maxImplementers is how many classes may define what a protocol asks for: one that more do, by a method that all have, says
// nothing. Those that only inherit it do not count.
const maxImplementers = 8

// implement finds, for each Protocol that no class names as its base, the classes that fit it.
func (g *Graph) implement() {
	owners := map[string][]*Class{}
	for _, m := range g.Modules {
		for _, c := range m.Classes {
			for name := range c.Methods {
				owners[name] = append(owners[name], c)
			}
		}
	}
	found := map[*Class][]*Class{}
	g.asks = map[*Class][]*Function{}
	for _, m := range g.Modules {
		for _, c := range m.Classes {
			if methods := g.asked(c); len(methods) > 0 {
				g.asks[c] = methods
			}
			if !slices.ContainsFunc(g.subclasses[c], func(s *Class) bool { return !g.isProtocol(s) }) {
				found[c] = g.implementers(c, owners)
			}
		}
	}
	for c, fitting := range found {
		if len(fitting) > 0 {
			g.subclasses[c] = append(g.subclasses[c], fitting...)
		}
	}
}

// implementers are the classes that fit a Protocol without naming it as a base: they have each of its methods, and these
// take each of its parameters, by name or as loosely says. nil for a class that is no Protocol, or has no methods but those with underscores.
func (g *Graph) implementers(c *Class, owners map[string][]*Class) []*Class {
	methods := g.asks[c]
	if len(methods) == 0 {
		return nil
	}
	rarest := methods[0]
	for _, m := range methods {
		if len(owners[m.Name]) < len(owners[rarest.Name]) {
			rarest = m
		}
	}
	var out, loose []*Class
	defining := 0
	for _, owner := range owners[rarest.Name] {
		found := len(out)
		for _, fits := range append([]*Class{owner}, g.subclasses[owner]...) {
			if g.isProtocol(fits) || g.IsSubclass(fits, c) || fits.Module.Test() && !c.Module.Test() || slices.Contains(out, fits) {
				continue
			}
			switch {
			case !slices.ContainsFunc(methods, func(m *Function) bool { return !g.has(fits, m) }):
				out = append(out, fits)
			case !slices.Contains(loose, fits) && g.loosely(fits, c, methods):
				loose = append(loose, fits)
			}
		}
		if len(out) > found {
			defining++
		}
	}
	if defining > maxImplementers {
		return nil
	}
	if len(out)+len(loose) > maxImplementers {
		return out
	}
	return append(out, loose...)
}

// asked are the methods that a Protocol and the protocols above it ask for.
func (g *Graph) asked(c *Class) []*Function {
	if !g.isProtocol(c) {
		return nil
	}
	var out []*Function
	for _, b := range g.mro[c] {
		if b.Class == nil || !g.isProtocol(b.Class) {
			continue
		}
		for _, f := range b.Class.Methods {
			if !strings.HasPrefix(f.Name, "_") {
				out = append(out, f)
			}
		}
	}
	slices.SortFunc(out, func(a, b *Function) int { return a.Index - b.Index })
	return out
}

// isProtocol reports whether a class says itself that it is a Protocol: one below it that does not is none.
func (g *Graph) isProtocol(c *Class) bool {
	return slices.ContainsFunc(c.Bases, func(n pysyntax.Node) bool {
		if !strings.Contains(c.Module.Tree.Text(n), "Protocol") {
			return false
		}
		s, _ := g.ResolveBase(c, n)
		return s.External == "typing.Protocol" || s.External == "typing_extensions.Protocol"
	})
}

// has reports whether a class has a method as a protocol asks for it.
func (g *Graph) has(c *Class, asked *Function) bool {
	f := g.ClassMember(c, asked.Name).Function
	if f == nil {
		return false
	}
	return !slices.ContainsFunc(asked.Params[min(1, len(asked.Params)):], func(p Param) bool { // self may be called something else
		return f.ParamIndex(p.Name) < 0 && !slices.ContainsFunc(f.Params, func(q Param) bool { return q.Kind == Star || q.Kind == StarStar })
	})
}
