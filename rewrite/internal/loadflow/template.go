package loadflow

import (
	"fmt"
	filepath "path"
	"slices"
	"strings"

	"github.com/lazyfix/lazyfix/rewrite/internal/pymodule"
	"github.com/lazyfix/lazyfix/rewrite/internal/pysyntax"
	"github.com/lazyfix/lazyfix/rewrite/internal/template"
)

// Templates are functions like others (package template). What is here is how Python code reaches them: the name of a
// template is a value, and a call of a library that gets one, with a dictionary or with keyword arguments, renders it.

// blind is a place where objects are handed to code that is not seen.
type blind struct {
	mod    *pymodule.Module
	node   pysyntax.Node
	reason string
	advice string
	class  *pymodule.Class // of one of the objects
}

// templates finds the modules of templates by their file name.
type templates struct{ byBase map[string][]*pymodule.Module }

func newTemplates(g *pymodule.Graph) templates {
	t := templates{map[string][]*pymodule.Module{}}
	for _, m := range g.Modules {
		if m.Template {
			base := filepath.Base(m.Path)
			t.byBase[base] = append(t.byBase[base], m)
		}
	}
	return t
}

// find are the templates that a name means as it is seen from a file: usually one.
func (t templates) find(name, from string) []*pymodule.Module {
	list := t.byBase[filepath.Base(name)]
	if len(list) == 0 {
		return nil
	}
	byPath := map[string]*pymodule.Module{}
	paths := make([]string, len(list))
	for i, m := range list {
		paths[i], byPath[m.Path] = m.Path, m
	}
	var out []*pymodule.Module
	for _, p := range template.Find(paths, name, from) {
		out = append(out, byPath[p])
	}
	return out
}

// templateName is the value of a string that names a template.
func (x *interp) templateName(name string) value {
	if len(name) > 200 || strings.ContainsAny(name, "\n{}") {
		return nil
	}
	if !isTemplateName(name) {
		return nil
	}
	found, ext := x.a.templates.find(name, x.m.Path), filepath.Ext(name)
	if len(found) == 0 && (ext == ".txt" || ext == ".xml" || ext == name || strings.Contains(name, "*")) {
		return nil
	}
	var out []*atom
	for _, m := range found {
		out = append(out, x.a.t.template(name, m))
	}
	if len(found) == 0 {
		out = append(out, x.a.t.template(name, nil))
	}
	return valueOf(out)
}

func (t *table) template(name string, m *pymodule.Module) *atom {
	id := "N" + name
	s := pymodule.Symbol{Kind: pymodule.ModuleSymbol, Module: m}
	if m != nil {
		id += "@" + m.Path
		s.Key = m.Key
	}
	return t.atom(&atom{kind: templateRef, more: &more{name: name, symbol: s}}, id)
}

// unnamedTemplate is what get_template() and its like give for a name that is not known: a template all the same.
const unnamedTemplate = "jinja2.<template>"

// renderers are the functions of libraries that render a template, whatever their other arguments are.
var renderers = map[string]bool{
	"TemplateResponse": true, "render_template": true, "render_template_string": true, "render_to_string": true,
	"render_to_response": true, "stream_template": true, "render_block": true, "render_block_async": true,
}

// templateMethod is a method of a template or of what finds templates: env.get_template(name).render(order=order).
func (x *interp) templateMethod(owner value, name string, args *arguments, n pysyntax.Node) (value, bool) {
	switch name {
	case "get_template", "select_template", "get_or_select_template", "from_string":
		var out value
		for _, a := range flatten(args.all()) {
			if (a.kind == templateRef || a == dropped) && name != "from_string" {
				out = join(out, one(a))
			}
		}
		if name == "from_string" {
			out = x.templateText(args.node(0, "source"), 0)
		}
		if len(out) == 0 {
			out = one(x.a.t.external(unnamedTemplate))
		}
		return out, true
	case "render", "render_async", "generate", "generate_async", "stream", "make_module", "make_module_async":
		var list []*atom
		known := false
		for _, a := range owner {
			known = known || a.kind == templateRef || a.kind == external && a.name == unnamedTemplate
		}
		list = templatesOrLost(owner)
		if known {
			x.render(list, args, n)
			return nil, true
		}
	}
	if renderers[name] {
		x.renderCall(args, n)
		return nil, true
	}
	return nil, false
}

