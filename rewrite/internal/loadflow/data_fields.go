package loadflow

import (
	"slices"
	"strings"

	"github.com/lazyfix/lazyfix/rewrite/internal/pymodule"
	"github.com/lazyfix/lazyfix/rewrite/internal/pysyntax"
)

// dataFields are the annotated attributes of a class in the order in which a generated constructor takes them, those that it takes
// by keyword only at the end. As dataclasses have it, no field is a ClassVar, what is not in the constructor, field(init=False),
// what stands for KW_ONLY itself, and what a base or a subclass annotates that is no dataclass.
func (a *analysis) dataFields(c *pymodule.Class) []string {
	return *a.t.dataFields.get(c, func() *[]string {
		var names, keywords []string
		skip := map[string]bool{}
		mro := a.g.MRO(c)
		decorated := slices.ContainsFunc(mro, func(b pymodule.Base) bool { return b.Class != nil && dataDecorator(b.Class) != pysyntax.Nil })
		for i := len(mro) - 1; i >= 0; i-- {
			d := mro[i].Class
			if d == nil || decorated && len(d.Decorators) == 0 {
				continue
			}
			t := d.Module.Tree
			only := callSays(t, dataDecorator(d), "kw_only", "True")
			for _, v := range d.Fields {
				if v.Annotation == pysyntax.Nil && !isAttrib(t, v.Value) {
					continue
				}
				annotation := t.Text(v.Annotation)
				switch {
				case strings.Contains(annotation, "ClassVar"):
					continue
				case pymodule.Last(annotation) == "KW_ONLY":
					only = true
					continue
				case skip[v.Name] || slices.Contains(names, v.Name) || slices.Contains(keywords, v.Name): // it keeps its place
					continue
				}
				switch {
				case t.Kind(v.Value) == pysyntax.Call && callSays(t, v.Value, "init", "False"):
					skip[v.Name] = true
				case only && !callSays(t, v.Value, "kw_only", "False"), callSays(t, v.Value, "kw_only", "True"):
					keywords = append(keywords, v.Name)
				default:
					names = append(names, v.Name)
				}
			}
		}
		names = append(names, keywords...)
		return &names
	})
}

// isAttrib reports whether a value makes a field of attrs, which needs no annotation: order = attr.ib().
func isAttrib(t *pysyntax.Tree, value pysyntax.Node) bool {
	if t.Kind(value) != pysyntax.Call {
		return false
	}
	name := t.Text(t.Child(value, pysyntax.FieldFunction))
	return pymodule.Last(name) == "ib" || pymodule.Last(name) == "attrib" || name == "attrs.field" || name == "attr.field"
}

// dataDecorator is the decorator that makes a dataclass, or a class of attrs, of a class; Nil without one.
func dataDecorator(c *pymodule.Class) pysyntax.Node {
	t := c.Module.Tree
	for _, d := range c.Decorators {
		switch pymodule.Last(t.Text(t.Callee(d))) {
		case "dataclass", "define", "frozen", "mutable", "attrs", "s":
			return d
		}
	}
	return pysyntax.Nil
}

// callSays reports whether a call has a keyword of some value.
func callSays(t *pysyntax.Tree, call pysyntax.Node, keyword, value string) bool {
	return t.Kind(call) == pysyntax.Call && t.Text(t.Keyword(call, keyword)) == value
}
