package loadflow

import (
	"strings"

	"github.com/lazyfix/lazyfix/rewrite/internal/pymodule"
	"github.com/lazyfix/lazyfix/rewrite/internal/pysyntax"
)

// filter is `v | name(argument...)`; args[0] is the filter's name and args[1] is v.
func (x *interp) filter(name string, v value, args *arguments, n pysyntax.Node) value {
	t := x.a.t
	elem := x.iterate(v, n)
	// The attribute that a filter looks at in each element, "customer.name" too.
	attribute := func(position int) value {
		dotted := ""
		if node, ok := args.kwNodes["attribute"]; ok {
			dotted = pymodule.StringValue(x.t, node)
		} else if position > 0 {
			dotted = pymodule.StringValue(x.t, args.node(position, ""))
		}
		if dotted == "" {
			return nil
		}
		got := elem
		for part := range strings.SplitSeq(dotted, ".") {
			if isIndex(part) {
				got = x.elements(got)
			} else {
				got = x.member(got, part, n)
			}
		}
		return got
	}
	switch name {
	case "list", "reverse", "unique", "shuffle":
		attribute(0)
		return t.collection(elem)
	case "select", "reject":
		x.test(pymodule.StringValue(x.t, args.node(2, "")), elem, args, 3, n)
		return t.collection(elem)
	case "sort":
		attribute(4)
		return t.collection(elem)
	case "selectattr", "rejectattr":
		x.test(pymodule.StringValue(x.t, args.node(3, "")), attribute(2), args, 4, n)
		return t.collection(elem)
	case "first", "last", "random":
		return elem
	case "min", "max":
		attribute(3)
		return elem
	case "sum", "join":
		attribute(map[string]int{"sum": 2, "join": 3}[name])
		return nil
	case "groupby":
		return t.collection(t.tuple([]value{attribute(2), t.collection(elem)}, []string{"grouper", "list"}))
	case "map":
		if got := attribute(0); len(got) > 0 {
			return t.collection(got)
		} else if _, ok := args.kwNodes["attribute"]; ok {
			return nil
		}
		// map("attr", "name"), or another filter for each element
		inner := &arguments{pos: append([]value{nil, elem}, args.pos[min(3, len(args.pos)):]...), kw: args.kw, kwNodes: args.kwNodes}
		inner.posNodes = append([]pysyntax.Node{args.node(2, ""), args.node(1, "")}, args.posNodes[min(3, len(args.posNodes)):]...)
		if f := pymodule.StringValue(x.t, args.node(2, "")); f != "" && f != "map" {
			return t.collection(x.filter(f, elem, inner, n))
		}
		return nil
	case "batch", "slice":
		return t.collection(t.collection(elem))
	case "items", "dictsort":
		return t.collection(t.tuple([]value{x.keys(v), x.elements(v)}, nil))
	case "attr":
		return x.member(v, pymodule.StringValue(x.t, args.node(2, "")), n)
	case "default", "d":
		return join(v, args.get(2, "default_value"))
	}
	if plainFilters[name] {
		return nil
	}
	if f := x.registered("filters", name); len(f) > 0 {
		return x.callValue(f, args.behindFirst(v, 2), n)
	}
	return v // a filter that is not known: most give back what they get, or text
}

// test is `v is name(argument...)`, where the program registered a test by that name. Its arguments stand from first on.
func (x *interp) test(name string, v value, args *arguments, first int, n pysyntax.Node) {
	x.callValue(x.registered("tests", name), args.behindFirst(v, first), n)
}

// behindFirst are v and, behind it, the arguments from a place on.
func (a *arguments) behindFirst(v value, from int) *arguments {
	return &arguments{pos: append([]value{v}, a.pos[min(from, len(a.pos)):]...), kw: a.kw}
}

// plainFilters are Jinja's filters that make text or numbers of what they get.
var plainFilters = map[string]bool{
	"abs": true, "capitalize": true, "center": true, "count": true, "length": true, "escape": true, "e": true,
	"filesizeformat": true, "float": true, "forceescape": true, "format": true, "indent": true, "int": true, "lower": true,
	"pprint": true, "replace": true, "round": true, "safe": true, "string": true, "striptags": true, "title": true,
	"tojson": true, "trim": true, "truncate": true, "upper": true, "urlencode": true, "urlize": true, "wordcount": true,
	"wordwrap": true, "xmlattr": true,
}

// registered is what the program registered as a filter, a global or a test of its templates.
func (x *interp) registered(kind, name string) value { return x.keptAt(kept(kind, name)) }

// registry is filters, globals or tests where an expression is that of an environment, env.filters; "" for any other.
func (x *interp) registry(holder pysyntax.Node) string {
	switch kind := x.t.Text(x.t.Child(holder, pysyntax.FieldAttribute)); kind {
	case "filters", "globals", "tests":
		return kind
	}
	return ""
}

// register notes env.filters[name] = v, and the same of globals and tests; false when holder is none of these.
func (x *interp) register(holder pysyntax.Node, name string, v value) bool {
	kind := x.registry(holder)
	if kind == "" || name == "" {
		return false
	}
	x.put(kept(kind, name), v)
	return true
}

// registerAll notes env.filters.update(price=price), or of a dictionary.
func (x *interp) registerAll(holder pysyntax.Node, args *arguments) {
	if kind := x.registry(holder); kind != "" {
		x.keepAll(kind, args)
	}
}
