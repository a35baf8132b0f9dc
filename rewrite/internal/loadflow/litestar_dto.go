package loadflow

import (
	"slices"
	"strconv"
	"strings"

	"github.com/lazyfix/lazyfix/rewrite/internal/mapper"
	"github.com/lazyfix/lazyfix/rewrite/internal/pymodule"
	"github.com/lazyfix/lazyfix/rewrite/internal/pysyntax"
)

// A Litestar handler gives its objects to a DTO, which reads their relationships whether anybody asked for them or not:
// class OrderDTO(SQLAlchemyDTO[Order]): config = SQLAlchemyDTOConfig(exclude={"customer.orders"}, max_nested_depth=2).
// Measured with Litestar 2 and Advanced Alchemy 1: relationships of the model itself are read at the default depth of 1,
// those of what they hold at 2; a path is left out by exclude, with "0" for the elements of a collection, or by an include
// that does not name it. Hybrids and association proxies of each of these models are read with its columns, and so are properties,
// whatever include_implicit_fields says (measured with Advanced Alchemy 1.12; that they begin with "_" leaves them out). Without a
// DTO, SQLAlchemyPlugin and SQLAlchemySerializationPlugin make one with the defaults.

// transferConfig is what a DTO says of the relationships that it reads.
type transferConfig struct {
	exclude, include []string // "customer.orders"
	depth            int
	mappedOnly       bool // include_implicit_fields=False
}

// transfer reads what the DTO of a Litestar handler reads of its result; false when the decorator d makes no handler of
// Litestar's, or its result goes through no DTO of a mapped class.
func (x *interp) transfer(v value, d pysyntax.Node, at pysyntax.Node) bool {
	name, _ := pymodule.DottedName(x.t, x.t.Child(d, pysyntax.FieldFunction))
	if !hasObject(v) || !litestarRoute(x.t, d) || !strings.HasPrefix(x.a.g.Resolve(x.m, name).External, "litestar") {
		return false
	}
	config, ok := x.transferConfig(d)
	if ok {
		x.transferred(v, config, nil, at)
	}
	return ok
}

// configOf is the configuration of a DTO that is spelled as n: a class, SQLAlchemyDTO[Order], or a name for that.
func (x *interp) configOf(s typeScope, n pysyntax.Node) (transferConfig, bool) {
	config := transferConfig{depth: 1}
	for range maxType {
		name, ok := pymodule.DottedName(s.mod.Tree, n)
		v := x.a.g.ResolveIn(s.mod, s.class, nil, name).Variable
		if !ok || v == nil || v.Value == pysyntax.Nil {
			break
		}
		s, n = typeScope{mod: v.Module, class: v.Class}, v.Value
	}
	t := s.mod.Tree
	spelled := n
	if t.Kind(n) == pysyntax.Subscript {
		n = t.First(n)
	}
	name, _ := pymodule.DottedName(t, n)
	sym := x.a.g.ResolveIn(s.mod, s.class, nil, name)
	if sym.Kind != pymodule.ClassSymbol {
		config.read(x.a, namesAt{mod: s.mod, class: s.class}, spelled)
		return config, pymodule.Last(sym.External) == "SQLAlchemyDTO"
	}
	isDTO, found := false, false
	for _, b := range x.a.g.MRO(sym.Class) {
		isDTO = isDTO || pymodule.Last(b.External) == "SQLAlchemyDTO"
		if b.Class == nil || found {
			continue
		}
		for _, base := range b.Class.Bases { // SQLAlchemyDTO[Annotated[Order, SQLAlchemyDTOConfig(...)]]
			config.read(x.a, namesAt{mod: b.Class.Module}, base)
		}
		if f := b.Class.Field("config"); f != nil && f.Value != pysyntax.Nil {
			config.read(x.a, namesAt{mod: f.Module, class: f.Class}, f.Value)
			found = true
		}
	}
	return config, isDTO
}