// renderCall is a call of a library's function that may get a template's name and its context; false when it gets no name.
func (x *interp) renderCall(args *arguments, n pysyntax.Node) bool {
	var list []*atom
	for _, v := range append([]value{args.star, args.starStar}, args.pos...) {
		list = append(list, templatesOrLost(v)...)
	}
	for _, e := range args.entries() {
		list = append(list, templatesOrLost(e.value)...)
	}
	list = append(list, x.templateText(args.node(0, "source"), 0)...)
	x.render(list, args, n)
	return len(list) > 0
}

func templatesIn(v value) []*atom {
	var out []*atom
	for _, a := range v {
		if a.kind == templateRef {
			out = append(out, a)
		}
	}
	return out
}

// templatesOrLost are the templates in a value, and the mark of those that it has lost.
func templatesOrLost(v value) []*atom {
	out := templatesIn(v)
	if len(out) > 0 && hasDropped(v) {
		out = append(out, dropped)
	}
	return out
}

// madeForTemplates takes, of instances that an annotation declares, those that callers pass, where these are made for one
// template each.
func madeForTemplates(declared, passed value) value {
	var out []*atom
	for _, a := range declared {
		made := false
		for _, p := range passed {
			if a.kind == instance && p.kind == instance && p.class == a.class && p.args.template != "" {
				made = true
				out = append(out, p)
			}
		}
		if !made {
			out = append(out, a)
		}
	}
	return valueOf(out)
}

// templatesOf are the templates that a call names, "" when it names none.
func templatesOf(args *arguments) string {
	found := join(args.star, args.starStar)
	for _, v := range args.pos {
		found = join(found, v)
	}
	for _, v := range args.kw {
		found = join(found, v)
	}
	if list := templatesIn(found); len(list) > 0 {
		return shorten(value(list).id())
	}
	return ""
}

// maxSplit bounds the templates for which one call is taken apart.
const maxSplit = 16

// splitCall takes a call apart that gives a parameter several templates, or several words (word.go): what else it gives goes
// with each, and with no template of another call. It gives the parameter, -1 where there is nothing to take apart.
func splitCall(bound []value) int {
	for i, v := range bound {
		if len(v) > 1 && len(v) <= maxSplit && (len(templatesIn(v)) == len(v) || tellsNames(v)) {
			return i
		}
	}
	return -1
}

// render hands the dictionaries and keyword arguments of a call to templates.
func (x *interp) render(list []*atom, args *arguments, n pysyntax.Node) {
	var dicts []*atom
	var own []entry
	for _, v := range args.pos {
		dicts = append(dicts, v...)
	}
	for _, e := range args.entries() {
		if hasMapping(e.value) && (e.name == "context" || e.name == "ctx" || e.name == "data" || e.name == "params") {
			dicts = append(dicts, e.value...)
		} else {
			own = append(own, e)
		}
	}
	entries, rest := parts(dicts)
	entries = append(entries, own...)
	rest = join(rest, args.starStar)
	if slices.Contains(list, dropped) {
		x.unseen(entries, rest, n, fmt.Sprintf("more than %d templates meet here, and lazyfix follows no more", maxAtoms), "load there what they read, or name fewer templates in one place")
	} else if len(list) == 0 {
		x.unseen(entries, rest, n, "the name of its template is not known", "load there what the template reads, or name the template in the call")
		return
	}
	for _, a := range list {
		if a == dropped {
			continue
		}
		if a.symbol.Module == nil {
			x.unseen(entries, rest, n, "its template "+a.name+" is not among the files that were read", "name its folder as a path of lazyfix, or load there what it reads")
			continue
		}
		x.callTemplate(a.symbol, template.Render, entries, rest, n)
	}
}

// callTemplate runs a function of a template with a context.
func (x *interp) callTemplate(s pymodule.Symbol, function string, entries []entry, rest value, n pysyntax.Node) {
	found := x.a.g.Member(s, function)
	if found.Kind != pymodule.FunctionSymbol {
		return
	}
	args := &arguments{kw: map[string]value{}}
	for _, e := range entries {
		args.kw[e.name] = join(args.kw[e.name], e.value)
	}
	if i := len(found.Function.Params) - 1; hasObject(rest) { // a key that is not known may be any
		for _, p := range found.Function.Params[:i] {
			args.kw[p.Name] = join(args.kw[p.Name], rest)
		}
	}
	x.call(found.Function, nil, args, n)
}

