package loadflow

import (
	"slices"
	"strings"

	"github.com/lazyfix/lazyfix/rewrite/internal/pymodule"
	"github.com/lazyfix/lazyfix/rewrite/internal/pysyntax"
)

// Attributes of mapped classes may read relationships, and be read by a name of a list:
//
//	{name: getattr(order, name) for name in ("number", "customer_name")}
//
// Properties, hybrids, association proxies and descriptors are, those of a class that is not mapped too, and methods where the program calls any by a name. Of a list of
// names each that is a word costs, so what an attribute reads is looked for once, by names alone: that of a relationship, of a
// deferred column or of another such attribute, spelled in its body or in that of a function that it hands itself to.

// attributeBody is where an attribute of a mapped class, or of a mixin or base of one, reads.
type attributeBody struct {
	tree *pysyntax.Tree
	node pysyntax.Node
	self string // what a method calls its object
}

// findSelfReaders are the names of the attributes of mapped classes that read a relationship or a deferred column.
func (a *analysis) findSelfReaders() map[string]bool {
	out, bodies := map[string]bool{}, a.attributeBodies()
	functions := map[string][]*pymodule.Function{}
	for _, f := range a.g.Functions {
		if f.Class == nil && !f.Lambda() {
			functions[f.Name] = append(functions[f.Name], f)
		}
	}
	deferred := a.leavesOut().deferred
	reads := func(name string) bool { return len(a.named[name]) > 0 || deferred[name] || out[name] }
	for {
		before := len(out)
		for name, list := range bodies {
			if !out[name] && slices.ContainsFunc(list, func(b attributeBody) bool { return b.reads(reads, functions) }) {
				out[name] = true
			}
		}
		if len(out) == before {
			return out
		}
	}
}

// attributeBodies are those of a program, by the names of the attributes.
func (a *analysis) attributeBodies() map[string][]attributeBody {
	out := map[string][]attributeBody{}
	seen := map[*pymodule.Class]bool{}
	calls := a.callsByName()
	for _, m := range a.g.Modules {
		for _, c := range m.Classes {
			if mapped := a.ix.Class(c); mapped == nil || !mapped.Mapped {
				if a.describes() {
					a.addDescribers(out, c)
				}
				continue
			}
			for base := range a.g.Lineage(c) {
				if !seen[base] {
					seen[base] = true
					a.addBodies(out, base, calls)
				}
			}
		}
	}
	return out
}

// addBodies adds those that a class itself has; methods without a decorator where some are called by a name.
func (a *analysis) addBodies(out map[string][]attributeBody, c *pymodule.Class, calls bool) {
	for name, f := range c.Methods {
		if isMethod(f) && len(f.Params) > 0 && !strings.HasPrefix(name, "__") && (calls || len(f.Decorators) > 0 && len(f.Params) == 1) {
			out[name] = append(out[name], attributeBody{f.Module.Tree, f.Body, f.Params[0].Name})
		}
	}
	for _, f := range c.Fields {
		if f.Module.Tree.Kind(f.Value) == pysyntax.Call && a.madeToRead(f) {
			out[f.Name] = append(out[f.Name], attributeBody{f.Module.Tree, f.Value, ""})
		}
	}
}

// addDescribers adds the descriptors that a class has which is not mapped, as a view of an order has: who = Field("customer.name").
func (a *analysis) addDescribers(out map[string][]attributeBody, c *pymodule.Class) {
	for _, f := range c.Fields {
		if t := f.Module.Tree; t.Kind(f.Value) == pysyntax.Call && a.describer(f.Module, t.Child(f.Value, pysyntax.FieldFunction)) {
			out[f.Name] = append(out[f.Name], attributeBody{t, f.Value, ""})
		}
	}
}

// madeToRead reports whether a call makes an attribute that may read others.
func (a *analysis) madeToRead(f *pymodule.Variable) bool {
	t := f.Module.Tree
	called := t.Child(f.Value, pysyntax.FieldFunction)
	switch pymodule.Last(t.Text(called)) {
	case "association_proxy", "synonym", "property", "hybrid_property", "cached_property":
		return true
	}
	return a.describes() && a.describer(f.Module, called)
}

// describer reports whether a name is that of a class of descriptors.
func (a *analysis) describer(m *pymodule.Module, called pysyntax.Node) bool {
	name, ok := pymodule.DottedName(m.Tree, called)
	if !ok {
		return false
	}
	c := a.g.ResolveIn(m, nil, nil, name).Class
	return c != nil && a.classMember(c, "__get__").Kind == pymodule.FunctionSymbol
}

// reads reports whether a body spells such a name, or hands its object to a function that does.
func (b attributeBody) reads(is func(string) bool, functions map[string][]*pymodule.Function) bool {
	t := b.tree
	for n := range t.Within(b.node) {
		switch t.Kind(n) {
		case pysyntax.Attribute:
			if is(t.Text(t.Child(n, pysyntax.FieldAttribute))) {
				return true
			}
		case pysyntax.String:
			for name := range strings.SplitSeq(pymodule.StringValue(t, n), ".") { // Field("customer.name")
				if name != "" && is(name) {
					return true
				}
			}
		case pysyntax.Identifier:
			if b.self == "" && is(t.Text(n)) { // property(_owner_name)
				return true
			}
			list := t.Parent(n)
			if b.self == "" || t.Text(n) != b.self || t.Kind(list) != pysyntax.ArgumentList {
				continue
			}
			for _, f := range functions[pymodule.Last(t.Text(t.Child(t.Parent(list), pysyntax.FieldFunction)))] {
				if (attributeBody{f.Module.Tree, f.Body, ""}).reads(is, nil) {
					return true
				}
			}
		}
	}
	return false
}