// read takes over what the keywords of a configuration in n say.
func (c *transferConfig) read(a *analysis, at namesAt, n pysyntax.Node) {
	t := at.mod.Tree
	for k := range t.Within(n) {
		if t.Kind(k) != pysyntax.KeywordArgument {
			continue
		}
		value := t.Child(k, pysyntax.FieldValue)
		switch t.Text(t.Child(k, pysyntax.FieldName)) {
		case "exclude":
			c.exclude, _ = a.listedStrings(at, value, 0)
		case "include":
			c.include = a.allStrings(at, value)
		case "include_implicit_fields":
			c.mappedOnly = t.Kind(value) == pysyntax.False
		case "max_nested_depth":
			if depth, err := strconv.Atoi(t.Text(value)); err == nil {
				c.depth = depth
			}
		}
	}
}

func stringsIn(t *pysyntax.Tree, n pysyntax.Node) []string {
	var out []string
	for c := range t.Within(n) {
		if s := pymodule.StringValue(t, c); s != "" {
			out = append(out, s)
		}
	}
	return out
}

// transferred reads the relationships of the objects in v, which stand at path.
func (x *interp) transferred(v value, config transferConfig, path []string, at pysyntax.Node) {
	for _, a := range flatten(v) {
		if a.kind != object {
			continue
		}
		for _, r := range x.a.ix.All(a.class) {
			next := append(slices.Clone(path), r.Name)
			if !config.reads(next) || isPrivate(r) {
				continue
			}
			x.transferred(x.member(one(a), r.Name, at), config, next, at)
		}
		for _, name := range x.a.computedOf(a.class, config.mappedOnly) {
			if config.names(append(slices.Clone(path), name)) {
				x.member(one(a), name, at)
			}
		}
	}
}

// computedOf are the hybrids, the association proxies and the properties of a mapped class that a DTO has fields for, by name.
func (a *analysis) computedOf(c *pymodule.Class, mappedOnly bool) []string {
	var out []string
	for base := range a.g.Lineage(c) {
		for name, f := range base.Methods {
			if !mappedOnly && f.Decorator("hybrid_property") != pysyntax.Nil ||
				f.Decorator("property") != pysyntax.Nil || f.Decorator("cached_property") != pysyntax.Nil {
				out = append(out, name)
			}
		}
		for _, f := range base.Fields {
			if f.Annotation != pysyntax.Nil && strings.HasPrefix(base.Module.Tree.Text(f.Annotation), "AssociationProxy[") {
				out = append(out, f.Name)
			}
		}
	}
	out = slices.DeleteFunc(out, func(name string) bool { return strings.HasPrefix(name, "_") })
	slices.Sort(out)
	return slices.Compact(out)
}

// reads reports whether the relationship at the end of a path is read.
func (c transferConfig) reads(path []string) bool {
	return len(path) <= c.depth && c.names(path)
}

// names reports whether exclude and include leave in what is at the end of a path.
func (c transferConfig) names(path []string) bool {
	dotted := strings.Join(path, ".")
	names := func(s string) string { return strings.ReplaceAll(s, ".0.", ".") }
	if slices.ContainsFunc(c.exclude, func(s string) bool { return names(s) == dotted }) {
		return false
	}
	return len(c.include) == 0 || slices.ContainsFunc(c.include, func(s string) bool {
		return names(s) == dotted || strings.HasPrefix(names(s), dotted+".") || strings.HasPrefix(dotted, names(s)+".")
	})
}

// isPrivate reports whether a relationship is marked to be left out of DTOs: info=dto_field("private").
func isPrivate(r *mapper.Relationship) bool {
	return strings.Contains(r.Says["info"], "private")
}

// usesPlugin reports whether a program has a plugin that gives handlers without a DTO one.
func usesPlugin(g *pymodule.Graph) bool {
	for _, m := range g.Modules {
		for _, external := range g.ExternalNames(m) {
			switch pymodule.Last(external) {
			case "SQLAlchemyPlugin", "SQLAlchemySerializationPlugin":
				return true
			}
		}
	}
	return false
}