// unseen notes that objects are handed to a template, or to a part of one, that is not seen.
func (x *interp) unseen(entries []entry, rest value, n pysyntax.Node, reason, advice string) {
	values := []value{rest}
	for _, e := range entries {
		values = append(values, e.value)
	}
	for _, v := range values {
		x.unnamed(v, n, "may read it in a template that is not seen", AllBehind)
		x.watchEscape(v, n, "is given to a template that is not seen", false)
	}
	var all []*atom
	for _, v := range values {
		all = append(all, flatten(v)...)
	}
	classes := x.relatedClasses(all)
	if i := slices.IndexFunc(all, func(a *atom) bool { return a.kind == object && x.a.ix.Class(a.class) != nil }); len(classes) == 0 && i >= 0 {
		classes = append(classes, all[i].class)
	}
	for _, c := range classes {
		x.out.blind = append(x.out.blind, &blind{x.m, n, reason, advice, c})
	}
}

// templateCall is a call in a template of one of the functions that stand for what Python has no word for.
func (x *interp) templateCall(n pysyntax.Node, name string) (value, bool) {
	if !x.m.Template || !strings.HasPrefix(name, "__") {
		return nil, false
	}
	args := x.evalArguments(n)
	text := func(i int) string { return pymodule.StringValue(x.t, args.node(i, "")) }
	switch name {
	case template.Include:
		if m := x.a.g.ModuleAt(text(0)); m != nil {
			x.callTemplate(pymodule.Symbol{Kind: pymodule.ModuleSymbol, Module: m, Key: m.Key}, text(1), args.entries(), args.starStar, n)
		}
		return nil, true
	case template.IncludeNamed:
		list := templatesOrLost(args.get(0, ""))
		if name := text(0); len(list) == 0 && name != "" { // a name that does not end as those of templates do
			list = []*atom{x.a.t.template(name, nil)}
		}
		if len(list) > 0 {
			x.render(list, &arguments{kw: args.kw, starStar: args.starStar}, n)
		} else {
			x.unseen(args.entries(), args.starStar, n, "the name of the template that is included is not known", "load what it reads where the objects are queried")
		}
		return nil, true
	case template.Import:
		if m := x.a.g.ModuleAt(text(0)); m != nil {
			return one(x.a.t.moduleRef(pymodule.Symbol{Kind: pymodule.ModuleSymbol, Module: m, Key: m.Key})), true
		}
		return nil, true
	case template.ImportNamed:
		var out value
		for _, a := range templatesIn(args.get(0, "")) {
			if a.symbol.Module != nil {
				out = join(out, one(x.a.t.moduleRef(a.symbol)))
			}
		}
		return out, true
	case template.Item:
		return join(x.member(args.get(0, ""), text(1), n), x.iterated(args.get(0, ""))), true
	case template.CallByName:
		x.callByName(args, n)
		return nil, true
	case template.Filter:
		return x.filter(text(0), args.get(1, ""), args, n), true
	case template.Test:
		x.test(text(0), args.get(1, ""), args, 2, n)
		return nil, true
	case template.Unread:
		for i, v := range x.u.params {
			if i < len(x.u.key.fn.Params) && hasObject(v) {
				x.unseen(nil, v, n, "what its template does with it here could not be read: "+short(text(0)), "load what it reads where the objects are queried")
				break
			}
		}
		return nil, true
	}
	return nil, true // an operator: its operands are read
}

// iterated are the elements of lists in v.
func (x *interp) iterated(v value) value {
	var out value
	for _, a := range v {
		if a.kind == collection || a.kind == tuple {
			out = join(out, x.elements(one(a)))
		}
	}
	return out
}

// callByName calls a macro that nothing calls by its name, as a name that only running code knows may: with what the
// context has under the names of its parameters, or an element of the list that is named for several of them.
func (x *interp) callByName(args *arguments, n pysyntax.Node) {
	for _, m := range args.get(0, "") {
		if m.kind != funcRef {
			continue
		}
		given := &arguments{kw: map[string]value{}, more: true}
		for _, p := range m.fn.Params {
			if p.Kind == pymodule.Star || p.Kind == pymodule.StarStar {
				continue
			}
			v := args.kw[p.Name]
			for _, many := range []string{p.Name + "s", p.Name + "es", strings.TrimSuffix(p.Name, "y") + "ies", p.Name + "_list"} {
				v = join(v, x.iterated(args.kw[many]))
			}
			if len(v) > 0 {
				given.kw[p.Name] = v
			}
		}
		x.callValue(one(m), given, n)
	}
}
